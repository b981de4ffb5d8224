// The transaction and the view it gives: what is written is read back, and nothing else changes.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "storage/store.h"

namespace kb::storage {
namespace {

using schema::Date;

std::vector<NodeId> Scan(const View& view, std::optional<LabelId> label) {
  std::vector<NodeId> all;
  std::vector<NodeId> buffer(kBlockSize);
  for (std::uint32_t block = 0; block < view.block_count(); ++block) {
    const std::uint32_t count = view.ScanBlock(block, label, buffer.data());
    all.insert(all.end(), buffer.begin(), buffer.begin() + count);
  }
  return all;
}

class TransactionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    txn = store->Begin().value();
    person = txn->Label("Person").value();
    spy = txn->Label("Spy").value();
    knows = txn->Type("KNOWS").value();
    name = txn->Key("name").value();
    age = txn->Key("age").value();
  }
  NodeId Node(std::vector<LabelId> labels, std::vector<std::pair<KeyId, Value>> properties = {}) {
    return txn->CreateNode(labels, properties).value();
  }
  RelationshipRef Edge(NodeId a, NodeId b) {
    return txn->CreateRelationship(a, knows, b, {}).value();
  }

  std::unique_ptr<Store> store = Store::InMemory();
  std::unique_ptr<Transaction> txn;
  LabelId person{}, spy{};
  TypeId knows{};
  KeyId name{}, age{};
};

TEST_F(TransactionTest, ReadsItsOwnWrites) {
  const NodeId ada = Node({spy, person, spy}, {{name, Value::String("Ada")}, {age, Value()}});
  const View view = txn->view();
  EXPECT_TRUE(view.Exists(ada));
  EXPECT_TRUE(view.HasLabel(ada, person));
  EXPECT_EQ(view.Labels(ada).size(), 2u);
  EXPECT_EQ(view.Property(ada, name).string(), "Ada");
  EXPECT_TRUE(view.Property(ada, age).is_null());
  EXPECT_EQ(view.NodeCount(spy), 1u);
  EXPECT_FALSE(store->Present().Exists(ada));
  ASSERT_TRUE(txn->Commit().ok());
  EXPECT_TRUE(store->Present().Exists(ada));
  EXPECT_EQ(store->Present().catalog().FindLabel("Spy"), spy);
}

TEST_F(TransactionTest, AViewDoesNotChangeUnderItsReader) {
  const NodeId ada = Node({person}, {{age, Value::Integer(1)}});
  const View before = txn->view();
  ASSERT_TRUE(txn->SetProperty(ada, age, Value::Integer(2)).ok());
  ASSERT_TRUE(txn->AddLabel(ada, spy).ok());
  Edge(ada, ada);
  EXPECT_EQ(before.Property(ada, age).integer(), 1);
  EXPECT_FALSE(before.HasLabel(ada, spy));
  EXPECT_EQ(before.Neighbours(knows, Direction::kOut, ada).size, 0u);
  const View after = txn->view();
  EXPECT_EQ(after.Property(ada, age).integer(), 2);
  EXPECT_EQ(after.Degree(knows, Direction::kBoth, ada), 1u);
  EXPECT_EQ(after.RelationshipCount(knows, Direction::kIn, spy), 1u);
}

TEST_F(TransactionTest, RollbackToASavepointTakesEverythingBack) {
  const NodeId ada = Node({person}, {{age, Value::Integer(1)}});
  const Savepoint savepoint = txn->Save();
  const NodeId bob = Node({person});
  ASSERT_TRUE(txn->SetProperty(ada, age, Value::Null()).ok());
  Edge(ada, bob);
  txn->RollbackTo(savepoint);
  const View view = txn->view();
  EXPECT_FALSE(view.Exists(bob));
  EXPECT_EQ(view.Property(ada, age).integer(), 1);
  EXPECT_EQ(view.Neighbours(knows, Direction::kOut, ada).size, 0u);
  EXPECT_EQ(txn->counters().nodes_created, 1u);
  EXPECT_NE(Node({person}), bob) << "ids are not handed out twice";
}

TEST_F(TransactionTest, ADestroyedTransactionLeavesNothingAndGivesTheTurn) {
  Node({person});
  txn.reset();
  EXPECT_EQ(store->Present().NodeCount(), 0u);
  EXPECT_TRUE(store->Begin().ok());
}

TEST_F(TransactionTest, ATransactionThatIsOverSaysSo) {
  ASSERT_TRUE(txn->Commit().ok());
  EXPECT_EQ(txn->CreateNode({}, {}).error().code(), ErrorCode::kConflict);
  EXPECT_EQ(txn->Commit().error().code(), ErrorCode::kConflict);
}

TEST_F(TransactionTest, NeighboursAreSortedUpToSortedAndTheRestFollows) {
  const NodeId hub = Node({person});
  std::vector<NodeId> others;
  for (int i = 0; i < 1000; ++i) others.push_back(Node({person}));
  for (int i = 999; i >= 0; --i) Edge(hub, others[static_cast<std::size_t>(i)]);
  const Slice slice = txn->view().Neighbours(knows, Direction::kOut, hub);
  ASSERT_EQ(slice.size, 1000u);
  EXPECT_TRUE(std::is_sorted(slice.nodes, slice.nodes + slice.sorted));
  EXPECT_GE(slice.sorted, 500u);
  std::vector<NodeId> all(slice.nodes, slice.nodes + slice.size);
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, others);
}

TEST_F(TransactionTest, DeletingFromBothEndsAndTheMiddleOfAHubKeepsTheRest) {
  const NodeId hub = Node({person});
  std::vector<RelationshipRef> edges;
  for (int i = 0; i < 100; ++i) edges.push_back(Edge(hub, Node({person})));
  const View before = txn->view();
  for (const int i : {0, 1, 99, 50, 98, 2}) {
    ASSERT_TRUE(txn->DeleteRelationship(edges[static_cast<std::size_t>(i)]).ok());
  }
  ASSERT_TRUE(txn->DeleteRelationship(edges[0]).ok()) << "twice is no error";
  Edge(hub, hub);
  EXPECT_EQ(before.Neighbours(knows, Direction::kOut, hub).size, 100u);
  const View after = txn->view();
  EXPECT_EQ(after.Neighbours(knows, Direction::kOut, hub).size, 95u);
  EXPECT_FALSE(after.Exists(edges[50]));
  EXPECT_TRUE(after.Exists(edges[51]));
  EXPECT_EQ(txn->counters().relationships_deleted, 6u);
  ASSERT_TRUE(txn->Commit().ok());
  EXPECT_EQ(store->Check()->findings, std::vector<std::string>());
}

TEST_F(TransactionTest, ANodeWithRelationshipsIsNotDeleted) {
  const NodeId ada = Node({person}, {{name, Value::String("a name that is not short")}});
  const NodeId bob = Node({person});
  const RelationshipRef edge = Edge(bob, ada);
  const auto refused = txn->DeleteNode(ada);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kConstraint);
  EXPECT_EQ(refused.error().detail(), "DeleteConnectedNode");
  ASSERT_TRUE(txn->DeleteRelationship(edge).ok());
  ASSERT_TRUE(txn->DeleteNode(ada).ok());
  EXPECT_TRUE(txn->view().Property(ada, name).is_null());
  EXPECT_EQ(txn->SetProperty(ada, name, Value()).error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(txn->CreateRelationship(ada, knows, bob, {}).error().code(), ErrorCode::kNotFound);
}

TEST_F(TransactionTest, ValuesThatCannotBeStoredAreRefusedBeforeAnythingHappens) {
  const std::vector<std::pair<KeyId, Value>> bad{{name, Value::Map({})}};
  const auto refused = txn->CreateNode({}, bad);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().detail(), "InvalidPropertyType");
  EXPECT_EQ(txn->view().NodeCount(), 0u);
}

TEST_F(TransactionTest, AColumnTakesEveryTypeAndTurnsMixed) {
  const NodeId a = Node({}, {{age, Value::Integer(7)}});
  const NodeId b = Node({}, {{age, Value::String("seven")}});
  const NodeId c = Node({}, {{age, Value::Of(Date{7})}, {name, Value::Boolean(true)}});
  const View view = txn->view();
  EXPECT_EQ(view.Property(a, age).integer(), 7);
  EXPECT_EQ(view.Property(b, age).string(), "seven");
  EXPECT_EQ(view.Property(c, age).date().days, 7);
  EXPECT_EQ(view.NodeColumn(age, BlockOf(a))->type(), ColumnChunk::Type::kMixed);
  EXPECT_EQ(view.NodeColumn(name, BlockOf(a))->type(), ColumnChunk::Type::kBoolean);
  EXPECT_EQ(view.NodeColumn(name, 77), nullptr);
  const auto properties = view.Properties(c);
  ASSERT_EQ(properties.size(), 2u);
  EXPECT_EQ(properties[0].first, age) << "in the order of names";
}

TEST_F(TransactionTest, ScansFindLabelsWhateverBlocksTheNodesLieIn) {
  std::vector<NodeId> people;
  for (int i = 0; i < 5000; ++i) people.push_back(Node({person}));
  std::vector<NodeId> spies{Node({spy}), Node({person, spy})};
  for (std::size_t i = 0; i < people.size(); i += 100) {
    ASSERT_TRUE(txn->AddLabel(people[i], spy).ok());
    spies.push_back(people[i]);
  }
  ASSERT_TRUE(txn->RemoveLabel(people[1], person).ok());
  std::sort(spies.begin(), spies.end());
  const View view = txn->view();
  EXPECT_EQ(Scan(view, spy), spies);
  EXPECT_EQ(Scan(view, person).size(), 5000u);
  EXPECT_EQ(Scan(view, std::nullopt).size(), 5002u);
  EXPECT_EQ(view.NodeCount(person), 5000u);
  EXPECT_EQ(view.NodeCount(spy), spies.size());
}

TEST_F(TransactionTest, ARelationshipIsFoundByItsId) {
  const NodeId a = Node({});
  const NodeId b = Node({});
  Edge(a, b);
  const RelationshipRef second = Edge(b, a);
  ASSERT_TRUE(txn->SetProperty(second, age, Value::Float(1.5)).ok());
  const View view = txn->view();
  const auto found = view.FindRelationship(second.id());
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->source, b);
  EXPECT_EQ(view.Property(*found, age).floating(), 1.5);
  EXPECT_EQ(view.Properties(*found).size(), 1u);
  EXPECT_FALSE(view.FindRelationship(99).has_value());
  EXPECT_FALSE(view.FindRelationship(~std::uint64_t{0}).has_value());
}

}  // namespace
}  // namespace kb::storage
