// Chains against brute force: the walks of random patterns on small random multigraphs whose nodes
// and relationships have dates of many kinds, kept where their times are in order by a model of its
// own; and paths chosen by grade.
#include <chrono>
#include <optional>
#include <random>

#include "tests/query/exec/path_checks.h"

namespace kb::query {
namespace {

constexpr std::int64_t kDay = 86'400;

/// A value as it is written, and what it means: a moment in seconds from the first of January 2018,
/// or a number.
struct Moment {
  const char* text;
  enum class Kind { kNone, kDay, kTimed, kNumber } kind;
  std::int64_t first, last;
};

constexpr Moment kMoments[] = {
    {"null", Moment::Kind::kNone, 0, 0},
    {"[1]", Moment::Kind::kNone, 0, 0},
    {"date('2018-01-01')", Moment::Kind::kDay, 0, kDay - 1},
    {"date('2018-01-02')", Moment::Kind::kDay, kDay, 2 * kDay - 1},
    {"date('2018-01-03')", Moment::Kind::kDay, 2 * kDay, 3 * kDay - 1},
    {"edtf('2018-01-02')", Moment::Kind::kDay, kDay, 2 * kDay - 1},
    {"edtf('2018-01-02/2018-01-03')", Moment::Kind::kDay, kDay, 3 * kDay - 1},
    {"edtf('2018-01')", Moment::Kind::kDay, 0, 31 * kDay - 1},
    {"edtf('[2018-01-01,2018-01-03]')", Moment::Kind::kDay, 0, 3 * kDay - 1},
    {"localdatetime('2018-01-02T12:00')", Moment::Kind::kTimed, kDay + 43'200, kDay + 43'200},
    {"localdatetime('2018-01-03T00:00')", Moment::Kind::kTimed, 2 * kDay, 2 * kDay},
    {"1", Moment::Kind::kNumber, 1, 1},
    {"2.0", Moment::Kind::kNumber, 2, 2},
};

struct Order {
  bool over_nodes = true, possibly = false, descending = false;
  std::int64_t days = -1;  ///< The longest gap; none if below 0.
};

bool Follows(const Moment& first, const Moment& next, const Order& order) {
  const Moment& a = order.descending ? next : first;
  const Moment& b = order.descending ? first : next;
  const auto is_moment = [](const Moment& m) {
    return m.kind == Moment::Kind::kDay || m.kind == Moment::Kind::kTimed;
  };
  if (a.kind == Moment::Kind::kNumber && b.kind == Moment::Kind::kNumber) {
    return a.first <= b.first && order.days < 0;
  }
  if (!is_moment(a) || !is_moment(b)) return false;
  const bool by_days = a.kind == Moment::Kind::kDay && b.kind == Moment::Kind::kDay;
  const auto unit = [&](std::int64_t second) { return by_days ? second / kDay : second; };
  const std::int64_t a_first = unit(a.first), a_last = unit(a.last);
  const std::int64_t b_first = unit(b.first), b_last = unit(b.last);
  const bool in_order = order.possibly ? a_first <= b_last : a_last <= b_first;
  const std::int64_t gap = order.possibly ? b_first - a_last : b_last - a_first;
  return in_order && (order.days < 0 || gap <= (by_days ? order.days : order.days * kDay));
}

class ChronologyTest : public PathChecks {
 protected:
  struct Times {
    std::vector<Moment> nodes, edges;
  };

  static Times RandomTimes(const Graph& graph, std::mt19937& random) {
    // Few kinds at a time, or hardly anything is ever in order.
    const std::size_t first = random() % std::size(kMoments);
    const std::size_t count = 3 + random() % 8;
    const auto pick = [&] { return kMoments[(first + random() % count) % std::size(kMoments)]; };
    Times times;
    for (std::size_t i = 0; i < graph.labels.size(); ++i) times.nodes.push_back(pick());
    for (std::size_t i = 0; i < graph.edges.size(); ++i) times.edges.push_back(pick());
    return times;
  }

  void Create(const Graph& graph, const Times& times) {
    Do(CreateText(graph));
    for (std::size_t i = 0; i < times.nodes.size(); ++i) {
      Do("MATCH (n {i: " + std::to_string(i) + "}) SET n.t = " + times.nodes[i].text);
    }
    for (std::size_t k = 0; k < times.edges.size(); ++k) {
      Do("MATCH ()-[r {k: " + std::to_string(k) + "}]->() SET r.t = " + times.edges[k].text);
    }
  }

  static bool IsChain(const Match& match, const Times& times, const Order& order) {
    const auto& elements = order.over_nodes ? match.nodes : match.edges;
    const auto& moments = order.over_nodes ? times.nodes : times.edges;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const Moment& here = moments[static_cast<std::size_t>(elements[i])];
      if (here.kind == Moment::Kind::kNone) return false;
      if (i > 0 && !Follows(moments[static_cast<std::size_t>(elements[i - 1])], here, order)) {
        return false;
      }
    }
    return true;
  }

  static std::string Text(const Order& order) {
    return std::string("CHRONOLOGICAL ") + (order.possibly ? "POSSIBLY " : "") +
           (order.descending ? "DESCENDING " : "") +
           (order.over_nodes ? "BY NODES t " : "BY RELATIONSHIPS t ") +
           (order.days < 0 ? "" : "WITHIN duration('P" + std::to_string(order.days) + "D') ");
  }
};

TEST_F(ChronologyTest, ChainsAreThoseOfBruteForce) {
  for (unsigned seed = 0; seed < 80; ++seed) {
    std::mt19937 random(seed);
    store_ = storage::Store::InMemory();
    const Graph graph = RandomGraph(random);
    const Times times = RandomTimes(graph, random);
    Create(graph, times);
    for (int round = 0; round < 16; ++round) {
      Order order;
      order.over_nodes = random() % 2 == 0;
      order.possibly = random() % 2 == 0;
      order.descending = random() % 3 == 0;
      order.days = static_cast<int>(random() % 6) - 3;
      const Prefix& prefix = kPrefixes[random() % std::size(kPrefixes)];
      const Mode mode = static_cast<Mode>(random() % 4);
      const std::vector<Piece> pieces = PatternMaker(random).Make(mode == Mode::kWalk);
      const std::string head =
          std::string(mode == Mode::kWalk ? "REPEATABLE ELEMENTS p = " : "p = ") +
          WithRestrictor(prefix.selector, Spelling(mode) + Text(order));
      const int a = static_cast<int>(random() % graph.labels.size());
      const int b = static_cast<int>(random() % graph.labels.size());
      const bool has_a = random() % 2 == 0, has_b = random() % 2 == 0;
      std::string before;
      if (has_a) before += "MATCH (a {i: " + std::to_string(a) + "}) ";
      if (has_b) before += "MATCH (b {i: " + std::to_string(b) + "}) ";
      Check(graph, pieces, mode, head, prefix, before, [&](const Match& match) {
        return (!has_a || match.nodes.front() == a) && (!has_b || match.nodes.back() == b) &&
               IsChain(match, times, order);
      });
      if (HasFailure()) {
        for (const auto& m : times.nodes) ADD_FAILURE() << "node at " << m.text;
        for (const auto& m : times.edges) ADD_FAILURE() << "relationship at " << m.text;
        return;
      }
    }
  }
}

TEST_F(ChronologyTest, AShortestChainMayComeToANodeAgainAtABetterTime) {
  Do("CREATE (a:N {i: 0})-[:R {t: 5}]->(b:N {i: 1})-[:R {t: 3}]->(:N {i: 3}), "
     "(a)-[:R {t: 1}]->(c:N {i: 2})-[:R {t: 2}]->(b)");
  EXPECT_EQ(One("MATCH p = ANY SHORTEST CHRONOLOGICAL BY RELATIONSHIPS t (a {i: 0})-->+(d {i: 3}) "
                "RETURN [n IN nodes(p) | n.i]"),
            "[0, 2, 1, 3]");
}

TEST_F(ChronologyTest, AChainMayGoRoundToGainTime) {
  // Each round of the ring begins when the one before has ended; only then does the way out open.
  Do("CREATE (s:N {i: 0}), (a:N {i: 1}), (b:N {i: 2}), (c:N {i: 3}), (z:N {i: 9}) "
     "CREATE (s)-[:R {t: 0}]->(a), (a)-[:R {t: 1}]->(b), (b)-[:R {t: 2}]->(c), (c)-[:R {t: "
     "3}]->(a), "
     "(a)-[:R {t: 4}]->(b), (b)-[:OUT {t: 5}]->(z)");
  const std::string chain = "CHRONOLOGICAL BY RELATIONSHIPS t WITHIN 1 (a {i: 0})-->+(z {i: 9}) ";
  EXPECT_EQ(One("MATCH p = ANY SHORTEST " + chain + "RETURN length(p)"), "6");
  EXPECT_EQ(One("MATCH REPEATABLE ELEMENTS p = SHORTEST 3 " + chain + "RETURN count(p)"), "1");
  EXPECT_EQ(One("MATCH REPEATABLE ELEMENTS p = SHORTEST 3 CHRONOLOGICAL DESCENDING BY "
                "RELATIONSHIPS t GROUPS (a {i: 0})-->+(z {i: 9}) RETURN count(p)"),
            "0");
}

TEST_F(ChronologyTest, TheLongestGapMayBeAParameter) {
  Do("CREATE (:N {t: 1})-[:R]->(:N {t: 3})-[:R]->(:N {t: 4})");
  const std::string text = "MATCH CHRONOLOGICAL BY NODES t WITHIN $gap (a)-->+(b) RETURN count(*)";
  EXPECT_EQ(One(text, {{"gap", Value::Integer(1)}}), "1");
  EXPECT_EQ(One(text, {{"gap", Value::Float(2.5)}}), "3");
  EXPECT_EQ(One(text, {{"gap", Value::Null()}}), "0");
}

TEST_F(ChronologyTest, ASearchFollowsTheTimesAndDoesNotEnumerate) {
  // A ladder of 200 rungs has 2^200 paths; of those in order some go to the very end.
  Do("UNWIND range(0, 200) AS i CREATE (:L {i: i, t: date('2018-01-01') + duration({days: i})})");
  Do("CREATE INDEX FOR (l:L) ON (l.i)");
  Do("UNWIND range(0, 199) AS i MATCH (a:L {i: i}), (b:L {i: i + 1}) "
     "CREATE (a)-[:R {t: a.t}]->(b), (a)-[:R {t: a.t + duration('P1D')}]->(b)");
  cancellation_.SetDeadline(Cancellation::Clock::now() + std::chrono::seconds(60));
  for (const char* over : {"NODES", "RELATIONSHIPS"}) {
    const std::string chain = std::string("CHRONOLOGICAL BY ") + over + " t ";
    EXPECT_EQ(One("MATCH p = ANY SHORTEST " + chain +
                  "(a:L {i: 0})-->+(b:L {i: 200}) "
                  "RETURN length(p)"),
              "200");
    EXPECT_EQ(One("MATCH p = SHORTEST 3 " + chain +
                  "(a:L {i: 0})-->+(b:L {i: 200}) "
                  "RETURN count(p)"),
              "3");
    EXPECT_EQ(One("MATCH p = ANY SHORTEST " + chain +
                  "WITHIN duration('PT0S') "
                  "(a:L {i: 0})-->+(b:L {i: 200}) RETURN count(p)"),
              "0");
    EXPECT_EQ(One("MATCH p = ANY SHORTEST CHRONOLOGICAL DESCENDING BY " + std::string(over) +
                  " t (a:L {i: 0})-->{3,}(b:L {i: 200}) RETURN count(p)"),
              "0");
  }
}

/// Elements with grades, 0 for none, as a place in this list.
constexpr const char* kGrades[] = {"", "A1", "B2", "B3", "C1", "F6", "?"};

class ByGradeTest : public PathChecks {
 protected:
  static std::string From(std::size_t grade) {
    if (grade == 0) return " ";
    if (kGrades[grade][0] == '?') return " FROM SOURCE 's' ";
    return std::string(" FROM SOURCE 's' GRADE '") + kGrades[grade] + "' ";
  }
  static std::size_t WeakestOf(const Match& match, const std::vector<std::size_t>& nodes,
                               const std::vector<std::size_t>& edges) {
    std::size_t weakest = 0;
    for (const int n : match.nodes) weakest = std::max(weakest, nodes[static_cast<std::size_t>(n)]);
    for (const int e : match.edges) weakest = std::max(weakest, edges[static_cast<std::size_t>(e)]);
    return weakest;
  }
  /// "a | b | weakest | length" of those that the selector must choose.
  static Lines Chosen(const std::vector<Match>& matches, const Prefix& prefix,
                      const std::vector<std::size_t>& nodes,
                      const std::vector<std::size_t>& edges) {
    std::map<std::pair<int, int>, std::vector<std::pair<std::size_t, std::size_t>>> by_ends;
    for (const Match& match : matches) {
      by_ends[{match.nodes.front(), match.nodes.back()}].emplace_back(
          WeakestOf(match, nodes, edges), match.edges.size());
    }
    Lines lines;
    for (auto& [ends, ranks] : by_ends) {
      std::sort(ranks.begin(), ranks.end());
      std::set<std::pair<std::size_t, std::size_t>> groups;
      std::size_t taken = 0;
      for (const auto& rank : ranks) {
        groups.insert(rank);
        const bool by_groups = prefix.kind == Prefix::Kind::kGroups;
        if (by_groups ? groups.size() > prefix.count : taken == prefix.count) break;
        ++taken;
        const bool graded = rank.first != 0 && kGrades[rank.first][0] != '?';
        lines.push_back(std::to_string(ends.first) + " | " + std::to_string(ends.second) + " | " +
                        (graded ? "'" + std::string(kGrades[rank.first]) + "'" : "null") + " | " +
                        std::to_string(rank.second));
      }
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }
};

TEST_F(ByGradeTest, PathsByGradeAreThoseOfBruteForce) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    std::mt19937 random(seed);
    store_ = storage::Store::InMemory();
    const Graph graph = RandomGraph(random);
    std::vector<std::size_t> nodes, edges;
    const auto pick = [&] { return random() % 2 == 0 ? 0 : random() % std::size(kGrades); };
    for (std::size_t i = 0; i < graph.labels.size(); ++i) {
      nodes.push_back(pick());
      Do(std::string("CREATE (:") + graph.labels[i] + " {i: " + std::to_string(i) + "})" +
         From(nodes.back()));
    }
    for (std::size_t k = 0; k < graph.edges.size(); ++k) {
      const Edge& edge = graph.edges[k];
      edges.push_back(pick());
      Do("MATCH (a {i: " + std::to_string(edge.from) + "}), (b {i: " + std::to_string(edge.to) +
         "}) CREATE (a)-[:" + edge.type + " {k: " + std::to_string(k) + "}]->(b)" +
         From(edges.back()));
    }
    for (int round = 0; round < 12; ++round) {
      const Prefix& prefix = kPrefixes[4 + random() % (std::size(kPrefixes) - 4)];
      const Mode mode = static_cast<Mode>(random() % 4);
      const std::vector<Piece> pieces = PatternMaker(random).Make(mode == Mode::kWalk);
      std::vector<Match> matches = BruteForce(graph, pieces, mode).Run();
      const int a = static_cast<int>(random() % graph.labels.size());
      const int b = static_cast<int>(random() % graph.labels.size());
      const bool has_a = random() % 2 == 0, has_b = random() % 2 == 0;
      std::string before;
      if (has_a) before += "MATCH (a {i: " + std::to_string(a) + "}) ";
      if (has_b) before += "MATCH (b {i: " + std::to_string(b) + "}) ";
      std::erase_if(matches, [&](const Match& match) {
        return (has_a && match.nodes.front() != a) || (has_b && match.nodes.back() != b);
      });
      AllRows(pieces, &matches);
      const std::string text = before + "MATCH " +
                               (mode == Mode::kWalk ? "REPEATABLE ELEMENTS " : "") +
                               "p = " + WithRestrictor(prefix.selector, Spelling(mode)) +
                               "BY GRADE " + PatternMaker::Text(pieces) +
                               " WHERE a.i IS NOT NULL RETURN a.i, b.i, weakest(p), length(p)";
      EXPECT_EQ(Sorted(text), Chosen(matches, prefix, nodes, edges)) << text << "\n"
                                                                     << CreateText(graph);
      if (HasFailure()) {
        for (const auto grade : nodes) ADD_FAILURE() << "node " << kGrades[grade];
        for (const auto grade : edges) ADD_FAILURE() << "relationship " << kGrades[grade];
        return;
      }
    }
  }
}

}  // namespace
}  // namespace kb::query
