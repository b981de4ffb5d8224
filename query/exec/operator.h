// Operator: one step of a running plan. Rows are pulled from the root, a batch at a time.
//
// An operator owns its inputs. Next replaces the consumer's batch; what it leaves there is the
// consumer's, so an operator may be asked again or rewound at any time. Rewind makes it start
// again, which is how the right side of an Apply runs for one left row after the other. Figures for
// PROFILE and the look at the cancellation flag are in the base class, so no operator can forget
// them.
//
// Rules that every operator keeps:
//   - A batch that is handed out has at least one row (or Next returns false), and about kBatchRows
//   at
//     most: an Apply may add rows of its own.
//   - Only the slots in `live()` need be set; others may be left out.
//   - multiplicity and origin of a row go wherever the row goes (Batch::GatherFrom sees to it).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "query/exec/batch.h"
#include "query/exec/runtime.h"
#include "query/plan/plan.h"
#include "schema/base/result.h"

namespace kb::query::exec {

class Operator;
using OperatorPtr = std::unique_ptr<Operator>;

/// What an operator reads from: nothing, one input, or two. Kept in place, for there is one in
/// every operator of every statement.
class OperatorInputs {
 public:
  OperatorInputs() = default;
  explicit OperatorInputs(OperatorPtr input) : inputs_{std::move(input), nullptr}, size_(1) {}
  OperatorInputs(OperatorPtr left, OperatorPtr right)
      : inputs_{std::move(left), std::move(right)}, size_(2) {}

  const OperatorPtr* begin() const { return inputs_.data(); }
  const OperatorPtr* end() const { return inputs_.data() + size_; }
  Operator& operator[](std::size_t index) const { return *inputs_[index]; }

 private:
  std::array<OperatorPtr, 2> inputs_;
  std::size_t size_ = 0;
};

/// One thread at a time. Borrows the runtime and the plan.
class Operator {
 public:
  Operator(Runtime& runtime, const plan::Operator& plan, OperatorInputs inputs);
  Operator(const Operator&) = delete;
  Operator& operator=(const Operator&) = delete;
  virtual ~Operator();

  /// Replaces `out` by the next rows. False: there are none (any more).
  Result<bool> Next(Batch* out);
  /// Starts again, with whatever the Argument now holds.
  virtual void Rewind();

  const plan::Operator& plan() const { return plan_; }
  const OperatorInputs& inputs() const { return inputs_; }
  std::uint64_t row_count() const { return row_count_; }
  std::uint64_t nanos() const { return nanos_; }  ///< Inputs included; 0 unless profiling.
  /// The most heap that it held when it gave a batch, its inputs not included; 0 unless profiling.
  std::uint64_t peak_bytes() const { return peak_bytes_; }

 protected:
  virtual Result<bool> Produce(Batch* out) = 0;

  /// The description from the plan: NodeOf<plan::Expand>().
  template <typename T>
  const T& NodeOf() const {
    return *std::get_if<T>(&plan_.node);
  }
  Operator& input(std::size_t index = 0) const { return inputs_[index]; }
  /// Slots that are read above; nullptr: all.
  const std::vector<Slot>* live() const { return plan_.live ? &*plan_.live : nullptr; }
  bool IsLive(Slot slot) const;

  Runtime& runtime_;

 private:
  Result<bool> ProduceMeasured(Batch* out);
  /// By how much the heap grew while the inputs were at work, so far.
  std::int64_t InputGrowth() const;

  const plan::Operator& plan_;
  OperatorInputs inputs_;
  std::uint64_t row_count_ = 0;
  std::uint64_t nanos_ = 0;
  std::int64_t growth_ = 0;  ///< Of the heap while it was at work, inputs included.
  std::uint64_t peak_bytes_ = 0;
};

/// An operator that makes any number of rows out of each input row: scans, expansions, UNWIND.
/// It collects the numbers of the input rows it repeats, and its own columns beside them; the slots
/// of the input follow by one gather a batch.
class FanOut : public Operator {
 public:
  using Operator::Operator;
  ~FanOut() override;
  void Rewind() override;

 protected:
  /// A new input batch is there: what depends on it only is computed here.
  virtual Result<void> StartBatch(const Batch& input) = 0;
  /// Rows are about to be filled: nothing writes until they are given out.
  virtual void BeginFill() {}
  /// Appends all matches of the rows from `row` on, in a loop of its own, as far as it knows how
  /// and they have room; the first row that is left to FillRow.
  virtual std::uint32_t FillRows(const Batch& /*input*/, std::uint32_t row) { return row; }
  /// Appends matches of `row` with Emit, and its own values, as long as there is Room(). True when
  /// the row is done; false when room ran out, and it will be asked again for the rest.
  virtual Result<bool> FillRow(const Batch& input, std::uint32_t row) = 0;
  /// Sets the new columns of `out`, whose input columns are there; empties the own values.
  virtual void FinishBatch(Batch* out) = 0;

  std::uint32_t Room() const { return kBatchRows - static_cast<std::uint32_t>(rows_.size()); }
  void Emit(std::uint32_t input_row) { rows_.push_back(input_row); }
  void Emit(std::uint32_t input_row, std::uint32_t times) {
    rows_.insert(rows_.end(), times, input_row);
  }
  /// Where the numbers of rows may be written without Emit: Room() of them, and one that does not
  /// count. EmitWritten says how many there are.
  std::uint32_t* WriteRows() {
    written_ = emitted();
    rows_.resize(kBatchRows + 1);
    return rows_.data() + written_;
  }
  void EmitWritten(std::uint32_t count) { rows_.resize(written_ + count); }
  std::uint32_t emitted() const { return static_cast<std::uint32_t>(rows_.size()); }

 private:
  Result<bool> Produce(Batch* out) final;

  Batch input_batch_;
  std::uint32_t input_row_ = 0;
  std::vector<std::uint32_t> rows_;
  std::uint32_t written_ = 0;  ///< Where WriteRows began.
};

/// The node in a row of a column; kNoNode for null. Anything else there is a TypeError.
Result<NodeId> NodeAt(const Vector& column, std::uint32_t row);
/// The same for a relationship; false for null.
Result<bool> RelationshipAt(const Vector& column, std::uint32_t row, RelationshipRef* ref);

/// The inputs of an operator as its constructor takes them.
OperatorInputs Inputs(OperatorPtr input);
OperatorInputs Inputs(OperatorPtr left, OperatorPtr right);

/// Fills a column with nodes.
void SetNodes(Vector* column, const std::vector<NodeId>& nodes);
void SetRelationships(Vector* column, const std::vector<RelationshipRef>& refs);
void SetValues(Vector* column, std::vector<Value> values);

/// Makes borrowed text the batch's own, because what it is borrowed from is about to change.
void OwnText(Batch* batch);
/// Adds the rows of `from` behind those of `to`: the slots in `live` (nullptr: all) that have
/// values.
void AppendRows(Batch* to, const Batch& from, const std::vector<Slot>* live);
/// Sees to it that the batch has a column for every slot.
void EnsureSlots(Batch* batch, std::size_t slot_count);

}  // namespace kb::query::exec
