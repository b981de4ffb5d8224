// Counter for many rows at a time. Each node of the tree is a step over flat columns, like a level
// of a vectorised plan: the ends of all rows are laid side by side, what they are worth is worked
// out in one loop a condition, and added up by row. A row is never looked at by itself, except for
// the few kinds of which counter.cc knows more: a link over relationships that were taken, and a
// list under marks.
#include <algorithm>

#include "query/exec/count_tree.h"
#include "schema/base/assert.h"

namespace kb::query::exec {
/// What the node comes to for each row of `in`.
void Counter::Sum(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  sums->assign(in.size(), 0);
  if (node.chain) return SumChain(index, in, sums);
  if (node.is_leaf_between_lists()) return SumBetweenLists(index, in, sums);
  if (node.is_twin_in_list) return SumTwinsInList(index, in, sums);
  if (node.twin) return SumTwins(index, in, sums);
  if (node.is_leaf_under_one_link() && !node.closing[0].marks && node.link.lanes.size() == 1) {
    if (const PairTable* pairs = PairsFor(node.closing[0], 0)) {
      return SumUnderPairs(index, in, *pairs, sums);
    }
  }
  if (node.is_leaf_under_one_link()) return SumUnderMarks(index, in, sums);
  if (node.is_often_taken) return SumRowByRow(index, in, sums);
  if (node.is_sum() && node.has_numbers) {
    SumLists(index, in, sums);
  } else {
    SumEnds(index, in, sums);
  }
  if (!node.conflicts.empty()) CorrectRows(index, in, sums);
}

/// For a node that closes one cycle: marks of the far nodes' neighbours, where they pay.
void Counter::SumUnderMarks(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  const Link& link = node.closing[0];
  const NodeId* const from = in.Column(node.link.from);
  const NodeId* const far = in.Column(link.from);
  const std::vector<const NodeId*> others = in.Columns(node.different);
  const auto is_null = [](const NodeId* column, std::uint32_t row) {
    return column[row] == schema::kNoNode;
  };
  for (std::uint32_t row = 0; row < in.size(); ++row) {
    if (is_null(from, row)) continue;
    if (std::any_of(others.begin(), others.end(),
                    [&](const NodeId* other) { return is_null(other, row); })) {
      continue;  // neither the same nor different
    }
    const bool marked = link.marks || marks_[link.mark_table].of == far[row];
    if (!is_null(far, row) && (marked || IsWorthMarks(link, far[row], EndsOf(node, from[row])))) {
      MarksOf(link, far[row]);
      if (marks_[link.mark_table].are_exact) {
        excluded_.clear();
        for (const NodeId* const other : others) excluded_.push_back(other[row]);
        (*sums)[row] = WalkUnderMarks(node, from[row]);
        continue;
      }
    }
    (*sums)[row] = NumberInRow(index, in, row);
  }
}

/// For a node that is mostly decided by the one it hangs on.
void Counter::SumChain(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  const NodeId* const from = in.Column(node.link.from);
  const NodeId* const far = in.Column(node.closing[0].from);
  for (std::uint32_t row = 0; row < in.size(); ++row) {
    if (from[row] == schema::kNoNode) continue;
    const NodeId only = OnlyFar(index, from[row]);
    (*sums)[row] = only == kManyFar ? NumberInRow(index, in, row)
                                    : std::uint64_t{only != schema::kNoNode && only == far[row]};
  }
}

void Counter::SumRowByRow(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const std::vector<At>& depends = tree_.nodes_[index].depends;
  const std::vector<const NodeId*> columns = in.Columns(depends);
  for (std::uint32_t row = 0; row < in.size(); ++row) {
    for (std::size_t i = 0; i < depends.size(); ++i) bound_[depends[i]] = columns[i][row];
    (*sums)[row] = NumberOf(index);
  }
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
  lane.near.NodesOfAll({from, rows}, lists->data());
  for (const NodeList& list : *lists) __builtin_prefetch(list.data());
}

/// For a node that is worth what its table says.
void Counter::SumLists(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  const NodeId* const from = in.Column(node.link.from);
  const std::vector<const NodeId*> others = in.Columns(node.different);
  for (const auto& lane : node.link.lanes) {
    if (others.empty() && node.numbers.IsAlways(1) && !lane.skips_loops) {
      sizes_.resize(in.size());
      lane.near.SizesOfAll({from, in.size()}, sizes_.data());
      for (std::uint32_t i = 0; i < in.size(); ++i) (*sums)[i] += sizes_[i];
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
    for (std::uint32_t row = 0; row < in.size(); ++row) {
      for (NodeList list = frame.lists[row]; !list.empty();) {
        const std::size_t taken = std::min<std::size_t>(list.size(), kTogether - count);
        if (lane.skips_loops) {
          for (std::size_t i = 0; i < taken; ++i) {
            ends[count] = list[i];
            rows[count] = row;
            count += list[i] == from[row] ? 0U : 1U;
          }
        } else {
          for (std::size_t i = 0; i < taken; ++i) ends[count + i] = list[i], rows[count + i] = row;
          count += static_cast<std::uint32_t>(taken);
        }
        list = list.subspan(taken);
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
  } else if (!node.has_numbers && node.tests_labels && !node.tests_more) {
    for (const auto& bits : node.bits) bits->Keep(ends, &frame->worth);
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
