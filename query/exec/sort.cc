// Sort: all rows in the order of their keys; equal ones stay as they came (sorted_rows.h).
//
// Where only the first are wanted of what a long plan below gives, each of several threads finds
// the first of a share (workers.h).
//
// Where memory is limited, rows that take more than half of it leave the heap as sorted runs
// (spill.h), which are merged in the end.
#include <algorithm>
#include <queue>

#include "query/exec/operators.h"
#include "query/exec/sorted_rows.h"
#include "query/exec/spill.h"
#include "query/exec/workers.h"
#include "query/plan/walk.h"
#include "schema/order.h"
#include "storage/spill.h"

namespace kb::query::exec {
namespace {

class Sort final : public Operator {
 public:
  Sort(Runtime& runtime, const plan::Operator& op, OperatorPtr from, const ArgumentRows* argument)
      : Operator(runtime, op, Inputs(std::move(from))),
        node_(NodeOf<plan::Sort>()),
        argument_(argument),
        rows_(node_, runtime.slot_count(), live()) {}

  void Rewind() override {
    Operator::Rewind();
    Clear();
    runs_.clear();
    heads_ = {};
    has_origin_ = false;
    read_ = false;
  }

 private:
  /// Fewer rows than these are not worth a run of their own.
  static constexpr std::uint32_t kRunRowsMin = 8 * kBatchRows;
  /// More rows than these are not kept by each thread.
  static constexpr std::uint64_t kLimitOnThreads = 10 * kBatchRows;

  /// A run and its row that comes next: keys, then the slots, then multiplicity and origin.
  struct Run {
    explicit Run(std::shared_ptr<storage::PagedMemory> memory) : rows(std::move(memory)) {}
    SpilledRun rows;
    std::vector<Value> head;
  };
  /// Puts the run whose head comes first on top.
  struct ComesLater {
    const Sort* sort = nullptr;
    bool operator()(std::size_t a, std::size_t b) const { return sort->IsRunBefore(b, a); }
  };

  void Clear() {
    rows_.Clear();
    given_ = 0;
  }

  Result<bool> Produce(Batch* out) override {
    if (!read_) {
      Clear();
      KB_TRY(Read());
      read_ = true;
    }
    if (!runs_.empty()) return Merge(out);
    const std::vector<std::uint32_t>& order = rows_.order();
    if (given_ == order.size()) return false;
    const std::size_t count = std::min<std::size_t>(kBatchRows, order.size() - given_);
    out->GatherFrom(rows_.rows(), std::span(order).subspan(given_, count), live());
    given_ += count;
    return true;
  }

  Result<void> Read() {
    std::uint64_t limit = SortedRows::kNoLimit;
    if (node_.limit) {
      // What is wrong with the number is for Limit itself to say.
      const auto count = runtime_.EvaluateCount(*node_.limit, "LIMIT");
      if (count.ok()) limit = *count;
    }
    rows_.SetLimit(limit);
    const bool is_plain = std::all_of(node_.keys.begin(), node_.keys.end(), [](const auto& key) {
      return !plan::ContainsSubquery(*key.expression);
    });
    if (is_plain && limit <= kLimitOnThreads) {
      if (const auto workers = Workers::For(runtime_, *plan().inputs[0], argument_)) {
        return ReadOnThreads(limit, *workers);
      }
    }
    return ReadInput();
  }

  Result<void> ReadOnThreads(std::uint64_t limit, Workers& workers) {
    struct alignas(kCacheLine) Share {
      SortedRows rows;
    };
    std::vector<Share> shares;
    for (std::size_t i = 0; i < workers.count(); ++i) {
      shares.push_back({SortedRows(node_, runtime_.slot_count(), live())});
      shares.back().rows.SetLimit(limit);
    }
    KB_TRY(workers.Run([&](std::size_t number, Workers::Worker& worker) -> Result<void> {
      SortedRows& rows = shares[number].rows;
      HandDown(*worker.chain, rows.bound());
      Batch batch;
      while (true) {
        KB_ASSIGN(const bool more, worker.chain->Next(&batch));
        if (!more) break;
        KB_TRY(rows.Add(&batch, worker.runtime.eval(), worker.share.number()));
      }
      rows.Order();
      return {};
    }));
    for (const Share& share : shares) rows_.Merge(share.rows);
    rows_.Order();
    return {};
  }

  Result<void> ReadInput() {
    HandDown(input(), rows_.bound());
    while (true) {
      KB_ASSIGN(const bool more, input().Next(&batch_));
      if (!more) break;
      KB_TRY(rows_.Add(&batch_, runtime_.eval()));
      if (rows_.size() >= kRunRowsMin && SpillIfShort(runtime_) != nullptr) SpillRows();
    }
    KB_TRY(runtime_.CheckCancelled());
    if (!runs_.empty()) {
      SpillRows();
      return StartMerge();
    }
    rows_.Order();
    return {};
  }

  // --- Runs ---

  std::vector<Slot> SpilledSlots() const {
    if (live() != nullptr) return *live();
    std::vector<Slot> slots;
    for (std::size_t i = 0; i < runtime_.slot_count(); ++i) slots.push_back(static_cast<Slot>(i));
    return slots;
  }

  /// Writes the rows in order as one more run.
  void SpillRows() {
    rows_.Order();
    const Batch& rows = rows_.rows();
    const std::vector<Slot> slots = SpilledSlots();
    auto run = std::make_unique<Run>(storage::SpillMemory(runtime_.view()));
    std::vector<Value> row;
    for (const std::uint32_t at : rows_.order()) {
      row.clear();
      for (const Vector& key : rows_.keys()) row.push_back(key.Get(at));
      for (const Slot slot : slots) {
        const Vector& column = rows.column(slot);
        row.push_back(column.repr() == Repr::kNone ? Value::Null() : column.Get(at));
      }
      row.push_back(Value::Integer(static_cast<std::int64_t>(rows.multiplicity_of(at))));
      row.push_back(Value::Integer(rows.origin.empty() ? 0 : rows.origin[at]));
      run->rows.Add(row);
    }
    run->rows.Close();
    has_origin_ = has_origin_ || !rows.origin.empty();
    runs_.push_back(std::move(run));
    Clear();
  }

  Result<void> StartMerge() {
    heads_ =
        std::priority_queue<std::size_t, std::vector<std::size_t>, ComesLater>(ComesLater{this});
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      KB_ASSIGN(const bool any, runs_[i]->rows.Next(&runs_[i]->head));
      if (any) heads_.push(i);
    }
    return {};
  }

  bool IsRunBefore(std::size_t a, std::size_t b) const {
    for (std::size_t i = 0; i < node_.keys.size(); ++i) {
      const std::weak_ordering order = schema::Order(runs_[a]->head[i], runs_[b]->head[i]);
      if (order == 0) continue;
      return node_.keys[i].descending ? order > 0 : order < 0;
    }
    return a < b;
  }

  Result<bool> Merge(Batch* out) {
    const std::vector<Slot> slots = SpilledSlots();
    *out = Batch(runtime_.slot_count());
    std::vector<std::vector<Value>> columns(slots.size());
    while (out->rows < kBatchRows && !heads_.empty()) {
      const std::size_t first = heads_.top();
      heads_.pop();
      std::vector<Value>& head = runs_[first]->head;
      for (std::size_t i = 0; i < slots.size(); ++i) {
        columns[i].push_back(std::move(head[node_.keys.size() + i]));
      }
      const Value& origin = head.back();
      out->multiplicity.push_back(static_cast<std::uint64_t>(head[head.size() - 2].integer()));
      if (has_origin_) out->origin.push_back(static_cast<std::uint32_t>(origin.integer()));
      ++out->rows;
      KB_ASSIGN(const bool more, runs_[first]->rows.Next(&head));
      if (more) heads_.push(first);
    }
    for (std::size_t i = 0; i < slots.size(); ++i) {
      SetValues(&out->column(slots[i]), std::move(columns[i]));
    }
    return out->rows != 0;
  }

  const plan::Sort& node_;
  const ArgumentRows* argument_;
  bool read_ = false;
  SortedRows rows_;
  std::size_t given_ = 0;

  std::vector<std::unique_ptr<Run>> runs_;  ///< In the order in which their rows came.
  std::priority_queue<std::size_t, std::vector<std::size_t>, ComesLater> heads_;
  bool has_origin_ = false;

  Batch batch_;
};

}  // namespace

OperatorPtr MakeSort(Runtime& runtime, const plan::Operator& op, OperatorPtr input,
                     const ArgumentRows* argument) {
  return std::make_unique<Sort>(runtime, op, std::move(input), argument);
}

}  // namespace kb::query::exec
