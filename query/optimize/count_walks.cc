// Under an aggregate, walks of which neither the end nor any part is read need not be made: only
// their number matters, and the last step of each need not even be taken, since the degree of the
// node before it says how many there are.
#include <algorithm>

#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"

namespace kb::query::optimize {
namespace {

bool IsPlain(const bind::PatternRelationship& r) {
  return !r.route && !r.step_predicate && !r.step_left && !r.step_right && !r.type_test &&
         !r.properties_map && r.properties.empty();
}

void Mark(OperatorPtr& op) {
  if (As<plan::Aggregate>(op) == nullptr) return;
  Operator* below = op->inputs[0].get();
  while (std::holds_alternative<plan::Filter>(below->node) ||
         std::holds_alternative<plan::Project>(below->node) ||
         std::holds_alternative<plan::CountMatches>(below->node)) {
    below = below->inputs[0].get();
  }
  auto* expand = As<plan::ExpandVariable>(*below);
  if (expand == nullptr || !below->live || expand->into || expand->distinct_ends) return;
  if (!expand->different_from.empty() || !expand->tests.empty() || !IsPlain(expand->pattern)) {
    return;
  }
  if (expand->mode != ast::PathMode::kTrail && expand->mode != ast::PathMode::kWalk) return;
  const std::vector<Slot> given = ProducedSlots(*below);
  const bool read = std::any_of(given.begin(), given.end(), [&](Slot slot) {
    return std::binary_search(below->live->begin(), below->live->end(), slot);
  });
  expand->count_only = !read;
}

}  // namespace

Result<void> CountWalks(Context& context) {
  ForEachTree(context.plan, [](OperatorPtr& root) { BottomUp(root, Mark); });
  return {};
}

}  // namespace kb::query::optimize
