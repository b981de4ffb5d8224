#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "query/functions/function.h"

namespace kb::query::functions {
namespace {

using Weighted = std::vector<std::pair<Value, std::uint64_t>>;

std::string Fold(std::string_view name, const Weighted& values, const Value& extra = {}) {
  const auto accumulator = Find(name)->aggregate();
  for (const auto& [value, multiplicity] : values) {
    const auto added = accumulator->Add(value, extra, multiplicity);
    if (!added.ok()) return "error " + added.error().detail();
  }
  const auto result = accumulator->Finish();
  return result.ok() ? result->ToText() : "error " + result.error().detail();
}
Value Int(std::int64_t number) { return Value::Integer(number); }
Value Float(double number) { return Value::Float(number); }

TEST(AggregateTest, NothingGivesEachItsOwnZero) {
  EXPECT_EQ(Fold("count", {}), "0");
  EXPECT_EQ(Fold("collect", {}), "[]");
  EXPECT_EQ(Fold("sum", {}), "0");
  EXPECT_EQ(Fold("avg", {}), "null");
  EXPECT_EQ(Fold("min", {}), "null");
  EXPECT_EQ(Fold("stDev", {}), "0.0");
  EXPECT_EQ(Fold("percentileCont", {}), "null");
}

TEST(AggregateTest, MultiplicityCountsAsSoManyRows) {
  EXPECT_EQ(Fold("count", {{Int(1), 3}, {Int(2), 2}}), "5");
  EXPECT_EQ(Fold("collect", {{Int(1), 2}, {Int(2), 1}}), "[1, 1, 2]");
  EXPECT_EQ(Fold("sum", {{Int(1), 3}, {Float(0.5), 2}}), "4.0");
  EXPECT_EQ(Fold("avg", {{Int(1), 3}, {Int(5), 1}}), "2.0");
  EXPECT_EQ(Fold("stDevP", {{Int(1), 2}, {Int(3), 2}}), "1.0");
  EXPECT_EQ(Fold("percentileDisc", {{Int(1), 9}, {Int(7), 1}}, Float(0.9)), "1");
  EXPECT_EQ(Fold("percentileDisc", {{Int(1), 9}, {Int(7), 1}}, Float(0.95)), "7");
}

TEST(AggregateTest, IntegerSumsMayPassThroughOverflowButNotEndThere) {
  EXPECT_EQ(Fold("sum", {{Int(INT64_MAX), 2}, {Int(-INT64_MAX), 1}}), "9223372036854775807");
  EXPECT_EQ(Fold("sum", {{Int(INT64_MAX), 2}}), "error IntegerOverflow");
}

TEST(AggregateTest, FloatSumsKeepSmallTerms) {
  EXPECT_EQ(Fold("sum", {{Float(1e16), 1}, {Float(1.0), 1}, {Float(-1e16), 1}}), "1.0");
}

TEST(AggregateTest, MinAndMaxFollowTheOrderAcrossKinds) {
  const Weighted mixed = {{Int(1), 1},
                          {Value::String("a"), 1},
                          {Value::List({Int(1), Int(2)}), 1},
                          {Float(0.2), 1},
                          {Value::String("b"), 1}};
  EXPECT_EQ(Fold("max", mixed), "1");
  EXPECT_EQ(Fold("min", mixed), "[1, 2]");
}

TEST(AggregateTest, PercentilesInterpolateOrPick) {
  const Weighted prices = {{Float(30), 1}, {Float(10), 1}, {Float(20), 1}};
  EXPECT_EQ(Fold("percentileCont", prices, Float(0.0)), "10.0");
  EXPECT_EQ(Fold("percentileCont", prices, Float(0.25)), "15.0");
  EXPECT_EQ(Fold("percentileDisc", prices, Float(0.5)), "20.0");
  EXPECT_EQ(Fold("percentileDisc", prices, Float(1.0)), "30.0");
  EXPECT_EQ(Fold("percentileCont", prices, Int(1000)), "error NumberOutOfRange");
  EXPECT_EQ(Fold("percentileDisc", prices, Float(-1)), "error NumberOutOfRange");
}

TEST(AggregateTest, SumsOfOtherKindsAreTypeErrors) {
  EXPECT_EQ(Fold("sum", {{Value::String("a"), 1}}), "error InvalidArgumentType");
  EXPECT_EQ(Fold("avg", {{Value::Of(schema::Duration{0, 1, 0, 0}), 1}, {Int(1), 1}}),
            "error InvalidArgumentType");
  EXPECT_EQ(Fold("avg", {{Value::Of(schema::Duration{0, 1, 0, 0}), 1},
                         {Value::Of(schema::Duration{0, 3, 0, 0}), 1}})
                .find("error"),
            std::string::npos);
}

}  // namespace
}  // namespace kb::query::functions
