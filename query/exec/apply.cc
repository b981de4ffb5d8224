// Apply: for each row of the left, the rows that the right side gives for it.
//
// Where the right side treats rows one by one it runs once over the whole left batch, its rows
// marked with the left row they belong to; otherwise it is rewound for each left row. Optional:
// left rows that are skipped in the marks go on with nulls, in their place.
#include <algorithm>

#include "query/exec/operators.h"
#include "query/exec/subquery.h"
#include "query/exec/view_request.h"

namespace kb::query::exec {
namespace {

class Apply final : public Operator {
 public:
  Apply(Runtime& runtime, const plan::Operator& op, OperatorPtr left, OperatorPtr right,
        std::unique_ptr<ArgumentRows> argument)
      : Operator(runtime, op, Inputs(std::move(left), std::move(right))),
        argument_(std::move(argument)),
        kind_(NodeOf<plan::Apply>().kind),
        view_(NodeOf<plan::Apply>().view.get()),
        batched_(kind_ != plan::ApplyKind::kUnit && view_ == nullptr && IsRowWise(*op.inputs[1])),
        right_writes_(WritesGraph(*op.inputs[1])) {}

  void Rewind() override {
    input(0).Rewind();
    left_.rows = 0;
    begun_ = 0;
    right_is_open_ = false;
    settled_ = 0;
  }

 private:
  static constexpr std::uint32_t kNothing = 0xFFFF'FFFFu;

  Result<bool> Produce(Batch* out) override {
    while (true) {
      if (!right_is_open_) {
        if (begun_ == left_.rows) {
          KB_ASSIGN(const bool more, NextLeft());
          if (!more) return false;
          if (kind_ == plan::ApplyKind::kUnit) {
            KB_TRY(RunForEffects());
            std::swap(*out, left_);
            left_.rows = 0;
            begun_ = 0;
            return true;
          }
        }
        KB_TRY(OpenRight());
      }
      KB_ASSIGN(const bool more, NextRight());
      pairs_.clear();
      if (!more) right_.rows = 0;
      if (more) {
        if (right_writes_) OwnText(&right_);
        Pair();
      } else {
        Close();
      }
      if (pairs_.empty()) continue;
      Combine(out);
      return true;
    }
  }

  Result<bool> NextLeft() {
    KB_ASSIGN(const bool more, input(0).Next(&left_));
    begun_ = 0;
    settled_ = 0;
    if (!more) left_.rows = 0;
    if (more && right_writes_) OwnText(&left_);
    return more;
  }

  Result<void> OpenRight() {
    argument_->batch = &left_;
    argument_->begin = begun_;
    argument_->end = batched_ ? left_.rows : begun_ + 1;
    argument_->batched = batched_;
    begun_ = argument_->end;
    if (view_ != nullptr) {
      KB_ASSIGN(inner_view_, DeriveView(*view_, left_, argument_->begin, runtime_.eval()));
    }
    input(1).Rewind();
    right_is_open_ = true;
    return {};
  }

  /// The right side runs on the view that it asks for.
  Result<bool> NextRight() {
    if (view_ == nullptr) return input(1).Next(&right_);
    std::swap(runtime_.eval().view, inner_view_);
    Result<bool> more = input(1).Next(&right_);
    if (more.ok() && *more) OwnText(&right_);
    std::swap(runtime_.eval().view, inner_view_);
    return more;
  }

  Result<void> RunForEffects() {
    for (std::uint32_t row = 0; row < left_.rows; ++row) {
      begun_ = row;
      KB_TRY(OpenRight());
      bool more = true;
      while (more) {
        KB_ASSIGN(more, NextRight());
      }
    }
    right_is_open_ = false;
    begun_ = left_.rows;
    return {};
  }

  /// Pairs the rows of right_ with their left rows. settled_: left rows before it have been paired
  /// or went on with nulls.
  void Pair() {
    for (std::uint32_t row = 0; row < right_.rows; ++row) {
      const std::uint32_t left = batched_ ? right_.origin[row] : argument_->begin;
      PassOver(left);
      settled_ = std::max(settled_, left + 1);
      pairs_.push_back({left, row});
    }
  }

  void Close() {
    PassOver(argument_->end);
    settled_ = argument_->end;
    right_is_open_ = false;
  }

  /// Left rows before `end` for which the right gave nothing.
  void PassOver(std::uint32_t end) {
    if (kind_ != plan::ApplyKind::kOptional) return;
    for (; settled_ < end; ++settled_) pairs_.push_back({settled_, kNothing});
  }

  void Combine(Batch* out) {
    left_rows_.clear();
    bool all_there = true;
    for (const auto& pair : pairs_) {
      left_rows_.push_back(pair.left);
      all_there = all_there && pair.right != kNothing;
    }
    out->GatherFrom(left_, left_rows_, live());
    EnsureSlots(out, runtime_.slot_count());
    if (all_there) {
      right_rows_.clear();
      for (const auto& pair : pairs_) right_rows_.push_back(pair.right);
    }
    for (std::size_t slot = 0; slot < out->columns.size(); ++slot) {
      if (!IsLive(static_cast<Slot>(slot))) continue;
      if (slot < left_.columns.size() && left_.columns[slot].repr() != Repr::kNone) continue;
      TakeFromRight(static_cast<Slot>(slot), all_there, &out->columns[slot]);
    }
    if (right_.rows != 0 && !right_.multiplicity.empty()) Multiply(out);
  }

  void TakeFromRight(Slot slot, bool all_there, Vector* out) const {
    const bool has = static_cast<std::size_t>(slot) < right_.columns.size() && right_.rows != 0 &&
                     right_.column(slot).repr() != Repr::kNone;
    if (has && all_there) {
      out->GatherFrom(right_.column(slot), right_rows_);
      return;
    }
    if (!has) {
      // Set to null where the right gave nothing at all.
      const auto& nulls = NodeOf<plan::Apply>().nulls;
      if (std::find(nulls.begin(), nulls.end(), slot) != nulls.end()) {
        out->SetConstant(Value::Null(), static_cast<std::uint32_t>(pairs_.size()));
      }
      return;
    }
    const Vector& right = right_.column(slot);
    const auto size = static_cast<std::uint32_t>(pairs_.size());
    if (right.repr() == Repr::kNode) {
      out->Reset(Repr::kNode, size);
      for (std::uint32_t i = 0; i < size; ++i) {
        const bool there = pairs_[i].right != kNothing && !right.IsNull(pairs_[i].right);
        out->nodes()[i] = there ? right.nodes()[pairs_[i].right] : schema::kNoNode;
        if (!there) out->MutableNulls()[i] = 1;
      }
      return;
    }
    out->Reset(Repr::kValue, size);
    for (std::uint32_t i = 0; i < size; ++i) {
      if (pairs_[i].right != kNothing) out->values()[i] = right.Get(pairs_[i].right);
    }
  }

  void Multiply(Batch* out) const {
    out->multiplicity.resize(out->rows, 1);
    for (std::uint32_t i = 0; i < out->rows; ++i) {
      // The right side began with the left row's own multiplicity.
      if (pairs_[i].right != kNothing) {
        out->multiplicity[i] = right_.multiplicity_of(pairs_[i].right);
      } else {
        out->multiplicity[i] = left_.multiplicity_of(pairs_[i].left);
      }
    }
  }

  struct RowPair {
    std::uint32_t left, right;
  };

  std::unique_ptr<ArgumentRows> argument_;
  const plan::ApplyKind kind_;
  const bind::ViewClause* const view_;  ///< Of the right side; null: the statement's.
  storage::View inner_view_;
  const bool batched_;
  const bool right_writes_;

  Batch left_;
  std::uint32_t begun_ = 0;    ///< Left rows for which the right has been opened.
  std::uint32_t settled_ = 0;  ///< Left rows that have been paired or passed over.
  bool right_is_open_ = false;
  Batch right_;
  std::vector<RowPair> pairs_;
  std::vector<std::uint32_t> left_rows_, right_rows_;
};

}  // namespace

OperatorPtr MakeApply(Runtime& runtime, const plan::Operator& op, OperatorPtr left,
                      OperatorPtr right, std::unique_ptr<ArgumentRows> argument) {
  if (std::get<plan::Apply>(op.node).transactions) {
    return MakeApplyInTransactions(runtime, op, std::move(left), std::move(right),
                                   std::move(argument));
  }
  return std::make_unique<Apply>(runtime, op, std::move(left), std::move(right),
                                 std::move(argument));
}

}  // namespace kb::query::exec
