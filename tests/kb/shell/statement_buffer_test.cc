// Statements and commands are cut where they end, line by line.
#include "kb/shell/statement_buffer.h"

#include <gtest/gtest.h>

namespace kb::shell {
namespace {

/// Feeds whole text; each input as "line:text", commands in brackets; the rest, if any, last.
std::string Cut(std::string_view text) {
  StatementBuffer buffer;
  std::string cut;
  Input input;
  const auto show = [&] {
    const std::string shown = std::to_string(input.line) + ":" + input.text;
    cut += input.is_command ? "[" + shown + "] " : shown + " | ";
  };
  buffer.Add(text);
  while (buffer.Next(&input)) show();
  if (buffer.TakeRest(&input)) show();
  return cut;
}

TEST(StatementBufferTest, StatementsEndWithASemicolon) {
  EXPECT_EQ(Cut("RETURN 1; RETURN\n2;\nRETURN 3"), "1:RETURN 1 | 1:RETURN\n2 | 3:RETURN 3 | ");
}

TEST(StatementBufferTest, SemicolonsInTextNamesAndCommentsDoNotCount) {
  EXPECT_EQ(Cut("RETURN ';' AS `;` /* ; */ // ;\n;"), "1:RETURN ';' AS `;` /* ; */ // ; | ");
}

TEST(StatementBufferTest, CommandsTakeTheirLine) {
  EXPECT_EQ(Cut(":mode csv\nRETURN 1;\n.help\n"), "[1::mode csv] 2:RETURN 1 | [3:.help] ");
  EXPECT_EQ(Cut("// first\n:mode csv\n"), "[2::mode csv] ");
}

TEST(StatementBufferTest, AColonInsideAStatementIsNoCommand) {
  EXPECT_EQ(Cut("MATCH (n\n:Person) RETURN n;"), "1:MATCH (n\n:Person) RETURN n | ");
}

TEST(StatementBufferTest, EmptyStatementsAreSkipped) { EXPECT_EQ(Cut(";;\n // nothing\n;"), ""); }

TEST(StatementBufferTest, NothingIsTakenBeforeTheStatementIsComplete) {
  StatementBuffer buffer;
  Input input;
  buffer.Add("MATCH (n)");
  EXPECT_FALSE(buffer.Next(&input));
  EXPECT_FALSE(buffer.empty());
  buffer.Add("RETURN n;");
  ASSERT_TRUE(buffer.Next(&input));
  EXPECT_EQ(input.text, "MATCH (n)\nRETURN n");
  EXPECT_FALSE(buffer.Next(&input));
  EXPECT_TRUE(buffer.empty());
}

TEST(StatementBufferTest, ClearForgetsWhatWasBegun) {
  StatementBuffer buffer;
  Input input;
  buffer.Add("RETURN 'unfinished");
  buffer.Clear();
  EXPECT_TRUE(buffer.empty());
  buffer.Add("RETURN 1;");
  ASSERT_TRUE(buffer.Next(&input));
  EXPECT_EQ(input.text, "RETURN 1");
}

}  // namespace
}  // namespace kb::shell
