#include "query/plan/plan_query.h"

#include <algorithm>
#include <utility>

namespace kb::query::plan {
namespace {

/// Slots that a pattern binds and its input does not.
std::vector<Slot> NewSlots(const bind::Pattern& pattern) {
  std::vector<Slot> slots;
  for (const auto& node : pattern.nodes) {
    if (!node.bound) slots.push_back(node.slot);
  }
  for (const auto& relationship : pattern.relationships) {
    if (!relationship.bound) slots.push_back(relationship.slot);
    bind::ForEachGroupSlot(relationship, [&](Slot slot) { slots.push_back(slot); });
  }
  for (const auto& path : pattern.paths) {
    if (path.slot != kNoSlot) slots.push_back(path.slot);
    for (const auto& named : path.named) slots.push_back(named.slot);
  }
  return slots;
}

std::vector<Slot> SlotsOfColumns(const std::vector<bind::Column>& columns) {
  std::vector<Slot> slots;
  for (const auto& column : columns) slots.push_back(column.slot);
  return slots;
}

ExpressionPtr Equals(ExpressionPtr left, ExpressionPtr right) {
  const Span span = right->span;
  return MakeExpression(
      bind::Comparison{ast::ComparisonOperator::kEqual, std::move(left), std::move(right)}, span,
      functions::Set(schema::Kind::kBoolean));
}

/// `(n {key: value})` means `n.key = value`; `(n $map)` the same for every key of the map.
template <typename Element>
void PropertiesToPredicates(Element* element, schema::Kind kind, Plan* plan,
                            std::vector<ExpressionPtr>* predicates) {
  const ExpressionPtr subject = MakeSlot(element->slot, element->name, functions::Set(kind));
  for (const auto& [key, value] : element->properties) {
    predicates->push_back(Equals(MakeExpression(bind::Property{subject, key}, value->span), value));
  }
  if (element->properties_map) {
    const ExpressionPtr map = element->properties_map;
    const Slot key = NewSlot(plan);
    ExpressionPtr keys = MakeExpression(bind::Call{functions::Find("keys"), {map}}, map->span);
    ExpressionPtr same = Equals(MakeExpression(bind::Subscript{subject, MakeSlot(key)}, map->span),
                                MakeExpression(bind::Subscript{map, MakeSlot(key)}, map->span));
    predicates->push_back(MakeExpression(
        bind::Quantifier{ast::QuantifierKind::kAll, key, std::move(keys), std::move(same)},
        map->span, functions::Set(schema::Kind::kBoolean)));
  }
  element->properties.clear();
  element->properties_map = nullptr;
}

MatchPattern ToMatchPattern(const bind::Pattern& pattern, Plan* plan) {
  MatchPattern match{pattern, {}, {}, {}};
  for (auto& node : match.pattern.nodes) {
    PropertiesToPredicates(&node, schema::Kind::kNode, plan, &match.predicates);
  }
  for (auto& relationship : match.pattern.relationships) {
    if (relationship.variable_length) continue;  // tested step by step
    PropertiesToPredicates(&relationship, schema::Kind::kRelationship, plan, &match.predicates);
  }
  return match;
}

}  // namespace

OperatorPtr QueryPlanner::PlanRoot(const bind::Query& query) {
  OperatorPtr root = PlanQuery(query, MakeOperator(Argument{}));
  return MakeOperator(Result{query.columns}, std::move(root));
}

OperatorPtr QueryPlanner::PlanQuery(const bind::Query& query, OperatorPtr leaf) {
  ForEachExpression(query, [this](const ExpressionPtr& e) { Register(e); });
  OperatorPtr combined = PlanSingle(query.parts[0], std::move(leaf));
  std::vector<Slot> left = SlotsOfColumns(query.parts[0].columns);
  for (std::size_t i = 1; i < query.parts.size(); ++i) {
    OperatorPtr right = PlanSingle(query.parts[i], MakeOperator(Argument{}));
    Union both{SlotsOfColumns(query.columns), left, SlotsOfColumns(query.parts[i].columns)};
    left = both.slots;
    combined = MakeOperator(std::move(both), std::move(combined), std::move(right));
    if (!query.union_all[i - 1]) combined = MakeOperator(Distinct{left}, std::move(combined));
  }
  return combined;
}

OperatorPtr QueryPlanner::PlanSingle(const bind::SingleQuery& single, OperatorPtr input) {
  for (const auto& clause : single.clauses) input = PlanClause(clause, std::move(input));
  return input;
}

OperatorPtr QueryPlanner::PlanClause(const bind::Clause& clause, OperatorPtr input) {
  struct Visitor {
    QueryPlanner& planner;
    OperatorPtr& input;

    OperatorPtr operator()(const bind::Match& c) { return planner.PlanMatch(c, std::move(input)); }
    OperatorPtr operator()(const bind::Unwind& c) {
      return MakeOperator(Unwind{c.list, c.slot, std::nullopt}, std::move(input));
    }
    OperatorPtr operator()(const bind::Projection& c) {
      return planner.PlanProjection(c, std::move(input));
    }
    OperatorPtr operator()(const bind::Create& c) {
      return MakeOperator(Create{c.pattern, c.pattern.paths, c.evidence}, std::move(input));
    }
    OperatorPtr operator()(const bind::Set& c) {
      return MakeOperator(SetItems{c.items, c.evidence}, std::move(input));
    }
    OperatorPtr operator()(const bind::Delete& c) {
      return MakeOperator(Delete{c}, std::move(input));
    }
    OperatorPtr operator()(const bind::Merge& c) { return planner.PlanMerge(c, std::move(input)); }
    OperatorPtr operator()(const bind::Amend& c) {
      return MakeOperator(Amend{c}, std::move(input));
    }
    OperatorPtr operator()(const bind::Foreach& c) {
      return planner.PlanForeach(c, std::move(input));
    }
    OperatorPtr operator()(const bind::CallProcedure& c) {
      return planner.PlanCallProcedure(c, std::move(input));
    }
    OperatorPtr operator()(const bind::CallSubquery& c) {
      return planner.PlanCallSubquery(c, std::move(input));
    }
    OperatorPtr operator()(const bind::LoadCsv& c) {
      return MakeOperator(Unwind{nullptr, c.slot, c}, std::move(input));
    }
  };
  return std::visit(Visitor{*this, input}, clause.node);
}

OperatorPtr QueryPlanner::PlanMatch(const bind::Match& match, OperatorPtr input) {
  MatchPattern pattern = ToMatchPattern(match.pattern, plan_);
  SplitConjuncts(match.where, &pattern.predicates);
  // What is left to chance is asked of every match, as in WHERE rand() < 0.1, so it stays above.
  const auto left = std::stable_partition(
      pattern.predicates.begin(), pattern.predicates.end(),
      [](const ExpressionPtr& predicate) { return IsDeterministic(*predicate); });
  const std::vector<ExpressionPtr> chances(left, pattern.predicates.end());
  pattern.predicates.erase(left, pattern.predicates.end());
  const auto filtered = [&](OperatorPtr matches) {
    return chances.empty() ? std::move(matches)
                           : MakeOperator(Filter{Conjoin(chances)}, std::move(matches));
  };
  if (!match.optional) return filtered(MakeOperator(std::move(pattern), std::move(input)));
  std::vector<Slot> nulls = NewSlots(match.pattern);
  OperatorPtr right = filtered(MakeOperator(std::move(pattern), MakeOperator(Argument{})));
  return MakeOperator(Apply{ApplyKind::kOptional, std::move(nulls)}, std::move(input),
                      std::move(right));
}

OperatorPtr QueryPlanner::PlanMerge(const bind::Merge& merge, OperatorPtr input) {
  OperatorPtr right = MakeOperator(ToMatchPattern(merge.pattern, plan_), MakeOperator(Argument{}));
  return MakeOperator(Merge{merge}, std::move(input), std::move(right));
}

OperatorPtr QueryPlanner::PlanForeach(const bind::Foreach& clause, OperatorPtr input) {
  OperatorPtr body = MakeOperator(Argument{});
  for (const auto& inner : clause.body) body = PlanClause(inner, std::move(body));
  return MakeOperator(Foreach{clause.variable, clause.list}, std::move(input), std::move(body));
}

OperatorPtr QueryPlanner::PlanCallProcedure(const bind::CallProcedure& call, OperatorPtr input) {
  OperatorPtr around;
  if (call.optional) around = std::exchange(input, MakeOperator(Argument{}));
  OperatorPtr op = MakeOperator(CallProcedure{call}, std::move(input));
  if (call.where) op = MakeOperator(Filter{call.where}, std::move(op));
  if (!around) return op;
  Apply apply;
  apply.kind = ApplyKind::kOptional;
  for (const auto& yield : call.yields) apply.nulls.push_back(yield.second);
  return MakeOperator(std::move(apply), std::move(around), std::move(op));
}

OperatorPtr QueryPlanner::PlanCallSubquery(const bind::CallSubquery& call, OperatorPtr input) {
  OperatorPtr right = PlanQuery(*call.query, MakeOperator(Argument{}));
  Apply apply;
  apply.kind = !call.returns   ? ApplyKind::kUnit
               : call.optional ? ApplyKind::kOptional
                               : ApplyKind::kInner;
  // A transaction that failed leaves its rows without values.
  if (call.optional || call.transactions) apply.nulls = SlotsOfColumns(call.query->columns);
  apply.transactions = call.transactions;
  apply.view = call.query->view;
  if (apply.view) plan_->has_views = true;
  return MakeOperator(std::move(apply), std::move(input), std::move(right));
}

void QueryPlanner::Register(const ExpressionPtr& expression) {
  if (!expression) return;
  if (const auto* subquery = std::get_if<bind::Subquery>(&expression->node)) {
    for (const auto& known : plan_->subqueries) {
      if (known.query == subquery->query.get()) return;
    }
    const std::size_t index = plan_->subqueries.size();
    plan_->subqueries.push_back({subquery->query.get(), nullptr, false});
    OperatorPtr root = PlanRoot(*subquery->query);  // may add to the list
    plan_->subqueries[index].root = std::move(root);
  }
  ForEachChild(*expression, [this](const ExpressionPtr& child) { Register(child); });
}

}  // namespace kb::query::plan
