// Eager: all rows of the input before the first goes on. Text becomes the rows' own, because what
// follows may change what it is borrowed from.
#include <deque>

#include "query/exec/operators.h"

namespace kb::query::exec {
namespace {

class Eager final : public Operator {
 public:
  Eager(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))) {}

  void Rewind() override {
    Operator::Rewind();
    batches_.clear();
    filled_ = false;
  }

 private:
  Result<bool> Produce(Batch* out) override {
    while (!filled_) {
      Batch batch;
      KB_ASSIGN(const bool more, input().Next(&batch));
      if (more) {
        OwnText(&batch);
        batches_.push_back(std::move(batch));
      } else {
        filled_ = true;
      }
    }
    if (batches_.empty()) return false;
    *out = std::move(batches_.front());
    batches_.pop_front();
    return true;
  }

  bool filled_ = false;
  std::deque<Batch> batches_;
};

}  // namespace

OperatorPtr MakeEager(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Eager>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
