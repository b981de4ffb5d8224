#include "storage/key.h"

#include <gtest/gtest.h>

#include <cmath>

#include "schema/order.h"
#include "storage/dump.h"
#include "tests/storage/random_value.h"

namespace kb::storage {
namespace {

using schema::Direction;
using schema::EdgeId;
using schema::IndexId;
using schema::KeyId;
using schema::NodeId;
using schema::TypeId;
using schema::Value;

std::string Encoded(const Value& value) {
  std::string out;
  EncodeIndexValue(value, &out);
  return out;
}

TEST(KeyTest, EveryKindIsReadBackAsItWasComposed) {
  const TypeId type{0x1234};
  const NodeId node{0x89ABCDEF};
  const std::string keys[] = {
      MetaKey("catalog"),
      LeafKey(type, Direction::kOut, 7),
      LeafEdgesKey(type, Direction::kIn, 7),
      SegmentKey(type, Direction::kIn, node, 2),
      SegmentEdgesKey(type, Direction::kOut, node, 2),
      LabelsKey(9),
      NodeColumnKey(KeyId{5}, 6),
      EdgeColumnKey(type, KeyId{5}, 6),
      NodeDeltaKey(node),
      EdgeDeltaKey(type, node, NodeId{3}, EdgeId{4}),
      NodePropertyDeltaKey(node, KeyId{5}),
      EdgePropertyDeltaKey(type, EdgeId{4}, KeyId{5}),
      IndexKey(IndexId{8}, Encoded(Value::String("x")), node),
  };
  const std::string words[] = {
      "meta catalog",
      "leaf type=4660 out leaf=7",
      "leaf-ids type=4660 in leaf=7",
      "hub type=4660 in node=2309737967 segment=2",
      "hub-ids type=4660 out node=2309737967 segment=2",
      "labels block=9",
      "node-column key=5 block=6",
      "edge-column type=4660 key=5 block=6",
      "delta node=2309737967",
      "delta type=4660 source=2309737967 target=3 edge=4",
      "delta node=2309737967 key=5",
      "delta type=4660 edge=4 key=5",
      "index 8 value='x' node=2309737967",
  };
  for (std::size_t i = 0; i < std::size(keys); ++i) {
    EXPECT_EQ(DumpKey(keys[i]), words[i]);
    if (keys[i][0] == 'm') continue;
    EXPECT_FALSE(ParseKey(keys[i].substr(0, keys[i].size() / 2)).has_value()) << words[i];
  }
}

TEST(KeyTest, BytesOfNoKeyAreRefused) {
  EXPECT_FALSE(ParseKey("").has_value());
  EXPECT_FALSE(ParseKey("?abc").has_value());
  std::string leaf = LeafKey(TypeId{1}, Direction::kOut, 1);
  EXPECT_FALSE(ParseKey(leaf + "x").has_value());
  leaf[3] = '\2';
  EXPECT_FALSE(ParseKey(leaf).has_value());
}

TEST(KeyTest, EdgeDeltasOfASourceSortByTargetAndEdge) {
  const auto key = [](std::uint32_t source, std::uint32_t target, std::uint32_t edge) {
    return EdgeDeltaKey(TypeId{1}, NodeId{source}, NodeId{target}, EdgeId{edge});
  };
  EXPECT_LT(key(1, 255, 9), key(1, 256, 0));
  EXPECT_LT(key(1, 256, 0), key(1, 256, 1));
  EXPECT_LT(key(1, 0xFFFFFFFF, 1), key(2, 0, 0));
}

TEST(KeyTest, PrefixEndIsBehindThePrefixAndNothingElse) {
  EXPECT_EQ(PrefixEnd("ab"), "ac");
  EXPECT_EQ(PrefixEnd(std::string("a\xFF\xFF")), "b");
  EXPECT_EQ(PrefixEnd("\xFF"), "");
  EXPECT_EQ(PrefixEnd(""), "");
}

TEST(IndexValueTest, NumbersSortByValueAcrossIntegersAndFloats) {
  const std::int64_t big = std::int64_t{1} << 53;
  const Value ascending[] = {
      Value::Float(-INFINITY),
      Value::Float(-1e300),
      Value::Integer(INT64_MIN),
      Value::Integer(INT64_MIN + 1),
      Value::Integer(-big - 1),
      Value::Integer(-big),
      Value::Float(-1.5),
      Value::Integer(-1),
      Value::Float(-0.5),
      Value::Integer(0),
      Value::Float(5e-324),
      Value::Integer(1),
      Value::Float(1.5),
      Value::Integer(2),
      Value::Integer(big),
      Value::Integer(big + 1),
      Value::Float(9007199254740994.0),
      Value::Integer(big + 3),
      Value::Integer(INT64_MAX - 1),
      Value::Integer(INT64_MAX),
      Value::Float(9223372036854775808.0),
      Value::Float(1e300),
      Value::Float(INFINITY),
      Value::Float(NAN),
  };
  for (std::size_t i = 1; i < std::size(ascending); ++i) {
    EXPECT_LT(Encoded(ascending[i - 1]), Encoded(ascending[i])) << i;
  }
}

TEST(IndexValueTest, EqualNumbersHaveEqualBytes) {
  EXPECT_EQ(Encoded(Value::Integer(1)), Encoded(Value::Float(1.0)));
  EXPECT_EQ(Encoded(Value::Float(0.0)), Encoded(Value::Float(-0.0)));
  EXPECT_EQ(Encoded(Value::Integer((std::int64_t{1} << 53) + 2)),
            Encoded(Value::Float(9007199254740994.0)));
  EXPECT_EQ(Encoded(Value::Integer(INT64_MIN)), Encoded(Value::Float(-9223372036854775808.0)));
}

TEST(IndexValueTest, TextsSortByBytesAndNoneIsAPrefixOfAnother) {
  const std::string texts[] = {
      "", std::string("\0", 1), std::string("\0a", 2), "a", std::string("a\0", 2), "a\1", "ab", "b",
      "é"};
  for (std::size_t i = 1; i < std::size(texts); ++i) {
    const std::string a = Encoded(Value::String(texts[i - 1]));
    const std::string b = Encoded(Value::String(texts[i]));
    EXPECT_LT(a, b) << i;
    EXPECT_NE(b.compare(0, a.size(), a), 0) << i;
  }
}

TEST(IndexValueTest, AStringPrefixBeginsTheEncodingsOfItsStrings) {
  const std::string prefix = IndexStringPrefix("ab");
  EXPECT_EQ(Encoded(Value::String("abc")).rfind(prefix, 0), 0u);
  EXPECT_EQ(Encoded(Value::String("ab")).rfind(prefix, 0), 0u);
  EXPECT_NE(Encoded(Value::String("ac")).rfind(prefix, 0), 0u);
}

TEST(IndexValueTest, LongTextsAreCutAndSaySo) {
  std::string out;
  EXPECT_TRUE(EncodeIndexValue(Value::String(std::string(kIndexTextBytesMax, 'x')), &out));
  EXPECT_FALSE(EncodeIndexValue(Value::String(std::string(kIndexTextBytesMax + 1, 'x')), &out));
  EXPECT_LT(out.size(), 3 * kIndexTextBytesMax);
}

TEST(IndexValueTest, OrderAgreesWithComparisonOfValues) {
  RandomValues random(1);
  for (int i = 0; i < 20'000; ++i) {
    const Value a = random.Any();
    const Value b = random.Any();
    std::string x, y;
    const bool exact_a = EncodeIndexValue(a, &x);
    const bool exact_b = EncodeIndexValue(b, &y);
    if (schema::Equal(a, b) == true) {
      EXPECT_EQ(x, y) << a.ToText() << " " << b.ToText();
    }
    if (a.is_list() || b.is_list() || IndexGroup(x) != IndexGroup(y)) continue;
    const auto order = schema::Compare(a, b);
    if (!order || *order == std::partial_ordering::unordered) continue;
    if (*order < 0) {
      EXPECT_LE(x, y) << a.ToText() << " " << b.ToText();
    }
    if (*order > 0) {
      EXPECT_GE(x, y) << a.ToText() << " " << b.ToText();
    }
    if (exact_a && exact_b && x == y) {
      EXPECT_TRUE(*order == 0) << a.ToText() << " " << b.ToText();
    }
  }
}

}  // namespace
}  // namespace kb::storage
