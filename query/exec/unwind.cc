// Unwind: one row for each element of a list. Null gives no row; what is no list counts as a list
// of one element.
#include <algorithm>

#include "query/exec/operators.h"

namespace kb::query::exec {
namespace {

class Unwind final : public FanOut {
 public:
  Unwind(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : FanOut(runtime, op, Inputs(std::move(from))) {}

  void Rewind() override {
    FanOut::Rewind();
    at_ = 0;
    elements_.clear();
  }

 private:
  Result<void> StartBatch(const Batch& input) override {
    at_ = 0;
    return eval::Evaluate(*NodeOf<plan::Unwind>().list, input, runtime_.eval(), &lists_);
  }

  Result<bool> FillRow(const Batch& /*input*/, std::uint32_t row) override {
    const Value value = lists_.Get(row);
    if (value.is_null()) return true;
    const std::span<const Value> items =
        value.is_list() ? value.list() : std::span<const Value>(&value, 1);
    const std::size_t count = std::min<std::size_t>(Room(), items.size() - at_);
    elements_.insert(elements_.end(), items.begin() + static_cast<std::ptrdiff_t>(at_),
                     items.begin() + static_cast<std::ptrdiff_t>(at_ + count));
    Emit(row, static_cast<std::uint32_t>(count));
    at_ += count;
    if (at_ != items.size()) return false;
    at_ = 0;
    return true;
  }

  void FinishBatch(Batch* out) override {
    Vector& column = out->column(NodeOf<plan::Unwind>().slot);
    if (!SetIntegers(&column)) SetValues(&column, std::move(elements_));
    elements_.clear();
  }

  /// Numbers are the frequent case (UNWIND range(…)), and worth a typed column.
  bool SetIntegers(Vector* column) const {
    if (!std::all_of(elements_.begin(), elements_.end(),
                     [](const Value& value) { return value.is_integer(); })) {
      return false;
    }
    column->Reset(Repr::kInteger, static_cast<std::uint32_t>(elements_.size()));
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      column->integers()[i] = elements_[i].integer();
    }
    return true;
  }

  Vector lists_;
  std::size_t at_ = 0;  ///< Elements of the current row's list that have gone on.
  std::vector<Value> elements_;
};

}  // namespace

OperatorPtr MakeUnwind(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  if (std::get<plan::Unwind>(op.node).csv) return MakeLoadCsv(runtime, op, std::move(input));
  return std::make_unique<Unwind>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
