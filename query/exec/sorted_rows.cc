#include "query/exec/sorted_rows.h"

#include <algorithm>

#include "query/exec/operator.h"
#include "schema/order.h"

namespace kb::query::exec {
namespace {

std::weak_ordering Compare(const Vector& key, std::uint32_t a, std::uint32_t b) {
  if (key.repr() == Repr::kInteger && key.nulls() == nullptr) {
    return key.integers()[a] <=> key.integers()[b];
  }
  if (key.repr() == Repr::kString && key.nulls() == nullptr) {
    return key.strings()[a] <=> key.strings()[b];
  }
  if (key.repr() == Repr::kValue) return schema::Order(key.values()[a], key.values()[b]);
  return schema::Order(key.Get(a), key.Get(b));
}

}  // namespace

void SortedRows::Clear() {
  rows_ = Batch(slot_count_);
  keys_.assign(plan_.keys.size(), Vector());
  fresh_.resize(plan_.keys.size());
  shares_.clear();
  order_.clear();
  bound_.reset();
}

Result<void> SortedRows::Add(Batch* batch, eval::EvalContext& context, std::uint32_t share) {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    KB_TRY(eval::Evaluate(*plan_.keys[i].expression, *batch, context, &fresh_[i]));
  }
  if (bound_ && !SelectCandidates(batch)) return {};
  for (std::size_t i = 0; i < keys_.size(); ++i) keys_[i].Append(fresh_[i]);
  AppendRows(&rows_, *batch, live_);
  shares_.resize(rows_.rows, share);
  const bool is_large = limit_ > (1U << 30);
  const std::uint64_t kept_max =
      is_large ? limit_ : std::max<std::uint64_t>(2 * limit_, kBatchRows / 2);
  if (rows_.rows > kept_max) KeepFirst();
  return {};
}

void SortedRows::Merge(const SortedRows& other) {
  Batch rows;
  rows.GatherFrom(other.rows_, other.order_, nullptr);
  AppendRows(&rows_, rows, live_);
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    Vector key;
    key.GatherFrom(other.keys_[i], other.order_);
    keys_[i].Append(key);
  }
  for (const std::uint32_t row : other.order_) shares_.push_back(other.shares_[row]);
}

/// Leaves the rows of the batch (and their keys) that may be among the first; false if none.
bool SortedRows::SelectCandidates(Batch* batch) {
  const Vector& key = fresh_[0];
  const bool descending = plan_.keys[0].descending;
  std::vector<std::uint32_t> rows;
  if (key.repr() == Repr::kInteger && key.nulls() == nullptr && bound_->is_integer()) {
    const std::int64_t bound = bound_->integer();
    for (std::uint32_t row = 0; row < batch->rows; ++row) {
      const std::int64_t value = key.integers()[row];
      if (descending ? value >= bound : value <= bound) rows.push_back(row);
    }
  } else {
    for (std::uint32_t row = 0; row < batch->rows; ++row) {
      const std::weak_ordering order = schema::Order(key.Get(row), *bound_);
      if (descending ? order >= 0 : order <= 0) rows.push_back(row);
    }
  }
  if (rows.empty() || rows.size() == batch->rows) return !rows.empty();
  Batch kept;
  kept.GatherFrom(*batch, rows, nullptr);
  *batch = std::move(kept);
  for (Vector& column : fresh_) {
    Vector candidates;
    candidates.GatherFrom(column, rows);
    column = std::move(candidates);
  }
  return true;
}

bool SortedRows::IsBefore(std::uint32_t a, std::uint32_t b) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const std::weak_ordering order = Compare(keys_[i], a, b);
    if (order == 0) continue;
    return plan_.keys[i].descending ? order > 0 : order < 0;
  }
  return shares_[a] == shares_[b] ? a < b : shares_[a] < shares_[b];
}

void SortedRows::Order() {
  order_.resize(rows_.rows);
  for (std::uint32_t row = 0; row < rows_.rows; ++row) order_[row] = row;
  std::sort(order_.begin(), order_.end(),
            [this](std::uint32_t a, std::uint32_t b) { return IsBefore(a, b); });
  if (order_.size() > limit_) order_.resize(limit_);
}

void SortedRows::KeepFirst() {
  Order();
  Batch kept;
  kept.GatherFrom(rows_, order_, nullptr);
  rows_ = std::move(kept);
  for (Vector& key : keys_) {
    Vector first;
    first.GatherFrom(key, order_);
    key = std::move(first);
  }
  std::vector<std::uint32_t> shares;
  for (const std::uint32_t row : order_) shares.push_back(shares_[row]);
  shares_ = std::move(shares);
  if (limit_ > 0 && rows_.rows == limit_ && !keys_.empty()) bound_ = keys_[0].Get(rows_.rows - 1);
}

}  // namespace kb::query::exec
