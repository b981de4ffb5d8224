#include <gtest/gtest.h>

#include "tests/query/eval/bound.h"

namespace kb::query::eval {
namespace {

using B = ast::BinaryOperator;

Vector Truths() {
  return Column({Value::Boolean(true), Value::Boolean(true), Value::Boolean(true),
                 Value::Boolean(false), Value::Boolean(false), Value::Boolean(false), Value::Null(),
                 Value::Null(), Value::Null()});
}
Vector OtherTruths() {
  std::vector<Value> values;
  for (int i = 0; i < 3; ++i) {
    values.insert(values.end(), {Value::Boolean(true), Value::Boolean(false), Value::Null()});
  }
  return Column(values);
}

TEST(PredicateTest, LogicHasThreeValues) {
  const Batch batch = BatchOf({Truths(), OtherTruths()});
  EXPECT_EQ(Text(Op(B::kAnd, S(0), S(1)), batch),
            "true false null false false false null false null");
  EXPECT_EQ(Text(Op(B::kOr, S(0), S(1)), batch), "true true true true false null true null null");
  EXPECT_EQ(Text(Op(B::kXor, S(0), S(1)), batch), "false true null true false null null null null");
  EXPECT_EQ(Text(Bound(bind::Unary{ast::UnaryOperator::kNot, S(1)}), batch),
            "false true null false true null false true null");
}

TEST(PredicateTest, TheRightSideRunsOnlyWhereTheLeftDoesNotDecide) {
  const Batch batch = BatchOf({Integers({0, 1})});
  const auto is_zero = Compare(ast::ComparisonOperator::kEqual, S(0), C(0));
  const auto quotient = Compare(ast::ComparisonOperator::kEqual, Op(B::kDivide, C(1), S(0)), C(1));
  EXPECT_EQ(Text(Op(B::kOr, is_zero, quotient), batch), "true true");
  EXPECT_EQ(Text(Op(B::kAnd, is_zero, quotient), batch), "error DivisionByZero");
}

TEST(PredicateTest, IsNull) {
  const Batch batch = BatchOf({Column({Value::Null(), Value::Integer(1)})});
  EXPECT_EQ(Text(Bound(bind::IsNull{S(0), false}), batch), "true false");
  EXPECT_EQ(Text(Bound(bind::IsNull{S(0), true}), batch), "false true");
}

TEST(PredicateTest, TextPredicatesAreUnknownForWhatIsNoText) {
  const Batch batch = BatchOf({Column({Value::String("Foo\nbar"), Value::Integer(1)})});
  EXPECT_EQ(Text(Op(B::kStartsWith, S(0), C("Foo")), batch), "true null");
  EXPECT_EQ(Text(Op(B::kEndsWith, S(0), C("Foo")), batch), "false null");
  EXPECT_EQ(Text(Op(B::kContains, S(0), C("\n")), batch), "true null");
  EXPECT_EQ(Text(Op(B::kContains, S(0), C(1)), batch), "null null");
  EXPECT_EQ(Text(Op(B::kContains, S(0), S(0)), batch), "true null");
}

TEST(PredicateTest, RegularExpressionsMatchTheWholeText) {
  const Batch batch = BatchOf({Column({Value::String("abc"), Value::String("xabcx")})});
  EXPECT_EQ(Text(Op(B::kRegex, S(0), C("a.c")), batch), "true false");
  EXPECT_EQ(Text(Op(B::kRegex, S(0), C("(?i).*ABC.*")), batch), "true true");
  EXPECT_EQ(Text(Op(B::kRegex, C("abc"), S(0)), batch), "true false");
  EXPECT_EQ(Text(Op(B::kRegex, S(0), C("(")), batch), "error InvalidRegularExpression");
}

TEST(PredicateTest, InIsThreeValued) {
  const auto in = [](ExpressionPtr value, ExpressionPtr list) {
    return Text(Op(B::kIn, std::move(value), std::move(list)));
  };
  EXPECT_EQ(in(C(3), ListOf({C(1), Null(), C(3)})), "true");
  EXPECT_EQ(in(C(4), ListOf({C(1), Null(), C(3)})), "null");
  EXPECT_EQ(in(C(4), ListOf({})), "false");
  EXPECT_EQ(in(Null(), ListOf({})), "false");
  EXPECT_EQ(in(C(1), Null()), "null");
  EXPECT_EQ(in(C(1), C(1)), "error InvalidArgumentType");
  EXPECT_EQ(in(ListOf({C(1), C(2)}), ListOf({ListOf({Null(), C(2)}), ListOf({C(1), C(3)})})),
            "null");
}

TEST(PredicateTest, InWithALongConstantListAgreesWithWalkingIt) {
  const std::vector<Value> items = {Value::Integer(1), Value::Float(2.0), Value::String("kb"),
                                    Value::Float(2.5), Value::Boolean(true)};
  std::vector<Value> tried = items;
  tried.insert(tried.end(), {Value::Integer(2), Value::Float(1.0), Value::Integer(3),
                             Value::String("no"), Value::Null(), Value::List({})});
  const Batch batch = BatchOf({Column(tried)});
  for (const bool with_null : {false, true}) {
    std::vector<Value> list = items;
    if (with_null) list.push_back(Value::Null());
    const auto hashed = Op(B::kIn, S(0), C(Value::List(list)));
    const auto walked =
        Op(B::kIn, S(0),
           ListOf({C(list[0]), C(list[1]), C(list[2]), C(list[3]), C(list[4]), C(list.back())}));
    EXPECT_EQ(Text(hashed, batch), Text(walked, batch));
  }
}

}  // namespace
}  // namespace kb::query::eval
