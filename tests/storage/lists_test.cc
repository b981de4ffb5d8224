// The lists of many nodes at once are those that each has.
#include "storage/lists.h"

#include <gtest/gtest.h>

#include <algorithm>
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
  // Lists about as long as a byte can say.
  for (std::uint32_t hub = 0; hub < 4; ++hub) {
    const std::uint32_t source = schema::Raw(first) + 1500 + hub;
    for (std::uint32_t i = 0; i < 253 + hub; ++i) {
      sources.push_back(NodeId{source});
      targets.push_back(NodeId{schema::Raw(first) + i});
    }
  }
  EXPECT_TRUE(loader->AddRelationships("T", sources, targets, {}).ok());
  // One each, in whole leaves and in parts of others.
  std::vector<NodeId> owned;
  std::vector<NodeId> owners;
  for (std::uint32_t i = 100; i < 1000; ++i) {
    owned.push_back(NodeId{schema::Raw(first) + i});
    owners.push_back(NodeId{schema::Raw(first) + static_cast<std::uint32_t>(random() % 40)});
  }
  EXPECT_TRUE(loader->AddRelationships("OWNED_BY", owned, owners, {}).ok());
  EXPECT_TRUE(loader->Finish().ok());
  return store;
}

void ExpectAlike(const View& view, const std::vector<NodeId>& nodes, TypeId type) {
  for (const Direction direction : {Direction::kOut, Direction::kIn}) {
    const Lists lists(view, type, direction);
    std::vector<std::span<const NodeId>> found(nodes.size());
    lists.NodesOfAll(nodes, found.data());
    std::vector<Slice> slices(nodes.size());
    lists.SlicesOfAll(nodes, slices.data());
    std::vector<std::uint64_t> sizes(nodes.size(), 12345);
    lists.SizesOfAll(nodes, sizes.data());
    std::vector<std::uint8_t> bytes(nodes.size(), 77);
    const bool are_exact = lists.BytesOfAll(nodes, bytes.data());
    std::uint32_t longest = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const Slice slice = view.Neighbours(type, direction, nodes[i]);
      ASSERT_EQ(sizes[i], slice.size) << schema::Raw(nodes[i]);
      ASSERT_EQ(lists.SizeOf(nodes[i]), slice.size);
      ASSERT_EQ(bytes[i], std::min<std::uint32_t>(slice.size, 255));
      const std::vector<NodeId> expected(slice.nodes, slice.nodes + slice.size);
      ASSERT_EQ(std::vector<NodeId>(found[i].begin(), found[i].end()), expected);
      ASSERT_EQ(std::vector<NodeId>(slices[i].nodes, slices[i].nodes + slices[i].size), expected);
      ASSERT_EQ(std::vector<EdgeId>(slices[i].edges, slices[i].edges + slices[i].size),
                std::vector<EdgeId>(slice.edges, slice.edges + slice.size));
      longest = std::max(longest, slice.size);
    }
    ASSERT_EQ(are_exact, longest < 255);
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
    for (const char* const name : {"T", "OWNED_BY"}) {
      const TypeId type = *view.catalog().FindType(name);
      ExpectAlike(view, all, type);
      ExpectAlike(view, some, type);
      ExpectAlike(view, scattered, type);
      ExpectAlike(view, shuffled, type);
      ExpectAlike(view, {}, type);
    }
  };
  check(store->Present());
  auto transaction = store->Begin().value();
  const TypeId type = transaction->Type("T").value();
  const TypeId owned_by = transaction->Type("OWNED_BY").value();
  for (const std::uint32_t source : {3u, 299u, 300u, 1000u, 1500u, 1501u, 1502u}) {
    ASSERT_TRUE(transaction->CreateRelationship(NodeId{source}, type, NodeId{5}, {}).ok());
    ASSERT_TRUE(transaction->CreateRelationship(NodeId{source}, owned_by, NodeId{5}, {}).ok());
  }
  check(transaction->view());
  ASSERT_TRUE(transaction->Commit().ok());
  check(store->Present());
  transaction = store->Begin().value();
  for (const std::uint32_t source : {299u, 600u, 1501u, 1502u, 1503u}) {
    for (const TypeId of : {type, owned_by}) {
      const Slice slice = transaction->view().Neighbours(of, Direction::kOut, NodeId{source});
      if (slice.size == 0) continue;
      const RelationshipRef last{of, slice.edges[slice.size - 1], NodeId{source},
                                 slice.nodes[slice.size - 1]};
      ASSERT_TRUE(transaction->DeleteRelationship(last).ok());
    }
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
