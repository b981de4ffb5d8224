// Where walks of a bounded length end, in graphs of which a few steps reach the most: the distinct
// ends of a search against the ends of all trails, each made in plain C++. Tables as they are read
// from the disk, and after an edit.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <utility>

#include "storage/bulk.h"
#include "tests/query/exec/ask.h"
#include "tests/storage/scratch.h"

namespace kb::query {
namespace {

struct Edge {
  int from, to;
  bool is_other;  ///< Of type S, else R.
};
using Edges = std::vector<Edge>;

/// The ends of all trails of min to max relationships, walked along (1), against (-1) or both (0).
class TrailsByHand {
 public:
  TrailsByHand(const Edges& edges, int min, int max, int direction, bool with_other)
      : edges_(edges), min_(min), max_(max), direction_(direction), with_other_(with_other) {
    for (std::size_t i = 0; i < edges.size(); ++i) {
      ways_[edges[i].from].push_back(i);
      if (edges[i].to != edges[i].from) ways_[edges[i].to].push_back(i);
    }
  }
  std::set<int> From(int node) {
    Go(node, 0);
    return std::move(ends_);
  }

 private:
  void Go(int node, int length) {
    if (length >= min_) ends_.insert(node);
    if (length == max_) return;
    for (const std::size_t i : ways_[node]) {
      const Edge& edge = edges_[i];
      if ((edge.is_other && !with_other_) || taken_.count(i) != 0) continue;
      const bool along = edge.from == node && direction_ >= 0;
      const bool against = edge.to == node && direction_ <= 0;
      if (!along && !against) continue;
      taken_.insert(i);
      Go(along ? edge.to : edge.from, length + 1);
      taken_.erase(i);
    }
  }

  const Edges& edges_;
  const int min_, max_, direction_;
  const bool with_other_;
  std::map<int, std::vector<std::size_t>> ways_;
  std::set<std::size_t> taken_;
  std::set<int> ends_;
};

class ReachTest : public Asking {
 protected:
  static constexpr int kNodes = 500;
  static constexpr int kHub = kNodes - 1;

  /// A graph on the disk, of nodes with other nodes between them.
  Edges Make(std::mt19937& random, double per_node) {
    store_.reset();
    scratch_.emplace();
    store_ = storage::Store::Open(*scratch_ / "case", {}).value();
    auto loader = storage::BulkLoader::Start(*store_).value();
    const std::vector<std::string> label = {"N"};
    const std::vector<std::string> other = {"Other"};
    std::vector<storage::NodeId> ids;
    while (ids.size() < kNodes) {
      const auto count = static_cast<std::uint32_t>(1 + random() % 120);
      storage::BulkColumn column;
      column.key = "i";
      column.type = storage::BulkColumn::Type::kInteger;
      for (std::uint32_t i = 0; i < count; ++i) {
        column.integers.push_back(static_cast<std::int64_t>(ids.size() + i));
      }
      const auto first = loader->AddNodes(label, count, {column}).value();
      for (std::uint32_t i = 0; i < count; ++i)
        ids.push_back(storage::NodeId{schema::Raw(first) + i});
      const auto between = static_cast<std::uint32_t>(random() % 30);
      if (random() % 4 == 0) {
        EXPECT_TRUE(loader->AddNodes(other, between, {}).ok());
      }
    }
    const int reached = kNodes * 3 / 4;  // the others have no relationship
    Edges edges;
    for (int i = 0; i < static_cast<int>(reached * per_node); ++i) {
      const int from = static_cast<int>(random() % reached);
      const int to = random() % 20 == 0 ? from : static_cast<int>(random() % reached);
      edges.push_back({from, to, random() % 4 == 0});
      if (random() % 20 == 0) edges.push_back(edges.back());
    }
    // A hub, to which nothing leads back but the way out.
    for (int i = 0; i < reached; i += 2) edges.push_back({kHub, i, false});
    for (const bool is_other : {false, true}) {
      std::vector<storage::NodeId> sources;
      std::vector<storage::NodeId> targets;
      for (const Edge& edge : edges) {
        if (edge.is_other != is_other) continue;
        sources.push_back(ids[static_cast<std::size_t>(edge.from)]);
        targets.push_back(ids[static_cast<std::size_t>(edge.to)]);
      }
      EXPECT_TRUE(loader->AddRelationships(is_other ? "S" : "R", sources, targets, {}).ok());
    }
    EXPECT_TRUE(loader->Finish().ok());
    loader.reset();
    store_.reset();
    store_ = storage::Store::Open(*scratch_ / "case", {}).value();
    Do("MATCH (a)-[r:R|S]->(b) RETURN count(b)");
    return edges;
  }

  void Check(const Edges& edges, std::mt19937& random) {
    const int any = static_cast<int>(random() % (kNodes * 3 / 4));
    const int from = random() % 3 == 0 ? kHub : any;
    const int min = static_cast<int>(random() % 5);
    const int max = std::max(min, static_cast<int>(random() % 5));
    const int direction = static_cast<int>(random() % 3) - 1;
    const bool with_other = random() % 2 == 0;
    const std::string text =
        "MATCH (a:N {i: " + std::to_string(from) + "})" + (direction < 0 ? "<-[" : "-[") +
        (with_other ? ":R|S*" : ":R*") + std::to_string(min) + ".." + std::to_string(max) +
        (direction > 0 ? "]->" : "]-") + "(b) WITH DISTINCT b RETURN b.i AS i ORDER BY i";
    Lines expected;
    for (const int end : TrailsByHand(edges, min, max, direction, with_other).From(from)) {
      expected.push_back(std::to_string(end));
    }
    EXPECT_EQ(Rows(text), expected) << text;
  }

  std::optional<storage::Scratch> scratch_;
};

TEST_F(ReachTest, DistinctEndsAreThoseOfAllTrails) {
  for (unsigned seed = 0; seed < 12; ++seed) {
    std::mt19937 random(seed);
    Edges edges = Make(random, seed % 3 == 0 ? 1.2 : seed % 3 == 1 ? 3 : 9);
    for (int round = 0; round < 40; ++round) Check(edges, random);
    // Edited: the lists lie elsewhere.
    Do("MATCH (a:N {i: 1}), (b:N {i: 2}), (c:N {i: 3}) CREATE (a)-[:R]->(b)-[:S]->(c)");
    edges.push_back({1, 2, false});
    edges.push_back({2, 3, true});
    for (int round = 0; round < 20; ++round) Check(edges, random);
    if (HasFailure()) FAIL() << "seed " << seed;
  }
}

}  // namespace
}  // namespace kb::query
