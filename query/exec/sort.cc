// Sort: all rows in the order of their keys; equal ones stay as they came. With a limit only so
// many are kept: when twice as many have gathered, the rest is dropped.
#include <algorithm>
#include <limits>

#include "query/exec/operators.h"
#include "schema/order.h"

namespace kb::query::exec {
namespace {

class Sort final : public Operator {
 public:
  Sort(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))), node_(NodeOf<plan::Sort>()) {
    keys_.resize(node_.keys.size());
  }

  void Rewind() override {
    Operator::Rewind();
    Clear();
    read_ = false;
  }

 private:
  void Clear() {
    rows_ = Batch(runtime_.slot_count());
    for (Vector& key : keys_) key = Vector();
    order_.clear();
    given_ = 0;
  }

  Result<bool> Produce(Batch* out) override {
    if (!read_) {
      Clear();
      KB_TRY(ReadInput());
      read_ = true;
    }
    if (given_ == order_.size()) return false;
    const std::size_t count = std::min<std::size_t>(kBatchRows, order_.size() - given_);
    out->GatherFrom(rows_, std::span(order_).subspan(given_, count), live());
    given_ += count;
    return true;
  }

  Result<void> ReadInput() {
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
    if (node_.limit) {
      // What is wrong with the number is for Limit itself to say.
      const auto count = runtime_.EvaluateCount(*node_.limit, "LIMIT");
      if (count.ok()) limit = *count;
    }
    const std::uint64_t kept_max =
        limit > (1u << 30) ? limit : std::max<std::uint64_t>(2 * limit, 2 * kBatchRows);
    while (true) {
      KB_ASSIGN(const bool more, input().Next(&batch_));
      if (!more) break;
      for (std::size_t i = 0; i < keys_.size(); ++i) {
        KB_TRY(eval::Evaluate(*node_.keys[i].expression, batch_, runtime_.eval(), &key_));
        keys_[i].Append(key_);
      }
      AppendRows(&rows_, batch_, live());
      if (rows_.rows > kept_max) KeepFirst(limit);
    }
    KB_TRY(runtime_.CheckCancelled());
    Order();
    if (order_.size() > limit) order_.resize(limit);
    return {};
  }

  bool IsBefore(std::uint32_t a, std::uint32_t b) const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const std::weak_ordering order = Compare(keys_[i], a, b);
      if (order == 0) continue;
      return node_.keys[i].descending ? order > 0 : order < 0;
    }
    return a < b;
  }

  static std::weak_ordering Compare(const Vector& key, std::uint32_t a, std::uint32_t b) {
    if (key.repr() == Repr::kInteger && key.nulls() == nullptr) {
      return key.integers()[a] <=> key.integers()[b];
    }
    if (key.repr() == Repr::kString && key.nulls() == nullptr) {
      return key.strings()[a] <=> key.strings()[b];
    }
    if (key.repr() == Repr::kValue) return schema::Order(key.values()[a], key.values()[b]);
    return schema::Order(key.Get(a), key.Get(b));
  }

  void Order() {
    order_.resize(rows_.rows);
    for (std::uint32_t row = 0; row < rows_.rows; ++row) order_[row] = row;
    std::sort(order_.begin(), order_.end(),
              [this](std::uint32_t a, std::uint32_t b) { return IsBefore(a, b); });
  }

  void KeepFirst(std::uint64_t limit) {
    Order();
    order_.resize(std::min<std::size_t>(order_.size(), limit));
    Batch kept;
    kept.GatherFrom(rows_, order_, nullptr);
    rows_ = std::move(kept);
    for (Vector& key : keys_) {
      Vector first;
      first.GatherFrom(key, order_);
      key = std::move(first);
    }
  }

  const plan::Sort& node_;
  bool read_ = false;
  Batch rows_;
  std::vector<Vector> keys_;
  std::vector<std::uint32_t> order_;
  std::size_t given_ = 0;

  Batch batch_;
  Vector key_;
};

}  // namespace

OperatorPtr MakeSort(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Sort>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
