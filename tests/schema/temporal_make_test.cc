#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "schema/temporal_fields.h"
#include "tests/schema/temporal_script.h"

namespace kb::schema {
namespace {

struct Case {
  std::string_view expression;
  std::string_view outcome;
};

TEST(TemporalMakeTest, DatesAreMadeOfFieldsAndOfOtherValues) {
  const std::vector<Case> cases{
      {"date({year: 1986, month: 10, day: 22})", "1986-10-22"},
      {"date({year: 1986, month: 10})", "1986-10-01"},
      {"date({year: 1986})", "1986-01-01"},
      {"date({year: 1986, week: 43, dayOfWeek: 3})", "1986-10-22"},
      {"date({year: 1986, week: 1})", "1985-12-30"},
      {"date({year: 1987, week: 1})", "1986-12-29"},
      {"date({year: 2020, week: 53, dayOfWeek: 5})", "2021-01-01"},
      {"date({year: 2020, ordinalDay: 366})", "2020-12-31"},
      {"date({year: 1986, quarter: 4, dayOfQuarter: 22})", "1986-10-22"},
      {"date({year: 1986, quarter: 2})", "1986-04-01"},
      {"date({date: date('1986-10-22'), year: 28})", "0028-10-22"},
      {"date({date: date('2020-02-29'), year: 2021})", "2021-02-28"},
      {"date({date: date('1986-10-31'), month: 11})", "1986-11-30"},
      {"date({date: date('1986-10-22'), week: 2})", "1986-01-08"},
      {"date({date: date('1986-10-22'), dayOfWeek: 7})", "1986-10-26"},
      {"date({date: date('1986-11-22'), quarter: 1})", "1986-02-22"},
      {"date({date: datetime('1986-10-22T23:30-05:00'), ordinalDay: 28})", "1986-01-28"},
      {"date(localdatetime('1986-10-22T11:12'))", "1986-10-22"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalMakeTest, TimesAreMadeOfFieldsAndOfOtherValues) {
  const std::vector<Case> cases{
      {"time({hour: 7, minute: 8, second: 9, millisecond: 10, microsecond: 11, nanosecond: 12})",
       "07:08:09.010011012Z"},
      {"time({hour: 7, minute: 8, second: 9, microsecond: 110011, timezone: '-02:05:07'})",
       "07:08:09.110011-02:05:07"},
      {"time({time: time('07:08:09+01:00'), second: 42, timezone: '+05:00'})", "11:08:42+05:00"},
      {"time({time: localtime('07:08:09'), timezone: '+05:00'})", "07:08:09+05:00"},
      {"time(datetime('1986-07-22T11:12[Europe/Stockholm]'))", "11:12+02:00"},
      {"localtime({hour: 7, minute: 8, second: 9, nanosecond: 3})", "07:08:09.000000003"},
      {"localtime({time: datetime('1986-10-22T11:12:13.5+01:00'), minute: 40})", "11:40:13.5"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalMakeTest, DateTimesAreMadeOfFieldsAndOfOtherValues) {
  const std::vector<Case> cases{
      {"localdatetime({year: 1986, week: 43, dayOfWeek: 3, hour: 7})", "1986-10-22T07:00"},
      {"localdatetime({date: date('1986-10-22'), time: time('07:08+01:00'), second: 5})",
       "1986-10-22T07:08:05"},
      {"datetime({year: 1986, month: 10, day: 22, timezone: '+02:05:59'})",
       "1986-10-22T00:00+02:05:59"},
      {"datetime({year: 1986, month: 7, day: 22, hour: 12, timezone: 'Europe/Stockholm'})",
       "1986-07-22T12:00+02:00[Europe/Stockholm]"},
      {"datetime({date: datetime('1986-10-22T11:12+01:00'), hour: 10})", "1986-10-22T10:00Z"},
      {"datetime({datetime: datetime('1986-10-22T11:12+01:00'), timezone: '+05:00'})",
       "1986-10-22T15:12+05:00"},
      {"datetime({year: 1986, month: 3, day: 28, time: "
       "datetime('1986-01-02T12:00[Europe/Stockholm]'), timezone: 'Pacific/Honolulu'})",
       "1986-03-28T01:00-10:00[Pacific/Honolulu]"},
      {"datetime({datetime: localdatetime('1986-10-22T11:12'), timezone: 'Pacific/Honolulu'})",
       "1986-10-22T11:12-10:00[Pacific/Honolulu]"},
      {"datetime({epochSeconds: 530000000, nanosecond: 5})", "1986-10-18T06:13:20.000000005Z"},
      {"datetime({epochMillis: -1, timezone: 'Europe/Stockholm'})",
       "1970-01-01T00:59:59.999+01:00[Europe/Stockholm]"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalMakeTest, FractionsOfADurationSpillIntoSmallerParts) {
  const std::vector<Case> cases{
      {"duration({days: 14, hours: 16, minutes: 12})", "P14DT16H12M"},
      {"duration({months: 0.75})", "P22DT19H51M49.5S"},
      {"duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5, seconds: 70.5, "
       "nanoseconds: 3})",
       "P12Y11M29DT33H58M13.500000003S"},
      {"duration({weeks: 2.5})", "P17DT12H"},
      {"duration({quarters: 3})", "P9M"},
      {"duration({seconds: 0.3})", "PT0.3S"},
      {"duration({days: 1, milliseconds: -1})", "P1DT-0.001S"},
      {"duration({seconds: -60, milliseconds: 1})", "PT-59.999S"},
      {"duration({seconds: -60, milliseconds: -1})", "PT-1M-0.001S"},
      {"duration({minutes: 12, seconds: -60})", "PT11M"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalMakeTest, FieldsThatMakeNoSenseAreErrors) {
  const std::vector<Case> cases{
      {"date({year: 2018, day: 3})", "ArgumentError: the field `day` needs `month` beside it"},
      {"date({year: 2018, month: 13})",
       "ArgumentError: the field `month` is 13, it must be from 1 to 12"},
      {"date({yaer: 2018})", "ArgumentError: a Date has no field `yaer`"},
      {"date({year: 'a'})",
       "TypeError: the field `year` must be an integer, but it is 'a' (String)"},
      {"date({year: 2018, hour: 3})", "ArgumentError: a Date has no field `hour`"},
      {"date({month: 3})", "ArgumentError: the field `year` is missing"},
      {"date({year: 2018, week: 54})",
       "ArgumentError: the field `week` is 54, it must be from 1 to 52"},
      {"date({year: 2018, week: 3, month: 3})",
       "ArgumentError: the fields `week` and `month` count days in different ways"},
      {"time({hour: 25})", "ArgumentError: the field `hour` is 25, it must be from 0 to 23"},
      {"time({hour: 3, timezone: 'Europe/Stockholm'})",
       "ArgumentError: a time of day has an offset, not a time zone: 'Europe/Stockholm'"},
      {"datetime({year: 2018, timezone: '../../etc/passwd'})",
       "ArgumentError: there is no time zone '../../etc/passwd'"},
      {"datetime({year: 2018, timezone: '+19:00'})",
       "ArgumentError: '+19:00' is not an offset from UTC"},
      {"duration({})", "ArgumentError: a duration needs at least one field, such as {days: 1}"},
      {"duration({dayz: 1})", "ArgumentError: a Duration has no field `dayz`"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalMakeTest, TruncationKeepsTheUnitAndSetsFields) {
  const std::vector<Case> cases{
      {"date.truncate('millennium', date('1986-10-22'))", "1000-01-01"},
      {"date.truncate('millennium', date('-0001-05-05'))", "-1000-01-01"},
      {"date.truncate('century', date('1986-10-22'), {day: 2})", "1900-01-02"},
      {"date.truncate('decade', datetime('1986-10-22T23:30-05:00'))", "1980-01-01"},
      {"date.truncate('weekYear', date('1984-01-01'))", "1983-01-03"},
      {"date.truncate('week', date('1986-10-22'), {dayOfWeek: 2})", "1986-10-21"},
      {"date.truncate('quarter', date('1986-11-22'))", "1986-10-01"},
      {"datetime.truncate('year', date('1986-10-22'), {timezone: 'Europe/Stockholm'})",
       "1986-01-01T00:00+01:00[Europe/Stockholm]"},
      {"datetime.truncate('month', datetime('1986-10-22T12:31-01:00'), {timezone: "
       "'Europe/Stockholm'})",
       "1986-10-01T00:00+01:00[Europe/Stockholm]"},
      {"datetime.truncate('day', datetime('1986-07-22T12:31[Europe/Stockholm]'))",
       "1986-07-22T00:00+02:00[Europe/Stockholm]"},
      {"datetime.truncate('millisecond', localdatetime('1986-10-22T12:31:14.645876123'), "
       "{nanosecond: 2})",
       "1986-10-22T12:31:14.645000002Z"},
      {"localdatetime.truncate('microsecond', localdatetime('1986-10-22T12:31:14.645876123'), "
       "{nanosecond: 2})",
       "1986-10-22T12:31:14.645876002"},
      {"localtime.truncate('hour', time('12:31:14.645876123+01:00'), {nanosecond: 2})",
       "12:00:00.000000002"},
      {"time.truncate('minute', time('12:31:14-01:00'), {timezone: '+01:00'})", "12:31+01:00"},
      {"time.truncate('day', localdatetime('1986-10-22T12:31:14'))", "00:00Z"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalMakeTest, UnitsThatAValueHasNotAreErrors) {
  const std::vector<Case> cases{
      {"date.truncate('hour', date('2018-01-01'))",
       "TypeError: a Date cannot be truncated to 'hour' as a Date"},
      {"date.truncate('yaer', date('2018-01-01'))",
       "ArgumentError: there is no unit 'yaer' to truncate to"},
      {"localtime.truncate('year', localtime('12:00'))",
       "TypeError: a LocalTime cannot be truncated to 'year' as a LocalTime"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(TemporalMakeTest, AMisspeltFieldIsNamed) {
  EXPECT_EQ(Evaluate("date({yaer: 2018})").error().hint(), "did you mean `year`?");
  EXPECT_EQ(Evaluate("duration({dayz: 1})").error().hint(), "did you mean `days`?");
  EXPECT_EQ(Evaluate("date.truncate('yaer', date('2018'))").error().hint(), "did you mean 'year'?");
}

TEST(TemporalMakeTest, NowIsOneInstantInEveryKind) {
  for (const Kind kind :
       {Kind::kDate, Kind::kLocalTime, Kind::kTime, Kind::kLocalDateTime, Kind::kDateTime}) {
    const Result<Value> now = Now(kind, "Europe/Stockholm");
    ASSERT_TRUE(now.ok());
    EXPECT_EQ(now->kind(), kind);
  }
  EXPECT_EQ(Now(Kind::kDateTime, "")->date_time().offset_s, 0);
  EXPECT_FALSE(Now(Kind::kDateTime, "No/Where").ok());
}

}  // namespace
}  // namespace kb::schema
