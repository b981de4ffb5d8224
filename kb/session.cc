#include "kb/session.h"

#include <algorithm>
#include <chrono>

#include "kb/cursor_impl.h"
#include "kb/database_impl.h"
#include "kb/session_host.h"
#include "kb/table_procedure.h"
#include "query/notices.h"

namespace kb {
namespace {

using query::StatementKind;

Counters Difference(const storage::Counters& after, const storage::Counters& before) {
  Counters c;
  c.nodes_created = after.nodes_created - before.nodes_created;
  c.nodes_deleted = after.nodes_deleted - before.nodes_deleted;
  c.relationships_created = after.relationships_created - before.relationships_created;
  c.relationships_deleted = after.relationships_deleted - before.relationships_deleted;
  c.properties_set = after.properties_set - before.properties_set;
  c.labels_added = after.labels_added - before.labels_added;
  c.labels_removed = after.labels_removed - before.labels_removed;
  c.indexes_added = after.indexes_added - before.indexes_added;
  c.indexes_removed = after.indexes_removed - before.indexes_removed;
  c.constraints_added = after.constraints_added - before.constraints_added;
  c.constraints_removed = after.constraints_removed - before.constraints_removed;
  return c;
}

/// What committed transactions and the last one did, which began with `before`.
Counters Sum(const storage::Counters& committed, const storage::Counters& last,
             const storage::Counters& before) {
  Counters sum = Difference(last, before);
  const Counters more = Difference(committed, {});
  sum.nodes_created += more.nodes_created;
  sum.nodes_deleted += more.nodes_deleted;
  sum.relationships_created += more.relationships_created;
  sum.relationships_deleted += more.relationships_deleted;
  sum.properties_set += more.properties_set;
  sum.labels_added += more.labels_added;
  sum.labels_removed += more.labels_removed;
  sum.indexes_added += more.indexes_added;
  sum.indexes_removed += more.indexes_removed;
  return sum;
}

Error NoTransaction(std::string_view what) {
  return ConflictError("there is no transaction to {}", what).Hint("start one with BEGIN");
}

}  // namespace

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() {
  if (impl_) impl_->EndRunning();
}

storage::View Session::Impl::View() const {
  if (transaction) return transaction->view();
  if (read_only_transaction) return read_view;
  return open_case->store->Present();
}

void Session::Impl::EndRunning() {
  if (const auto run = running.lock(); run && run->stream) {
    run->stream.reset();
    run->view = {};
    run->activity = {};
    run->ended = true;
    run->status = ConflictError("the rows were not all read before the session went on")
                      .Hint("read a cursor to its end, or use a session for each");
  }
  running.reset();
}

SessionHost& Session::Impl::LendTo(Running& run, std::unique_ptr<storage::Transaction>* own) {
  return run.host.emplace(database->options, database->activities, *open_case->store, cancellation,
                          own);
}

/// A new start for interrupts and the time limit.
void Session::Impl::StartClock() {
  cancellation.Reset();
  if (const auto timeout = database->options.timeout) {
    cancellation.SetDeadline(Cancellation::Clock::now() + *timeout);
  }
}

Result<Cursor> Session::Run(std::string_view text, const Parameters& parameters) {
  impl_->EndRunning();
  impl_->StartClock();
  const auto find = [this](std::string_view name) {
    return FindTableProcedure(impl_->procedures, name);
  };
  KB_ASSIGN(auto prepared, impl_->open_case->engine.Prepare(
                               text, impl_->View(),
                               impl_->procedures.empty() ? query::Engine::FindProcedure() : find));
  switch (prepared->kind) {
    case StatementKind::kBegin:
      KB_TRY(Begin(false));
      break;
    case StatementKind::kBeginReadOnly:
      KB_TRY(Begin(true));
      break;
    case StatementKind::kCommit:
      KB_TRY(Commit());
      break;
    case StatementKind::kRollback:
      KB_TRY(Rollback());
      break;
    case StatementKind::kRead:
    case StatementKind::kWrite:
    case StatementKind::kSchema:
      break;
  }
  return impl_->RunQuery(std::move(prepared), text, parameters);
}

Result<Cursor> Session::Impl::RunQuery(std::shared_ptr<const query::Prepared> prepared,
                                       std::string_view text, const Parameters& parameters) {
  auto run = std::make_shared<Running>();
  run->prepared = std::move(prepared);
  run->parameters = parameters;
  run->guard = database->memory_guard.get();
  run->cancellation = &cancellation;
  run->summary.timing.parse_us = run->prepared->parse_us;
  run->summary.timing.plan_us = run->prepared->plan_us;
  if (const auto& statement = run->prepared->statement;
      statement && !statement->unknown_names.empty()) {
    run->summary.notices = query::FindNotices(*statement, View());
  }
  const StatementKind kind = run->prepared->kind;
  const bool runs = kind == StatementKind::kRead || kind == StatementKind::kWrite ||
                    kind == StatementKind::kSchema;
  if (run->prepared->explain == query::ast::ExplainMode::kExplain) {
    run->summary.plan = ToPlanNode(query::Engine::Explain(*run->prepared), false);
  } else if (kind == StatementKind::kRead) {
    run->view = View();
    if (!activity) run->activity = database->activities.Add(text, false, true);
    activity.SetStatement(text);
    query::RunContext context{run->view, nullptr, &run->parameters, &cancellation,
                              &LendTo(*run, nullptr)};
    KB_ASSIGN(run->stream, open_case->engine.Start(run->prepared, std::move(context)));
    running = run;
  } else if (runs) {
    Activities::Entry here;
    if (!activity) here = database->activities.Add(text, false, false);
    activity.SetStatement(text);
    KB_TRY(RunWriting(*run));
    activity.SetStatement({});
  }
  auto impl = std::make_unique<Cursor::Impl>();
  impl->run = std::move(run);
  return Cursor(std::move(impl));
}

/// Carries out a writing statement in the open transaction, or in one of its own.
Result<void> Session::Impl::RunWriting(Running& run) {
  if (read_only_transaction) {
    return Error(ErrorCode::kReadOnly, "the transaction is read-only, the statement writes")
        .Hint("end it with COMMIT or ROLLBACK first");
  }
  const auto& statement = run.prepared->statement;
  if (transaction) {
    if (statement && statement->in_transactions) {
      return ConflictError("CALL {{ }} IN TRANSACTIONS cannot run inside a transaction")
          .Hint("end the open transaction with COMMIT or ROLLBACK first");
    }
    const storage::Savepoint before = transaction->Save();
    Result<void> outcome = Write(run, *transaction, nullptr);
    if (!outcome.ok()) transaction->RollbackTo(before);
    return outcome;
  }
  KB_ASSIGN(auto own, open_case->store->Begin(&cancellation));
  KB_TRY(Write(run, *own, &own));
  const auto start = std::chrono::steady_clock::now();
  KB_TRY(own->Commit());
  run.summary.timing.execute_us +=
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                     std::chrono::steady_clock::now() - start)
                                     .count());
  return {};
}

Result<void> Session::Impl::Write(Running& run, storage::Transaction& writer,
                                  std::unique_ptr<storage::Transaction>* own) {
  const storage::Counters before = writer.counters();
  if (run.prepared->kind == StatementKind::kSchema) {
    KB_TRY(open_case->engine.RunSchema(*run.prepared, writer));
    run.summary.counters = Difference(writer.counters(), before);
    return {};
  }
  SessionHost& lender = LendTo(run, own);
  query::RunContext context{writer.view(), &writer, &run.parameters, &cancellation, &lender};
  KB_ASSIGN(run.stream, open_case->engine.Start(run.prepared, std::move(context)));
  KB_TRY(run.Drain());
  // Transactions may have been committed on the way: then `writer` is gone.
  const storage::Counters& last = own != nullptr ? (*own)->counters() : writer.counters();
  run.summary.counters = Sum(lender.committed(), last, before);
  return {};
}

Result<void> Session::Begin(bool read_only) {
  impl_->EndRunning();
  impl_->StartClock();
  if (in_transaction()) {
    return ConflictError("a transaction is open already").Hint("end it with COMMIT or ROLLBACK");
  }
  if (read_only) {
    impl_->read_view = impl_->open_case->store->Present();
    impl_->read_only_transaction = true;
    impl_->activity = impl_->database->activities.Add({}, true, true);
    return {};
  }
  KB_ASSIGN(impl_->transaction, impl_->open_case->store->Begin(&impl_->cancellation));
  impl_->activity = impl_->database->activities.Add({}, true, false);
  return {};
}

Result<void> Session::Commit() {
  impl_->EndRunning();
  if (!in_transaction()) return NoTransaction("commit");
  impl_->read_only_transaction = false;
  impl_->read_view = {};
  impl_->activity = {};
  if (const auto transaction = std::move(impl_->transaction)) return transaction->Commit();
  return {};
}

Result<void> Session::Rollback() {
  impl_->EndRunning();
  if (!in_transaction()) return NoTransaction("roll back");
  impl_->read_only_transaction = false;
  impl_->read_view = {};
  impl_->activity = {};
  if (const auto transaction = std::move(impl_->transaction)) transaction->Rollback();
  return {};
}

bool Session::in_transaction() const {
  return impl_->transaction != nullptr || impl_->read_only_transaction;
}

void Session::Interrupt() { impl_->cancellation.Request(); }

Result<void> Session::RegisterProcedure(TableProcedure procedure) {
  KB_ASSIGN(auto made, MakeTableProcedure(std::move(procedure)));
  std::erase_if(impl_->procedures, [&](const auto& known) { return known->name == made->name; });
  impl_->procedures.push_back(std::move(made));
  return {};
}

void Session::DropProcedures() { impl_->procedures.clear(); }

Result<void> Session::Reset() {
  if (!impl_->database->in_memory) {
    return Error(ErrorCode::kReadOnly, "only a case in memory can be emptied with :reset")
        .Hint("MATCH (n) DETACH DELETE n empties a case on disk");
  }
  impl_->EndRunning();
  if (in_transaction()) KB_TRY(Rollback());
  DropProcedures();
  auto fresh = std::make_shared<OpenCase>(impl_->database->options);
  fresh->store = storage::Store::InMemory();
  {
    const std::lock_guard lock(impl_->database->mutex);
    impl_->database->current = fresh;
  }
  impl_->open_case = std::move(fresh);
  return {};
}

}  // namespace kb
