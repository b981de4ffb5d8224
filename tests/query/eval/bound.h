// Bound expressions written short, for tests that have no parser and no binder between them and
// evaluation.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "query/bind/bound.h"
#include "query/eval/evaluate.h"
#include "query/functions/function.h"

namespace kb::query::eval {

using bind::ExpressionPtr;
using bind::Slot;

inline ExpressionPtr Bound(decltype(bind::Expression::node) node) {
  return std::make_shared<bind::Expression>(
      bind::Expression{std::move(node), {}, functions::kAnyKind});
}
inline ExpressionPtr C(Value value) { return Bound(bind::Constant{std::move(value)}); }
inline ExpressionPtr C(int value) { return C(Value::Integer(value)); }
inline ExpressionPtr C(double value) { return C(Value::Float(value)); }
inline ExpressionPtr C(bool value) { return C(Value::Boolean(value)); }
inline ExpressionPtr C(const char* value) { return C(Value::String(value)); }
inline ExpressionPtr Null() { return C(Value::Null()); }
inline ExpressionPtr S(Slot slot) { return Bound(bind::SlotRef{slot, {}}); }
inline ExpressionPtr Of(ExpressionPtr subject, std::string key) {
  return Bound(bind::Property{std::move(subject), std::move(key)});
}
inline ExpressionPtr ListOf(std::vector<ExpressionPtr> items) {
  return Bound(bind::ListOf{std::move(items)});
}
inline ExpressionPtr Op(ast::BinaryOperator op, ExpressionPtr left, ExpressionPtr right) {
  return Bound(bind::Binary{op, std::move(left), std::move(right)});
}
inline ExpressionPtr Compare(ast::ComparisonOperator op, ExpressionPtr left, ExpressionPtr right) {
  return Bound(bind::Comparison{op, std::move(left), std::move(right)});
}
inline ExpressionPtr CallOf(std::string_view name, std::vector<ExpressionPtr> arguments) {
  return Bound(bind::Call{functions::Find(name), std::move(arguments)});
}

/// A column of Values.
inline Vector Column(std::vector<Value> values) {
  Vector vector;
  vector.Reset(exec::Repr::kValue, static_cast<std::uint32_t>(values.size()));
  vector.values() = std::move(values);
  return vector;
}
inline Vector Integers(const std::vector<std::int64_t>& numbers) {
  Vector vector;
  vector.Reset(exec::Repr::kInteger, static_cast<std::uint32_t>(numbers.size()));
  std::copy(numbers.begin(), numbers.end(), vector.integers());
  return vector;
}
inline Vector Nodes(const std::vector<schema::NodeId>& ids) {
  Vector vector;
  vector.Reset(exec::Repr::kNode, static_cast<std::uint32_t>(ids.size()));
  std::copy(ids.begin(), ids.end(), vector.nodes());
  return vector;
}
inline Batch BatchOf(std::vector<Vector> columns) {
  Batch batch(columns.size());
  batch.rows = columns.empty() ? 1 : columns[0].size();
  batch.columns = std::move(columns);
  return batch;
}

/// The results of all rows as text, or the detail of the error.
inline std::string Text(const ExpressionPtr& expression, const Batch& batch, EvalContext& context) {
  Vector out;
  const auto result = Evaluate(*expression, batch, context, &out);
  if (!result.ok()) return "error " + result.error().detail();
  std::string text;
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    text += (row == 0 ? "" : " ") + out.Get(row).ToText();
  }
  return text;
}
inline std::string Text(const ExpressionPtr& expression, const Batch& batch = BatchOf({})) {
  EvalContext context;
  return Text(expression, batch, context);
}

}  // namespace kb::query::eval
