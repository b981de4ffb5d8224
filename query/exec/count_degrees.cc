// Counter: lengths of lists in products. They are looked up for many rows in one loop. At the top,
// where all rows are there yet, the first few are multiplied as bytes, so that a row that comes to
// nothing costs little more than the bytes it was found out by.
#include <algorithm>
#include <numeric>

#include "query/exec/count_tree.h"

namespace kb::query::exec {

/// Calls then(used), where used(number) is what a group makes of the number, without a choice.
template <typename Then>
void Counter::WithUse(plan::CountGroup::Use use, const Then& then) {
  using Use = plan::CountGroup::Use;
  switch (use) {
    case Use::kTimes:
      return then([](auto number) { return CountTree::Used(Use::kTimes, number); });
    case Use::kOptional:
      return then([](auto number) { return CountTree::Used(Use::kOptional, number); });
    case Use::kExists:
      return then([](auto number) { return CountTree::Used(Use::kExists, number); });
    case Use::kNone:
      return then([](auto number) { return CountTree::Used(Use::kNone, number); });
  }
}

/// Sets degrees_.worth to the products of the first groups, as many as there can be told in bytes,
/// for some rows. Says how many they were; 0: nothing has been set.
std::size_t Counter::MultiplyBytes(std::span<const CountTree::Group> groups,
                                   std::span<const NodeId* const> columns, std::uint32_t begin,
                                   std::uint32_t count) {
  auto& sizes = degrees_.sizes;
  std::size_t taken = 0;
  for (; taken < std::min(groups.size(), sizes.size()); ++taken) {
    const CountTree::Group& group = groups[taken];
    const Link& link = tree_.nodes_[group.nodes[0]].link;
    std::uint8_t* const bytes = sizes[taken].data();
    const bool are_exact = FindBytes(link, columns[top_.IndexOf(link.from)] + begin, count, bytes);
    using Use = plan::CountGroup::Use;
    if (!are_exact && group.use != Use::kExists && group.use != Use::kNone) break;
    WithUse(group.use, [&](const auto& used) {
      for (std::uint32_t i = 0; i < count; ++i) bytes[i] = used(bytes[i]);
    });
  }
  if (taken == 0) return 0;
  for (std::size_t i = taken; i < sizes.size(); ++i) std::fill_n(sizes[i].data(), count, 1);
  static_assert(std::tuple_size_v<decltype(degrees_.sizes)> == 4);  // what 32 bits can hold
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto one = static_cast<std::uint16_t>(sizes[0][i] * sizes[1][i]);
    const auto other = static_cast<std::uint16_t>(sizes[2][i] * sizes[3][i]);
    degrees_.worth[i] = std::uint32_t{one} * other;
  }
  return taken;
}

/// Sets `bytes` to the lengths of some nodes' lists; false if some are longer than they say.
bool Counter::FindBytes(const Link& link, const NodeId* from, std::uint32_t count,
                        std::uint8_t* bytes) {
  if (link.lanes.empty()) std::fill_n(bytes, count, 0);
  bool are_exact = true;
  for (const auto& lane : link.lanes) {
    if (&lane == link.lanes.data()) {
      are_exact = lane.near.BytesOfAll({from, count}, bytes);
      continue;
    }
    std::uint8_t* const more = degrees_.more.data();
    are_exact = lane.near.BytesOfAll({from, count}, more) && are_exact;
    std::uint32_t longest = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t both = std::uint32_t{bytes[i]} + more[i];
      longest = std::max(longest, both);
      bytes[i] = static_cast<std::uint8_t>(std::min<std::uint32_t>(both, storage::Leaf::kLong));
    }
    are_exact = are_exact && longest < storage::Leaf::kLong;
  }
  return are_exact;
}

/// The sum of the first `count` of degrees_.worth.
std::uint64_t Counter::SumOfBytes(std::uint32_t count) const {
  return std::accumulate(degrees_.worth.begin(), degrees_.worth.begin() + count, std::uint64_t{0});
}

/// Fills top_ with those rows that are worth anything by degrees_.
void Counter::BeginWithBytes(std::span<const NodeId* const> columns, std::uint32_t begin,
                             std::uint32_t count) {
  const std::uint32_t* const worth = degrees_.worth.data();
  std::vector<std::uint32_t>& rows = top_.rows;
  rows.resize(count);
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    rows[kept] = i;
    kept += worth[i] != 0 ? 1U : 0U;
  }
  rows.resize(kept);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const NodeId* const from = columns[c] + begin;
    std::vector<NodeId>& column = top_.columns[c];
    column.resize(kept);
    for (std::uint32_t i = 0; i < kept; ++i) column[i] = from[rows[i]];
  }
  top_.worth.resize(kept);
  for (std::uint32_t i = 0; i < kept; ++i) top_.worth[i] = worth[rows[i]];
  for (std::uint32_t& row : rows) row += begin;
}

/// Fills top_ with the rows for which a need's link leads somewhere.
void Counter::BeginWithNeed(const CountTree::Need& need, std::span<const NodeId* const> columns,
                            std::uint32_t begin, std::uint32_t count) {
  std::uint8_t* const bytes = degrees_.sizes[0].data();
  FindBytes(*need.link, columns[top_.IndexOf(need.from)] + begin, count, bytes);
  for (std::uint32_t i = 0; i < count; ++i) degrees_.worth[i] = bytes[i] != 0 ? 1 : 0;
  BeginWithBytes(columns, begin, count);
  Note(need, count, top_.size());
}

/// Sets sizes_ to the lengths of some nodes' lists, a loop counted twice where both are read.
void Counter::FindSizes(const Link& link, const NodeId* from, std::uint32_t count) {
  sizes_.resize(count);
  for (const auto& lane : link.lanes) {
    const bool is_first = &lane == link.lanes.data();
    std::vector<std::uint64_t>& sizes = is_first ? sizes_ : more_sizes_;
    sizes.resize(count);
    lane.near.SizesOfAll({from, count}, sizes.data());
    for (std::uint32_t i = 0; !is_first && i < count; ++i) sizes_[i] += sizes[i];
  }
  if (link.lanes.empty()) std::fill(sizes_.begin(), sizes_.end(), 0);
}

/// Multiplies rows by what groups make of the lengths of lists.
void Counter::MultiplyDegrees(std::span<const CountTree::Group> groups, Frame* frame) {
  for (const CountTree::Group& group : groups) {
    const Link& link = tree_.nodes_[group.nodes[0]].link;
    FindSizes(link, frame->Column(link.from), frame->size());
    MultiplyByUsed(group.use, &sizes_, frame);
  }
  if (!groups.empty()) frame->Compact();
}

/// Multiplies rows by what a group makes of numbers, which are changed.
void Counter::MultiplyByUsed(plan::CountGroup::Use use, std::vector<std::uint64_t>* numbers,
                             Frame* frame) {
  WithUse(use, [numbers](const auto& used) {
    for (std::uint64_t& number : *numbers) number = used(number);
  });
  MultiplyAll(&frame->worth, *numbers);
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
