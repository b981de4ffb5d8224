// Typed loops and boxed comparison must agree: each case runs in both forms.

#include <gtest/gtest.h>

#include <limits>

#include "tests/query/eval/bound.h"

namespace kb::query::eval {
namespace {

using Cmp = ast::ComparisonOperator;

TEST(CompareTest, IntegerColumnWithConstant) {
  const Batch batch = BatchOf({Integers({1, 2, 3})});
  EXPECT_EQ(Text(Compare(Cmp::kLess, S(0), C(2)), batch), "true false false");
  EXPECT_EQ(Text(Compare(Cmp::kLess, C(2), S(0)), batch), "false false true");
  EXPECT_EQ(Text(Compare(Cmp::kGreaterEqual, S(0), C(2.0)), batch), "false true true");
  EXPECT_EQ(Text(Compare(Cmp::kLess, S(0), C(2.5)), batch), "true true false");
  EXPECT_EQ(Text(Compare(Cmp::kEqual, S(0), C("2")), batch), "false false false");
  EXPECT_EQ(Text(Compare(Cmp::kLess, S(0), C("2")), batch), "null null null");
  EXPECT_EQ(Text(Compare(Cmp::kNotEqual, S(0), Null()), batch), "null null null");
}

TEST(CompareTest, ColumnsWithNulls) {
  Vector left = Integers({1, 2, 3});
  left.MutableNulls()[0] = 1;
  Vector right = Integers({1, 2, 4});
  right.MutableNulls()[1] = 1;
  EXPECT_EQ(Text(Compare(Cmp::kEqual, S(0), S(1)), BatchOf({left, right})), "null null false");
  left.Box();
  EXPECT_EQ(Text(Compare(Cmp::kEqual, S(0), S(1)), BatchOf({left, right})), "null null false");
}

TEST(CompareTest, LargeIntegersAreNotRoundedToFloats) {
  const std::int64_t large = (std::int64_t{1} << 53) + 1;
  const Batch batch = BatchOf({Integers({large})});
  EXPECT_EQ(Text(Compare(Cmp::kEqual, S(0), C(9007199254740992.0)), batch), "false");
  EXPECT_EQ(Text(Compare(Cmp::kGreater, S(0), C(9007199254740992.0)), batch), "true");
}

TEST(CompareTest, NanIsUnequalToItselfAndNeitherLessNorGreater) {
  Vector column;
  column.Reset(exec::Repr::kFloat, 1);
  column.floats()[0] = std::numeric_limits<double>::quiet_NaN();
  for (const bool boxed : {false, true}) {
    if (boxed) column.Box();
    const Batch batch = BatchOf({column});
    EXPECT_EQ(Text(Compare(Cmp::kEqual, S(0), S(0)), batch), "false");
    EXPECT_EQ(Text(Compare(Cmp::kNotEqual, S(0), S(0)), batch), "true");
    EXPECT_EQ(Text(Compare(Cmp::kLessEqual, S(0), C(1.0)), batch), "false");
  }
}

TEST(CompareTest, TextsCompareByCharacters) {
  Vector column;
  column.Reset(exec::Repr::kString, 3);
  column.strings()[0] = "Ada";
  column.strings()[1] = "a text longer than fourteen bytes";
  column.strings()[2] = "Zoe";
  const Batch batch = BatchOf({column});
  EXPECT_EQ(Text(Compare(Cmp::kEqual, S(0), C("Ada")), batch), "true false false");
  EXPECT_EQ(Text(Compare(Cmp::kLess, S(0), C("Zoe")), batch), "true false false");
}

TEST(CompareTest, NodesAreEqualByIdentityAndHaveNoOrder) {
  const Batch batch = BatchOf({Nodes({schema::NodeId{1}, schema::NodeId{2}}),
                               Nodes({schema::NodeId{1}, schema::NodeId{3}})});
  EXPECT_EQ(Text(Compare(Cmp::kEqual, S(0), S(1)), batch), "true false");
  EXPECT_EQ(Text(Compare(Cmp::kLess, S(0), S(1)), batch), "null null");
}

TEST(CompareTest, ListsCompareElementwiseWithUnknowns) {
  const auto one_null = ListOf({C(1), Null()});
  EXPECT_EQ(Text(Compare(Cmp::kEqual, ListOf({C(1), C(2)}), one_null)), "null");
  EXPECT_EQ(Text(Compare(Cmp::kEqual, ListOf({C(2), C(2)}), one_null)), "false");
  EXPECT_EQ(Text(Compare(Cmp::kLess, ListOf({C(1)}), ListOf({C(2)}))), "true");
}

}  // namespace
}  // namespace kb::query::eval
