// Under an aggregate, walks of which neither the end nor any part is read need not be made: only
// their number matters, and the last step of each need not even be taken, since the degree of the
// node before it says how many there are. And where the steps of walks are tested, but only their
// ends and lengths are read, those with the same can be one row that counts for all of them; so can
// the shortest walks between two ends.
#include <algorithm>

#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"

namespace kb::query::optimize {
namespace {

bool IsPlain(const bind::PatternRelationship& r) {
  return !r.route && !r.step_predicate && !r.step_left && !r.step_right && !r.type_test &&
         !r.properties_map && r.properties.empty();
}

/// Equal rows come out equal: one of them may stand for all.
bool TreatsRowsAlike(Operator& op) {
  return std::holds_alternative<plan::CountMatches>(op.node) ||
         ((std::holds_alternative<plan::Filter>(op.node) ||
           std::holds_alternative<plan::Project>(op.node)) &&
          IsDeterministic(op));
}

/// The shortest walks between two ends, which have one length.
void MarkShortest(Operator& op, plan::ShortestPath* shortest) {
  if (!op.live || !shortest->predicates.empty()) return;
  const std::vector<Slot> given = ProducedSlots(op);
  shortest->merges_walks = std::all_of(given.begin(), given.end(), [&](Slot slot) {
    return slot == shortest->length || !std::binary_search(op.live->begin(), op.live->end(), slot);
  });
}

void Mark(OperatorPtr& op) {
  if (As<plan::Aggregate>(op) == nullptr || !IsDeterministic(*op)) return;
  Operator* below = op->inputs[0].get();
  while (TreatsRowsAlike(*below)) below = below->inputs[0].get();
  if (auto* shortest = As<plan::ShortestPath>(*below)) MarkShortest(*below, shortest);
  auto* expand = As<plan::ExpandVariable>(*below);
  if (expand == nullptr || !below->live || expand->into || expand->distinct_ends) return;
  if (!expand->different_from.empty() || !IsPlain(expand->pattern)) return;
  if (expand->mode != ast::PathMode::kTrail && expand->mode != ast::PathMode::kWalk) return;
  const auto is_read = [&](Slot slot) {
    return std::binary_search(below->live->begin(), below->live->end(), slot);
  };
  const std::vector<Slot> given = ProducedSlots(*below);
  if (!expand->tests.empty()) {
    expand->merges_walks = std::all_of(given.begin(), given.end(), [&](Slot slot) {
      return slot == expand->to || slot == expand->length || !is_read(slot);
    });
  } else {
    expand->count_only = std::none_of(given.begin(), given.end(), is_read);
  }
}

}  // namespace

Result<void> CountWalks(Context& context) {
  ForEachTree(context.plan, [](OperatorPtr& root) { BottomUp(root, Mark); });
  return {};
}

}  // namespace kb::query::optimize
