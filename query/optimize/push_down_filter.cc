// Moves each conjunct of a Filter as far down as its slots allow: below projections that do not
// make them, to the left side of an Apply, and into the predicates of a pattern. Never past Limit,
// Skip, aggregation, writes or anything that must see every row.
#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"
#include "query/plan/plan_query.h"

namespace kb::query::optimize {
namespace {

bool Intersects(const SlotSet& slots, const std::vector<Slot>& produced) {
  for (const Slot slot : produced) {
    if (slots.contains(slot)) return true;
  }
  return false;
}

/// Slots that a whole tree gives, down to its Argument.
void CollectProduced(const Operator& op, std::vector<Slot>* slots) {
  const std::vector<Slot> own = ProducedSlots(op);
  slots->insert(slots->end(), own.begin(), own.end());
  for (const auto& input : op.inputs) CollectProduced(*input, slots);
}

bool LetsFiltersThrough(const Operator& op) {
  return std::holds_alternative<plan::Project>(op.node) ||
         std::holds_alternative<plan::Unwind>(op.node) ||
         std::holds_alternative<plan::Filter>(op.node);
}

/// Tries to place `predicate` somewhere below `op`; true if it did.
bool Place(OperatorPtr& op, const ExpressionPtr& predicate, const SlotSet& slots) {
  if (auto* match = As<plan::MatchPattern>(op)) {
    match->predicates.push_back(predicate);
    return true;
  }
  if (LetsFiltersThrough(*op) && !Intersects(slots, ProducedSlots(*op))) {
    if (Place(op->inputs[0], predicate, slots)) return true;
    if (std::holds_alternative<plan::Filter>(op->node)) return false;
    op->inputs[0] = plan::MakeOperator(plan::Filter{predicate}, std::move(op->inputs[0]));
    return true;
  }
  if (const auto* apply = As<plan::Apply>(op); apply != nullptr) {
    std::vector<Slot> right;
    CollectProduced(*op->inputs[1], &right);
    right.insert(right.end(), apply->nulls.begin(), apply->nulls.end());
    if (apply->kind == plan::ApplyKind::kUnit || Intersects(slots, right)) return false;
    if (!Place(op->inputs[0], predicate, slots)) {
      op->inputs[0] = plan::MakeOperator(plan::Filter{predicate}, std::move(op->inputs[0]));
    }
    return true;
  }
  return false;
}

void PushDown(OperatorPtr& op) {
  const auto* filter = As<plan::Filter>(op);
  if (filter == nullptr) return;
  std::vector<ExpressionPtr> conjuncts;
  plan::SplitConjuncts(filter->predicate, &conjuncts);
  std::vector<ExpressionPtr> stay;
  for (const auto& conjunct : conjuncts) {
    // What is left to chance is asked of every row where it stands.
    const bool is_placed = plan::IsDeterministic(*conjunct) &&
                           Place(op->inputs[0], conjunct, plan::SlotsOf(*conjunct));
    if (!is_placed) stay.push_back(conjunct);
  }
  if (stay.empty()) {
    OperatorPtr input = std::move(op->inputs[0]);
    op = std::move(input);
  } else {
    As<plan::Filter>(op)->predicate = plan::Conjoin(stay);
  }
}

/// In a tree that writes, a filter might be moved to where it reads another state of the graph.
bool TreeWrites(const Operator& op) {
  if (Writes(op)) return true;
  for (const auto& input : op.inputs) {
    if (TreeWrites(*input)) return true;
  }
  return false;
}

}  // namespace

Result<void> PushDownFilter(Context& context) {
  ForEachTree(context.plan, [](OperatorPtr& root) {
    if (!TreeWrites(*root)) BottomUp(root, PushDown);
  });
  return {};
}

}  // namespace kb::query::optimize
