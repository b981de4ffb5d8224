// Arithmetic on columns: loops over integers and floats, Combine() row by row for the rest.

#include <cmath>
#include <limits>
#include <type_traits>

#include "query/eval/kernel.h"
#include "query/functions/convert.h"
#include "schema/temporal.h"

namespace kb::query::eval {
namespace {

using ast::BinaryOperator;
using ast::UnaryOperator;

/// A numeric column or constant, read as T.
template <typename T>
struct Numbers {
  const std::int64_t* integers = nullptr;
  const double* floats = nullptr;
  T constant{};

  explicit Numbers(const Vector& vector) {
    if (vector.repr() == Repr::kInteger) integers = vector.integers();
    if (vector.repr() == Repr::kFloat) floats = vector.floats();
    if (vector.repr() == Repr::kConstant) {
      const Value& value = vector.values()[0];
      constant =
          value.is_integer() ? static_cast<T>(value.integer()) : static_cast<T>(value.floating());
    }
  }
};

/// Calls `body` with functions from row to T for both operands, so that its loop is made for them.
template <typename T, typename Body>
void WithReaders(const Vector& left, const Vector& right, const Body& body) {
  const Numbers<T> lefts(left);
  const Numbers<T> rights(right);
  const auto pick = [](const Numbers<T>& numbers, const auto& use) {
    if (numbers.integers != nullptr) {
      use([data = numbers.integers](std::uint32_t row) { return static_cast<T>(data[row]); });
    } else if (numbers.floats != nullptr) {
      use([data = numbers.floats](std::uint32_t row) { return static_cast<T>(data[row]); });
    } else {
      use([value = numbers.constant](std::uint32_t) { return value; });
    }
  };
  pick(lefts, [&](const auto& a) { pick(rights, [&](const auto& b) { body(a, b); }); });
}

/// Sums, differences and products of integers; false if one overflowed (or a null's stale entry
/// did).
bool CombineIntegerColumns(BinaryOperator op, const Vector& left, const Vector& right,
                           Vector* out) {
  bool overflow = false;
  std::int64_t* to = out->integers();
  const std::uint32_t rows = out->size();
  WithReaders<std::int64_t>(left, right, [&](const auto& a, const auto& b) {
    if (op == BinaryOperator::kAdd) {
      for (std::uint32_t row = 0; row < rows; ++row) {
        overflow |= __builtin_add_overflow(a(row), b(row), &to[row]);
      }
    } else if (op == BinaryOperator::kSubtract) {
      for (std::uint32_t row = 0; row < rows; ++row) {
        overflow |= __builtin_sub_overflow(a(row), b(row), &to[row]);
      }
    } else {
      for (std::uint32_t row = 0; row < rows; ++row) {
        overflow |= __builtin_mul_overflow(a(row), b(row), &to[row]);
      }
    }
  });
  return !overflow;
}

/// Quotients and remainders of integers; false if there is a divisor that needs care: 0, and -1,
/// which may overflow.
bool DivideIntegerColumns(BinaryOperator op, const Vector& left, const Vector& right, Vector* out) {
  bool careful = false;
  std::int64_t* to = out->integers();
  const std::uint32_t rows = out->size();
  WithReaders<std::int64_t>(left, right, [&](const auto& a, const auto& b) {
    for (std::uint32_t row = 0; row < rows && !careful; ++row) {
      const std::int64_t divisor = b(row);
      careful = divisor == 0 || divisor == -1;
      if (careful) break;
      to[row] = op == BinaryOperator::kDivide ? a(row) / divisor : a(row) % divisor;
    }
  });
  return !careful;
}

void CombineFloatColumns(BinaryOperator op, const Vector& left, const Vector& right, Vector* out) {
  double* to = out->floats();
  const std::uint32_t rows = out->size();
  WithReaders<double>(left, right, [&](const auto& a, const auto& b) {
    const auto loop = [&](const auto& combine) {
      for (std::uint32_t row = 0; row < rows; ++row) to[row] = combine(a(row), b(row));
    };
    if (op == BinaryOperator::kAdd) {
      loop([](double x, double y) { return x + y; });
    } else if (op == BinaryOperator::kSubtract) {
      loop([](double x, double y) { return x - y; });
    } else if (op == BinaryOperator::kMultiply) {
      loop([](double x, double y) { return x * y; });
    } else if (op == BinaryOperator::kDivide) {
      loop([](double x, double y) { return x / y; });
    } else if (op == BinaryOperator::kModulo) {
      loop([](double x, double y) { return std::fmod(x, y); });
    } else {
      loop([](double x, double y) { return std::pow(x, y); });
    }
  });
}

bool IsNumeric(Repr type) { return type == Repr::kInteger || type == Repr::kFloat; }

/// Answers whether a typed loop was there and held.
bool CombineColumns(BinaryOperator op, const Vector& left, const Vector& right, Vector* out) {
  const Repr left_type = TypeOf(left);
  const Repr right_type = TypeOf(right);
  if (!IsNumeric(left_type) || !IsNumeric(right_type) || op == BinaryOperator::kConcatenate) {
    return false;
  }
  const bool integers = left_type == Repr::kInteger && right_type == Repr::kInteger;
  if (integers && op != BinaryOperator::kPower) {
    const bool divides = op == BinaryOperator::kDivide || op == BinaryOperator::kModulo;
    out->Reset(Repr::kInteger, left.size());
    const bool held = divides ? DivideIntegerColumns(op, left, right, out)
                              : CombineIntegerColumns(op, left, right, out);
    if (!held) return false;
  } else {
    out->Reset(Repr::kFloat, left.size());
    CombineFloatColumns(op, left, right, out);
  }
  MergeNulls(left, right, out);
  return true;
}

Result<Value> Negated(const Value& value) {
  if (value.is_float()) return Value::Float(-value.floating());
  if (value.is_integer()) return Combine(BinaryOperator::kSubtract, Value::Integer(0), value);
  if (value.kind() == Kind::kDuration) {
    KB_ASSIGN(auto duration, schema::Add(schema::Duration{}, value.duration(), -1));
    return Value::Of(duration);
  }
  if (value.is_null()) return value;
  return TypeError("`-` needs a number or a duration, but this is {} {}",
                   schema::KindName(value.kind()), functions::Preview(value))
      .Detail("InvalidArgumentType");
}

Result<Value> Signed(UnaryOperator op, const Value& value) {
  if (op == UnaryOperator::kMinus) return Negated(value);
  if (value.is_number() || value.is_null() || value.kind() == Kind::kDuration) return value;
  return TypeError("`+` needs a number, but this is {} {}", schema::KindName(value.kind()),
                   functions::Preview(value))
      .Detail("InvalidArgumentType");
}

}  // namespace

Result<void> EvaluateArithmetic(const bind::Binary& node, const Batch& batch, EvalContext& context,
                                Vector* out) {
  Operand left;
  Operand right;
  KB_TRY(left.Evaluate(*node.left, batch, context));
  KB_TRY(right.Evaluate(*node.right, batch, context));
  if (left.is_constant() && right.is_constant()) {
    KB_ASSIGN(auto value, Combine(node.op, left.constant(), right.constant()));
    out->SetConstant(std::move(value), batch.rows);
    return {};
  }
  if (CombineColumns(node.op, left.vector(), right.vector(), out)) return {};
  out->Reset(Repr::kValue, batch.rows);
  Reader lefts(left.vector());
  Reader rights(right.vector());
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    KB_ASSIGN(out->values()[row], Combine(node.op, lefts[row], rights[row]));
  }
  Narrow(out);
  return {};
}

Result<void> EvaluateSign(const bind::Unary& node, const Batch& batch, EvalContext& context,
                          Vector* out) {
  Operand operand;
  KB_TRY(operand.Evaluate(*node.operand, batch, context));
  if (operand.is_constant()) {
    KB_ASSIGN(auto value, Signed(node.op, operand.constant()));
    out->SetConstant(std::move(value), batch.rows);
    return {};
  }
  out->Reset(Repr::kValue, batch.rows);
  Reader values(operand.vector());
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    KB_ASSIGN(out->values()[row], Signed(node.op, values[row]));
  }
  Narrow(out);
  return {};
}

}  // namespace kb::query::eval
