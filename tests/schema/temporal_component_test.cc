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

TEST(TemporalComponentTest, ComponentsAreReadByName) {
  const std::vector<Case> cases{
      {"date('1984-01-01').weekYear", "1983"},
      {"date('1984-01-01').week", "52"},
      {"date('1984-01-01').weekDay", "7"},
      {"date('1986-10-22').quarter", "4"},
      {"date('1986-10-22').dayOfQuarter", "22"},
      {"date('1986-10-22').ordinalDay", "295"},
      {"date('1986-10-22').hour", "null"},
      {"localtime('12:31:14.645876123').microsecond", "645876"},
      {"time('12:31-01:30').offset", "'-01:30'"},
      {"time('12:31-01:30').offsetMinutes", "-90"},
      {"datetime('1986-11-11T12:31:14.645[Europe/Stockholm]').timezone", "'Europe/Stockholm'"},
      {"datetime('1986-11-11T12:31:14.645[Europe/Stockholm]').epochMillis", "532092674645"},
      {"datetime('-999999999-01-01T00:00Z').epochMillis",
       "ArithmeticError: -31557014135596800 seconds have more parts than 64 bits can count"},
      {"duration('P1Y4M10DT1H1M1.111111111S').quarters", "5"},
      {"duration('P1Y4M10DT1H1M1.111111111S').monthsOfQuarter", "1"},
      {"duration('P1Y4M10DT1H1M1.111111111S').daysOfWeek", "3"},
      {"duration('P1Y4M10DT1H1M1.111111111S').minutes", "61"},
      {"duration('P1Y4M10DT1H1M1.111111111S').nanoseconds", "3661111111111"},
      {"duration('PT-1.999S').seconds", "-1"},
      {"duration('PT-1.999S').millisecondsOfSecond", "-999"},
      {"duration('PT99999999999999S').nanoseconds",
       "ArithmeticError: 99999999999999 seconds have more parts than 64 bits can count"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

}  // namespace
}  // namespace kb::schema
