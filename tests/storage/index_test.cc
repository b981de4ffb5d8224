// Indexes answer what a scan would, before and after edits, whenever they are built.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "schema/order.h"
#include "storage/store.h"

namespace kb::storage {
namespace {

class IndexTest : public ::testing::Test {
 protected:
  void SetUp() override {
    txn = store->Begin().value();
    person = txn->Label("Person").value();
    key = txn->Key("key").value();
    ASSERT_TRUE(txn->CreateIndex("by_key", person, key).ok());
    index = txn->view().catalog().FindIndex("by_key")->id;
  }
  NodeId Node(Value value) {
    return txn->CreateNode(std::vector{person}, std::vector{std::pair{key, std::move(value)}})
        .value();
  }
  std::vector<NodeId> Seek(const Value& value) { return txn->view().IndexSeek(index, value); }

  std::unique_ptr<Store> store = Store::InMemory();
  std::unique_ptr<Transaction> txn;
  LabelId person{};
  KeyId key{};
  IndexId index{};
};

TEST_F(IndexTest, SeeksEqualNumbersOfBothKinds) {
  const NodeId a = Node(Value::Integer(1));
  const NodeId b = Node(Value::Float(1.0));
  Node(Value::String("1"));
  EXPECT_EQ(Seek(Value::Integer(1)), (std::vector{a, b}));
  EXPECT_EQ(Seek(Value::Float(1.0)), (std::vector{a, b}));
  EXPECT_TRUE(Seek(Value()).empty());
}

TEST_F(IndexTest, FollowsEditsAfterItWasBuilt) {
  const NodeId a = Node(Value::String("x"));
  EXPECT_EQ(Seek(Value::String("x")), std::vector{a});
  const View before = txn->view();
  const NodeId b = Node(Value::String("x"));
  EXPECT_EQ(before.IndexSeek(index, Value::String("x")), std::vector{a});
  EXPECT_EQ(Seek(Value::String("x")), (std::vector{a, b}));
  ASSERT_TRUE(txn->SetProperty(a, key, Value::String("y")).ok());
  EXPECT_EQ(Seek(Value::String("x")), std::vector{b});
  ASSERT_TRUE(txn->RemoveLabel(b, person).ok());
  EXPECT_TRUE(Seek(Value::String("x")).empty());
  ASSERT_TRUE(txn->AddLabel(b, person).ok());
  EXPECT_EQ(Seek(Value::String("x")), std::vector{b});
  ASSERT_TRUE(txn->DeleteNode(b).ok());
  EXPECT_TRUE(Seek(Value::String("x")).empty());
}

TEST_F(IndexTest, RangesStayWithinAGroupAndLeaveNanOut) {
  std::vector<NodeId> numbers;
  for (int i = 0; i < 10; ++i) numbers.push_back(Node(Value::Integer(i)));
  Node(Value::Float(std::numeric_limits<double>::quiet_NaN()));
  Node(Value::String("5"));
  Node(Value::Boolean(true));
  const View view = txn->view();
  const auto range = [&](std::optional<Bound> lower, std::optional<Bound> upper) {
    return view.IndexRange(index, lower, upper);
  };
  const Bound three{Value::Integer(3), true};
  const Bound after_three{Value::Integer(3), false};
  const Bound six{Value::Float(6.0), true};
  EXPECT_EQ(range(three, six), std::vector(numbers.begin() + 3, numbers.begin() + 7));
  EXPECT_EQ(range(after_three, std::nullopt), std::vector(numbers.begin() + 4, numbers.end()));
  EXPECT_EQ(range(std::nullopt, after_three), std::vector(numbers.begin(), numbers.begin() + 3));
  EXPECT_TRUE(range(three, Bound{Value::String("z"), true}).empty());
}

TEST_F(IndexTest, PrefixesFindStrings) {
  const NodeId a = Node(Value::String("Anna"));
  Node(Value::String("Berta"));
  const NodeId c = Node(Value::String("Anton the second of his name"));
  EXPECT_EQ(txn->view().IndexPrefix(index, "An"), (std::vector{a, c}));
  EXPECT_TRUE(txn->view().IndexPrefix(index, "Annab").empty());
  EXPECT_EQ(txn->view().IndexPrefix(index, "").size(), 3u);
}

TEST_F(IndexTest, AnIndexOverExistingNodesHasThem) {
  const NodeId a = Node(Value::Integer(5));
  const LabelId other = txn->Label("Other").value();
  ASSERT_TRUE(txn->AddLabel(a, other).ok());
  ASSERT_TRUE(txn->CreateIndex("later", other, key).ok());
  const IndexId later = txn->view().catalog().FindIndex("later")->id;
  EXPECT_EQ(txn->view().IndexSeek(later, Value::Integer(5)), std::vector{a});
  ASSERT_TRUE(txn->DropIndex("later").ok());
  EXPECT_TRUE(txn->view().IndexSeek(later, Value::Integer(5)).empty());
  EXPECT_EQ(txn->DropIndex("later").error().code(), ErrorCode::kNotFound);
}

TEST_F(IndexTest, ManyRandomEditsAgreeWithAScan) {
  std::mt19937 random(7);
  std::vector<NodeId> nodes;
  for (int i = 0; i < 5000; ++i) nodes.push_back(Node(Value::Integer(int(random() % 700))));
  EXPECT_EQ(txn->view().IndexSeek(index, Value::Integer(-1)).size(), 0u);  // built from here on
  for (int i = 0; i < 20000; ++i) {
    const NodeId node = nodes[random() % nodes.size()];
    const Value value = random() % 5 == 0 ? Value() : Value::Integer(int(random() % 700));
    ASSERT_TRUE(txn->SetProperty(node, key, value).ok());
    if (i % 4000 == 0) {
      const Savepoint savepoint = txn->Save();
      ASSERT_TRUE(txn->SetProperty(nodes[0], key, Value::Integer(-9)).ok());
      txn->RollbackTo(savepoint);
    }
  }
  const View view = txn->view();
  std::set<std::int64_t> distinct;
  std::size_t count = 0;
  for (const NodeId node : nodes) {
    const Value value = view.Property(node, key);
    if (value.is_null()) continue;
    distinct.insert(value.integer());
    ++count;
  }
  EXPECT_EQ(view.IndexRange(index, Bound{Value::Integer(-100), true}, std::nullopt).size(), count);
  EXPECT_EQ(view.IndexDistinct(index), distinct.size());
  ASSERT_TRUE(txn->Commit().ok());
  EXPECT_EQ(store->Check()->findings, std::vector<std::string>());
}

}  // namespace
}  // namespace kb::storage
