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

TEST(TemporalArithmeticTest, SumsMoveTheCalendarAndThenTheClock) {
  const std::vector<Case> cases{
      {"date('2011-01-31') + duration('P1M')", "2011-02-28"},
      {"date('2011-03-31') - duration('P1MT47H')", "2011-02-27"},
      {"date('1986-10-22') + duration('P1Y2M3DT25H')", "1987-12-26"},
      {"localtime('23:30') + duration('P5DT45M')", "00:15"},
      {"time('00:10+02:00') - duration('PT0.000000001S')", "00:09:59.999999999+02:00"},
      {"localdatetime('1986-10-22T12:31:14.000000001') - duration('P12Y5M14DT16H12M70.000000002S')",
       "1974-05-07T20:18:03.999999999"},
      {"datetime('2018-10-27T02:30[Europe/Stockholm]') + duration('P1D')",
       "2018-10-28T02:30+02:00[Europe/Stockholm]"},
      {"datetime('2018-10-28T00:30[Europe/Stockholm]') + duration('PT3H')",
       "2018-10-28T02:30+01:00[Europe/Stockholm]"},
      {"datetime('2018-03-24T02:30[Europe/Stockholm]') + duration('P1D')",
       "2018-03-25T03:30+02:00[Europe/Stockholm]"},
      {"duration('P1M-14DT16H-12M70S') + duration('P12Y5M14DT16H12M70S')", "P12Y6MT32H2M20S"},
      {"duration('P1M-14DT16H-12M70S') - duration('P12Y5M14DT16H12M70S')", "P-12Y-4M-28DT-24M"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalArithmeticTest, ProductsSpillFractions) {
  const std::vector<Case> cases{
      {"duration('P12Y5M14DT16H12M70.000000001S') / 2", "P6Y2M22DT13H21M8S"},
      {"duration('P12Y5M14DT16H12M70.000000001S') * 0.5", "P6Y2M22DT13H21M8S"},
      {"duration('P1M') * 1.5", "P1M15DT5H14M33S"},
      {"duration('P3D') / 3", "P1D"},
      {"duration('PT1S') / 3", "PT0.333333333S"},
      {"duration('P1D') * -2", "P-2D"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalArithmeticTest, DifferencesTakeWhatIsMissingFromTheOtherEnd) {
  const std::vector<Case> cases{
      {"duration.between(date('1986-10-22'), date('2018-03-26'))", "P31Y5M4D"},
      {"duration.between(date('2018-03-26'), date('1986-10-22'))", "P-31Y-5M-4D"},
      {"duration.between(date('2018-01-31'), date('2018-02-28'))", "P28D"},
      {"duration.between(date('1986-10-22'), localdatetime('2018-03-26T21:45:22.142'))",
       "P31Y5M4DT21H45M22.142S"},
      {"duration.between(localtime('14:30'), date('2018-03-26'))", "PT-14H-30M"},
      {"duration.between(time('14:30'), datetime('2018-03-26T21:40+0100'))", "PT6H10M"},
      {"duration.between(localdatetime('2018-01-02T10:00:00.1'), "
       "localdatetime('2018-01-01T10:00:00.2'))",
       "PT-23H-59M-59.9S"},
      {"duration.between(datetime('2014-07-21T21:40:36.143+0200'), "
       "datetime('2015-07-21T21:40:32.142+0100'))",
       "P1YT59M55.999S"},
      {"duration.between(datetime('2017-10-28T23:00[Europe/Stockholm]'), "
       "datetime('2017-10-29T04:00[Europe/Stockholm]'))",
       "PT6H"},
      {"duration.between(date('-999999999-01-01'), date('+999999999-12-31'))",
       "P1999999998Y11M30D"},
      {"duration.inMonths(date('2018-03-11'), datetime('2016-06-24T10:00+0100'))", "P-1Y-8M"},
      {"duration.inMonths(date('2018-03-11'), time('10:00+0100'))", "PT0S"},
      {"duration.inDays(date('1986-10-22'), date('2018-03-26'))", "P11478D"},
      {"duration.inDays(localdatetime('2018-03-26T21:40'), date('2018-03-24'))", "P-2D"},
      {"duration.inSeconds(localtime('12:44:54.7'), localtime('12:34:55.3'))", "PT-9M-59.4S"},
      {"duration.inSeconds(datetime('2017-10-29T00:00[Europe/Stockholm]'), date('2017-10-30'))",
       "PT25H"},
      {"duration.inSeconds(datetime('2017-10-29T00:00[Europe/Stockholm]'), localtime('04:00'))",
       "PT5H"},
      {"duration.inSeconds(localdatetime('-999999999-01-01'), "
       "localdatetime('+999999999-12-31T23:59:59'))",
       "PT17531639991215H59M59S"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalArithmeticTest, ComparisonsKeepKindsApart) {
  const std::vector<Case> cases{
      {"date('1986-10-22') = localdatetime('1986-10-22')", "false"},
      {"duration('P1D') = duration('PT24H')", "false"},
      {"duration('PT60S') = duration('PT1M')", "true"},
      {"duration('P1D') < duration('P2D')", "null"},
      {"time('10:00+01:00') < time('09:35Z')", "true"},
      {"datetime('2018-01-01T01:00+01:00') = datetime('2018-01-01T00:00Z')", "false"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalArithmeticTest, WhatIsOutOfRangeIsAnError) {
  const std::vector<Case> cases{
      {"date('2018-01-01') + duration('P999999999Y')",
       "ArithmeticError: the date reaches beyond the years from -999999999 to 999999999"},
      {"date('2018-01-01') + duration('P768614336404564650M')",
       "ArithmeticError: the date reaches beyond the years from -999999999 to 999999999"},
      {"duration({days: 1}) / 0", "ArithmeticError: a duration cannot be divided by zero"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

}  // namespace
}  // namespace kb::schema
