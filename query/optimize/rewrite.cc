#include "query/optimize/rewrite.h"

#include "query/algo/procedure.h"

namespace kb::query::optimize {
namespace {

using Visit = std::function<void(ExpressionPtr&)>;

/// Calls `visit` on the expressions of operators that can be replaced in place.
struct ExpressionVisitor {
  const Visit& visit;

  void If(ExpressionPtr& expression) const {
    if (expression) visit(expression);
  }
  void Entries(std::vector<std::pair<std::string, ExpressionPtr>>& entries) const {
    for (auto& entry : entries) If(entry.second);
  }
  void Relationship(bind::PatternRelationship& r) const {
    Entries(r.properties);
    If(r.properties_map);
    for (auto& names : r.computed) If(names);
    If(r.step_predicate);
    if (!r.route) return;
    auto route = std::make_shared<bind::Route>(*r.route);
    bind::ForEachRouteCondition(*route, visit);
    for (auto& step : route->steps) Entries(step.relationship.properties);
    If(route->predicate);
    r.route = std::move(route);
  }
  void Pattern(bind::Pattern& pattern) const {
    for (auto& node : pattern.nodes) {
      Entries(node.properties), If(node.properties_map);
      for (auto& names : node.computed) If(names);
    }
    for (auto& r : pattern.relationships) Relationship(r);
  }
  void Evidence(bind::EvidencePtr* evidence) const {
    if (!*evidence) return;
    auto copy = std::make_shared<bind::Evidence>(**evidence);
    If(copy->source), If(copy->grade), If(copy->at), If(copy->by), If(copy->valid);
    *evidence = std::move(copy);
  }
  void Items(std::vector<bind::SetItem>& items) const {
    for (auto& item : items) {
      if (auto* property = std::get_if<bind::SetProperty>(&item)) {
        If(property->target), If(property->dynamic_key), If(property->value);
      } else if (auto* properties = std::get_if<bind::SetProperties>(&item)) {
        If(properties->target), If(properties->value);
      } else if (auto* set = std::get_if<bind::SetLabels>(&item)) {
        for (auto& names : set->computed) If(names);
      } else if (auto* removed = std::get_if<bind::RemoveLabels>(&item)) {
        for (auto& names : removed->computed) If(names);
      }
    }
  }

  void operator()(plan::IndexSeek& op) const { If(op.value); }
  void operator()(plan::IndexRange& op) const { If(op.lower), If(op.upper), If(op.prefix); }
  void operator()(plan::IdSeek& op) const { If(op.value); }
  void operator()(plan::MatchPattern& op) const {
    Pattern(op.pattern);
    for (auto& predicate : op.predicates) If(predicate);
  }
  void operator()(plan::ExpandVariable& op) const {
    Relationship(op.pattern);
    If(op.count), If(op.end_predicate);
    for (auto& test : op.tests) If(test.predicate);
  }
  void operator()(plan::ShortestPath& op) const {
    Relationship(op.pattern);
    If(op.count);
    for (auto& predicate : op.predicates) If(predicate);
  }
  void Group(plan::CountGroup& group) const {
    for (plan::CountNode& node : group.nodes) {
      If(node.predicate);
      for (plan::CountGroup& inner : node.groups) Group(inner);
    }
  }
  void operator()(plan::CountMatches& op) const {
    for (plan::CountGroup& group : op.groups) Group(group);
  }
  void operator()(plan::Filter& op) const { If(op.predicate); }
  void operator()(plan::Project& op) const {
    for (auto& item : op.items) If(item.second);
  }
  void operator()(plan::Unwind& op) const {
    If(op.list);
    if (op.csv) If(op.csv->source), If(op.csv->terminator);
  }
  void operator()(plan::Aggregate& op) const {
    for (auto& key : op.keys) If(key.second);
    for (auto& item : op.aggregates) {
      for (auto& argument : item.call.arguments) If(argument);
    }
  }
  void operator()(plan::Sort& op) const {
    for (auto& key : op.keys) If(key.expression);
    If(op.limit);
  }
  void operator()(plan::Skip& op) const { If(op.count); }
  void operator()(plan::Limit& op) const { If(op.count); }
  void operator()(plan::HashJoin& op) const {
    for (auto& key : op.keys) If(key.first), If(key.second);
  }
  void operator()(plan::Create& op) const {
    Pattern(op.pattern);
    Evidence(&op.evidence);
  }
  void operator()(plan::Amend& op) const {
    for (auto* part : {&op.clause.subject, &op.clause.other, &op.clause.because, &op.clause.by,
                       &op.clause.dynamic_key}) {
      If(*part);
    }
    Evidence(&op.clause.evidence);
  }
  void operator()(plan::Apply& op) const {
    if (op.transactions) If(op.transactions->rows), If(op.transactions->concurrency);
    if (!op.view) return;
    auto view = std::make_shared<bind::ViewClause>(*op.view);
    If(view->system_time), If(view->valid_from), If(view->valid_to), If(view->sources);
    op.view = std::move(view);
  }
  void operator()(plan::Merge& op) const {
    Pattern(op.merge.pattern);
    Items(op.merge.on_create);
    Items(op.merge.on_match);
    Evidence(&op.merge.evidence);
  }
  void operator()(plan::SetItems& op) const {
    Items(op.items);
    Evidence(&op.evidence);
  }
  void operator()(plan::Delete& op) const {
    for (auto& expression : op.clause.expressions) If(expression);
  }
  void operator()(plan::Foreach& op) const { If(op.list); }
  void operator()(plan::CallProcedure& op) const {
    for (auto& argument : op.call.arguments) If(argument);
  }
  template <typename Other>
  void operator()(Other&) const {}
};

void AddPatternSlots(const bind::Pattern& pattern, bool only_new, std::vector<Slot>* slots) {
  for (const auto& node : pattern.nodes) {
    if (!only_new || !node.bound) slots->push_back(node.slot);
  }
  for (const auto& r : pattern.relationships) {
    if (!only_new || !r.bound) slots->push_back(r.slot);
    bind::ForEachGroupSlot(r, [&](Slot slot) { slots->push_back(slot); });
  }
  for (const auto& path : pattern.paths) {
    if (path.slot != bind::kNoSlot) slots->push_back(path.slot);
    for (const auto& named : path.named) slots->push_back(named.slot);
  }
}

struct Produced {
  std::vector<Slot>& slots;

  void operator()(const plan::NodeScan& op) const { slots.push_back(op.node); }
  void operator()(const plan::IndexSeek& op) const { slots.push_back(op.node); }
  void operator()(const plan::IndexRange& op) const { slots.push_back(op.node); }
  void operator()(const plan::IdSeek& op) const { slots.push_back(op.node); }
  void operator()(const plan::MatchPattern& op) const { AddPatternSlots(op.pattern, true, &slots); }
  void operator()(const plan::Expand& op) const {
    if (!op.relationship_bound) slots.push_back(op.relationship);
    if (!op.into) slots.push_back(op.to);
  }
  void operator()(const plan::ExpandVariable& op) const {
    slots.push_back(op.pattern.slot);
    if (!op.into) slots.push_back(op.to);
    bind::ForEachGroupSlot(op.pattern, [&](Slot slot) { slots.push_back(slot); });
    if (op.length != bind::kNoSlot) slots.push_back(op.length);
  }
  void operator()(const plan::ShortestPath& op) const {
    slots.push_back(op.pattern.slot);
    for (const auto& group : op.pattern.groups) slots.push_back(group.list);
    if (op.length != bind::kNoSlot) slots.push_back(op.length);
  }
  void operator()(const plan::Project& op) const {
    for (const auto& item : op.items) slots.push_back(item.first);
  }
  void operator()(const plan::Unwind& op) const { slots.push_back(op.slot); }
  void operator()(const plan::Aggregate& op) const {
    for (const auto& key : op.keys) slots.push_back(key.first);
    for (const auto& item : op.aggregates) slots.push_back(item.slot);
  }
  void operator()(const plan::Union& op) const {
    slots.insert(slots.end(), op.slots.begin(), op.slots.end());
  }
  void operator()(const plan::Create& op) const { AddPatternSlots(op.pattern, true, &slots); }
  void operator()(const plan::Merge& op) const { AddPatternSlots(op.merge.pattern, true, &slots); }
  void operator()(const plan::CallProcedure& op) const {
    for (const auto& yield : op.call.yields) slots.push_back(yield.second);
  }
  void operator()(const plan::Apply& op) const {
    if (op.transactions) slots.push_back(op.transactions->status);
  }
  template <typename Other>
  void operator()(const Other&) const {}
};

}  // namespace

void ForEachTree(plan::Plan& plan, const std::function<void(OperatorPtr&)>& visit) {
  visit(plan.root);
  for (auto& subquery : plan.subqueries) visit(subquery.root);
}

void BottomUp(OperatorPtr& op, const std::function<void(OperatorPtr&)>& visit) {
  for (auto& input : op->inputs) BottomUp(input, visit);
  visit(op);
}

void ForEachExpression(Operator& op, const Visit& visit) {
  std::visit(ExpressionVisitor{visit}, op.node);
}

std::vector<Slot> ProducedSlots(const Operator& op) {
  std::vector<Slot> slots;
  std::visit(Produced{slots}, op.node);
  return slots;
}

namespace {

/// Slots that a counted part mentions; its own nodes are among them, which does no harm.
void AddCounted(const plan::CountGroup& group, SlotSet* slots) {
  for (const plan::CountNode& node : group.nodes) {
    slots->insert({node.link.from, node.node});
    for (const auto& link : node.closing) slots->insert(link.from);
    slots->insert(node.different.begin(), node.different.end());
    for (const auto& conflict : node.conflicts) slots->insert({conflict.left, conflict.right});
    for (const auto& inner : node.groups) AddCounted(inner, slots);
  }
}

}  // namespace

SlotSet ReadSlots(Operator& op) {
  SlotSet slots;
  ForEachExpression(op, [&](ExpressionPtr& e) { plan::CollectSlots(*e, &slots); });
  if (const auto* expand = As<plan::Expand>(op)) {
    slots.insert(expand->from);
    if (expand->into) slots.insert(expand->to);
    if (expand->relationship_bound) slots.insert(expand->relationship);
    slots.insert(expand->different_from.begin(), expand->different_from.end());
  } else if (const auto* variable = As<plan::ExpandVariable>(op)) {
    slots.insert(variable->from);
    if (variable->into) slots.insert(variable->to);
    slots.insert(variable->different_from.begin(), variable->different_from.end());
  } else if (const auto* shortest = As<plan::ShortestPath>(op)) {
    slots.insert({shortest->from, shortest->to});
    for (const auto& part : shortest->path_parts.parts) slots.insert(part.slot);
  } else if (const auto* counted = As<plan::CountMatches>(op)) {
    for (const auto& group : counted->groups) AddCounted(group, &slots);
  } else if (const auto* distinct = As<plan::Distinct>(op)) {
    slots.insert(distinct->slots.begin(), distinct->slots.end());
  } else if (const auto* create = As<plan::Create>(op)) {
    plan::CollectSlots(create->pattern, &slots);
  } else if (const auto* merge = As<plan::Merge>(op)) {
    plan::CollectSlots(merge->merge.pattern, &slots);
  } else if (const auto* match = As<plan::MatchPattern>(op)) {
    plan::CollectSlots(match->pattern, &slots);
  } else if (const auto* result = As<plan::Result>(op)) {
    for (const auto& column : result->columns) slots.insert(column.slot);
  }
  const auto add_labels = [&](const std::vector<bind::SetItem>& items) {
    for (const auto& item : items) {
      if (const auto* set = std::get_if<bind::SetLabels>(&item)) slots.insert(set->slot);
      if (const auto* remove = std::get_if<bind::RemoveLabels>(&item)) slots.insert(remove->slot);
    }
  };
  if (const auto* set = As<plan::SetItems>(op)) add_labels(set->items);
  if (const auto* merge = As<plan::Merge>(op)) {
    add_labels(merge->merge.on_create);
    add_labels(merge->merge.on_match);
  }
  return slots;
}

bool Writes(const Operator& op) {
  if (const auto* call = std::get_if<plan::CallProcedure>(&op.node)) {
    return call->call.procedure->writes;
  }
  return std::holds_alternative<plan::Create>(op.node) ||
         std::holds_alternative<plan::Merge>(op.node) ||
         std::holds_alternative<plan::SetItems>(op.node) ||
         std::holds_alternative<plan::Delete>(op.node) ||
         std::holds_alternative<plan::Amend>(op.node) ||
         std::holds_alternative<plan::Foreach>(op.node);
}

bool ReadsGraph(Operator& op) {
  if (std::holds_alternative<plan::NodeScan>(op.node) ||
      std::holds_alternative<plan::IndexSeek>(op.node) ||
      std::holds_alternative<plan::IndexRange>(op.node) ||
      std::holds_alternative<plan::IdSeek>(op.node) ||
      std::holds_alternative<plan::MatchPattern>(op.node) ||
      std::holds_alternative<plan::Expand>(op.node) ||
      std::holds_alternative<plan::ExpandVariable>(op.node) ||
      std::holds_alternative<plan::ShortestPath>(op.node) ||
      std::holds_alternative<plan::CountMatches>(op.node) ||
      std::holds_alternative<plan::CallProcedure>(op.node)) {
    return true;
  }
  if (const auto* result = As<plan::Result>(op)) return !result->columns.empty();
  bool reads = false;
  ForEachExpression(op, [&](ExpressionPtr& e) { reads = reads || plan::ReadsGraph(*e); });
  return reads;
}

bool IsDeterministic(Operator& op) {
  bool is = true;
  ForEachExpression(op, [&](ExpressionPtr& e) { is = is && plan::IsDeterministic(*e); });
  return is;
}

}  // namespace kb::query::optimize
