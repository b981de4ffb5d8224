// Path patterns against brute force: random patterns on small random multigraphs with loops and
// parallels, every match enumerated in plain C++ and the rows compared one by one.
#include <chrono>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "tests/query/exec/ask.h"
#include "tests/query/exec/path_patterns.h"

namespace kb::query {
namespace {

struct Prefix {
  const char* selector;
  enum class Kind { kAll, kNumber, kGroups } kind;
  std::size_t count;
};

class PathsTest : public Asking {
 protected:
  /// The rows that a selector must give, up to its free choice among equals: of each pair of ends
  /// the lengths (kNumber), or all rows of the first lengths (kGroups).
  static Lines Lengths(const std::vector<Match>& matches, const Prefix& prefix) {
    std::map<std::pair<int, int>, std::vector<std::size_t>> by_ends;
    for (const Match& match : matches) {
      by_ends[{match.nodes.front(), match.nodes.back()}].push_back(match.edges.size());
    }
    Lines lines;
    for (auto& [ends, lengths] : by_ends) {
      std::sort(lengths.begin(), lengths.end());
      std::set<std::size_t> groups;
      std::size_t taken = 0;
      for (const std::size_t length : lengths) {
        groups.insert(length);
        const bool enough = prefix.kind == Prefix::Kind::kGroups   ? groups.size() > prefix.count
                            : prefix.kind == Prefix::Kind::kNumber ? taken == prefix.count
                                                                   : false;
        if (enough) break;
        ++taken;
        lines.push_back(std::to_string(ends.first) + " | " + std::to_string(ends.second) + " | " +
                        std::to_string(length));
      }
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  /// The first three columns.
  static Lines Heads(const Lines& rows) {
    Lines heads;
    for (const auto& row : rows) {
      std::size_t at = 0;
      for (int i = 0; i < 3; ++i) at = row.find(" | ", at) + (i < 2 ? 3 : 0);
      heads.push_back(row.substr(0, at));
    }
    std::sort(heads.begin(), heads.end());
    return heads;
  }

  static Lines AllRows(const std::vector<Piece>& pieces, std::vector<Match>* matches) {
    Lines rows;
    std::set<std::string> seen;
    std::vector<Match> kept;
    for (Match& match : *matches) {
      std::string row = PatternMaker::Row(pieces, match);
      if (HasDistinctUnion(pieces) && !seen.insert(row + match.choices).second) continue;
      rows.push_back(std::move(row));
      kept.push_back(std::move(match));
    }
    *matches = std::move(kept);
    std::sort(rows.begin(), rows.end());
    return rows;
  }

  void Check(const Graph& graph, const std::vector<Piece>& pieces, Mode mode,
             const std::string& head, const Prefix& prefix, const std::string& before,
             const std::function<bool(const Match&)>& fits) {
    std::vector<Match> matches = BruteForce(graph, pieces, mode).Run();
    std::erase_if(matches, [&](const Match& match) { return !fits(match); });
    const Lines all = AllRows(pieces, &matches);
    const std::string text = before + "MATCH " + head + PatternMaker::Text(pieces) + " RETURN " +
                             PatternMaker::Columns(pieces);
    const Lines rows = Sorted(text);
    if (prefix.kind == Prefix::Kind::kAll) {
      EXPECT_EQ(rows, all) << text << "\n" << CreateText(graph);
      return;
    }
    EXPECT_EQ(Heads(rows), Lengths(matches, prefix)) << text << "\n" << CreateText(graph);
    EXPECT_TRUE(std::includes(all.begin(), all.end(), rows.begin(), rows.end()))
        << text << "\n"
        << CreateText(graph);
  }
};

TEST_F(PathsTest, EveryPathPatternGivesTheMatchesOfBruteForce) {
  static constexpr Prefix kPrefixes[] = {
      {"", Prefix::Kind::kAll, 0},
      {"ALL ", Prefix::Kind::kAll, 0},
      {"ANY ", Prefix::Kind::kNumber, 1},
      {"ANY 2 ", Prefix::Kind::kNumber, 2},
      {"ANY SHORTEST ", Prefix::Kind::kNumber, 1},
      {"SHORTEST 3 ", Prefix::Kind::kNumber, 3},
      {"ALL SHORTEST ", Prefix::Kind::kGroups, 1},
      {"SHORTEST 2 GROUPS ", Prefix::Kind::kGroups, 2},
  };
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
      std::string selector = prefix.selector;
      if (mode == Mode::kAcyclic || mode == Mode::kSimple) {
        const std::string word = mode == Mode::kAcyclic ? "ACYCLIC " : "SIMPLE ";
        const std::size_t groups = selector.find("GROUPS");
        selector.insert(groups == std::string::npos ? selector.size() : groups, word);
      }
      const std::string head =
          (mode == Mode::kWalk ? std::string("REPEATABLE ELEMENTS ") : std::string()) +
          "p = " + selector;
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
