// What of a pattern is counted, and what must be enumerated as rows.
//
// Enumerated is the core: nodes and relationships that something above reads, those that were known
// before, those in predicates that are more than a test of one node, and what links these to each
// other. Everything else hangs on the core and only its number is needed. Where nothing is in the
// core, one node is put there: the one from which the counting takes the fewest steps.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "query/optimize/cost.h"
#include "query/optimize/rewrite.h"

namespace kb::query::optimize {

/// A group that hangs on nodes given by their slots.
struct HangingGroup {
  plan::CountGroup group;
  std::vector<Slot> on;
};

/// The parts of a pattern.
struct SplitPattern {
  plan::MatchPattern core;
  std::vector<plan::CountGroup> groups;
  std::vector<plan::LabelsApart> labels_apart;  ///< What this rests on.
};

/// Splits a pattern above which only `needed` is read, with groups that are to be counted with it
/// (OPTIONAL MATCH); nothing if all of it is core. `rows`: expected from the input.
/// Predicates that are patterns are looked up among the plan's subqueries.
std::optional<SplitPattern> SplitForCounting(const plan::MatchPattern& match, const SlotSet& needed,
                                             const std::vector<HangingGroup>& hanging,
                                             const plan::Plan& plan, const Cost& cost, double rows);

/// The whole of a pattern, but for its bound nodes, as a group that hangs on these; nothing if some
/// of it cannot be counted.
std::optional<HangingGroup> CountWhole(const plan::MatchPattern& match, plan::CountGroup::Use use,
                                       const plan::Plan& plan, const Cost& cost);

}  // namespace kb::query::optimize
