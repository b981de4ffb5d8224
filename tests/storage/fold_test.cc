// Folding changes nothing that can be read, whenever it runs and whatever it packs.
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>
#include <vector>

#include "storage/dump.h"
#include "storage/rocks.h"
#include "storage/store.h"
#include "tests/storage/scratch.h"

namespace kb::storage {
namespace {

std::vector<std::string> Findings(Store& store) {
  auto report = store.Check();
  if (!report.ok()) return {report.error().message()};
  return report->findings;
}

StoreOptions Quick() {
  StoreOptions options;
  options.sync = false;
  return options;
}

std::size_t CountKeys(const std::string& path, Family family, std::string_view prefix) {
  auto rocks = Rocks::Open(path, {}).value();
  std::size_t count = 0;
  for (auto scan = rocks->ScanPrefix(family, prefix); scan.Valid(); scan.Next()) ++count;
  return count;
}

/// A hub with `count` outgoing relationships, in one commit.
NodeId MakeHub(Store& store, int count) {
  auto txn = store.Begin().value();
  const TypeId type = txn->Type("T").value();
  const NodeId hub = txn->CreateNode({}, {}).value();
  for (int i = 0; i < count; ++i) {
    const NodeId other = txn->CreateNode({}, {}).value();
    EXPECT_TRUE(txn->CreateRelationship(hub, type, other, {}).ok());
  }
  EXPECT_TRUE(txn->Commit().ok());
  return hub;
}

TEST(FoldTest, ClosingLeavesNoDelta) {
  const Scratch scratch;
  { MakeHub(*Store::Open(scratch / "case", Quick()).value(), 10); }
  EXPECT_EQ(CountKeys(scratch / "case", Family::kDelta, {}), 0u);
  EXPECT_EQ(CountKeys(scratch / "case", Family::kAdjacency, KindPrefix(KeyKind::kLeaf)), 2u);
}

TEST(FoldTest, WhatWasNotFoldedIsReplayed) {
  const Scratch scratch;
  auto store = Store::Open(scratch / "case", Quick()).value();
  const NodeId hub = MakeHub(*store, 300);
  ASSERT_TRUE(store->Fold().ok());
  MakeHub(*store, 300);
  auto txn = store->Begin().value();
  const TypeId type = txn->Type("T").value();
  const Slice out = txn->view().Neighbours(type, Direction::kOut, hub);
  const RelationshipRef edge{type, out.edges[0], hub, out.nodes[0]};
  ASSERT_TRUE(txn->DeleteRelationship(edge).ok());
  ASSERT_TRUE(txn->DeleteNode(edge.target).ok());
  ASSERT_TRUE(txn->Commit().ok());
  // A backup has the delta as it is, like a case whose process was killed.
  ASSERT_TRUE(store->Backup(scratch / "copy").ok());
  EXPECT_GT(CountKeys(scratch / "copy", Family::kDelta, {}), 600u);
  auto copy = Store::Open(scratch / "copy", Quick()).value();
  EXPECT_EQ(copy->Present().RelationshipCount(type), 599u);
  EXPECT_EQ(copy->Present().NodeCount(), 601u);
  EXPECT_FALSE(copy->Present().Exists(edge));
  EXPECT_EQ(Findings(*copy), std::vector<std::string>());
}

TEST(FoldTest, AHubThatGrowsAndShrinksLeavesNoSegmentsBehind) {
  const Scratch scratch;
  auto store = Store::Open(scratch / "case", Quick()).value();
  const NodeId hub = MakeHub(*store, 10'000);
  ASSERT_TRUE(store->Fold().ok());
  EXPECT_EQ(Findings(*store), std::vector<std::string>());
  store = nullptr;
  EXPECT_EQ(CountKeys(scratch / "case", Family::kAdjacency, KindPrefix(KeyKind::kSegment)), 3u);
  store = Store::Open(scratch / "case", Quick()).value();
  auto txn = store->Begin().value();
  const TypeId type = txn->Type("T").value();
  const View before = txn->view();
  const Slice out = before.Neighbours(type, Direction::kOut, hub);
  ASSERT_EQ(out.size, 10'000u);
  for (std::uint32_t i = 100; i < out.size; ++i) {
    ASSERT_TRUE(txn->DeleteRelationship({type, out.edges[i], hub, out.nodes[i]}).ok());
  }
  ASSERT_TRUE(txn->Commit().ok());
  txn = nullptr;
  EXPECT_EQ(Findings(*store), std::vector<std::string>());
  store = nullptr;
  EXPECT_EQ(CountKeys(scratch / "case", Family::kAdjacency, KindPrefix(KeyKind::kSegment)), 0u);
}

TEST(FoldTest, EmptyPartsDisappearFromDisk) {
  const Scratch scratch;
  auto store = Store::Open(scratch / "case", Quick()).value();
  auto txn = store->Begin().value();
  const std::vector<std::pair<KeyId, Value>> properties{
      {txn->Key("k").value(), Value::String("some text")}};
  const NodeId node = txn->CreateNode({}, properties).value();
  const RelationshipRef loop =
      txn->CreateRelationship(node, txn->Type("T").value(), node, properties).value();
  ASSERT_TRUE(txn->Commit().ok());
  ASSERT_TRUE(store->Fold().ok());
  txn = store->Begin().value();
  ASSERT_TRUE(txn->DeleteRelationship(loop).ok());
  ASSERT_TRUE(txn->DeleteNode(node).ok());
  ASSERT_TRUE(txn->Commit().ok());
  txn = nullptr;
  EXPECT_EQ(Findings(*store), std::vector<std::string>());
  store = nullptr;
  EXPECT_EQ(CountKeys(scratch / "case", Family::kAdjacency, {}), 0u);
  EXPECT_EQ(CountKeys(scratch / "case", Family::kColumn, KindPrefix(KeyKind::kNodeColumn)), 0u);
  EXPECT_EQ(CountKeys(scratch / "case", Family::kColumn, KindPrefix(KeyKind::kEdgeColumn)), 0u);
}

TEST(FoldTest, CommitsWhileAFoldPacksAreKept) {
  const Scratch scratch;
  {
    auto store = Store::Open(scratch / "case", Quick()).value();
    MakeHub(*store, 2000);
    std::thread folder([&] {
      for (int i = 0; i < 20; ++i) ASSERT_TRUE(store->Fold().ok());
    });
    for (int i = 0; i < 100; ++i) MakeHub(*store, 3);
    folder.join();
    EXPECT_EQ(store->Present().NodeCount(), 2001u + 400u);
    ASSERT_TRUE(store->Backup(scratch / "copy").ok());
  }
  for (const char* name : {"case", "copy"}) {
    auto store = Store::Open(scratch / name, Quick()).value();
    EXPECT_EQ(store->Present().NodeCount(), 2001u + 400u);
    EXPECT_EQ(store->Present().RelationshipCount(), 2000u + 300u);
    EXPECT_EQ(Findings(*store), std::vector<std::string>());
  }
}

}  // namespace
}  // namespace kb::storage
