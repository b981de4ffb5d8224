// Merge: for each row, what the pattern finds, or else the pattern made anew. A row sees what the
// rows before it made, so rows go one by one.
#include "query/exec/item_setter.h"
#include "query/exec/operators.h"
#include "query/exec/pattern_writer.h"

namespace kb::query::exec {
namespace {

class Merge final : public Operator {
 public:
  Merge(Runtime& runtime, const plan::Operator& op, OperatorPtr left, OperatorPtr right,
        std::unique_ptr<ArgumentRows> argument)
      : Operator(runtime, op, Inputs(std::move(left), std::move(right))),
        argument_(std::move(argument)),
        writer_(runtime, NodeOf<plan::Merge>().merge.pattern, PatternWriter::Purpose::kMerge,
                NodeOf<plan::Merge>().merge.evidence),
        on_create_(runtime, NodeOf<plan::Merge>().merge.on_create,
                   NodeOf<plan::Merge>().merge.evidence),
        on_match_(runtime, NodeOf<plan::Merge>().merge.on_match,
                  NodeOf<plan::Merge>().merge.evidence) {}

  void Rewind() override {
    input(0).Rewind();
    left_.rows = 0;
    left_row_ = 0;
  }

 private:
  Result<bool> Produce(Batch* out) override {
    out->Clear();
    EnsureSlots(out, runtime_.slot_count());
    while (out->rows < kBatchRows) {
      if (left_row_ == left_.rows) {
        if (out->rows != 0) break;
        KB_ASSIGN(const bool more, input(0).Next(&left_));
        left_row_ = 0;
        if (!more) {
          left_.rows = 0;
          return false;
        }
        OwnText(&left_);
      }
      KB_TRY(runtime_.CheckCancelled());
      KB_TRY(MergeRow(left_row_, out));
      ++left_row_;
    }
    return true;
  }

  Result<void> MergeRow(std::uint32_t row, Batch* out) {
    argument_->batch = &left_;
    argument_->begin = row;
    argument_->end = row + 1;
    input(1).Rewind();
    std::vector<Batch> found;
    while (true) {
      Batch batch;
      KB_ASSIGN(const bool more, input(1).Next(&batch));
      if (!more) break;
      OwnText(&batch);
      found.push_back(std::move(batch));
    }
    for (Batch& batch : found) {
      TakeLeft(row, &batch);
      KB_TRY(writer_.State(batch));
      KB_TRY(on_match_.Apply(&batch));
      AppendRows(out, batch, live());
    }
    if (!found.empty()) return {};
    const std::uint32_t rows[] = {row};
    Batch made;
    made.GatherFrom(left_, rows, nullptr);
    EnsureSlots(&made, runtime_.slot_count());
    KB_TRY(writer_.Write(&made));
    KB_TRY(on_create_.Apply(&made));
    AppendRows(out, made, live());
    return {};
  }

  /// Gives the rows found the slots of the row they were found for.
  void TakeLeft(std::uint32_t row, Batch* batch) const {
    const std::vector<std::uint32_t> rows(batch->rows, row);
    for (std::size_t slot = 0; slot < left_.columns.size(); ++slot) {
      if (left_.columns[slot].repr() == Repr::kNone) continue;
      batch->columns[slot].GatherFrom(left_.columns[slot], rows);
    }
  }

  std::unique_ptr<ArgumentRows> argument_;
  PatternWriter writer_;
  ItemSetter on_create_, on_match_;
  Batch left_;
  std::uint32_t left_row_ = 0;
};

}  // namespace

OperatorPtr MakeMerge(Runtime& runtime, const plan::Operator& op, OperatorPtr left,
                      OperatorPtr right, std::unique_ptr<ArgumentRows> argument) {
  return std::make_unique<Merge>(runtime, op, std::move(left), std::move(right),
                                 std::move(argument));
}

}  // namespace kb::query::exec
