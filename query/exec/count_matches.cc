// CountMatches: rows are multiplied by the number of ways in which the rest of their pattern can be
// found. Where nothing of the rows is read above, one row stands for all of a batch, or of all
// batches, if several threads can read and count a share each (workers.h). Else the first batch is
// counted alone, so that little is done if no more is wanted; then several are read, and counted on
// all threads.
#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

#include "query/exec/count_tree.h"
#include "query/exec/operators.h"
#include "query/exec/workers.h"
#include "schema/base/parallel.h"

namespace kb::query::exec {
namespace {

constexpr std::uint64_t kCountMax = std::numeric_limits<std::int64_t>::max();

Error TooMany() {
  return ArithmeticError("there are more matches than a 64-bit integer can count");
}

class CountMatches final : public Operator {
 public:
  CountMatches(Runtime& runtime, const plan::Operator& op, OperatorPtr from,
               const ArgumentRows* argument)
      : Operator(runtime, op, Inputs(std::move(from))), argument_(argument) {}

  void Rewind() override {
    Operator::Rewind();
    filled_ = next_ = 0;
    is_done_ = false;
    if (!runtime_.plan().has_views) return;
    counters_.clear();  // perhaps another view comes
    tree_.reset();
  }

 private:
  /// A batch of the input and what its rows come to.
  struct Task {
    Batch batch;
    std::vector<NodeId> known;           ///< Columns that the batch has in another form.
    std::vector<const NodeId*> columns;  ///< In the order of CountTree::known.
    bool is_one_row = false;             ///< Nothing of the rows is read: one stands for all.
    bool is_summed = false;  ///< `sum` is what they come to; else `matches` has it by row.
    std::uint64_t sum = 0;
    std::vector<std::uint64_t> matches;
    std::vector<std::uint32_t> rows;     ///< Those with any …
    std::vector<std::uint64_t> numbers;  ///< … and how often each counts.
  };
  static constexpr std::size_t kTasksMax = 64;

  Result<bool> Produce(Batch* out) override {
    if (is_done_) return false;
    const bool any_row_will_do = live() != nullptr && live()->empty();
    if (any_row_will_do && filled_ == 0) {
      if (const auto workers = Workers::For(runtime_, *plan().inputs[0], argument_)) {
        is_done_ = true;
        return CountOnThreads(*workers, out);
      }
    }
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

  /// Makes the tree for the view that is read now.
  Result<void> Prepare() {
    if (!tree_) tree_.emplace(runtime_, NodeOf<plan::CountMatches>());
    return tree_->Prepare();
  }

  /// Reads and counts all there is.
  Result<bool> CountOnThreads(Workers& workers, Batch* out) {
    KB_TRY(Prepare());
    std::vector<std::uint64_t> sums(workers.count(), 0);
    KB_TRY(workers.Run([&](std::size_t number, Workers::Worker& worker) -> Result<void> {
      Counter counter(*tree_);
      Task task;
      while (true) {
        KB_ASSIGN(const bool more, worker.chain->Next(&task.batch));
        if (!more) return {};
        KB_TRY(FindKnown(&task));
        task.is_one_row = true;
        CountBatch(&task, &counter);
        KB_TRY(runtime_.CheckCancelled());
        if (counter.overflowed()) return TooMany();
        KB_TRY(Finish(&task));
        for (const std::uint64_t sum : task.numbers) {
          if (__builtin_add_overflow(sums[number], sum, &sums[number])) return TooMany();
        }
      }
    }));
    std::uint64_t all = 0;
    for (const std::uint64_t sum : sums) {
      if (__builtin_add_overflow(all, sum, &all)) return TooMany();
    }
    if (all > kCountMax) return TooMany();
    out->Clear();
    EnsureSlots(out, runtime_.slot_count());
    out->rows = 1;
    out->multiplicity = {all};
    return all != 0;
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
    KB_TRY(Prepare());
    while (counters_.size() < runtime_.threads()) counters_.emplace_back(*tree_);
    for (std::size_t i = 0; i < filled_; ++i) {
      KB_TRY(FindKnown(&tasks_[i]));
      tasks_[i].is_one_row = live() != nullptr && live()->empty() && tasks_[i].batch.origin.empty();
    }
    if (filled_ == 1 && runtime_.threads() > 1) {
      CountOne(&tasks_[0]);
    } else {
      ForEachMorsel(filled_, runtime_.threads(), [&](std::size_t morsel, unsigned worker) {
        CountBatch(&tasks_[morsel], &counters_[worker]);
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

  /// The nodes that each row gives, a column each.
  Result<void> FindKnown(Task* task) const {
    const std::size_t width = tree_->known().size();
    const std::uint32_t rows = task->batch.rows;
    task->known.resize(width * rows);
    task->columns.resize(width);
    for (std::size_t i = 0; i < width; ++i) {
      const Vector& column = task->batch.column(tree_->known()[i]);
      if (column.repr() == Repr::kNode && column.nulls() == nullptr) {
        task->columns[i] = column.nodes();
        continue;
      }
      NodeId* const known = task->known.data() + i * rows;
      task->columns[i] = known;
      for (std::uint32_t row = 0; row < rows; ++row) {
        KB_ASSIGN(known[row], NodeAt(column, row));
      }
    }
    return {};
  }

  /// One batch: the first rows show whether the others are worth several threads.
  void CountOne(Task* task) {
    constexpr auto kWorthwhile = std::chrono::microseconds(400);
    constexpr std::uint32_t kMorselsEach = 8;
    const std::uint32_t rows = task->batch.rows;
    task->is_summed = false;
    task->matches.resize(rows);
    const auto start = std::chrono::steady_clock::now();
    std::uint32_t begin = 0;
    for (std::uint32_t count = 1; begin < rows; count *= 2) {
      const std::uint32_t end = std::min(rows, begin + count);
      CountRange(begin, end, task, &counters_[0]);
      begin = end;
      const auto took = std::chrono::steady_clock::now() - start;
      if (took * (rows - begin) > kWorthwhile * begin) break;
    }
    const std::uint32_t left = rows - begin;
    if (left < 2) return CountRange(begin, rows, task, &counters_[0]);
    const std::uint32_t size = std::max(1U, left / (runtime_.threads() * kMorselsEach));
    ForEachMorsel((left + size - 1) / size, runtime_.threads(),
                  [&](std::size_t morsel, unsigned worker) {
                    const auto first = begin + static_cast<std::uint32_t>(morsel) * size;
                    CountRange(first, std::min(rows, first + size), task, &counters_[worker]);
                  });
  }

  void CountRange(std::uint32_t begin, std::uint32_t end, Task* task, Counter* counter) const {
    if (begin == end || !runtime_.CheckCancelled().ok()) return;
    std::vector<const NodeId*> columns = task->columns;
    for (const NodeId*& column : columns) column += begin;
    counter->CountRows(columns, end - begin, task->matches.data() + begin);
  }

  void CountBatch(Task* task, Counter* counter) const {
    task->is_summed = task->is_one_row && task->batch.multiplicity.empty();
    if (!task->is_summed) {
      task->matches.resize(task->batch.rows);
      CountRange(0, task->batch.rows, task, counter);
    } else if (runtime_.CheckCancelled().ok()) {
      task->sum = counter->SumRows(task->columns, task->batch.rows);
    }
  }

  /// Finds the rows that have any matches.
  static Result<void> Finish(Task* task) {
    task->rows.clear();
    task->numbers.clear();
    if (task->is_summed) return AddRow(0, task->sum, 1, task);
    for (std::uint32_t row = 0; row < task->batch.rows; ++row) {
      KB_TRY(AddRow(row, task->matches[row], task->batch.multiplicity_of(row), task));
    }
    if (!task->is_one_row || task->rows.size() < 2) return {};
    std::uint64_t sum = 0;
    for (const std::uint64_t number : task->numbers) {
      if (__builtin_add_overflow(sum, number, &sum) || sum > kCountMax) return TooMany();
    }
    task->rows.resize(1);
    task->numbers.assign(1, sum);
    return {};
  }

  static Result<void> AddRow(std::uint32_t row, std::uint64_t matches, std::uint64_t times,
                             Task* task) {
    if (matches == 0) return {};
    std::uint64_t number = 0;
    if (__builtin_mul_overflow(matches, times, &number) || number > kCountMax) return TooMany();
    task->rows.push_back(row);
    task->numbers.push_back(number);
    return {};
  }

  std::optional<CountTree> tree_;
  const ArgumentRows* argument_;
  bool is_done_ = false;
  std::vector<Counter> counters_;  ///< One a thread.
  std::vector<Task> tasks_;
  std::size_t filled_ = 0, next_ = 0;
  std::size_t wanted_ = 1;
};

}  // namespace

OperatorPtr MakeCountMatches(Runtime& runtime, const plan::Operator& op, OperatorPtr input,
                             const ArgumentRows* argument) {
  return std::make_unique<CountMatches>(runtime, op, std::move(input), argument);
}

}  // namespace kb::query::exec
