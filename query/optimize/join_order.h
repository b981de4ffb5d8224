// The order in which a pattern's nodes and relationships are found: a list of steps.
#pragma once

#include <vector>

#include "query/optimize/cost.h"
#include "query/plan/plan.h"

namespace kb::query::optimize {

/// One step of a pattern.
struct JoinStep {
  enum class Kind { kLeaf, kExpand };
  Kind kind = Kind::kLeaf;
  std::size_t index = 0;  ///< kLeaf: node; kExpand: relationship.
  int seek = -1;          ///< kLeaf: index into MatchPattern::seeks, or -1 for a scan.
  bool from_left = true;  ///< kExpand: walked from its left node.
  double rows = 0;        ///< Expected behind the step.
};

/// Chooses greedily: from each possible first node the cheapest next step, and of those orders the
/// one with the smallest sum of intermediate rows. `plain`: as written.
std::vector<JoinStep> OrderPattern(const plan::MatchPattern& match, const Cost& cost,
                                   double input_rows, bool plain);

/// The part of the pattern that the relationship stands in.
const bind::PatternPath* PathOf(const bind::Pattern& pattern, std::size_t relationship);
/// The function shortestPath() or allShortestPaths(): it searches between two known ends.
bool IsShortest(const bind::Pattern& pattern, std::size_t relationship);
/// Whether a selector chooses among its paths.
bool IsSelected(const bind::Pattern& pattern, std::size_t relationship);

}  // namespace kb::query::optimize
