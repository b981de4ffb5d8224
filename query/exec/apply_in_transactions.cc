// Apply in transactions: the right side runs for some left rows at a time, then what it did is
// committed and the rows go on. A transaction that fails is taken back as a whole: its left rows go
// on with nulls, or are the end of the statement, as ON ERROR says. The transactions run one after
// the other, also where CONCURRENT allows more: a case has one writer.
#include <algorithm>
#include <chrono>
#include <deque>

#include "query/exec/operators.h"
#include "query/host.h"

namespace kb::query::exec {
namespace {

constexpr std::uint64_t kRowsUsual = 1000;

class ApplyInTransactions final : public Operator {
 public:
  ApplyInTransactions(Runtime& runtime, const plan::Operator& op, OperatorPtr left,
                      OperatorPtr right, std::unique_ptr<ArgumentRows> argument)
      : Operator(runtime, op, Inputs(std::move(left), std::move(right))),
        argument_(std::move(argument)),
        apply_(NodeOf<plan::Apply>()),
        in_(*apply_.transactions) {}

  void Rewind() override {
    input(0).Rewind();
    left_.rows = 0;
    left_at_ = 0;
    ready_.clear();
    broken_ = false;
    left_ended_ = false;
  }

 private:
  Result<bool> Produce(Batch* out) override {
    if (rows_max_ == 0) KB_TRY(ReadCounts());
    while (ready_.empty()) {
      KB_TRY(Collect());
      if (rows_.empty()) return false;
      KB_TRY(broken_ ? GoOnWithout("the transaction did not start: one before it failed")
                     : RunTransaction());
    }
    std::swap(*out, ready_.front());
    ready_.pop_front();
    return true;
  }

  Result<void> ReadCounts() {
    rows_max_ = kRowsUsual;
    if (in_.rows) {
      KB_ASSIGN(rows_max_, runtime_.EvaluateCount(*in_.rows, "OF … ROWS"));
      if (rows_max_ == 0) return NoRows(in_.rows->span, "a transaction takes at least one row");
    }
    if (in_.concurrency) {
      KB_ASSIGN(const std::uint64_t count,
                runtime_.EvaluateCount(*in_.concurrency, "IN … CONCURRENT TRANSACTIONS"));
      if (count == 0) return NoRows(in_.concurrency->span, "at least one transaction runs");
    }
    return {};
  }
  Error NoRows(Span span, std::string_view why) {
    rows_max_ = 0;
    return ArgumentError("{}", why).Detail("NumberOutOfRange").At(span);
  }

  /// The left rows of the next transaction, in rows_.
  Result<void> Collect() {
    rows_.clear();
    std::uint64_t count = 0;
    while (count < rows_max_) {
      if (left_at_ == left_.rows) {
        if (left_ended_) return {};
        KB_ASSIGN(const bool more, input(0).Next(&left_));
        left_at_ = 0;
        if (!more) {
          left_.rows = 0;
          left_ended_ = true;
          return {};
        }
        OwnText(&left_);
      }
      const auto take = static_cast<std::uint32_t>(
          std::min<std::uint64_t>(rows_max_ - count, left_.rows - left_at_));
      std::vector<std::uint32_t> numbers(take);
      for (std::uint32_t i = 0; i < take; ++i) numbers[i] = left_at_ + i;
      rows_.emplace_back().GatherFrom(left_, numbers, nullptr);
      EnsureSlots(&rows_.back(), runtime_.slot_count());
      left_at_ += take;
      count += take;
    }
    return {};
  }

  Result<void> RunTransaction() {
    const storage::Savepoint before = runtime_.transaction()->Save();
    const auto started = std::chrono::system_clock::now();
    ++number_;
    Result<void> outcome = RunRows();
    if (outcome.ok()) outcome = runtime_.Finish();
    if (!outcome.ok()) {
      runtime_.TakeBack(before);
    } else {
      outcome = runtime_.CommitAndGoOn();
    }
    if (outcome.ok()) {
      SetStatus(started, true, {});
      return {};
    }
    if (apply_.kind == plan::ApplyKind::kUnit && !done_.empty()) rows_ = std::move(done_);
    done_.clear();
    const ErrorCode code = outcome.error().code();
    const bool mendable = code != ErrorCode::kCancelled && code != ErrorCode::kIo &&
                          code != ErrorCode::kCorruption && code != ErrorCode::kInternal;
    if (in_.on_error == ast::OnError::kFail || !mendable || runtime_.transaction() == nullptr) {
      return std::move(outcome).error();
    }
    broken_ = in_.on_error == ast::OnError::kBreak;
    GiveNulls();
    SetStatus(started, false, outcome.error().message());
    return {};
  }

  /// Runs the right side for all of rows_, its rows go to done_.
  Result<void> RunRows() {
    done_.clear();
    for (const Batch& rows : rows_) {
      for (std::uint32_t row = 0; row < rows.rows; ++row) {
        argument_->batch = &rows;
        argument_->begin = row;
        argument_->end = row + 1;
        argument_->batched = false;
        input(1).Rewind();
        bool any = false;
        while (true) {
          KB_ASSIGN(const bool more, input(1).Next(&right_));
          if (!more) break;
          any = true;
          if (apply_.kind != plan::ApplyKind::kUnit) Combine(rows, row, true);
        }
        if (!any && apply_.kind == plan::ApplyKind::kOptional) Combine(rows, row, false);
      }
    }
    if (apply_.kind == plan::ApplyKind::kUnit) done_ = std::move(rows_);
    return {};
  }

  /// The left row beside the rows of right_ (or beside nulls).
  void Combine(const Batch& rows, std::uint32_t row, bool there) {
    const std::vector<std::uint32_t> repeated(there ? right_.rows : 1, row);
    Batch& out = done_.emplace_back();
    out.GatherFrom(rows, repeated, live());
    EnsureSlots(&out, runtime_.slot_count());
    for (std::size_t slot = 0; slot < out.columns.size(); ++slot) {
      if (!IsLive(static_cast<Slot>(slot)) || rows.columns[slot].repr() != Repr::kNone) continue;
      if (there) {
        if (slot < right_.columns.size() && right_.columns[slot].repr() != Repr::kNone) {
          out.columns[slot] = right_.columns[slot];
        }
      } else if (IsNulled(static_cast<Slot>(slot))) {
        out.columns[slot].SetConstant(Value::Null(), out.rows);
      }
    }
    OwnText(&out);
    if (there && !right_.multiplicity.empty()) out.multiplicity = right_.multiplicity;
  }

  bool IsNulled(Slot slot) const {
    return std::find(apply_.nulls.begin(), apply_.nulls.end(), slot) != apply_.nulls.end();
  }

  Result<void> GoOnWithout(std::string_view why) {
    GiveNulls();
    SetStatus(std::nullopt, false, why);
    return {};
  }
  void GiveNulls() {
    done_.clear();
    for (Batch& rows : rows_) {
      for (const Slot slot : apply_.nulls) {
        rows.column(slot).SetConstant(Value::Null(), rows.rows);
      }
      done_.push_back(std::move(rows));
    }
  }

  /// Sets the status of all rows that are done, which go on.
  void SetStatus(std::optional<std::chrono::system_clock::time_point> started, bool committed,
                 std::string_view error) {
    const Value status = Value::Map({
        {"transactionId",
         started ? Value::String("kb-transaction-" + std::to_string(number_)) : Value::Null()},
        {"started", Value::Boolean(started.has_value())},
        {"committed", Value::Boolean(committed)},
        {"errorMessage", error.empty() ? Value::Null() : Value::String(error)},
    });
    for (Batch& batch : done_) {
      if (batch.rows == 0) continue;
      if (in_.status != bind::kNoSlot) batch.column(in_.status).SetConstant(status, batch.rows);
      ready_.push_back(std::move(batch));
    }
    done_.clear();
  }

  std::unique_ptr<ArgumentRows> argument_;
  const plan::Apply& apply_;
  const bind::InTransactions& in_;
  std::uint64_t rows_max_ = 0;  ///< 0: not read yet.
  std::uint64_t number_ = 0;
  Batch left_;
  std::uint32_t left_at_ = 0;
  bool left_ended_ = false;
  bool broken_ = false;  ///< ON ERROR BREAK met an error.
  std::vector<Batch> rows_;
  Batch right_;
  std::vector<Batch> done_;  ///< Of the transaction under way.
  std::deque<Batch> ready_;
};

}  // namespace

OperatorPtr MakeApplyInTransactions(Runtime& runtime, const plan::Operator& op, OperatorPtr left,
                                    OperatorPtr right, std::unique_ptr<ArgumentRows> argument) {
  return std::make_unique<ApplyInTransactions>(runtime, op, std::move(left), std::move(right),
                                               std::move(argument));
}

}  // namespace kb::query::exec
