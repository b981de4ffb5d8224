#include "query/eval/evaluate.h"

#include <algorithm>
#include <numeric>
#include <variant>

#include "query/eval/kernel.h"
#include "schema/base/assert.h"

namespace kb::query::eval {
namespace {

using ast::BinaryOperator;
using ast::UnaryOperator;

Result<void> CallFunction(const bind::Call& node, const Batch& batch, EvalContext& context,
                          Vector* out) {
  const functions::Function& function = *node.function;
  std::vector<Operand> operands(node.arguments.size());
  bool constant = function.deterministic;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    KB_TRY(operands[i].Evaluate(*node.arguments[i], batch, context));
    constant = constant && operands[i].is_constant();
    if (operands[i].is_constant() && operands[i].constant().is_null() && !function.handles_null) {
      out->SetConstant(Value::Null(), batch.rows);
      return {};
    }
  }
  std::vector<Value> arguments(operands.size());
  const std::uint32_t rows = constant ? 1 : batch.rows;
  if (!constant) out->Reset(Repr::kValue, rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < operands.size(); ++i) arguments[i] = operands[i].vector().Get(row);
    KB_ASSIGN(Value value, functions::Apply(function, arguments, context.functions));
    if (constant) {
      out->SetConstant(std::move(value), batch.rows);
    } else {
      out->values()[row] = std::move(value);
    }
  }
  return {};
}

Result<void> ReadParameter(const bind::Parameter& node, const Batch& batch,
                           const EvalContext& context, Vector* out) {
  if (context.parameters != nullptr) {
    for (const auto& [name, value] : *context.parameters) {
      if (name == node.name) {
        out->SetConstant(value, batch.rows);
        return {};
      }
    }
  }
  return Error(ErrorCode::kParameter, fmt::format("the parameter `${}` was not given", node.name))
      .Detail("MissingParameter");
}

/// One overload a kind of expression.
struct Dispatch {
  const Batch& batch;
  EvalContext& context;
  Vector* out;

  Result<void> operator()(const bind::Constant& node) const {
    out->SetConstant(node.value, batch.rows);
    return {};
  }
  Result<void> operator()(const bind::Parameter& node) const {
    return ReadParameter(node, batch, context, out);
  }
  Result<void> operator()(const bind::SlotRef& node) const {
    const Vector& column = batch.column(node.slot);
    if (column.repr() == Repr::kNone) {
      out->SetConstant(Value::Null(), batch.rows);
    } else {
      *out = column;
    }
    return {};
  }
  Result<void> operator()(const bind::Property& node) const {
    return EvaluateProperty(node, batch, context, out);
  }
  Result<void> operator()(const bind::Subscript& node) const {
    return EvaluateSubscript(node, batch, context, out);
  }
  Result<void> operator()(const bind::Slice& node) const {
    return EvaluateSlice(node, batch, context, out);
  }
  Result<void> operator()(const bind::ListOf& node) const {
    return EvaluateListOf(node, batch, context, out);
  }
  Result<void> operator()(const bind::MapOf& node) const {
    return EvaluateMapOf(node, batch, context, out);
  }
  Result<void> operator()(const bind::MapProjection& node) const {
    return EvaluateMapProjection(node, batch, context, out);
  }
  Result<void> operator()(const bind::Unary& node) const {
    if (node.op == UnaryOperator::kNot) return EvaluateNot(node, batch, context, out);
    return EvaluateSign(node, batch, context, out);
  }
  Result<void> operator()(const bind::Binary& node) const {
    switch (node.op) {
      case BinaryOperator::kOr:
      case BinaryOperator::kXor:
      case BinaryOperator::kAnd:
        return EvaluateLogic(node, batch, context, out);
      case BinaryOperator::kStartsWith:
      case BinaryOperator::kEndsWith:
      case BinaryOperator::kContains:
      case BinaryOperator::kRegex:
        return EvaluateTextPredicate(node, batch, context, out);
      case BinaryOperator::kIn:
        return EvaluateIn(node, batch, context, out);
      case BinaryOperator::kAdd:
      case BinaryOperator::kSubtract:
      case BinaryOperator::kMultiply:
      case BinaryOperator::kDivide:
      case BinaryOperator::kModulo:
      case BinaryOperator::kPower:
      case BinaryOperator::kConcatenate:
        break;
    }
    return EvaluateArithmetic(node, batch, context, out);
  }
  Result<void> operator()(const bind::Comparison& node) const {
    return EvaluateComparison(node, batch, context, out);
  }
  Result<void> operator()(const bind::IsNull& node) const {
    return EvaluateIsNull(node, batch, context, out);
  }
  Result<void> operator()(const bind::HasLabels& node) const {
    return EvaluateHasLabels(node, batch, context, out);
  }
  Result<void> operator()(const bind::Call& node) const {
    return CallFunction(node, batch, context, out);
  }
  Result<void> operator()(const bind::Case& node) const {
    return EvaluateCase(node, batch, context, out);
  }
  Result<void> operator()(const bind::ListComprehension& node) const {
    return EvaluateListComprehension(node, batch, context, out);
  }
  Result<void> operator()(const bind::Quantifier& node) const {
    return EvaluateQuantifier(node, batch, context, out);
  }
  Result<void> operator()(const bind::Reduce& node) const {
    return EvaluateReduce(node, batch, context, out);
  }
  Result<void> operator()(const bind::PathOf& node) const {
    return EvaluatePathOf(node, batch, context, out);
  }
  Result<void> operator()(const bind::Subquery& node) const {
    if (context.subqueries == nullptr) {
      return InternalError("a subquery was met where none can be run");
    }
    return context.subqueries->Run(node, batch, out);
  }
  Result<void> operator()(const bind::Aggregate&) const {
    return InternalError("an aggregate was met outside of an aggregation");
  }
};

constexpr functions::KindSet kElementKinds =
    functions::Set(schema::Kind::kNode, schema::Kind::kRelationship);

/// Whether an expression gives a value, or null, whatever it is asked of: nothing is amiss if it is
/// asked of rows that another condition has ruled out.
bool NeverFails(const Expression& e) {
  const auto& node = e.node;
  if (const auto* property = std::get_if<bind::Property>(&node)) {
    return NeverFails(*property->subject) && (property->subject->kinds & ~kElementKinds) == 0;
  }
  if (const auto* comparison = std::get_if<bind::Comparison>(&node)) {
    return NeverFails(*comparison->left) && NeverFails(*comparison->right);
  }
  return std::holds_alternative<bind::Constant>(node) ||
         std::holds_alternative<bind::Parameter>(node) ||
         std::holds_alternative<bind::SlotRef>(node);
}

/// The rows of a batch for which a condition holds, of all (`among` is null) or of some.
Result<void> SelectTrue(const Expression& condition, const Batch& batch, EvalContext& context,
                        const Rows* among, Rows* rows) {
  Truths truths;
  KB_TRY(EvaluateTruths(condition, batch, context, &truths));
  const std::uint8_t* const truth = truths.data();
  const auto size = among == nullptr ? batch.rows : static_cast<std::uint32_t>(among->size());
  Rows selected(size);
  std::uint32_t* const to = selected.data();
  std::uint32_t count = 0;
  if (among == nullptr) {
    for (std::uint32_t row = 0; row < size; ++row) {
      to[count] = row;
      count += truth[row] == kTrue ? 1U : 0U;
    }
  } else {
    const std::uint32_t* const from = among->data();
    for (std::uint32_t i = 0; i < size; ++i) {
      to[count] = from[i];
      count += truth[from[i]] == kTrue ? 1U : 0U;
    }
  }
  selected.resize(count);
  *rows = std::move(selected);
  return {};
}

/// The conjuncts of an AND, left to right: each is tried on the rows that are left. While those are
/// many, it is cheaper asked of all, if it may be.
Result<void> SelectAmong(const Expression& predicate, const Batch& batch, EvalContext& context,
                         Rows* rows) {
  const auto* binary = std::get_if<bind::Binary>(&predicate.node);
  if (binary == nullptr || binary->op != BinaryOperator::kAnd) {
    return SelectTrue(predicate, batch, context, nullptr, rows);
  }
  KB_TRY(SelectAmong(*binary->left, batch, context, rows));
  if (rows->empty()) return {};
  if (rows->size() == batch.rows) return SelectAmong(*binary->right, batch, context, rows);
  if (rows->size() >= batch.rows / 4 && !context.may_meet_deleted && NeverFails(*binary->right)) {
    return SelectTrue(*binary->right, batch, context, rows, rows);
  }
  Batch kept;
  GatherFor(SlotsOf(*binary->right, context), batch, *rows, &kept);
  Rows selected;
  KB_TRY(SelectAmong(*binary->right, kept, context, &selected));
  for (std::uint32_t& row : selected) row = (*rows)[row];
  *rows = std::move(selected);
  return {};
}

}  // namespace

Result<void> Evaluate(const Expression& expression, const Batch& batch, EvalContext& context,
                      Vector* out) {
  if (batch.rows == 0) {
    out->Reset(Repr::kValue, 0);
    return {};
  }
  context.functions.view = &context.view;
  auto result = std::visit(Dispatch{batch, context, out}, expression.node);
  if (!result.ok()) result.error().At(expression.span);
  return result;
}

Result<void> SelectRows(const Expression& predicate, const Batch& batch, EvalContext& context,
                        std::vector<std::uint32_t>* rows) {
  rows->clear();
  if (batch.rows == 0) return {};
  return SelectAmong(predicate, batch, context, rows);
}

Result<Value> EvaluateConstant(const Expression& expression, EvalContext& context) {
  Batch batch(context.slot_count);
  batch.rows = 1;
  Vector out;
  KB_TRY(Evaluate(expression, batch, context, &out));
  return out.Get(0);
}

}  // namespace kb::query::eval
