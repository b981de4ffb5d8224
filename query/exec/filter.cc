// Filter: the rows for which the predicate is true.
#include "query/exec/operators.h"

namespace kb::query::exec {
namespace {

class Filter final : public Operator {
 public:
  Filter(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))) {}

 private:
  Result<bool> Produce(Batch* out) override {
    while (true) {
      KB_ASSIGN(const bool more, input().Next(&batch_));
      if (!more) return false;
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

  Batch batch_;
  std::vector<std::uint32_t> rows_;
};

}  // namespace

OperatorPtr MakeFilter(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Filter>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
