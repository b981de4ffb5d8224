// Distinct: the first of every set of rows that are alike in the given slots. In a batched subplan
// rows of different outer rows are never alike.
#include "query/exec/keys.h"
#include "query/exec/operators.h"

namespace kb::query::exec {
namespace {

class Distinct final : public Operator {
 public:
  Distinct(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))) {}

  void Rewind() override {
    Operator::Rewind();
    keys_.Clear();
  }

 private:
  Result<bool> Produce(Batch* out) override {
    while (true) {
      KB_ASSIGN(const bool more, input().Next(&batch_));
      if (!more) return false;
      columns_.clear();
      for (const Slot slot : NodeOf<plan::Distinct>().slots) {
        columns_.push_back(&batch_.column(slot));
      }
      if (!batch_.origin.empty()) {
        origins_.Reset(Repr::kInteger, batch_.rows);
        for (std::uint32_t row = 0; row < batch_.rows; ++row) {
          origins_.integers()[row] = batch_.origin[row];
        }
        columns_.push_back(&origins_);
      }
      std::uint32_t known = keys_.size();
      keys_.Number(columns_, batch_.rows, &numbers_);
      rows_.clear();
      for (std::uint32_t row = 0; row < batch_.rows; ++row) {
        if (numbers_[row] != known) continue;
        rows_.push_back(row);
        ++known;
      }
      if (rows_.empty()) continue;
      out->GatherFrom(batch_, rows_, live());
      out->multiplicity.clear();
      return true;
    }
  }

  KeyTable keys_;
  Batch batch_;
  Vector origins_;
  std::vector<const Vector*> columns_;
  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint32_t> rows_;
};

}  // namespace

OperatorPtr MakeDistinct(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Distinct>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
