// The arithmetic operators on two Values of any kinds.

#include <cmath>
#include <limits>

#include "query/eval/kernel.h"
#include "query/functions/convert.h"
#include "schema/base/limits.h"
#include "schema/temporal.h"

namespace kb::query::eval {
namespace {

using ast::BinaryOperator;

std::string_view SymbolOf(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kAdd:
      return "+";
    case BinaryOperator::kSubtract:
      return "-";
    case BinaryOperator::kMultiply:
      return "*";
    case BinaryOperator::kDivide:
      return "/";
    case BinaryOperator::kModulo:
      return "%";
    case BinaryOperator::kPower:
      return "^";
    case BinaryOperator::kConcatenate:
      return "||";
    case BinaryOperator::kOr:
      return "OR";
    case BinaryOperator::kXor:
      return "XOR";
    case BinaryOperator::kAnd:
      return "AND";
    case BinaryOperator::kStartsWith:
      return "STARTS WITH";
    case BinaryOperator::kEndsWith:
      return "ENDS WITH";
    case BinaryOperator::kContains:
      return "CONTAINS";
    case BinaryOperator::kRegex:
      return "=~";
    case BinaryOperator::kIn:
      return "IN";
  }
  return "";
}

Error Mismatch(BinaryOperator op, const Value& left, const Value& right) {
  Error error = TypeError("`{}` cannot be used on {} and {}", SymbolOf(op),
                          schema::KindName(left.kind()), schema::KindName(right.kind()))
                    .Detail("InvalidArgumentType");
  const bool dates = left.kind() == right.kind() &&
                     (left.kind() == Kind::kDate || left.kind() == Kind::kDateTime ||
                      left.kind() == Kind::kLocalDateTime);
  if (op == BinaryOperator::kSubtract && dates) {
    error.Hint("the time between two of them is duration.between(a, b)");
  }
  return error;
}

Error Overflow(BinaryOperator op, std::int64_t left, std::int64_t right) {
  return ArithmeticError("{} {} {} is outside of what an integer holds", left, SymbolOf(op), right)
      .Detail("IntegerOverflow")
      .Hint("toFloat() of one side computes with floats");
}

Result<Value> CombineIntegers(BinaryOperator op, std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  bool overflow = false;
  switch (op) {
    case BinaryOperator::kAdd:
      overflow = __builtin_add_overflow(left, right, &result);
      break;
    case BinaryOperator::kSubtract:
      overflow = __builtin_sub_overflow(left, right, &result);
      break;
    case BinaryOperator::kMultiply:
      overflow = __builtin_mul_overflow(left, right, &result);
      break;
    case BinaryOperator::kDivide:
    case BinaryOperator::kModulo:
      if (right == 0) {
        return ArithmeticError("{} {} 0: division by zero", left, SymbolOf(op))
            .Detail("DivisionByZero");
      }
      if (right == -1) {
        // The smallest integer has no counterpart; its remainder is 0 all the same.
        overflow = op == BinaryOperator::kDivide && __builtin_sub_overflow(0, left, &result);
      } else {
        result = op == BinaryOperator::kDivide ? left / right : left % right;
      }
      break;
    case BinaryOperator::kPower:
      return Value::Float(std::pow(static_cast<double>(left), static_cast<double>(right)));
    case BinaryOperator::kConcatenate:
    case BinaryOperator::kOr:
    case BinaryOperator::kXor:
    case BinaryOperator::kAnd:
    case BinaryOperator::kStartsWith:
    case BinaryOperator::kEndsWith:
    case BinaryOperator::kContains:
    case BinaryOperator::kRegex:
    case BinaryOperator::kIn:
      return Mismatch(op, Value::Integer(left), Value::Integer(right));
  }
  if (overflow) return Overflow(op, left, right);
  return Value::Integer(result);
}

Result<Value> CombineFloats(BinaryOperator op, double left, double right) {
  switch (op) {
    case BinaryOperator::kAdd:
      return Value::Float(left + right);
    case BinaryOperator::kSubtract:
      return Value::Float(left - right);
    case BinaryOperator::kMultiply:
      return Value::Float(left * right);
    case BinaryOperator::kDivide:
      return Value::Float(left / right);
    case BinaryOperator::kModulo:
      return Value::Float(std::fmod(left, right));
    case BinaryOperator::kPower:
      return Value::Float(std::pow(left, right));
    case BinaryOperator::kConcatenate:
    case BinaryOperator::kOr:
    case BinaryOperator::kXor:
    case BinaryOperator::kAnd:
    case BinaryOperator::kStartsWith:
    case BinaryOperator::kEndsWith:
    case BinaryOperator::kContains:
    case BinaryOperator::kRegex:
    case BinaryOperator::kIn:
      break;
  }
  return Mismatch(op, Value::Float(left), Value::Float(right));
}

Result<Value> JoinTexts(Value left, std::string_view right) {
  const std::size_t size = left.string().size() + right.size();
  if (size > limits::kValueBytesMax) {
    return LimitError("a string of {} bytes is too long: at most {}", size, limits::kValueBytesMax);
  }
  return Value::Appended(std::move(left), right);
}

Result<Value> JoinLists(Value left, std::span<const Value> right) {
  const std::size_t size = left.list().size() + right.size();
  if (size > limits::kListSizeMax) {
    return LimitError("a list of {} elements is too long: at most {}", size, limits::kListSizeMax);
  }
  Value list = Value::Appended(std::move(left), right);
  if (list.nesting() > limits::kValueNestingMax) {
    return LimitError("lists are nested {} deep: at most {}", list.nesting(),
                      limits::kValueNestingMax);
  }
  return list;
}

bool IsInstant(const Value& value) {
  const Kind kind = value.kind();
  return kind == Kind::kDate || kind == Kind::kLocalTime || kind == Kind::kTime ||
         kind == Kind::kLocalDateTime || kind == Kind::kDateTime;
}

Result<Value> AddDurations(const Value& left, const Value& right, int sign) {
  KB_ASSIGN(auto sum, schema::Add(left.duration(), right.duration(), sign));
  return Value::Of(sum);
}

Result<Value> Add(const Value& left, const Value& right) {
  if (left.is_list() && right.is_list()) return JoinLists(left, right.list());
  if (left.is_list()) return JoinLists(left, {&right, 1});
  if (right.is_list()) return JoinLists(Value::List({left}), right.list());
  const bool is_left_duration = left.kind() == Kind::kDuration;
  const bool is_right_duration = right.kind() == Kind::kDuration;
  if (is_left_duration && is_right_duration) return AddDurations(left, right, 1);
  if (IsInstant(left) && is_right_duration) {
    return schema::AddDuration(left, right.duration(), 1);
  }
  if (is_left_duration && IsInstant(right)) {
    return schema::AddDuration(right, left.duration(), 1);
  }
  if (left.is_string() && right.is_string()) return JoinTexts(left, right.string());
  if (left.is_string() || right.is_string()) {
    const auto left_text = functions::TextOf(left);
    const auto right_text = functions::TextOf(right);
    if (left_text && right_text) return JoinTexts(Value::String(*left_text), *right_text);
  }
  return Mismatch(BinaryOperator::kAdd, left, right);
}

Result<Value> Scaled(const Value& duration, double factor, bool divide) {
  if (divide) {
    if (factor == 0) {
      return ArithmeticError("a duration cannot be divided by 0").Detail("DivisionByZero");
    }
    KB_ASSIGN(auto quotient, schema::Divide(duration.duration(), factor));
    return Value::Of(quotient);
  }
  KB_ASSIGN(auto product, schema::Scale(duration.duration(), factor));
  return Value::Of(product);
}

}  // namespace

Result<Value> Combine(BinaryOperator op, const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return Value::Null();
  if (op == BinaryOperator::kConcatenate) {
    if (left.is_string() && right.is_string()) return JoinTexts(left, right.string());
    if (left.is_list() && right.is_list()) return JoinLists(left, right.list());
    return Mismatch(op, left, right);
  }
  if (left.is_integer() && right.is_integer()) {
    return CombineIntegers(op, left.integer(), right.integer());
  }
  if (left.is_number() && right.is_number()) {
    return CombineFloats(op, left.number(), right.number());
  }
  const bool is_left_duration = left.kind() == Kind::kDuration;
  const bool is_right_duration = right.kind() == Kind::kDuration;
  if (op == BinaryOperator::kAdd) return Add(left, right);
  if (op == BinaryOperator::kSubtract && is_right_duration) {
    if (is_left_duration) return AddDurations(left, right, -1);
    if (IsInstant(left)) return schema::AddDuration(left, right.duration(), -1);
  }
  if (op == BinaryOperator::kMultiply || op == BinaryOperator::kDivide) {
    const bool divide = op == BinaryOperator::kDivide;
    if (is_left_duration && right.is_number()) return Scaled(left, right.number(), divide);
    if (left.is_number() && is_right_duration && !divide) {
      return Scaled(right, left.number(), false);
    }
  }
  return Mismatch(op, left, right);
}

Result<Value> Extend(BinaryOperator op, Value left, const Value& right) {
  const bool is_add = op == BinaryOperator::kAdd;
  if ((is_add || op == BinaryOperator::kConcatenate) && !right.is_null()) {
    if (left.is_list() && right.is_list()) return JoinLists(std::move(left), right.list());
    if (left.is_list() && is_add) return JoinLists(std::move(left), {&right, 1});
    if (left.is_string() && right.is_string()) return JoinTexts(std::move(left), right.string());
  }
  return Combine(op, left, right);
}

}  // namespace kb::query::eval
