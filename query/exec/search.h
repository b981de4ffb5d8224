// Searches between two nodes: shortest walks from both ends at once, and trails in the order of
// their length where more than the shortest is asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "query/exec/walk.h"

namespace kb::query::exec {

/// Finds the shortest walks from `from` to another node `to` of at most `max` relationships: all of
/// them, or just one. Each is given as its steps. The ends differ. Expands the smaller frontier.
Result<void> FindShortest(Runtime& runtime, Steps& steps, NodeId from, NodeId to, std::uint64_t max,
                          bool all, std::vector<std::vector<Step>>* found);

/// How long the shortest walks are, and how many there are; 0: none.
struct ShortestWalks {
  std::uint64_t length = 0;
  std::uint64_t number = 0;
};
/// The same search where only that is wanted: no walk is made. Without `all` the number is not
/// worked out, and is 1. Error: more walks than can be counted.
Result<ShortestWalks> MeasureShortest(Runtime& runtime, Steps& steps, NodeId from, NodeId to,
                                      std::uint64_t max, bool all);

/// Calls `visit` for each trail from `from` to `to` with at least `min` and at most `max`
/// relationships, shorter ones first, until it returns false. A branch is cut where the rest of the
/// way is longer than the length at hand allows.
Result<void> ForEachTrail(Runtime& runtime, Steps& steps, NodeId from, NodeId to, std::uint64_t min,
                          std::uint64_t max,
                          const std::function<Result<bool>(const std::vector<Step>&)>& visit);

}  // namespace kb::query::exec
