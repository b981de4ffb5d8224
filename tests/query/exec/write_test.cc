// Writing operators: what rows see, what nulls do, what is counted.
#include "tests/query/exec/ask.h"

namespace kb::query {
namespace {

using WriteTest = Asking;

TEST_F(WriteTest, LimitDoesNotStopWrites) {
  EXPECT_EQ(Rows("UNWIND range(1, 5000) AS i CREATE (n:N {i: i}) RETURN n.i LIMIT 2"),
            (Lines{"1", "2"}));
  EXPECT_EQ(counters_.nodes_created, 5000u);
  EXPECT_EQ(Rows("CREATE (n:M) RETURN n LIMIT 0"), Lines{});
  EXPECT_EQ(One("MATCH (m:M) RETURN count(*)"), "1");
}

TEST_F(WriteTest, MergeSeesWhatEarlierRowsMade) {
  Do("UNWIND [1, 2, 1, 1.0, 2] AS i MERGE (n:N {i: i}) ON CREATE SET n.made = 1 "
     "ON MATCH SET n.met = coalesce(n.met, 0) + 1");
  EXPECT_EQ(Rows("MATCH (n:N) RETURN n.i, n.made, n.met ORDER BY n.i"),
            (Lines{"1 | 1 | 2", "2 | 1 | 1"}));
}

TEST_F(WriteTest, MergeOfNullIsAnError) {
  EXPECT_EQ(One("MERGE (n:N {i: null})"), "SemanticError MergeReadOwnWrites");
}

TEST_F(WriteTest, SetGoesRowByRow) {
  Do("CREATE (:C {n: 0})");
  Do("MATCH (c:C) UNWIND range(1, 10) AS i SET c.n = c.n + i");
  EXPECT_EQ(One("MATCH (c:C) RETURN c.n"), "55");
  Do("MATCH (c:C) SET c.n = 1, c.m = c.n + 1");
  EXPECT_EQ(One("MATCH (c:C) RETURN c.m"), "2");
}

TEST_F(WriteTest, SetFromMapReplacesAndMerges) {
  Do("CREATE (:C {a: 1, b: 2})");
  Do("MATCH (c:C) SET c += {b: 3, d: 4}");
  EXPECT_EQ(One("MATCH (c:C) RETURN c"), "(:C {a: 1, b: 3, d: 4})");
  Do("MATCH (c:C) SET c = {b: null, e: 5}");
  EXPECT_EQ(One("MATCH (c:C) RETURN c"), "(:C {e: 5})");
}

TEST_F(WriteTest, SettingOnNullDoesNothing) {
  EXPECT_EQ(One("OPTIONAL MATCH (a:No) SET a.x = 1, a:L REMOVE a.y RETURN a"), "null");
  EXPECT_FALSE(counters_.any());
}

TEST_F(WriteTest, DeletingAConnectedNodeIsAnErrorAtTheEnd) {
  Do("CREATE (:A)-[:R]->(:B)");
  EXPECT_EQ(One("MATCH (a:A) DELETE a"), "ConstraintVerificationFailed DeleteConnectedNode");
  Do("MATCH (a:A)-[r]->(b) DELETE a, r, b");
  EXPECT_EQ(One("MATCH (n) RETURN count(*)"), "0");
  Do("CREATE (:A)-[:R]->(:B)");
  Do("MATCH (a:A) DETACH DELETE a");
  EXPECT_EQ(counters_.relationships_deleted, 1u);
}

TEST_F(WriteTest, DeletedNodeIsDescribedAsItWas) {
  Do("CREATE (:A {x: 1})");
  EXPECT_EQ(One("MATCH (a:A) DELETE a RETURN a"), "(:A {x: 1})");
  Do("CREATE (:A {x: 1})");
  EXPECT_EQ(One("MATCH (a:A) DELETE a RETURN a.x"), "EntityNotFound DeletedEntityAccess");
}

TEST_F(WriteTest, ForeachRunsItsBodyInOrder) {
  Do("FOREACH (i IN range(1, 3000) | CREATE (:N {i: i}))");
  EXPECT_EQ(One("MATCH (n:N) RETURN count(*), max(n.i)"), "3000 | 3000");
  Do("FOREACH (i IN [1, 1, 2] | MERGE (m:M {i: i}) SET m.n = coalesce(m.n, 0) + 1)");
  EXPECT_EQ(Rows("MATCH (m:M) RETURN m.i, m.n ORDER BY m.i"), (Lines{"1 | 2", "2 | 1"}));
}

TEST_F(WriteTest, CreatedPathsComeBack) {
  EXPECT_EQ(
      One("CREATE p = (a:A)<-[:R]-(b:B) RETURN length(p), labels(startNode(relationships(p)[0]))"),
      "1 | ['B']");
}

TEST_F(WriteTest, TextReadBeforeAWriteStaysTrue) {
  Do("UNWIND range(1, 300) AS i CREATE (:T {name: 'a text that is longer than fourteen bytes ' + "
     "i})");
  Do("MATCH (t:T) SET t.copy = t.name, t.name = 'short'");
  EXPECT_EQ(One("MATCH (t:T) RETURN count(DISTINCT t.copy), count(DISTINCT t.name)"), "300 | 1");
  EXPECT_EQ(
      One("MATCH (t:T) WITH t, t.copy AS c SET t.copy = 'gone' WITH c RETURN count(DISTINCT c)"),
      "300");
}

}  // namespace
}  // namespace kb::query
