// HashJoin: pairs of rows of two independent inputs whose keys are equal. The right side is
// gathered and numbered by key; the left streams by. A null in a key, or a NaN, equals nothing.
// Optional: a left row without a partner goes on once, in its place, with nulls.
//
// Where memory is limited and short, right rows that come later are put aside by the hash of their
// key (spill.h). Left rows meet those that are there and are put aside likewise; afterwards each
// part of the one side meets its part of the other in the same way. Of an optional join, left rows
// that have met a partner are kept apart from those that are still looking for one.
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
    met_aside_.reset();
  }

 private:
  /// Fewer rows than these are not worth putting others aside.
  static constexpr std::uint32_t kRowsMin = 8 * kBatchRows;

  /// Rows of both sides with the same hash; the level says how often they have been put aside.
  struct Part {
    unsigned level = 0;
    std::unique_ptr<SpilledRows> left, right;  ///< Null: the inputs.
    std::unique_ptr<SpilledRows> met;          ///< Left rows that have met one of other right rows.
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

  Result<bool> Next(SpilledRows* rows, std::size_t side, Batch* batch) {
    if (rows == nullptr) return input(side).Next(batch);
    KB_TRY(runtime_.CheckCancelled());
    return rows->Next(batch);
  }

  Result<bool> NextOfPart() {
    left_has_met_ = false;
    KB_ASSIGN(const bool more, Next(part_.left.get(), 0, &left_));
    if (more || !part_.met) return more;
    left_has_met_ = true;
    return Next(part_.met.get(), 0, &left_);
  }

  /// The next left rows; after the last those of a part that was put aside.
  Result<bool> NextLeft() {
    while (true) {
      KB_ASSIGN(const bool more, NextOfPart());
      if (more) return true;
      if (left_aside_) AddParts();
      if (parts_.empty()) return false;
      part_ = std::move(parts_.back());
      parts_.pop_back();
      is_built_ = false;
    }
  }

  void AddParts() {
    auto lefts = left_aside_->Close();
    auto rights = right_aside_->Close();
    auto mets = met_aside_ ? met_aside_->Close() : std::vector<std::unique_ptr<SpilledRows>>();
    for (std::size_t i = 0; i < lefts.size(); ++i) {
      Part part{part_.level + 1, std::move(lefts[i]), std::move(rights[i]), nullptr};
      if (met_aside_) part.met = std::move(mets[i]);
      const bool has_partners =
          part.right->rows() != 0 &&
          (part.left->rows() != 0 || (part.met != nullptr && part.met->rows() != 0));
      const bool has_alone = node_.is_optional && part.left->rows() != 0;
      if (has_partners || has_alone) parts_.push_back(std::move(part));
    }
    left_aside_.reset();
    right_aside_.reset();
    met_aside_.reset();
  }

  Result<void> BuildTable() {
    table_.Clear();
    right_ = Batch(runtime_.slot_count());
    if (part_.right) ReturnFreedMemory();
    std::vector<std::uint32_t> key_of;  // a right row's, or KeyTable::kUnknown if it equals nothing
    Batch batch;
    while (true) {
      KB_ASSIGN(const bool more, Next(part_.right.get(), 1, &batch));
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
        if (!node_.is_optional) continue;
        met_aside_ = std::make_unique<SpilledParts>(memory, runtime_.slot_count(), part_.level);
      }
    }
    SortByKey(key_of);
    if (node_.is_optional) AppendNothing();
    is_built_ = true;
    return {};
  }

  void PutLeftAside() {
    for (std::uint32_t row = 0; row < left_.rows; ++row) {
      if (!CanMatch(row)) continue;
      const bool has_met = met_aside_ && (left_has_met_ || PartnersOf(row) != 0);
      (has_met ? met_aside_ : left_aside_)->Add(left_, Columns(), row);
    }
  }

  /// A right row of nulls, for left rows that have no partner.
  void AppendNothing() {
    nothing_ = right_.rows;
    for (Vector& column : right_.columns) {
      if (column.repr() == Repr::kNone) continue;
      Vector null;
      if (column.repr() == Repr::kValue || column.repr() == Repr::kConstant) {
        null.SetConstant(Value::Null(), 1);
      } else {
        null.Reset(column.repr(), 1);
        if (column.repr() == Repr::kNode) null.nodes()[0] = schema::kNoNode;
        if (column.repr() == Repr::kRelationship) null.relationships()[0] = {};
        if (column.repr() == Repr::kInteger) null.integers()[0] = 0;
        if (column.repr() == Repr::kFloat) null.floats()[0] = 0;
        if (column.repr() == Repr::kBoolean) null.booleans()[0] = 0;
        if (column.repr() == Repr::kString) null.strings()[0] = {};
        null.MutableNulls()[0] = 1;
      }
      column.Append(null);
    }
    if (!right_.multiplicity.empty()) right_.multiplicity.push_back(1);
    ++right_.rows;
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

  /// How many right rows at hand a left row meets.
  std::uint32_t PartnersOf(std::uint32_t row) const {
    const std::uint32_t key = numbers_[row];
    return key == KeyTable::kUnknown ? 0 : begin_of_[key + 1] - begin_of_[key];
  }

  /// Whether a left row that meets none has no other chance.
  bool GoesOnAlone(std::uint32_t row) const {
    return node_.is_optional && !left_has_met_ && !(left_aside_ && CanMatch(row));
  }

  void PairRows() {
    for (; left_row_ < left_.rows; ++left_row_, match_at_ = 0) {
      const std::uint32_t partners = PartnersOf(left_row_);
      if (partners == 0 && GoesOnAlone(left_row_)) {
        if (left_rows_.size() == kBatchRows) return;
        left_rows_.push_back(left_row_);
        right_rows_.push_back(nothing_);
      }
      for (; match_at_ < partners; ++match_at_) {
        if (left_rows_.size() == kBatchRows) return;
        left_rows_.push_back(left_row_);
        right_rows_.push_back(matches_[begin_of_[numbers_[left_row_]] + match_at_]);
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
    for (const Slot slot : node_.nulls) {
      if (IsLive(slot) && out->column(slot).repr() == Repr::kNone) {
        out->column(slot).SetConstant(Value::Null(), out->rows);  // no right row has it
      }
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
  std::unique_ptr<SpilledParts> left_aside_, right_aside_, met_aside_;
  KeyTable table_;
  std::vector<std::uint32_t> begin_of_;  ///< Where a key's rows begin in matches_.
  std::vector<std::uint32_t> matches_;   ///< Right rows by key.
  Batch right_;
  std::uint32_t nothing_ = 0;  ///< Of an optional join: the right row of nulls, behind all others.

  Batch left_;
  bool left_has_met_ = false;  ///< Its rows have met right rows that are not at hand any more.
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
