#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "schema/temporal.h"
#include "tests/schema/temporal_script.h"

namespace kb::schema {
namespace {

struct Case {
  std::string_view expression;
  std::string_view outcome;
};

TEST(TemporalParseTest, EveryFormOfDateAndTimeIsRead) {
  const std::vector<Case> cases{
      {"date('19861022')", "1986-10-22"},
      {"date('1986-10')", "1986-10-01"},
      {"date('198610')", "1986-10-01"},
      {"date('1986-W43-3')", "1986-10-22"},
      {"date('1986W433')", "1986-10-22"},
      {"date('1986W43')", "1986-10-20"},
      {"date('1986-295')", "1986-10-22"},
      {"date('1986295')", "1986-10-22"},
      {"date('1986-Q4-22')", "1986-10-22"},
      {"date('1986')", "1986-01-01"},
      {"date('-0044-03-15')", "-0044-03-15"},
      {"date('+12018-01-01')", "+12018-01-01"},
      {"date('-999999999-01-01')", "-999999999-01-01"},
      {"localtime('07')", "07:00"},
      {"localtime('0708')", "07:08"},
      {"localtime('070809.142')", "07:08:09.142"},
      {"localtime('07:08:09.100')", "07:08:09.1"},
      {"time('07:08')", "07:08Z"},
      {"time('070809-0100')", "07:08:09-01:00"},
      {"localdatetime('1986-W43T07')", "1986-10-20T07:00"},
      {"datetime('1986-295T07:08:09-02')", "1986-10-22T07:08:09-02:00"},
      {"datetime('19861022T0708-00:00')", "1986-10-22T07:08Z"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalParseTest, DurationsAreReadWithSignsAndFractions) {
  const std::vector<Case> cases{
      {"duration('P5M1.5D')", "P5M1DT12H"},
      {"duration('PT0.75M')", "PT45S"},
      {"duration('P1Y2M-3DT-4H5M-6.007S')", "P1Y2M-3DT-3H-55M-6.007S"},
      {"duration('-P1DT2S')", "P-1DT-2S"},
      {"duration('P1986-10-22T07:08:09.5')", "P1986Y10M22DT7H8M9.5S"},
      {"duration('PT0S')", "PT0S"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalParseTest, TextThatIsNoDateOrTimeIsAnError) {
  const std::vector<Case> cases{
      {"date('2018-02-30')", "ArgumentError: the day is 30, it must be from 1 to 28 in that month"},
      {"date('12018-01-01')", "ArgumentError: '12018-01-01' is not a date"},
      {"date('banana')", "ArgumentError: 'banana' is not a date"},
      {"date('')", "ArgumentError: '' is not a date"},
      {"date('2018-')", "ArgumentError: '2018-' is not a date"},
      {"date('2018-1-1')", "ArgumentError: '2018-1-1' is not a date"},
      {"date('2018-13-01')", "ArgumentError: the month is 13, it must be from 1 to 12"},
      {"localtime('24:00')", "ArgumentError: the hour is 24, it must be from 0 to 23"},
      {"localtime('12:00:00.1234567890')", "ArgumentError: '12:00:00.1234567890' is not a time"},
      {"duration('P')", "ArgumentError: 'P' is not a duration"},
      {"duration('PT')", "ArgumentError: 'PT' is not a duration"},
      {"duration('P1H')", "ArgumentError: 'P1H' is not a duration"},
      {"duration('1 day')", "ArgumentError: '1 day' is not a duration"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalParseTest, WhatIsPrintedIsReadBack) {
  for (const std::string_view one :
       {"date('-0001-12-31')", "date('+999999999-12-31')", "localtime('23:59:59.999999999')",
        "time('00:00:00.5-18:00')", "localdatetime('0000-02-29T12:00')",
        "datetime('1986-07-22T12:00:01[Europe/Stockholm]')",
        "datetime('2018-10-28T02:30+01:00[Europe/Stockholm]')", "datetime('1986-07-22T12:00Z')",
        "duration('P1Y-2M3DT-4H5M-6.000000007S')", "duration('PT-0.001S')"}) {
    const std::string text = Outcome(one);
    const std::string function(one.substr(0, one.find('(')));
    EXPECT_EQ(Outcome(function + "('" + text + "')"), text);
  }
}

TEST(TemporalParseTest, AnyTextIsAValueOrAnError) {
  constexpr std::string_view kAlphabet = "0129-+:.,TWQPZYMDHS[]/ a";
  std::uint64_t state = 1;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) {
      state = state * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
      text += kAlphabet[(state >> 33) % kAlphabet.size()];
    }
    const std::size_t size = static_cast<std::size_t>(round) % (text.size() + 1);
    const std::string_view part = std::string_view(text).substr(0, size);
    if (const auto date = ParseDate(part); date.ok()) {
      EXPECT_EQ(ParseDate(ToText(*date))->days, date->days) << part;
    }
    if (const auto time = ParseTime(part); time.ok()) {
      EXPECT_EQ(ParseTime(ToText(*time))->nanos, time->nanos) << part;
    }
    IgnoreError(ParseDateTime(part), "only that it ends counts");
    IgnoreError(ParseDuration("P" + std::string(part)), "only that it ends counts");
  }
}

}  // namespace
}  // namespace kb::schema
