#include "storage/leaf.h"

#include <gtest/gtest.h>

#include <map>
#include <numeric>

#include "storage/dump.h"
#include "tests/storage/random_value.h"

namespace kb::storage {
namespace {

using schema::Direction;
using schema::EdgeId;
using schema::NodeId;
using schema::TypeId;

constexpr TypeId kType{7};
constexpr std::uint32_t kLeaf = 3;

struct Leaf {
  LeafOffsets offsets{};
  std::vector<NodeId> nodes;
  std::vector<EdgeId> edges;
};

/// `degree(row)` entries a row; edge ids sequential or random.
template <typename Degree>
Leaf MakeLeaf(RandomValues* random, bool sequential, Degree degree) {
  Leaf leaf;
  for (std::size_t row = 0; row < kLeafNodes; ++row) {
    leaf.offsets[row + 1] = leaf.offsets[row] + degree(row);
  }
  const std::uint64_t bound = std::uint64_t{1} << random->Between(0, 32);
  for (std::uint32_t i = 0; i < leaf.offsets[kLeafNodes]; ++i) {
    leaf.nodes.push_back(NodeId{static_cast<std::uint32_t>(random->Below(bound))});
    leaf.edges.push_back(
        EdgeId{sequential ? 1000 + i : static_cast<std::uint32_t>(random->Below(bound))});
  }
  return leaf;
}

/// What lies on disk after packing, and a reader of it.
class Disk {
 public:
  void Put(const Leaf& leaf, Direction dir) {
    for (auto& [key, value] : EncodeLeaf(kType, dir, kLeaf, leaf.offsets, leaf.nodes, leaf.edges)) {
      EXPECT_TRUE(keys_.emplace(std::move(key), std::move(value)).second);
    }
  }
  Result<std::optional<std::string>> Get(const std::string& key) const {
    const auto at = keys_.find(key);
    if (at == keys_.end()) return std::optional<std::string>();
    return std::optional<std::string>(at->second);
  }
  KeyReader reader() const {
    return [this](const std::string& key) { return Get(key); };
  }
  std::map<std::string, std::string>& keys() { return keys_; }

 private:
  std::map<std::string, std::string> keys_;
};

Result<Leaf> Load(const Disk& disk, Direction dir) {
  Leaf leaf;
  KB_ASSIGN(const auto nodes, disk.Get(LeafKey(kType, dir, kLeaf)));
  KB_ASSIGN(const auto edges, disk.Get(LeafEdgesKey(kType, dir, kLeaf)));
  KB_ASSIGN(leaf.offsets, DecodeLeafOffsets(nodes.value_or("")));
  if (leaf.offsets[kLeafNodes] > 10'000'000) return CorruptionError("more than the test wrote");
  leaf.nodes.resize(leaf.offsets[kLeafNodes]);
  leaf.edges.resize(leaf.offsets[kLeafNodes]);
  KB_TRY(
      DecodeLeafNodes(kType, dir, kLeaf, *nodes, leaf.offsets, disk.reader(), leaf.nodes.data()));
  KB_TRY(DecodeLeafEdges(kType, dir, kLeaf, edges.value_or(""), leaf.offsets, disk.reader(),
                         leaf.edges.data()));
  return leaf;
}

void ExpectRoundTrip(const Leaf& leaf, Direction dir) {
  Disk disk;
  disk.Put(leaf, dir);
  const Result<Leaf> back = Load(disk, dir);
  ASSERT_TRUE(back.ok()) << back.error().message();
  EXPECT_EQ(back->offsets, leaf.offsets);
  EXPECT_EQ(back->nodes, leaf.nodes);
  EXPECT_EQ(back->edges, leaf.edges);
}

TEST(LeafTest, RandomLeavesAreReadBack) {
  RandomValues random(5);
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t bound = 1 + random.Below(40);
    const bool sequential = random.Below(2) == 0;
    const Leaf leaf = MakeLeaf(&random, sequential, [&](std::size_t) {
      return static_cast<std::uint32_t>(random.Below(bound));
    });
    if (leaf.nodes.empty()) continue;
    ExpectRoundTrip(leaf, random.Below(2) == 0 ? Direction::kOut : Direction::kIn);
  }
}

TEST(LeafTest, AnEmptyLeafTakesNoKey) {
  RandomValues random(6);
  Disk disk;
  disk.Put(MakeLeaf(&random, true, [](std::size_t) { return 0u; }), Direction::kOut);
  EXPECT_TRUE(disk.keys().empty());
}

TEST(LeafTest, HubsLieInSegmentsOfTheirOwn) {
  RandomValues random(7);
  for (const bool sequential : {true, false}) {
    const auto degree = [](std::size_t row) {
      return row == 5 ? 10'000u : row == 6 ? kHubEntries : row == 255 ? kHubEntries + 1 : 2u;
    };
    const Leaf leaf = MakeLeaf(&random, sequential, degree);
    ExpectRoundTrip(leaf, Direction::kOut);
    Disk disk;
    disk.Put(leaf, Direction::kOut);
    // Three segments of one hub, two of the other; sequential ids need none.
    EXPECT_EQ(disk.keys().size(), 2u + 5u * (sequential ? 1 : 2));
  }
}

TEST(LeafTest, AMissingSegmentIsCorruption) {
  RandomValues random(8);
  Disk disk;
  disk.Put(MakeLeaf(&random, true, [](std::size_t row) { return row == 0 ? 9'000u : 0u; }),
           Direction::kOut);
  disk.keys().erase(SegmentKey(kType, Direction::kOut, NodeId{kLeaf * kLeafNodes}, 1));
  const Result<Leaf> back = Load(disk, Direction::kOut);
  ASSERT_FALSE(back.ok());
  EXPECT_EQ(back.error().code(), ErrorCode::kCorruption);
}

TEST(LeafTest, SequentialEdgeIdsCostAFewBytes) {
  RandomValues random(9);
  Disk disk;
  disk.Put(MakeLeaf(&random, true, [](std::size_t) { return 20u; }), Direction::kOut);
  EXPECT_LT(disk.keys()[LeafEdgesKey(kType, Direction::kOut, kLeaf)].size(), 8u);
}

TEST(LeafTest, DamagedLeavesNeverCrash) {
  RandomValues random(10);
  const Leaf leaf = MakeLeaf(&random, false, [&](std::size_t row) {
    return row == 9 ? kHubEntries + 9 : static_cast<std::uint32_t>(random.Below(4));
  });
  for (int i = 0; i < 3000; ++i) {
    Disk disk;
    disk.Put(leaf, Direction::kIn);
    auto at = disk.keys().begin();
    std::advance(at, static_cast<std::ptrdiff_t>(random.Below(disk.keys().size())));
    at->second = random.Damage(at->second);
    DumpValue(at->first, at->second);
    const Result<Leaf> back = Load(disk, Direction::kIn);
    if (!back.ok()) {
      EXPECT_EQ(back.error().code(), ErrorCode::kCorruption);
    }
  }
}

}  // namespace
}  // namespace kb::storage
