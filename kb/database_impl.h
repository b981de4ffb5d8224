// What stands behind Database, shared with its sessions. Private to kb/.
#pragma once

#include <memory>
#include <mutex>

#include "kb/activities.h"
#include "kb/database.h"
#include "kb/memory_guard.h"
#include "query/engine.h"
#include "storage/store.h"

namespace kb {

class SessionHost;
inline query::EngineOptions EngineOptionsOf(const Options& options) {
  query::EngineOptions engine;
  engine.disabled_passes = options.disabled_passes;
  engine.threads = options.threads;
  return engine;
}

/// Store and engine change together, when a case in memory is emptied.
struct OpenCase {
  explicit OpenCase(const Options& options) : engine(EngineOptionsOf(options)) {}

  std::unique_ptr<storage::Store> store;
  query::Engine engine;
};

struct Database::Impl {
  Options options;
  std::unique_ptr<MemoryGuard> memory_guard;  ///< Null where memory is not limited.
  bool in_memory = false;
  Activities activities;
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
  storage::View read_view;     ///< Of a read-only transaction.
  Activities::Entry activity;  ///< Of the open transaction.
  Cancellation cancellation;
  std::vector<std::shared_ptr<const query::bind::Procedure>> procedures;
  std::weak_ptr<struct Running> running;

  storage::View View() const;
  Result<Cursor> RunQuery(std::shared_ptr<const query::Prepared> prepared, std::string_view text,
                          const Parameters& parameters);
  Result<void> RunWriting(Running& run);
  /// `own`: the statement's own transaction, if it has one.
  Result<void> Write(Running& run, storage::Transaction& writer,
                     std::unique_ptr<storage::Transaction>* own);
  /// What a statement may ask of the session. Lives as long as `run`.
  SessionHost& LendTo(Running& run, std::unique_ptr<storage::Transaction>* own);
  void EndRunning();
  void StartClock();
};

}  // namespace kb
