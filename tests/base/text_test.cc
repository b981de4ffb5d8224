#include "schema/base/text.h"

#include <gtest/gtest.h>

#include <array>

namespace kb::text {
namespace {

TEST(TextTest, InvalidUtf8IsFoundAtItsFirstByte) {
  EXPECT_EQ(FindInvalidUtf8("abc åäö 日本 🙂"), std::string_view::npos);
  EXPECT_EQ(FindInvalidUtf8("ab\xFFz"), 2u);
  EXPECT_EQ(FindInvalidUtf8("a\xC0\x80"), 1u);     // Overlong.
  EXPECT_EQ(FindInvalidUtf8("\xED\xA0\x80"), 0u);  // A surrogate.
  EXPECT_EQ(FindInvalidUtf8("ab\xE6\x97"), 2u);    // Cut short.
  EXPECT_EQ(FindInvalidUtf8(""), std::string_view::npos);
}

TEST(TextTest, CharactersAreCodePoints) {
  EXPECT_EQ(CountCharacters("åäö🙂"), 4u);
  EXPECT_EQ(ByteOffset("åäö", 0), 0u);
  EXPECT_EQ(ByteOffset("åäö", 2), 4u);
  EXPECT_EQ(ByteOffset("åäö", 9), 6u);
}

TEST(TextTest, WideCharactersTakeTwoColumnsAndCombiningOnesNone) {
  EXPECT_EQ(DisplayWidth("abc"), 3u);
  EXPECT_EQ(DisplayWidth("日本"), 4u);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1u);
  EXPECT_EQ(DisplayWidth("Русский"), 7u);
  EXPECT_EQ(DisplayWidth("🙂"), 2u);
}

TEST(TextTest, APlaceCountsLinesAndCharactersFromOne) {
  const std::string_view text = "one\nåäö two\r\nthree";
  const Place place = Locate(text, text.find("two"));
  EXPECT_EQ(place.line, 2u);
  EXPECT_EQ(place.column, 5u);
  EXPECT_EQ(place.line_text, "åäö two");
  const Place end = Locate(text, text.size() + 10);
  EXPECT_EQ(end.line, 3u);
  EXPECT_EQ(end.column, 6u);
}

TEST(TextTest, QuotedTextEscapesWhatALiteralCannotHold) {
  EXPECT_EQ(Quote("it's"), "'it\\'s'");
  EXPECT_EQ(Quote("a\\b\n\t\x01"), "'a\\\\b\\n\\t\\u0001'");
  EXPECT_EQ(Quote("日本"), "'日本'");
}

TEST(TextTest, NamesAreQuotedOnlyWhereTheyMustBe) {
  EXPECT_EQ(QuoteName("Person_1"), "Person_1");
  EXPECT_EQ(QuoteName("Größe"), "Größe");
  EXPECT_EQ(QuoteName("1st"), "`1st`");
  EXPECT_EQ(QuoteName("a b"), "`a b`");
  EXPECT_EQ(QuoteName("a`b"), "`a``b`");
  EXPECT_EQ(QuoteName(""), "``");
}

TEST(TextTest, WhatATerminalWouldObeyIsShownAsAnEscape) {
  EXPECT_EQ(Visible("a\nb\tc\r"), "a\\nb\\tc\\r");
  EXPECT_EQ(Visible("\x1b[31m\x7f"), "\\u001B[31m\\u007F");
  EXPECT_EQ(Visible("\u0085\u202Ex\u2028"), "\\u0085\\u202Ex\\u2028");
  EXPECT_EQ(Visible("a\xff\xc3"), "a\\xFF\\xC3");
  EXPECT_EQ(Visible("Größe 猫 👩‍👧"), "Größe 猫 👩‍👧");
  EXPECT_EQ(VisibleLines("a\n\x1b"), "a\n\\u001B");
  EXPECT_EQ(VisibleInPlace("a\x1b\xff\u0085é"), "a ???é");
}

TEST(TextTest, CaseFollowsUnicode) {
  EXPECT_EQ(ToUpper("straße å"), "STRASSE Å");
  EXPECT_EQ(ToLower("ÅÄÖ ABC"), "åäö abc");
  EXPECT_EQ(ToLower("TITLE"), "title");
}

TEST(TextTest, EditDistanceCountsSlipsOfOneCharacter) {
  EXPECT_EQ(EditDistance("RETURN", "return"), 0u);
  EXPECT_EQ(EditDistance("RETRUN", "RETURN"), 1u);  // Swapped neighbours.
  EXPECT_EQ(EditDistance("nmae", "name"), 1u);
  EXPECT_EQ(EditDistance("å", "a"), 1u);
  EXPECT_EQ(EditDistance("", "abc"), 3u);
}

TEST(TextTest, NearestNamesALikelySlipAndNothingElse) {
  constexpr std::array<std::string_view, 3> kNames{"month", "minute", "millisecond"};
  EXPECT_EQ(Nearest("mnoth", kNames), "month");
  EXPECT_EQ(Nearest("banana", kNames), "");
}

}  // namespace
}  // namespace kb::text
