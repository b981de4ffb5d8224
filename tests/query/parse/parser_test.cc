// The parser's promises that a script cannot show: hostile text, spans, where a statement ends.
#include "query/parse/parser.h"

#include <gtest/gtest.h>

#include <random>

#include "schema/base/limits.h"
#include "tests/query/parse/nests.h"

namespace kb::query::parse {
namespace {

const ast::Clause& ClauseOf(const ast::Statement& statement, std::size_t index) {
  return std::get<ast::Query>(statement.node).parts[0].clauses[index];
}

TEST(ParserTest, EveryPartKnowsItsBytes) {
  const std::string text = "MATCH (n:Event) RETURN  n.`a b` + 1 AS x";
  const auto parsed = Parse(text);
  ASSERT_TRUE(parsed.ok());
  const auto& projection = std::get<ast::Return>(ClauseOf(**parsed, 1).node).projection;
  const auto part = [&](Span span) { return text.substr(span.begin, span.end - span.begin); };
  EXPECT_EQ(part(ClauseOf(**parsed, 0).span), "MATCH (n:Event)");
  EXPECT_EQ(part(projection.items[0].expression->span), "n.`a b` + 1");
  EXPECT_EQ(projection.items[0].text, "n.`a b` + 1");
  EXPECT_EQ(part(projection.items[0].alias->span), "x");
}

TEST(ParserTest, AnErrorStandsWhereTheTextCouldNotBeUnderstood) {
  const std::string text = "MATCH (n) WHERE n.age > RETURN n";
  const auto parsed = Parse(text);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code(), ErrorCode::kSyntax);
  EXPECT_EQ(text.substr(parsed.error().span().begin, 6), "RETURN");
}

TEST(ParserTest, AChainOfAndIsNotNested) {
  std::string text = "RETURN true";
  for (int i = 0; i < 20'000; ++i) text += " AND true";
  EXPECT_TRUE(Parse(text).ok());
}

TEST(ParserTest, NestsUpToTheLimitAreRead) {
  for (const Nest& nest : Nests()) {
    EXPECT_TRUE(Parse(nest.Text(50, true)).ok()) << nest.name;
  }
}

TEST(ParserTest, DeeperNestsAreAnErrorThatNamesTheLimit) {
  for (const Nest& nest : Nests()) {
    for (const int depth : {300, 10'000}) {
      const auto parsed = Parse(nest.Text(depth, true));
      ASSERT_FALSE(parsed.ok()) << nest.name;
      EXPECT_EQ(parsed.error().code(), ErrorCode::kLimit) << nest.name;
    }
  }
}

/// Reading twice as deep costs about twice as much, not its square. Work is measured by a text that
/// would take ages if any bracket were read again for each bracket around it.
TEST(ParserTest, UnclosedNestsOfEveryBracketEndAtOnce) {
  for (const Nest& nest : Nests()) {
    for (const int depth : {30, 200}) {
      EXPECT_FALSE(Parse(nest.Text(depth, false)).ok()) << nest.name;
    }
  }
}

TEST(ParserTest, RandomBytesAreAnErrorInsideTheText) {
  std::mt19937 random(20161123);
  for (int round = 0; round < 2'000; ++round) {
    std::string text(random() % 200, ' ');
    for (char& c : text) c = static_cast<char>(random());
    const auto parsed = Parse(text);
    if (parsed.ok()) continue;
    EXPECT_LE(parsed.error().span().end, text.size() + 1);
    EXPECT_FALSE(parsed.error().Format(text).empty());
  }
}

TEST(ParserTest, MegabytesOfGarbageAreAnError) {
  for (const std::string_view unit :
       {"(", "[", "{", "'", "`", "/*", "a ", "+ ", "::", "$", "\xFF"}) {
    std::string text = "RETURN ";
    while (text.size() < 2u << 20) text += unit;
    EXPECT_FALSE(Parse(text).ok()) << unit;
  }
}

TEST(ParserTest, AStatementLongerThanTheLimitIsAnError) {
  std::string text = "RETURN '";
  text.resize(limits::kStatementBytesMax + 1, 'x');
  text += "'";
  const auto parsed = Parse(text);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code(), ErrorCode::kLimit);
}

TEST(ParserTest, AStatementEndsAtItsSemicolonOnly) {
  const auto end = [](std::string_view text) { return FindStatementEnd(text); };
  EXPECT_EQ(end("RETURN 1; RETURN 2;"), 9u);
  EXPECT_EQ(end("RETURN ';' ;"), 12u);
  EXPECT_EQ(end("RETURN \"a\\\";\" ;"), 15u);
  EXPECT_EQ(end("RETURN `;` ;"), 12u);
  EXPECT_EQ(end("RETURN 1 // ;\n;"), 15u);
  EXPECT_EQ(end("RETURN /* ; */ 1;"), 17u);
  EXPECT_EQ(end("RETURN 'a;"), std::string_view::npos);
  EXPECT_EQ(end("RETURN /* ;"), std::string_view::npos);
  EXPECT_EQ(end(""), std::string_view::npos);
}

}  // namespace
}  // namespace kb::query::parse
