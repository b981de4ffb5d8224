#include "query/exec/route_distance.h"

#include <algorithm>

namespace kb::query::exec {

Result<void> RouteDistance::Start(NodeId anchor, bool from_end) {
  from_end_ = from_end;
  level_ = 0;
  known_.clear();
  ends_.clear();
  frontier_.clear();
  RoutePosition start;
  if (!graph_.StartAt(anchor, from_end, &start)) return {};
  frontier_.push_back(start);
  return Extend();
}

bool RouteDistance::Add(const RoutePosition& position) {
  std::vector<Entry>& entries = known_[Key(position)];
  const bool is_known = std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) {
    return graph_.Covers(entry.position, position, from_end_);
  });
  if (is_known) return false;
  const std::size_t other_end = from_end_ ? bind::Route::kStart : bind::Route::kEnd;
  if (position.state == other_end && graph_.MayEnd(position)) {
    const bool is_new = std::none_of(entries.begin(), entries.end(), [&](const Entry& entry) {
      return graph_.MayEnd(entry.position);
    });
    if (is_new) ends_.push_back(position.node);
  }
  entries.push_back({position, level_});
  return true;
}

/// The frontier holds what one more relationship leads to. It is at the new level, with all that
/// moves lead to from there.
Result<void> RouteDistance::Extend() {
  if (!known_.empty()) ++level_;
  std::vector<RoutePosition> next;
  std::vector<RoutePosition> here = std::move(frontier_);
  while (!here.empty()) {
    const RoutePosition position = here.back();
    here.pop_back();
    if (!Add(position)) continue;
    if ((++visits_ & 0x3FF) == 0) KB_TRY(graph_.runtime().CheckCancelled());
    KB_TRY(graph_.HopsFrom(position, from_end_, &hops_));
    for (const RouteHop& hop : hops_) (hop.is_step ? next : here).push_back(hop.to);
  }
  frontier_ = std::move(next);
  return {};
}

Result<void> RouteDistance::ExtendTo(std::uint64_t level) {
  while (level_ < level && !is_complete()) KB_TRY(Extend());
  return {};
}

std::uint64_t RouteDistance::From(const RoutePosition& position) const {
  const auto known = known_.find(Key(position));
  if (known == known_.end()) return kFar;
  for (const Entry& entry : known->second) {  // nearest first
    if (graph_.CanMeet(position, entry.position, from_end_)) return entry.distance;
  }
  return kFar;
}

}  // namespace kb::query::exec
