#include "query/exec/sorted_rows.h"

#include <algorithm>
#include <functional>
#include <numeric>

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

/// Numbers in the order of integers, and of the first eight bytes of texts, as numbers without
/// sign.
std::uint64_t PrefixOf(std::int64_t integer) {
  return static_cast<std::uint64_t>(integer) ^ (std::uint64_t{1} << 63);
}
std::uint64_t PrefixOf(std::string_view text) {
  std::uint64_t prefix = 0;
  const std::size_t size = std::min<std::size_t>(text.size(), 8);
  for (std::size_t i = 0; i < size; ++i) {
    prefix |= std::uint64_t{static_cast<unsigned char>(text[i])} << (56 - 8 * i);
  }
  return prefix;
}

/// Whether no row can make it fail: a value that is there, or the property of a node.
bool CannotFail(const bind::Expression& key) {
  constexpr bind::KindSet kEntities =
      functions::Set(schema::Kind::kNode, schema::Kind::kRelationship);
  const auto* property = std::get_if<bind::Property>(&key.node);
  if (property == nullptr) return std::holds_alternative<bind::SlotRef>(key.node);
  return std::holds_alternative<bind::SlotRef>(property->subject->node) &&
         (property->subject->kinds & ~kEntities) == 0;
}

}  // namespace

SortedRows::SortedRows(const plan::Sort& plan, std::size_t slot_count,
                       const std::vector<Slot>* live)
    : plan_(plan), slot_count_(slot_count), live_(live), bound_(std::make_shared<KeyBound>()) {
  bound_->key = plan.keys[0].expression;
  bound_->descending = plan.keys[0].descending;
  reads_keys_late_ = std::all_of(plan.keys.begin() + 1, plan.keys.end(),
                                 [](const auto& key) { return CannotFail(*key.expression); });
  Clear();
}

void SortedRows::Clear() {
  rows_ = Batch(slot_count_);
  keys_.assign(plan_.keys.size(), Vector());
  fresh_.resize(plan_.keys.size());
  shares_.clear();
  order_.clear();
  bound_->value.reset();
}

Result<void> SortedRows::Add(Batch* batch, eval::EvalContext& context, std::uint32_t share) {
  const auto read = [&](std::size_t begin, std::size_t end) -> Result<void> {
    for (std::size_t i = begin; i < end; ++i) {
      KB_TRY(eval::Evaluate(*plan_.keys[i].expression, *batch, context, &fresh_[i]));
    }
    return {};
  };
  const std::size_t before = reads_keys_late_ ? 1 : keys_.size();
  KB_TRY(read(0, before));
  for (std::size_t i = before; i < keys_.size(); ++i) fresh_[i] = Vector();
  if (limit_ != kNoLimit && !SelectCandidates(batch)) return {};
  KB_TRY(read(before, keys_.size()));
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

/// Leaves the rows of the batch (and the keys that were read) that may be among the first; false if
/// none.
bool SortedRows::SelectCandidates(Batch* batch) {
  std::vector<std::uint32_t> rows;
  if (bound_->value) {
    SelectWanted(fresh_[0], *bound_, &rows);
  } else {
    rows.resize(batch->rows);
    std::iota(rows.begin(), rows.end(), 0);
  }
  if (rows.size() > limit_ && limit_ > 0) {
    Tighten(rows);
    rows.clear();
    if (bound_->value)
      SelectWanted(fresh_[0], *bound_, &rows);
    else
      return true;
  }
  if (rows.empty() || rows.size() == batch->rows) return !rows.empty();
  Batch kept;
  kept.GatherFrom(*batch, rows, nullptr);
  *batch = std::move(kept);
  for (Vector& column : fresh_) {
    if (column.repr() == Repr::kNone) continue;
    Vector candidates;
    candidates.GatherFrom(column, rows);
    column = std::move(candidates);
  }
  return true;
}

/// Of these rows of the batch, more than are kept, those behind the last that would be kept are not
/// wanted.
void SortedRows::Tighten(const std::vector<std::uint32_t>& rows) {
  const Vector& key = fresh_[0];
  if (key.repr() != Repr::kInteger || key.nulls() != nullptr) return;
  values_.clear();
  for (const std::uint32_t row : rows) values_.push_back(key.integers()[row]);
  const auto last = values_.begin() + static_cast<std::ptrdiff_t>(limit_) - 1;
  if (bound_->descending) {
    std::nth_element(values_.begin(), last, values_.end(), std::greater<>());
  } else {
    std::nth_element(values_.begin(), last, values_.end());
  }
  bound_->value = Value::Integer(*last);
}

bool SortedRows::IsBefore(std::uint32_t a, std::uint32_t b) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const std::weak_ordering order = Compare(keys_[i], a, b);
    if (order == 0) continue;
    return plan_.keys[i].descending ? order > 0 : order < 0;
  }
  return shares_[a] == shares_[b] ? a < b : shares_[a] < shares_[b];
}

void SortedRows::FillPlaces() {
  const Vector& key = keys_[0];
  places_.resize(rows_.rows);
  for (std::uint32_t row = 0; row < rows_.rows; ++row) places_[row] = {0, row};
  const auto fill = [&](const auto& prefix_of) {
    const std::uint64_t turn = plan_.keys[0].descending ? ~std::uint64_t{0} : 0;
    for (Place& place : places_) place.prefix = prefix_of(place.row) ^ turn;
  };
  if (rows_.rows == 0 || key.nulls() != nullptr) return;
  if (key.repr() == Repr::kInteger) fill([&](auto row) { return PrefixOf(key.integers()[row]); });
  if (key.repr() == Repr::kString) fill([&](auto row) { return PrefixOf(key.strings()[row]); });
}

void SortedRows::Order() {
  FillPlaces();
  const auto is_before = [this](const Place& a, const Place& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix : IsBefore(a.row, b.row);
  };
  if (places_.size() <= limit_) {
    std::sort(places_.begin(), places_.end(), is_before);
  } else {
    const auto end = places_.begin() + static_cast<std::ptrdiff_t>(limit_);
    if (limit_ <= places_.size() / 16) {
      std::partial_sort(places_.begin(), end, places_.end(), is_before);
    } else {
      std::nth_element(places_.begin(), end, places_.end(), is_before);
      std::sort(places_.begin(), end, is_before);
    }
    places_.resize(limit_);
  }
  order_.resize(places_.size());
  for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = places_[i].row;
  if (limit_ == kNoLimit) std::vector<Place>().swap(places_);  // of all rows, and not needed again
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
  if (limit_ > 0 && rows_.rows == limit_) bound_->value = keys_[0].Get(rows_.rows - 1);
}

}  // namespace kb::query::exec
