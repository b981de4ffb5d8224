// Aggregate: groups by the values of its keys, and folds each group. Without keys there is one
// group, even of no rows at all.
//
// Where memory is limited and short, no new group is begun: rows of groups that are not there are
// put aside by the hash of their key (spill.h), and the parts are grouped one after the other when
// the groups at hand have been given.
#include <algorithm>

#include "query/exec/fold.h"
#include "query/exec/keys.h"
#include "query/exec/operators.h"
#include "query/exec/spill.h"
#include "schema/base/memory.h"

namespace kb::query::exec {
namespace {

class Aggregate final : public Operator {
 public:
  Aggregate(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))), node_(NodeOf<plan::Aggregate>()) {
    Reset();
  }

  void Rewind() override {
    Operator::Rewind();
    Reset();
  }

 private:
  /// Fewer groups than these are not worth putting rows aside.
  static constexpr std::uint32_t kGroupsMin = 8 * kBatchRows;

  void Reset() {
    StartGroups();
    aside_.reset();
    parts_.clear();
    read_ = false;
  }

  void StartGroups() {
    groups_.Clear();
    folds_.clear();
    for (const auto& item : node_.aggregates) folds_.emplace_back(item.call, !node_.keys.empty());
    group_count_ = node_.keys.empty() ? 1 : 0;
    given_ = 0;
  }

  Result<bool> Produce(Batch* out) override {
    if (!read_) {
      level_ = 0;
      KB_TRY(ReadFrom([this] { return input().Next(&batch_); }));
      read_ = true;
    }
    while (given_ == group_count_) {
      if (parts_.empty()) return false;
      KB_TRY(ReadPart());
    }
    const std::uint32_t end = std::min(group_count_, given_ + kBatchRows);
    out->Clear();
    EnsureSlots(out, runtime_.slot_count());
    out->rows = end - given_;
    for (std::size_t i = 0; i < node_.keys.size(); ++i) {
      groups_.ColumnOf(i, given_, end, &out->column(node_.keys[i].first));
    }
    for (std::size_t i = 0; i < folds_.size(); ++i) {
      KB_TRY(folds_[i].Finish(given_, end, &out->column(node_.aggregates[i].slot)));
    }
    given_ = end;
    return true;
  }

  /// Groups all rows that next() puts into batch_.
  template <typename Next>
  Result<void> ReadFrom(Next next) {
    while (true) {
      KB_ASSIGN(const bool more, next());
      if (!more) break;
      KB_TRY(Number());
      if (batch_.rows == 0) continue;
      for (Fold& fold : folds_) {
        KB_TRY(fold.Add(batch_, numbers_, group_count_, runtime_.eval()));
      }
      if (aside_ || group_count_ < kGroupsMin || node_.keys.empty()) continue;
      if (auto memory = SpillIfShort(runtime_)) {
        aside_ = std::make_unique<SpilledParts>(memory, runtime_.slot_count(), level_);
      }
    }
    if (!aside_) return {};
    for (auto& part : aside_->Close()) {
      if (part->rows() != 0) parts_.push_back({level_ + 1, std::move(part)});
    }
    aside_.reset();
    return {};
  }

  /// Groups the rows of one part, in place of the groups that have been given.
  Result<void> ReadPart() {
    Part part = std::move(parts_.back());
    parts_.pop_back();
    StartGroups();
    ReturnFreedMemory();
    level_ = part.level;
    return ReadFrom([&]() -> Result<bool> {
      KB_TRY(runtime_.CheckCancelled());
      return part.rows->Next(&batch_);
    });
  }

  /// Finds the group of each row of the batch; rows that are put aside leave it.
  Result<void> Number() {
    if (node_.keys.empty()) {
      numbers_.assign(batch_.rows, 0);
      return {};
    }
    keys_.resize(node_.keys.size());
    std::vector<const Vector*> columns;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      KB_TRY(eval::Evaluate(*node_.keys[i].second, batch_, runtime_.eval(), &keys_[i]));
      columns.push_back(&keys_[i]);
    }
    if (aside_) {
      groups_.Find(columns, batch_.rows, &numbers_);
      PutAside(columns);
      return {};
    }
    groups_.Number(columns, batch_.rows, &numbers_);
    group_count_ = groups_.size();
    return {};
  }

  void PutAside(const std::vector<const Vector*>& columns) {
    std::vector<std::uint32_t> known;
    for (std::uint32_t row = 0; row < batch_.rows; ++row) {
      if (numbers_[row] == KeyTable::kUnknown) {
        aside_->Add(batch_, columns, row);
      } else {
        numbers_[known.size()] = numbers_[row];
        known.push_back(row);
      }
    }
    if (known.size() == batch_.rows) return;
    numbers_.resize(known.size());
    Batch kept;
    kept.GatherFrom(batch_, known, nullptr);
    batch_ = std::move(kept);
  }

  const plan::Aggregate& node_;
  KeyTable groups_;
  std::vector<Fold> folds_;
  std::uint32_t group_count_ = 0;
  std::uint32_t given_ = 0;
  bool read_ = false;

  /// Rows that wait for their turn; their level says how often they have been put aside.
  struct Part {
    unsigned level = 0;
    std::unique_ptr<SpilledRows> rows;
  };
  std::unique_ptr<SpilledParts> aside_;  ///< Set while no new group is begun.
  std::vector<Part> parts_;
  unsigned level_ = 0;

  Batch batch_;
  std::vector<Vector> keys_;
  std::vector<std::uint32_t> numbers_;
};

}  // namespace

OperatorPtr MakeAggregate(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Aggregate>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
