// The planner's own parts: one class that turns bound queries into operators, clause by clause.
#pragma once

#include <string>
#include <unordered_map>

#include "query/plan/plan.h"
#include "query/plan/walk.h"

namespace kb::query::plan {

/// One operator over none, one or two inputs.
OperatorPtr MakeOperator(decltype(Operator::node) node, OperatorPtr input = nullptr);
OperatorPtr MakeOperator(decltype(Operator::node) node, OperatorPtr left, OperatorPtr right);

/// A slot beyond those of the statement.
Slot NewSlot(Plan* plan, std::string name = {});

/// One statement's planning. Every subquery expression met on the way is planned into
/// Plan::subqueries.
class QueryPlanner {
 public:
  explicit QueryPlanner(Plan* plan) : plan_(plan) {}

  /// The whole query under a Result.
  OperatorPtr PlanRoot(const bind::Query& query);
  /// The query over `leaf`, without Result; its columns are in bind::Query::columns.
  OperatorPtr PlanQuery(const bind::Query& query, OperatorPtr leaf);

 private:
  OperatorPtr PlanSingle(const bind::SingleQuery& single, OperatorPtr input);
  OperatorPtr PlanClause(const bind::Clause& clause, OperatorPtr input);
  OperatorPtr PlanMatch(const bind::Match& match, OperatorPtr input);
  OperatorPtr PlanProjection(const bind::Projection& projection, OperatorPtr input);
  OperatorPtr PlanMerge(const bind::Merge& merge, OperatorPtr input);
  OperatorPtr PlanForeach(const bind::Foreach& clause, OperatorPtr input);
  OperatorPtr PlanCallProcedure(const bind::CallProcedure& call, OperatorPtr input);
  OperatorPtr PlanCallSubquery(const bind::CallSubquery& call, OperatorPtr input);
  /// Plans the subqueries inside an expression (null is fine).
  void Register(const ExpressionPtr& expression);

  Plan* plan_;
};

/// Takes a projection's aggregates apart: grouping keys and aggregates under it, expressions over
/// their slots above it.
class AggregateSplitter {
 public:
  explicit AggregateSplitter(Plan* plan) : plan_(plan) {}

  /// Items without an aggregate become keys; call it for all before the first Rewrite.
  void AddKey(const bind::ProjectionItem& item);
  /// The expression over the slots that the Aggregate gives: keys and items by their slots, each
  /// aggregate by a slot of its own (equal ones share one).
  ExpressionPtr Rewrite(const ExpressionPtr& expression);
  /// Says that `expression` is to be found in `slot` from now on.
  void Remember(const bind::Expression& expression, Slot slot, const std::string& name);

  Aggregate Take() { return std::move(aggregate_); }

 private:
  Plan* plan_;
  Aggregate aggregate_;
  std::unordered_map<std::string, ExpressionPtr> known_;  ///< Fingerprint to slot reference.
};

}  // namespace kb::query::plan
