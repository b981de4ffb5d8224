// Counter for many rows at a time. Each node of the tree is a step over flat columns, like a level
// of a vectorised plan: the ends of all rows are laid side by side, what they are worth is worked
// out in one loop a condition, and added up by row. A row is never looked at by itself, except for
// the few kinds of which counter.cc knows more: a link over relationships that were taken, and a
// list under marks.
#include <algorithm>

#include "query/exec/count_tree.h"
#include "schema/base/assert.h"

namespace kb::query::exec {
namespace {

/// Rows, or ends, that are looked at together: what one loop brings near is there for the next.
constexpr std::uint32_t kTogether = 1024;

/// How many of a short list are `node`.
std::uint64_t CountIn(std::span<const NodeId> list, NodeId node) {
  std::uint64_t count = 0;
  for (const NodeId end : list) count += end == node ? 1 : 0;
  return count;
}

}  // namespace

const NodeId* Counter::Frame::Column(At place) const {
  const auto at = std::find(places.begin(), places.end(), place);
  KB_ASSERT(at != places.end());
  return columns[static_cast<std::size_t>(at - places.begin())].data();
}

std::vector<const NodeId*> Counter::Frame::Columns(const std::vector<At>& wanted) const {
  std::vector<const NodeId*> found;
  for (const At place : wanted) found.push_back(Column(place));
  return found;
}

/// Drops the rows that are worth nothing.
void Counter::Frame::Compact() {
  kept.resize(size());
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < size(); ++i) {
    kept[count] = i;
    count += worth[i] != 0 ? 1U : 0U;
  }
  if (count == size()) return;
  const auto keep = [&](auto* column) {
    if (column->empty()) return;
    for (std::uint32_t i = 0; i < count; ++i) (*column)[i] = (*column)[kept[i]];
    column->resize(count);
  };
  for (auto& column : columns) keep(&column);
  keep(&rows);
  keep(&worth);
}

void Counter::CountRows(std::span<const NodeId* const> columns, std::uint32_t rows,
                        std::uint64_t* numbers) {
  std::vector<At> places(columns.size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<At>(i);
  MultiplyRows(tree_.groups_, places, columns, rows, numbers);
}

void Counter::MultiplyRows(const std::vector<CountTree::Group>& groups, std::span<const At> places,
                           std::span<const NodeId* const> columns, std::uint32_t rows,
                           std::uint64_t* numbers) {
  top_.places.assign(places.begin(), places.end());
  top_.columns.resize(columns.size());
  for (std::uint32_t begin = 0; begin < rows; begin += kTogether) {
    const std::uint32_t count = std::min(kTogether, rows - begin);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      top_.columns[i].assign(columns[i] + begin, columns[i] + begin + count);
    }
    top_.worth.assign(numbers + begin, numbers + begin + count);
    top_.rows.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) top_.rows[i] = begin + i;
    Multiply(groups, &top_);
    std::fill(numbers + begin, numbers + begin + count, 0);
    for (std::uint32_t i = 0; i < top_.size(); ++i) numbers[top_.rows[i]] = top_.worth[i];
  }
}

void Counter::Multiply(const std::vector<CountTree::Group>& groups, Frame* frame) {
  for (const CountTree::Group& group : groups) {
    if (frame->size() == 0) return;
    for (std::size_t n = 0; n < group.nodes.size(); ++n) {
      Sum(group.nodes[n], *frame, &frame->sums);
      if (n == 0) {
        std::swap(frame->product, frame->sums);
        continue;
      }
      for (std::uint32_t i = 0; i < frame->size(); ++i) {
        frame->product[i] = Times(frame->product[i], frame->sums[i]);
      }
    }
    bool any_zero = false;
    for (std::uint32_t i = 0; i < frame->size(); ++i) {
      frame->worth[i] = Times(frame->worth[i], CountTree::Used(group.use, frame->product[i]));
      any_zero = any_zero || frame->worth[i] == 0;
    }
    if (any_zero) frame->Compact();
  }
}

/// What the node comes to for each row of `in`.
void Counter::Sum(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  sums->assign(in.size(), 0);
  if (node.is_leaf_between_lists()) return SumBetweenLists(index, in, sums);
  if (node.twin) return SumTwins(index, in, sums);
  if (node.is_leaf_under_one_link() && !node.closing[0].marks && node.link.lanes.size() == 1) {
    if (const PairTable* pairs = PairsFor(node.closing[0], 0)) {
      return SumUnderPairs(index, in, *pairs, sums);
    }
  }
  if (node.is_leaf_under_one_link() || node.is_often_taken) {
    for (std::uint32_t row = 0; row < in.size(); ++row) (*sums)[row] = NumberInRow(index, in, row);
    return;
  }
  if (node.is_sum() && node.has_numbers) {
    SumLists(index, in, sums);
  } else {
    SumEnds(index, in, sums);
  }
  if (!node.conflicts.empty()) CorrectRows(index, in, sums);
}

/// The node's number for one row, as counter.cc finds it.
std::uint64_t Counter::NumberInRow(std::size_t index, const Frame& in, std::uint32_t row) {
  for (const At at : tree_.nodes_[index].depends) bound_[at] = in.Column(at)[row];
  return NumberOf(index);
}

/// Rows in which a link could lead over a relationship that was taken are counted anew: mostly
/// none.
void Counter::CorrectRows(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  for (const CountTree::Conflict& conflict : node.conflicts) {
    // The link goes from `near` to this node, so one end of what was taken is `near`; which one, is
    // known where neither is this node and the link has a direction.
    const NodeId* const near = in.Column(CountTree::NearOf(node, conflict));
    const auto known = [&](At at) { return at == node.at ? nullptr : in.Column(at); };
    const NodeId* source = known(conflict.left);
    const NodeId* target = known(conflict.right);
    if (conflict.link == 0 && source != nullptr && target != nullptr) {
      if (conflict.direction == schema::Direction::kIn) std::swap(source, target);
      if (node.link.direction == schema::Direction::kIn) source = nullptr;
      if (node.link.direction == schema::Direction::kOut) target = nullptr;
    }
    for (std::uint32_t row = 0; row < in.size(); ++row) {
      const bool may_be_taken = (source != nullptr && source[row] == near[row]) ||
                                (target != nullptr && target[row] == near[row]);
      if (may_be_taken) (*sums)[row] = NumberInRow(index, in, row);
    }
  }
}

/// The lists of some rows, their first entries on the way from memory: all misses are waited for
/// together, not one upon the other. Nobody's list (kNoNode) is empty.
void Counter::Fetch(const CountTree::Lane& lane, const NodeId* from, std::uint32_t rows,
                    std::vector<NodeList>* lists) {
  lists->resize(rows);
  NodeList* const out = lists->data();
  for (std::uint32_t i = 0; i < rows; ++i) {
    out[i] = lane.near.NodesOf(from[i]);
    __builtin_prefetch(out[i].data());
  }
}

/// For a node that is worth what its table says.
void Counter::SumLists(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  const NodeId* const from = in.Column(node.link.from);
  const std::vector<const NodeId*> others = in.Columns(node.different);
  for (const auto& lane : node.link.lanes) {
    if (others.empty() && node.numbers.IsAlways(1) && !lane.skips_loops) {
      std::uint64_t* const out = sums->data();
      for (std::uint32_t i = 0; i < in.size(); ++i) out[i] += lane.near.SizeOf(from[i]);
      continue;
    }
    Fetch(lane, from, in.size(), &lists_);
    std::uint64_t sum = 0;
    storage::Slice slice;
    for (std::uint32_t i = 0; i < in.size(); ++i) {
      if (lists_[i].empty()) continue;
      if (i == 0 || from[i] != from[i - 1]) {
        sum = SumList(node, lane, lists_[i], from[i]);
        if (!others.empty()) slice = lane.near[from[i]];
      }
      AddTo(&(*sums)[i], sum);
      if (!others.empty()) (*sums)[i] -= SumOfExcluded(node, lane, slice, from[i], others, i);
    }
  }
}

std::uint64_t Counter::SumList(const Node& node, const CountTree::Lane& lane, NodeList list,
                               NodeId from) {
  std::uint64_t sum = 0;
  if (!node.numbers.Sum(list, &sum)) overflowed_ = true;
  if (lane.skips_loops) sum -= CountOf(lane, list, from, from) * node.numbers[from];
  return sum;
}

/// How many ends of a list are `end`.
std::uint64_t Counter::CountOf(const CountTree::Lane& lane, NodeList list, NodeId from,
                               NodeId end) {
  return list.size() <= kShortList ? CountIn(list, end) : storage::CountIn(lane.near[from], end);
}

/// What a list's sum has too much for a row: ends that must not be. All of it where one of those is
/// null, neither the same nor different.
std::uint64_t Counter::SumOfExcluded(const Node& node, const CountTree::Lane& lane,
                                     const storage::Slice& slice, NodeId from,
                                     std::span<const NodeId* const> others, std::uint32_t row) {
  std::uint64_t sum = 0;
  for (std::size_t j = 0; j < others.size(); ++j) {
    const NodeId end = others[j][row];
    if (end == schema::kNoNode) return SumList(node, lane, {slice.nodes, slice.size}, from);
    bool again = lane.skips_loops && end == from;
    for (std::size_t k = 0; k < j; ++k) again = again || others[k][row] == end;
    const std::uint32_t times = again ? 0 : storage::CountIn(slice, end);
    if (times != 0) sum += times * node.numbers[end];
  }
  return sum;
}

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
  std::uint64_t sum = 0;
  for (const NodeId end : list) {
    std::uint64_t number = UsedBy(node.closing[0].use, count(end));
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
  ForEachPairOfLists(node.link, twin.link, in, [&](std::uint32_t row, NodeList near, NodeList far) {
    if (near.empty() || far.empty()) return;
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

/// Lays the ends of all rows side by side, some at a time.
void Counter::SumEnds(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  Frame& frame = frames_[index];
  const NodeId* const from = in.Column(node.link.from);
  NodeId* ends = nullptr;
  std::uint32_t* rows = nullptr;
  std::uint32_t count = 0;
  const auto begin = [&] {
    frame.columns[0].resize(kTogether);
    frame.rows.resize(kTogether);
    ends = frame.columns[0].data();
    rows = frame.rows.data();
    count = 0;
  };
  const auto settle = [&] {
    frame.columns[0].resize(count);
    frame.rows.resize(count);
    Settle(node, in, &frame, sums);
  };
  begin();
  for (const auto& lane : node.link.lanes) {
    Fetch(lane, from, in.size(), &frame.lists);
    const bool skips_loops = lane.skips_loops;
    for (std::uint32_t row = 0; row < in.size(); ++row) {
      for (const NodeId end : frame.lists[row]) {
        ends[count] = end;
        rows[count] = row;
        count += skips_loops && end == from[row] ? 0U : 1U;
        if (count < kTogether) continue;
        if (!tree_.runtime_.CheckCancelled().ok()) return;  // whoever asked looks again
        settle();
        begin();
      }
    }
  }
  if (count != 0) settle();
}

/// What the ends gathered in `frame` are worth, added to the sums of their rows.
void Counter::Settle(const Node& node, const Frame& in, Frame* frame,
                     std::vector<std::uint64_t>* sums) {
  std::vector<NodeId>& ends = frame->columns[0];
  frame->worth.assign(ends.size(), 1);
  if (node.has_numbers && !node.numbers.IsAlways(1)) {
    for (std::uint32_t i = 0; i < ends.size(); ++i) frame->worth[i] = node.numbers[ends[i]];
  } else if (!node.has_numbers && node.tests_labels) {
    for (std::uint32_t i = 0; i < ends.size(); ++i) frame->worth[i] = PassesLabels(node, ends[i]);
  }
  for (const At at : node.different) {
    const NodeId* const other = in.Column(at);
    for (std::uint32_t i = 0; i < ends.size(); ++i) {
      const NodeId excluded = other[frame->rows[i]];
      if (excluded == ends[i] || excluded == schema::kNoNode) frame->worth[i] = 0;
    }
  }
  if (node.may_be_nothing()) frame->Compact();
  for (const Link& link : node.closing) {
    Close(node, link, in, frame);
    frame->Compact();
  }
  if (!node.has_numbers) Multiply(node.own, frame);
  if (!node.other.empty()) {
    for (std::size_t i = 1; i < frame->places.size(); ++i) {
      const NodeId* const column = in.Column(frame->places[i]);
      frame->columns[i].resize(frame->size());
      for (std::uint32_t row = 0; row < frame->size(); ++row) {
        frame->columns[i][row] = column[frame->rows[row]];
      }
    }
    Multiply(node.other, frame);
    for (std::size_t i = 1; i < frame->places.size(); ++i) frame->columns[i].clear();
  }
  for (std::uint32_t i = 0; i < frame->size(); ++i) {
    AddTo(&(*sums)[frame->rows[i]], frame->worth[i]);
  }
}

/// Multiplies the ends' worth by the relationships of a link that closes a cycle.
void Counter::Close(const Node& node, const Link& link, const Frame& in, Frame* frame) {
  const std::vector<NodeId>& ends = frame->columns[0];
  if (link.from == node.at) {
    far_ = ends;  // a loop
  } else {
    const NodeId* const above = in.Column(link.from);
    far_.resize(frame->size());
    for (std::uint32_t i = 0; i < frame->size(); ++i) far_[i] = above[frame->rows[i]];
  }
  const auto multiply = [&](std::uint32_t i, std::uint64_t number) {
    frame->worth[i] = Times(frame->worth[i], UsedBy(link.use, number));
  };
  if (link.lanes.size() == 1 && !link.marks) {
    Fetch(link.lanes[0], far_.data(), frame->size(), &lists_);
    for (std::uint32_t i = 0; i < frame->size(); ++i) {
      multiply(i, lists_[i].size() <= kShortList ? CountIn(lists_[i], ends[i])
                                                 : NumberOf(link, far_[i], ends[i]));
    }
  } else if (const PairTable* const pairs = PairsFor(link, 0)) {
    for (std::uint32_t i = 0; i < frame->size(); ++i) multiply(i, pairs->Count(far_[i], ends[i]));
  } else {
    for (std::uint32_t i = 0; i < frame->size(); ++i) {
      multiply(i, NumberOf(link, far_[i], ends[i]));
    }
  }
}

}  // namespace kb::query::exec
