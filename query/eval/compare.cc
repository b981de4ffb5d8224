// Comparisons: typed loops for column with column and column with constant of one type; the
// language's comparison of Values for everything else.

#include <cmath>
#include <functional>
#include <optional>

#include "query/eval/kernel.h"

namespace kb::query::eval {
namespace {

using ast::ComparisonOperator;

/// How a type is read from a typed column and from a constant.
struct IntegerType {
  static const std::int64_t* Data(const Vector& vector) { return vector.integers(); }
  static std::int64_t Read(const Value& value) { return value.integer(); }
};
struct FloatType {
  static const double* Data(const Vector& vector) { return vector.floats(); }
  static double Read(const Value& value) { return value.floating(); }
};
struct BooleanType {
  static const std::uint8_t* Data(const Vector& vector) { return vector.booleans(); }
  static std::uint8_t Read(const Value& value) { return value.boolean() ? 1 : 0; }
};
struct StringType {
  static const std::string_view* Data(const Vector& vector) { return vector.strings(); }
  static std::string_view Read(const Value& value) { return value.string(); }
};
struct NodeType {
  static const NodeId* Data(const Vector& vector) { return vector.nodes(); }
  static NodeId Read(const Value& value) { return value.node(); }
};

template <typename T>
struct Entries {
  const T* data;
  T operator[](std::uint32_t row) const { return data[row]; }
};
template <typename T>
struct Same {
  T value;
  T operator[](std::uint32_t /*row*/) const { return value; }
};

/// All that the loop reads is its own, lest each byte that it writes might change it: then it is
/// carried out for many rows at once.
template <typename Test, typename Left, typename Right>
void Loop(const Left left, const Right right, Vector* out) {
  std::uint8_t* const to = out->booleans();
  const std::uint32_t size = out->size();
  const Test test;
  for (std::uint32_t row = 0; row < size; ++row) {
    to[row] = static_cast<std::uint8_t>(test(left[row], right[row]));
  }
}

template <typename Left, typename Right>
void LoopFor(ComparisonOperator op, const Left& left, const Right& right, Vector* out) {
  switch (op) {
    case ComparisonOperator::kEqual:
      return Loop<std::equal_to<>>(left, right, out);
    case ComparisonOperator::kNotEqual:
      return Loop<std::not_equal_to<>>(left, right, out);
    case ComparisonOperator::kLess:
      return Loop<std::less<>>(left, right, out);
    case ComparisonOperator::kLessEqual:
      return Loop<std::less_equal<>>(left, right, out);
    case ComparisonOperator::kGreater:
      return Loop<std::greater<>>(left, right, out);
    case ComparisonOperator::kGreaterEqual:
      return Loop<std::greater_equal<>>(left, right, out);
  }
}

/// Both columns are of `Type`, at least one of them not a constant.
template <typename Type>
void CompareTyped(ComparisonOperator op, const Vector& left, const Vector& right, Vector* out) {
  using T = decltype(Type::Read(std::declval<const Value&>()));
  out->Reset(Repr::kBoolean, left.size());
  if (left.repr() == Repr::kConstant) {
    LoopFor(op, Same<T>{Type::Read(left.values()[0])}, Entries<T>{Type::Data(right)}, out);
  } else if (right.repr() == Repr::kConstant) {
    LoopFor(op, Entries<T>{Type::Data(left)}, Same<T>{Type::Read(right.values()[0])}, out);
  } else {
    LoopFor(op, Entries<T>{Type::Data(left)}, Entries<T>{Type::Data(right)}, out);
  }
  MergeNulls(left, right, out);
}

Truth CompareValues(ComparisonOperator op, const Value& left, const Value& right) {
  switch (op) {
    case ComparisonOperator::kEqual:
      return schema::Equal(left, right);
    case ComparisonOperator::kNotEqual:
      return schema::Not(schema::Equal(left, right));
    case ComparisonOperator::kLess:
      return schema::Less(left, right);
    case ComparisonOperator::kLessEqual:
      return schema::AtMost(left, right);
    case ComparisonOperator::kGreater:
      return schema::Less(right, left);
    case ComparisonOperator::kGreaterEqual:
      return schema::AtMost(right, left);
  }
  return std::nullopt;
}

/// A constant number as one of the other operand's type, where that changes nothing: whole numbers
/// that both types hold exactly.
std::optional<Value> ConvertConstant(const Vector& constant, Repr wanted) {
  if (constant.repr() != Repr::kConstant) return std::nullopt;
  constexpr double kExactMax = 9007199254740992.0;  // 2^53
  const Value& value = constant.values()[0];
  if (wanted == Repr::kInteger && value.is_float()) {
    const double number = value.floating();
    if (std::abs(number) <= kExactMax && number == std::floor(number)) {
      return Value::Integer(static_cast<std::int64_t>(number));
    }
  } else if (wanted == Repr::kFloat && value.is_integer()) {
    const auto number = static_cast<double>(value.integer());
    if (std::abs(number) <= kExactMax) return Value::Float(number);
  }
  return std::nullopt;
}

/// Answers whether a typed loop was there for these operands.
bool CompareColumns(ComparisonOperator op, const Vector& left, const Vector& right, Vector* out) {
  const Repr type = TypeOf(left);
  if (type != TypeOf(right)) return false;
  const bool equality = op == ComparisonOperator::kEqual || op == ComparisonOperator::kNotEqual;
  switch (type) {
    case Repr::kInteger:
      CompareTyped<IntegerType>(op, left, right, out);
      return true;
    case Repr::kFloat:
      CompareTyped<FloatType>(op, left, right, out);
      return true;
    case Repr::kBoolean:
      CompareTyped<BooleanType>(op, left, right, out);
      return true;
    case Repr::kString:
      CompareTyped<StringType>(op, left, right, out);
      return true;
    case Repr::kNode:
      if (equality) CompareTyped<NodeType>(op, left, right, out);
      return equality;
    case Repr::kNone:
    case Repr::kValue:
    case Repr::kRelationship:
    case Repr::kConstant:
      break;
  }
  return false;
}

void CompareBoxed(ComparisonOperator op, const Vector& left, const Vector& right, Vector* out) {
  Truths truths(left.size());
  Reader lefts(left);
  Reader rights(right);
  for (std::uint32_t row = 0; row < left.size(); ++row) {
    truths[row] = ByteOf(CompareValues(op, lefts[row], rights[row]));
  }
  WriteTruths(truths, out);
}

}  // namespace

Result<void> EvaluateComparison(const bind::Comparison& node, const Batch& batch,
                                EvalContext& context, Vector* out) {
  Operand left;
  Operand right;
  KB_TRY(left.Evaluate(*node.left, batch, context));
  KB_TRY(right.Evaluate(*node.right, batch, context));
  if (left.is_constant() && right.is_constant()) {
    out->SetConstant(ValueOf(CompareValues(node.op, left.constant(), right.constant())),
                     batch.rows);
    return {};
  }
  for (const Operand* operand : {&left, &right}) {
    if (operand->is_constant() && operand->constant().is_null()) {
      out->SetConstant(Value::Null(), batch.rows);
      return {};
    }
  }
  if (CompareColumns(node.op, left.vector(), right.vector(), out)) return {};
  Vector converted;
  if (auto value = ConvertConstant(right.vector(), TypeOf(left.vector()))) {
    converted.SetConstant(*std::move(value), batch.rows);
    if (CompareColumns(node.op, left.vector(), converted, out)) return {};
  } else if (auto other = ConvertConstant(left.vector(), TypeOf(right.vector()))) {
    converted.SetConstant(*std::move(other), batch.rows);
    if (CompareColumns(node.op, converted, right.vector(), out)) return {};
  }
  CompareBoxed(node.op, left.vector(), right.vector(), out);
  return {};
}

}  // namespace kb::query::eval
