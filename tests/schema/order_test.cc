#include "schema/order.h"

#include <gtest/gtest.h>

#include <limits>

namespace kb::schema {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

Value I(std::int64_t number) { return Value::Integer(number); }
Value F(double number) { return Value::Float(number); }
Value S(std::string_view text) { return Value::String(text); }
Value L(std::vector<Value> items) { return Value::List(std::move(items)); }
const Value kNull;

/// At least one value of every kind, in ascending order.
std::vector<Value> Ascending() {
  return {Value::Map({}),
          Value::Map({{"a", S("map")}}),
          Value::Map({{"b", S("map")}}),
          Value::Node(NodeId{1}),
          Value::Node(NodeId{2}),
          Value::Relationship(RelationshipRef{}),
          L({}),
          L({S("a")}),
          L({S("a"), I(1)}),
          L({I(1)}),
          L({I(1), S("a")}),
          L({I(1), kNull}),
          L({kNull, I(1)}),
          Value::Path({Value::Node(NodeId{1})}),
          Value::Of(Point{4326, 1, 2, 0}),
          Value::Of(Point{7203, 1, 2, 0}),
          Value::Of(DateTime{0, 0, 0, {}}),
          Value::Of(DateTime{0, 0, 3'600, {}}),
          Value::Of(LocalDateTime{0, 5}),
          Value::Of(LocalDateTime{1, 0}),
          Value::Of(Date{-1}),
          Value::Of(Date{1}),
          Value::Of(Time{3'600'000'000'000, 7'200}),
          Value::Of(Time{0, 0}),
          Value::Of(LocalTime{5}),
          Value::Of(Duration{0, 30, 0, 0}),
          Value::Of(Duration{1, 0, 0, 0}),
          S(""),
          S("a"),
          S("b"),
          Value::Boolean(false),
          Value::Boolean(true),
          F(-std::numeric_limits<double>::infinity()),
          I(-1),
          F(0.5),
          I(1),
          F(1.5),
          F(std::numeric_limits<double>::infinity()),
          F(kNaN),
          kNull};
}

TEST(OrderTest, EverythingHasOnePlace) {
  const std::vector<Value> values = Ascending();
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < values.size(); ++j) {
      const auto order = Order(values[i], values[j]);
      EXPECT_EQ(order < 0, i < j) << values[i].ToText() << " " << values[j].ToText();
      EXPECT_EQ(order == 0, i == j) << values[i].ToText() << " " << values[j].ToText();
    }
  }
}

TEST(OrderTest, NumbersCompareExactlyAcrossKinds) {
  constexpr std::int64_t kBig = 9'007'199'254'740'993;  // 2^53 + 1, no double.
  EXPECT_EQ(Equal(I(1), F(1.0)), Truth(true));
  EXPECT_EQ(Equal(I(kBig), F(9'007'199'254'740'992.0)), Truth(false));
  EXPECT_EQ(Less(F(9'007'199'254'740'992.0), I(kBig)), Truth(true));
  EXPECT_EQ(Less(I(std::numeric_limits<std::int64_t>::max()), F(0x1p63)), Truth(true));
  EXPECT_EQ(Less(I(std::numeric_limits<std::int64_t>::min()), F(-0x1p63)), Truth(false));
  EXPECT_EQ(Less(I(-1), F(-0.5)), Truth(true));
}

TEST(OrderTest, EqualityIsThreeValued) {
  EXPECT_EQ(Equal(kNull, kNull), Truth());
  EXPECT_EQ(Equal(L({I(1), I(2)}), L({I(1)})), Truth(false));
  EXPECT_EQ(Equal(L({kNull}), L({I(1)})), Truth());
  EXPECT_EQ(Equal(L({S("a")}), L({I(1)})), Truth(false));
  EXPECT_EQ(Equal(L({L({I(1)})}), L({L({I(1)}), L({kNull})})), Truth(false));
  EXPECT_EQ(Equal(L({L({I(1)}), L({I(2)})}), L({L({I(1)}), L({kNull})})), Truth());
  EXPECT_EQ(Equal(L({L({I(1)}), L({I(2), I(3)})}), L({L({I(1)}), L({kNull})})), Truth(false));
  EXPECT_EQ(Equal(L({kNull, I(2)}), L({I(1), I(3)})), Truth(false));
  EXPECT_EQ(Equal(S("1"), I(1)), Truth(false));
  EXPECT_EQ(Equal(F(kNaN), F(kNaN)), Truth(false));
  EXPECT_EQ(Equal(F(kNaN), S("a")), Truth(false));
}

TEST(OrderTest, MapsAreEqualByKeysAndThenValues) {
  const auto map = [](MapEntries entries) { return Value::Map(std::move(entries)); };
  EXPECT_EQ(Equal(map({{"k", I(1)}, {"l", I(2)}}), map({{"l", I(2)}, {"k", I(1)}})), Truth(true));
  EXPECT_EQ(Equal(map({{"k", kNull}}), map({})), Truth(false));
  EXPECT_EQ(Equal(map({{"k", kNull}}), map({{"l", kNull}})), Truth(false));
  EXPECT_EQ(Equal(map({{"k", kNull}}), map({{"k", kNull}})), Truth());
  EXPECT_EQ(Equal(map({{"k", I(1)}, {"l", kNull}}), map({{"k", I(2)}, {"l", kNull}})),
            Truth(false));
}

TEST(OrderTest, ValuesOfDifferentGroupsAreIncomparable) {
  EXPECT_EQ(Compare(I(1), S("1")), std::nullopt);
  EXPECT_EQ(Compare(kNull, I(1)), std::nullopt);
  EXPECT_EQ(Compare(Value::Map({}), Value::Map({})), std::nullopt);
  EXPECT_EQ(Compare(Value::Node(NodeId{1}), Value::Node(NodeId{2})), std::nullopt);
  EXPECT_EQ(Compare(Value::Of(Date{1}), Value::Of(LocalDateTime{})), std::nullopt);
  EXPECT_EQ(Compare(Value::Of(Duration{1, 0, 0, 0}), Value::Of(Duration{2, 0, 0, 0})),
            std::nullopt);
  EXPECT_EQ(Less(Value::Boolean(false), Value::Boolean(true)), Truth(true));
}

TEST(OrderTest, ComparingWithNaNIsFalseEveryWay) {
  const auto order = Compare(F(kNaN), I(1));
  ASSERT_TRUE(order);
  EXPECT_FALSE(*order < 0);
  EXPECT_FALSE(*order <= 0);
  EXPECT_FALSE(*order > 0);
  EXPECT_FALSE(*order >= 0);
  EXPECT_EQ(Compare(F(kNaN), S("a")), std::nullopt);
}

TEST(OrderTest, ListsCompareAtTheirFirstDifference) {
  EXPECT_EQ(Less(L({I(1)}), L({I(1), I(0)})), Truth(true));
  EXPECT_EQ(Less(L({I(1), kNull}), L({I(1)})), Truth(false));
  EXPECT_EQ(Less(L({I(1), I(2)}), L({I(1), kNull})), Truth());
  EXPECT_EQ(Less(L({I(1), S("a")}), L({I(1), kNull})), Truth());
  EXPECT_EQ(Less(L({I(1), I(2)}), L({I(3), kNull})), Truth(true));
}

TEST(OrderTest, OneInstantInTwoZonesIsTwoValues) {
  const Value utc = Value::Of(DateTime{3'600, 0, 0, {}});
  const Value east = Value::Of(DateTime{3'600, 0, 3'600, {}});
  EXPECT_EQ(Equal(utc, east), Truth(false));
  EXPECT_EQ(Less(utc, east), Truth(true));
}

TEST(OrderTest, EquivalentValuesHashAlike) {
  const std::vector<std::pair<Value, Value>> pairs{
      {I(1), F(1.0)},
      {F(0.0), F(-0.0)},
      {I(0), F(-0.0)},
      {F(kNaN), F(-kNaN)},
      {kNull, kNull},
      {L({I(1), kNull}), L({F(1.0), kNull})},
      {Value::Map({{"a", I(1)}, {"b", I(2)}}), Value::Map({{"b", F(2)}, {"a", I(1)}})},
      {I(std::numeric_limits<std::int64_t>::min()), F(-0x1p63)},
  };
  for (const auto& [a, b] : pairs) {
    EXPECT_TRUE(Equivalent(a, b)) << a.ToText() << " " << b.ToText();
    EXPECT_EQ(Hash(a), Hash(b)) << a.ToText() << " " << b.ToText();
  }
}

TEST(OrderTest, DifferentValuesHashApart) {
  const std::vector<Value> values = Ascending();
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(Hash(values[i]), Hash(values[j]));
  }
}

TEST(TruthTest, ConnectivesFollowTheTableOfThreeValues) {
  const Truth unknown;
  EXPECT_EQ(And(false, unknown), Truth(false));
  EXPECT_EQ(And(true, unknown), Truth());
  EXPECT_EQ(Or(true, unknown), Truth(true));
  EXPECT_EQ(Or(false, unknown), Truth());
  EXPECT_EQ(Xor(true, unknown), Truth());
  EXPECT_EQ(Xor(true, false), Truth(true));
  EXPECT_EQ(Not(unknown), Truth());
}

}  // namespace
}  // namespace kb::schema
