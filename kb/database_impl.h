// What stands behind Database, shared with its sessions. Private to kb/.
#pragma once

#include <memory>
#include <mutex>

#include "kb/database.h"
#include "kb/memory_guard.h"
#include "query/engine.h"
#include "storage/store.h"

namespace kb {

/// Store and engine change together, when a case in memory is emptied.
struct OpenCase {
  explicit OpenCase(const Options& options) : engine({options.disabled_passes}) {}

  std::unique_ptr<storage::Store> store;
  query::Engine engine;
};

struct Database::Impl {
  Options options;
  std::unique_ptr<MemoryGuard> memory_guard;  ///< Null where memory is not limited.
  bool in_memory = false;
  std::mutex mutex;  ///< Guards the pointer `current`.
  std::shared_ptr<OpenCase> current;

  std::shared_ptr<OpenCase> Current() {
    const std::lock_guard lock(mutex);
    return current;
  }
};

struct Session::Impl {
  Database::Impl* database = nullptr;
  std::shared_ptr<OpenCase> open_case;
  std::unique_ptr<storage::Transaction> transaction;
  bool read_only_transaction = false;
  storage::View read_view;  ///< Of a read-only transaction.
  Cancellation cancellation;
  std::vector<std::shared_ptr<const query::bind::Procedure>> procedures;
  std::weak_ptr<struct Running> running;

  storage::View View() const;
  Result<Cursor> RunQuery(std::shared_ptr<const query::Prepared> prepared,
                          const Parameters& parameters);
  Result<void> RunWriting(Running& run);
  Result<void> Write(Running& run, storage::Transaction& writer);
  void EndRunning();
  void StartClock();
};

}  // namespace kb
