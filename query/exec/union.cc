// Union: the rows of the left, then those of the right, their columns mapped to the same slots.
#include "query/exec/operators.h"

namespace kb::query::exec {
namespace {

class Union final : public Operator {
 public:
  Union(Runtime& runtime, const plan::Operator& op, OperatorPtr left, OperatorPtr right)
      : Operator(runtime, op, Inputs(std::move(left), std::move(right))) {}

  void Rewind() override {
    Operator::Rewind();
    side_ = 0;
  }

 private:
  Result<bool> Produce(Batch* out) override {
    const auto& node = NodeOf<plan::Union>();
    for (; side_ < 2; ++side_) {
      KB_ASSIGN(const bool more, input(side_).Next(out));
      if (!more) continue;
      const std::vector<Slot>& from = side_ == 0 ? node.left : node.right;
      mapped_.resize(from.size());
      for (std::size_t i = 0; i < from.size(); ++i) mapped_[i] = out->column(from[i]);
      for (std::size_t i = 0; i < from.size(); ++i) {
        std::swap(out->column(node.slots[i]), mapped_[i]);
      }
      return true;
    }
    return false;
  }

  std::size_t side_ = 0;
  std::vector<Vector> mapped_;
};

}  // namespace

OperatorPtr MakeUnion(Runtime& runtime, const plan::Operator& op, OperatorPtr left,
                      OperatorPtr right) {
  return std::make_unique<Union>(runtime, op, std::move(left), std::move(right));
}

}  // namespace kb::query::exec
