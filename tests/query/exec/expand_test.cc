// Expansions, searches and their edge cases: loops, parallels, bound ends.
#include <random>

#include "tests/query/exec/ask.h"

namespace kb::query {
namespace {

using ExpandTest = Asking;

TEST_F(ExpandTest, LoopComesOnceWithoutDirection) {
  Do("CREATE (a:A)-[:R]->(a)");
  EXPECT_EQ(One("MATCH (a:A)--(b) RETURN count(*)"), "1");
  EXPECT_EQ(One("MATCH (a:A)-->(b) RETURN count(*)"), "1");
  EXPECT_EQ(One("MATCH (a:A)-[*]-(b) RETURN count(*)"), "1");
}

TEST_F(ExpandTest, ParallelRelationshipsAreDifferent) {
  Do("CREATE (a:A), (b:B), (a)-[:R {n: 1}]->(b), (a)-[:R {n: 2}]->(b)");
  EXPECT_EQ(One("MATCH (:A)-[x]->()<-[y]-(:A) RETURN count(*)"), "2");
  EXPECT_EQ(Sorted("MATCH (a:A), (b:B) MATCH (a)-[r]->(b) RETURN r.n"), (Lines{"1", "2"}));
}

TEST_F(ExpandTest, BoundRelationshipIsCheckedAgainstTheOtherEnd) {
  Do("CREATE (a:A)-[:R]->(b:B), (b)-[:S]->(a)");
  EXPECT_EQ(One("MATCH ()-[r:R]->() MATCH (x)-[r]->(y) RETURN labels(x), labels(y)"),
            "['A'] | ['B']");
  EXPECT_EQ(Rows("MATCH ()-[r:R]->() MATCH (:B)-[r]->() RETURN r"), Lines{});
  EXPECT_EQ(Rows("MATCH ()-[r:R]->() MATCH (x)-[r:S]->() RETURN x"), Lines{});
}

TEST_F(ExpandTest, BatchesBeyondTheirSizeAreWhole) {
  Do("CREATE (h:Hub) WITH h UNWIND range(1, 5000) AS i CREATE (h)-[:R]->(:Leaf {i: i})");
  EXPECT_EQ(One("MATCH (:Hub)-->(l) RETURN count(*), sum(l.i), min(l.i), max(l.i)"),
            "5000 | 12502500 | 1 | 5000");
  EXPECT_EQ(One("MATCH (l:Leaf) RETURN count(DISTINCT l)"), "5000");
  EXPECT_EQ(One("MATCH (:Hub)-->(a) WHERE a.i > 4990 WITH a ORDER BY a.i SKIP 2 LIMIT 3 "
                "RETURN collect(a.i)"),
            "[4993, 4994, 4995]");
  EXPECT_EQ(One("UNWIND range(1, 7000) AS i WITH i WHERE i % 2 = 0 RETURN count(*)"), "3500");
}

TEST_F(ExpandTest, MultiplicityReachesEveryAggregate) {
  Do("CREATE (a:A {v: 3}), (b:A {v: 4}), (a)-[:R]->(), (a)-[:R]->(), (b)-[:R]->()");
  EXPECT_EQ(One("MATCH (a:A)-[:R]->() RETURN count(*), count(a.v), sum(a.v), avg(a.v), "
                "count(DISTINCT a.v), min(a.v)"),
            "3 | 3 | 10 | 3.3333333333333335 | 2 | 3");
  EXPECT_EQ(One("MATCH (a:A)-[:R]->() RETURN collect(a.v)"), "[3, 3, 4]");
}

TEST_F(ExpandTest, VariableLengthTakesBoundsAndProperties) {
  Do("CREATE (:N {i: 0})-[:R {k: 1}]->(:N {i: 1})-[:R {k: 1}]->(:N {i: 2})-[:R {k: 2}]->"
     "(:N {i: 3})");
  EXPECT_EQ(Sorted("MATCH ({i: 0})-[*0..2]->(n) RETURN n.i"), (Lines{"0", "1", "2"}));
  EXPECT_EQ(Sorted("MATCH ({i: 0})-[* {k: 1}]->(n) RETURN n.i"), (Lines{"1", "2"}));
  EXPECT_EQ(Sorted("MATCH (n)-[r*2]->({i: 3}) RETURN n.i, [x IN r | x.k]"), (Lines{"1 | [1, 2]"}));
  EXPECT_EQ(One("MATCH p = ({i: 3})<-[*3]-(n) RETURN [x IN nodes(p) | x.i]"), "[3, 2, 1, 0]");
}

TEST_F(ExpandTest, GroupVariablesAreInPatternOrder) {
  Do("CREATE (:N {i: 0})-[:R]->(:N {i: 1})-[:R]->(:N {i: 2})");
  EXPECT_EQ(One("MATCH (s {i: 0}) ((x)-[r]->(y) WHERE x.i < y.i){2} (t) "
                "RETURN [n IN x | n.i], [n IN y | n.i], size(r)"),
            "[0, 1] | [1, 2] | 2");
  EXPECT_EQ(One("MATCH (t {i: 2}) MATCH (s) ((x)-[r]->(y)){2} (t) RETURN [n IN x | n.i]"),
            "[0, 1]");
}

/// A random multigraph with loops and parallels.
std::string RandomGraph(std::mt19937& random, int nodes, int relationships) {
  std::string text = "CREATE ";
  for (int i = 0; i < nodes; ++i)
    text += (i ? ", (n" : "(n") + std::to_string(i) + ":N {i: " + std::to_string(i) + "})";
  const auto pick = [&] {
    return "(n" + std::to_string(random() % static_cast<unsigned>(nodes)) + ")";
  };
  for (int i = 0; i < relationships; ++i) {
    text += ", " + pick() + "-[:" + (random() % 2 ? "R" : "S") +
            " {k: " + std::to_string(random() % 2) + "}]->" + pick();
  }
  return text;
}

TEST_F(ExpandTest, DistinctEndsAreThoseOfAllTrails) {
  Engine plain({.disabled_passes = {"reach_only"}});
  for (unsigned seed = 0; seed < 24; ++seed) {
    std::mt19937 random(seed);
    store_ = storage::Store::InMemory();
    Do(seed % 2 == 0 ? RandomGraph(random, 5, 6) : RandomGraph(random, 4, 9));
    for (const char* pattern : {"(a)-[*]->(b)",
                                "(a)-[*]-(b)",
                                "(a)<-[*0..2]-(b)",
                                "(a)-[*..3]-(b)",
                                "(a)-[:R*1..2]-(b)",
                                "(a)-[*0..]->(b)",
                                "(a)-[*2..3]-(b)",
                                "(a)-[*3]->(b)",
                                "(a)<-[:R*2]-(b)",
                                "(a)-[*4..]-(b)",
                                "(c)-[:S]->(a)-[*1..2]-(b)",
                                "WALK (a)-[*2..4]-(b)",
                                "(a)-[*4]-(b)",
                                "(a)-[*2..5]-(b)",
                                "(a)-[*5..6]->(b)",
                                "(a)-[:R*6]-(b)",
                                "(a)<-[*3..4 {k: 1}]-(b)",
                                "(a)-[*3..2]-(b)",
                                "(c)-[:R*2..2]-(a)-[*2..3]-(b)",
                                "ACYCLIC (a)-[*1..3]-(b)",
                                "SIMPLE (a)-[*2..]->(b)"}) {
      const std::string text =
          std::string("MATCH ") + pattern + " WITH DISTINCT a, b ORDER BY a.i, b.i RETURN a.i, b.i";
      EXPECT_EQ(Rows(text), RowsOf(plain, text)) << text << " seed " << seed;
    }
  }
}

TEST_F(ExpandTest, ListsThatDoNotFitGoOnInTheNextBatch) {
  // Rows of lists that are empty, short, and longer than a batch, in both directions, with loops.
  Do("UNWIND range(0, 9) AS h CREATE (:H {h: h})");
  Do("MATCH (h:H) UNWIND range(1, h.h * 300) AS i CREATE (h)-[:R]->(:L), (h)<-[:R]-(:L)");
  Do("MATCH (h:H) WHERE h.h % 2 = 0 CREATE (h)-[:R]->(h)");
  EXPECT_EQ(One("MATCH (h:H)-[r]-(x) RETURN count(r)"), "27005");
  EXPECT_EQ(One("MATCH (h:H)-[r]-(x) RETURN count(DISTINCT r)"), "27005");
  EXPECT_EQ(Rows("MATCH (h:H)-[:R]->(x) WITH h, count(x) AS n ORDER BY h.h RETURN n"),
            (Lines{"1", "300", "601", "900", "1201", "1500", "1801", "2100", "2401", "2700"}));
  EXPECT_EQ(One("MATCH (h:H)-[r]-(x:H) RETURN count(r)"), "5");
  EXPECT_EQ(One("MATCH (h:H)-[r]-(x)-[s]-(h) RETURN count(*)"), "0");
}

TEST_F(ExpandTest, ShortestPathsAreTheShortestOfAllTrails) {
  for (unsigned seed = 0; seed < 12; ++seed) {
    std::mt19937 random(seed);
    store_ = storage::Store::InMemory();
    Do(RandomGraph(random, 6, 8));
    for (const char* arrow : {"-[r*]->", "-[r*]-", "<-[r:R*..3]-", "-[r* {k: 1}]-"}) {
      const std::string all =
          std::string("MATCH (a), (b) WHERE a <> b MATCH p = allShortestPaths((a)") + arrow +
          "(b)) RETURN a.i, b.i, length(p), count(*) ORDER BY a.i, b.i";
      const std::string trails =
          std::string("MATCH (a)") + arrow +
          "(b) WHERE a <> b WITH a, b, size(r) AS n, count(*) AS c ORDER BY n "
          "WITH a, b, collect([n, c])[0] AS best RETURN a.i, b.i, best[0], best[1] ORDER BY a.i, "
          "b.i";
      const Lines expected = Rows(trails);
      EXPECT_EQ(Rows(all), expected) << all << " seed " << seed;
      for (const std::string name : {"count_walks", "test_steps"}) {
        Engine engine(EngineOptions{{name}, 0});
        EXPECT_EQ(RowsOf(engine, all), expected) << all << " without " << name;
      }
      const std::string one =
          std::string("MATCH (a), (b) WHERE a <> b MATCH p = shortestPath((a)") + arrow +
          "(b)) RETURN a.i, b.i, length(p), 1 ORDER BY a.i, b.i";
      Lines lengths = expected;
      for (auto& line : lengths) line = line.substr(0, line.rfind(' ') + 1) + "1";
      EXPECT_EQ(Rows(one), lengths) << one << " seed " << seed;
    }
  }
}

TEST_F(ExpandTest, ShortestPathsAreCountedAsFarAsNumbersGo) {
  // Between two nodes of the chain there are two relationships, so 2^n paths over n links.
  Do("UNWIND range(0, 70) AS i CREATE (:C {i: i})");
  Do("UNWIND range(0, 69) AS i MATCH (a:C {i: i}), (b:C {i: i + 1}) "
     "CREATE (a)-[:NEXT]->(b), (a)-[:NEXT]->(b)");
  const std::string count =
      "MATCH p = allShortestPaths((:C {i: 0})-[*]->(:C {i: $to})) "
      "RETURN length(p), count(*), min(length(p))";
  const auto upto = [&](const std::string& to) {
    return std::string(count).replace(count.find("$to"), 3, to);
  };
  EXPECT_EQ(One(upto("20")), "20 | 1048576 | 20");
  EXPECT_EQ(One(upto("62")), "62 | 4611686018427387904 | 62");
  EXPECT_NE(One(upto("66")).find("ArithmeticError"), std::string::npos) << One(upto("66"));
  EXPECT_EQ(One("MATCH p = shortestPath((:C {i: 0})-[*]->(:C {i: 70})) RETURN length(p)"), "70");
}

TEST_F(ExpandTest, ShortestPathKeepsItsPredicates) {
  Do("CREATE (a:A)-[:R {ok: false}]->(b:B), (a)-[:R {ok: true}]->(:M)-[:R {ok: true}]->(b)");
  EXPECT_EQ(One("MATCH p = shortestPath((:A)-[*]->(:B)) RETURN length(p)"), "1");
  EXPECT_EQ(
      One("MATCH p = shortestPath((:A)-[r*]->(:B)) WHERE all(x IN r WHERE x.ok) RETURN length(p)"),
      "2");
  EXPECT_EQ(Rows("MATCH p = SHORTEST 2 (:A)-[*]->(:B) RETURN length(p)"), (Lines{"1", "2"}));
}

TEST_F(ExpandTest, LongChainsDoNotExhaustTheStack) {
  Do("UNWIND range(0, 3000) AS i CREATE (:C {i: i})");
  Do("CREATE INDEX FOR (c:C) ON (c.i)");
  Do("UNWIND range(0, 2999) AS i MATCH (a:C {i: i}), (b:C {i: i + 1}) CREATE (a)-[:NEXT]->(b)");
  EXPECT_EQ(One("MATCH p = shortestPath((:C {i: 0})-[*]->(:C {i: 3000})) RETURN length(p)"),
            "3000");
  EXPECT_EQ(One("MATCH (:C {i: 0})-[*3000]->(b) RETURN b.i"), "3000");
  EXPECT_EQ(One("MATCH (:C {i: 0})-[*]->(b) RETURN count(DISTINCT b)"), "3000");
}

}  // namespace
}  // namespace kb::query
