#include "query/plan/walk.h"

#include <algorithm>

#include "query/plan/planner.h"

namespace kb::query::plan {
namespace {

using bind::Expression;
using Visit = std::function<void(const ExpressionPtr&)>;

void VisitIf(const ExpressionPtr& expression, const Visit& visit) {
  if (expression) visit(expression);
}

struct ChildVisitor {
  const Visit& visit;

  void operator()(const bind::Constant&) const {}
  void operator()(const bind::Parameter&) const {}
  void operator()(const bind::SlotRef&) const {}
  void operator()(const bind::PathOf&) const {}
  void operator()(const bind::Subquery&) const {}
  void operator()(const bind::Property& e) const { VisitIf(e.subject, visit); }
  void operator()(const bind::Subscript& e) const {
    VisitIf(e.subject, visit);
    VisitIf(e.index, visit);
  }
  void operator()(const bind::Slice& e) const {
    VisitIf(e.subject, visit);
    VisitIf(e.from, visit);
    VisitIf(e.to, visit);
  }
  void operator()(const bind::ListOf& e) const {
    for (const auto& item : e.items) VisitIf(item, visit);
  }
  void operator()(const bind::MapOf& e) const {
    for (const auto& entry : e.entries) VisitIf(entry.second, visit);
  }
  void operator()(const bind::MapProjection& e) const {
    VisitIf(e.subject, visit);
    for (const auto& entry : e.entries) VisitIf(entry.second, visit);
  }
  void operator()(const bind::Unary& e) const { VisitIf(e.operand, visit); }
  void operator()(const bind::Binary& e) const {
    VisitIf(e.left, visit);
    VisitIf(e.right, visit);
  }
  void operator()(const bind::Comparison& e) const {
    VisitIf(e.left, visit);
    VisitIf(e.right, visit);
  }
  void operator()(const bind::IsNull& e) const { VisitIf(e.operand, visit); }
  void operator()(const bind::HasLabels& e) const { VisitIf(e.operand, visit); }
  void operator()(const bind::Call& e) const {
    for (const auto& argument : e.arguments) VisitIf(argument, visit);
  }
  void operator()(const bind::Case& e) const {
    VisitIf(e.subject, visit);
    for (const auto& [condition, value] : e.branches) {
      VisitIf(condition, visit);
      VisitIf(value, visit);
    }
    VisitIf(e.otherwise, visit);
  }
  void operator()(const bind::ListComprehension& e) const {
    VisitIf(e.list, visit);
    VisitIf(e.predicate, visit);
    VisitIf(e.projection, visit);
  }
  void operator()(const bind::Quantifier& e) const {
    VisitIf(e.list, visit);
    VisitIf(e.predicate, visit);
  }
  void operator()(const bind::Reduce& e) const {
    VisitIf(e.initial, visit);
    VisitIf(e.list, visit);
    VisitIf(e.step, visit);
    VisitIf(e.predicate, visit);
  }
  void operator()(const bind::Aggregate& e) const {
    for (const auto& argument : e.arguments) VisitIf(argument, visit);
  }
};

/// Replaces the child pointers of a node's copy in place.
struct ChildRewriter {
  const std::function<ExpressionPtr(const ExpressionPtr&)>& rewrite;
  bool changed = false;

  void Apply(ExpressionPtr& child) {
    if (!child) return;
    ExpressionPtr replaced = rewrite(child);
    changed = changed || replaced != child;
    child = std::move(replaced);
  }
  void operator()(bind::Constant&) {}
  void operator()(bind::Parameter&) {}
  void operator()(bind::SlotRef&) {}
  void operator()(bind::PathOf&) {}
  void operator()(bind::Subquery&) {}
  void operator()(bind::Property& e) { Apply(e.subject); }
  void operator()(bind::Subscript& e) { Apply(e.subject), Apply(e.index); }
  void operator()(bind::Slice& e) { Apply(e.subject), Apply(e.from), Apply(e.to); }
  void operator()(bind::ListOf& e) {
    for (auto& item : e.items) Apply(item);
  }
  void operator()(bind::MapOf& e) {
    for (auto& entry : e.entries) Apply(entry.second);
  }
  void operator()(bind::MapProjection& e) {
    Apply(e.subject);
    for (auto& entry : e.entries) Apply(entry.second);
  }
  void operator()(bind::Unary& e) { Apply(e.operand); }
  void operator()(bind::Binary& e) { Apply(e.left), Apply(e.right); }
  void operator()(bind::Comparison& e) { Apply(e.left), Apply(e.right); }
  void operator()(bind::IsNull& e) { Apply(e.operand); }
  void operator()(bind::HasLabels& e) { Apply(e.operand); }
  void operator()(bind::Call& e) {
    for (auto& argument : e.arguments) Apply(argument);
  }
  void operator()(bind::Case& e) {
    Apply(e.subject);
    for (auto& [condition, value] : e.branches) Apply(condition), Apply(value);
    Apply(e.otherwise);
  }
  void operator()(bind::ListComprehension& e) {
    Apply(e.list), Apply(e.predicate), Apply(e.projection);
  }
  void operator()(bind::Quantifier& e) { Apply(e.list), Apply(e.predicate); }
  void operator()(bind::Reduce& e) {
    Apply(e.initial), Apply(e.list), Apply(e.step), Apply(e.predicate);
  }
  void operator()(bind::Aggregate& e) {
    for (auto& argument : e.arguments) Apply(argument);
  }
};

void VisitClause(const bind::Clause& clause, const Visit& visit);

void VisitEvidence(const bind::EvidencePtr& evidence, const Visit& visit) {
  if (!evidence) return;
  for (const auto* part :
       {&evidence->source, &evidence->grade, &evidence->at, &evidence->by, &evidence->valid}) {
    VisitIf(*part, visit);
  }
}

void VisitView(const bind::ViewClausePtr& view, const Visit& visit) {
  if (!view) return;
  for (const auto* part :
       {&view->system_time, &view->valid_from, &view->valid_to, &view->sources}) {
    VisitIf(*part, visit);
  }
}

struct ClauseVisitor {
  const Visit& visit;

  void operator()(const bind::Match& c) const {
    ForEachExpression(c.pattern, visit);
    VisitIf(c.where, visit);
  }
  void operator()(const bind::Unwind& c) const { VisitIf(c.list, visit); }
  void operator()(const bind::Projection& c) const {
    for (const auto& item : c.items) VisitIf(item.expression, visit);
    for (const auto& item : c.order_by) VisitIf(item.expression, visit);
    VisitIf(c.skip, visit);
    VisitIf(c.limit, visit);
    VisitIf(c.where, visit);
  }
  void operator()(const bind::Create& c) const {
    ForEachExpression(c.pattern, visit);
    VisitEvidence(c.evidence, visit);
  }
  void operator()(const bind::Set& c) const {
    for (const auto& item : c.items) ForEachExpression(item, visit);
    VisitEvidence(c.evidence, visit);
  }
  void operator()(const bind::Amend& c) const {
    for (const auto* part : {&c.subject, &c.other, &c.because, &c.by, &c.dynamic_key}) {
      VisitIf(*part, visit);
    }
    VisitEvidence(c.evidence, visit);
  }
  void operator()(const bind::Delete& c) const {
    for (const auto& e : c.expressions) VisitIf(e, visit);
  }
  void operator()(const bind::Merge& c) const {
    ForEachExpression(c.pattern, visit);
    for (const auto& item : c.on_create) ForEachExpression(item, visit);
    for (const auto& item : c.on_match) ForEachExpression(item, visit);
    VisitEvidence(c.evidence, visit);
  }
  void operator()(const bind::Foreach& c) const {
    VisitIf(c.list, visit);
    for (const auto& inner : c.body) VisitClause(inner, visit);
  }
  void operator()(const bind::CallProcedure& c) const {
    for (const auto& argument : c.arguments) VisitIf(argument, visit);
    VisitIf(c.where, visit);
  }
  void operator()(const bind::CallSubquery& c) const {
    ForEachExpression(*c.query, visit);
    if (c.transactions) {
      VisitIf(c.transactions->rows, visit);
      VisitIf(c.transactions->concurrency, visit);
    }
  }
  void operator()(const bind::LoadCsv& c) const {
    VisitIf(c.source, visit);
    VisitIf(c.terminator, visit);
  }
};

void VisitClause(const bind::Clause& clause, const Visit& visit) {
  std::visit(ClauseVisitor{visit}, clause.node);
}

void CollectPatternSlots(const bind::Pattern& pattern, SlotSet* slots) {
  for (const auto& node : pattern.nodes) slots->insert(node.slot);
  for (const auto& relationship : pattern.relationships) slots->insert(relationship.slot);
}

void CollectClauseSlots(const bind::Clause& clause, SlotSet* slots) {
  if (const auto* match = std::get_if<bind::Match>(&clause.node)) {
    CollectPatternSlots(match->pattern, slots);
  } else if (const auto* create = std::get_if<bind::Create>(&clause.node)) {
    CollectPatternSlots(create->pattern, slots);
  } else if (const auto* merge = std::get_if<bind::Merge>(&clause.node)) {
    CollectPatternSlots(merge->pattern, slots);
  } else if (const auto* call = std::get_if<bind::CallSubquery>(&clause.node)) {
    CollectSlots(*call->query, slots);
  } else if (const auto* foreach_clause = std::get_if<bind::Foreach>(&clause.node)) {
    for (const auto& inner : foreach_clause->body) CollectClauseSlots(inner, slots);
  } else if (const auto* set = std::get_if<bind::Set>(&clause.node)) {
    for (const auto& item : set->items) {
      if (const auto* labels = std::get_if<bind::SetLabels>(&item)) slots->insert(labels->slot);
      if (const auto* labels = std::get_if<bind::RemoveLabels>(&item)) slots->insert(labels->slot);
    }
  }
}

bool AnyOf(const Expression& expression, const std::function<bool(const Expression&)>& test) {
  if (test(expression)) return true;
  bool found = false;
  ForEachChild(expression,
               [&](const ExpressionPtr& child) { found = found || AnyOf(*child, test); });
  return found;
}

}  // namespace

void ForEachChild(const Expression& expression, const Visit& visit) {
  std::visit(ChildVisitor{visit}, expression.node);
}

ExpressionPtr RewriteChildren(const ExpressionPtr& expression,
                              const std::function<ExpressionPtr(const ExpressionPtr&)>& rewrite) {
  Expression copy = *expression;
  ChildRewriter rewriter{rewrite};
  std::visit([&](auto& node) { rewriter(node); }, copy.node);
  if (!rewriter.changed) return expression;
  return std::make_shared<const Expression>(std::move(copy));
}

void ForEachExpression(const bind::PatternRelationship& relationship, const Visit& visit) {
  for (const auto& entry : relationship.properties) VisitIf(entry.second, visit);
  VisitIf(relationship.properties_map, visit);
  for (const auto& names : relationship.computed) visit(names);
  VisitIf(relationship.step_predicate, visit);
  if (!relationship.route) return;
  bind::ForEachRouteCondition(*relationship.route, visit);
  for (const auto& step : relationship.route->steps) {
    for (const auto& entry : step.relationship.properties) VisitIf(entry.second, visit);
  }
  VisitIf(relationship.route->predicate, visit);
}

void ForEachExpression(const bind::Pattern& pattern, const Visit& visit) {
  for (const auto& node : pattern.nodes) {
    for (const auto& entry : node.properties) VisitIf(entry.second, visit);
    VisitIf(node.properties_map, visit);
    for (const auto& names : node.computed) visit(names);
  }
  for (const auto& relationship : pattern.relationships) ForEachExpression(relationship, visit);
  for (const auto& path : pattern.paths) {
    VisitIf(path.selector_count, visit);
    VisitIf(path.predicate, visit);
  }
}

void ForEachExpression(const bind::SetItem& item, const Visit& visit) {
  if (const auto* property = std::get_if<bind::SetProperty>(&item)) {
    VisitIf(property->target, visit);
    VisitIf(property->dynamic_key, visit);
    VisitIf(property->value, visit);
  } else if (const auto* properties = std::get_if<bind::SetProperties>(&item)) {
    VisitIf(properties->target, visit);
    VisitIf(properties->value, visit);
  } else if (const auto* set = std::get_if<bind::SetLabels>(&item)) {
    for (const auto& names : set->computed) visit(names);
  } else if (const auto* removed = std::get_if<bind::RemoveLabels>(&item)) {
    for (const auto& names : removed->computed) visit(names);
  }
}

void ForEachExpression(const bind::Query& query, const Visit& visit) {
  VisitView(query.view, visit);
  for (const auto& part : query.parts) {
    for (const auto& clause : part.clauses) VisitClause(clause, visit);
  }
}

void CollectSlots(const Expression& expression, SlotSet* slots) {
  if (const auto* ref = std::get_if<bind::SlotRef>(&expression.node)) slots->insert(ref->slot);
  if (const auto* path = std::get_if<bind::PathOf>(&expression.node)) {
    for (const auto& part : path->parts) slots->insert(part.slot);
  }
  if (const auto* subquery = std::get_if<bind::Subquery>(&expression.node)) {
    CollectSlots(*subquery->query, slots);
  }
  ForEachChild(expression, [&](const ExpressionPtr& child) { CollectSlots(*child, slots); });
}

void CollectSlots(const bind::Pattern& pattern, SlotSet* slots) {
  CollectPatternSlots(pattern, slots);
  ForEachExpression(pattern, [&](const ExpressionPtr& e) { CollectSlots(*e, slots); });
}

void CollectSlots(const bind::Query& query, SlotSet* slots) {
  for (const auto& part : query.parts) {
    for (const auto& clause : part.clauses) CollectClauseSlots(clause, slots);
    for (const auto& column : part.columns) slots->insert(column.slot);
  }
  ForEachExpression(query, [&](const ExpressionPtr& e) { CollectSlots(*e, slots); });
}

SlotSet SlotsOf(const Expression& expression) {
  SlotSet slots;
  CollectSlots(expression, &slots);
  return slots;
}

bool ContainsAggregate(const Expression& expression) {
  return AnyOf(expression,
               [](const Expression& e) { return std::holds_alternative<bind::Aggregate>(e.node); });
}

bool ContainsSubquery(const Expression& expression) {
  return AnyOf(expression,
               [](const Expression& e) { return std::holds_alternative<bind::Subquery>(e.node); });
}

bool ReadsGraph(const Expression& expression) {
  return AnyOf(expression, [](const Expression& e) {
    if (const auto* call = std::get_if<bind::Call>(&e.node)) return call->function->reads_graph;
    return std::holds_alternative<bind::Property>(e.node) ||
           std::holds_alternative<bind::Subscript>(e.node) ||
           std::holds_alternative<bind::MapProjection>(e.node) ||
           std::holds_alternative<bind::HasLabels>(e.node) ||
           std::holds_alternative<bind::Subquery>(e.node);
  });
}

bool IsDeterministic(const Expression& expression) {
  return !AnyOf(expression, [](const Expression& e) {
    if (const auto* call = std::get_if<bind::Call>(&e.node)) return !call->function->deterministic;
    const auto* subquery = std::get_if<bind::Subquery>(&e.node);
    bool is_chance = false;
    if (subquery != nullptr) {
      ForEachExpression(*subquery->query, [&](const ExpressionPtr& inner) {
        is_chance = is_chance || !IsDeterministic(*inner);
      });
    }
    return is_chance;
  });
}

void SplitConjuncts(const ExpressionPtr& expression, std::vector<ExpressionPtr>* conjuncts) {
  if (!expression) return;
  if (const auto* binary = std::get_if<bind::Binary>(&expression->node);
      binary != nullptr && binary->op == ast::BinaryOperator::kAnd) {
    SplitConjuncts(binary->left, conjuncts);
    SplitConjuncts(binary->right, conjuncts);
    return;
  }
  conjuncts->push_back(expression);
}

ExpressionPtr Conjoin(const std::vector<ExpressionPtr>& conjuncts) {
  ExpressionPtr all;
  for (const auto& conjunct : conjuncts) {
    all = all ? MakeExpression(bind::Binary{ast::BinaryOperator::kAnd, all, conjunct},
                               conjunct->span, functions::Set(schema::Kind::kBoolean))
              : conjunct;
  }
  return all;
}

ast::ComparisonOperator Mirrored(ast::ComparisonOperator op) {
  using Op = ast::ComparisonOperator;
  switch (op) {
    case Op::kLess:
      return Op::kGreater;
    case Op::kLessEqual:
      return Op::kGreaterEqual;
    case Op::kGreater:
      return Op::kLess;
    case Op::kGreaterEqual:
      return Op::kLessEqual;
    case Op::kEqual:
    case Op::kNotEqual:
      break;
  }
  return op;
}

ExpressionPtr MakeExpression(decltype(Expression::node) node, Span span, bind::KindSet kinds) {
  Expression expression;
  expression.node = std::move(node);
  expression.span = span;
  expression.kinds = kinds;
  return std::make_shared<const Expression>(std::move(expression));
}

ExpressionPtr MakeSlot(Slot slot, std::string name, bind::KindSet kinds) {
  return MakeExpression(bind::SlotRef{slot, std::move(name)}, {}, kinds);
}

ExpressionPtr MakeConstant(schema::Value value) {
  const bind::KindSet kinds = value.is_null() ? 0 : functions::Set(value.kind());
  return MakeExpression(bind::Constant{std::move(value)}, {}, kinds);
}

std::string Fingerprint(const Expression& expression) {
  std::string text = Print(expression);
  for (const Slot slot : [&] {
         std::vector<Slot> ordered;
         const std::function<void(const Expression&)> collect = [&](const Expression& e) {
           if (const auto* ref = std::get_if<bind::SlotRef>(&e.node)) ordered.push_back(ref->slot);
           if (const auto* s = std::get_if<bind::Subquery>(&e.node)) {
             SlotSet inner;
             CollectSlots(*s->query, &inner);
             ordered.push_back(*std::min_element(inner.begin(), inner.end()));
           }
           ForEachChild(e, [&](const ExpressionPtr& child) { collect(*child); });
         };
         collect(expression);
         return ordered;
       }()) {
    text += '#' + std::to_string(slot);
  }
  return text;
}

}  // namespace kb::query::plan
