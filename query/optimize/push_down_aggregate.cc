// Where an aggregate counts rows and nothing above an expansion reads what the expansion found, the
// rows need not be made: each one stands for as many as its degree (Batch::multiplicity).
#include <algorithm>

#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"

namespace kb::query::optimize {
namespace {

/// Operators between the aggregate and the expansion that treat every row by itself.
bool KeepsMultiplicity(const Operator& op) {
  return std::holds_alternative<plan::Filter>(op.node) ||
         std::holds_alternative<plan::Project>(op.node);
}

bool Needed(const Operator& op, Slot slot) {
  return !op.live || std::binary_search(op.live->begin(), op.live->end(), slot);
}

void PushDown(OperatorPtr& op) {
  if (As<plan::Aggregate>(op) == nullptr) return;
  Operator* below = op->inputs[0].get();
  while (KeepsMultiplicity(*below)) below = below->inputs[0].get();
  auto* expand = As<plan::Expand>(*below);
  if (expand == nullptr || expand->into || expand->relationship_bound) return;
  if (!expand->different_from.empty() || !expand->to_label.empty()) return;
  if (Needed(*below, expand->relationship) || Needed(*below, expand->to)) return;
  expand->count_only = true;
}

void DropRelationships(OperatorPtr& op) {
  if (auto* expand = As<plan::Expand>(op)) {
    expand->drop_relationship = !Needed(*op, expand->relationship);
  }
}

}  // namespace

Result<void> PushDownAggregate(Context& context) {
  ForEachTree(context.plan, [](OperatorPtr& root) {
    BottomUp(root, PushDown);
    BottomUp(root, DropRelationships);
  });
  return {};
}

}  // namespace kb::query::optimize
