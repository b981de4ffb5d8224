// Counter: the products by which rows are multiplied. Degrees are looked up first, all rows in one
// loop, and so are relationships that are met further down, but without which a row is worth
// nothing: most rows that come to nothing are gone before anything is walked.
#include <algorithm>
#include <numeric>

#include "query/exec/count_tree.h"
#include "schema/base/assert.h"

namespace kb::query::exec {

std::size_t Counter::Frame::IndexOf(At place) const {
  const auto at = std::find(places.begin(), places.end(), place);
  KB_ASSERT(at != places.end());
  return static_cast<std::size_t>(at - places.begin());
}

const NodeId* Counter::Frame::Column(At place) const { return columns[IndexOf(place)].data(); }

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
  std::fill_n(numbers, rows, 0);
  ForEachProduct(tree_.product_, KnownPlaces(), columns, rows,
                 [numbers](std::uint32_t row, std::uint64_t number) { numbers[row] = number; });
}

std::uint64_t Counter::SumRows(std::span<const NodeId* const> columns, std::uint32_t rows) {
  std::uint64_t sum = 0;
  ForEachProduct(tree_.product_, KnownPlaces(), columns, rows,
                 [&](std::uint32_t /*row*/, std::uint64_t number) { AddTo(&sum, number); });
  return sum;
}

std::vector<Counter::At> Counter::KnownPlaces() const {
  std::vector<At> places(tree_.known().size());
  std::iota(places.begin(), places.end(), At{0});
  return places;
}

/// Fills top_ with those of the rows from `begin` on that come to anything, and what they come to.
void Counter::Begin(const CountTree::Product& product, std::span<const NodeId* const> columns,
                    std::uint32_t begin, std::uint32_t count) {
  top_.columns.resize(columns.size());
  const std::span<const CountTree::Group> groups = product.groups;
  const std::span<const CountTree::Need> needs = product.needs;
  using Use = plan::CountGroup::Use;
  if (product.degrees != 0 && (groups[0].use == Use::kTimes || groups[0].use == Use::kExists)) {
    const Link& link = tree_.nodes_[groups[0].nodes[0]].link;
    BeginWithSizes(link, groups[0].use == Use::kTimes, columns, begin, count);
    MultiplyDegrees(groups.subspan(1, product.degrees - 1), &top_);
    if (groups.size() == product.degrees) return;
    KeepNeeded(needs, &top_);
    return MultiplyGroups(groups.subspan(product.degrees), &top_);
  }
  if (product.degrees == 0 && !needs.empty() && IsWorthAsking(needs[0])) {
    BeginWithSizes(*needs[0].link, false, columns, begin, count);
    NeedCount& counted = need_counts_[needs[0].number];
    counted.asked += count;
    counted.dropped += count - top_.size();
    KeepNeeded(needs.subspan(1), &top_);
    return MultiplyGroups(groups, &top_);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    top_.columns[i].assign(columns[i] + begin, columns[i] + begin + count);
  }
  top_.worth.assign(count, 1);
  top_.rows.resize(count);
  std::iota(top_.rows.begin(), top_.rows.end(), begin);
  Multiply(product, &top_);
}

/// The rows for which `link` leads somewhere; each is worth the number of its relationships, or 1.
void Counter::BeginWithSizes(const Link& link, bool multiplies,
                             std::span<const NodeId* const> columns, std::uint32_t begin,
                             std::uint32_t count) {
  FindSizes(link, columns[top_.IndexOf(link.from)] + begin, count);
  std::vector<std::uint32_t>& rows = top_.rows;
  rows.resize(count);
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    rows[kept] = i;
    kept += sizes_[i] != 0 ? 1U : 0U;
  }
  rows.resize(kept);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const NodeId* const from = columns[c] + begin;
    std::vector<NodeId>& column = top_.columns[c];
    column.resize(kept);
    for (std::uint32_t i = 0; i < kept; ++i) column[i] = from[rows[i]];
  }
  top_.worth.assign(kept, 1);
  for (std::uint32_t i = 0; multiplies && i < kept; ++i) top_.worth[i] = sizes_[rows[i]];
  for (std::uint32_t& row : rows) row += begin;
}

/// Sets sizes_ to the lengths of some nodes' lists, a loop counted twice where both are read.
void Counter::FindSizes(const Link& link, const NodeId* from, std::uint32_t count) {
  sizes_.resize(count);
  std::uint64_t* const sizes = sizes_.data();
  for (const auto& lane : link.lanes) {
    const std::span<const NodeId> nodes(from, count);
    if (&lane == link.lanes.data()) {
      lane.near.ForEachSize(nodes, [sizes](std::size_t i, std::uint32_t n) { sizes[i] = n; });
    } else {
      lane.near.ForEachSize(nodes, [sizes](std::size_t i, std::uint32_t n) { sizes[i] += n; });
    }
  }
  if (link.lanes.empty()) std::fill_n(sizes, count, 0);
}

/// Calls then(used), where used(number) is what a group makes of the number, without a choice.
template <typename Then>
void Counter::WithUse(plan::CountGroup::Use use, const Then& then) {
  using Use = plan::CountGroup::Use;
  switch (use) {
    case Use::kTimes:
      return then([](std::uint64_t number) { return CountTree::Used(Use::kTimes, number); });
    case Use::kOptional:
      return then([](std::uint64_t number) { return CountTree::Used(Use::kOptional, number); });
    case Use::kExists:
      return then([](std::uint64_t number) { return CountTree::Used(Use::kExists, number); });
    case Use::kNone:
      return then([](std::uint64_t number) { return CountTree::Used(Use::kNone, number); });
  }
}

/// Multiplies rows by what groups make of the lengths of lists.
void Counter::MultiplyDegrees(std::span<const CountTree::Group> groups, Frame* frame) {
  for (const CountTree::Group& group : groups) {
    const Link& link = tree_.nodes_[group.nodes[0]].link;
    const NodeId* const from = frame->Column(link.from);
    WithUse(group.use, [&](const auto& used) { MultiplyBySizes(link, from, frame, used); });
  }
  if (!groups.empty()) frame->Compact();
}

template <typename Used>
void Counter::MultiplyBySizes(const Link& link, const NodeId* from, Frame* frame,
                              const Used& used) {
  std::uint64_t* const worth = frame->worth.data();
  bool over = false;
  const auto multiply = [&](std::size_t i, std::uint64_t size) {
    over = __builtin_mul_overflow(worth[i], used(size), &worth[i]) || over;
  };
  if (link.lanes.size() == 1) {
    link.lanes[0].near.ForEachSize({from, frame->size()}, multiply);
  } else {
    FindSizes(link, from, frame->size());
    for (std::uint32_t i = 0; i < frame->size(); ++i) multiply(i, sizes_[i]);
  }
  overflowed_ = overflowed_ || over;
}

/// Whether a need drops rows often enough to be asked: one in eight.
bool Counter::IsWorthAsking(const CountTree::Need& need) const {
  constexpr std::uint64_t kAskedMin = 2 * kTogether;
  const NeedCount& counted = need_counts_[need.number];
  return counted.asked < kAskedMin || counted.dropped * 8 >= counted.asked;
}

void Counter::KeepNeeded(std::span<const CountTree::Need> needs, Frame* frame) {
  for (const CountTree::Need& need : needs) {
    if (!IsWorthAsking(need)) continue;
    NeedCount& counted = need_counts_[need.number];
    const std::uint32_t rows = frame->size();
    FindSizes(*need.link, frame->Column(need.from), rows);
    for (std::uint32_t i = 0; i < rows; ++i) frame->worth[i] = sizes_[i] == 0 ? 0 : frame->worth[i];
    frame->Compact();
    counted.asked += rows;
    counted.dropped += rows - frame->size();
  }
}

void Counter::Multiply(const CountTree::Product& product, Frame* frame) {
  const std::span<const CountTree::Group> groups = product.groups;
  MultiplyDegrees(groups.subspan(0, product.degrees), frame);
  if (groups.size() == product.degrees) return;
  KeepNeeded(product.needs, frame);
  MultiplyGroups(groups.subspan(product.degrees), frame);
}

void Counter::MultiplyGroups(std::span<const CountTree::Group> groups, Frame* frame) {
  for (const CountTree::Group& group : groups) {
    if (frame->size() == 0) return;
    for (std::size_t n = 0; n < group.nodes.size(); ++n) {
      Sum(group.nodes[n], *frame, &frame->sums);
      if (n == 0) {
        std::swap(frame->product, frame->sums);
      } else {
        MultiplyAll(&frame->product, frame->sums);
      }
    }
    WithUse(group.use, [&](const auto& used) {
      for (std::uint64_t& number : frame->product) number = used(number);
    });
    MultiplyAll(&frame->worth, frame->product);
    if (group.use != plan::CountGroup::Use::kOptional) frame->Compact();
  }
}

/// Small numbers, as most are, are multiplied without a look at each whether it was too large.
void Counter::MultiplyAll(std::vector<std::uint64_t>* numbers,
                          const std::vector<std::uint64_t>& factors) {
  const std::size_t count = numbers->size();
  std::uint64_t* const to = numbers->data();
  const std::uint64_t* const by = factors.data();
  std::uint64_t any = 0;
  for (std::size_t i = 0; i < count; ++i) any |= to[i] | by[i];
  if (any >> 32 == 0) {
    for (std::size_t i = 0; i < count; ++i) {
      to[i] = std::uint64_t{static_cast<std::uint32_t>(to[i])} * static_cast<std::uint32_t>(by[i]);
    }
    return;
  }
  for (std::size_t i = 0; i < count; ++i) to[i] = Times(to[i], by[i]);
}

}  // namespace kb::query::exec
