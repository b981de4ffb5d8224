#include <gtest/gtest.h>

#include <limits>

#include "schema/temporal.h"
#include "tests/query/eval/bound.h"

namespace kb::query::eval {
namespace {

using B = ast::BinaryOperator;
using ast::UnaryOperator;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

std::string Constants(B op, ExpressionPtr left, ExpressionPtr right) {
  return Text(Op(op, std::move(left), std::move(right)));
}

TEST(ArithmeticTest, IntegersStayIntegersAndMixWithFloats) {
  EXPECT_EQ(Constants(B::kDivide, C(7), C(2)), "3");
  EXPECT_EQ(Constants(B::kDivide, C(-7), C(2)), "-3");
  EXPECT_EQ(Constants(B::kModulo, C(-7), C(2)), "-1");
  EXPECT_EQ(Constants(B::kDivide, C(7), C(2.0)), "3.5");
  EXPECT_EQ(Constants(B::kPower, C(2), C(3)), "8.0");
  EXPECT_EQ(Constants(B::kModulo, C(64.0), C(8.0)), "0.0");
}

TEST(ArithmeticTest, ColumnsAgreeWithConstants) {
  const Batch batch = BatchOf({Integers({1, 2, 3}), Integers({10, 20, 30})});
  EXPECT_EQ(Text(Op(B::kAdd, S(0), S(1)), batch), "11 22 33");
  EXPECT_EQ(Text(Op(B::kSubtract, C(1), S(0)), batch), "0 -1 -2");
  EXPECT_EQ(Text(Op(B::kMultiply, S(0), C(0.5)), batch), "0.5 1.0 1.5");
  EXPECT_EQ(Text(Op(B::kModulo, S(1), S(0)), batch), "0 0 0");
  EXPECT_EQ(Text(Op(B::kPower, S(0), C(2)), batch), "1.0 4.0 9.0");
}

TEST(ArithmeticTest, OverflowAndDivisionByZeroAreErrors) {
  const auto max = [] { return C(Value::Integer(kMax)); };
  EXPECT_EQ(Constants(B::kAdd, max(), C(1)), "error IntegerOverflow");
  EXPECT_EQ(Constants(B::kMultiply, max(), C(2)), "error IntegerOverflow");
  EXPECT_EQ(Constants(B::kDivide, C(Value::Integer(kMin)), C(-1)), "error IntegerOverflow");
  EXPECT_EQ(Constants(B::kModulo, C(Value::Integer(kMin)), C(-1)), "0");
  EXPECT_EQ(Constants(B::kDivide, C(1), C(0)), "error DivisionByZero");
  EXPECT_EQ(Constants(B::kDivide, C(1.0), C(0)), "Infinity");
  EXPECT_EQ(Text(Op(B::kAdd, S(0), C(1)), BatchOf({Integers({1, kMax})})), "error IntegerOverflow");
}

TEST(ArithmeticTest, WhatStandsUnderANullDoesNotOverflow) {
  Vector column = Integers({1, kMax});
  column.MutableNulls()[1] = 1;
  EXPECT_EQ(Text(Op(B::kAdd, S(0), C(1)), BatchOf({column})), "2 null");
}

TEST(ArithmeticTest, PlusJoinsListsAndTexts) {
  EXPECT_EQ(Constants(B::kAdd, ListOf({C(1)}), ListOf({C(2)})), "[1, 2]");
  EXPECT_EQ(Constants(B::kAdd, ListOf({C(1)}), C(2)), "[1, 2]");
  EXPECT_EQ(Constants(B::kAdd, C(0), ListOf({C(1)})), "[0, 1]");
  EXPECT_EQ(Constants(B::kAdd, C("a"), C("b")), "'ab'");
  EXPECT_EQ(Constants(B::kAdd, C("a"), C(1)), "'a1'");
  EXPECT_EQ(Constants(B::kAdd, ListOf({C(1)}), Null()), "null");
  EXPECT_EQ(Constants(B::kConcatenate, C("a"), C("b")), "'ab'");
  EXPECT_EQ(Constants(B::kConcatenate, C("a"), C(1)), "error InvalidArgumentType");
  EXPECT_EQ(Constants(B::kAdd, C(true), C(1)), "error InvalidArgumentType");
}

TEST(ArithmeticTest, DurationsMoveDatesAndScale) {
  const auto day = C(Value::Of(schema::Duration{0, 1, 0, 0}));
  const auto date = C(Value::Of(schema::DateOf({2024, 2, 29})));
  EXPECT_EQ(Text(Of(Op(B::kAdd, date, day), "month")), "3");
  EXPECT_EQ(Text(Of(Op(B::kSubtract, date, day), "day")), "28");
  EXPECT_EQ(Text(Of(Op(B::kMultiply, day, C(3)), "days")), "3");
  EXPECT_EQ(Text(Of(Op(B::kDivide, Op(B::kMultiply, day, C(3)), C(3)), "days")), "1");
  EXPECT_EQ(Constants(B::kDivide, day, C(0)), "error DivisionByZero");
  EXPECT_EQ(Constants(B::kSubtract, date, date), "error InvalidArgumentType");
}

TEST(ArithmeticTest, Signs) {
  const auto minus = [](ExpressionPtr e) {
    return Text(Bound(bind::Unary{UnaryOperator::kMinus, std::move(e)}));
  };
  EXPECT_EQ(minus(C(3)), "-3");
  EXPECT_EQ(minus(C(1.5)), "-1.5");
  EXPECT_EQ(minus(Null()), "null");
  EXPECT_EQ(minus(C(Value::Integer(kMin))), "error IntegerOverflow");
  EXPECT_EQ(minus(C("a")), "error InvalidArgumentType");
}

}  // namespace
}  // namespace kb::query::eval
