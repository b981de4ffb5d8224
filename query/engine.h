// Engine: text to rows. Owns the plan cache; a session calls it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/algo/procedure.h"
#include "query/bind/bound.h"
#include "query/plan/plan.h"
#include "schema/base/cancel.h"
#include "schema/base/result.h"
#include "storage/graph.h"

namespace kb::query {

class Engine;
class Host;  // query/host.h

using schema::Value;
using ParameterList = std::vector<std::pair<std::string, Value>>;

/// A plan as a tree of text, for EXPLAIN and PROFILE.
struct PlanText {
  std::string op, details;
  double estimated_rows = 0;
  std::uint64_t rows = 0, time_us = 0, memory_bytes = 0;  ///< Only after PROFILE.
  std::vector<PlanText> children;
};

/// What a statement is, before it runs.
enum class StatementKind { kRead, kWrite, kSchema, kBegin, kBeginReadOnly, kCommit, kRollback };

/// A statement ready to run, as often as wanted. Immutable; shared by the cache.
struct Prepared {
  StatementKind kind = StatementKind::kRead;
  ast::ExplainMode explain = ast::ExplainMode::kNone;
  std::shared_ptr<const bind::Statement> statement;  ///< Null for transaction control.
  std::shared_ptr<const plan::Plan> plan;            ///< Null for schema and transaction control.
  std::vector<std::string> columns;
  std::uint64_t parse_us = 0, plan_us = 0;  ///< What preparing cost; 0 when it came from the cache.
};

/// The rows of a running statement, batch by batch, each row described for the user (nodes with
/// their labels and properties).
class ResultStream {
 public:
  virtual ~ResultStream() = default;
  /// Replaces `rows` (row-major, columns().size() values each) by the next ones; false at the end.
  virtual Result<bool> Next(std::vector<std::vector<Value>>* rows) = 0;
  /// The tree with figures, once the rows are through (PROFILE).
  virtual PlanText Profile() const = 0;
};

/// What a run needs. Lives as long as the stream.
struct RunContext {
  storage::View view;                           ///< What is read.
  storage::Transaction* transaction = nullptr;  ///< Set for writing statements: then `view` is its.
  const ParameterList* parameters = nullptr;
  const Cancellation* cancellation = nullptr;
  Host* host = nullptr;      ///< May be null: what needs one is refused.
  unsigned threads = 1;      ///< That may work on the statement; set by Engine::Start.
  Engine* engine = nullptr;  ///< For what procedures ask; set by Engine::Start.
  unsigned depth = 0;        ///< In how many statements this one is asked by a procedure.
};

struct EngineOptions {
  std::vector<std::string> disabled_passes;  ///< Of the optimiser, by name: for tests.
  std::size_t plan_cache_entries = 512;
  std::size_t threads = 0;  ///< For one statement; 0: one a core.
};

/// Thread-safe.
class Engine {
 public:
  explicit Engine(EngineOptions options = {});
  ~Engine();

  using FindProcedure = std::function<std::shared_ptr<const bind::Procedure>(std::string_view)>;
  /// Parse, bind, plan, optimise against the view; from the cache where text and catalog are the
  /// same (statements that call a session's own procedures are not cached).
  Result<std::shared_ptr<const Prepared>> Prepare(std::string_view text, const storage::View& view,
                                                  const FindProcedure& session_procedures = {});
  /// Starts a query. Missing parameters are an error here. The stream borrows prepared and context.
  Result<std::unique_ptr<ResultStream>> Start(std::shared_ptr<const Prepared> prepared,
                                              RunContext context);
  /// Carries out CREATE and DROP of indexes and constraints.
  Result<void> RunSchema(const Prepared& prepared, storage::Transaction& transaction);
  static PlanText Explain(const Prepared& prepared);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kb::query
