// Elements, slices, and lists and maps made of parts.

#include <algorithm>

#include "query/eval/kernel.h"
#include "query/functions/convert.h"
#include "query/functions/entity.h"
#include "schema/base/limits.h"
#include "schema/base/text.h"

namespace kb::query::eval {
namespace {

Result<Value> ElementOf(const Value& list, const Value& index) {
  if (!index.is_integer()) {
    return TypeError("a list is indexed by an integer, but this is {} {}",
                     schema::KindName(index.kind()), functions::Preview(index))
        .Detail("ListElementAccessByNonInteger");
  }
  const auto size = static_cast<std::int64_t>(list.list().size());
  const std::int64_t at = index.integer() < 0 ? index.integer() + size : index.integer();
  if (at < 0 || at >= size) return Value::Null();
  return list.list()[static_cast<std::size_t>(at)];
}

Result<Value> Subscripted(const Value& subject, const Value& index, const EvalContext& context) {
  if (subject.is_null() || index.is_null()) return Value::Null();
  if (subject.is_list()) return ElementOf(subject, index);
  if (subject.is_map() || subject.is_node() || subject.is_relationship()) {
    if (!index.is_string()) {
      return TypeError("{} is read by a string as key, but this is {} {}",
                       schema::KindName(subject.kind()), schema::KindName(index.kind()),
                       functions::Preview(index))
          .Detail("MapElementAccessByNonString");
    }
    return PropertyOf(subject, index.string(), context);
  }
  return TypeError("{} {} has no elements: [ ] reads lists, maps, nodes and relationships",
                   schema::KindName(subject.kind()), functions::Preview(subject))
      .Detail("InvalidArgumentType");
}

/// The bound of a slice as a position in [0, size]; negative ones count from the end.
Result<std::size_t> PositionOf(const Value& bound, std::size_t size) {
  if (!bound.is_integer()) {
    return TypeError("a slice is bounded by integers, but this is {} {}",
                     schema::KindName(bound.kind()), functions::Preview(bound))
        .Detail("InvalidArgumentType");
  }
  const auto end = static_cast<std::int64_t>(size);
  const std::int64_t at =
      bound.integer() < 0 ? std::max(bound.integer(), -end) + end : std::min(bound.integer(), end);
  return static_cast<std::size_t>(at);
}

Result<Value> Sliced(const Value& subject, const Value* from, const Value* to) {
  if (subject.is_null() || (from != nullptr && from->is_null()) ||
      (to != nullptr && to->is_null())) {
    return Value::Null();
  }
  if (!subject.is_list()) {
    return TypeError("only lists have slices, but this is {} {}", schema::KindName(subject.kind()),
                     functions::Preview(subject))
        .Detail("InvalidArgumentType");
  }
  const auto items = subject.list();
  std::size_t begin = 0;
  std::size_t end = items.size();
  if (from != nullptr) {
    KB_ASSIGN(begin, PositionOf(*from, items.size()));
  }
  if (to != nullptr) {
    KB_ASSIGN(end, PositionOf(*to, items.size()));
  }
  if (begin >= end) return Value::List({});
  const auto slice = items.subspan(begin, end - begin);
  return Value::List(std::vector<Value>(slice.begin(), slice.end()));
}

Result<void> CheckNesting(const Value& value) {
  if (value.nesting() <= limits::kValueNestingMax) return {};
  return LimitError("lists and maps are nested {} deep: at most {}", value.nesting(),
                    limits::kValueNestingMax);
}

void Assign(MapEntries* entries, std::string_view key, Value value) {
  for (auto& entry : *entries) {
    if (entry.first == key) {
      entry.second = std::move(value);
      return;
    }
  }
  entries->emplace_back(key, std::move(value));
}

/// Evaluates every expression; answers whether all are constant.
template <typename List, typename Get>
Result<bool> EvaluateAll(const List& list, const Get& get, const Batch& batch, EvalContext& context,
                         std::vector<Operand>* operands) {
  bool constant = true;
  std::vector<Operand> evaluated(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    KB_TRY(evaluated[i].Evaluate(*get(list[i]), batch, context));
    constant = constant && evaluated[i].is_constant();
  }
  operands->swap(evaluated);
  return constant;
}

/// Fills `out` with `make(row)`: once if that is the same for all rows.
template <typename Make>
Result<void> FillRows(bool constant, std::uint32_t rows, Vector* out, const Make& make) {
  if (constant) {
    KB_ASSIGN(Value value, make(0));
    out->SetConstant(std::move(value), rows);
    return {};
  }
  out->Reset(Repr::kValue, rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    KB_ASSIGN(out->values()[row], make(row));
  }
  return {};
}

}  // namespace

Result<void> EvaluateSubscript(const bind::Subscript& node, const Batch& batch,
                               EvalContext& context, Vector* out) {
  Operand subject;
  Operand index;
  KB_TRY(subject.Evaluate(*node.subject, batch, context));
  KB_TRY(index.Evaluate(*node.index, batch, context));
  Reader subjects(subject.vector());
  Reader indexes(index.vector());
  return FillRows(
      subject.is_constant() && index.is_constant(), batch.rows, out,
      [&](std::uint32_t row) { return Subscripted(subjects[row], indexes[row], context); });
}

Result<void> EvaluateSlice(const bind::Slice& node, const Batch& batch, EvalContext& context,
                           Vector* out) {
  Operand subject;
  KB_TRY(subject.Evaluate(*node.subject, batch, context));
  Operand from;
  Operand to;
  const Value zero = Value::Integer(0);
  if (node.from != nullptr) KB_TRY(from.Evaluate(*node.from, batch, context));
  if (node.to != nullptr) KB_TRY(to.Evaluate(*node.to, batch, context));
  Reader subjects(subject.vector());
  const bool constant = subject.is_constant() && (node.from == nullptr || from.is_constant()) &&
                        (node.to == nullptr || to.is_constant());
  return FillRows(constant, batch.rows, out, [&](std::uint32_t row) {
    const Value lower = node.from != nullptr ? from.vector().Get(row) : zero;
    const Value upper = node.to != nullptr ? to.vector().Get(row) : zero;
    return Sliced(subjects[row], node.from != nullptr ? &lower : nullptr,
                  node.to != nullptr ? &upper : nullptr);
  });
}

Result<void> EvaluateListOf(const bind::ListOf& node, const Batch& batch, EvalContext& context,
                            Vector* out) {
  std::vector<Operand> items;
  KB_ASSIGN(const bool constant,
            EvaluateAll(
                node.items, [](const ExpressionPtr& item) { return item.get(); }, batch, context,
                &items));
  return FillRows(constant, batch.rows, out, [&](std::uint32_t row) -> Result<Value> {
    std::vector<Value> values;
    values.reserve(items.size());
    for (const Operand& item : items) values.push_back(item.vector().Get(row));
    Value list = Value::List(std::move(values));
    KB_TRY(CheckNesting(list));
    return list;
  });
}

Result<void> EvaluateMapOf(const bind::MapOf& node, const Batch& batch, EvalContext& context,
                           Vector* out) {
  std::vector<Operand> values;
  KB_ASSIGN(const bool constant,
            EvaluateAll(
                node.entries, [](const auto& entry) { return entry.second.get(); }, batch, context,
                &values));
  return FillRows(constant, batch.rows, out, [&](std::uint32_t row) -> Result<Value> {
    MapEntries entries;
    entries.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      Assign(&entries, node.entries[i].first, values[i].vector().Get(row));
    }
    Value map = Value::Map(std::move(entries));
    KB_TRY(CheckNesting(map));
    return map;
  });
}

Result<void> EvaluateMapProjection(const bind::MapProjection& node, const Batch& batch,
                                   EvalContext& context, Vector* out) {
  Operand subject;
  KB_TRY(subject.Evaluate(*node.subject, batch, context));
  std::vector<Operand> values;
  KB_TRY(EvaluateAll(
      node.entries, [](const auto& entry) { return entry.second.get(); }, batch, context, &values));
  Reader subjects(subject.vector());
  return FillRows(false, batch.rows, out, [&](std::uint32_t row) -> Result<Value> {
    const Value& from = subjects[row];
    if (from.is_null()) return Value::Null();
    MapEntries entries;
    if (node.all_properties) {
      KB_ASSIGN(const Value all, functions::PropertiesOf(from, context.view));
      entries = all.map();
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      Assign(&entries, node.entries[i].first, values[i].vector().Get(row));
    }
    Value map = Value::Map(std::move(entries));
    KB_TRY(CheckNesting(map));
    return map;
  });
}

}  // namespace kb::query::eval
