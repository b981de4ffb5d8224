// A view shows one state for as long as it is held, whatever becomes of the files meanwhile.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "storage/bulk.h"
#include "storage/store.h"
#include "tests/storage/scratch.h"

namespace kb::storage {
namespace {

constexpr std::uint32_t kNodes = 3000;

/// All that a view shows: nodes, labels, values, and relationships from both of their ends.
std::string Describe(const View& view) {
  std::string text;
  const auto put = [&](std::uint64_t number) { text += std::to_string(number) + ' '; };
  const auto put_all = [&](const std::vector<std::pair<KeyId, Value>>& properties) {
    for (const auto& [key, value] : properties) {
      put(schema::Raw(key));
      text += value.is_integer() ? std::to_string(value.integer()) : std::string(value.string());
      text += ' ';
    }
  };
  std::vector<NodeId> nodes(kBlockSize);
  for (std::uint32_t block = 0; block < view.block_count(); ++block) {
    const std::uint32_t count = view.ScanBlock(block, std::nullopt, nodes.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      const NodeId node = nodes[i];
      put(schema::Raw(node));
      for (const LabelId label : view.Labels(node)) put(schema::Raw(label));
      put_all(view.Properties(node));
      for (std::uint32_t raw = 0; raw < view.catalog().type_count(); ++raw) {
        const TypeId type{static_cast<std::uint16_t>(raw)};
        for (const Direction direction : {Direction::kOut, Direction::kIn}) {
          const Slice list = view.Neighbours(type, direction, node);
          put(list.size);
          std::vector<std::pair<NodeId, EdgeId>> entries;
          for (std::uint32_t e = 0; e < list.size; ++e) {
            entries.emplace_back(list.nodes[e], list.edges[e]);
          }
          std::sort(entries.begin(), entries.end());
          for (const auto& [other, edge] : entries) {
            put(schema::Raw(other));
            put(schema::Raw(edge));
            if (direction == Direction::kIn) continue;
            put_all(view.Properties(RelationshipRef{type, edge, node, other}));
          }
        }
      }
      text += '\n';
    }
  }
  const auto status = view.Status();
  return status.ok() ? text : text + status.error().message();
}

/// 500 more nodes, and relationships from all over to all over; node 7 becomes a hub.
void Load(Store& store, std::mt19937& random) {
  auto loader = BulkLoader::Start(store).value();
  const std::uint32_t known = store.Present().NodeCount() == 0 ? kNodes : 500;
  BulkColumn n;
  n.key = "n";
  n.type = BulkColumn::Type::kInteger;
  for (std::uint32_t i = 0; i < known; ++i) n.integers.push_back(random() % 1000);
  const std::vector<std::string> labels{"Person"};
  ASSERT_TRUE(loader->AddNodes(labels, known, {n}).ok());
  std::vector<NodeId> sources;
  std::vector<NodeId> targets;
  BulkColumn weight;
  weight.key = "weight";
  weight.type = BulkColumn::Type::kInteger;
  for (std::uint32_t i = 0; i < 8000; ++i) {
    const auto any = [&] { return NodeId{static_cast<std::uint32_t>(random() % kNodes)}; };
    sources.push_back(i % 3 == 0 ? NodeId{7} : any());
    targets.push_back(any());
    weight.integers.push_back(random() % 100);
  }
  ASSERT_TRUE(loader->AddRelationships("SEES", sources, targets, {weight}).ok());
  const auto finished = loader->Finish();
  ASSERT_TRUE(finished.ok()) << finished.error().message();
}

/// Sets values of nodes and relationships and deletes relationships, all over.
void Edit(Store& store, std::mt19937& random) {
  auto txn = store.Begin().value();
  const TypeId sees = txn->Type("SEES").value();
  const KeyId n = txn->Key("n").value();
  const KeyId text = txn->Key("text").value();
  const KeyId weight = txn->Key("weight").value();
  const View before = txn->view();
  for (int i = 0; i < 60; ++i) {
    const NodeId node{static_cast<std::uint32_t>(random() % kNodes)};
    const auto value = Value::Integer(static_cast<std::int64_t>(random() % 1000));
    ASSERT_TRUE(txn->SetProperty(node, n, value).ok());
    ASSERT_TRUE(txn->SetProperty(node, text, Value::String("t" + std::to_string(i))).ok());
    const Slice list = before.Neighbours(sees, Direction::kOut, node);
    if (list.size == 0) continue;
    const RelationshipRef ref{sees, list.edges[0], node, list.nodes[0]};
    if (!txn->view().Exists(ref)) continue;
    if (i % 2 == 0) {
      ASSERT_TRUE(txn->SetProperty(ref, weight, value).ok());
    } else {
      ASSERT_TRUE(txn->DeleteRelationship(ref).ok());
    }
  }
  ASSERT_TRUE(txn->Commit().ok());
}

/// A view, and what it showed according to a copy of the case of the same moment, so that the view
/// itself has not read anything.
struct Held {
  View view;
  std::string shown;
};

class HeldViewTest : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  StoreOptions Options() const {
    StoreOptions options;
    options.sync = false;
    options.memory_bytes = GetParam();
    return options;
  }

  Held Hold(Store& store) {
    const std::string copy = scratch_ / ("copy" + std::to_string(copies_++));
    EXPECT_TRUE(store.Backup(copy).ok());
    return {store.Present(), Describe(Store::Open(copy, Options()).value()->Present())};
  }

  const Scratch scratch_;
  int copies_ = 0;
};

TEST_P(HeldViewTest, AViewShowsTheSameAfterLoadsEditsAndFolds) {
  std::mt19937 random(11);
  { Load(*Store::Open(scratch_ / "case", Options()).value(), random); }
  auto store = Store::Open(scratch_ / "case", Options()).value();
  std::vector<Held> held;
  for (int round = 0; round < 3; ++round) {
    held.push_back(Hold(*store));
    Load(*store, random);
    held.push_back(Hold(*store));
    Edit(*store, random);
    held.push_back(Hold(*store));
    ASSERT_TRUE(store->Fold().ok());
    held.push_back(Hold(*store));
    // One that has read a little and is asked for the rest later.
    held.back().view.Neighbours(TypeId{0}, Direction::kOut, NodeId{7});
  }
  for (std::size_t i = 0; i < held.size(); ++i) {
    EXPECT_TRUE(Describe(held[i].view) == held[i].shown) << "view " << i;
  }
  EXPECT_EQ(store->Check()->findings, std::vector<std::string>());
}

TEST_P(HeldViewTest, ViewsAreReadWhileTheFilesChange) {
  std::mt19937 random(12);
  { Load(*Store::Open(scratch_ / "case", Options()).value(), random); }
  for (int round = 0; round < 2; ++round) {
    auto store = Store::Open(scratch_ / "case", Options()).value();
    std::vector<Held> held;
    held.push_back(Hold(*store));
    Load(*store, random);
    held.push_back(Hold(*store));
    Edit(*store, random);
    std::atomic<bool> reading{false};
    std::thread reader([&] {
      reading = true;
      for (const Held& one : held) EXPECT_TRUE(Describe(one.view) == one.shown);
    });
    while (!reading) std::this_thread::yield();
    ASSERT_TRUE(store->Fold().ok());
    Load(*store, random);
    reader.join();
  }
}

INSTANTIATE_TEST_SUITE_P(Memory, HeldViewTest, ::testing::Values(0, 1'000'000));

}  // namespace
}  // namespace kb::storage
