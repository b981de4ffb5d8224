// A bulk load is all there or not at all, and looks like the same edits one by one.
#include "storage/bulk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/storage/scratch.h"

namespace kb::storage {
namespace {

std::vector<std::string> Findings(Store& store) {
  auto report = store.Check();
  if (!report.ok()) return {report.error().message()};
  return report->findings;
}

BulkColumn Integers(std::string key, std::uint32_t rows, std::int64_t first) {
  BulkColumn column;
  column.key = std::move(key);
  column.type = BulkColumn::Type::kInteger;
  for (std::uint32_t i = 0; i < rows; ++i) column.integers.push_back(first + i);
  return column;
}

BulkColumn Texts(std::string key, std::uint32_t rows) {
  BulkColumn column;
  column.key = std::move(key);
  column.type = BulkColumn::Type::kString;
  column.offsets.push_back(0);
  for (std::uint32_t i = 0; i < rows; ++i) {
    column.present.push_back(i % 3 != 0);
    if (i % 3 != 0) column.text += "text " + std::to_string(i);
    column.offsets.push_back(column.text.size());
  }
  return column;
}

const std::vector<std::string> kPerson{"Person"};
const std::vector<std::string> kPlace{"Place", "Thing"};

/// Loads 3,000 + 5,000 people, 100 places and 20,000 random relationships.
void Load(Store& store) {
  auto loader = BulkLoader::Start(store).value();
  const NodeId a =
      loader->AddNodes(kPerson, 3000, {Integers("n", 3000, 0), Texts("t", 3000)}).value();
  const NodeId places = loader->AddNodes(kPlace, 100, {}).value();
  const NodeId b = loader->AddNodes(kPerson, 5000, {Integers("n", 5000, 3000)}).value();
  std::mt19937 random(5);
  std::vector<NodeId> sources;
  std::vector<NodeId> targets;
  for (int i = 0; i < 20000; ++i) {
    sources.push_back(NodeId{schema::Raw(a) + static_cast<std::uint32_t>(random() % 3000)});
    targets.push_back(random() % 10 == 0
                          ? NodeId{schema::Raw(places) + static_cast<std::uint32_t>(random() % 100)}
                          : NodeId{schema::Raw(b) + static_cast<std::uint32_t>(random() % 5000)});
  }
  BulkColumn code;
  code.key = "code";
  code.type = BulkColumn::Type::kInteger;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    code.integers.push_back(std::int64_t{schema::Raw(sources[i])} * 1'000'000 +
                            schema::Raw(targets[i]));
  }
  ASSERT_TRUE(loader->AddRelationships("SEES", sources, targets, {code}).ok());
  EXPECT_EQ(store.Present().NodeCount(), 0u) << "nothing shows before Finish";
  const auto finished = loader->Finish();
  ASSERT_TRUE(finished.ok()) << finished.error().message();
}

void CheckLoaded(const View& view, std::uint64_t times) {
  const TypeId sees = *view.catalog().FindType("SEES");
  const KeyId code = *view.catalog().FindKey("code");
  const KeyId n = *view.catalog().FindKey("n");
  EXPECT_EQ(view.NodeCount(), 8100 * times);
  EXPECT_EQ(view.NodeCount(*view.catalog().FindLabel("Thing")), 100 * times);
  EXPECT_EQ(view.RelationshipCount(sees), 20000 * times);
  std::vector<NodeId> nodes(kBlockSize);
  std::uint64_t edges = 0;
  std::int64_t sum = 0;
  for (std::uint32_t block = 0; block < view.block_count(); ++block) {
    const std::uint32_t count = view.ScanBlock(block, std::nullopt, nodes.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      const Value number = view.Property(nodes[i], n);
      sum += number.is_null() ? 0 : number.integer();
      const Slice out = view.Neighbours(sees, Direction::kOut, nodes[i]);
      edges += out.size;
      for (std::uint32_t e = 0; e < out.size; ++e) {
        const RelationshipRef ref{sees, out.edges[e], nodes[i], out.nodes[e]};
        ASSERT_EQ(view.Property(ref, code).integer(),
                  std::int64_t{schema::Raw(ref.source)} * 1'000'000 + schema::Raw(ref.target));
      }
    }
  }
  EXPECT_EQ(edges, 20000 * times);
  EXPECT_EQ(sum, 8000 * 7999 / 2 * static_cast<std::int64_t>(times));
}

TEST(BulkTest, ALoadIntoMemoryIsConsistent) {
  auto store = Store::InMemory();
  Load(*store);
  CheckLoaded(store->Present(), 1);
  EXPECT_EQ(Findings(*store), std::vector<std::string>());
}

TEST(BulkTest, ALoadOnDiskIsThereAfterReopening) {
  const Scratch scratch;
  {
    auto store = Store::Open(scratch / "case", {}).value();
    Load(*store);
    EXPECT_EQ(Findings(*store), std::vector<std::string>());
  }
  auto store = Store::Open(scratch / "case", {}).value();
  CheckLoaded(store->Present(), 1);
  EXPECT_EQ(Findings(*store), std::vector<std::string>());
}

TEST(BulkTest, ALoadIntoACaseWithDataAddsToIt) {
  const Scratch scratch;
  auto store = Store::Open(scratch / "case", {}).value();
  NodeId hub{};
  {
    auto txn = store->Begin().value();
    const std::vector<LabelId> person{txn->Label("Person").value()};
    const TypeId sees = txn->Type("SEES").value();
    hub = txn->CreateNode(person, {}).value();
    for (int i = 0; i < 100; ++i) {
      const NodeId other = txn->CreateNode(person, {}).value();
      ASSERT_TRUE(txn->CreateRelationship(other, sees, hub, {}).ok());
      ASSERT_TRUE(txn->CreateRelationship(hub, sees, other, {}).ok());
    }
    ASSERT_TRUE(txn->Commit().ok());
  }
  auto loader = BulkLoader::Start(*store).value();
  const NodeId more = loader->AddNodes(kPerson, 1000, {Texts("t", 1000)}).value();
  std::vector<NodeId> sources(1000, hub);
  std::vector<NodeId> targets;
  for (std::uint32_t i = 1000; i-- > 0;) targets.push_back(NodeId{schema::Raw(more) + i});
  ASSERT_TRUE(loader->AddRelationships("SEES", sources, targets, {}).ok());
  ASSERT_TRUE(loader->AddRelationships("SEES", targets, sources, {}).ok());
  ASSERT_TRUE(loader->Finish().ok());
  EXPECT_EQ(loader->Finish().error().code(), ErrorCode::kConflict);
  const TypeId sees = *store->Present().catalog().FindType("SEES");
  EXPECT_EQ(store->Present().Degree(sees, Direction::kIn, hub), 1100u);
  EXPECT_EQ(Findings(*store), std::vector<std::string>());
  store.reset();
  store = Store::Open(scratch / "case", {}).value();
  EXPECT_EQ(store->Present().Degree(sees, Direction::kOut, hub), 1100u);
  EXPECT_EQ(Findings(*store), std::vector<std::string>());
}

TEST(BulkTest, AnAbandonedLoadLeavesNothingAndGivesTheTurn) {
  auto store = Store::InMemory();
  ASSERT_TRUE(BulkLoader::Start(*store).value()->AddNodes(kPerson, 10, {}).ok());
  EXPECT_EQ(store->Present().NodeCount(), 0u);
  EXPECT_TRUE(store->Begin().ok());
}

TEST(BulkTest, MistakesAreNamed) {
  auto store = Store::InMemory();
  auto loader = BulkLoader::Start(*store).value();
  EXPECT_EQ(loader->AddNodes(kPerson, 3, {Integers("n", 2, 0)}).error().code(),
            ErrorCode::kArgument);
  ASSERT_TRUE(loader->AddRelationships("SEES", {NodeId{5}}, {NodeId{6}}, {}).ok());
  const auto finished = loader->Finish();
  EXPECT_EQ(finished.error().code(), ErrorCode::kArgument);
  EXPECT_NE(finished.error().message().find("SEES"), std::string::npos);
  EXPECT_TRUE(store->Begin().ok());
}

}  // namespace
}  // namespace kb::storage
