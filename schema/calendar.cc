#include "schema/calendar.h"

#include <algorithm>

namespace kb::schema {
namespace {

constexpr std::int64_t kDaysPerEra = 146'097;  // 400 years.
constexpr std::int64_t kSecondsPerDay = 86'400;

/// Days from 0000-03-01 to 1970-01-01. Counting years from March puts the leap day at their end.
constexpr std::int64_t kEpochShift = 719'468;

/// Monday = 1 … Sunday = 7. Day 0 was a Thursday.
int WeekDay(Date date) { return static_cast<int>(FloorModulo(date.days + 3, 7)) + 1; }

}  // namespace

bool IsLeapYear(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysInMonth(std::int64_t year, int month) {
  if (month == 2) return IsLeapYear(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

Date DateOf(YearMonthDay ymd) {
  const std::int64_t year = ymd.year - (ymd.month <= 2 ? 1 : 0);
  const std::int64_t era = FloorDivide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month_from_march = ymd.month > 2 ? ymd.month - 3 : ymd.month + 9;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + ymd.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return {era * kDaysPerEra + day_of_era - kEpochShift};
}

YearMonthDay CalendarOf(Date date) {
  const std::int64_t days = date.days + kEpochShift;
  const std::int64_t era = FloorDivide(days, kDaysPerEra);
  const std::int64_t day_of_era = days - era * kDaysPerEra;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const auto day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  const auto month =
      static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

WeekDate WeekDateOf(Date date) {
  const int day = WeekDay(date);
  // A week belongs to the year that its Thursday lies in.
  const Date thursday{date.days - day + 4};
  const std::int64_t year = CalendarOf(thursday).year;
  return {year, (DayOfYear(thursday) - 1) / 7 + 1, day};
}

Date DateOfWeek(WeekDate week_date) {
  const Date january_4 = DateOf({week_date.year, 1, 4});  // Always in week 1.
  const std::int64_t monday = january_4.days - (WeekDay(january_4) - 1);
  return {monday + (week_date.week - 1) * 7 + (week_date.day - 1)};
}

int WeeksInYear(std::int64_t week_year) {
  return WeekDateOf(DateOf({week_year, 12, 28})).week;  // Always in the last week.
}

int DayOfYear(Date date) {
  return static_cast<int>(date.days - DateOf({CalendarOf(date).year, 1, 1}).days) + 1;
}

int DayOfQuarter(Date date) {
  const YearMonthDay ymd = CalendarOf(date);
  const int first_month = 3 * (QuarterOf(ymd.month) - 1) + 1;
  return static_cast<int>(date.days - DateOf({ymd.year, first_month, 1}).days) + 1;
}

int QuarterOf(int month) { return (month - 1) / 3 + 1; }

int DaysInQuarter(std::int64_t year, int quarter) {
  const int first_month = 3 * (quarter - 1) + 1;
  return DaysInMonth(year, first_month) + DaysInMonth(year, first_month + 1) +
         DaysInMonth(year, first_month + 2);
}

YearMonthDay AddMonths(YearMonthDay ymd, std::int64_t months) {
  const std::int64_t count = ymd.year * 12 + (ymd.month - 1) + months;
  const std::int64_t year = FloorDivide(count, 12);
  const auto month = static_cast<int>(FloorModulo(count, 12)) + 1;
  return {year, month, std::min(ymd.day, DaysInMonth(year, month))};
}

bool IsInRange(Date date) {
  static const std::int64_t first = DateOf({kYearMin, 1, 1}).days;
  static const std::int64_t last = DateOf({kYearMax, 12, 31}).days;
  return date.days >= first && date.days <= last;
}

LocalDateTime Combine(Date date, LocalTime time) {
  return {date.days * kSecondsPerDay + time.nanos / kNanosPerSecond,
          static_cast<std::int32_t>(time.nanos % kNanosPerSecond)};
}

Date DatePart(const LocalDateTime& value) { return {FloorDivide(value.seconds, kSecondsPerDay)}; }

LocalTime TimePart(const LocalDateTime& value) {
  return {FloorModulo(value.seconds, kSecondsPerDay) * kNanosPerSecond + value.nanos};
}

}  // namespace kb::schema
