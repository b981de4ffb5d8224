// TrailEnds: where the trails of a bounded length from a node end, without making all of them.
//
// Level by level, a few trails are kept for each node they lead to. Whether one of them can be
// continued depends on the relationships that are still to come: at most as many as levels are
// left. A trail is dropped if the ones kept serve for whatever may come, that is, if every choice
// of so many relationships that leaves it alone leaves one of those alone, too. (They are a
// representative family; with n levels behind and m to come at most binomial(n + m, n) are kept.)
// So the work grows with the graph that is reached, not with the number of trails.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "query/exec/look_back.h"
#include "query/exec/node_set.h"
#include "query/exec/runtime.h"
#include "query/exec/steps.h"

namespace kb::query::exec {

/// One thread.
class TrailEnds {
 public:
  TrailEnds(Runtime& runtime, Steps& steps, bool reversed)
      : runtime_(runtime), steps_(steps), reversed_(reversed) {}

  /// Appends to `ends` those of the trails of at least `min` and at most `max` relationships, each
  /// once. `seen` is empty before, and has them afterwards; `look_back` has been started for the
  /// steps. Error: cancelled.
  Result<void> Find(NodeId from, std::uint64_t min, std::uint64_t max, LookBack* look_back,
                    NodeSet* seen, std::vector<NodeId>* ends);

 private:
  using Trail = std::span<const std::uint64_t>;  ///< The relationships' ids.
  /// What has been found of one length.
  struct Level {
    std::size_t length = 0;
    std::vector<NodeId> nodes;
    std::vector<std::uint32_t> last;   ///< By node, its last trail …
    std::vector<std::uint32_t> next;   ///< … from each to the one before; kNone: no more.
    std::vector<std::uint64_t> parts;  ///< `length` a trail.
    boost::unordered_flat_map<std::uint32_t, std::uint32_t> places;  ///< In nodes.

    Trail At(std::uint32_t trail) const { return Trail(parts).subspan(trail * length, length); }
    void Clear(std::size_t of_length);
  };
  static constexpr std::uint32_t kNone = 0xFFFF'FFFFu;

  Result<void> Lengthen(std::size_t left, bool are_ends, NodeSet* seen, std::vector<NodeId>* ends);
  Result<void> TakeLast(NodeSet* seen, std::vector<NodeId>* ends);
  Result<void> TakeLastBackwards(const LookBack& look_back, NodeSet* seen,
                                 std::vector<NodeId>* ends);
  /// Notes the relationships that are on all trails to a node.
  void FindShared(std::uint32_t node);
  /// Keeps trail_ as one to a node, if those that are kept do not serve for it.
  void Keep(NodeId end, std::size_t left);
  bool Serve(std::uint32_t trail, std::size_t left);

  Runtime& runtime_;
  Steps& steps_;
  const bool reversed_;
  Level level_, longer_;
  std::vector<Step> ways_;
  std::vector<std::uint64_t> trail_;   ///< The one at hand.
  std::vector<std::uint64_t> chosen_;  ///< Relationships that may come, while Serve looks.
  std::vector<std::uint64_t> shared_;
  std::vector<NodeId> inner_;  ///< Nodes of the levels before.
  NodeSet near_;               ///< Those of the level, where their ends are looked for backwards.
};

}  // namespace kb::query::exec
