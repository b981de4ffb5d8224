// Constructors of temporal values from text, maps and other temporal values, and truncation.
#include <algorithm>
#include <array>
#include <chrono>

#include "schema/base/text.h"
#include "schema/calendar.h"
#include "schema/duration.h"
#include "schema/temporal.h"
#include "schema/temporal_fields.h"
#include "schema/zone.h"

namespace kb::schema {
namespace {

Error CannotMake(Kind kind, const Value& argument) {
  return TypeError("a {} cannot be made from {} ({})", KindName(kind), argument.ToText(),
                   KindName(argument.kind()))
      .Detail("InvalidArgumentType");
}

std::optional<Date> DateIn(const Value& value) {
  const Kind kind = value.kind();
  if (kind == Kind::kDate) return value.date();
  if (kind == Kind::kLocalDateTime) return DatePart(value.local_date_time());
  if (kind == Kind::kDateTime) return DatePart(LocalOf(value.date_time()));
  return std::nullopt;
}

std::optional<LocalTime> TimeIn(const Value& value) {
  const Kind kind = value.kind();
  if (kind == Kind::kLocalTime) return value.local_time();
  if (kind == Kind::kTime) return LocalTime{value.time().nanos};
  if (kind == Kind::kLocalDateTime) return TimePart(value.local_date_time());
  if (kind == Kind::kDateTime) return TimePart(LocalOf(value.date_time()));
  return std::nullopt;
}

/// The zone or offset a value carries, as text; empty if it carries none.
std::string ZoneIn(const Value& value) {
  if (value.kind() == Kind::kTime) return OffsetText(value.time().offset_s);
  if (value.kind() == Kind::kDateTime) return ZoneText(value.date_time());
  return {};
}

std::int32_t OffsetIn(const Value& value) {
  if (value.kind() == Kind::kTime) return value.time().offset_s;
  if (value.kind() == Kind::kDateTime) return value.date_time().offset_s;
  return 0;
}

/// The offset that a `timezone` field gives a time of day, which has no date to look a zone up by.
Result<std::int32_t> OffsetForTime(const std::string& zone) {
  if (IsOffset(zone)) return ParseOffset(zone);
  KB_TRY(OffsetAtInstant(zone, 0));
  return ArgumentError("a time of day has an offset, not a time zone: '{}'", zone)
      .Detail("InvalidArgumentValue")
      .Hint("give an offset such as '+01:00', or a date too with datetime()");
}

std::optional<Date> SelectedDate(const TemporalFields& fields) {
  if (fields.date() != nullptr) return DateIn(*fields.date());
  if (fields.date_time() != nullptr) return DateIn(*fields.date_time());
  return std::nullopt;
}

const Value* TimeSource(const TemporalFields& fields) {
  return fields.time() != nullptr ? fields.time() : fields.date_time();
}

std::optional<LocalTime> SelectedTime(const TemporalFields& fields) {
  const Value* source = TimeSource(fields);
  return source == nullptr ? std::nullopt : TimeIn(*source);
}

/// A time of day must say its hour, unless it is taken from another value.
Result<LocalTime> BuildWholeTime(const TemporalFields& fields) {
  const std::optional<LocalTime> base = SelectedTime(fields);
  if (!base && !fields.Has(TemporalFields::kHour)) {
    return ArgumentError("the field `hour` is missing").Detail("InvalidArgumentValue");
  }
  return fields.BuildTime(base);
}

Result<LocalDateTime> BuildLocalDateTime(const TemporalFields& fields) {
  KB_ASSIGN(const Date date, fields.BuildDate(SelectedDate(fields)));
  KB_ASSIGN(const LocalTime time, fields.BuildTime(SelectedTime(fields)));
  return Combine(date, time);
}

Result<Value> Checked(Result<DateTime> made) {
  if (!made) return std::move(made).error();
  return Value::Of(std::move(made).value());
}

/// A zone that is given moves an instant that was taken from a zoned value; it only names the zone
/// of a wall-clock time.
Result<Value> BuildDateTime(const TemporalFields& fields) {
  KB_ASSIGN(const std::optional<LocalDateTime> epoch, fields.Epoch());
  if (epoch) {
    KB_ASSIGN(const DateTime instant, Resolve(*epoch, "Z"));
    return fields.zone().empty() ? Value::Of(instant) : Checked(InZone(instant, fields.zone()));
  }
  KB_ASSIGN(const LocalDateTime local, BuildLocalDateTime(fields));
  const Value* source = TimeSource(fields);
  const std::string source_zone = source == nullptr ? std::string() : ZoneIn(*source);
  if (source_zone.empty()) {
    return Checked(Resolve(local, fields.zone().empty() ? "Z" : fields.zone()));
  }
  KB_ASSIGN(const DateTime there, Resolve(local, source_zone));
  return fields.zone().empty() ? Value::Of(there) : Checked(InZone(there, fields.zone()));
}

Result<Value> BuildTimeWithOffset(const TemporalFields& fields) {
  KB_ASSIGN(const LocalTime local, BuildWholeTime(fields));
  const Value* source = TimeSource(fields);
  const bool zoned = source != nullptr && !ZoneIn(*source).empty();
  Time time{local.nanos, zoned ? OffsetIn(*source) : 0};
  if (fields.zone().empty()) return Value::Of(time);
  KB_ASSIGN(const std::int32_t offset, OffsetForTime(fields.zone()));
  if (zoned) {
    time.nanos = FloorModulo(time.nanos + (offset - time.offset_s) * kNanosPerSecond, kNanosPerDay);
  }
  time.offset_s = offset;
  return Value::Of(time);
}

// Truncation.

enum class Unit {
  kMillennium,
  kCentury,
  kDecade,
  kYear,
  kWeekYear,
  kQuarter,
  kMonth,
  kWeek,
  kDay,
  kHour,
  kMinute,
  kSecond,
  kMillisecond,
  kMicrosecond,
};
constexpr std::array<std::string_view, 14> kUnitNames{
    "millennium", "century", "decade", "year",   "weekYear", "quarter",     "month",
    "week",       "day",     "hour",   "minute", "second",   "millisecond", "microsecond"};

Result<Unit> UnitOf(std::string_view name) {
  const std::string lower = text::ToLower(name);
  for (std::size_t i = 0; i < kUnitNames.size(); ++i) {
    if (text::ToLower(kUnitNames[i]) == lower) return static_cast<Unit>(i);
  }
  const std::string_view near = text::Nearest(name, kUnitNames);
  return ArgumentError("there is no unit '{}' to truncate to", name)
      .Detail("InvalidArgumentValue")
      .Hint(near.empty() ? "units go from 'millennium' to 'microsecond'"
                         : fmt::format("did you mean '{}'?", near));
}

Date TruncateDate(Date date, Unit unit) {
  const YearMonthDay ymd = CalendarOf(date);
  const auto year_of = [&ymd](std::int64_t years) {
    return DateOf({FloorDivide(ymd.year, years) * years, 1, 1});
  };
  const WeekDate week = WeekDateOf(date);
  switch (unit) {
    case Unit::kMillennium:
      return year_of(1'000);
    case Unit::kCentury:
      return year_of(100);
    case Unit::kDecade:
      return year_of(10);
    case Unit::kYear:
      return year_of(1);
    case Unit::kWeekYear:
      return DateOfWeek({week.year, 1, 1});
    case Unit::kQuarter:
      return DateOf({ymd.year, 3 * QuarterOf(ymd.month) - 2, 1});
    case Unit::kMonth:
      return DateOf({ymd.year, ymd.month, 1});
    case Unit::kWeek:
      return DateOfWeek({week.year, week.week, 1});
    case Unit::kDay:
    case Unit::kHour:
    case Unit::kMinute:
    case Unit::kSecond:
    case Unit::kMillisecond:
    case Unit::kMicrosecond:
      break;
  }
  return date;
}

LocalTime TruncateTime(LocalTime time, Unit unit) {
  if (unit <= Unit::kDay) return {0};
  constexpr std::array<std::int64_t, 5> kNanos{3'600 * kNanosPerSecond, 60 * kNanosPerSecond,
                                               kNanosPerSecond, 1'000'000, 1'000};
  const auto index = static_cast<std::size_t>(unit) - static_cast<std::size_t>(Unit::kHour);
  return {time.nanos - time.nanos % kNanos[index]};
}

/// Finer parts that are set count within what truncation has left: after truncation to
/// milliseconds, `nanosecond: 2` adds two nanoseconds to them.
void KeepSubseconds(TemporalFields& fields, Unit unit, LocalTime truncated) {
  const std::int64_t nanos = truncated.nanos % kNanosPerSecond;
  const bool finer = fields.HasAny(TemporalFields::kMicrosecond, TemporalFields::kNanosecond);
  if (unit < Unit::kMillisecond || !finer || fields.Has(TemporalFields::kMillisecond)) return;
  fields.Set(TemporalFields::kMillisecond, nanos / 1'000'000);
  if (unit == Unit::kMicrosecond && !fields.Has(TemporalFields::kMicrosecond)) {
    fields.Set(TemporalFields::kMicrosecond, nanos / 1'000 % 1'000);
  }
}

Error CannotTruncate(Kind target, std::string_view unit, const Value& source) {
  return TypeError("a {} cannot be truncated to '{}' as a {}", KindName(source.kind()), unit,
                   KindName(target))
      .Detail("InvalidArgumentType");
}

Result<Value> Assemble(Kind target, const std::optional<Date>& date, LocalTime time,
                       const std::string& zone) {
  if (target == Kind::kDate) return Value::Of(*date);
  if (target == Kind::kLocalTime) return Value::Of(time);
  if (target == Kind::kLocalDateTime) return Value::Of(Combine(*date, time));
  if (target == Kind::kDateTime) return Checked(Resolve(Combine(*date, time), zone));
  KB_ASSIGN(const std::int32_t offset, OffsetForTime(zone));
  return Value::Of(Time{time.nanos, offset});
}

}  // namespace

Result<Value> MakeDate(const Value& argument) {
  if (argument.is_string()) {
    KB_ASSIGN(const Date date, ParseDate(argument.string()));
    return Value::Of(date);
  }
  if (argument.is_map()) {
    KB_ASSIGN(const TemporalFields fields, TemporalFields::Read(Kind::kDate, argument));
    KB_ASSIGN(const Date date, fields.BuildDate(SelectedDate(fields)));
    return Value::Of(date);
  }
  if (const auto date = DateIn(argument)) return Value::Of(*date);
  return CannotMake(Kind::kDate, argument);
}

Result<Value> MakeLocalTime(const Value& argument) {
  if (argument.is_string()) {
    KB_ASSIGN(const LocalTime time, ParseLocalTime(argument.string()));
    return Value::Of(time);
  }
  if (argument.is_map()) {
    KB_ASSIGN(const TemporalFields fields, TemporalFields::Read(Kind::kLocalTime, argument));
    KB_ASSIGN(const LocalTime time, BuildWholeTime(fields));
    return Value::Of(time);
  }
  if (const auto time = TimeIn(argument)) return Value::Of(*time);
  return CannotMake(Kind::kLocalTime, argument);
}

Result<Value> MakeTime(const Value& argument) {
  if (argument.is_string()) {
    KB_ASSIGN(const Time time, ParseTime(argument.string()));
    return Value::Of(time);
  }
  if (argument.is_map()) {
    KB_ASSIGN(const TemporalFields fields, TemporalFields::Read(Kind::kTime, argument));
    return BuildTimeWithOffset(fields);
  }
  if (const auto time = TimeIn(argument)) return Value::Of(Time{time->nanos, OffsetIn(argument)});
  return CannotMake(Kind::kTime, argument);
}

Result<Value> MakeLocalDateTime(const Value& argument) {
  if (argument.is_string()) {
    KB_ASSIGN(const LocalDateTime local, ParseLocalDateTime(argument.string()));
    return Value::Of(local);
  }
  if (argument.is_map()) {
    KB_ASSIGN(const TemporalFields fields, TemporalFields::Read(Kind::kLocalDateTime, argument));
    KB_ASSIGN(const LocalDateTime local, BuildLocalDateTime(fields));
    return Value::Of(local);
  }
  if (const auto date = DateIn(argument)) {
    return Value::Of(Combine(*date, TimeIn(argument).value_or(LocalTime{})));
  }
  return CannotMake(Kind::kLocalDateTime, argument);
}

Result<Value> MakeDateTime(const Value& argument) {
  if (argument.is_string()) return Checked(ParseDateTime(argument.string()));
  if (argument.is_map()) {
    KB_ASSIGN(const TemporalFields fields, TemporalFields::Read(Kind::kDateTime, argument));
    return BuildDateTime(fields);
  }
  if (argument.kind() == Kind::kDateTime) return argument;
  if (const auto date = DateIn(argument)) {
    return Checked(Resolve(Combine(*date, TimeIn(argument).value_or(LocalTime{})), "Z"));
  }
  return CannotMake(Kind::kDateTime, argument);
}

Result<Value> MakeDateTimeFromEpoch(std::int64_t seconds, std::int64_t nanos) {
  LocalDateTime instant;
  if (__builtin_add_overflow(seconds, FloorDivide(nanos, kNanosPerSecond), &instant.seconds) ||
      !IsInRange(DatePart(instant))) {
    return ArgumentError("{} seconds since 1970 reach beyond the years that a date has", seconds)
        .Detail("NumberOutOfRange");
  }
  instant.nanos = static_cast<std::int32_t>(FloorModulo(nanos, kNanosPerSecond));
  return Checked(Resolve(instant, "Z"));
}

Result<Value> MakeDuration(const Value& argument) {
  if (argument.kind() == Kind::kDuration) return argument;
  if (argument.is_string()) {
    KB_ASSIGN(const Duration duration, ParseDuration(argument.string()));
    return Value::Of(duration);
  }
  if (!argument.is_map()) return CannotMake(Kind::kDuration, argument);
  constexpr std::array<std::string_view, 11> kNames{
      "years",   "quarters", "months",       "weeks",        "days",       "hours",
      "minutes", "seconds",  "milliseconds", "microseconds", "nanoseconds"};
  constexpr std::array<std::int64_t, 11> kEach{
      12,        3,     1, 7, 1, 3'600 * kNanosPerSecond, 60 * kNanosPerSecond, kNanosPerSecond,
      1'000'000, 1'000, 1};
  DurationSum sum;
  if (argument.map().empty()) {
    return ArgumentError("a duration needs at least one field, such as {{days: 1}}")
        .Detail("InvalidArgumentValue");
  }
  for (const auto& [name, value] : argument.map()) {
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) {
      const std::string_view near = text::Nearest(name, kNames);
      return ArgumentError("a Duration has no field `{}`", name)
          .Detail("InvalidArgumentValue")
          .Hint(near.empty() ? "its fields go from years to nanoseconds"
                             : fmt::format("did you mean `{}`?", near));
    }
    if (!value.is_number()) {
      return TypeError("the field `{}` must be a number, but it is {} ({})", name, value.ToText(),
                       KindName(value.kind()))
          .Detail("InvalidArgumentType");
    }
    const auto index = static_cast<std::size_t>(found - kNames.begin());
    Amount amount{value.is_integer() ? value.integer() : 0, 0, 0};
    if (value.is_float()) {
      KB_ASSIGN(amount, AmountOf(static_cast<long double>(value.floating())));
    }
    if (index < 3) {
      sum.AddMonths(amount, kEach[index]);
    } else if (index < 5) {
      sum.AddDays(amount, kEach[index]);
    } else {
      sum.AddNanos(amount, kEach[index]);
    }
  }
  KB_ASSIGN(const Duration duration, sum.Finish());
  return Value::Of(duration);
}

Result<Value> Truncate(Kind target, std::string_view unit_name, const Value& source,
                       const Value& fields_value) {
  KB_ASSIGN(const Unit unit, UnitOf(unit_name));
  TemporalFields fields;
  if (fields_value.is_map()) {
    KB_ASSIGN(fields, TemporalFields::Read(target, fields_value));
  } else if (!fields_value.is_null()) {
    return TypeError("the fields to set after truncation must be a map, but they are {}",
                     KindName(fields_value.kind()))
        .Detail("InvalidArgumentType");
  }
  const bool needs_date = target != Kind::kTime && target != Kind::kLocalTime;
  std::optional<Date> date = DateIn(source);
  std::optional<LocalTime> time = TimeIn(source);
  const bool too_coarse = !needs_date && unit < Unit::kDay;
  const bool too_fine = unit > Unit::kDay && (target == Kind::kDate || !time);
  if ((needs_date && !date) || (!needs_date && !time) || too_coarse || too_fine) {
    return CannotTruncate(target, unit_name, source);
  }
  if (needs_date) {
    date = TruncateDate(*date, unit);
    KB_ASSIGN(date, fields.BuildDate(date));
    if (!IsInRange(*date)) return CannotTruncate(target, unit_name, source);
  }
  LocalTime cut = TruncateTime(time.value_or(LocalTime{}), unit);
  KeepSubseconds(fields, unit, cut);
  KB_ASSIGN(cut, fields.BuildTime(cut));
  std::string zone = target == Kind::kTime ? OffsetText(OffsetIn(source)) : ZoneIn(source);
  if (!fields.zone().empty()) zone = fields.zone();
  return Assemble(target, date, cut, zone.empty() ? "Z" : zone);
}

Result<Value> Now(Kind kind, std::string_view zone) {
  const auto since_epoch = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  KB_ASSIGN(const Value instant, MakeDateTimeFromEpoch(0, since_epoch.count()));
  KB_ASSIGN(const DateTime there, InZone(instant.date_time(), zone.empty() ? "Z" : zone));
  const Value now = Value::Of(there);
  if (kind == Kind::kDate) return MakeDate(now);
  if (kind == Kind::kLocalTime) return MakeLocalTime(now);
  if (kind == Kind::kTime) return MakeTime(now);
  if (kind == Kind::kLocalDateTime) return MakeLocalDateTime(now);
  if (kind == Kind::kDateTime) return now;
  return ArgumentError("there is no current {}", KindName(kind)).Detail("InvalidArgumentType");
}

}  // namespace kb::schema
