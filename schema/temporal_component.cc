// The components of temporal values, as `value.name` reads them.
#include <optional>

#include "schema/calendar.h"
#include "schema/temporal.h"
#include "schema/zone.h"

namespace kb::schema {
namespace {

std::optional<std::int64_t> DateComponent(Date date, std::string_view name) {
  const YearMonthDay ymd = CalendarOf(date);
  if (name == "year") return ymd.year;
  if (name == "quarter") return QuarterOf(ymd.month);
  if (name == "month") return ymd.month;
  if (name == "day") return ymd.day;
  if (name == "week") return WeekDateOf(date).week;
  if (name == "weekYear") return WeekDateOf(date).year;
  if (name == "weekDay" || name == "dayOfWeek") return WeekDateOf(date).day;
  if (name == "ordinalDay") return DayOfYear(date);
  if (name == "dayOfQuarter") return DayOfQuarter(date);
  return std::nullopt;
}

std::optional<std::int64_t> TimeComponent(LocalTime time, std::string_view name) {
  const std::int64_t seconds = time.nanos / kNanosPerSecond;
  const std::int64_t nanos = time.nanos % kNanosPerSecond;
  if (name == "hour") return seconds / 3'600;
  if (name == "minute") return seconds / 60 % 60;
  if (name == "second") return seconds % 60;
  if (name == "millisecond") return nanos / 1'000'000;
  if (name == "microsecond") return nanos / 1'000;
  if (name == "nanosecond") return nanos;
  return std::nullopt;
}

std::optional<std::int64_t> OffsetComponent(std::int32_t offset_s, std::string_view name) {
  if (name == "offsetMinutes") return offset_s / 60;
  if (name == "offsetSeconds") return offset_s;
  return std::nullopt;
}

Value OrNull(std::optional<std::int64_t> number) {
  return number ? Value::Integer(*number) : Value::Null();
}

/// The whole length of seconds and nanoseconds in a smaller unit.
Result<Value> InUnit(std::int64_t seconds, std::int64_t nanos, std::int64_t per_second) {
  std::int64_t count = 0;
  if (__builtin_mul_overflow(seconds, per_second, &count) ||
      __builtin_add_overflow(count, nanos / (kNanosPerSecond / per_second), &count)) {
    return ArithmeticError("{} seconds have more parts than 64 bits can count", seconds)
        .Detail("NumberOutOfRange");
  }
  return Value::Integer(count);
}

Result<Value> DateTimeComponent(const DateTime& value, std::string_view name) {
  const LocalDateTime local = LocalOf(value);
  if (name == "timezone") return Value::String(ZoneText(value));
  if (name == "offset") return Value::String(OffsetText(value.offset_s));
  if (name == "epochSeconds") return Value::Integer(value.seconds);
  if (name == "epochMillis") return InUnit(value.seconds, value.nanos, 1'000);
  if (const auto number = OffsetComponent(value.offset_s, name)) return Value::Integer(*number);
  if (const auto number = DateComponent(DatePart(local), name)) return Value::Integer(*number);
  return OrNull(TimeComponent(TimePart(local), name));
}

Result<Value> DurationComponent(const Duration& value, std::string_view name) {
  // Seconds and nanoseconds of one sign, as they are printed.
  std::int64_t seconds = value.seconds;
  std::int64_t nanos = value.nanos;
  if (seconds < 0 && nanos > 0) {
    ++seconds;
    nanos -= kNanosPerSecond;
  }
  const auto integer = [](std::int64_t number) { return Value::Integer(number); };
  if (name == "years") return integer(value.months / 12);
  if (name == "quarters") return integer(value.months / 3);
  if (name == "months") return integer(value.months);
  if (name == "weeks") return integer(value.days / 7);
  if (name == "days") return integer(value.days);
  if (name == "hours") return integer(seconds / 3'600);
  if (name == "minutes") return integer(seconds / 60);
  if (name == "seconds") return integer(seconds);
  if (name == "milliseconds") return InUnit(seconds, nanos, 1'000);
  if (name == "microseconds") return InUnit(seconds, nanos, 1'000'000);
  if (name == "nanoseconds") return InUnit(seconds, nanos, kNanosPerSecond);
  if (name == "quartersOfYear") return integer(value.months / 3 % 4);
  if (name == "monthsOfYear") return integer(value.months % 12);
  if (name == "monthsOfQuarter") return integer(value.months % 3);
  if (name == "daysOfWeek") return integer(value.days % 7);
  if (name == "minutesOfHour") return integer(seconds / 60 % 60);
  if (name == "secondsOfMinute") return integer(seconds % 60);
  if (name == "millisecondsOfSecond") return integer(nanos / 1'000'000);
  if (name == "microsecondsOfSecond") return integer(nanos / 1'000);
  if (name == "nanosecondsOfSecond") return integer(nanos);
  return Value::Null();
}

}  // namespace

Result<Value> Component(const Value& temporal, std::string_view name) {
  const Kind kind = temporal.kind();
  if (kind == Kind::kDate) return OrNull(DateComponent(temporal.date(), name));
  if (kind == Kind::kLocalTime) return OrNull(TimeComponent(temporal.local_time(), name));
  if (kind == Kind::kTime) {
    const Time time = temporal.time();
    if (name == "timezone" || name == "offset") return Value::String(OffsetText(time.offset_s));
    if (const auto number = OffsetComponent(time.offset_s, name)) return Value::Integer(*number);
    return OrNull(TimeComponent({time.nanos}, name));
  }
  if (kind == Kind::kLocalDateTime) {
    const LocalDateTime local = temporal.local_date_time();
    if (const auto number = DateComponent(DatePart(local), name)) return Value::Integer(*number);
    return OrNull(TimeComponent(TimePart(local), name));
  }
  if (kind == Kind::kDateTime) return DateTimeComponent(temporal.date_time(), name);
  if (kind == Kind::kDuration) return DurationComponent(temporal.duration(), name);
  return Value::Null();
}

}  // namespace kb::schema
