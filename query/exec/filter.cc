// Filter: the rows for which the predicate is true. Where a sort above keeps only the first rows,
// it says what it wants (key_bound.h), and the predicate is not asked of others.
#include "query/exec/key_bound.h"
#include "query/exec/operators.h"

namespace kb::query::exec {
namespace {

class Filter final : public Operator, public TakesKeyBound {
 public:
  Filter(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))) {}

  void TakeKeyBound(std::shared_ptr<const KeyBound> bound) override { bound_ = std::move(bound); }

 private:
  Result<bool> Produce(Batch* out) override {
    while (true) {
      KB_ASSIGN(const bool more, input().Next(&batch_));
      if (!more) return false;
      if (bound_ && bound_->value) {
        KB_ASSIGN(const bool any, KeepWanted());
        if (!any) {
          KB_TRY(runtime_.CheckCancelled());
          continue;
        }
      }
      rows_.clear();
      KB_TRY(eval::SelectRows(*NodeOf<plan::Filter>().predicate, batch_, runtime_.eval(), &rows_));
      if (rows_.empty()) {
        KB_TRY(runtime_.CheckCancelled());
        continue;
      }
      if (rows_.size() == batch_.rows) {
        std::swap(*out, batch_);
      } else {
        out->GatherFrom(batch_, rows_, live());
      }
      return true;
    }
  }

  /// Drops the rows that the sort does not want, if they are many; false if none is left.
  Result<bool> KeepWanted() {
    constexpr std::uint32_t kUselessMax = 4;  // then it is asked now and then
    constexpr std::uint32_t kBatchesBetween = 16;
    if (useless_ >= kUselessMax && ++useless_ % kBatchesBetween != 0) return true;
    KB_TRY(eval::Evaluate(*bound_->key, batch_, runtime_.eval(), &key_));
    rows_.clear();
    SelectWanted(key_, *bound_, &rows_);
    if (rows_.empty()) return false;
    if (rows_.size() > batch_.rows / 2) {
      useless_ += useless_ < kUselessMax ? 1 : 0;
      return true;
    }
    useless_ = 0;
    wanted_.GatherFrom(batch_, rows_, nullptr);
    std::swap(batch_, wanted_);
    return true;
  }

  Batch batch_;
  std::vector<std::uint32_t> rows_;
  std::shared_ptr<const KeyBound> bound_;  ///< Null: all rows are wanted.
  std::uint32_t useless_ = 0;              ///< How often it was of no use in a row.
  Vector key_;
  Batch wanted_;
};

}  // namespace

OperatorPtr MakeFilter(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Filter>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
