#include "query/eval/flatten.h"

#include <algorithm>
#include <utility>

#include "query/functions/convert.h"

namespace kb::query::eval {

Result<const Value*> ListAt(Reader* lists, std::uint32_t row, const Expression& expression) {
  const Value& list = (*lists)[row];
  if (list.is_list()) return &list;
  if (list.is_null()) return nullptr;
  return TypeError("a list is needed here, but this is {} {}", schema::KindName(list.kind()),
                   functions::Preview(list))
      .Detail("InvalidArgumentType")
      .At(expression.span);
}

void SetColumn(Batch* batch, Slot slot, Vector column) {
  const auto at = static_cast<std::size_t>(slot);
  if (batch->columns.size() <= at) batch->columns.resize(at + 1);
  batch->columns[at] = std::move(column);
}

Result<void> ForEachFlatBatch(
    const Vector& lists, const Expression& list_expression, Slot variable, const SlotUse& use,
    const Batch& batch, EvalContext& context,
    const std::function<Result<void>(const Batch& inner, const Rows& owners)>& visit) {
  Reader reader(lists);
  Rows owners;
  std::vector<Value> elements;
  const auto flush = [&]() -> Result<void> {
    if (context.cancellation != nullptr) KB_TRY(context.cancellation->Check());
    Batch inner;
    GatherFor(use, batch, owners, &inner);
    Vector column;
    column.Reset(Repr::kValue, static_cast<std::uint32_t>(elements.size()));
    column.values().swap(elements);
    Narrow(&column);
    SetColumn(&inner, variable, std::move(column));
    KB_TRY(visit(inner, owners));
    owners.clear();
    elements.clear();
    return {};
  };
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    KB_ASSIGN(const Value* list, ListAt(&reader, row, list_expression));
    if (list == nullptr) continue;
    for (const Value& element : list->list()) {
      owners.push_back(row);
      elements.push_back(element);
      if (owners.size() == kFlatRows) KB_TRY(flush());
    }
  }
  if (!owners.empty()) KB_TRY(flush());
  return {};
}

}  // namespace kb::query::eval
