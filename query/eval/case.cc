// CASE: each condition runs on the rows that no earlier one took, each result on the rows it took.

#include "query/eval/kernel.h"

namespace kb::query::eval {
namespace {

/// Collects the results of the branches and puts them back in the order of the rows.
class Scatter {
 public:
  explicit Scatter(std::uint32_t rows) : places_(rows) {}

  Result<void> Add(const Expression& expression, const Batch& batch, const Rows& rows,
                   EvalContext& context) {
    if (rows.empty()) return {};
    Vector part;
    if (rows.size() == batch.rows) {
      KB_TRY(Evaluate(expression, batch, context, &part));
    } else {
      Batch taken;
      GatherFor(SlotsOf(expression, context), batch, rows, &taken);
      KB_TRY(Evaluate(expression, taken, context, &part));
    }
    Append(rows, part);
    return {};
  }

  void AddNull(const Rows& rows) {
    if (rows.empty()) return;
    Vector part;
    part.SetConstant(Value::Null(), static_cast<std::uint32_t>(rows.size()));
    Append(rows, part);
  }

  void Finish(Vector* out) const { out->GatherFrom(parts_, places_); }

 private:
  void Append(const Rows& rows, const Vector& part) {
    const std::uint32_t begin = parts_.size();
    for (std::uint32_t i = 0; i < rows.size(); ++i) places_[rows[i]] = begin + i;
    parts_.Append(part);
  }

  Vector parts_;
  Rows places_;
};

/// Of `open`, the rows where the branch's condition holds go to `taken`; the others stay.
Result<void> TakeRows(const Expression& condition, const Vector* subject, const Batch& batch,
                      EvalContext& context, Rows* open, Rows* taken) {
  Batch rest;
  const bool whole = open->size() == batch.rows;
  if (!whole) GatherFor(SlotsOf(condition, context), batch, *open, &rest);
  const Batch& tested = whole ? batch : rest;
  Truths truths;
  if (subject == nullptr) {
    KB_TRY(EvaluateTruths(condition, tested, context, &truths));
  } else {
    Operand operand;
    KB_TRY(operand.Evaluate(condition, tested, context));
    Reader candidates(operand.vector());
    Reader subjects(*subject);
    truths.resize(tested.rows);
    for (std::uint32_t i = 0; i < tested.rows; ++i) {
      truths[i] = ByteOf(schema::Equal(subjects[(*open)[i]], candidates[i]));
    }
  }
  Rows left;
  taken->clear();
  for (std::uint32_t i = 0; i < tested.rows; ++i) {
    (truths[i] == kTrue ? *taken : left).push_back((*open)[i]);
  }
  open->swap(left);
  return {};
}

}  // namespace

Result<void> EvaluateCase(const bind::Case& node, const Batch& batch, EvalContext& context,
                          Vector* out) {
  Operand subject;
  if (node.subject != nullptr) KB_TRY(subject.Evaluate(*node.subject, batch, context));
  Rows open(batch.rows);
  for (std::uint32_t row = 0; row < batch.rows; ++row) open[row] = row;
  Scatter results(batch.rows);
  Rows taken;
  for (const auto& [condition, result] : node.branches) {
    if (open.empty()) break;
    KB_TRY(TakeRows(*condition, node.subject != nullptr ? &subject.vector() : nullptr, batch,
                    context, &open, &taken));
    KB_TRY(results.Add(*result, batch, taken, context));
  }
  if (node.otherwise != nullptr) {
    KB_TRY(results.Add(*node.otherwise, batch, open, context));
  } else {
    results.AddNull(open);
  }
  results.Finish(out);
  return {};
}

}  // namespace kb::query::eval
