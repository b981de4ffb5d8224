// RouteDistance: how far every position of a route is from one end, found level by level as far as
// it is asked for. What guides a search for short walks: no branch is followed whose rest is
// longer than the length at hand allows.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "query/exec/route_graph.h"

namespace kb::query::exec {

/// Distances are those of walks that satisfy the conditions of single states and steps, and whose
/// times are in order: lower bounds where a mode or a condition on several steps restricts the walk
/// further.
class RouteDistance {
 public:
  explicit RouteDistance(RouteGraph& graph) : graph_(graph) {}

  /// Measures from `anchor`: the start of the route or, if `from_end`, its end.
  Result<void> Start(NodeId anchor, bool from_end);

  std::uint64_t level() const { return level_; }
  /// Nothing is further away than what has been found.
  bool is_complete() const { return frontier_.empty(); }
  /// One level more.
  Result<void> Extend();
  Result<void> ExtendTo(std::uint64_t level);

  /// The least distance from a position of a search from the other side to the anchor; kFar if
  /// there is none up to the present level.
  static constexpr std::uint64_t kFar = static_cast<std::uint64_t>(-1);
  std::uint64_t From(const RoutePosition& position) const;

  /// The nodes at the other end of the route, nearest first, as far as they are found.
  const std::vector<NodeId>& ends() const { return ends_; }

 private:
  struct Entry {
    RoutePosition position;
    std::uint64_t distance;
  };

  /// Adds a position at the present level; false if it is known at this or a lower one.
  bool Add(const RoutePosition& position);
  static std::uint64_t Key(const RoutePosition& position) {
    return std::uint64_t{position.state} << 32 | schema::Raw(position.node);
  }

  RouteGraph& graph_;
  bool from_end_ = false;
  std::uint64_t level_ = 0;
  std::unordered_map<std::uint64_t, std::vector<Entry>> known_;
  std::vector<RoutePosition> frontier_;
  std::vector<NodeId> ends_;
  std::vector<RouteHop> hops_;
  std::uint32_t visits_ = 0;
};

}  // namespace kb::query::exec
