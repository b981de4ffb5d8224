// `count(DISTINCT b)` or `DISTINCT b` over a variable-length walk from a: only which b are reached
// matters, not by how many walks. The expansion then gives each end once, and searches by levels.
//
// Sound where nothing reads the list of relationships or its length, nothing is tested of it, and
// what is above cannot tell one walk from two: an aggregate whose every call is DISTINCT (or min or
// max), or a Distinct. Where the walk has to satisfy more than to be there (a lower bound above 1,
// steps that are tested, relationships that it may not repeat), the ends are not those at a
// distance: all walks are looked at, but each end still goes on once (plan::IsReach).
#include <algorithm>

#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"

namespace kb::query::optimize {
namespace {

bool IgnoresRepeats(const Operator& op) {
  if (std::holds_alternative<plan::Distinct>(op.node)) return true;
  const auto* aggregate = std::get_if<plan::Aggregate>(&op.node);
  if (aggregate == nullptr) return false;
  return std::all_of(aggregate->aggregates.begin(), aggregate->aggregates.end(),
                     [](const plan::Aggregate::Item& item) {
                       if (item.call.function == nullptr) return false;
                       return item.call.distinct || item.call.function->name == "min" ||
                              item.call.function->name == "max";
                     });
}

/// Row-by-row operators: two equal rows stay two equal rows.
bool TreatsRowsAlike(Operator& op) {
  return std::holds_alternative<plan::Expand>(op.node) ||
         ((std::holds_alternative<plan::Filter>(op.node) ||
           std::holds_alternative<plan::Project>(op.node)) &&
          IsDeterministic(op));
}

void Mark(OperatorPtr& op) {
  if (!IgnoresRepeats(*op)) return;
  Operator* below = op->inputs[0].get();
  while (TreatsRowsAlike(*below)) below = below->inputs[0].get();
  auto* expand = As<plan::ExpandVariable>(*below);
  if (expand == nullptr || expand->into || !below->live) return;
  if (!expand->tests.empty() || expand->length != bind::kNoSlot) return;
  const bind::PatternRelationship& r = expand->pattern;
  if (r.route || !r.groups.empty()) return;
  if (std::binary_search(below->live->begin(), below->live->end(), r.slot)) return;
  expand->distinct_ends = true;
}

}  // namespace

Result<void> ReachOnly(Context& context) {
  ForEachTree(context.plan, [](OperatorPtr& root) { BottomUp(root, Mark); });
  return {};
}

}  // namespace kb::query::optimize
