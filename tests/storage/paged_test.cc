// Paged memory: what lives in it stays as it is, however often its pages go and come.
#include "storage/image/paged.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

#include "storage/bulk.h"
#include "tests/storage/scratch.h"

namespace kb::storage {
namespace {

TEST(PagedMemoryTest, ContentsSurviveThePagesAndFreedMemoryIsUsedAgain) {
  const Scratch scratch;
  const auto memory = PagedMemory::Make(scratch / "", 1).value();
  std::vector<PagedVector<std::uint64_t>> arrays;
  for (std::uint64_t i = 0; i < 50; ++i) {
    arrays.emplace_back(PagedAllocator<std::uint64_t>(memory));
    for (std::uint64_t k = 0; k < 1000 * (i + 1); ++k) arrays.back().push_back(i * k);
    memory->Trim();
  }
  for (std::uint64_t i = 0; i < 50; ++i) {
    ASSERT_EQ(arrays[i].size(), 1000 * (i + 1));
    for (std::uint64_t k = 0; k < arrays[i].size(); ++k) ASSERT_EQ(arrays[i][k], i * k);
  }
  arrays.clear();
  EXPECT_EQ(memory->used(), 0u);
  void* const first = memory->Allocate(5000);
  memory->Free(first, 5000);
  EXPECT_EQ(memory->Allocate(5000), first);
  memory->Free(first, 5000);
}

TEST(PagedMemoryTest, TheFileHasNoNameInTheFolder) {
  const Scratch scratch;
  const auto memory = PagedMemory::Make(scratch / "", 1).value();
  void* const some = memory->Allocate(100);
  EXPECT_TRUE(std::filesystem::is_empty(scratch / ""));
  memory->Free(some, 100);
}

/// Sums over everything that a case has: neighbours of neighbours, ids, numbers, texts.
std::uint64_t Digest(const View& view) {
  const auto type = *view.catalog().FindType("KNOWS");
  const auto name = *view.catalog().FindKey("name");
  const auto number = *view.catalog().FindKey("number");
  std::vector<NodeId> nodes(kBlockSize);
  std::uint64_t sum = 0;
  for (std::uint32_t block = 0; block < view.block_count(); ++block) {
    const std::uint32_t count = view.ScanBlock(block, std::nullopt, nodes.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      sum = sum * 31 + view.Property(nodes[i], name).string().size();
      sum = sum * 31 + static_cast<std::uint64_t>(view.Property(nodes[i], number).integer());
      const Slice out = view.Neighbours(type, Direction::kOut, nodes[i]);
      for (std::uint32_t k = 0; k < out.size; ++k) {
        const Slice in = view.Neighbours(type, Direction::kIn, out.nodes[k]);
        sum = sum * 31 + schema::Raw(out.edges[k]) + in.size;
      }
    }
  }
  return sum;
}

void Load(const std::string& path, std::uint32_t nodes, std::uint32_t edges) {
  auto store = Store::Open(path, {}).value();
  auto loader = BulkLoader::Start(*store).value();
  BulkColumn name;
  name.key = "name";
  name.type = BulkColumn::Type::kString;
  name.offsets.push_back(0);
  BulkColumn number;
  number.key = "number";
  number.type = BulkColumn::Type::kInteger;
  for (std::uint32_t i = 0; i < nodes; ++i) {
    name.text += "the name of somebody, number " + std::to_string(i);
    name.offsets.push_back(name.text.size());
    number.integers.push_back(i * 7);
  }
  const std::vector<std::string> labels{"Person"};
  ASSERT_TRUE(loader->AddNodes(labels, nodes, {name, number}).ok());
  std::mt19937 random(4);
  std::vector<NodeId> sources;
  std::vector<NodeId> targets;
  for (std::uint32_t i = 0; i < edges; ++i) {
    sources.push_back(NodeId{static_cast<std::uint32_t>(random() % nodes)});
    targets.push_back(NodeId{static_cast<std::uint32_t>(random() % nodes)});
  }
  ASSERT_TRUE(loader->AddRelationships("KNOWS", sources, targets, {}).ok());
  ASSERT_TRUE(loader->Finish().ok());
}

TEST(PagedStoreTest, AGraphFarBeyondTheBudgetGivesTheSameAnswers) {
  const Scratch scratch;
  const std::string path = scratch / "case";
  Load(path, 60'000, 400'000);
  std::uint64_t wanted = 0;
  {
    auto store = Store::Open(path, {}).value();
    wanted = Digest(store->Present());
  }
  StoreOptions options;
  options.memory_bytes = 1'000'000;  // Less than the program itself: every page goes at once.
  auto store = Store::Open(path, options).value();
  const View view = store->Present();
  std::vector<std::uint64_t> sums(3);
  std::vector<std::thread> threads;
  for (std::uint64_t& sum : sums) threads.emplace_back([&] { sum = Digest(view); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sums, std::vector<std::uint64_t>(3, wanted));

  // Edits go to the heap and show beside what is paged.
  auto txn = store->Begin().value();
  const KeyId number = txn->Key("number").value();
  ASSERT_TRUE(txn->SetProperty(NodeId{5}, number, Value::Integer(36)).ok());
  ASSERT_TRUE(txn->Commit().ok());
  EXPECT_NE(Digest(store->Present()), wanted);
  EXPECT_EQ(Digest(view), wanted);
  EXPECT_EQ(store->Check()->findings, std::vector<std::string>());
}

}  // namespace
}  // namespace kb::storage
