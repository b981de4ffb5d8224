#include "schema/zone.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "tests/schema/temporal_script.h"

namespace kb::schema {
namespace {

struct Case {
  std::string_view expression;
  std::string_view outcome;
};

TEST(ZoneTest, ALocalTimeIsResolvedByTheRulesOfItsZone) {
  const std::vector<Case> cases{
      {"datetime('1986-07-22T21:40[Europe/London]')", "1986-07-22T21:40+01:00[Europe/London]"},
      {"datetime('1986-10-22T21:40+0845[Australia/Eucla]')",
       "1986-10-22T21:40+08:45[Australia/Eucla]"},
      {"datetime('1818-07-21T21:40:32.142[Europe/Berlin]')",
       "1818-07-21T21:40:32.142+00:53:28[Europe/Berlin]"},
      {"datetime('1800-01-01T00:00[America/New_York]')",
       "1800-01-01T00:00-04:56:02[America/New_York]"},
      {"datetime('2018-03-25T02:30[Europe/Stockholm]')",
       "2018-03-25T03:30+02:00[Europe/Stockholm]"},
      {"datetime('2018-10-28T02:30[Europe/Stockholm]')",
       "2018-10-28T02:30+02:00[Europe/Stockholm]"},
      {"datetime('2018-10-28T02:30+01:00[Europe/Stockholm]')",
       "2018-10-28T02:30+01:00[Europe/Stockholm]"},
      {"datetime('2100-07-01T12:00[Europe/Stockholm]')",
       "2100-07-01T12:00+02:00[Europe/Stockholm]"},
      {"datetime('2100-01-01T12:00[Europe/Stockholm]')",
       "2100-01-01T12:00+01:00[Europe/Stockholm]"},
      {"datetime('9999-07-01T12:00[America/New_York]')",
       "9999-07-01T12:00-04:00[America/New_York]"},
      {"datetime('2100-07-01T12:00[Asia/Tokyo]')", "2100-07-01T12:00+09:00[Asia/Tokyo]"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(ZoneTest, ZonesAndOffsetsThatDoNotExistAreErrors) {
  const std::vector<Case> cases{
      {"datetime('2018-01-01T00:00[Europe/Stokholm]')",
       "ArgumentError: there is no time zone 'Europe/Stokholm'"},
      {"datetime('2018-01-01T00:00+05:00[Europe/Stockholm]')",
       "ArgumentError: the time zone Europe/Stockholm did not have the offset +05:00 at "
       "2018-01-01T00:00"},
      {"datetime({year: 2018, timezone: '../../etc/passwd'})",
       "ArgumentError: there is no time zone '../../etc/passwd'"},
      {"datetime({year: 2018, timezone: '+19:00'})",
       "ArgumentError: '+19:00' is not an offset from UTC"},
  };
  for (const Case& one : cases) EXPECT_EQ(Outcome(one.expression), one.outcome) << one.expression;
}

TEST(ZoneTest, AMisspeltZoneIsNamed) {
  EXPECT_EQ(OffsetAtInstant("Europe/Stokholm", 0).error().hint(),
            "did you mean 'Europe/Stockholm'?");
}

TEST(ZoneTest, OffsetsAreReadInEveryForm) {
  EXPECT_EQ(ParseOffset("Z").value(), 0);
  EXPECT_EQ(ParseOffset("+01").value(), 3'600);
  EXPECT_EQ(ParseOffset("-0130").value(), -5'400);
  EXPECT_EQ(ParseOffset("+02:05:59").value(), 7'559);
  EXPECT_EQ(ParseOffset("-180000").value(), -64'800);
  for (const std::string_view bad : {"", "+", "+1", "01:00", "+01:", "+01:0", "+01:60", "+18:01",
                                     "+01:00:00:00", "+01000", "+01:0000"}) {
    EXPECT_FALSE(ParseOffset(bad).ok()) << bad;
  }
}

TEST(ZoneTest, OffsetsPrintWithSecondsOnlyWhereTheyHaveSome) {
  EXPECT_EQ(OffsetText(0), "Z");
  EXPECT_EQ(OffsetText(-7'507), "-02:05:07");
  EXPECT_EQ(OffsetText(3'600), "+01:00");
}

TEST(ZoneTest, AnInstantIsTheSameInEveryZone) {
  const DateTime there = ParseDateTime("1986-07-22T12:00[America/New_York]").value();
  const DateTime here = InZone(there, "Europe/Stockholm").value();
  EXPECT_EQ(here.seconds, there.seconds);
  EXPECT_EQ(ToText(here), "1986-07-22T18:00+02:00[Europe/Stockholm]");
  EXPECT_EQ(ToText(InZone(there, "-02:30").value()), "1986-07-22T13:30-02:30");
}

}  // namespace
}  // namespace kb::schema
