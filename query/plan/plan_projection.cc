// WITH and RETURN: projection, aggregation, DISTINCT, ORDER BY, SKIP, LIMIT, WHERE, in that order.
#include "query/plan/plan_query.h"

namespace kb::query::plan {

void AggregateSplitter::AddKey(const bind::ProjectionItem& item) {
  aggregate_.keys.emplace_back(item.slot, item.expression);
  Remember(*item.expression, item.slot, item.name);
}

void AggregateSplitter::Remember(const bind::Expression& expression, Slot slot,
                                 const std::string& name) {
  known_.emplace(Fingerprint(expression), MakeSlot(slot, name, expression.kinds));
}

ExpressionPtr AggregateSplitter::Rewrite(const ExpressionPtr& expression) {
  if (std::holds_alternative<bind::Constant>(expression->node)) return expression;
  if (const auto found = known_.find(Fingerprint(*expression)); found != known_.end()) {
    return found->second;
  }
  if (const auto* call = std::get_if<bind::Aggregate>(&expression->node)) {
    const Slot slot = NewSlot(plan_, Fingerprint(*expression));
    plan_->slot_names.back() = plan_->slot_names.back().substr(0, 40);
    aggregate_.aggregates.push_back({slot, *call});
    Remember(*expression, slot, {});
    return MakeSlot(slot, {}, expression->kinds);
  }
  return RewriteChildren(expression, [this](const ExpressionPtr& child) { return Rewrite(child); });
}

OperatorPtr QueryPlanner::PlanProjection(const bind::Projection& projection, OperatorPtr input) {
  AggregateSplitter splitter(plan_);
  Project project;
  std::vector<Sort::Key> sort_keys;
  std::vector<Slot> slots;

  const auto is_aggregating = [&](const bind::ProjectionItem& item) {
    return projection.aggregates && ContainsAggregate(*item.expression);
  };
  if (projection.aggregates) {
    for (const auto& item : projection.items) {
      if (!is_aggregating(item)) splitter.AddKey(item);
    }
  }
  for (const auto& item : projection.items) {
    slots.push_back(item.slot);
    if (is_aggregating(item)) {
      project.items.emplace_back(item.slot, splitter.Rewrite(item.expression));
      splitter.Remember(*item.expression, item.slot, item.name);
    } else if (!projection.aggregates) {
      const auto* same = std::get_if<bind::SlotRef>(&item.expression->node);
      if (same == nullptr || same->slot != item.slot) {
        project.items.emplace_back(item.slot, item.expression);
      }
      if (projection.distinct) splitter.Remember(*item.expression, item.slot, item.name);
    }
  }
  // After aggregation or DISTINCT only the new slots are left to sort by.
  const bool only_new = projection.aggregates || projection.distinct;
  for (const auto& item : projection.order_by) {
    sort_keys.push_back(
        {only_new ? splitter.Rewrite(item.expression) : item.expression, item.descending});
  }

  if (projection.aggregates) input = MakeOperator(splitter.Take(), std::move(input));
  if (!project.items.empty()) input = MakeOperator(std::move(project), std::move(input));
  if (projection.distinct) input = MakeOperator(Distinct{slots}, std::move(input));
  if (!sort_keys.empty()) {
    input = MakeOperator(Sort{std::move(sort_keys), nullptr}, std::move(input));
  }
  if (projection.skip) input = MakeOperator(Skip{projection.skip}, std::move(input));
  if (projection.limit) input = MakeOperator(Limit{projection.limit}, std::move(input));
  if (projection.where) input = MakeOperator(Filter{projection.where}, std::move(input));
  return input;
}

}  // namespace kb::query::plan
