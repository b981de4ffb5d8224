// A view is one state: readers see whole transactions and nothing of what comes after.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "storage/store.h"

namespace kb::storage {
namespace {

TEST(ViewTest, AnEmptyCaseAnswersEverythingWithNothing) {
  const View view = Store::InMemory()->Present();
  EXPECT_EQ(view.block_count(), 0u);
  EXPECT_FALSE(view.Exists(NodeId{0}));
  EXPECT_FALSE(view.HasLabel(NodeId{7}, LabelId{0}));
  EXPECT_TRUE(view.Labels(NodeId{7}).empty());
  EXPECT_EQ(view.Neighbours(TypeId{3}, Direction::kOut, NodeId{0}).size, 0u);
  EXPECT_EQ(view.Degree(TypeId{3}, Direction::kBoth, NodeId{0}), 0u);
  EXPECT_TRUE(view.Property(NodeId{0}, KeyId{0}).is_null());
  EXPECT_EQ(view.NodeColumn(KeyId{0}, 0), nullptr);
  EXPECT_EQ(view.EdgeColumn(TypeId{0}, KeyId{0}, 0), nullptr);
  EXPECT_EQ(view.RelationshipCount(TypeId{0}, Direction::kOut, LabelId{0}), 0u);
  EXPECT_TRUE(view.IndexSeek(IndexId{0}, Value::Integer(1)).empty());
  EXPECT_EQ(view.IndexDistinct(IndexId{0}), 1u);
  EXPECT_TRUE(view.Status().ok());
  EXPECT_FALSE(View().valid());
}

TEST(ViewTest, CountersByLabelFollowLabelsAndRelationships) {
  auto store = Store::InMemory();
  auto txn = store->Begin().value();
  const LabelId a = txn->Label("A").value();
  const LabelId b = txn->Label("B").value();
  const TypeId type = txn->Type("T").value();
  const NodeId x = txn->CreateNode(std::vector{a}, {}).value();
  const NodeId y = txn->CreateNode({}, {}).value();
  const RelationshipRef loop = txn->CreateRelationship(x, type, x, {}).value();
  ASSERT_TRUE(txn->CreateRelationship(x, type, y, {}).ok());
  ASSERT_TRUE(txn->AddLabel(y, b).ok());
  const View view = txn->view();
  EXPECT_EQ(view.RelationshipCount(type, Direction::kOut, a), 2u);
  EXPECT_EQ(view.RelationshipCount(type, Direction::kIn, a), 1u);
  EXPECT_EQ(view.RelationshipCount(type, Direction::kIn, b), 1u);
  EXPECT_EQ(view.Degree(type, Direction::kBoth, x), 2u) << "a loop counts once";
  ASSERT_TRUE(txn->RemoveLabel(x, a).ok());
  ASSERT_TRUE(txn->DeleteRelationship(loop).ok());
  const View after = txn->view();
  EXPECT_EQ(after.RelationshipCount(type, Direction::kOut, a), 0u);
  EXPECT_EQ(after.RelationshipCount(type), 1u);
}

TEST(ViewTest, MoreLabelsThanFitAWordAreTold) {
  auto store = Store::InMemory();
  auto txn = store->Begin().value();
  std::vector<LabelId> labels;
  for (int i = 0; i < 200; ++i) labels.push_back(txn->Label("L" + std::to_string(i)).value());
  const NodeId node = txn->CreateNode(std::vector{labels[3], labels[150]}, {}).value();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    EXPECT_EQ(txn->view().HasLabel(node, labels[i]), i == 3 || i == 150);
  }
}

TEST(ViewTest, ConcurrentReadersSeeWholeTransactions) {
  auto store = Store::InMemory();
  TypeId type{};
  KeyId key{};
  NodeId hub{};
  IndexId index{};
  {
    auto txn = store->Begin().value();
    type = txn->Type("T").value();
    key = txn->Key("k").value();
    const LabelId label = txn->Label("L").value();
    const std::vector<std::pair<KeyId, Value>> properties{{key, Value::Integer(0)}};
    hub = txn->CreateNode(std::vector{label}, properties).value();
    ASSERT_TRUE(txn->CreateIndex("i", label, key).ok());
    index = txn->view().catalog().FindIndex("i")->id;
    ASSERT_TRUE(txn->Commit().ok());
  }
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (int r = 0; r < 3; ++r) {
    readers.emplace_back([&] {
      while (!done) {
        const View view = store->Present();
        // Every transaction adds a relationship, its property and one to the hub's number.
        const Value number = view.Property(hub, key);
        const Slice out = view.Neighbours(type, Direction::kOut, hub);
        ASSERT_EQ(number.integer(), static_cast<std::int64_t>(out.size));
        ASSERT_EQ(view.RelationshipCount(type), out.size);
        ASSERT_EQ(view.IndexSeek(index, number), std::vector{hub});
        for (std::uint32_t i = 0; i < out.size; ++i) {
          const RelationshipRef ref{type, out.edges[i], hub, out.nodes[i]};
          ASSERT_EQ(view.Property(ref, key).string(), "text that needs the pool");
        }
      }
    });
  }
  const std::vector<std::pair<KeyId, Value>> text{{key, Value::String("text that needs the pool")}};
  for (int i = 1; i <= 500; ++i) {
    auto txn = store->Begin().value();
    ASSERT_TRUE(txn->CreateRelationship(hub, type, hub, text).ok());
    ASSERT_TRUE(txn->SetProperty(hub, key, Value::Integer(i)).ok());
    if (i % 7 == 0) continue;  // Rolled back: what it wrote behind the ends must not show.
    auto undo = store->Present().Property(hub, key).integer() + 1;
    ASSERT_TRUE(txn->SetProperty(hub, key, Value::Integer(undo)).ok());
    ASSERT_TRUE(txn->Commit().ok());
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace kb::storage
