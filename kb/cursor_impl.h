// A statement under way: what a Cursor reads from. Private to kb/.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "kb/activities.h"
#include "kb/cursor.h"
#include "kb/memory_guard.h"
#include "kb/session.h"
#include "kb/session_host.h"
#include "query/engine.h"

namespace kb {

/// Owns everything that the stream borrows.
struct Running {
  Activities::Entry activity;
  std::optional<SessionHost> host;
  std::shared_ptr<const query::Prepared> prepared;
  Parameters parameters;
  storage::View view;
  MemoryGuard* guard = nullptr;                 ///< Null where memory is not limited.
  Cancellation* cancellation = nullptr;         ///< The statement's.
  std::unique_ptr<query::ResultStream> stream;  ///< Null once the rows are all here, or at the end.
  std::vector<std::vector<schema::Value>> rows;
  std::size_t next_row = 0;
  bool moved = false;  ///< Next has been called.
  bool ended = false;  ///< The session went on before the rows were read: `status` says so.
  Result<void> status;
  Summary summary;

  /// Takes the next rows from the stream; false when there are none left.
  bool Fetch();
  /// All rows of the stream, at once (writing statements).
  Result<void> Drain();
  /// Ends the stream and completes the summary.
  void Finish();
};

struct Cursor::Impl {
  std::shared_ptr<Running> run;
};

/// EXPLAIN's or PROFILE's tree as users see it.
PlanNode ToPlanNode(const query::PlanText& text, bool profiled);

}  // namespace kb
