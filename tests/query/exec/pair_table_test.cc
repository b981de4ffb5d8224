// A table of pairs counts as a map of them does, whichever form it takes.
#include "query/exec/pair_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace kb::query::exec {
namespace {

using Pairs = std::vector<std::pair<storage::NodeId, storage::NodeId>>;

void ExpectCounts(const Pairs& pairs, std::uint32_t begin, std::uint32_t end) {
  std::map<std::pair<storage::NodeId, storage::NodeId>, std::uint32_t> counts;
  for (const auto& pair : pairs) ++counts[pair];
  const PairTable table(pairs);
  for (std::uint32_t from = begin; from < end; ++from) {
    for (std::uint32_t to = begin; to < end; ++to) {
      const std::pair pair(storage::NodeId{from}, storage::NodeId{to});
      const auto found = counts.find(pair);
      ASSERT_EQ(table.Count(pair.first, pair.second), found == counts.end() ? 0 : found->second)
          << from << " " << to;
    }
  }
}

TEST(PairTableTest, CountsEveryPair) {
  std::mt19937 random(3);
  for (const std::uint32_t spread : {8u, 60u, 400u}) {
    for (const bool repeats : {false, true}) {
      std::map<std::pair<std::uint32_t, std::uint32_t>, bool> seen;
      Pairs pairs;
      for (int i = 0; i < 200; ++i) {
        const std::uint32_t from = 1000 + static_cast<std::uint32_t>(random() % spread);
        const std::uint32_t to = 1000 + static_cast<std::uint32_t>(random() % spread);
        if (seen.emplace(std::pair(from, to), true).second || repeats) {
          pairs.emplace_back(storage::NodeId{from}, storage::NodeId{to});
        }
      }
      ExpectCounts(pairs, 990, 1000 + spread + 10);
    }
  }
  ExpectCounts({}, 0, 5);
}

}  // namespace
}  // namespace kb::query::exec
