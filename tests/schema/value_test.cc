#include "schema/value.h"

#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "schema/order.h"

namespace kb::schema {
namespace {

TEST(ValueTest, EveryKindReadsBackWhatItWasMadeOf) {
  EXPECT_EQ(Value().kind(), Kind::kNull);
  EXPECT_TRUE(Value::Boolean(true).boolean());
  EXPECT_EQ(Value::Integer(-5).integer(), -5);
  EXPECT_EQ(Value::Float(2.5).floating(), 2.5);
  EXPECT_EQ(Value::Integer(2).number(), 2.0);
  EXPECT_EQ(Value::Node(NodeId{7}).node(), NodeId{7});
  EXPECT_EQ(Value::Of(Date{-3}).date().days, -3);
  EXPECT_EQ(Value::Of(Time{5, -60}).time().offset_s, -60);
  EXPECT_EQ(Value::Of(LocalDateTime{-1, 999}).local_date_time().nanos, 999);
  EXPECT_EQ(Value::Of(Duration{1, 2, 3, 4}).duration().nanos, 4);
  EXPECT_EQ(Value::Of(Point{4326, 1, 2, 0}).point().y, 2);
  RelationshipRef ref;
  ref.type = TypeId{3};
  ref.edge = EdgeId{4};
  ref.source = NodeId{5};
  ref.target = NodeId{6};
  const RelationshipRef read = Value::Relationship(ref).relationship();
  EXPECT_EQ(read, ref);
  EXPECT_EQ(read.source, NodeId{5});
  EXPECT_EQ(read.target, NodeId{6});
}

TEST(ValueTest, StringsOfEveryLengthReadBack) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string text(size, 'x');
    const Value value = Value::String(text);
    const Value copy = value;
    EXPECT_EQ(copy.string(), text);
    EXPECT_EQ(copy.kind(), Kind::kString);
  }
  EXPECT_EQ(Value::String(std::string_view("a\0b", 3)).string().size(), 3u);
}

TEST(ValueTest, CopiesOutliveTheirOriginals) {
  Value copy;
  {
    Value original = Value::List({Value::String("long enough to be shared"), Value::Integer(1)});
    copy = original;
    original = Value::Null();
  }
  EXPECT_EQ(copy.list()[0].string(), "long enough to be shared");
  Value& same = copy;
  copy = same;
  EXPECT_EQ(copy.list().size(), 2u);
  const Value moved = std::move(copy);
  EXPECT_EQ(moved.list().size(), 2u);
}

TEST(ValueTest, CopiesAreCountedAcrossThreads) {
  const Value shared = Value::List({Value::String("shared among several threads")});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&shared] {
      for (int round = 0; round < 10'000; ++round) {
        const Value copy = shared;
        const Value inner = copy.list()[0];
        if (inner.string().empty()) return;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(shared.list()[0].string(), "shared among several threads");
}

TEST(ValueTest, DeepNestingEndsWithoutDeepRecursion) {
  Value list = Value::List({});
  Value map = Value::Integer(1);
  for (int i = 0; i < 500'000; ++i) {
    list = Value::List({std::move(list), Value::Integer(i)});
    map = Value::Map({{"inner", std::move(map)}});
  }
  EXPECT_EQ(list.nesting(), 500'001u);
  const Value inner = list.list()[0];
  list = Value();
  EXPECT_EQ(inner.nesting(), 500'000u);
  EXPECT_EQ(Hash(map), Hash(map));
  EXPECT_LT(map.ToText().size(), 10'000u);
}

TEST(ValueTest, MapsKeepTheOrderOfTheirEntries) {
  const Value map = Value::Map({{"b", Value::Integer(1)}, {"a", Value::Integer(2)}});
  EXPECT_EQ(map.ToText(), "{b: 1, a: 2}");
  EXPECT_EQ(map.Find("a")->integer(), 2);
  EXPECT_EQ(map.Find("c"), nullptr);
}

TEST(ValueTest, TextIsTheLanguagesOwn) {
  EXPECT_EQ(Value::Null().ToText(), "null");
  EXPECT_EQ(Value::List({Value::Boolean(false), Value::String("it's")}).ToText(),
            "[false, 'it\\'s']");
  EXPECT_EQ(Value::Map({{"a b", Value::Float(1)}}).ToText(), "{`a b`: 1.0}");
  EXPECT_EQ(Value::Of(Point{4326, 1.5, 2, 0}).ToText(),
            "point({srid: 4326, longitude: 1.5, latitude: 2.0})");
  EXPECT_EQ(Value::Of(Point{9157, 1, 2, 3}).ToText(),
            "point({srid: 9157, x: 1.0, y: 2.0, z: 3.0})");
}

TEST(ValueTest, DescribedEntitiesPrintLabelsAndPropertiesAndCompareByIdentity) {
  NodeData data;
  data.id = NodeId{1};
  data.labels = {"Person"};
  data.properties = {{"name", Value::String("Ada")}};
  const Value node = Value::Node(data);
  EXPECT_EQ(node.ToText(), "(:Person {name: 'Ada'})");
  EXPECT_EQ(Equal(node, Value::Node(NodeId{1})), Truth(true));
  EXPECT_EQ(Hash(node), Hash(Value::Node(NodeId{1})));

  RelationshipData knows;
  knows.ref.source = NodeId{2};
  knows.ref.target = NodeId{1};
  knows.type = "KNOWS";
  const Value path =
      Value::Path({node, Value::Relationship(knows), Value::Node(NodeData{NodeId{2}, {}, {}})});
  EXPECT_EQ(path.ToText(), "(:Person {name: 'Ada'})<-[:KNOWS]-()");
  EXPECT_EQ(Value::Node(NodeId{1}).ToText(), "(#1)");
}

TEST(ValueTest, FloatsPrintShortAndNeverLikeIntegers) {
  EXPECT_EQ(FormatFloat(1), "1.0");
  EXPECT_EQ(FormatFloat(-0.0), "-0.0");
  EXPECT_EQ(FormatFloat(0.1), "0.1");
  EXPECT_EQ(FormatFloat(1e20), "1e+20");
  EXPECT_EQ(FormatFloat(1.5e-9), "1.5e-09");
  EXPECT_EQ(FormatFloat(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(FormatFloat(-std::numeric_limits<double>::infinity()), "-Infinity");
}

TEST(ValueTest, AppendingLeavesOtherValuesAsTheyAre) {
  Value list = Value::List({Value::Integer(1)});
  const Value other = list;
  list = Value::Appended(std::move(list), std::vector<Value>{Value::Integer(2), other});
  EXPECT_EQ(list.ToText(), "[1, 2, [1]]");
  EXPECT_EQ(list.nesting(), 2u);
  EXPECT_EQ(other.ToText(), "[1]");
  const Value* const items = list.list().data();
  list = Value::Appended(std::move(list), std::span<const Value>());
  EXPECT_EQ(list.list().data(), items) << "it grows where it lies";

  Value text = Value::Appended(Value::String("short"), " text");
  EXPECT_EQ(text.string(), "short text");
  text = Value::Appended(std::move(text), " that became long");
  const Value before = text;
  text = Value::Appended(std::move(text), " and longer");
  text = Value::Appended(std::move(text), " yet");
  EXPECT_EQ(text.string(), "short text that became long and longer yet");
  EXPECT_EQ(before.string(), "short text that became long");
}

}  // namespace
}  // namespace kb::schema
