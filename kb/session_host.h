// SessionHost: what a session lends to the statement that it runs (query/host.h). Private to kb/.
#pragma once

#include <memory>
#include <string>

#include "kb/activities.h"
#include "kb/options.h"
#include "query/host.h"
#include "schema/base/cancel.h"
#include "storage/store.h"

namespace kb {

/// One statement, one thread. Borrows what it lends.
class SessionHost final : public query::Host {
 public:
  /// `own`: the transaction that the session made for this statement alone, or null where the
  /// statement is part of a transaction of the user's or only reads.
  SessionHost(const Options& options, kb::Activities& activities, storage::Store& store,
              const Cancellation& cancellation, std::unique_ptr<storage::Transaction>* own)
      : options_(options),
        activities_(activities),
        store_(store),
        cancellation_(cancellation),
        own_(own) {}

  Result<std::unique_ptr<query::RecordSource>> OpenCsv(std::string_view name,
                                                       char delimiter) override;
  std::vector<query::Activity> Activities() const override { return activities_.List(); }
  Result<void> CommitAndBegin(storage::Transaction** next) override;

  /// What the transactions did that have been committed on the way.
  const storage::Counters& committed() const { return committed_; }

 private:
  const Options& options_;
  kb::Activities& activities_;
  storage::Store& store_;
  const Cancellation& cancellation_;
  std::unique_ptr<storage::Transaction>* own_;
  storage::Counters committed_;
};

}  // namespace kb
