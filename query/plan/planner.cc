#include "query/plan/planner.h"

#include "query/plan/plan_query.h"

namespace kb::query::plan {

::kb::Result<Plan> MakePlan(std::shared_ptr<const bind::Statement> statement) {
  const auto* query = std::get_if<std::shared_ptr<const bind::Query>>(&statement->node);
  if (query == nullptr) return InternalError("a schema statement has no plan");
  Plan plan;
  plan.slot_count = statement->slot_count;
  plan.slot_names = statement->slot_names;
  plan.slot_names.resize(static_cast<std::size_t>(plan.slot_count));
  plan.writes = statement->writes;
  QueryPlanner planner(&plan);
  plan.root = planner.PlanRoot(**query);
  plan.statement = std::move(statement);
  return plan;
}

OperatorPtr MakeOperator(decltype(Operator::node) node, OperatorPtr input) {
  auto op = std::make_unique<Operator>();
  op->node = std::move(node);
  if (input) op->inputs.push_back(std::move(input));
  return op;
}

OperatorPtr MakeOperator(decltype(Operator::node) node, OperatorPtr left, OperatorPtr right) {
  OperatorPtr op = MakeOperator(std::move(node), std::move(left));
  op->inputs.push_back(std::move(right));
  return op;
}

Slot NewSlot(Plan* plan, std::string name) {
  plan->slot_names.push_back(std::move(name));
  return plan->slot_count++;
}

}  // namespace kb::query::plan
