// CountMatches: rows are multiplied by the number of ways in which the rest of their pattern can be
// found. Where nothing of the rows is read above, a batch becomes one row that stands for all. The
// first batch is counted alone, so that little is done if no more is wanted; then several are read
// and counted on all threads.
#include <algorithm>
#include <chrono>
#include <limits>

#include "query/exec/count_tree.h"
#include "query/exec/operators.h"
#include "query/exec/parallel.h"

namespace kb::query::exec {
namespace {

constexpr std::uint64_t kCountMax = std::numeric_limits<std::int64_t>::max();

Error TooMany() {
  return ArithmeticError("there are more matches than a 64-bit integer can count");
}

class CountMatches final : public Operator {
 public:
  CountMatches(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))),
        tree_(runtime, NodeOf<plan::CountMatches>()) {}

  void Rewind() override {
    Operator::Rewind();
    filled_ = next_ = 0;
  }

 private:
  /// A batch of the input and what its rows come to.
  struct Task {
    Batch batch;
    std::vector<NodeId> known;  ///< One column after the other.
    std::vector<std::uint64_t> matches;
    std::vector<std::uint32_t> rows;     ///< Those with any …
    std::vector<std::uint64_t> numbers;  ///< … and how often each counts.
  };
  static constexpr std::size_t kTasksMax = 64;

  Result<bool> Produce(Batch* out) override {
    while (true) {
      if (next_ == filled_) {
        KB_ASSIGN(const bool more, CountNext());
        if (!more) return false;
      }
      Task& task = tasks_[next_++];
      if (task.rows.empty()) continue;
      out->GatherFrom(task.batch, task.rows, live());
      out->multiplicity = std::move(task.numbers);
      return true;
    }
  }

  /// Reads some batches, more each time, and counts them on all threads.
  Result<bool> CountNext() {
    next_ = filled_ = 0;
    if (tasks_.size() < wanted_) tasks_.resize(wanted_);
    while (filled_ < wanted_) {
      KB_ASSIGN(const bool more, input().Next(&tasks_[filled_].batch));
      if (!more) break;
      ++filled_;
    }
    if (filled_ == 0) return false;
    KB_TRY(tree_.Prepare());
    while (counters_.size() < runtime_.threads()) counters_.emplace_back(tree_);
    for (std::size_t i = 0; i < filled_; ++i) KB_TRY(FindKnown(&tasks_[i]));
    if (filled_ == 1) {
      CountOne(&tasks_[0]);
    } else {
      ForEachMorsel(filled_, runtime_.threads(), [&](std::size_t morsel, unsigned worker) {
        CountRange(0, tasks_[morsel].batch.rows, &tasks_[morsel], &counters_[worker]);
      });
    }
    KB_TRY(runtime_.CheckCancelled());
    for (const Counter& counter : counters_) {
      if (counter.overflowed()) return TooMany();
    }
    for (std::size_t i = 0; i < filled_; ++i) KB_TRY(Finish(&tasks_[i]));
    wanted_ = std::min(kTasksMax, wanted_ * 8);
    return true;
  }

  /// The nodes that each row gives, one column after the other.
  Result<void> FindKnown(Task* task) const {
    const std::size_t width = tree_.known().size();
    const std::uint32_t rows = task->batch.rows;
    task->known.resize(width * rows);
    task->matches.assign(rows, 1);
    for (std::size_t i = 0; i < width; ++i) {
      const Vector& column = task->batch.column(tree_.known()[i]);
      NodeId* known = task->known.data() + i * rows;
      if (column.repr() == Repr::kNode && column.nulls() == nullptr) {
        std::copy_n(column.nodes(), rows, known);
        continue;
      }
      for (std::uint32_t row = 0; row < rows; ++row) {
        KB_ASSIGN(known[row], NodeAt(column, row));
      }
    }
    return {};
  }

  /// One batch: a few rows show whether the others are worth several threads.
  void CountOne(Task* task) {
    constexpr std::uint32_t kTried = 64;
    constexpr std::uint32_t kMorselRows = 16;
    constexpr auto kWorthwhile = std::chrono::microseconds(400);
    const std::uint32_t rows = task->batch.rows;
    const std::uint32_t tried = std::min(rows, kTried);
    const auto start = std::chrono::steady_clock::now();
    CountRange(0, tried, task, &counters_[0]);
    const auto took = std::chrono::steady_clock::now() - start;
    const bool is_long = took * ((rows - tried) / kTried) > kWorthwhile;
    if (!is_long || runtime_.threads() == 1) {
      CountRange(tried, rows, task, &counters_[0]);
      return;
    }
    const std::size_t morsels = (rows - tried + kMorselRows - 1) / kMorselRows;
    ForEachMorsel(morsels, runtime_.threads(), [&](std::size_t morsel, unsigned worker) {
      const auto begin = tried + static_cast<std::uint32_t>(morsel) * kMorselRows;
      CountRange(begin, std::min(rows, begin + kMorselRows), task, &counters_[worker]);
    });
  }

  void CountRange(std::uint32_t begin, std::uint32_t end, Task* task, Counter* counter) const {
    if (!runtime_.CheckCancelled().ok()) return;
    std::vector<const NodeId*> columns(tree_.known().size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i] = task->known.data() + i * task->batch.rows + begin;
    }
    counter->CountRows(columns, end - begin, task->matches.data() + begin);
  }

  Result<void> Finish(Task* task) const {
    task->rows.clear();
    task->numbers.clear();
    const bool are_equal = live() != nullptr && live()->empty() && task->batch.origin.empty();
    if (are_equal) return MakeOneRow(task);
    for (std::uint32_t row = 0; row < task->batch.rows; ++row) {
      if (task->matches[row] == 0) continue;
      std::uint64_t number = 0;
      const bool over =
          __builtin_mul_overflow(task->matches[row], task->batch.multiplicity_of(row), &number);
      if (over || number > kCountMax) return TooMany();
      task->rows.push_back(row);
      task->numbers.push_back(number);
    }
    return {};
  }

  /// Nothing of the rows is read: one stands for all.
  static Result<void> MakeOneRow(Task* task) {
    std::uint64_t sum = 0;
    bool over = false;
    if (task->batch.multiplicity.empty()) {
      for (const std::uint64_t number : task->matches) {
        over = __builtin_add_overflow(sum, number, &sum) || over;
      }
    } else {
      for (std::uint32_t row = 0; row < task->batch.rows; ++row) {
        std::uint64_t number = 0;
        over = __builtin_mul_overflow(task->matches[row], task->batch.multiplicity[row], &number) ||
               __builtin_add_overflow(sum, number, &sum) || over;
      }
    }
    if (over || sum > kCountMax) return TooMany();
    if (sum == 0) return {};
    task->rows = {0};
    task->numbers = {sum};
    return {};
  }

  CountTree tree_;
  std::vector<Counter> counters_;  ///< One a thread.
  std::vector<Task> tasks_;
  std::size_t filled_ = 0, next_ = 0;
  std::size_t wanted_ = 1;
};

}  // namespace

OperatorPtr MakeCountMatches(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<CountMatches>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
