// Distinct: the first of every set of rows that are alike in the given slots. In a batched subplan
// rows of different outer rows are never alike.
//
// Where memory is limited and short, rows that are not known are put aside by the hash of their key
// (spill.h) and looked at, part by part, when the input has ended.
#include "query/exec/keys.h"
#include "query/exec/operators.h"
#include "query/exec/spill.h"
#include "schema/base/memory.h"

namespace kb::query::exec {
namespace {

class Distinct final : public Operator {
 public:
  Distinct(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))) {}

  void Rewind() override {
    Operator::Rewind();
    keys_.Clear();
    aside_.reset();
    parts_.clear();
    part_ = {};
  }

 private:
  /// Fewer rows than these are not worth putting others aside.
  static constexpr std::uint32_t kKeysMin = 8 * kBatchRows;

  /// Rows that wait for their turn; their level says how often they have been put aside.
  struct Part {
    unsigned level = 0;
    std::unique_ptr<SpilledRows> rows;
  };

  Result<bool> Produce(Batch* out) override {
    while (true) {
      KB_ASSIGN(const bool more, NextBatch());
      if (!more) return false;
      SetColumns();
      rows_.clear();
      if (aside_) {
        PutAside();
        continue;
      }
      std::uint32_t known = keys_.size();
      keys_.Number(columns_, batch_.rows, &numbers_);
      for (std::uint32_t row = 0; row < batch_.rows; ++row) {
        if (numbers_[row] != known) continue;
        rows_.push_back(row);
        ++known;
      }
      if (known >= kKeysMin) {
        if (auto memory = SpillIfShort(runtime_)) {
          aside_ = std::make_unique<SpilledParts>(memory, runtime_.slot_count(), part_.level);
        }
      }
      if (rows_.empty()) continue;
      out->GatherFrom(batch_, rows_, live());
      out->multiplicity.clear();
      return true;
    }
  }

  /// The next batch of the input, and after its end of the parts that were put aside.
  Result<bool> NextBatch() {
    if (!part_.rows) {
      KB_ASSIGN(const bool more, input().Next(&batch_));
      if (more) return true;
    }
    while (true) {
      if (part_.rows) {
        KB_TRY(runtime_.CheckCancelled());
        KB_ASSIGN(const bool more, part_.rows->Next(&batch_));
        if (more) return true;
      }
      if (aside_) {
        for (auto& rows : aside_->Close()) {
          if (rows->rows() != 0) parts_.push_back({part_.level + 1, std::move(rows)});
        }
        aside_.reset();
      }
      if (parts_.empty()) return false;
      part_ = std::move(parts_.back());
      parts_.pop_back();
      keys_.Clear();
      ReturnFreedMemory();
    }
  }

  void SetColumns() {
    columns_.clear();
    for (const Slot slot : NodeOf<plan::Distinct>().slots) {
      columns_.push_back(&batch_.column(slot));
    }
    if (batch_.origin.empty()) return;
    origins_.Reset(Repr::kInteger, batch_.rows);
    for (std::uint32_t row = 0; row < batch_.rows; ++row) {
      origins_.integers()[row] = batch_.origin[row];
    }
    columns_.push_back(&origins_);
  }

  /// What is known has been given already.
  void PutAside() {
    keys_.Find(columns_, batch_.rows, &numbers_);
    for (std::uint32_t row = 0; row < batch_.rows; ++row) {
      if (numbers_[row] == KeyTable::kUnknown) aside_->Add(batch_, columns_, row);
    }
  }

  KeyTable keys_;
  std::unique_ptr<SpilledParts> aside_;  ///< Set while nothing new is let through.
  std::vector<Part> parts_;
  Part part_;  ///< The one being read; none while the input is.
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
