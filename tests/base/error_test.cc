#include "schema/base/error.h"

#include <gtest/gtest.h>

#include "schema/base/text.h"

namespace kb {
namespace {

TEST(ErrorTest, AnErrorReadsTypeMessageDetailPlaceAndHelp) {
  const std::string_view text = "MATCH (p:Person) WHERE q.age > 30 RETURN p";
  const Error error = SyntaxError("variable `{}` is not defined", "q")
                          .Detail("UndefinedVariable")
                          .At({23, 24})
                          .Hint("variables known here: p");
  EXPECT_EQ(error.Format(text),
            "SyntaxError: variable `q` is not defined (UndefinedVariable)\n"
            "  line 1, column 24\n"
            "  1 | MATCH (p:Person) WHERE q.age > 30 RETURN p\n"
            "    |                        ^\n"
            "  help: variables known here: p");
}

TEST(ErrorTest, CaretsCoverTheSpanOnItsLine) {
  EXPECT_EQ(SyntaxError("found \"RETRUN\"").At({10, 16}).Format("MATCH (n)\nRETRUN p.name\n"),
            "SyntaxError: found \"RETRUN\"\n"
            "  line 2, column 1\n"
            "  2 | RETRUN p.name\n"
            "    | ^^^^^^");
}

TEST(ErrorTest, CaretsCountDisplayColumns) {
  const std::string_view text = "RETURN '日本' + x";
  const auto at = static_cast<std::uint32_t>(text.find('x'));
  EXPECT_EQ(SyntaxError("x").At({at, at + 1}).Format(text),
            "SyntaxError: x\n"
            "  line 1, column 15\n"
            "  1 | RETURN '日本' + x\n"
            "    |                 ^");
}

TEST(ErrorTest, APlaceAtTheEndStillHasACaret) {
  EXPECT_EQ(SyntaxError("the text ends").At({6, 7}).Format("RETURN"),
            "SyntaxError: the text ends\n"
            "  line 1, column 7\n"
            "  1 | RETURN\n"
            "    |       ^");
}

TEST(ErrorTest, ALongLineIsClippedAroundItsFault) {
  const std::string text = std::string(300, 'a') + " bad " + std::string(300, 'b');
  const std::string out = SyntaxError("long").At({301, 304}).Format(text);
  EXPECT_NE(out.find("…a"), std::string::npos);
  EXPECT_NE(out.find("b…"), std::string::npos);
  const std::size_t line = out.find("1 | ");
  const std::size_t carets = out.find("| ", line + 4);
  const std::string_view shown = std::string_view(out).substr(line + 4, carets - line - 4);
  const std::size_t indent = text::DisplayWidth(shown.substr(0, shown.find("bad")));
  EXPECT_EQ(out.substr(carets + 2), std::string(indent, ' ') + "^^^");
}

TEST(ErrorTest, TabsAndLineEndsDoNotBreakTheCarets) {
  EXPECT_EQ(SyntaxError("x").At({1, 2}).Format("\tx\r\ny"),
            "SyntaxError: x\n"
            "  line 1, column 2\n"
            "  1 |  x\n"
            "    |  ^");
}

TEST(ErrorTest, NothingOfTheUsersTextReachesTheTerminalAsACommand) {
  EXPECT_EQ(SyntaxError("found `\x1b[2J`").At({0, 4}).Hint("not `\x07`").Format("\x1b[2J\xff"),
            "SyntaxError: found `\\u001B[2J`\n"
            "  line 1, column 1\n"
            "  1 |  [2J?\n"
            "    | ^^^^\n"
            "  help: not `\\u0007`");
}

TEST(ErrorTest, WithoutASpanOrTextThePlaceIsLeftOut) {
  EXPECT_EQ(TypeError("no").Format("RETURN 1"), "TypeError: no");
  EXPECT_EQ(TypeError("no").At({0, 3}).Format(), "TypeError: no");
}

TEST(ErrorTest, TheInnermostSpanWins) {
  const Error error = TypeError("no").At({3, 4}).At({0, 9});
  EXPECT_EQ(error.span(), (Span{3, 4}));
}

TEST(ErrorTest, EveryCodeHasAName) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    EXPECT_FALSE(TypeName(static_cast<ErrorCode>(code)).empty());
  }
  EXPECT_EQ(TypeName(ErrorCode::kParameter), "ParameterMissing");
  EXPECT_EQ(TypeName(ErrorCode::kConflict), "TransactionError");
}

}  // namespace
}  // namespace kb
