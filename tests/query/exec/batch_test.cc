#include "query/exec/batch.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "schema/order.h"

namespace kb::query::exec {
namespace {

using Rows = std::vector<std::uint32_t>;

Vector Integers(const std::vector<std::int64_t>& numbers) {
  Vector vector;
  vector.Reset(Repr::kInteger, static_cast<std::uint32_t>(numbers.size()));
  std::copy(numbers.begin(), numbers.end(), vector.integers());
  return vector;
}

std::string Text(const Vector& vector) {
  std::string text;
  for (std::uint32_t row = 0; row < vector.size(); ++row) {
    text += (row == 0 ? "" : " ") + vector.Get(row).ToText();
  }
  return text;
}

TEST(VectorTest, ATypedColumnIsReadBoxed) {
  Vector vector = Integers({4, 5, 6});
  vector.MutableNulls()[1] = 1;
  EXPECT_EQ(Text(vector), "4 null 6");
  EXPECT_TRUE(vector.IsNull(1));
  EXPECT_FALSE(vector.IsNull(2));
}

TEST(VectorTest, ResetForgetsNullsAndFormerEntries) {
  Vector vector = Integers({4, 5});
  vector.MutableNulls()[0] = 1;
  vector.Reset(Repr::kValue, 3);
  EXPECT_EQ(vector.nulls(), nullptr);
  EXPECT_EQ(Text(vector), "null null null");
}

TEST(VectorTest, GatherRepeatsAndReordersWithNulls) {
  Vector source = Integers({10, 20, 30});
  source.MutableNulls()[2] = 1;
  Vector gathered;
  gathered.GatherFrom(source, Rows{2, 0, 0, 1});
  EXPECT_EQ(gathered.repr(), Repr::kInteger);
  EXPECT_EQ(Text(gathered), "null 10 10 20");
}

TEST(VectorTest, GatherOfAConstantStaysAConstant) {
  Vector source;
  source.SetConstant(Value::String("kb"), 5);
  Vector gathered;
  gathered.GatherFrom(source, Rows{4, 4});
  EXPECT_EQ(gathered.repr(), Repr::kConstant);
  EXPECT_EQ(Text(gathered), "'kb' 'kb'");
}

TEST(VectorTest, AppendOfOneReprStaysTyped) {
  Vector vector = Integers({1, 2});
  Vector other = Integers({3, 4});
  other.MutableNulls()[0] = 1;
  vector.Append(other);
  EXPECT_EQ(vector.repr(), Repr::kInteger);
  EXPECT_EQ(Text(vector), "1 2 null 4");
  vector.Append(Integers({5}));
  EXPECT_EQ(Text(vector), "1 2 null 4 5");
}

TEST(VectorTest, AppendOfAnotherReprBoxes) {
  Vector vector = Integers({1});
  Vector other;
  other.SetConstant(Value::Float(0.5), 2);
  vector.Append(other);
  EXPECT_EQ(vector.repr(), Repr::kValue);
  EXPECT_EQ(Text(vector), "1 0.5 0.5");
}

TEST(VectorTest, AppendManyKeepsWhatStringsPointInto) {
  Vector vector;
  for (int i = 0; i < 100; ++i) {
    auto text = std::make_shared<std::string>("a text that is long enough " + std::to_string(i));
    Vector one;
    one.Reset(Repr::kString, 1);
    one.strings()[0] = *text;
    one.Keep(text);
    vector.Append(one);
  }
  EXPECT_EQ(vector.Get(99).string(), "a text that is long enough 99");
  EXPECT_EQ(vector.Get(0).string(), "a text that is long enough 0");
}

TEST(VectorTest, BoxOfEveryReprKeepsTheEntries) {
  Vector relationships;
  relationships.Reset(Repr::kRelationship, 1);
  relationships.relationships()[0] = {schema::TypeId{3}, schema::EdgeId{4}, NodeId{5}, NodeId{6}};
  relationships.Box();
  EXPECT_EQ(relationships.Get(0).relationship().target, NodeId{6});

  Vector booleans;
  booleans.Reset(Repr::kBoolean, 3);
  booleans.booleans()[0] = 1;
  booleans.booleans()[1] = 0;
  booleans.booleans()[2] = 1;
  booleans.MutableNulls()[2] = 1;
  booleans.Box();
  EXPECT_EQ(Text(booleans), "true false null");
}

TEST(BatchTest, GatherTakesLiveColumnsMultiplicityAndOrigin) {
  Batch source(3);
  source.rows = 3;
  source.column(0) = Integers({1, 2, 3});
  source.column(1) = Integers({4, 5, 6});
  source.multiplicity = {7, 8, 9};
  source.origin = {0, 0, 1};
  Batch batch;
  const std::vector<Slot> live = {1};
  batch.GatherFrom(source, Rows{2, 0}, &live);
  EXPECT_EQ(batch.rows, 2u);
  EXPECT_EQ(batch.column(0).repr(), Repr::kNone);
  EXPECT_EQ(Text(batch.column(1)), "6 4");
  EXPECT_EQ(batch.multiplicity, (std::vector<std::uint64_t>{9, 7}));
  EXPECT_EQ(batch.origin, (std::vector<std::uint32_t>{1, 0}));
}

}  // namespace
}  // namespace kb::query::exec
