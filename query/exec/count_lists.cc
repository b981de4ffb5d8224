// Counter for nodes that stand in a list together with another: between two lists of a row, under a
// closing link, or twins that must differ.
#include <algorithm>

#include "query/exec/count_tree.h"

namespace kb::query::exec {

/// Calls count(row, near, far) for the two lists of each row, which are fetched together.
template <typename Count>
void Counter::ForEachPairOfLists(const Link& near, const Link& far, const Frame& in,
                                 const Count& count) {
  Fetch(near.lanes[0], in.Column(near.from), in.size(), &near_lists_);
  Fetch(far.lanes[0], in.Column(far.from), in.size(), &lists_);
  for (std::uint32_t i = 0; i < in.size(); ++i) count(i, near_lists_[i], lists_[i]);
}

/// What the ends of a row's list come to with the relationships of the one closing link.
template <typename Count>
std::uint64_t Counter::SumClosed(const Node& node, NodeList list,
                                 std::span<const NodeId* const> others, std::uint32_t row,
                                 const Count& count) {
  using Use = plan::CountLink::Use;
  const Use use = node.closing[0].use;
  std::uint64_t sum = 0;
  if (others.empty() && node.numbers.IsAlways(1)) {
    for (const NodeId end : list) {
      const std::uint64_t number = count(end);
      sum += use == Use::kTimes ? number : ((number != 0) == (use == Use::kExists) ? 1U : 0U);
    }
    return sum;
  }
  for (const NodeId end : list) {
    std::uint64_t number = UsedBy(use, count(end));
    for (const NodeId* const other : others) {
      if (other[row] == end || other[row] == schema::kNoNode) number = 0;
    }
    AddTo(&sum, Times(number, node.numbers[end]));
  }
  return sum;
}

/// For a node between two lists: those of one that are in the other, or that are not.
void Counter::SumBetweenLists(std::size_t index, const Frame& in,
                              std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  const Link& link = node.closing[0];
  const NodeId* const far_from = in.Column(link.from);
  const std::vector<const NodeId*> others = in.Columns(node.different);
  ForEachPairOfLists(node.link, link, in, [&](std::uint32_t row, NodeList near, NodeList far) {
    if (near.empty()) return;
    if (far_from[row] == schema::kNoNode || near.size() > kShortList || far.size() > kShortList) {
      (*sums)[row] = NumberInRow(index, in, row);
      return;
    }
    (*sums)[row] =
        SumClosed(node, near, others, row, [far](NodeId end) { return CountIn(far, end); });
  });
}

/// For a node of which each row has a list, while its closing link is looked up in a table.
void Counter::SumUnderPairs(std::size_t index, const Frame& in, const PairTable& pairs,
                            std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  const Link& link = node.closing[0];
  const NodeId* const far = in.Column(link.from);
  const std::vector<const NodeId*> others = in.Columns(node.different);
  Fetch(node.link.lanes[0], in.Column(node.link.from), in.size(), &lists_);
  for (std::uint32_t row = 0; row < in.size(); ++row) {
    if (lists_[row].size() > kShortList) {
      (*sums)[row] = NumberInRow(index, in, row);
      continue;
    }
    (*sums)[row] = SumClosed(node, lists_[row], others, row,
                             [&](NodeId end) { return pairs.Count(far[row], end); });
  }
}

/// For a node under which only its twin hangs: all pairs, less those that are the same node.
void Counter::SumTwins(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  const Node& twin = tree_.nodes_[*node.twin];
  const NodeId* const from = in.Column(node.link.from);
  const NodeId* const twin_from = in.Column(twin.link.from);
  const bool are_alike = node.numbers.IsAlways(1) && twin.numbers.IsAlways(1) &&
                         !node.link.lanes[0].skips_loops && !twin.link.lanes[0].skips_loops;
  ForEachPairOfLists(node.link, twin.link, in, [&](std::uint32_t row, NodeList near, NodeList far) {
    if (near.empty() || far.empty()) return;
    if (are_alike && near.size() <= kShortList && far.size() <= kShortList) {
      std::uint64_t same = 0;
      for (const NodeId end : near) same += CountIn(far, end);
      (*sums)[row] = near.size() * far.size() - same;
      return;
    }
    std::uint64_t pairs = 0;
    std::uint64_t other = 0;
    if (!node.numbers.Sum(near, &pairs) || !twin.numbers.Sum(far, &other)) overflowed_ = true;
    pairs = Times(pairs, other);
    const bool is_near_longer = near.size() > far.size();
    const NodeList few = is_near_longer ? far : near;
    const NodeList many = is_near_longer ? near : far;
    const CountTree::Lane& lane = (is_near_longer ? node : twin).link.lanes[0];
    const NodeId many_from = (is_near_longer ? from : twin_from)[row];
    for (const NodeId end : few) {
      const std::uint64_t same = CountOf(lane, many, many_from, end);
      if (same != 0) pairs -= Times(same, Times(node.numbers[end], twin.numbers[end]));
    }
    (*sums)[row] = pairs;
  });
}

/// For a node under which only its twin hangs, in the same list.
void Counter::SumTwinsInList(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  const Node& twin = tree_.nodes_[*node.twin];
  const NodeId* const from = in.Column(node.link.from);
  for (std::uint32_t row = 0; row < in.size(); ++row) {
    const bool again = row != 0 && from[row] == from[row - 1];
    (*sums)[row] = again ? (*sums)[row - 1] : TwinsInList(node, twin, from[row]);
  }
}

/// The ends of a node's lists, in order.
void Counter::SortEnds(const Node& node, NodeId from) {
  ends_.clear();
  for (const auto& lane : node.link.lanes) {
    const storage::Slice list = lane.near[from];
    const auto middle = static_cast<std::ptrdiff_t>(ends_.size());
    ends_.insert(ends_.end(), list.nodes, list.nodes + list.size);
    const auto begin = ends_.begin() + middle;
    if (lane.skips_loops) ends_.erase(std::remove(begin, ends_.end(), from), ends_.end());
    if (list.sorted != list.size) std::sort(begin, ends_.end());
    if (middle == 0 || begin == ends_.end() || *(begin - 1) <= *begin) continue;
    if (ends_.back() <= ends_.front()) {
      std::rotate(ends_.begin(), begin, ends_.end());
    } else {
      std::inplace_merge(ends_.begin(), begin, ends_.end());
    }
  }
}

/// All pairs of entries of a node's lists, less those with the same end, which stand side by side
/// once the lists are in order.
std::uint64_t Counter::TwinsInList(const Node& node, const Node& twin, NodeId from) {
  SortEnds(node, from);
  std::uint64_t all = 0;
  std::uint64_t other = 0;
  std::uint64_t same = 0;
  for (std::size_t i = 0; i < ends_.size();) {
    const NodeId end = ends_[i];
    std::uint64_t times = 0;
    for (; i < ends_.size() && ends_[i] == end; ++i) ++times;
    const std::uint64_t first = Times(times, node.numbers[end]);
    const std::uint64_t second = Times(times, twin.numbers[end]);
    AddTo(&all, first);
    AddTo(&other, second);
    AddTo(&same, Times(first, second));
  }
  return Times(all, other) - same;
}

}  // namespace kb::query::exec
