// Notes, for every operator, the slots that are still read above it: only those are copied when
// rows are gathered.
#include <algorithm>

#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"

namespace kb::query::optimize {
namespace {

void Merge(SlotSet* into, const SlotSet& other) { into->insert(other.begin(), other.end()); }

/// Sets `live` in the tree, given what is read above it; returns what its Argument leaves must
/// have.
SlotSet Prune(Operator& op, const SlotSet& above) {
  std::vector<Slot> live(above.begin(), above.end());
  std::sort(live.begin(), live.end());
  op.live = std::move(live);
  if (op.inputs.empty()) return above;

  SlotSet need = above;
  for (const Slot slot : ProducedSlots(op)) need.erase(slot);
  Merge(&need, ReadSlots(op));
  if (std::holds_alternative<plan::Apply>(op.node) ||
      std::holds_alternative<plan::Merge>(op.node) ||
      std::holds_alternative<plan::Foreach>(op.node)) {
    SlotSet right_above = above;
    Merge(&right_above, ReadSlots(op));
    Merge(&need, Prune(*op.inputs[1], right_above));
    return Prune(*op.inputs[0], need);
  }
  if (const auto* both = As<plan::Union>(op)) {
    SlotSet left_need = need;
    left_need.insert(both->left.begin(), both->left.end());
    SlotSet right_need = need;
    right_need.insert(both->right.begin(), both->right.end());
    SlotSet outer = Prune(*op.inputs[0], left_need);
    Merge(&outer, Prune(*op.inputs[1], right_need));
    return outer;
  }
  SlotSet outer;
  for (auto& input : op.inputs) Merge(&outer, Prune(*input, need));
  return outer;
}

bool IsRead(const Operator& op, Slot slot) {
  return std::binary_search(op.live->begin(), op.live->end(), slot);
}

/// Paths that nobody reads need not be built.
void DropPaths(OperatorPtr& op) {
  auto* project = As<plan::Project>(op);
  if (project == nullptr) return;
  std::erase_if(project->items, [&](const auto& item) {
    return std::holds_alternative<bind::PathOf>(item.second->node) && !IsRead(*op, item.first);
  });
  if (!project->items.empty()) return;
  OperatorPtr input = std::move(op->inputs[0]);
  op = std::move(input);
}

void DropRelationships(OperatorPtr& op) {
  auto* expand = As<plan::Expand>(op);
  if (expand == nullptr) return;
  expand->drop_relationship = !IsRead(*op, expand->relationship);
}

}  // namespace

Result<void> PruneColumns(Context& context) {
  ForEachTree(context.plan, [](OperatorPtr& root) {
    Prune(*root, {});
    BottomUp(root, DropPaths);
    Prune(*root, {});  // what the paths were made of may be unread now
    BottomUp(root, DropRelationships);
  });
  return {};
}

}  // namespace kb::query::optimize
