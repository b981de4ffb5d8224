#include "query/exec/trail_ends.h"

#include <algorithm>

namespace kb::query::exec {
namespace {

template <typename Ids>
bool Has(const Ids& ids, std::uint64_t id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

void TrailEnds::Level::Clear(std::size_t of_length) {
  length = of_length;
  nodes.clear();
  last.clear();
  next.clear();
  parts.clear();
  places.clear();
}

Result<void> TrailEnds::Find(NodeId from, std::uint64_t min, std::uint64_t max, LookBack* look_back,
                             NodeSet* seen, std::vector<NodeId>* ends) {
  if (min > max) return {};
  if (min == 0 && seen->Add(from)) ends->push_back(from);
  level_.Clear(0);
  level_.nodes = {from};
  level_.last = {0};
  level_.next = {kNone};
  inner_.clear();
  for (std::uint64_t length = 1; length < max && !level_.nodes.empty(); ++length) {
    KB_TRY(Lengthen(max - length, length >= min, seen, ends));
    inner_.insert(inner_.end(), level_.nodes.begin(), level_.nodes.end());
    std::swap(level_, longer_);
  }
  if (max == 0) return {};
  return look_back->Pays(level_.nodes.size(), ends->size())
             ? TakeLastBackwards(*look_back, seen, ends)
             : TakeLast(seen, ends);
}

/// Makes longer_ of level_; `left` steps may follow.
Result<void> TrailEnds::Lengthen(std::size_t left, bool are_ends, NodeSet* seen,
                                 std::vector<NodeId>* ends) {
  longer_.Clear(level_.length + 1);
  for (std::uint32_t node = 0; node < level_.nodes.size(); ++node) {
    if ((node & 0xFF) == 0xFF) KB_TRY(runtime_.CheckCancelled());
    KB_TRY(steps_.From(level_.nodes[node], reversed_, &ways_));
    for (const Step& step : ways_) {
      const std::uint64_t id = step.relationship.id();
      bool is_end = false;
      for (std::uint32_t at = level_.last[node]; at != kNone; at = level_.next[at]) {
        const Trail trail = level_.At(at);
        if (Has(trail, id)) continue;
        trail_.assign(trail.begin(), trail.end());
        trail_.push_back(id);
        Keep(step.end, left);
        is_end = true;
      }
      if (is_end && are_ends && seen->Add(step.end)) ends->push_back(step.end);
    }
  }
  return {};
}

/// The last step only has to be none that all trails to its node have taken.
Result<void> TrailEnds::TakeLast(NodeSet* seen, std::vector<NodeId>* ends) {
  for (std::uint32_t node = 0; node < level_.nodes.size(); ++node) {
    if ((node & 0xFF) == 0xFF) KB_TRY(runtime_.CheckCancelled());
    const NodeId from = level_.nodes[node];
    FindShared(node);
    const auto add = [&](NodeId end, const auto& relationship) {
      if (seen->Has(end) || (!shared_.empty() && Has(shared_, relationship().id()))) return;
      seen->Add(end);
      ends->push_back(end);
    };
    if (steps_.is_plain()) {
      steps_.ForEachWay(from, reversed_, add);
      continue;
    }
    KB_TRY(steps_.From(from, reversed_, &ways_));
    for (const Step& step : ways_) add(step.end, [&step] { return step.relationship; });
  }
  return {};
}

/// The same, asked from the nodes that are no ends yet. A relationship that a trail has taken joins
/// two of the trail's nodes, and so leads from the level to an inner node: only from these on is it
/// asked which relationship it is.
Result<void> TrailEnds::TakeLastBackwards(const LookBack& look_back, NodeSet* seen,
                                          std::vector<NodeId>* ends) {
  near_.Reserve(look_back.node_limit());
  near_.UseBits();
  for (const NodeId node : level_.nodes) near_.Add(node);
  const std::size_t known = ends->size();
  seen->UseBits();
  NodeSet skipped = *seen;
  for (const NodeId node : inner_) {
    if (!skipped.Add(node)) continue;
    bool is_end = false;
    steps_.ForEachWay(node, !reversed_, [&](NodeId from, const auto& relationship) {
      if (is_end || !near_.Has(from)) return;
      FindShared(level_.places.find(schema::Raw(from))->second);
      is_end = !Has(shared_, relationship().id());
    });
    if (is_end) ends->push_back(node);
  }
  KB_TRY(look_back.ForEach(skipped, runtime_, [&](NodeId node, std::span<const NodeId> from) {
    if (!near_.HasAnyOf(from)) return false;
    ends->push_back(node);
    return true;
  }));
  for (std::size_t i = known; i < ends->size(); ++i) seen->Add((*ends)[i]);
  near_.Clear(level_.nodes);
  return {};
}

void TrailEnds::FindShared(std::uint32_t node) {
  std::uint32_t at = level_.last[node];
  const Trail first = level_.At(at);
  shared_.assign(first.begin(), first.end());
  for (at = level_.next[at]; at != kNone && !shared_.empty(); at = level_.next[at]) {
    std::erase_if(shared_, [&](std::uint64_t id) { return !Has(level_.At(at), id); });
  }
}

void TrailEnds::Keep(NodeId end, std::size_t left) {
  const auto number = static_cast<std::uint32_t>(longer_.next.size());
  const auto [place, is_new] = longer_.places.try_emplace(
      schema::Raw(end), static_cast<std::uint32_t>(longer_.nodes.size()));
  if (is_new) {
    longer_.nodes.push_back(end);
    longer_.last.push_back(kNone);
  }
  std::uint32_t& last = longer_.last[place->second];
  chosen_.clear();
  if (Serve(last, left)) return;
  longer_.next.push_back(last);
  longer_.parts.insert(longer_.parts.end(), trail_.begin(), trail_.end());
  last = number;
}

/// Whether the trails from `trail` on serve for trail_, whatever comes besides chosen_: so they do
/// unless `left` relationships that are not on trail_ meet every one of them.
bool TrailEnds::Serve(std::uint32_t trail, std::size_t left) {
  const auto is_met = [&](Trail other) {
    return std::any_of(other.begin(), other.end(),
                       [&](std::uint64_t id) { return Has(chosen_, id); });
  };
  while (trail != kNone && is_met(longer_.At(trail))) trail = longer_.next[trail];
  if (trail == kNone) return false;
  if (left == 0) return true;
  for (const std::uint64_t id : longer_.At(trail)) {
    if (Has(trail_, id)) continue;
    chosen_.push_back(id);
    const bool serve = Serve(longer_.next[trail], left - 1);
    chosen_.pop_back();
    if (!serve) return false;
  }
  return true;
}

}  // namespace kb::query::exec
