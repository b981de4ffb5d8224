// Optional matches, subqueries and unions: order, nulls and what a row sees.
#include "tests/query/exec/ask.h"

namespace kb::query {
namespace {

using ApplyTest = Asking;

TEST_F(ApplyTest, OptionalRowsStayInPlace) {
  Do("CREATE (:A {i: 1}), (:A {i: 2})-[:R]->({x: 5}), (:A {i: 3})");
  EXPECT_EQ(Rows("UNWIND [1, 2, 3] AS i MATCH (a:A {i: i}) OPTIONAL MATCH (a)-->(b) RETURN i, b.x"),
            (Lines{"1 | null", "2 | 5", "3 | null"}));
}

TEST_F(ApplyTest, DistinctNodesAreOneInWhateverBatchTheyCome) {
  Do("CREATE (h:Hub {g: 1}) WITH h UNWIND range(1, 3000) AS i CREATE (h)-[:R]->(:Leaf {i: i})");
  // Some batches hold nodes alone, others nodes and nulls.
  EXPECT_EQ(One("UNWIND range(1, 6000) AS i OPTIONAL MATCH (h:Hub) WHERE i % 4096 <> 0 "
                "RETURN count(DISTINCT h), count(h)"),
            "1 | 5999");
  EXPECT_EQ(Rows("UNWIND range(1, 6000) AS i OPTIONAL MATCH (h:Hub) WHERE i % 4096 <> 0 "
                 "RETURN i % 2 AS g, count(DISTINCT h), count(h) ORDER BY g"),
            (Lines{"0 | 1 | 2999", "1 | 1 | 3000"}));
  EXPECT_EQ(One("MATCH (l:Leaf) WITH l UNWIND [l, 1, 'a', l, 1.0] AS x "
                "RETURN count(DISTINCT x), size(collect(DISTINCT x))"),
            "3002 | 3002");
  EXPECT_EQ(Rows("MATCH (l:Leaf) WHERE l.i <= 2 UNWIND ['a', 1, 'a', l, 1.0, l] AS x "
                 "RETURN l.i, size(collect(DISTINCT x)) ORDER BY l.i"),
            (Lines{"1 | 3", "2 | 3"}));
}

TEST_F(ApplyTest, KeysOfManyKindsGroupByEquivalence) {
  EXPECT_EQ(Rows("UNWIND ['a', 'b', 'a', null, 1, 1.0, null] AS k RETURN k, count(*)"),
            (Lines{"'a' | 2", "'b' | 1", "null | 2", "1 | 2"}));
  Do("UNWIND ['x', 'a longer text than fourteen bytes', 'x', null, 7] AS s CREATE (:S {s: s})");
  EXPECT_EQ(Sorted("MATCH (s:S) RETURN s.s, count(*)"),
            (Lines{"'a longer text than fourteen bytes' | 1", "'x' | 2", "7 | 1", "null | 1"}));
  EXPECT_EQ(Sorted("MATCH (s:S) WHERE s.s STARTS WITH 'x' OR s.s ENDS WITH 'bytes' "
                   "RETURN DISTINCT s.s"),
            (Lines{"'a longer text than fourteen bytes'", "'x'"}));
}

TEST_F(ApplyTest, OptionalMatchOfNullGivesNull) {
  EXPECT_EQ(One("OPTIONAL MATCH (a:Nobody) OPTIONAL MATCH (a)-[r]->(b) RETURN a, r, b"),
            "null | null | null");
}

TEST_F(ApplyTest, SubqueriesCountEachRowsOwn) {
  Do("CREATE (a:A {i: 1}), (b:A {i: 2}), (a)-[:R]->(b), (a)-[:R]->(a)");
  EXPECT_EQ(Rows("MATCH (a:A) RETURN a.i, COUNT { (a)-->() }, EXISTS { (a)<--() }, "
                 "[(a)-->(x) | x.i] ORDER BY a.i"),
            (Lines{"1 | 2 | true | [2, 1]", "2 | 0 | true | []"}));
  EXPECT_EQ(Rows("MATCH (a:A) WHERE (a)-[*]->({i: 2}) RETURN a.i"), (Lines{"1"}));
}

TEST_F(ApplyTest, CallSubqueryAggregatesPerRow) {
  Do("CREATE (a:A {i: 1}), (b:A {i: 2}), (a)-[:R]->(b), (a)-[:R]->(a)");
  EXPECT_EQ(Rows("MATCH (a:A) CALL (a) { MATCH (a)-->(x) RETURN count(x) AS c } "
                 "RETURN a.i, c ORDER BY a.i"),
            (Lines{"1 | 2", "2 | 0"}));
  EXPECT_EQ(Rows("UNWIND [1, 2] AS n CALL (n) { UNWIND range(1, n) AS m RETURN m UNION ALL "
                 "RETURN -n AS m } RETURN n, m"),
            (Lines{"1 | 1", "1 | -1", "2 | 1", "2 | 2", "2 | -2"}));
}

TEST_F(ApplyTest, UnionWithoutAllDropsRepeats) {
  EXPECT_EQ(Rows("RETURN 1 AS x UNION RETURN 1 AS x UNION RETURN 2 AS x"), (Lines{"1", "2"}));
  EXPECT_EQ(Rows("RETURN 1 AS x UNION ALL RETURN 1.0 AS x"), (Lines{"1", "1.0"}));
}

TEST_F(ApplyTest, LimitInASubqueryCountsAnewForEachRow) {
  EXPECT_EQ(Rows("UNWIND [3, 4] AS n CALL (n) { UNWIND range(1, n) AS m RETURN m ORDER BY m DESC "
                 "LIMIT 1 } RETURN n, m"),
            (Lines{"3 | 3", "4 | 4"}));
}

TEST_F(ApplyTest, DistinctInASubqueryIsPerRow) {
  EXPECT_EQ(Rows("UNWIND [1, 2] AS n RETURN COUNT { UNWIND [1, 1, 2] AS m RETURN DISTINCT m }"),
            (Lines{"2", "2"}));
}

}  // namespace
}  // namespace kb::query
