// The predicates of a pattern, as counting sees them: a test of one node, two nodes that must
// differ, a relationship that must or must not be there, or something that needs rows.
#pragma once

#include <limits>
#include <vector>

#include "query/optimize/count_tree.h"

namespace kb::query::optimize {

inline constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

struct Condition {
  enum class Form : std::uint8_t {
    kRows,  ///< Can only be tested on rows.
    kNode,  ///< Tests one node, and cannot fail: it may be tried on nodes that are in no match.
    kDifferent,  ///< a <> b.
    kLink,       ///< (a)-->(b), or NOT, between two nodes of the pattern.
    kHanging     ///< A pattern that hangs on nodes of this one, or must not.
  };
  Form form = Form::kRows;
  bool equality = false;                   ///< Likely to leave few nodes.
  std::vector<std::size_t> nodes;          ///< Of the pattern, that it mentions.
  std::vector<std::size_t> relationships;  ///< The same.
  CountGraph::Link link{};                 ///< kLink
  plan::CountGroup group;                  ///< kHanging
};

/// Patterns inside the predicate are looked up among the plan's subqueries.
Condition ReadCondition(const bind::Expression& predicate, const bind::Pattern& pattern,
                        const plan::Plan& plan, const Cost& cost);

/// Which node of the pattern has the slot, or kNowhere.
std::size_t NodeOf(const bind::Pattern& pattern, plan::Slot slot);

}  // namespace kb::query::optimize
