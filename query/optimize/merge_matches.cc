// MATCH upon MATCH is one pattern: the order of joins is then chosen over the whole, and what is
// only counted can be seen as one. Each MATCH keeps its own rule that relationships differ
// (MatchPattern::clauses).
//
// Left apart: patterns with selectors or modes, which speak of their own paths, and a MATCH that
// names a relationship of the one before again.
#include <algorithm>

#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"

namespace kb::query::optimize {
namespace {

bool IsSimple(const bind::Pattern& pattern) {
  if (!pattern.different_relationships) return false;
  return std::all_of(pattern.paths.begin(), pattern.paths.end(), [](const auto& path) {
    return path.shortest == ast::ShortestForm::kNone && !path.selector && !path.mode &&
           !path.predicate && path.named.empty();
  });
}

bool SharesRelationship(const bind::Pattern& lower, const bind::Pattern& upper) {
  return std::any_of(upper.relationships.begin(), upper.relationships.end(), [&](const auto& r) {
    return r.bound && std::any_of(lower.relationships.begin(), lower.relationships.end(),
                                  [&](const auto& other) { return other.slot == r.slot; });
  });
}

bind::LabelTestPtr Both(const bind::LabelTestPtr& a, const bind::LabelTestPtr& b) {
  if (!a || a == b) return b;
  if (!b) return a;
  auto both = std::make_shared<bind::LabelTest>();
  both->op = bind::LabelTest::Op::kAnd;
  both->operands = {a, b};
  return both;
}

/// Adds `upper` to `lower`.
void Add(plan::MatchPattern&& upper, plan::MatchPattern* lower) {
  bind::Pattern& into = lower->pattern;
  std::vector<std::size_t> place;  // of the nodes of `upper` in `into`
  for (auto& node : upper.pattern.nodes) {
    const auto known = std::find_if(into.nodes.begin(), into.nodes.end(),
                                    [&](const auto& other) { return other.slot == node.slot; });
    place.push_back(static_cast<std::size_t>(known - into.nodes.begin()));
    if (known == into.nodes.end()) {
      into.nodes.push_back(std::move(node));
    } else {
      known->labels = Both(known->labels, node.labels);
    }
  }
  const std::size_t first = into.relationships.size();
  lower->clauses.resize(first);
  const std::uint32_t clause =
      first == 0 ? 0 : *std::max_element(lower->clauses.begin(), lower->clauses.end()) + 1;
  for (std::size_t i = 0; i < upper.pattern.relationships.size(); ++i) {
    bind::PatternRelationship& r = upper.pattern.relationships[i];
    r.left = place[r.left];
    r.right = place[r.right];
    lower->clauses.push_back(clause + upper.ClauseOf(i));
    into.relationships.push_back(std::move(r));
  }
  for (auto& path : upper.pattern.paths) {
    for (auto& index : path.relationships) index += first;
    for (auto& index : path.nodes) index = place[index];
    into.paths.push_back(std::move(path));
  }
  lower->predicates.insert(lower->predicates.end(), upper.predicates.begin(),
                           upper.predicates.end());
}

void MergeInto(OperatorPtr& op) {
  auto* upper = As<plan::MatchPattern>(op);
  if (upper == nullptr) return;
  auto* lower = As<plan::MatchPattern>(op->inputs[0]);
  if (lower == nullptr || !IsSimple(upper->pattern) || !IsSimple(lower->pattern)) return;
  if (SharesRelationship(lower->pattern, upper->pattern)) return;
  Add(std::move(*upper), lower);
  OperatorPtr merged = std::move(op->inputs[0]);
  op = std::move(merged);
}

}  // namespace

Result<void> MergeMatches(Context& context) {
  ForEachTree(context.plan, [](OperatorPtr& root) { BottomUp(root, MergeInto); });
  return {};
}

}  // namespace kb::query::optimize
