// Counter for many rows at a time. Each node of the tree is a step over flat columns, like a level
// of a vectorised plan: the ends of all rows are laid side by side, what they are worth is worked
// out in one loop a condition, and added up by row. A row is never looked at by itself, except for
// the few cases that counter.cc knows better: corrections for relationships that were taken, and a
// list under marks.
#include <algorithm>

#include "query/exec/count_tree.h"
#include "schema/base/assert.h"

namespace kb::query::exec {
namespace {

/// Ends that are looked at together: what the first loop brings near is there for the last.
constexpr std::uint32_t kEndsTogether = 4096;
/// Rows whose lists are fetched together.
constexpr std::uint32_t kRowsTogether = 1024;

}  // namespace

const NodeId* Counter::Frame::Column(At place) const {
  const auto at = std::find(places.begin(), places.end(), place);
  KB_ASSERT(at != places.end());
  return columns[static_cast<std::size_t>(at - places.begin())].data();
}

void Counter::Frame::Clear() {
  rows.clear();
  worth.clear();
  for (auto& column : columns) column.clear();
}

void Counter::Frame::Compact() {
  if (std::find(worth.begin(), worth.end(), std::uint64_t{0}) == worth.end()) return;
  places_kept.resize(size());
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < size(); ++i) {
    places_kept[kept] = i;
    kept += worth[i] != 0 ? 1U : 0U;
  }
  const auto keep = [&](auto* column) {
    if (column->empty()) return;
    for (std::uint32_t i = 0; i < kept; ++i) (*column)[i] = (*column)[places_kept[i]];
    column->resize(kept);
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
  for (std::size_t i = 0; i < columns.size(); ++i) {
    top_.columns[i].assign(columns[i], columns[i] + rows);
  }
  top_.worth.assign(numbers, numbers + rows);
  top_.rows.resize(rows);
  for (std::uint32_t i = 0; i < rows; ++i) top_.rows[i] = i;
  top_.Compact();
  Multiply(groups, &top_);
  std::fill(numbers, numbers + rows, 0);
  for (std::uint32_t i = 0; i < top_.size(); ++i) numbers[top_.rows[i]] = top_.worth[i];
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
    for (std::uint32_t i = 0; i < frame->size(); ++i) {
      frame->worth[i] = Times(frame->worth[i], CountTree::Used(group.use, frame->product[i]));
    }
    frame->Compact();
  }
}

/// What the node comes to for each row of `in`.
void Counter::Sum(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  sums->assign(in.size(), 0);
  if (node.is_leaf_between_lists()) return SumBetweenLists(index, in, sums);
  if (node.twin) return SumTwins(index, in, sums);
  if (node.is_leaf_under_one_link() || node.has_conflicts_of_its_own) {
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

/// Rows in which the walked link could lead over a relationship that was taken are counted anew:
/// mostly none.
void Counter::CorrectRows(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  const NodeId* const from = in.Column(node.link.from);
  for (std::size_t i = 0; i < node.conflicts.size(); ++i) {
    const NodeId* source = in.Column(node.conflicts[i].left);
    const NodeId* target = in.Column(node.conflicts[i].right);
    if (node.conflicts[i].direction == schema::Direction::kIn) std::swap(source, target);
    for (std::uint32_t row = 0; row < in.size(); ++row) {
      const bool may_be_taken =
          (node.link.direction != schema::Direction::kIn && source[row] == from[row]) ||
          (node.link.direction != schema::Direction::kOut && target[row] == from[row]);
      if (may_be_taken) (*sums)[row] = NumberInRow(index, in, row);
    }
  }
}

/// The lists of some rows, their first entries on the way from memory: all misses are waited for
/// together, not one upon the other.
void Counter::Fetch(const CountTree::Lane& lane, const NodeId* from, std::uint32_t rows) {
  slices_.resize(rows);
  storage::ListCursor lists(lane.near);
  for (std::uint32_t i = 0; i < rows; ++i) {
    slices_[i] = from[i] == schema::kNoNode ? storage::Slice{} : lists[from[i]];
    __builtin_prefetch(slices_[i].nodes);
  }
}

/// For a node that is worth what its table says.
void Counter::SumLists(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  const NodeId* const from = in.Column(node.link.from);
  std::vector<const NodeId*> others;
  for (const At at : node.different) others.push_back(in.Column(at));
  for (const auto& lane : node.link.lanes) {
    if (others.empty() && node.numbers.IsAlways(1) && !lane.skips_loops) {
      storage::ListCursor lists(lane.near);
      for (std::uint32_t i = 0; i < in.size(); ++i) {
        if (from[i] != schema::kNoNode) (*sums)[i] += lists.SizeOf(from[i]);
      }
      continue;
    }
    Fetch(lane, from, in.size());
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < in.size(); ++i) {
      if (slices_[i].size == 0) continue;
      if (i == 0 || from[i] != from[i - 1]) sum = SumList(node, lane, slices_[i], from[i]);
      AddTo(&(*sums)[i], sum);
      if (others.empty()) continue;
      (*sums)[i] -= SumOfExcluded(node, lane, slices_[i], from[i], others, i);
    }
  }
}

std::uint64_t Counter::SumList(const Node& node, const CountTree::Lane& lane,
                               const storage::Slice& slice, NodeId from) {
  std::uint64_t sum = 0;
  if (!node.numbers.Sum(slice, &sum)) overflowed_ = true;
  if (lane.skips_loops) sum -= storage::CountIn(slice, from) * node.numbers[from];
  return sum;
}

/// What a list's sum has too much for a row: ends that must not be. All of it where one of those is
/// null, neither the same nor different.
std::uint64_t Counter::SumOfExcluded(const Node& node, const CountTree::Lane& lane,
                                     const storage::Slice& slice, NodeId from,
                                     std::span<const NodeId* const> others, std::uint32_t row) {
  std::uint64_t sum = 0;
  for (std::size_t j = 0; j < others.size(); ++j) {
    const NodeId end = others[j][row];
    if (end == schema::kNoNode) return SumList(node, lane, slice, from);
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
  const NodeId* const near_from = in.Column(near.from);
  const NodeId* const far_from = in.Column(far.from);
  for (std::uint32_t begin = 0; begin < in.size(); begin += kRowsTogether) {
    const std::uint32_t rows = std::min(in.size() - begin, kRowsTogether);
    Fetch(near.lanes[0], near_from + begin, rows);
    std::swap(slices_, near_slices_);
    Fetch(far.lanes[0], far_from + begin, rows);
    for (std::uint32_t i = 0; i < rows; ++i) count(begin + i, near_slices_[i], slices_[i]);
  }
}

/// For a node between two lists: those of one that are in the other, or that are not.
void Counter::SumBetweenLists(std::size_t index, const Frame& in,
                              std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  const Link& link = node.closing[0];
  const NodeId* const far_from = in.Column(link.from);
  std::vector<const NodeId*> others;
  for (const At at : node.different) others.push_back(in.Column(at));
  ForEachPairOfLists(
      node.link, link, in,
      [&](std::uint32_t row, const storage::Slice& near, const storage::Slice& far) {
        if (near.size == 0) return;
        if (far_from[row] == schema::kNoNode || near.size > kShortList || far.size > kShortList) {
          (*sums)[row] = NumberInRow(index, in, row);
          return;
        }
        for (std::uint32_t i = 0; i < near.size; ++i) {
          const NodeId end = near.nodes[i];
          std::uint64_t number = storage::CountIn(far, end);
          if (link.use == plan::CountLink::Use::kExists) number = number != 0 ? 1 : 0;
          if (link.use == plan::CountLink::Use::kNone) number = number != 0 ? 0 : 1;
          for (const NodeId* const other : others) {
            if (other[row] == end || other[row] == schema::kNoNode) number = 0;
          }
          if (number != 0) AddTo(&(*sums)[row], Times(number, node.numbers[end]));
        }
      });
}

/// For a node under which only its twin hangs: all pairs, less those that are the same node.
void Counter::SumTwins(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  const Node& twin = tree_.nodes_[*node.twin];
  ForEachPairOfLists(node.link, twin.link, in,
                     [&](std::uint32_t row, const storage::Slice& near, const storage::Slice& far) {
                       if (near.size == 0 || far.size == 0) return;
                       const bool is_turned = near.size > far.size;
                       const storage::Slice& few = is_turned ? far : near;
                       const storage::Slice& many = is_turned ? near : far;
                       std::uint64_t pairs = 0;
                       std::uint64_t other = 0;
                       if (!node.numbers.Sum(near, &pairs) || !twin.numbers.Sum(far, &other))
                         overflowed_ = true;
                       pairs = Times(pairs, other);
                       for (std::uint32_t i = 0; i < few.size && pairs != 0; ++i) {
                         const NodeId end = few.nodes[i];
                         const std::uint32_t same = storage::CountIn(many, end);
                         if (same != 0)
                           pairs -= Times(same, Times(node.numbers[end], twin.numbers[end]));
                       }
                       (*sums)[row] = pairs;
                     });
}

/// Lays the ends of all rows side by side, some thousands at a time.
void Counter::SumEnds(std::size_t index, const Frame& in, std::vector<std::uint64_t>* sums) {
  const Node& node = tree_.nodes_[index];
  Frame& frame = frames_[index];
  const NodeId* const from = in.Column(node.link.from);
  frame.Clear();
  for (const auto& lane : node.link.lanes) {
    for (std::uint32_t begin = 0; begin < in.size(); begin += kRowsTogether) {
      const std::uint32_t rows = std::min(in.size() - begin, kRowsTogether);
      Fetch(lane, from + begin, rows);
      // Below, the same is done for the next level, which needs the slices for itself.
      std::swap(slices_, frame.slices);
      for (std::uint32_t i = 0; i < rows; ++i) {
        const storage::Slice& slice = frame.slices[i];
        for (std::uint32_t at = 0; at < slice.size; ++at) {
          if (lane.skips_loops && slice.nodes[at] == from[begin + i]) continue;
          frame.columns[0].push_back(slice.nodes[at]);
          frame.rows.push_back(begin + i);
          if (frame.rows.size() < kEndsTogether) continue;
          if (!tree_.runtime_.CheckCancelled().ok()) return;  // whoever asked looks again
          Settle(node, in, &frame, sums);
          frame.Clear();
        }
      }
    }
  }
  if (!frame.rows.empty()) Settle(node, in, &frame, sums);
}

/// What the ends gathered in `frame` are worth, added to the sums of their rows.
void Counter::Settle(const Node& node, const Frame& in, Frame* frame,
                     std::vector<std::uint64_t>* sums) {
  std::vector<NodeId>& ends = frame->columns[0];
  frame->worth.resize(ends.size());
  for (std::uint32_t i = 0; i < ends.size(); ++i) {
    frame->worth[i] = node.has_numbers ? node.numbers[ends[i]] : PassesLabels(node, ends[i]);
  }
  for (const At at : node.different) {
    const NodeId* const other = in.Column(at);
    for (std::uint32_t i = 0; i < ends.size(); ++i) {
      const NodeId excluded = other[frame->rows[i]];
      if (excluded == ends[i] || excluded == schema::kNoNode) frame->worth[i] = 0;
    }
  }
  frame->Compact();
  for (const Link& link : node.closing) {
    far_ = ends;  // of a loop
    const NodeId* const above = link.from == node.at ? nullptr : in.Column(link.from);
    for (std::uint32_t i = 0; above != nullptr && i < frame->size(); ++i) {
      far_[i] = above[frame->rows[i]];
    }
    const bool is_one_list = link.lanes.size() == 1 && !link.marks;
    if (is_one_list) Fetch(link.lanes[0], far_.data(), frame->size());
    for (std::uint32_t i = 0; i < frame->size(); ++i) {
      std::uint64_t number = is_one_list && slices_[i].size <= kShortList
                                 ? storage::CountIn(slices_[i], ends[i])
                                 : NumberOf(link, far_[i], ends[i]);
      if (link.use == plan::CountLink::Use::kExists) number = number != 0 ? 1 : 0;
      if (link.use == plan::CountLink::Use::kNone) number = number != 0 ? 0 : 1;
      frame->worth[i] = Times(frame->worth[i], number);
    }
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
  }
  for (std::uint32_t i = 0; i < frame->size(); ++i) {
    AddTo(&(*sums)[frame->rows[i]], frame->worth[i]);
  }
}

}  // namespace kb::query::exec
