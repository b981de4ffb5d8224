// The shape of bound trees: slots, patterns, projections, subqueries.
#include <algorithm>

#include "query/bind/bound.h"
#include "query/bind/tree.h"
#include "tests/query/bind/bind_fixture.h"

namespace kb::query::bind {
namespace {

template <typename T>
const T& As(const ExpressionPtr& expression) {
  return std::get<T>(expression->node);
}

TEST(BoundTreeTest, EveryVariableHasOneSlotWithItsName) {
  const auto statement = Bound("MATCH (a)-[r:KNOWS]->(b) RETURN a, b.name AS name");
  EXPECT_EQ(statement->slot_count, 4);
  EXPECT_EQ(statement->slot_names, (std::vector<std::string>{"a", "r", "b", "name"}));
  const auto& projection = ClauseOf<Projection>(*statement, 1);
  EXPECT_EQ(projection.items[0].slot, 0);
  EXPECT_EQ(projection.items[1].slot, 3);
  EXPECT_TRUE(projection.is_return);
  EXPECT_EQ(QueryOf(*statement).columns[1].name, "name");
}

TEST(BoundTreeTest, WithKeepsAVariablesSlotAndMakesOneForANewName) {
  const auto statement = Bound("MATCH (a) WITH a, a AS b RETURN a, b");
  const auto& with = ClauseOf<Projection>(*statement, 1);
  EXPECT_EQ(with.items[0].slot, 0);
  EXPECT_EQ(with.items[1].slot, 1);
}

TEST(BoundTreeTest, ANodeMentionedTwiceIsOneEntryWithAllThatIsSaid) {
  const auto statement = Bound("MATCH (a:A)-->(b), (a:B {x: 1})-->(c) RETURN a");
  const auto& pattern = ClauseOf<Match>(*statement, 0).pattern;
  ASSERT_EQ(pattern.nodes.size(), 3u);
  EXPECT_EQ(pattern.nodes[0].labels->op, LabelTest::Op::kAnd);
  EXPECT_EQ(pattern.nodes[0].properties.size(), 1u);
  EXPECT_EQ(pattern.relationships[1].left, 0u);
  EXPECT_EQ(pattern.paths.size(), 2u);
}

TEST(BoundTreeTest, WhatIsKnownBeforeAClauseIsBound) {
  const auto statement = Bound("MATCH (a) MATCH (a)-[r]->(b) RETURN b");
  const auto& pattern = ClauseOf<Match>(*statement, 1).pattern;
  EXPECT_TRUE(pattern.nodes[0].bound);
  EXPECT_FALSE(pattern.nodes[1].bound);
  EXPECT_FALSE(pattern.relationships[0].bound);
}

TEST(BoundTreeTest, TypesJoinedByOrAreAList) {
  const auto statement = Bound("MATCH ()-[r:A|B]->(), ()-[q:!A]->() RETURN r");
  const auto& relationships = ClauseOf<Match>(*statement, 0).pattern.relationships;
  EXPECT_EQ(relationships[0].types, (NameList{"A", "B"}));
  EXPECT_EQ(relationships[0].type_test, nullptr);
  EXPECT_TRUE(relationships[1].types.empty());
  EXPECT_EQ(relationships[1].type_test->op, LabelTest::Op::kNot);
}

TEST(BoundTreeTest, VariableLengthsHaveTheirBounds) {
  const auto statement = Bound(
      "MATCH ()-[:A*]->(), ()-[:A*2]->(), ()-[:A*..5]->(), ()-[:A*0..]->(), ()-[:A]->{1,3}(), "
      "()-[:A]->+() RETURN 1");
  const auto& relationships = ClauseOf<Match>(*statement, 0).pattern.relationships;
  const std::vector<std::pair<std::uint64_t, std::optional<std::uint64_t>>> expected = {
      {1, {}}, {2, 2}, {1, 5}, {0, {}}, {1, 3}, {1, {}}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_TRUE(relationships[i].variable_length);
    EXPECT_EQ(relationships[i].min, expected[i].first) << i;
    EXPECT_EQ(relationships[i].max, expected[i].second) << i;
  }
}

TEST(BoundTreeTest, APathIsMadeOfItsParts) {
  const auto statement = Bound("MATCH p = (a)-[*]->()-[r]-(c) RETURN p");
  const auto& path = ClauseOf<Match>(*statement, 0).pattern.paths[0];
  ASSERT_EQ(path.path.parts.size(), 5u);
  EXPECT_TRUE(path.path.parts[0].is_node);
  EXPECT_TRUE(path.path.parts[1].is_list);
  EXPECT_FALSE(path.path.parts[3].is_list);
  EXPECT_NE(path.slot, kNoSlot);
  EXPECT_EQ(path.name, "p");
}

TEST(BoundTreeTest, AQuantifiedPartHasListsForItsEndsAndAPredicateForAStep) {
  const auto statement =
      Bound("MATCH (s) ((x:A)-[r:KNOWS]->(y) WHERE r.since < y.born){1,5} (t) RETURN x, r");
  const auto& pattern = ClauseOf<Match>(*statement, 0).pattern;
  EXPECT_EQ(pattern.nodes.size(), 2u);
  const auto& step = pattern.relationships[0];
  ASSERT_EQ(step.groups.size(), 2u);
  EXPECT_TRUE(step.groups[0].is_left);
  EXPECT_FALSE(step.groups[1].is_left);
  EXPECT_NE(step.groups[0].inner, step.groups[0].list);
  EXPECT_EQ(step.step_left->name, "A");
  EXPECT_EQ(step.step_right, nullptr);
  EXPECT_NE(step.step_relationship, kNoSlot);
  const auto& less = As<Comparison>(step.step_predicate);
  EXPECT_EQ(As<SlotRef>(As<Property>(less.left).subject).slot, step.step_relationship);
  EXPECT_EQ(As<SlotRef>(As<Property>(less.right).subject).slot, step.groups[1].inner);
  EXPECT_EQ(ClauseOf<Projection>(*statement, 1).items[1].slot, step.slot);
}

TEST(BoundTreeTest, InlineConditionsJoinWhere) {
  const auto statement = Bound("MATCH (n:A WHERE n.x > 1) WHERE n.y < 2 RETURN n");
  EXPECT_EQ(As<Binary>(ClauseOf<Match>(*statement, 0).where).op, ast::BinaryOperator::kAnd);
}

TEST(BoundTreeTest, AConditionInASelectorsBracketsDecidesWhichPathsCount) {
  const auto statement =
      Bound("MATCH SHORTEST 2 (p = (a)-[:R]-+(b) WHERE length(p) > 2) WHERE a.x = 1 RETURN p");
  const auto& match = ClauseOf<Match>(*statement, 0);
  const auto& path = match.pattern.paths[0];
  EXPECT_EQ(path.selector, ast::SelectorKind::kShortest);
  EXPECT_EQ(As<Constant>(path.selector_count).value.integer(), 2);
  EXPECT_NE(path.predicate, nullptr);
  EXPECT_NE(path.slot, kNoSlot);
  EXPECT_TRUE(std::holds_alternative<Comparison>(match.where->node));
}

TEST(BoundTreeTest, LiteralsAreConstants) {
  const auto statement = Bound("RETURN -9223372036854775808 AS a, [1, {x: 'y'}] AS b, 0x1F AS c");
  const auto& items = ClauseOf<Projection>(*statement, 0).items;
  EXPECT_EQ(As<Constant>(items[0].expression).value.integer(), INT64_MIN);
  EXPECT_EQ(As<Constant>(items[1].expression).value.ToText(), "[1, {x: 'y'}]");
  EXPECT_EQ(As<Constant>(items[2].expression).value.integer(), 31);
}

TEST(BoundTreeTest, ComparisonChainsAreConjunctions) {
  const auto statement = Bound("MATCH (n) WHERE 1 < n.x <= 3 RETURN n");
  const auto& both = As<Binary>(ClauseOf<Match>(*statement, 0).where);
  EXPECT_EQ(both.op, ast::BinaryOperator::kAnd);
  EXPECT_EQ(As<Comparison>(both.left).right, As<Comparison>(both.right).left);
}

/// `count` times `operand`, joined by `op`.
std::string Chain(std::string_view operand, std::string_view op, int count) {
  std::string text(operand);
  for (int i = 1; i < count; ++i) text.append(op).append(operand);
  return text;
}

int HeightOf(const Expression& expression) {
  int height = 0;
  ForEachChild(expression.node, [&](const ExpressionPtr& child) {
    if (child) height = std::max(height, HeightOf(*child));
  });
  return height + 1;
}

TEST(BoundTreeTest, ChainsOfConditionsStayLowHoweverLong) {
  for (const std::string& condition : {Chain("n.x = 1", " OR ", 5000), Chain("n.x", " < ", 5000)}) {
    const auto statement = Bound("MATCH (n) WHERE " + condition + " RETURN n");
    EXPECT_LT(HeightOf(*ClauseOf<Match>(*statement, 0).where), 50);
  }
}

TEST(BoundTreeTest, OtherOperatorsHaveALimit) {
  Bound("RETURN " + Chain("1", " + ", 900) + " AS x");
  const auto bound = BindText("RETURN " + Chain("1", " + ", 2000) + " AS x");
  ASSERT_FALSE(bound.ok());
  EXPECT_EQ(bound.error().code(), ErrorCode::kLimit);
}

TEST(BoundTreeTest, AggregatesStayInsideTheirExpressions) {
  const auto statement = Bound("MATCH (n) RETURN n.x AS x, 1 + COUNT(*) AS c");
  const auto& projection = ClauseOf<Projection>(*statement, 1);
  EXPECT_TRUE(projection.aggregates);
  const auto& sum = As<Binary>(projection.items[1].expression);
  EXPECT_EQ(As<Aggregate>(sum.right).function, nullptr);
}

TEST(BoundTreeTest, SortingByAColumnsExpressionAfterDistinctUsesItsSlot) {
  const auto statement = Bound("MATCH (n) RETURN DISTINCT n.x AS x ORDER BY n.x + 1");
  const auto& projection = ClauseOf<Projection>(*statement, 1);
  const auto& sum = As<Binary>(projection.order_by[0].expression);
  EXPECT_EQ(As<SlotRef>(sum.left).slot, projection.items[0].slot);
}

TEST(BoundTreeTest, ReturnOfAllIsInAlphabeticalOrder) {
  const auto statement = Bound("MATCH p = (b)-->(a) RETURN *");
  const auto& columns = QueryOf(*statement).columns;
  ASSERT_EQ(columns.size(), 3u);
  EXPECT_EQ(columns[0].name, "a");
  EXPECT_EQ(columns[1].name, "b");
  EXPECT_EQ(columns[2].name, "p");
}

TEST(BoundTreeTest, UnionMapsColumnsByNameToSlotsOfItsOwn) {
  const auto statement = Bound("RETURN 1 AS a, 2 AS b UNION RETURN 3 AS b, 4 AS a");
  const auto& query = QueryOf(*statement);
  EXPECT_EQ(query.columns[0].name, "a");
  EXPECT_EQ(query.parts[1].columns[0].name, "a");
  EXPECT_NE(query.columns[0].slot, query.parts[0].columns[0].slot);
}

TEST(BoundTreeTest, PatternsInExpressionsAreSubqueries) {
  const auto statement =
      Bound("MATCH (n) WHERE NOT (n)-->(:A) RETURN [(n)-->(m) WHERE m.x | m.y] AS l");
  const auto& exists = As<Subquery>(As<Unary>(ClauseOf<Match>(*statement, 0).where).operand);
  EXPECT_EQ(exists.kind, ast::SubqueryKind::kExists);
  const auto& inner = std::get<Match>(exists.query->parts[0].clauses[0].node);
  EXPECT_TRUE(inner.pattern.nodes[0].bound);
  const auto& list = As<Subquery>(ClauseOf<Projection>(*statement, 1).items[0].expression);
  EXPECT_EQ(list.kind, ast::SubqueryKind::kCollect);
  EXPECT_EQ(list.result, list.query->columns[0].slot);
  EXPECT_EQ(list.query->parts[0].clauses.size(), 2u);
}

TEST(BoundTreeTest, ASubqueryInAnExpressionSeesWhatIsAround) {
  const auto statement =
      Bound("MATCH (n) RETURN COUNT { MATCH (n)-->(m) WITH m WHERE m.x = n.x RETURN m } AS c");
  const auto& count = As<Subquery>(ClauseOf<Projection>(*statement, 1).items[0].expression);
  EXPECT_EQ(count.kind, ast::SubqueryKind::kCount);
  EXPECT_FALSE(statement->writes);
}

TEST(BoundTreeTest, ACalledSubquerySeesOnlyWhatItImports) {
  Bound("MATCH (n) CALL (n) { MATCH (n)-->(m) RETURN count(m) AS c } RETURN c");
  Bound("MATCH (n) CALL { WITH n MATCH (n)-->(m) RETURN count(m) AS c } RETURN c");
  ExpectSyntax("MATCH (n) CALL { RETURN «n».x AS c } RETURN c", "UndefinedVariable");
  const auto statement = Bound("MATCH (n) CALL (*) { CREATE (:Copy {x: n.x}) } RETURN n");
  const auto& call = ClauseOf<CallSubquery>(*statement, 1);
  EXPECT_FALSE(call.returns);
  EXPECT_TRUE(call.query->writes);
  EXPECT_TRUE(statement->writes);
}

TEST(BoundTreeTest, AStandaloneCallTakesParametersAndGivesAllOutputs) {
  const auto statement = Bound("CALL test.add");
  const auto& call = ClauseOf<CallProcedure>(*statement, 0);
  EXPECT_TRUE(call.standalone);
  EXPECT_EQ(call.arguments.size(), 2u);
  EXPECT_EQ(statement->parameters, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(QueryOf(*statement).columns.size(), 2u);
}

TEST(BoundTreeTest, ShowIsACall) {
  const auto statement = Bound("SHOW INDEXES");
  EXPECT_EQ(ClauseOf<CallProcedure>(*statement, 0).procedure->name, "db.indexes");
  EXPECT_EQ(QueryOf(*statement).columns[1].name, "label");
}

TEST(BoundTreeTest, ShortestPathAsAnExpressionIsTheFirstPathFound) {
  const auto statement = Bound("MATCH (a), (b) RETURN shortestPath((a)-[:R*]-(b)) AS p");
  const auto& first = As<Subscript>(ClauseOf<Projection>(*statement, 1).items[0].expression);
  const auto& found = As<Subquery>(first.subject);
  const auto& match = std::get<Match>(found.query->parts[0].clauses[0].node);
  EXPECT_EQ(match.pattern.paths[0].shortest, ast::ShortestForm::kSingle);
  EXPECT_EQ(match.pattern.paths[0].slot, found.result);
}

TEST(BoundTreeTest, SetAndRemoveAreItems) {
  const auto statement = Bound("MATCH (n) SET n.x = 1, n += {y: 2}, n:A:B REMOVE n.x, n:A");
  const auto& set = ClauseOf<Set>(*statement, 1);
  EXPECT_EQ(std::get<SetProperty>(set.items[0]).key, "x");
  EXPECT_TRUE(std::get<SetProperties>(set.items[1]).merge);
  EXPECT_EQ(std::get<SetLabels>(set.items[2]).labels, (NameList{"A", "B"}));
  const auto& remove = ClauseOf<Set>(*statement, 2);
  EXPECT_TRUE(As<Constant>(std::get<SetProperty>(remove.items[0]).value).value.is_null());
  EXPECT_TRUE(statement->writes);
}

TEST(BoundTreeTest, ExistsOfAPropertyIsANullTest) {
  const auto statement = Bound("MATCH (n) WHERE exists(n.x) RETURN n");
  EXPECT_TRUE(As<IsNull>(ClauseOf<Match>(*statement, 0).where).negated);
}

TEST(BoundTreeTest, AnIndexWithoutANameGetsOne) {
  const auto statement = Bound("CREATE INDEX FOR (p:Person) ON (p.name)");
  EXPECT_EQ(std::get<CreateIndex>(statement->node).name, "index_Person_name");
  EXPECT_TRUE(statement->writes);
}

TEST(BoundTreeTest, ParametersAreListedOnce) {
  EXPECT_EQ(Bound("RETURN $a + $b + $a")->parameters, (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace kb::query::bind
