// List comprehensions and quantifiers.

#include <numeric>

#include "query/eval/flatten.h"

namespace kb::query::eval {
namespace {

/// The results of all rows as Values: lists, or null where the list was null.
void WriteLists(const Vector& lists, std::vector<std::vector<Value>>* results, Vector* out) {
  const auto rows = static_cast<std::uint32_t>(results->size());
  out->Reset(Repr::kValue, rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (!lists.IsNull(row)) out->values()[row] = Value::List(std::move((*results)[row]));
  }
}

/// What a quantifier has seen of one list.
struct Tally {
  std::uint8_t true_count = 0;  ///< 2 stands for more than one.
  bool has_false = false;
  bool has_unknown = false;

  void Add(std::uint8_t truth) {
    if (truth == kTrue && true_count < 2) ++true_count;
    has_false = has_false || truth == kFalse;
    has_unknown = has_unknown || truth == kUnknown;
  }

  std::uint8_t Answer(ast::QuantifierKind kind) const {
    switch (kind) {
      case ast::QuantifierKind::kAll:
        return has_false ? kFalse : has_unknown ? kUnknown : kTrue;
      case ast::QuantifierKind::kAny:
        return true_count > 0 ? kTrue : has_unknown ? kUnknown : kFalse;
      case ast::QuantifierKind::kNone:
        return true_count > 0 ? kFalse : has_unknown ? kUnknown : kTrue;
      case ast::QuantifierKind::kSingle:
        if (true_count > 1) return kFalse;
        return has_unknown ? kUnknown : true_count == 1 ? kTrue : kFalse;
    }
    return kUnknown;
  }
};

}  // namespace

Result<void> EvaluateListComprehension(const bind::ListComprehension& node, const Batch& batch,
                                       EvalContext& context, Vector* out) {
  Operand lists;
  KB_TRY(lists.Evaluate(*node.list, batch, context));
  SlotUse use;
  if (node.predicate != nullptr) Unite(SlotsOf(*node.predicate, context), &use);
  if (node.projection != nullptr) Unite(SlotsOf(*node.projection, context), &use);
  std::vector<std::vector<Value>> results(batch.rows);

  const auto visit = [&](const Batch& inner, const Rows& owners) -> Result<void> {
    Rows rows(inner.rows);
    std::iota(rows.begin(), rows.end(), 0u);
    if (node.predicate != nullptr) {
      KB_TRY(SelectRows(*node.predicate, inner, context, &rows));
      if (rows.empty()) return {};
    }
    if (node.projection == nullptr) {
      const Vector& elements = inner.column(node.variable);
      for (const std::uint32_t row : rows) results[owners[row]].push_back(elements.Get(row));
      return {};
    }
    Batch kept;
    if (rows.size() != inner.rows) {
      SlotUse needed = SlotsOf(*node.projection, context);
      Unite({false, {node.variable}}, &needed);
      GatherFor(needed, inner, rows, &kept);
    }
    Operand projected;
    KB_TRY(projected.Evaluate(*node.projection, rows.size() == inner.rows ? inner : kept, context));
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      results[owners[rows[i]]].push_back(projected.vector().Get(i));
    }
    return {};
  };
  KB_TRY(ForEachFlatBatch(lists.vector(), *node.list, node.variable, use, batch, context, visit));
  WriteLists(lists.vector(), &results, out);
  return {};
}

Result<void> EvaluateQuantifier(const bind::Quantifier& node, const Batch& batch,
                                EvalContext& context, Vector* out) {
  Operand lists;
  KB_TRY(lists.Evaluate(*node.list, batch, context));
  // Without a condition the elements themselves are the conditions.
  const Expression element{bind::SlotRef{node.variable, {}}, node.list->span, functions::kAnyKind};
  const Expression& predicate = node.predicate != nullptr ? *node.predicate : element;
  SlotUse use;
  if (node.predicate != nullptr) use = SlotsOf(predicate, context);
  std::vector<Tally> tallies(batch.rows);
  const auto visit = [&](const Batch& inner, const Rows& owners) -> Result<void> {
    Truths truths;
    KB_TRY(EvaluateTruths(predicate, inner, context, &truths));
    for (std::uint32_t row = 0; row < inner.rows; ++row) tallies[owners[row]].Add(truths[row]);
    return {};
  };
  KB_TRY(ForEachFlatBatch(lists.vector(), *node.list, node.variable, use, batch, context, visit));
  Truths answers(batch.rows);
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    answers[row] = lists.vector().IsNull(row) ? kUnknown : tallies[row].Answer(node.kind);
  }
  WriteTruths(answers, out);
  return {};
}

}  // namespace kb::query::eval
