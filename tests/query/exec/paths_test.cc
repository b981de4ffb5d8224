// Path patterns against brute force: random patterns on small random multigraphs with loops and
// parallels, every match enumerated in plain C++ and the rows compared one by one.
#include <chrono>
#include <random>

#include "tests/query/exec/path_checks.h"

namespace kb::query {
namespace {

class PathsTest : public PathChecks {};

TEST_F(PathsTest, EveryPathPatternGivesTheMatchesOfBruteForce) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    store_ = storage::Store::InMemory();
    const Graph graph = RandomGraph(random);
    Do(CreateText(graph));
    for (int round = 0; round < 12; ++round) {
      const Prefix& prefix = kPrefixes[random() % std::size(kPrefixes)];
      const auto kind = random() % 6;
      const Mode mode = kind == 0   ? Mode::kAcyclic
                        : kind == 1 ? Mode::kSimple
                        : kind == 2 ? Mode::kWalk
                                    : Mode::kTrail;
      const std::vector<Piece> pieces = PatternMaker(random).Make(mode == Mode::kWalk);
      const std::string head =
          std::string(mode == Mode::kWalk ? "REPEATABLE ELEMENTS p = " : "p = ") +
          WithRestrictor(prefix.selector, Spelling(mode));
      const int a = static_cast<int>(random() % graph.labels.size());
      const int b = static_cast<int>(random() % graph.labels.size());
      const bool has_a = random() % 2 == 0, has_b = random() % 2 == 0;
      std::string before;
      if (has_a) before += "MATCH (a {i: " + std::to_string(a) + "}) ";
      if (has_b) before += "MATCH (b {i: " + std::to_string(b) + "}) ";
      Check(graph, pieces, mode, head, prefix, before, [&](const Match& match) {
        return (!has_a || match.nodes.front() == a) && (!has_b || match.nodes.back() == b);
      });
      if (HasFailure()) return;
    }
  }
}

TEST_F(PathsTest, TheNumberOfPathsMayBeAParameter) {
  Do("CREATE (a:A)-[:R]->(b:B), (a)-[:S]->(b), (a)-[:T]->(:M)-[:T]->(b)");
  const std::string text = "MATCH p = SHORTEST $k (a:A)-->(m)-->*(b:B) RETURN count(p)";
  const auto paths = [&](std::int64_t k) { return One(text, {{"k", Value::Integer(k)}}); };
  EXPECT_EQ(paths(0), "0");
  EXPECT_EQ(paths(2), "2");
  EXPECT_EQ(paths(9), "3");
  EXPECT_EQ(Rows(text, {{"k", Value::Integer(-1)}}), Lines{"SyntaxError NegativeIntegerArgument"});
  EXPECT_EQ(Rows(text, {{"k", Value::String("two")}}), Lines{"SyntaxError InvalidArgumentType"});
}

TEST_F(PathsTest, SearchesStopWhenAsked) {
  Do("UNWIND range(1, 14) AS i CREATE (:N {i: i})");
  Do("MATCH (a:N), (b:N) WHERE a.i <> b.i CREATE (a)-[:R]->(b)");
  for (const char* text :
       {"MATCH (a:N {i: 1}) ((x)-->(y)-->(z))+ (b) RETURN count(*)",
        "MATCH p = SHORTEST 1 (q = (a:N {i: 1})-->+(m)-->(b:N {i: 2}) WHERE length(q) > 99) "
        "RETURN p",
        "MATCH p = SHORTEST 100000000 (a:N {i: 1})-->+(m)-->(b:N {i: 2}) RETURN count(p)"}) {
    cancellation_.Reset();
    cancellation_.SetDeadline(Cancellation::Clock::now() + std::chrono::milliseconds(50));
    const auto begin = Cancellation::Clock::now();
    std::vector<std::string> rows;
    const auto outcome = Run(engine_, text, {}, &rows);
    ASSERT_FALSE(outcome.ok()) << text;
    EXPECT_EQ(outcome.error().code(), ErrorCode::kCancelled) << text;
    EXPECT_LT(Cancellation::Clock::now() - begin, std::chrono::seconds(20)) << text;
  }
}

TEST_F(PathsTest, ShortestPathsInALargeGraphDoNotEnumerateTheOthers) {
  // A ladder of 300 rungs has 2^300 paths from top to bottom.
  Do("UNWIND range(0, 300) AS i CREATE (:L {i: i})");
  Do("CREATE INDEX FOR (l:L) ON (l.i)");
  Do("UNWIND range(0, 299) AS i MATCH (a:L {i: i}), (b:L {i: i + 1}) "
     "CREATE (a)-[:R]->(b), (a)-[:R]->(b)");
  EXPECT_EQ(One("MATCH p = ANY SHORTEST (a:L {i: 0}) ((x)-->(y)-->(z))+ (b:L {i: 300}) "
                "RETURN length(p), size(x)"),
            "300 | 150");
  EXPECT_EQ(One("MATCH p = SHORTEST 5 (a:L {i: 0})-[r]->(m)-->+(b:L {i: 300}) "
                "RETURN count(p), min(length(p)), max(length(p))"),
            "5 | 300 | 300");
  EXPECT_EQ(One("MATCH p = ANY SHORTEST (a:L {i: 0})-[r]->(m)-->{1,1000000}(b:L {i: 300}) "
                "RETURN length(p)"),
            "300");
  EXPECT_EQ(One("MATCH p = ANY SHORTEST (a:L {i: 0})-->(m)-->+(b) RETURN count(p), sum(length(p))"),
            "299 | 45149");
}

}  // namespace
}  // namespace kb::query
