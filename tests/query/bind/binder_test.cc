// Every compile-time error: its type, detail and exact place.
#include "query/bind/binder.h"

#include "tests/query/bind/bind_fixture.h"

namespace kb::query::bind {
namespace {

TEST(BinderTest, AVariableThatIsNotDefinedIsNamedWithThoseThatAre) {
  ExpectSyntax("MATCH (p:Person) WHERE «q».age > 30 RETURN p", "UndefinedVariable",
               "variables known here: p");
  ExpectSyntax("MATCH (person) RETURN «persn».name", "UndefinedVariable", "did you mean person?");
  ExpectSyntax("RETURN «foo»", "UndefinedVariable");
  ExpectSyntax("MATCH (a), (b) WITH a ORDER BY a.x RETURN «b»", "UndefinedVariable");
  ExpectSyntax("MERGE (n) ON MATCH SET «x».num = 1", "UndefinedVariable");
  ExpectSyntax("CREATE (b {name: «missing»})", "UndefinedVariable");
  ExpectSyntax("MATCH (n) WHERE (n)-[«r»]->() RETURN n", "UndefinedVariable");
  ExpectSyntax("MATCH (n) WHERE (n)-->(«a») RETURN n", "UndefinedVariable");
}

TEST(BinderTest, CreateReadsWhatItHasMadeSoFar) {
  Bound("CREATE (a {x: 1}), (b {x: a.x})");
  Bound("CREATE (a)-[:R {x: b.x}]->(b {x: 1})");
  ExpectSyntax("CREATE (b {x: «a».x}), (a {x: 1})", "UndefinedVariable");
  ExpectSyntax("MERGE (a {x: 1})-[:R {x: «a».x}]->(b)", "UndefinedVariable");
}

TEST(BinderTest, ANameIsDefinedOnce) {
  ExpectSyntax("MATCH (a) UNWIND [1] AS «a» RETURN a", "VariableAlreadyBound");
  ExpectSyntax("MATCH (a) CREATE («a»)", "VariableAlreadyBound");
  ExpectSyntax("CREATE (n:Foo)-[:T]->(), («n»:Bar)-[:T]->()", "VariableAlreadyBound");
  ExpectSyntax("MATCH (n) CREATE («n» {})-[:T]->()", "VariableAlreadyBound");
  ExpectSyntax("MATCH ()-[r]->() CREATE ()-[«r»]->()", "VariableAlreadyBound");
  ExpectSyntax("MATCH (a) MERGE («a»)", "VariableAlreadyBound");
  ExpectSyntax("MATCH (p) MATCH «p» = ()-->() RETURN p", "VariableAlreadyBound");
  ExpectSyntax("MATCH «p» = ()-[p]-() RETURN p", "VariableAlreadyBound");
  ExpectSyntax("WITH 'x' AS label CALL test.labels() YIELD «label» RETURN *",
               "VariableAlreadyBound");
  ExpectSyntax("MATCH (a) CALL { RETURN 1 AS «a» } RETURN a", "VariableAlreadyBound");
}

TEST(BinderTest, ANameStandsForOneKindOfThing) {
  ExpectSyntax("MATCH ()-[r]-() MATCH («r») RETURN r", "VariableTypeConflict");
  ExpectSyntax("MATCH (r) MATCH ()-[«r»]-() RETURN r", "VariableTypeConflict");
  ExpectSyntax("MATCH r = ()-[]-(), («r») RETURN r", "VariableTypeConflict");
  ExpectSyntax("WITH 123 AS n MATCH («n») RETURN n", "VariableTypeConflict");
  ExpectSyntax("WITH [] AS r MATCH ()-[«r»]-() RETURN r", "VariableTypeConflict");
  ExpectSyntax("MATCH ()-[r*]-()-[«r»]-() RETURN r", "VariableTypeConflict");
}

TEST(BinderTest, ARelationshipStandsOnceInAPattern) {
  ExpectSyntax("MATCH (a)-[r]->()-[«r»]->(a) RETURN r", "RelationshipUniquenessViolation");
}

TEST(BinderTest, ColumnsHaveDifferentNames) {
  ExpectSyntax("RETURN 1 AS a, 2 AS «a»", "ColumnNameConflict");
  ExpectSyntax("WITH 1 AS a, 2 AS «a» RETURN a", "ColumnNameConflict");
}

TEST(BinderTest, AnExpressionInWithNeedsAName) {
  ExpectSyntax("MATCH (a) WITH a, «count(*)» RETURN a", "NoExpressionAlias");
}

TEST(BinderTest, AggregatesStandInProjectionsOnly) {
  ExpectSyntax("MATCH (a) WHERE «count(a)» > 10 RETURN a", "InvalidAggregation");
  ExpectSyntax("MATCH (n) RETURN [x IN [1] | «count(*)»]", "InvalidAggregation");
  ExpectSyntax("MATCH (n) RETURN n.x ORDER BY «max(n.y)»", "InvalidAggregation");
  ExpectSyntax("MATCH (n) CALL test.add(«count(n)», 1.0) YIELD sum RETURN sum",
               "InvalidAggregation");
  ExpectSyntax("RETURN count(«count(*)»)", "NestedAggregation");
}

TEST(BinderTest, BesideAnAggregateOnlySimpleGroupingColumnsStand) {
  ExpectSyntax("MATCH (a)--(b) RETURN «a».age + count(b)", "AmbiguousAggregationExpression");
  ExpectSyntax("MATCH (a)--(b) RETURN a.age + b.age, «a».age + b.age + count(*)",
               "AmbiguousAggregationExpression");
  ExpectSyntax(
      "MATCH (a)--(b) RETURN a.age + b.age, count(*) AS c ORDER BY «a.age + b.age» + count(*)",
      "AmbiguousAggregationExpression");
  Bound("MATCH (a)--(b) RETURN a.age, a.age + count(b)");
  Bound("MATCH (a)--(b) RETURN a, a.age + count(b)");
  Bound("MATCH (a)--(b) RETURN a.age AS age, count(b) AS n ORDER BY a.age + count(b)");
}

TEST(BinderTest, AfterAggregationOrDistinctOnlyColumnsAreLeftToSortBy) {
  ExpectSyntax("MATCH (a) RETURN DISTINCT a.name ORDER BY «a».age", "UndefinedVariable");
  ExpectSyntax("MATCH (a)--(b) RETURN count(b) AS n ORDER BY «a».age + count(b)",
               "UndefinedVariable");
  ExpectSyntax("MATCH (a) WITH a.x AS x, min(a.y) AS m ORDER BY sum(«a».z) RETURN x",
               "UndefinedVariable");
  Bound("MATCH (a) RETURN DISTINCT a.name ORDER BY a.name");
  Bound("MATCH (a) RETURN a.name ORDER BY a.age");
  Bound("MATCH (a) WITH DISTINCT a.name AS name WHERE a.name = 'B' RETURN name");
  ExpectSyntax("MATCH (a) WITH DISTINCT a.name AS name WHERE «a».age > 1 RETURN name",
               "UndefinedVariable");
}

TEST(BinderTest, ClausesFollowEachOther) {
  ExpectSyntax("RETURN 1 AS a UNION RETURN 2 AS a UNION ALL «RETURN 3 AS a»",
               "InvalidClauseComposition");
  ExpectSyntax("MATCH (n) WHERE EXISTS { MATCH (n)-->(m) «SET m.x = 1» } RETURN n",
               "InvalidClauseComposition");
  ExpectSyntax("«MATCH (n)»", "InvalidClauseComposition");
  ExpectSyntax("MATCH (n) FOREACH (x IN [1] | «MATCH (m)») RETURN n", "InvalidClauseComposition");
}

TEST(BinderTest, PartsOfAUnionGiveTheSameColumns) {
  ExpectSyntax("RETURN 1 AS a UNION «RETURN 2 AS b»", "DifferentColumnsInUnion");
}

TEST(BinderTest, DeleteTakesWholeThings) {
  ExpectSyntax("MATCH (n) DELETE «n:Person»", "InvalidDelete");
  ExpectSyntax("MATCH () DELETE «1 + 1»", "InvalidArgumentType");
}

TEST(BinderTest, ARelationshipToCreateHasOneTypeOneDirectionAndOneStep) {
  ExpectSyntax("CREATE (a)«-[:FOO]-»(b)", "RequiresDirectedRelationship");
  ExpectSyntax("CREATE ()«-[:FOO*2]->»()", "CreatingVarLength");
  ExpectSyntax("CREATE ()«-->»()", "NoSingleRelationshipType");
  ExpectSyntax("MATCH (a), (b) MERGE (a)«-[NO_COLON]->»(b)", "NoSingleRelationshipType");
}

TEST(BinderTest, AParameterIsNoPatternToMatch) {
  ExpectSyntax("MERGE (n «$param»)", "InvalidParameterUse");
  ExpectSyntax("MATCH (n «$param») RETURN n", "InvalidParameterUse");
  ExpectSyntax("MATCH ()-[r:FOO «$param»]->() RETURN r", "InvalidParameterUse");
  EXPECT_NE(ClauseOf<Create>(*Bound("CREATE (n $param)"), 0).pattern.nodes[0].properties_map,
            nullptr);
}

TEST(BinderTest, SkipAndLimitAreNumbersThatDependOnNothing) {
  ExpectSyntax("MATCH (n) RETURN n SKIP «n».count", "NonConstantExpression");
  ExpectSyntax("MATCH (n) RETURN n LIMIT «-1»", "NegativeIntegerArgument");
  ExpectSyntax("MATCH (n) RETURN n SKIP «1.5»", "InvalidArgumentType");
  ExpectSyntax("RETURN count(«rand()»)", "NonConstantExpression");
}

TEST(BinderTest, CertainlyWrongKindsAreErrors) {
  ExpectSyntax("RETURN NOT «1»", "InvalidArgumentType");
  ExpectSyntax("RETURN true AND «'x'»", "InvalidArgumentType");
  ExpectSyntax("RETURN 1 IN «'x'»", "InvalidArgumentType");
  ExpectSyntax("MATCH (n) WHERE «(n)» RETURN n", "InvalidArgumentType");
  ExpectSyntax("MATCH (n) RETURN length(«n»)", "InvalidArgumentType");
  ExpectSyntax("MATCH p = (a)-[*]->(b) RETURN size(«p»)", "InvalidArgumentType");
  ExpectSyntax("RETURN none(x IN ['Clara'] WHERE «x» % 2 = 0)", "InvalidArgumentType");
  ExpectSyntax("MATCH r = ()-->() WHERE «r».name = 'a' RETURN r", "InvalidArgumentType");
  ExpectError("WITH 123 AS n RETURN «n».num", ErrorCode::kType, "InvalidArgumentType");
  ExpectError("WITH 123 AS n RETURN «n»[0]", ErrorCode::kType, "InvalidArgumentType");
  ExpectError("WITH [1] AS n RETURN n[«'x'»]", ErrorCode::kType, "InvalidArgumentType");
  Bound("WITH null AS n RETURN n.num, NOT n, n[0]");
  Bound("RETURN [x IN [1, null] WHERE x]");
}

TEST(BinderTest, NumbersFitTheirTypes) {
  ExpectSyntax("RETURN «9223372036854775808»", "IntegerOverflow");
  ExpectSyntax("RETURN «-9223372036854775809»", "IntegerOverflow");
  ExpectSyntax("RETURN «0x8000000000000000»", "IntegerOverflow");
  ExpectSyntax("RETURN «1.34E999»", "FloatingPointOverflow");
}

TEST(BinderTest, ReturnOfAllNeedsVariables) {
  ExpectSyntax("MATCH () «RETURN *»", "NoVariablesInScope");
}

TEST(BinderTest, FunctionsExistAndTakeTheirArguments) {
  ExpectSyntax("RETURN «toUper»('x')", "UnknownFunction", "did you mean toUpper()?");
  ExpectSyntax("RETURN «toUpper»('x', 'y')", "InvalidNumberOfArguments");
}

TEST(BinderTest, ProceduresExistAndTakeTheirArguments) {
  ExpectError("CALL «test.nothing»() YIELD x RETURN x", ErrorCode::kProcedure, "ProcedureNotFound");
  ExpectSyntax("CALL «test.add»(1)", "InvalidNumberOfArguments");
  ExpectSyntax("CALL test.add(«true», 1.0)", "InvalidArgumentType");
  ExpectSyntax("CALL «test.add» YIELD sum RETURN sum", "InvalidArgumentPassingMode");
  ExpectSyntax("CALL test.add(1, 2) YIELD «product» RETURN 1", "UndefinedVariable",
               "it yields sum, text");
}

TEST(BinderTest, APatternIsNoValue) {
  ExpectSyntax("MATCH (a) RETURN size(«(a)-->()»)", "UnexpectedSyntax");
  ExpectSyntax("MATCH (n) RETURN «(n)-[]->()»", "UnexpectedSyntax");
}

TEST(BinderTest, AMapHasAnyKeyButAPropertyHasAName) {
  Bound("RETURN {``: 1}");
  ExpectSyntax("CREATE ({«``»: 1})", "UnexpectedSyntax");
}

TEST(BinderTest, AnIndexIsOverPropertiesOfItsVariable) {
  ExpectSyntax("CREATE INDEX FOR (p:Person) ON («q».name)", "UndefinedVariable",
               "variables known here: p");
}

}  // namespace
}  // namespace kb::query::bind
