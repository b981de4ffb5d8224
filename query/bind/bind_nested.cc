// Expressions with variables or queries of their own: comprehensions, quantifiers, reduce,
// subqueries and patterns.
#include "query/bind/bind_pattern.h"
#include "query/bind/query_binder.h"

namespace kb::query::bind {
namespace {

std::string_view Word(ast::QuantifierKind kind) {
  switch (kind) {
    case ast::QuantifierKind::kAll:
      return "all()";
    case ast::QuantifierKind::kAny:
      return "any()";
    case ast::QuantifierKind::kNone:
      return "none()";
    case ast::QuantifierKind::kSingle:
      return "single()";
  }
  return "";
}

/// A query of one clause list, as pattern expressions become.
QueryPtr MakeQuery(std::vector<Clause> clauses, std::vector<Column> columns) {
  auto query = std::make_shared<Query>();
  query->columns = columns;
  query->parts.push_back(SingleQuery{std::move(clauses), std::move(columns)});
  return query;
}

}  // namespace

Place QueryBinder::NestedPlace(std::string_view name) const {
  Place place = place_;
  if (place.aggregates == Place::Aggregates::kAllowed) {
    place = Place{Place::Aggregates::kForbidden, name};
  }
  return place;
}

Result<ExpressionPtr> QueryBinder::BindIteratedList(const ast::Expression& list,
                                                    std::string_view form) {
  KB_ASSIGN(ExpressionPtr bound, BindExpression(list));
  if (IsNever(bound->kinds, kListKind)) {
    return BindError("InvalidArgumentType", bound->span, "{} needs a List, but this is {}", form,
                     DescribeWithArticle(bound->kinds));
  }
  return bound;
}

Result<ExpressionPtr> QueryBinder::BindListComprehension(const ast::ListComprehension& node,
                                                         Span span) {
  ListComprehension bound;
  KB_ASSIGN(bound.list, BindIteratedList(*node.list, "a list comprehension"));
  Scope inner(scope_);
  bound.variable = NewSlot(node.variable.text);
  inner.Add({node.variable.text, bound.variable, ElementKinds(*bound.list)});
  const Swap<Scope*> scope_guard(scope_, &inner);
  const Swap<Place> place_guard(place_, NestedPlace("a list comprehension"));
  if (node.predicate) {
    KB_ASSIGN(bound.predicate, BindCondition(*node.predicate, "WHERE"));
  }
  KB_ASSIGN(bound.projection, BindOptional(node.projection));
  return MakeExpression(std::move(bound), span, kListKind);
}

Result<ExpressionPtr> QueryBinder::BindQuantifier(const ast::Quantifier& node, Span span) {
  const std::string_view word = Word(node.kind);
  Quantifier bound{node.kind, kNoSlot, nullptr, nullptr};
  KB_ASSIGN(bound.list, BindIteratedList(*node.list, word));
  Scope inner(scope_);
  const KindSet elements = ElementKinds(*bound.list);
  bound.variable = NewSlot(node.variable.text);
  inner.Add({node.variable.text, bound.variable, elements});
  const Swap<Scope*> scope_guard(scope_, &inner);
  const Swap<Place> place_guard(place_, NestedPlace(word));
  if (node.predicate) {
    KB_ASSIGN(bound.predicate, BindCondition(*node.predicate, "WHERE"));
  } else {
    bound.predicate =
        MakeExpression(SlotRef{bound.variable, node.variable.text}, node.variable.span, elements);
  }
  return MakeExpression(std::move(bound), span, kBooleanKind);
}

Result<ExpressionPtr> QueryBinder::BindReduce(const ast::Reduce& node, Span span) {
  const std::string_view word = node.predicate ? "allReduce()" : "reduce()";
  if (node.accumulator.text == node.variable.text) {
    return BindError("VariableAlreadyBound", node.variable.span,
                     "{} is both the accumulator and the element", Quoted(node.variable.text))
        .Hint("give them two names");
  }
  Reduce bound{};
  KB_ASSIGN(bound.initial, BindExpression(*node.initial));
  KB_ASSIGN(bound.list, BindIteratedList(*node.list, word));
  Scope inner(scope_);
  bound.accumulator = NewSlot(node.accumulator.text);
  bound.variable = NewSlot(node.variable.text);
  inner.Add({node.accumulator.text, bound.accumulator});
  inner.Add({node.variable.text, bound.variable, ElementKinds(*bound.list)});
  const Swap<Scope*> scope_guard(scope_, &inner);
  const Swap<Place> place_guard(place_, NestedPlace(word));
  KB_ASSIGN(bound.step, BindExpression(*node.step));
  if (node.predicate) {
    KB_ASSIGN(bound.predicate, BindCondition(*node.predicate, word));
    return MakeExpression(std::move(bound), span, kBooleanKind);
  }
  return MakeExpression(std::move(bound), span);
}

Result<ExpressionPtr> QueryBinder::BindSubquery(const ast::SubqueryExpression& node, Span span) {
  Frame frame;
  frame.outer = scope_;
  KindSet kinds = kBooleanKind;
  switch (node.kind) {
    case ast::SubqueryKind::kExists:
      frame.role = QueryRole::kExists;
      break;
    case ast::SubqueryKind::kCount:
      frame.role = QueryRole::kCount;
      kinds = kIntegerKind;
      break;
    case ast::SubqueryKind::kCollect:
      frame.role = QueryRole::kCollect;
      kinds = kListKind;
      break;
  }
  const Swap<Place> place_guard(place_, Place{});
  const Swap<bool> reading_guard(reading_only_, true);
  KB_ASSIGN(QueryPtr query, BindQuery(*node.query, frame));
  Slot result = kNoSlot;
  if (node.kind == ast::SubqueryKind::kCollect) {
    if (query->columns.size() != 1) {
      return BindError("InvalidNumberOfArguments", span,
                       "COLLECT gathers one column, but its RETURN has {}", query->columns.size());
    }
    result = query->columns[0].slot;
  }
  return MakeExpression(Subquery{node.kind, std::move(query), result}, span, kinds);
}

Result<ExpressionPtr> QueryBinder::BindPatternPredicate(const ast::PatternPart& pattern,
                                                        Span span) {
  Scope inner(scope_);
  const Swap<Scope*> scope_guard(scope_, &inner);
  const Swap<Place> place_guard(place_, Place{Place::Aggregates::kForbidden, "a pattern"});
  PatternBinder binder(*this, PatternUse::kPredicate);
  KB_TRY(binder.Bind(pattern));
  Match match{false, binder.Take(), nullptr};
  match.where = binder.TakePredicate();
  std::vector<Clause> clauses;
  clauses.push_back(Clause{std::move(match), span});
  return MakeExpression(
      Subquery{ast::SubqueryKind::kExists, MakeQuery(std::move(clauses), {}), kNoSlot}, span,
      kBooleanKind);
}

Result<ExpressionPtr> QueryBinder::BindPatternComprehension(const ast::PatternComprehension& node,
                                                            Span span) {
  Scope inner(scope_);
  const Swap<Scope*> scope_guard(scope_, &inner);
  const Swap<Place> place_guard(place_,
                                Place{Place::Aggregates::kForbidden, "a pattern comprehension"});
  PatternBinder binder(*this, PatternUse::kMatch);
  KB_TRY(binder.Bind(*node.pattern));
  Match match{false, binder.Take(), nullptr};
  KB_ASSIGN(ExpressionPtr where, BindWhere(node.predicate));
  match.where = Conjoin(binder.TakePredicate(), std::move(where));
  KB_ASSIGN(ExpressionPtr value, BindExpression(*node.projection));
  Projection projection;
  projection.is_return = true;
  const Slot slot = NewSlot({}, ElementKinds(*value));
  projection.items.push_back({slot, {}, std::move(value)});
  std::vector<Clause> clauses;
  clauses.push_back(Clause{std::move(match), span});
  clauses.push_back(Clause{std::move(projection), span});
  return MakeExpression(Subquery{ast::SubqueryKind::kCollect,
                                 MakeQuery(std::move(clauses), {Column{slot, {}}}), slot},
                        span, kListKind);
}

Result<ExpressionPtr> QueryBinder::BindShortestPath(const ast::ShortestPathExpression& node,
                                                    Span span) {
  Scope inner(scope_);
  const Swap<Scope*> scope_guard(scope_, &inner);
  const Swap<Place> place_guard(place_, Place{Place::Aggregates::kForbidden, "shortestPath()"});
  PatternBinder binder(*this, PatternUse::kPredicate);
  KB_TRY(binder.Bind(*node.pattern));
  Match match{false, binder.Take(), binder.TakePredicate()};
  // The paths found are the one column; the single form takes the first of them, or null.
  bind::PatternPath& path = match.pattern.paths.front();
  if (path.slot == kNoSlot) path.slot = NewSlot({});
  const Slot slot = path.slot;
  const bool single = path.shortest == ast::ShortestForm::kSingle;
  Projection projection;
  projection.is_return = true;
  projection.items.push_back({slot, {}, MakeExpression(SlotRef{slot, {}}, span, kPathKind)});
  std::vector<Clause> clauses;
  clauses.push_back(Clause{std::move(match), span});
  clauses.push_back(Clause{std::move(projection), span});
  ExpressionPtr paths =
      MakeExpression(Subquery{ast::SubqueryKind::kCollect,
                              MakeQuery(std::move(clauses), {Column{slot, {}}}), slot},
                     span, kListKind);
  if (!single) return paths;
  return MakeExpression(Subscript{std::move(paths), MakeConstant(Value::Integer(0), span)}, span,
                        kPathKind | kNullKind);
}

}  // namespace kb::query::bind
