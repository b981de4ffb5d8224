// HashJoin: pairs of rows of two independent inputs whose keys are equal. The right side is
// gathered and numbered by key; the left streams by. A null in a key, or a NaN, equals nothing.
//
// Where memory is limited and short, right rows that come later are put aside by the hash of their
// key (spill.h). Left rows meet those that are there and are put aside likewise; afterwards each
// part of the one side meets its part of the other in the same way.
#include <algorithm>
#include <numeric>

#include "query/exec/keys.h"
#include "query/exec/operators.h"
#include "query/exec/spill.h"
#include "schema/base/memory.h"
#include "schema/edtf.h"

namespace kb::query::exec {
namespace {

class HashJoin final : public Operator {
 public:
  HashJoin(Runtime& runtime, const plan::Operator& op, OperatorPtr left, OperatorPtr right)
      : Operator(runtime, op, Inputs(std::move(left), std::move(right))),
        node_(NodeOf<plan::HashJoin>()) {}

  void Rewind() override {
    Operator::Rewind();
    is_built_ = false;
    left_.rows = 0;
    left_row_ = 0;
    match_at_ = 0;
    part_ = {};
    parts_.clear();
    right_aside_.reset();
    left_aside_.reset();
  }

 private:
  /// Fewer rows than these are not worth putting others aside.
  static constexpr std::uint32_t kRowsMin = 8 * kBatchRows;

  /// Rows of both sides with the same hash; the level says how often they have been put aside.
  struct Part {
    unsigned level = 0;
    std::unique_ptr<SpilledRows> left, right;  ///< Null: the inputs.
  };

  Result<bool> Produce(Batch* out) override {
    left_rows_.clear();
    right_rows_.clear();
    while (left_rows_.empty()) {
      if (left_row_ == left_.rows) {
        KB_ASSIGN(const bool more, NextLeft());
        left_row_ = 0;
        if (!more) {
          left_.rows = 0;
          return false;
        }
        if (!is_built_) KB_TRY(BuildTable());  // not for a left side without rows
        KB_TRY(Evaluate(left_, true));
        table_.Find(Columns(), left_.rows, &numbers_);
        if (left_aside_) PutLeftAside();
      }
      PairRows();
    }
    Combine(out);
    return true;
  }

  Result<bool> Next(bool is_left, Batch* batch) {
    const auto& rows = is_left ? part_.left : part_.right;
    if (!rows) return input(is_left ? 0 : 1).Next(batch);
    KB_TRY(runtime_.CheckCancelled());
    return rows->Next(batch);
  }

  /// The next left rows; after the last those of a part that was put aside.
  Result<bool> NextLeft() {
    while (true) {
      KB_ASSIGN(const bool more, Next(true, &left_));
      if (more) return true;
      if (left_aside_) {
        auto lefts = left_aside_->Close();
        auto rights = right_aside_->Close();
        for (std::size_t i = 0; i < lefts.size(); ++i) {
          if (lefts[i]->rows() == 0 || rights[i]->rows() == 0) continue;
          parts_.push_back({part_.level + 1, std::move(lefts[i]), std::move(rights[i])});
        }
        left_aside_.reset();
        right_aside_.reset();
      }
      if (parts_.empty()) return false;
      part_ = std::move(parts_.back());
      parts_.pop_back();
      is_built_ = false;
    }
  }

  Result<void> BuildTable() {
    table_.Clear();
    right_ = Batch(runtime_.slot_count());
    if (part_.right) ReturnFreedMemory();
    std::vector<std::uint32_t> key_of;  // a right row's, or KeyTable::kUnknown if it equals nothing
    Batch batch;
    while (true) {
      KB_ASSIGN(const bool more, Next(false, &batch));
      if (!more) break;
      KB_TRY(Evaluate(batch, false));
      if (right_aside_) {
        for (std::uint32_t row = 0; row < batch.rows; ++row) {
          if (CanMatch(row)) right_aside_->Add(batch, Columns(), row);
        }
        continue;
      }
      table_.Number(Columns(), batch.rows, &numbers_);
      for (std::uint32_t row = 0; row < batch.rows; ++row) {
        key_of.push_back(CanMatch(row) ? numbers_[row] : KeyTable::kUnknown);
      }
      AppendRows(&right_, batch, live());
      if (right_.rows < kRowsMin) continue;
      if (auto memory = SpillIfShort(runtime_)) {
        right_aside_ = std::make_unique<SpilledParts>(memory, runtime_.slot_count(), part_.level);
        left_aside_ = std::make_unique<SpilledParts>(memory, runtime_.slot_count(), part_.level);
      }
    }
    SortByKey(key_of);
    is_built_ = true;
    return {};
  }

  void PutLeftAside() {
    for (std::uint32_t row = 0; row < left_.rows; ++row) {
      if (CanMatch(row)) left_aside_->Add(left_, Columns(), row);
    }
  }

  /// Lays the right rows of each key side by side.
  void SortByKey(const std::vector<std::uint32_t>& key_of) {
    begin_of_.assign(table_.size() + 1, 0);
    for (const std::uint32_t key : key_of) {
      if (key != KeyTable::kUnknown) ++begin_of_[key + 1];
    }
    std::partial_sum(begin_of_.begin(), begin_of_.end(), begin_of_.begin());
    matches_.resize(begin_of_.back());
    std::vector<std::uint32_t> next(begin_of_.begin(), begin_of_.end() - 1);
    for (std::uint32_t row = 0; row < key_of.size(); ++row) {
      if (key_of[row] != KeyTable::kUnknown) matches_[next[key_of[row]]++] = row;
    }
  }

  Result<void> Evaluate(const Batch& batch, bool is_left) {
    keys_.resize(node_.keys.size());
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const auto& [left, right] = node_.keys[i];
      KB_TRY(eval::Evaluate(is_left ? *left : *right, batch, runtime_.eval(), &keys_[i]));
      ExactDatesToDates(&keys_[i]);
    }
    return {};
  }

  /// An uncertain date that is one day equals that date: they must be one key.
  static void ExactDatesToDates(Vector* keys) {
    if (keys->repr() != Repr::kValue && keys->repr() != Repr::kConstant) return;
    const std::uint32_t count = keys->repr() == Repr::kConstant ? 1 : keys->size();
    for (std::uint32_t row = 0; row < count; ++row) {
      Value& value = keys->values()[row];
      if (!value.is_edtf() || value.edtf().is_timed) continue;
      const Value date = schema::EdtfComponent(value.edtf(), "earliest");
      if (schema::Equal(value, date) == schema::Truth(true)) value = date;
    }
  }

  std::vector<const Vector*> Columns() const {
    std::vector<const Vector*> columns;
    for (const Vector& key : keys_) columns.push_back(&key);
    return columns;
  }

  bool CanMatch(std::uint32_t row) const {
    return std::all_of(keys_.begin(), keys_.end(), [&](const Vector& key) {
      const Value value = key.Get(row);
      return schema::Equal(value, value).value_or(false);
    });
  }

  void PairRows() {
    for (; left_row_ < left_.rows; ++left_row_, match_at_ = 0) {
      const std::uint32_t key = numbers_[left_row_];
      if (key == KeyTable::kUnknown) continue;
      for (; begin_of_[key] + match_at_ < begin_of_[key + 1]; ++match_at_) {
        if (left_rows_.size() == kBatchRows) return;
        left_rows_.push_back(left_row_);
        right_rows_.push_back(matches_[begin_of_[key] + match_at_]);
      }
    }
  }

  void Combine(Batch* out) const {
    out->GatherFrom(left_, left_rows_, live());
    for (std::size_t slot = 0; slot < right_.columns.size(); ++slot) {
      if (right_.columns[slot].repr() == Repr::kNone || !IsLive(static_cast<Slot>(slot))) continue;
      if (slot < left_.columns.size() && left_.columns[slot].repr() != Repr::kNone) continue;
      out->columns[slot].GatherFrom(right_.columns[slot], right_rows_);
    }
    if (right_.multiplicity.empty()) return;
    out->multiplicity.resize(out->rows, 1);
    for (std::uint32_t i = 0; i < out->rows; ++i) {
      out->multiplicity[i] *= right_.multiplicity[right_rows_[i]];
    }
  }

  const plan::HashJoin& node_;
  bool is_built_ = false;
  Part part_;  ///< What is being joined.
  std::vector<Part> parts_;
  /// Set while right rows are put aside, until the left ones have been.
  std::unique_ptr<SpilledParts> left_aside_, right_aside_;
  KeyTable table_;
  std::vector<std::uint32_t> begin_of_;  ///< Where a key's rows begin in matches_.
  std::vector<std::uint32_t> matches_;   ///< Right rows by key.
  Batch right_;

  Batch left_;
  std::uint32_t left_row_ = 0;
  std::uint32_t match_at_ = 0;
  std::vector<Vector> keys_;
  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint32_t> left_rows_, right_rows_;
};

}  // namespace

OperatorPtr MakeHashJoin(Runtime& runtime, const plan::Operator& op, OperatorPtr left,
                         OperatorPtr right) {
  return std::make_unique<HashJoin>(runtime, op, std::move(left), std::move(right));
}

}  // namespace kb::query::exec
