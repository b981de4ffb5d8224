// Walking and rewriting operator trees: what all passes share.
#pragma once

#include <functional>
#include <vector>

#include "query/plan/plan.h"
#include "query/plan/walk.h"

namespace kb::query::optimize {

using plan::ExpressionPtr;
using plan::Operator;
using plan::OperatorPtr;
using plan::Slot;
using plan::SlotSet;

/// The statement's tree, then those of its subqueries.
void ForEachTree(plan::Plan& plan, const std::function<void(OperatorPtr&)>& visit);

/// Children before parents; `visit` may replace the operator.
void BottomUp(OperatorPtr& op, const std::function<void(OperatorPtr&)>& visit);

/// Every expression an operator holds, for reading or replacing. Null ones are skipped.
void ForEachExpression(Operator& op, const std::function<void(ExpressionPtr&)>& visit);

/// Slots that the operator itself (not its inputs) gives to its rows.
std::vector<Slot> ProducedSlots(const Operator& op);
/// Slots that the operator itself reads from its input's rows.
SlotSet ReadSlots(Operator& op);

/// Whether the operator changes the graph; whether it looks at it.
bool Writes(const Operator& op);
bool ReadsGraph(Operator& op);
/// Whether all that it computes is the same for equal rows.
bool IsDeterministic(Operator& op);

template <typename T>
T* As(Operator& op) {
  return std::get_if<T>(&op.node);
}
template <typename T>
T* As(const OperatorPtr& op) {
  return std::get_if<T>(&op->node);
}

}  // namespace kb::query::optimize
