// Counter: the products by which rows are multiplied. Degrees are looked up first
// (count_degrees.cc), and so are relationships that are met further down, but without which a row
// is worth nothing: most rows that come to nothing are gone before anything is walked.
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
  const CountTree::Product& product = tree_.product_;
  const bool are_degrees = product.groups.size() == product.degrees;
  top_.places = KnownPlaces();
  std::uint64_t sum = 0;
  for (std::uint32_t begin = 0; begin < rows; begin += kTogether) {
    const std::uint32_t count = std::min(kTogether, rows - begin);
    if (are_degrees &&
        MultiplyBytes(product.groups, columns, begin, count) == product.groups.size()) {
      AddTo(&sum, SumOfBytes(count));
      continue;
    }
    Begin(product, columns, begin, count);
    for (const std::uint64_t number : top_.worth) AddTo(&sum, number);
  }
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
  const auto degrees = groups.first(product.degrees);
  if (const std::size_t taken = MultiplyBytes(degrees, columns, begin, count); taken != 0) {
    BeginWithBytes(columns, begin, count);
    MultiplyDegrees(degrees.subspan(taken), &top_);
    if (groups.size() == degrees.size()) return;
    KeepNeeded(needs, &top_);
    return MultiplyGroups(groups.subspan(degrees.size()), &top_);
  }
  if (degrees.empty() && !needs.empty() && IsWorthAsking(needs[0])) {
    BeginWithNeed(needs[0], columns, begin, count);
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

/// Whether a need drops rows often enough to be asked: one in eight.
bool Counter::IsWorthAsking(const CountTree::Need& need) const {
  constexpr std::uint64_t kAskedMin = 2 * kTogether;
  const NeedCount& counted = need_counts_[need.number];
  return counted.asked < kAskedMin || counted.dropped * 8 >= counted.asked;
}

/// A need was asked of some rows, of which it kept some.
void Counter::Note(const CountTree::Need& need, std::uint32_t asked, std::uint32_t kept) {
  need_counts_[need.number].asked += asked;
  need_counts_[need.number].dropped += asked - kept;
}

void Counter::KeepNeeded(std::span<const CountTree::Need> needs, Frame* frame) {
  for (const CountTree::Need& need : needs) {
    if (!IsWorthAsking(need)) continue;
    const std::uint32_t rows = frame->size();
    FindSizes(*need.link, frame->Column(need.from), rows);
    for (std::uint32_t i = 0; i < rows; ++i) frame->worth[i] = sizes_[i] == 0 ? 0 : frame->worth[i];
    frame->Compact();
    Note(need, rows, frame->size());
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
    MultiplyByUsed(group.use, &frame->product, frame);
    if (group.use != plan::CountGroup::Use::kOptional) frame->Compact();
  }
}

}  // namespace kb::query::exec
