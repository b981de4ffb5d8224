// The lists of many nodes at once are those that each has.
#include "storage/lists.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <vector>

#include "storage/bulk.h"
#include "storage/store.h"

namespace kb::storage {
namespace {

constexpr std::uint32_t kNodes = 3000;

std::unique_ptr<Store> Loaded(std::mt19937& random) {
  auto store = Store::InMemory();
  auto loader = BulkLoader::Start(*store).value();
  const NodeId first = loader->AddNodes(std::vector<std::string>{"N"}, kNodes, {}).value();
  std::vector<NodeId> sources;
  std::vector<NodeId> targets;
  for (int i = 0; i < 9000; ++i) {
    // A stretch of nodes has no relationships, so that leaves are missing.
    const auto source = static_cast<std::uint32_t>(random() % 1500);
    sources.push_back(NodeId{schema::Raw(first) + (source < 700 ? source : source + 1200)});
    targets.push_back(NodeId{schema::Raw(first) + static_cast<std::uint32_t>(random() % kNodes)});
  }
  EXPECT_TRUE(loader->AddRelationships("T", sources, targets, {}).ok());
  EXPECT_TRUE(loader->Finish().ok());
  return store;
}

void ExpectAlike(const View& view, const std::vector<NodeId>& nodes) {
  const TypeId type = *view.catalog().FindType("T");
  for (const Direction direction : {Direction::kOut, Direction::kIn}) {
    const Lists lists(view, type, direction);
    std::vector<std::span<const NodeId>> found(nodes.size());
    lists.NodesOfAll(nodes, found.data());
    std::vector<std::uint32_t> sizes(nodes.size(), 12345);
    std::vector<std::size_t> order;
    lists.ForEachSize(nodes, [&](std::size_t i, std::uint32_t size) {
      order.push_back(i);
      sizes[i] = size;
    });
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const Slice slice = view.Neighbours(type, direction, nodes[i]);
      ASSERT_EQ(order[i], i);
      ASSERT_EQ(sizes[i], slice.size) << schema::Raw(nodes[i]);
      ASSERT_EQ(std::vector<NodeId>(found[i].begin(), found[i].end()),
                std::vector<NodeId>(slice.nodes, slice.nodes + slice.size));
    }
    ASSERT_EQ(order.size(), nodes.size());
  }
}

TEST(ListsTest, ManyAtOnceAreThoseOfEach) {
  std::mt19937 random(11);
  auto store = Loaded(random);
  std::vector<NodeId> all(kNodes + 500);  // some beyond the last, and one that is none
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = NodeId{i};
  std::vector<NodeId> some;
  for (const NodeId node : all) {
    if (random() % 3 == 0) some.push_back(node);
  }
  some.push_back(schema::kNoNode);
  std::vector<NodeId> scattered(2000);
  for (NodeId& node : scattered) node = all[random() % all.size()];
  // As if they followed each other, by the first and the last.
  const std::vector<NodeId> shuffled = {NodeId{300}, NodeId{302}, NodeId{301},
                                        NodeId{304}, NodeId{303}, NodeId{305}};
  const auto check = [&](const View& view) {
    ExpectAlike(view, all);
    ExpectAlike(view, some);
    ExpectAlike(view, scattered);
    ExpectAlike(view, shuffled);
    ExpectAlike(view, {});
  };
  check(store->Present());
  auto transaction = store->Begin().value();
  const TypeId type = transaction->Type("T").value();
  for (const std::uint32_t source : {3u, 299u, 300u, 1000u}) {
    ASSERT_TRUE(transaction->CreateRelationship(NodeId{source}, type, NodeId{5}, {}).ok());
  }
  check(transaction->view());
  ASSERT_TRUE(transaction->Commit().ok());
  check(store->Present());
}

TEST(ListsTest, BlocksTellHowManyHaveALabel) {
  auto store = Store::InMemory();
  auto transaction = store->Begin().value();
  const LabelId a = transaction->Label("A").value();
  const LabelId b = transaction->Label("B").value();
  const LabelId c = transaction->Label("C").value();
  const NodeId node = transaction->CreateNode(std::vector{a}, {}).value();
  ASSERT_TRUE(transaction->CreateNode(std::vector{b}, {}).ok());
  ASSERT_TRUE(transaction->Commit().ok());
  const auto share = [&](const View& view, LabelId label) {
    std::uint32_t none = 0;
    std::uint32_t some = 0;
    std::uint32_t all = 0;
    for (std::uint32_t block = 0; block < view.block_count(); ++block) {
      std::vector<NodeId> found(kBlockSize);
      const std::uint32_t count = view.ScanBlock(block, label, found.data());
      const std::uint32_t live = view.ScanBlock(block, std::nullopt, found.data());
      const View::Share said = view.ShareOf(block, label);
      EXPECT_EQ(said == View::Share::kNone, count == 0);
      EXPECT_EQ(said == View::Share::kAll, live != 0 && count == live);
      (said == View::Share::kNone ? none : said == View::Share::kSome ? some : all) += 1;
    }
    return std::vector{none != 0, some != 0, all != 0};
  };
  const View before = store->Present();
  EXPECT_EQ(share(before, a)[2], true);
  EXPECT_EQ(share(before, c), (std::vector{true, false, false}));
  EXPECT_FALSE(before.MayMeet(a, b));
  EXPECT_TRUE(before.MayMeet(a, a));
  transaction = store->Begin().value();
  ASSERT_TRUE(transaction->AddLabel(node, b).ok());
  EXPECT_TRUE(transaction->view().MayMeet(a, b));
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_FALSE(before.MayMeet(a, b)) << "a view is one state";
  EXPECT_TRUE(store->Present().MayMeet(b, a));
}

}  // namespace
}  // namespace kb::storage
