// RouteWalk: all walks of a route from one node, depth first, one after the other. With a distance
// to the far end for a guide, only the walks of one length.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "query/exec/route_distance.h"
#include "query/exec/route_graph.h"
#include "query/exec/walk.h"

namespace kb::query::exec {

/// One thread. The stack is its own, because walks may be long; between two calls of Next it is
/// left standing.
class RouteWalk {
 public:
  explicit RouteWalk(RouteGraph& graph) : graph_(graph) {}

  struct Task {
    NodeId from = schema::kNoNode;
    bool reversed = false;        ///< From the end of the route to its start.
    NodeId to = schema::kNoNode;  ///< The only far end that counts; kNoNode: any.
    const std::vector<RelationshipRef>* avoid = nullptr;
    /// With a guide: walks of exactly this many relationships to the guide's anchor, or of any
    /// number; then the guide only keeps from ways that do not lead there, and must be complete.
    const RouteDistance* guide = nullptr;
    std::uint64_t length = kAnyLength;
  };
  static constexpr std::uint64_t kAnyLength = static_cast<std::uint64_t>(-1);
  Result<void> Start(const Task& task);
  /// Goes on to the next walk; false: there is none any more.
  Result<bool> Next();

  /// Whether something was left aside only because it would be longer.
  bool is_cut() const { return is_cut_; }

  // --- The walk at hand, in the order in which it was walked ---
  const RoutePosition& start() const { return start_; }
  const std::vector<RouteHop>& hops() const { return hops_; }
  bool reversed() const { return task_.reversed; }
  NodeId end() const { return hops_.empty() ? start_.node : hops_.back().to.node; }
  std::size_t length() const { return walk_.size(); }

  /// The hops of `scope` that is being closed, for its condition: from the one that opened it.
  using ScopeTest = std::function<Result<bool>(std::size_t scope, std::size_t first_hop)>;
  void SetScopeTest(ScopeTest test) { scope_test_ = std::move(test); }

 private:
  struct Frame {
    std::vector<RouteHop> hops;
    std::size_t at = 0;
  };
  struct Open {
    std::size_t scope;
    std::size_t first;  ///< The hop that opened it.
  };
  /// What taking a hop did to the open scopes.
  struct Undo {
    bool opened = false;
    bool closed = false;
    Open was{};
  };

  Result<void> OpenFrame();
  bool IsWithinLength(const RouteHop& hop);
  bool MayStep(const RouteHop& hop) const;
  bool AllowsInScope(const Open& open, const RouteHop& hop) const;
  bool IsInOrder(const Open& open, const RouteHop& hop) const;
  Result<bool> Take(const RouteHop& hop);
  void Undo_();
  bool IsMatch() const;

  RouteGraph& graph_;
  Task task_;
  RoutePosition start_;
  Walk walk_;
  std::vector<RouteHop> hops_;
  std::vector<Undo> undo_;
  std::vector<Open> open_;
  std::vector<Frame> frames_;  ///< Kept beyond depth_, for their capacity.
  std::size_t depth_ = 0;
  bool is_cut_ = false;
  bool has_match_ = false;
  std::uint32_t count_ = 0;
  ScopeTest scope_test_;
};

}  // namespace kb::query::exec
