// Walking bound trees: children, slots, rewriting. Used by the planner and the passes.
#pragma once

#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "query/bind/bound.h"
#include "query/plan/plan.h"

namespace kb::query::plan {

using SlotSet = std::unordered_set<Slot>;

/// Calls `visit` for each direct child expression (null ones are skipped). The expressions inside a
/// subquery are not children.
void ForEachChild(const bind::Expression& expression,
                  const std::function<void(const ExpressionPtr&)>& visit);

/// The expression with each child replaced by `rewrite(child)`; the same node if none changed.
ExpressionPtr RewriteChildren(const ExpressionPtr& expression,
                              const std::function<ExpressionPtr(const ExpressionPtr&)>& rewrite);

/// Calls `visit` for every expression of a query's clauses (not for their children).
void ForEachExpression(const bind::Query& query,
                       const std::function<void(const ExpressionPtr&)>& visit);
void ForEachExpression(const bind::Pattern& pattern,
                       const std::function<void(const ExpressionPtr&)>& visit);
void ForEachExpression(const bind::PatternRelationship& relationship,
                       const std::function<void(const ExpressionPtr&)>& visit);
void ForEachExpression(const bind::SetItem& item,
                       const std::function<void(const ExpressionPtr&)>& visit);

/// Every slot that is mentioned in the expression, with those inside its subqueries (their own
/// slots included: slots are unique in a statement, so that does no harm).
void CollectSlots(const bind::Expression& expression, SlotSet* slots);
void CollectSlots(const bind::Query& query, SlotSet* slots);
void CollectSlots(const bind::Pattern& pattern, SlotSet* slots);
SlotSet SlotsOf(const bind::Expression& expression);

bool ContainsAggregate(const bind::Expression& expression);
bool ContainsSubquery(const bind::Expression& expression);
/// Whether evaluating it looks at the graph: properties, labels, functions of entities, subqueries.
bool ReadsGraph(const bind::Expression& expression);
/// Whether it gives equal rows equal values: nothing in it, or in its subqueries, is left to chance
/// or to the clock.
bool IsDeterministic(const bind::Expression& expression);

/// Appends the conjuncts of an AND tree.
void SplitConjuncts(const ExpressionPtr& expression, std::vector<ExpressionPtr>* conjuncts);
ExpressionPtr Conjoin(const std::vector<ExpressionPtr>& conjuncts);

/// The operator with which the sides of a comparison change places: > for <.
ast::ComparisonOperator Mirrored(ast::ComparisonOperator op);

// Making small expressions.
ExpressionPtr MakeExpression(decltype(bind::Expression::node) node, Span span = {},
                             bind::KindSet kinds = functions::kAnyKind);
ExpressionPtr MakeSlot(Slot slot, std::string name = {}, bind::KindSet kinds = functions::kAnyKind);
ExpressionPtr MakeConstant(schema::Value value);

/// Text that is equal for expressions that mean the same (slots by number).
std::string Fingerprint(const bind::Expression& expression);

}  // namespace kb::query::plan
