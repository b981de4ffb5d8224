#include "query/eval/evaluate.h"

#include <gtest/gtest.h>

#include "tests/query/eval/bound.h"

namespace kb::query::eval {
namespace {

using B = ast::BinaryOperator;
using Cmp = ast::ComparisonOperator;

TEST(EvaluateTest, ParametersAreReadAndMissingOnesAreNamed) {
  const std::vector<std::pair<std::string, Value>> parameters = {{"x", Value::Integer(7)}};
  EvalContext context;
  context.parameters = &parameters;
  EXPECT_EQ(Text(Bound(bind::Parameter{"x"}), BatchOf({Integers({1, 2})}), context), "7 7");
  EXPECT_EQ(Text(Bound(bind::Parameter{"y"}), BatchOf({}), context), "error MissingParameter");
}

TEST(EvaluateTest, ASlotThatIsNotSetIsNull) {
  Batch batch(1);
  batch.rows = 2;
  EXPECT_EQ(Text(S(0), batch), "null null");
}

TEST(EvaluateTest, SelectRowsKeepsTrueOnly) {
  const Batch batch = BatchOf(
      {Column({Value::Boolean(true), Value::Null(), Value::Boolean(false), Value::Boolean(true)})});
  EvalContext context;
  std::vector<std::uint32_t> rows;
  ASSERT_TRUE(SelectRows(*S(0), batch, context, &rows).ok());
  EXPECT_EQ(rows, (std::vector<std::uint32_t>{0, 3}));
}

TEST(EvaluateTest, SelectRowsOfAConjunctionTriesTheRightOnWhatIsLeft) {
  const Batch batch = BatchOf({Integers({0, 1, 2, 4})});
  const auto divides = Compare(Cmp::kEqual, Op(B::kModulo, C(4), S(0)), C(0));
  const auto predicate = Op(B::kAnd, Compare(Cmp::kGreater, S(0), C(0)), divides);
  EvalContext context;
  std::vector<std::uint32_t> rows;
  ASSERT_TRUE(SelectRows(*predicate, batch, context, &rows).ok());
  EXPECT_EQ(rows, (std::vector<std::uint32_t>{1, 2, 3}));
}

TEST(EvaluateTest, ANonBooleanConditionIsATypeErrorAtItsPlace) {
  auto condition = std::make_shared<bind::Expression>(*C(1));
  condition->span = {3, 4};
  EvalContext context;
  std::vector<std::uint32_t> rows;
  const auto result = SelectRows(*condition, BatchOf({}), context, &rows);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code(), ErrorCode::kType);
  EXPECT_EQ(result.error().span(), (Span{3, 4}));
  EXPECT_EQ(result.error().phase(), Phase::kRuntime);
}

TEST(EvaluateTest, AnEmptyBatchEvaluatesNothing) {
  Batch batch(1);
  Vector out;
  EvalContext context;
  ASSERT_TRUE(Evaluate(*Op(B::kDivide, C(1), C(0)), batch, context, &out).ok());
  EXPECT_EQ(out.size(), 0u);
}

TEST(EvaluateTest, FunctionsAnswerNullForNullAndRejectOtherKinds) {
  const Batch batch = BatchOf({Column({Value::String("kb"), Value::Null()})});
  EXPECT_EQ(Text(CallOf("toUpper", {S(0)}), batch), "'KB' null");
  EXPECT_EQ(Text(CallOf("toInteger", {ListOf({})})), "error InvalidArgumentValue");
  EXPECT_EQ(Text(CallOf("coalesce", {S(0), C(1)}), batch), "'kb' 1");
}

TEST(EvaluateTest, RandomFunctionsDifferFromRowToRow) {
  const std::string text = Text(CallOf("rand", {}), BatchOf({Integers({1, 2})}));
  const auto space = text.find(' ');
  EXPECT_NE(text.substr(0, space), text.substr(space + 1));
}

}  // namespace
}  // namespace kb::query::eval
