// Time: parsing, printing, components, arithmetic of the temporal kinds.
//
// Text forms are ISO 8601 as openCypher reads and prints them; years run from -999999999 to
// 999999999. Zones are IANA names, resolved with the system's tzdata through howardhinnant-date; a
// zone that is unknown, or tzdata that is missing, is a kArgument error that says so.
// All functions are thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/base/result.h"
#include "schema/value.h"

namespace kb::schema {

inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr std::int64_t kNanosPerDay = 86'400 * kNanosPerSecond;

// Calendar arithmetic, proleptic Gregorian, any year.
struct YearMonthDay {
  std::int64_t year;
  int month;
  int day;
};
Date DateOf(YearMonthDay ymd);
YearMonthDay CalendarOf(Date date);
bool IsLeapYear(std::int64_t year);
int DaysInMonth(std::int64_t year, int month);

// Text → value. Errors: kArgument with what was expected.
Result<Date> ParseDate(std::string_view text);
Result<LocalTime> ParseLocalTime(std::string_view text);
Result<Time> ParseTime(std::string_view text);
Result<LocalDateTime> ParseLocalDateTime(std::string_view text);
Result<DateTime> ParseDateTime(std::string_view text);
Result<Duration> ParseDuration(std::string_view text);

// Value → the text that toString() gives and the parsers read back.
std::string ToText(Date value);
std::string ToText(LocalTime value);
std::string ToText(const Time& value);
std::string ToText(const LocalDateTime& value);
std::string ToText(const DateTime& value);
std::string ToText(const Duration& value);

/// The offset from UTC (seconds east) that `zone` had at the UTC second.
Result<std::int32_t> OffsetAtInstant(std::string_view zone, std::int64_t utc_seconds);
/// The instant of a local time in a zone (IANA name or ±hh:mm): in a gap the later, in an overlap
/// the earlier offset, as java.time does.
Result<DateTime> Resolve(const LocalDateTime& local, std::string_view zone);
/// Wall-clock reading of an instant.
LocalDateTime LocalOf(const DateTime& value);

// Constructors from a map (date({year: 2018, month: 3}) …), from another temporal value, and
// truncation, as the language defines them; `fields` is a map value, `unit` such as 'month'.
// Errors: kArgument, kType. Null in, null out is the caller's business.
Result<Value> MakeDate(const Value& argument);
Result<Value> MakeLocalTime(const Value& argument);
Result<Value> MakeTime(const Value& argument);
Result<Value> MakeLocalDateTime(const Value& argument);
Result<Value> MakeDateTime(const Value& argument);
Result<Value> MakeDuration(const Value& argument);
Result<Value> MakeDateTimeFromEpoch(std::int64_t seconds, std::int64_t nanos);
Result<Value> Truncate(Kind target, std::string_view unit, const Value& source,
                       const Value& fields);
/// The current instant in a zone ("" = UTC) as a value of `kind`.
Result<Value> Now(Kind kind, std::string_view zone);

/// A component such as `year`, `epochMillis`, `timezone`, `minutesOfHour`; null if the kind has
/// none of that name.
Result<Value> Component(const Value& temporal, std::string_view name);

// Arithmetic. Errors: kArithmetic on overflow.
Result<Value> AddDuration(const Value& temporal, const Duration& duration, int sign);
Result<Duration> Add(const Duration& a, const Duration& b, int sign);
Result<Duration> Scale(const Duration& duration, double factor);
/// Exact where Scale by the reciprocal is not: a third of three days is a day.
Result<Duration> Divide(const Duration& duration, double divisor);
enum class DurationUnit { kAll, kMonths, kDays, kSeconds };
/// duration.between, .inMonths, .inDays, .inSeconds of two temporal values.
Result<Duration> Between(const Value& from, const Value& to, DurationUnit unit);

}  // namespace kb::schema
