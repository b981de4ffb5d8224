// A printed tree is the tree: parsing it gives the same text again, and the same plan.
#include "query/ast/print.h"

#include <gtest/gtest.h>

#include "query/algo/procedure.h"
#include "query/bind/binder.h"
#include "query/parse/parser.h"
#include "query/plan/planner.h"
#include "storage/store.h"
#include "tests/golden_script.h"

namespace kb::query::ast {
namespace {

std::string PrintText(const std::string& text) {
  const auto parsed = parse::Parse(text);
  return parsed.ok() ? Print(**parsed) : parsed.error().Format(text);
}

struct Spelling {
  const char* written;
  const char* printed;
};

class SpellingTest : public testing::TestWithParam<Spelling> {};

TEST_P(SpellingTest, HasOneCanonicalForm) {
  EXPECT_EQ(PrintText(GetParam().written), GetParam().printed);
  EXPECT_EQ(PrintText(GetParam().printed), GetParam().printed);
}

INSTANTIATE_TEST_SUITE_P(
    Expressions, SpellingTest,
    testing::Values(
        Spelling{"return 1+2*3-4", "RETURN 1 + 2 * 3 - 4"},
        Spelling{"RETURN (1+2)*3, ((4))", "RETURN (1 + 2) * 3, (4)"},
        Spelling{"RETURN -2^2, - -x, +y", "RETURN -2 ^ 2, --x, +y"},
        Spelling{"RETURN not a and b xor c or d", "RETURN NOT a AND b XOR c OR d"},
        Spelling{"RETURN 1<a<=b<>c", "RETURN 1 < a <= b <> c"},
        Spelling{"RETURN a in [1] is not null", "RETURN a IN [1] IS NOT NULL"},
        Spelling{"RETURN a starts with 'x', a ends with \"it's\", a contains '', a=~'.*'",
                 "RETURN a STARTS WITH 'x', a ENDS WITH 'it\\'s', a CONTAINS '', a =~ '.*'"},
        Spelling{"RETURN [(x in xs)], [x in xs], [x in xs where x>1|x+1]",
                 "RETURN [(x IN xs)], [x IN xs], [x IN xs WHERE x > 1 | x + 1]"},
        Spelling{"RETURN n:A|B, n:A:B&!C, n IS LABELED %, n is not labeled A",
                 "RETURN n:(A|B), n:(A&(B&!C)), n:%, NOT n:A"},
        Spelling{"RETURN a.b.`c d`[0][1..][..2][..]", "RETURN a.b.`c d`[0][1 .. ][ .. 2][ .. ]"},
        Spelling{"RETURN count(*), collect(distinct x), duration.between(a,b)",
                 "RETURN count(*), collect(DISTINCT x), duration.between(a, b)"},
        Spelling{"RETURN n{.a,.*,b:1,c}, {`x y`:1,b:[]}",
                 "RETURN n {.a, .*, b: 1, c}, {`x y`: 1, b: []}"},
        Spelling{"RETURN case x when 1 then 2 else 3 end, case when a then b end",
                 "RETURN CASE x WHEN 1 THEN 2 ELSE 3 END, CASE WHEN a THEN b END"},
        Spelling{"RETURN all(x in l where x), none(x in l where x), reduce(a=0,x in l|a+x)",
                 "RETURN all(x IN l WHERE x), none(x IN l WHERE x), reduce(a = 0, x IN l | a + x)"},
        Spelling{"RETURN allReduce(a=0,x in l|a+x,a<9)",
                 "RETURN allReduce(a = 0, x IN l | a + x, a < 9)"},
        Spelling{"RETURN $0, $name, $`a b`, 0x1F, 1e3, .5, true, null",
                 "RETURN $0, $name, $`a b`, 0x1F, 1e3, .5, TRUE, NULL"},
        Spelling{"RETURN `count`{.a} as `match`, `all`", "RETURN `count` {.a} AS `match`, `all`"},
        Spelling{"RETURN a||b, 7%2/3", "RETURN a || b, 7 % 2 / 3"},
        Spelling{"RETURN (a)-->(b), [(a)-->(b)|b.x], [p=(a)--(b) where a.x|p]",
                 "RETURN (a)-->(b), [(a)-->(b) | b.x], [p = (a)--(b) WHERE a.x | p]"},
        Spelling{"RETURN exists{(a)-->(b) where b.x}, count{match (a) return a}",
                 "RETURN EXISTS { MATCH (a)-->(b) WHERE b.x }, COUNT { MATCH (a) RETURN a }"}));

INSTANTIATE_TEST_SUITE_P(
    Patterns, SpellingTest,
    testing::Values(
        Spelling{"MATCH (n:A|B{x:1} where n.y)<-[r:S|T*1..3]-()--(m) RETURN *",
                 "MATCH (n:A|B {x: 1} WHERE n.y)<-[r:S|T*1..3]-()--(m) RETURN *"},
        Spelling{"MATCH ()-[*]->()<-[*2]-()-[*..4]-()<-[*3..]->() RETURN 1",
                 "MATCH ()-[*]->()<-[*2]-()-[*..4]-()-[*3..]-() RETURN 1"},
        Spelling{"MATCH p=any shortest trail (a)-[:R]->+(b) RETURN p",
                 "MATCH p = ANY SHORTEST TRAIL (a)-[:R]->{1,}(b) RETURN p"},
        Spelling{"MATCH shortest 2 paths groups (a)((x)-[r]->(y) where x.z){,3}(b) RETURN r",
                 "MATCH SHORTEST 2 GROUPS (a)((x)-[r]->(y) WHERE x.z){0,3}(b) RETURN r"},
        Spelling{"MATCH repeatable elements (a)-[:R]-{2}(b), (c $m) RETURN a",
                 "MATCH REPEATABLE ELEMENTS (a)-[:R]-{2}(b), (c $m) RETURN a"},
        Spelling{"MATCH p=shortestPath((a)-[*]-(b)), q=allShortestPaths((a)-[:R*]->(b)) RETURN p",
                 "MATCH p = shortestPath((a)-[*]-(b)), q = allShortestPaths((a)-[:R*]->(b)) "
                 "RETURN p"}));

INSTANTIATE_TEST_SUITE_P(
    Clauses, SpellingTest,
    testing::Values(
        Spelling{"with distinct a as b,c order by b desc,c asc skip 1 limit 2 where b return *",
                 "WITH DISTINCT a AS b, c ORDER BY b DESC, c SKIP 1 LIMIT 2 WHERE b RETURN *"},
        Spelling{"let x=1 filter x>0 for y in [x] return y",
                 "WITH *, 1 AS x WITH * WHERE x > 0 UNWIND [x] AS y RETURN y"},
        Spelling{"insert (a:A{x:1})-[:R]->(b) set a.x=2,a:B:C,a+={y:1},b=a remove a.x,a:B",
                 "CREATE (a:A {x: 1})-[:R]->(b) SET a.x = 2, a:B:C, a += {y: 1}, b = a "
                 "REMOVE a.x, a:B"},
        Spelling{"merge (a) on match set a.x=1 on create set a.y=2",
                 "MERGE (a) ON CREATE SET a.y = 2 ON MATCH SET a.x = 1"},
        Spelling{"foreach (x in [1]|create (:A) set n.x=x) detach delete n",
                 "FOREACH (x IN [1] | CREATE (:A) SET n.x = x) DETACH DELETE n"},
        Spelling{"call kb.algo.components() yield node as n, component where n.x return n",
                 "CALL kb.algo.components() YIELD node AS n, component WHERE n.x RETURN n"},
        Spelling{"call (x,y){return 1 as z} call (*){finish} return 1 union all return 2",
                 "CALL (x, y) { RETURN 1 AS z } CALL (*) { FINISH } RETURN 1 UNION ALL RETURN 2"},
        Spelling{"load csv with headers from 'f' as row fieldterminator ';' return row",
                 "LOAD CSV WITH HEADERS FROM 'f' AS row FIELDTERMINATOR ';' RETURN row"},
        Spelling{"explain optional match (a) return a", "EXPLAIN OPTIONAL MATCH (a) RETURN a"},
        Spelling{"create index if not exists for (n:A) on (n.x)",
                 "CREATE INDEX IF NOT EXISTS FOR (n:A) ON (n.x)"}));

/// The plan before the optimiser; nothing for what has none.
std::string PlanOf(const std::string& text, std::vector<std::string>* columns) {
  static const auto store = storage::Store::InMemory();
  const storage::View view = store->Present();
  const auto parsed = parse::Parse(text);
  if (!parsed.ok()) return "";
  const bind::Environment environment{&view.catalog(), algo::FindProcedure};
  auto bound = bind::Bind(**parsed, environment);
  if (!bound.ok()) return "";
  if (const auto* query = std::get_if<bind::QueryPtr>(&(*bound)->node)) {
    for (const auto& column : (*query)->columns) columns->push_back(column.name);
  }
  const auto plan = plan::MakePlan(std::move(bound).value());
  return plan.ok() ? plan::Print(*plan) : "";
}

TEST(PrintTest, EveryGoldenStatementMeansWhatItsPrintedFormMeans) {
  int plans = 0;
  for (const auto& path : golden::Scripts(KB_GOLDEN_DIR)) {
    for (const auto& command : golden::ReadScript(path).commands) {
      const auto parsed = parse::Parse(command.statement);
      if (!parsed.ok()) continue;
      const std::string printed = Print(**parsed);
      EXPECT_EQ(PrintText(printed), printed) << command.statement;
      std::vector<std::string> columns;
      std::vector<std::string> printed_columns;
      const std::string plan = PlanOf(command.statement, &columns);
      const std::string again = PlanOf(printed, &printed_columns);
      if (columns != printed_columns) continue;  // a column named by how its expression is written
      EXPECT_EQ(again, plan) << command.statement << "\n" << printed;
      if (!plan.empty()) ++plans;
    }
  }
  EXPECT_GT(plans, 40);
}

}  // namespace
}  // namespace kb::query::ast
