// Sort: all rows in the order of their keys; equal ones stay as they came. With a limit only so
// many are kept: when enough have gathered, the rest is dropped, and of what comes later only rows
// are taken in whose first key is not behind that of the last one kept.
//
// Where memory is limited, rows that take more than half of it leave the heap as sorted runs
// (spill.h), which are merged in the end.
#include <algorithm>
#include <limits>
#include <queue>

#include "query/exec/operators.h"
#include "query/exec/spill.h"
#include "schema/order.h"
#include "storage/spill.h"

namespace kb::query::exec {
namespace {

class Sort final : public Operator {
 public:
  Sort(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))), node_(NodeOf<plan::Sort>()) {
    keys_.resize(node_.keys.size());
  }

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
    rows_ = Batch(runtime_.slot_count());
    for (Vector& key : keys_) key = Vector();
    order_.clear();
    given_ = 0;
    bound_.reset();
  }

  Result<bool> Produce(Batch* out) override {
    if (!read_) {
      Clear();
      KB_TRY(ReadInput());
      read_ = true;
    }
    if (!runs_.empty()) return Merge(out);
    if (given_ == order_.size()) return false;
    const std::size_t count = std::min<std::size_t>(kBatchRows, order_.size() - given_);
    out->GatherFrom(rows_, std::span(order_).subspan(given_, count), live());
    given_ += count;
    return true;
  }

  Result<void> ReadInput() {
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
    if (node_.limit) {
      // What is wrong with the number is for Limit itself to say.
      const auto count = runtime_.EvaluateCount(*node_.limit, "LIMIT");
      if (count.ok()) limit = *count;
    }
    const std::uint64_t kept_max =
        limit > (1u << 30) ? limit : std::max<std::uint64_t>(2 * limit, kBatchRows / 2);
    fresh_.resize(keys_.size());
    while (true) {
      KB_ASSIGN(const bool more, input().Next(&batch_));
      if (!more) break;
      for (std::size_t i = 0; i < keys_.size(); ++i) {
        KB_TRY(eval::Evaluate(*node_.keys[i].expression, batch_, runtime_.eval(), &fresh_[i]));
      }
      if (!bound_ || SelectCandidates()) TakeIn();
      if (rows_.rows > kept_max) KeepFirst(limit);
      if (rows_.rows >= kRunRowsMin && SpillIfShort(runtime_) != nullptr) SpillRows();
    }
    KB_TRY(runtime_.CheckCancelled());
    if (!runs_.empty()) {
      SpillRows();
      return StartMerge();
    }
    Order();
    if (order_.size() > limit) order_.resize(limit);
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
    Order();
    const std::vector<Slot> slots = SpilledSlots();
    auto run = std::make_unique<Run>(storage::SpillMemory(runtime_.view()));
    std::vector<Value> row;
    for (const std::uint32_t at : order_) {
      row.clear();
      for (const Vector& key : keys_) row.push_back(key.Get(at));
      for (const Slot slot : slots) {
        const Vector& column = rows_.column(slot);
        row.push_back(column.repr() == Repr::kNone ? Value::Null() : column.Get(at));
      }
      row.push_back(Value::Integer(static_cast<std::int64_t>(rows_.multiplicity_of(at))));
      row.push_back(Value::Integer(rows_.origin.empty() ? 0 : rows_.origin[at]));
      run->rows.Add(row);
    }
    run->rows.Close();
    has_origin_ = has_origin_ || !rows_.origin.empty();
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
    for (std::size_t i = 0; i < keys_.size(); ++i) {
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
        columns[i].push_back(std::move(head[keys_.size() + i]));
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

  // --- Rows in memory ---

  void TakeIn() {
    for (std::size_t i = 0; i < keys_.size(); ++i) keys_[i].Append(fresh_[i]);
    AppendRows(&rows_, batch_, live());
  }

  /// Leaves the rows of the batch (and their keys) that may be among the first; false if none.
  bool SelectCandidates() {
    const Vector& key = fresh_[0];
    std::vector<std::uint32_t> rows;
    if (key.repr() == Repr::kInteger && key.nulls() == nullptr && bound_->is_integer()) {
      const std::int64_t bound = bound_->integer();
      const bool descending = node_.keys[0].descending;
      for (std::uint32_t row = 0; row < batch_.rows; ++row) {
        const std::int64_t value = key.integers()[row];
        if (descending ? value >= bound : value <= bound) rows.push_back(row);
      }
    } else {
      for (std::uint32_t row = 0; row < batch_.rows; ++row) {
        const std::weak_ordering order = schema::Order(key.Get(row), *bound_);
        if (node_.keys[0].descending ? order >= 0 : order <= 0) rows.push_back(row);
      }
    }
    if (rows.empty() || rows.size() == batch_.rows) return !rows.empty();
    Batch kept;
    kept.GatherFrom(batch_, rows, nullptr);
    batch_ = std::move(kept);
    for (Vector& column : fresh_) {
      Vector candidates;
      candidates.GatherFrom(column, rows);
      column = std::move(candidates);
    }
    return true;
  }

  bool IsBefore(std::uint32_t a, std::uint32_t b) const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const std::weak_ordering order = Compare(keys_[i], a, b);
      if (order == 0) continue;
      return node_.keys[i].descending ? order > 0 : order < 0;
    }
    return a < b;
  }

  static std::weak_ordering Compare(const Vector& key, std::uint32_t a, std::uint32_t b) {
    if (key.repr() == Repr::kInteger && key.nulls() == nullptr) {
      return key.integers()[a] <=> key.integers()[b];
    }
    if (key.repr() == Repr::kString && key.nulls() == nullptr) {
      return key.strings()[a] <=> key.strings()[b];
    }
    if (key.repr() == Repr::kValue) return schema::Order(key.values()[a], key.values()[b]);
    return schema::Order(key.Get(a), key.Get(b));
  }

  void Order() {
    order_.resize(rows_.rows);
    for (std::uint32_t row = 0; row < rows_.rows; ++row) order_[row] = row;
    std::sort(order_.begin(), order_.end(),
              [this](std::uint32_t a, std::uint32_t b) { return IsBefore(a, b); });
  }

  void KeepFirst(std::uint64_t limit) {
    Order();
    order_.resize(std::min<std::size_t>(order_.size(), limit));
    Batch kept;
    kept.GatherFrom(rows_, order_, nullptr);
    rows_ = std::move(kept);
    for (Vector& key : keys_) {
      Vector first;
      first.GatherFrom(key, order_);
      key = std::move(first);
    }
    if (limit > 0 && rows_.rows == limit && !keys_.empty()) {
      bound_ = keys_[0].Get(rows_.rows - 1);
    }
  }

  const plan::Sort& node_;
  bool read_ = false;
  Batch rows_;
  std::vector<Vector> keys_;
  std::vector<std::uint32_t> order_;
  std::size_t given_ = 0;

  std::vector<std::unique_ptr<Run>> runs_;  ///< In the order in which their rows came.
  std::priority_queue<std::size_t, std::vector<std::size_t>, ComesLater> heads_;
  bool has_origin_ = false;

  Batch batch_;
  std::vector<Vector> fresh_;   ///< The keys of batch_.
  std::optional<Value> bound_;  ///< With a limit: the first key of the last row that is kept.
};

}  // namespace

OperatorPtr MakeSort(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Sort>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
