// Lists laid out as rows: the common ground of comprehensions, quantifiers and reduce.
//
// `[x IN list WHERE p | e]` over a batch of lists becomes inner batches with one row an element:
// the outer slots that the inner expressions read, repeated, and the element in its own slot. The
// inner expressions then run vectorised, and their results are taken back row by row.
#pragma once

#include <functional>

#include "query/eval/kernel.h"

namespace kb::query::eval {

/// Elements of one inner batch; bounds the memory that flattening takes.
inline constexpr std::uint32_t kFlatRows = 4 * exec::kBatchRows;

/// The list at `row`, or nullptr for null. Anything else is a TypeError.
Result<const Value*> ListAt(Reader* lists, std::uint32_t row, const Expression& expression);

/// Calls `visit(inner, owners)` for inner batches over all elements of all lists, in order;
/// `owners` says for each inner row which outer row it came from.
Result<void> ForEachFlatBatch(
    const Vector& lists, const Expression& list_expression, Slot variable, const SlotUse& use,
    const Batch& batch, EvalContext& context,
    const std::function<Result<void>(const Batch& inner, const Rows& owners)>& visit);

/// Puts a column into a slot, which the batch may not have room for yet.
void SetColumn(Batch* batch, Slot slot, Vector column);

}  // namespace kb::query::eval
