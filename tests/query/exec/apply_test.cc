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
