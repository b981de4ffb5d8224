#include "schema/calendar.h"

#include <gtest/gtest.h>

namespace kb::schema {
namespace {

TEST(CalendarTest, EveryDayOfManyYearsReadsBackInEveryCalendar) {
  for (std::int64_t days = -800'000; days < 800'000; days += 7) {
    const Date date{days};
    const YearMonthDay ymd = CalendarOf(date);
    ASSERT_EQ(DateOf(ymd).days, days);
    ASSERT_EQ(DateOfWeek(WeekDateOf(date)).days, days);
    ASSERT_EQ(DateOf({ymd.year, 1, 1}).days + DayOfYear(date) - 1, days);
    ASSERT_LE(DayOfQuarter(date), DaysInQuarter(ymd.year, QuarterOf(ymd.month)));
  }
}

TEST(CalendarTest, KnownDaysAreWhereTheyBelong) {
  EXPECT_EQ(DateOf({1970, 1, 1}).days, 0);
  EXPECT_EQ(DateOf({2000, 2, 29}).days, 11'016);
  EXPECT_EQ(DateOf({0, 3, 1}).days, -719'468);
  EXPECT_EQ(WeekDateOf(DateOf({2018, 3, 26})).day, 1);
  EXPECT_EQ(WeekDateOf(DateOf({1984, 1, 1})).year, 1983);
  EXPECT_EQ(WeeksInYear(2020), 53);
  EXPECT_EQ(WeeksInYear(2021), 52);
}

TEST(CalendarTest, LeapYearsFollowTheGregorianRule) {
  EXPECT_TRUE(IsLeapYear(2000));
  EXPECT_FALSE(IsLeapYear(1900));
  EXPECT_TRUE(IsLeapYear(0));
  EXPECT_TRUE(IsLeapYear(-4));
  EXPECT_EQ(DaysInMonth(2024, 2), 29);
}

TEST(CalendarTest, AddingMonthsCutsTheDayToTheMonth) {
  const YearMonthDay february = AddMonths({2019, 10, 31}, 4);
  EXPECT_EQ(february.year, 2020);
  EXPECT_EQ(february.month, 2);
  EXPECT_EQ(february.day, 29);
  EXPECT_EQ(AddMonths({0, 1, 15}, -1).year, -1);
}

TEST(CalendarTest, TheRangeEndsWithItsYears) {
  EXPECT_TRUE(IsInRange(DateOf({kYearMax, 12, 31})));
  EXPECT_FALSE(IsInRange(DateOf({kYearMax + 1, 1, 1})));
  EXPECT_TRUE(IsInRange(DateOf({kYearMin, 1, 1})));
  EXPECT_FALSE(IsInRange({DateOf({kYearMin, 1, 1}).days - 1}));
}

TEST(CalendarTest, TimesBeforeTheEpochSplitDownwards) {
  const LocalDateTime value{-1, 5};
  EXPECT_EQ(DatePart(value).days, -1);
  EXPECT_EQ(TimePart(value).nanos, kNanosPerDay - kNanosPerSecond + 5);
  EXPECT_EQ(Combine(DatePart(value), TimePart(value)).seconds, -1);
}

}  // namespace
}  // namespace kb::schema
