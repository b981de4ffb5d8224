#include "query/exec/operator.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "schema/base/memory.h"

namespace kb::query::exec {

Operator::Operator(Runtime& runtime, const plan::Operator& plan, OperatorInputs inputs)
    : runtime_(runtime), plan_(plan), inputs_(std::move(inputs)) {}

Operator::~Operator() = default;
FanOut::~FanOut() = default;

Result<bool> Operator::Next(Batch* out) {
  KB_TRY(runtime_.CheckCancelled());
  auto more = runtime_.profiling() ? ProduceMeasured(out) : Produce(out);
  if (more.ok() && *more) row_count_ += out->rows;
  return more;
}

Result<bool> Operator::ProduceMeasured(Batch* out) {
  const auto heap = static_cast<std::int64_t>(HeapInUse());
  const auto start = std::chrono::steady_clock::now();
  auto more = Produce(out);
  const auto took = std::chrono::steady_clock::now() - start;
  nanos_ += static_cast<std::uint64_t>(std::chrono::nanoseconds(took).count());
  growth_ += static_cast<std::int64_t>(HeapInUse()) - heap;
  const std::int64_t own = std::max<std::int64_t>(0, growth_ - InputGrowth());
  peak_bytes_ = std::max(peak_bytes_, static_cast<std::uint64_t>(own));
  return more;
}

std::int64_t Operator::InputGrowth() const {
  std::int64_t growth = 0;
  for (const auto& input : inputs_) growth += input->growth_;
  return growth;
}

void Operator::Rewind() {
  for (const auto& input : inputs_) input->Rewind();
}

bool Operator::IsLive(Slot slot) const {
  return !plan_.live || std::binary_search(plan_.live->begin(), plan_.live->end(), slot);
}

void FanOut::Rewind() {
  Operator::Rewind();
  input_batch_.rows = 0;
  input_row_ = 0;
  rows_.clear();
}

Result<bool> FanOut::Produce(Batch* out) {
  rows_.clear();
  bool has_begun = false;
  while (true) {
    if (input_row_ >= input_batch_.rows) {
      if (!rows_.empty()) break;
      KB_ASSIGN(const bool more, input().Next(&input_batch_));
      input_row_ = 0;
      if (!more) {
        input_batch_.rows = 0;
        return false;
      }
      KB_TRY(StartBatch(input_batch_));
      has_begun = false;
    }
    if (!std::exchange(has_begun, true)) BeginFill();
    input_row_ = FillRows(input_batch_, input_row_);
    if (Room() == 0) break;
    if (input_row_ == input_batch_.rows) continue;
    KB_ASSIGN(const bool done, FillRow(input_batch_, input_row_));
    if (!done) break;
    ++input_row_;
    if (Room() == 0) break;
    if ((input_row_ & 255) == 0) KB_TRY(runtime_.CheckCancelled());
  }
  if (rows_.empty()) return InternalError("an operator found neither rows nor their end");
  out->GatherFrom(input_batch_, rows_, live());
  FinishBatch(out);
  return true;
}

Result<NodeId> NodeAt(const Vector& column, std::uint32_t row) {
  if (column.repr() == Repr::kNode) {
    if (column.nulls() != nullptr && column.nulls()[row] != 0) return schema::kNoNode;
    return column.nodes()[row];
  }
  const Value value = column.Get(row);
  if (value.is_null()) return schema::kNoNode;
  if (value.is_node()) return value.node();
  return TypeError("expected a node, but got {}", schema::KindName(value.kind()))
      .Detail("InvalidArgumentType");
}

Result<bool> RelationshipAt(const Vector& column, std::uint32_t row, RelationshipRef* ref) {
  if (column.repr() == Repr::kRelationship) {
    if (column.nulls() != nullptr && column.nulls()[row] != 0) return false;
    *ref = column.relationships()[row];
    return true;
  }
  const Value value = column.Get(row);
  if (value.is_null()) return false;
  if (!value.is_relationship()) {
    return TypeError("expected a relationship, but got {}", schema::KindName(value.kind()))
        .Detail("InvalidArgumentType");
  }
  *ref = value.relationship();
  return true;
}

OperatorInputs Inputs(OperatorPtr input) { return OperatorInputs(std::move(input)); }

OperatorInputs Inputs(OperatorPtr left, OperatorPtr right) {
  return {std::move(left), std::move(right)};
}

void SetNodes(Vector* column, const std::vector<NodeId>& nodes) {
  column->Reset(Repr::kNode, static_cast<std::uint32_t>(nodes.size()));
  if (!nodes.empty()) std::memcpy(column->nodes(), nodes.data(), nodes.size() * sizeof(NodeId));
}

void SetRelationships(Vector* column, const std::vector<RelationshipRef>& refs) {
  column->Reset(Repr::kRelationship, static_cast<std::uint32_t>(refs.size()));
  std::copy(refs.begin(), refs.end(), column->relationships());
}

void SetValues(Vector* column, std::vector<Value> values) {
  column->Reset(Repr::kValue, static_cast<std::uint32_t>(values.size()));
  std::move(values.begin(), values.end(), column->values().begin());
}

void OwnText(Batch* batch) {
  for (Vector& column : batch->columns) {
    if (column.repr() == Repr::kString) column.Box();
  }
}

void AppendRows(Batch* to, const Batch& from, const std::vector<Slot>* live) {
  EnsureSlots(to, from.columns.size());
  for (std::size_t slot = 0; slot < from.columns.size(); ++slot) {
    const Vector& column = from.columns[slot];
    if (column.repr() == Repr::kNone) continue;
    if (live != nullptr &&
        !std::binary_search(live->begin(), live->end(), static_cast<Slot>(slot))) {
      continue;
    }
    to->columns[slot].Append(column);
  }
  if (!from.multiplicity.empty() || !to->multiplicity.empty()) {
    to->multiplicity.resize(to->rows, 1);
    for (std::uint32_t row = 0; row < from.rows; ++row) {
      to->multiplicity.push_back(from.multiplicity_of(row));
    }
  }
  to->rows += from.rows;
}

void EnsureSlots(Batch* batch, std::size_t slot_count) {
  if (batch->columns.size() < slot_count) batch->columns.resize(slot_count);
}

}  // namespace kb::query::exec
