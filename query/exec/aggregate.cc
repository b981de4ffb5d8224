// Aggregate: groups by the values of its keys, and folds each group. Without keys there is one
// group, even of no rows at all.
#include <algorithm>

#include "query/exec/fold.h"
#include "query/exec/keys.h"
#include "query/exec/operators.h"

namespace kb::query::exec {
namespace {

class Aggregate final : public Operator {
 public:
  Aggregate(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))), node_(NodeOf<plan::Aggregate>()) {
    Reset();
  }

  void Rewind() override {
    Operator::Rewind();
    Reset();
  }

 private:
  void Reset() {
    groups_.Clear();
    folds_.clear();
    for (const auto& item : node_.aggregates) folds_.emplace_back(item.call);
    group_count_ = node_.keys.empty() ? 1 : 0;
    given_ = 0;
    read_ = false;
  }

  Result<bool> Produce(Batch* out) override {
    if (!read_) {
      KB_TRY(ReadInput());
      read_ = true;
    }
    if (given_ == group_count_) return false;
    const std::uint32_t end = std::min(group_count_, given_ + kBatchRows);
    out->Clear();
    EnsureSlots(out, runtime_.slot_count());
    out->rows = end - given_;
    for (std::size_t i = 0; i < node_.keys.size(); ++i) {
      groups_.ColumnOf(i, given_, end, &out->column(node_.keys[i].first));
    }
    for (std::size_t i = 0; i < folds_.size(); ++i) {
      KB_TRY(folds_[i].Finish(given_, end, &out->column(node_.aggregates[i].slot)));
    }
    given_ = end;
    return true;
  }

  Result<void> ReadInput() {
    while (true) {
      KB_ASSIGN(const bool more, input().Next(&batch_));
      if (!more) return {};
      KB_TRY(Number());
      for (Fold& fold : folds_) {
        KB_TRY(fold.Add(batch_, numbers_, group_count_, runtime_.eval()));
      }
    }
  }

  /// Finds the group of each row of the batch.
  Result<void> Number() {
    if (node_.keys.empty()) {
      numbers_.assign(batch_.rows, 0);
      return {};
    }
    keys_.resize(node_.keys.size());
    std::vector<const Vector*> columns;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      KB_TRY(eval::Evaluate(*node_.keys[i].second, batch_, runtime_.eval(), &keys_[i]));
      columns.push_back(&keys_[i]);
    }
    groups_.Number(columns, batch_.rows, &numbers_);
    group_count_ = groups_.size();
    return {};
  }

  const plan::Aggregate& node_;
  KeyTable groups_;
  std::vector<Fold> folds_;
  std::uint32_t group_count_ = 0;
  std::uint32_t given_ = 0;
  bool read_ = false;

  Batch batch_;
  std::vector<Vector> keys_;
  std::vector<std::uint32_t> numbers_;
};

}  // namespace

OperatorPtr MakeAggregate(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Aggregate>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
