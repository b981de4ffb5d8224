// Calendar arithmetic beyond year, month and day: ISO weeks, quarters, days of the year.
//
// Proleptic Gregorian and exact for every year that the language allows, and some beyond; nothing
// here checks a range, callers do that with words of their own.
#pragma once

#include <cstdint>

#include "schema/temporal.h"

namespace kb::schema {

inline constexpr std::int64_t kYearMax = 999'999'999;
inline constexpr std::int64_t kYearMin = -kYearMax;

/// A day in the calendar of ISO weeks: the week's year, its number from 1, the day from Monday = 1.
struct WeekDate {
  std::int64_t year;
  int week;
  int day;
};
WeekDate WeekDateOf(Date date);
Date DateOfWeek(WeekDate week_date);
/// 52 or 53.
int WeeksInYear(std::int64_t week_year);

/// From 1.
int DayOfYear(Date date);
int DayOfQuarter(Date date);
int QuarterOf(int month);
int DaysInQuarter(std::int64_t year, int quarter);

/// The day of the month is cut to the month's length: 31 January and a month is 28 February.
YearMonthDay AddMonths(YearMonthDay ymd, std::int64_t months);

/// True if the date's year is one that the language allows.
bool IsInRange(Date date);

/// Division that rounds towards negative infinity, and its remainder, never negative.
constexpr std::int64_t FloorDivide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}
constexpr std::int64_t FloorModulo(std::int64_t a, std::int64_t b) {
  return a % b + (a % b < 0 ? b : 0);
}

/// A local date and time of day.
LocalDateTime Combine(Date date, LocalTime time);
Date DatePart(const LocalDateTime& value);
LocalTime TimePart(const LocalDateTime& value);

}  // namespace kb::schema
