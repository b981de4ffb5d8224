#include <gtest/gtest.h>

#include "storage/store.h"
#include "tests/query/eval/bound.h"

namespace kb::query::eval {
namespace {

using schema::KeyId;
using schema::NodeId;
using storage::Store;

TEST(AccessTest, ElementsOfListsCountFromBothEnds) {
  const auto list = [] { return ListOf({C(1), C(2), C(3)}); };
  const auto at = [&](ExpressionPtr index) {
    return Text(Bound(bind::Subscript{list(), std::move(index)}));
  };
  EXPECT_EQ(at(C(0)), "1");
  EXPECT_EQ(at(C(-1)), "3");
  EXPECT_EQ(at(C(3)), "null");
  EXPECT_EQ(at(C(-4)), "null");
  EXPECT_EQ(at(Null()), "null");
  EXPECT_EQ(at(C(1.5)), "error ListElementAccessByNonInteger");
}

TEST(AccessTest, MapsAreReadByTheirKeys) {
  const auto map = [] { return Bound(bind::MapOf{{{"name", C("Ada")}, {"none", Null()}}}); };
  EXPECT_EQ(Text(Of(map(), "name")), "'Ada'");
  EXPECT_EQ(Text(Of(map(), "Name")), "null");
  EXPECT_EQ(Text(Bound(bind::Subscript{map(), C("name")})), "'Ada'");
  EXPECT_EQ(Text(Bound(bind::Subscript{map(), C(0)})), "error MapElementAccessByNonString");
  EXPECT_EQ(Text(Bound(bind::Subscript{C(100), C(0)})), "error InvalidArgumentType");
  EXPECT_EQ(Text(Of(C(100), "name")), "error InvalidArgumentType");
}

TEST(AccessTest, SlicesAreClampedAndNullWithANullBound) {
  const auto slice = [](ExpressionPtr from, ExpressionPtr to) {
    return Text(
        Bound(bind::Slice{ListOf({C(1), C(2), C(3), C(4)}), std::move(from), std::move(to)}));
  };
  EXPECT_EQ(slice(C(1), C(3)), "[2, 3]");
  EXPECT_EQ(slice(nullptr, C(2)), "[1, 2]");
  EXPECT_EQ(slice(C(-3), C(-1)), "[2, 3]");
  EXPECT_EQ(slice(C(2), C(100)), "[3, 4]");
  EXPECT_EQ(slice(C(3), C(1)), "[]");
  EXPECT_EQ(slice(C(1), Null()), "null");
}

TEST(AccessTest, MapProjectionOverridesTheSubjectsEntries) {
  const auto map = Bound(bind::MapOf{{{"a", C(1)}, {"b", C(2)}}});
  EXPECT_EQ(Text(Bound(bind::MapProjection{map, true, {{"b", C(3)}, {"c", C(4)}}})),
            "{a: 1, b: 3, c: 4}");
  EXPECT_EQ(Text(Bound(bind::MapProjection{Null(), true, {}})), "null");
}

/// Nodes with a key of one type, one of mixed types and one that some lack.
class GraphAccessTest : public ::testing::Test {
 protected:
  GraphAccessTest() : store_(Store::InMemory()), transaction_(store_->Begin().value()) {
    const KeyId number = transaction_->Key("number").value();
    const KeyId name = transaction_->Key("name").value();
    const KeyId mixed = transaction_->Key("mixed").value();
    const auto label = transaction_->Label("Even").value();
    for (int i = 0; i < 5000; ++i) {
      std::vector<std::pair<KeyId, Value>> properties = {{number, Value::Integer(i)}};
      if (i % 3 == 0) properties.emplace_back(name, Value::String("node number " + Digits(i)));
      properties.emplace_back(mixed, i % 2 == 0 ? Value::Integer(i) : Value::String("odd"));
      std::vector<schema::LabelId> labels;
      if (i % 2 == 0) labels.push_back(label);
      nodes_.push_back(transaction_->CreateNode(labels, properties).value());
    }
    context_.view = transaction_->view();
  }

  static std::string Digits(int number) { return std::to_string(number); }

  std::unique_ptr<Store> store_;
  std::unique_ptr<storage::Transaction> transaction_;
  std::vector<NodeId> nodes_;
  EvalContext context_;
};

TEST_F(GraphAccessTest, PropertiesAreGatheredTypedAcrossBlocks) {
  const Batch batch = BatchOf({Nodes({nodes_[4999], nodes_[0], nodes_[2100], nodes_[1]})});
  Vector out;
  ASSERT_TRUE(Evaluate(*Of(S(0), "number"), batch, context_, &out).ok());
  EXPECT_EQ(out.repr(), exec::Repr::kInteger);
  EXPECT_EQ(Text(Of(S(0), "number"), batch, context_), "4999 0 2100 1");
  ASSERT_TRUE(Evaluate(*Of(S(0), "name"), batch, context_, &out).ok());
  EXPECT_EQ(out.repr(), exec::Repr::kString);
  EXPECT_EQ(Text(Of(S(0), "name"), batch, context_),
            "null 'node number 0' 'node number 2100' null");
  EXPECT_EQ(Text(Of(S(0), "mixed"), batch, context_), "'odd' 0 2100 'odd'");
  EXPECT_EQ(Text(Of(S(0), "unknown"), batch, context_), "null null null null");
}

TEST_F(GraphAccessTest, BoxedAndTypedReadsAgree) {
  Vector boxed = Nodes({nodes_[3], nodes_[4]});
  boxed.Box();
  const Batch batch = BatchOf({boxed, Nodes({nodes_[3], nodes_[4]})});
  for (const char* key : {"number", "name", "mixed", "unknown"}) {
    EXPECT_EQ(Text(Of(S(0), key), batch, context_), Text(Of(S(1), key), batch, context_)) << key;
  }
}

TEST_F(GraphAccessTest, StringsOutliveTheViewTheyWereReadFrom) {
  Vector out;
  const Batch batch = BatchOf({Nodes({nodes_[0]})});
  ASSERT_TRUE(Evaluate(*Of(S(0), "name"), batch, context_, &out).ok());
  ASSERT_TRUE(transaction_
                  ->SetProperty(nodes_[0], transaction_->Key("name").value(),
                                Value::String("another name that is long"))
                  .ok());
  context_.view = transaction_->view();
  EXPECT_EQ(out.Get(0).ToText(), "'node number 0'");
}

TEST_F(GraphAccessTest, ADeletedNodeHasNoPropertiesToRead) {
  ASSERT_TRUE(transaction_->DeleteNode(nodes_[7]).ok());
  context_.view = transaction_->view();
  const Batch batch = BatchOf({Nodes({nodes_[6], nodes_[7]})});
  EXPECT_EQ(Text(Of(S(0), "number"), batch, context_), "error DeletedEntityAccess");
  EXPECT_EQ(Text(CallOf("labels", {S(0)}), batch, context_), "error DeletedEntityAccess");
}

TEST_F(GraphAccessTest, LabelTestsOnColumns) {
  using Op = bind::LabelTest::Op;
  const auto name = [](std::string text) {
    return std::make_shared<bind::LabelTest>(bind::LabelTest{Op::kName, std::move(text), {}});
  };
  const auto negated =
      std::make_shared<bind::LabelTest>(bind::LabelTest{Op::kNot, {}, {name("Even")}});
  const auto any = std::make_shared<bind::LabelTest>(bind::LabelTest{Op::kAny, {}, {}});
  const Batch batch = BatchOf({Nodes({nodes_[0], nodes_[1]})});
  EXPECT_EQ(Text(Bound(bind::HasLabels{S(0), name("Even")}), batch, context_), "true false");
  EXPECT_EQ(Text(Bound(bind::HasLabels{S(0), negated}), batch, context_), "false true");
  EXPECT_EQ(Text(Bound(bind::HasLabels{S(0), any}), batch, context_), "true false");
  EXPECT_EQ(Text(Bound(bind::HasLabels{S(0), name("Unknown")}), batch, context_), "false false");
  EXPECT_EQ(Text(Bound(bind::HasLabels{Null(), name("Even")}), batch, context_), "null null");
  EXPECT_EQ(Text(Bound(bind::HasLabels{C(1), name("Even")}), batch, context_),
            "error InvalidArgumentType");
}

TEST_F(GraphAccessTest, RelationshipsHavePropertiesTypeAndEnds) {
  const auto type = transaction_->Type("KNOWS").value();
  const KeyId since = transaction_->Key("since").value();
  Vector column;
  column.Reset(exec::Repr::kRelationship, 2);
  for (std::uint32_t i = 0; i < 2; ++i) {
    const std::pair<KeyId, Value> property = {since, Value::Integer(2000 + i)};
    column.relationships()[i] =
        transaction_->CreateRelationship(nodes_[i], type, nodes_[i + 1], std::span(&property, 1))
            .value();
  }
  context_.view = transaction_->view();
  const Batch batch = BatchOf({column});
  EXPECT_EQ(Text(Of(S(0), "since"), batch, context_), "2000 2001");
  EXPECT_EQ(Text(CallOf("type", {S(0)}), batch, context_), "'KNOWS' 'KNOWS'");
  EXPECT_EQ(Text(Of(CallOf("endNode", {S(0)}), "number"), batch, context_), "1 2");
  EXPECT_EQ(Text(CallOf("keys", {S(0)}), batch, context_), "['since'] ['since']");
}

}  // namespace
}  // namespace kb::query::eval
