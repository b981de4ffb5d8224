// Argument: the rows around a subplan. Empty: none at all.
#include <algorithm>

#include "query/exec/operators.h"

namespace kb::query::exec {
namespace {

class Argument final : public Operator {
 public:
  Argument(Runtime& runtime, const plan::Operator& op, const ArgumentRows* rows)
      : Operator(runtime, op, {}), rows_(rows) {}

  void Rewind() override { given_ = 0; }

 private:
  Result<bool> Produce(Batch* out) override {
    const std::uint32_t begin = rows_->begin + given_;
    if (begin >= rows_->end) return false;
    const std::uint32_t end = std::min(rows_->end, begin + kBatchRows);
    numbers_.clear();
    for (std::uint32_t row = begin; row < end; ++row) numbers_.push_back(row);
    out->GatherFrom(*rows_->batch, numbers_, live());
    EnsureSlots(out, runtime_.slot_count());
    out->origin.clear();
    if (rows_->batched) out->origin = numbers_;
    given_ += end - begin;
    return true;
  }

  const ArgumentRows* rows_;
  std::uint32_t given_ = 0;
  std::vector<std::uint32_t> numbers_;
};

class Empty final : public Operator {
 public:
  Empty(Runtime& runtime, const plan::Operator& op) : Operator(runtime, op, {}) {}

 private:
  Result<bool> Produce(Batch* /*out*/) override { return false; }
};

}  // namespace

OperatorPtr MakeArgument(Runtime& runtime, const plan::Operator& op, const ArgumentRows* rows) {
  return std::make_unique<Argument>(runtime, op, rows);
}

OperatorPtr MakeEmpty(Runtime& runtime, const plan::Operator& op) {
  return std::make_unique<Empty>(runtime, op);
}

}  // namespace kb::query::exec
