// Types as users write them read back as themselves, and say which values are theirs.
#include "schema/type.h"

#include <gtest/gtest.h>

namespace kb::schema {
namespace {

std::string Read(std::string_view text) {
  const auto type = ParseType(text);
  return type.ok() ? type->ToText() : "error at " + std::to_string(type.error().span().begin);
}

bool Accepts(std::string_view type, const Value& value) {
  const auto parsed = ParseType(type);
  return parsed.ok() && parsed->Accepts(value);
}

TEST(TypeTest, EverySpellingHasOneText) {
  EXPECT_EQ(Read("int"), "INTEGER");
  EXPECT_EQ(Read("Signed Integer not null"), "INTEGER NOT NULL");
  EXPECT_EQ(Read("TIMESTAMP WITHOUT TIME ZONE"), "LOCAL DATETIME");
  EXPECT_EQ(Read("timestamp with timezone!"), "ZONED DATETIME NOT NULL");
  EXPECT_EQ(Read("LIST < STRING NOT NULL > NOT NULL"), "LIST<STRING NOT NULL> NOT NULL");
  EXPECT_EQ(Read("INTEGER LIST"), "LIST<INTEGER>");
  EXPECT_EQ(Read("INTEGER|STRING | DATE"), "INTEGER | STRING | DATE");
  EXPECT_EQ(Read("ANY<INTEGER | FLOAT>"), "INTEGER | FLOAT");
  EXPECT_EQ(Read("ANY NOT NULL"), "ANY NOT NULL");
  EXPECT_EQ(Read("any property value"), "PROPERTY VALUE");
}

TEST(TypeTest, TextsReadBackAsThemselves) {
  for (const std::string_view text :
       {"BOOLEAN", "LIST<LIST<DATE NOT NULL>>", "INTEGER | STRING NOT NULL", "NOTHING", "PATH",
        "LIST<INTEGER | FLOAT>", "ZONED TIME", "DURATION", "POINT", "MAP", "NODE", "NULL"}) {
    EXPECT_EQ(Read(text), text);
  }
}

TEST(TypeTest, WhatIsNoTypeIsAnErrorAtItsPlace) {
  EXPECT_EQ(Read("STRNG"), "error at 0");
  EXPECT_EQ(Read("LIST<STRNG>"), "error at 5");
  EXPECT_EQ(Read("LIST<STRING"), "error at 10");
  EXPECT_EQ(Read("INTEGERS"), "error at 0");
  EXPECT_FALSE(ParseType("").ok());
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "LIST<";
  EXPECT_FALSE(ParseType(deep).ok());
}

TEST(TypeTest, ATypeStopsBeforeWhatDoesNotBelongToIt) {
  std::size_t length = 0;
  ASSERT_TRUE(ReadType("INTEGER AND true", &length).ok());
  EXPECT_EQ(length, 7u);
  ASSERT_TRUE(ReadType("STRING || 'x'", &length).ok());
  EXPECT_EQ(length, 6u);
}

TEST(TypeTest, NullIsOfEveryTypeThatIsNotNotNull) {
  EXPECT_TRUE(Accepts("INTEGER", Value::Null()));
  EXPECT_FALSE(Accepts("INTEGER NOT NULL", Value::Null()));
  EXPECT_TRUE(Accepts("INTEGER NOT NULL | STRING", Value::Null()));
  EXPECT_FALSE(Accepts("NOTHING", Value::Null()));
  EXPECT_FALSE(Accepts("INTEGER", Value::Float(1)));
  EXPECT_TRUE(Accepts("LIST<INTEGER>", Value::List({Value::Integer(1), Value::Null()})));
  EXPECT_FALSE(Accepts("LIST<INTEGER NOT NULL>", Value::List({Value::Null()})));
  EXPECT_TRUE(Accepts("LIST<NOTHING>", Value::List({})));
}

TEST(TypeTest, PropertiesHoldSingleValuesAndListsOfThem) {
  EXPECT_TRUE(ParseType("LIST<STRING NOT NULL>")->IsStorable());
  EXPECT_TRUE(ParseType("INTEGER | DATE")->IsStorable());
  EXPECT_FALSE(ParseType("LIST<LIST<STRING>>")->IsStorable());
  EXPECT_FALSE(ParseType("MAP")->IsStorable());
  EXPECT_FALSE(ParseType("ANY")->IsStorable());
}

}  // namespace
}  // namespace kb::schema
