// Dates and times: constructors, clocks and truncation. The work is schema/temporal.h's.

#include "schema/temporal.h"

#include <chrono>

#include "query/functions/table.h"

namespace kb::query::functions {
namespace {

Result<Value> MakeOf(Kind kind, const Value& argument) {
  if (kind == Kind::kDate) return schema::MakeDate(argument);
  if (kind == Kind::kLocalTime) return schema::MakeLocalTime(argument);
  if (kind == Kind::kTime) return schema::MakeTime(argument);
  if (kind == Kind::kLocalDateTime) return schema::MakeLocalDateTime(argument);
  return schema::MakeDateTime(argument);
}

/// An instant as a value of `kind`, as clocks in `zone` show it.
Result<Value> InstantAs(Kind kind, std::int64_t seconds, std::int64_t nanos,
                        std::string_view zone) {
  KB_ASSIGN(Value instant, schema::MakeDateTimeFromEpoch(seconds, nanos));
  if (!zone.empty()) {
    KB_ASSIGN(instant, schema::MakeDateTime(
                           Value::Map({{"datetime", instant}, {"timezone", Value::String(zone)}})));
  }
  return kind == Kind::kDateTime ? instant : MakeOf(kind, instant);
}

/// The statement's reading of the clock.
Result<Value> StatementClock(Kind kind, const Context& context, std::string_view zone) {
  if (context.now_seconds == 0 && context.now_nanos == 0) {
    return InternalError("there is no clock outside of a running statement");
  }
  return InstantAs(kind, context.now_seconds, context.now_nanos, zone);
}

template <Kind kKind>
Result<Value> Construct(std::span<const Value> arguments, const Context& context) {
  if (arguments.empty()) return StatementClock(kKind, context, {});
  const Value& argument = arguments[0];
  if (argument.is_map() && argument.map().size() == 1) {
    // Nothing but a zone asks for the time that it is there.
    const Value* zone = argument.Find("timezone");
    if (zone != nullptr && zone->is_string()) {
      return StatementClock(kKind, context, zone->string());
    }
  }
  return MakeOf(kKind, argument);
}

template <Kind kKind>
Result<Value> Clock(std::span<const Value> arguments, const Context& context) {
  return StatementClock(kKind, context,
                        arguments.empty() ? std::string_view() : arguments[0].string());
}

template <Kind kKind>
Result<Value> RealClock(std::span<const Value> arguments, const Context&) {
  const auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return InstantAs(kKind, 0, nanos.count(),
                   arguments.empty() ? std::string_view() : arguments[0].string());
}

template <Kind kKind>
Result<Value> TruncateTo(std::span<const Value> arguments, const Context& context) {
  Value source;
  if (arguments.size() > 1) {
    source = arguments[1];
  } else {
    KB_ASSIGN(source, StatementClock(Kind::kDateTime, context, {}));
  }
  const Value fields = arguments.size() > 2 ? arguments[2] : Value::Null();
  return schema::Truncate(kKind, arguments[0].string(), source, fields);
}

Result<Value> FromEpoch(std::span<const Value> arguments, const Context&) {
  const std::int64_t nanos = arguments.size() > 1 ? arguments[1].integer() : 0;
  return schema::MakeDateTimeFromEpoch(arguments[0].integer(), nanos);
}

Result<Value> FromEpochMillis(std::span<const Value> arguments, const Context&) {
  const std::int64_t millis = arguments[0].integer();
  return schema::MakeDateTimeFromEpoch(millis / 1000, millis % 1000 * 1'000'000);
}

Result<Value> Timestamp(std::span<const Value>, const Context& context) {
  KB_ASSIGN(const Value now, StatementClock(Kind::kDateTime, context, {}));
  return schema::Component(now, "epochMillis");
}

constexpr Traits kClock = {.optional = 1};
constexpr Traits kRealClock = {.optional = 1, .deterministic = false};

std::vector<Argument> ZoneArgument() { return {{"timezone", kStringKind}}; }

std::vector<Argument> FromArgument() { return {{"from", kStringKind | kMapKind | kInstantKinds}}; }

std::vector<Argument> TruncateArguments() {
  return {{"unit", kStringKind}, {"from", kInstantKinds}, {"fields", kMapKind}};
}

std::vector<Function> DateTable() {
  return {
      Make({"date", "date(from :: STRING | MAP | TEMPORAL) :: DATE",
            "A date from text, fields or another value; without one, now.", "date('2024-02-29')",
            "2024-02-29"},
           FromArgument(), Set(Kind::kDate), Construct<Kind::kDate>, kClock),
      Make({"date.realtime", "date.realtime(timezone = 'Z' :: STRING) :: DATE",
            "Now, when it is called, as a date.", "date.realtime() > date('2020-01-01')", "true"},
           ZoneArgument(), Set(Kind::kDate), RealClock<Kind::kDate>, kRealClock),
      Make({"date.statement", "date.statement(timezone = 'Z' :: STRING) :: DATE",
            "Now, when the statement began, as a date.", "date.statement() > date('2020-01-01')",
            "true"},
           ZoneArgument(), Set(Kind::kDate), Clock<Kind::kDate>, kClock),
      Make({"date.transaction", "date.transaction(timezone = 'Z' :: STRING) :: DATE",
            "Now, when the statement began, as for .statement, as a date.",
            "date.transaction() > date('2020-01-01')", "true"},
           ZoneArgument(), Set(Kind::kDate), Clock<Kind::kDate>, kClock),
      Make({"date.truncate",
            "date.truncate(unit :: STRING, from :: TEMPORAL, fields :: MAP) :: DATE",
            "The beginning of the unit that a value lies in, with fields set on top.",
            "date.truncate('month', date('2024-02-29'))", "2024-02-01"},
           TruncateArguments(), Set(Kind::kDate), TruncateTo<Kind::kDate>, {.optional = 2}),
  };
}

std::vector<Function> DateTimeTable() {
  return {
      Make({"datetime", "datetime(from :: STRING | MAP | TEMPORAL) :: ZONED DATETIME",
            "A date and time in a zone from text, fields or another value; without one, now.",
            "datetime('2024-02-29T12:30+01:00')", "2024-02-29T12:30+01:00"},
           FromArgument(), Set(Kind::kDateTime), Construct<Kind::kDateTime>, kClock),
      Make({"datetime.fromepoch",
            "datetime.fromepoch(seconds :: INTEGER, nanoseconds :: INTEGER) :: ZONED DATETIME",
            "The date and time so many seconds and nanoseconds after 1970 began, in UTC.",
            "datetime.fromepoch(1700000000, 0)", "2023-11-14T22:13:20Z"},
           {{"seconds", kIntegerKind}, {"nanoseconds", kIntegerKind}}, Set(Kind::kDateTime),
           FromEpoch, {.optional = 1}),
      Make({"datetime.fromepochmillis",
            "datetime.fromepochmillis(milliseconds :: INTEGER) :: ZONED DATETIME",
            "The date and time so many milliseconds after 1970 began, in UTC.",
            "datetime.fromepochmillis(1700000000123)", "2023-11-14T22:13:20.123Z"},
           {{"milliseconds", kIntegerKind}}, Set(Kind::kDateTime), FromEpochMillis),
      Make({"datetime.realtime", "datetime.realtime(timezone = 'Z' :: STRING) :: ZONED DATETIME",
            "Now, when it is called, as a date and time in a zone.",
            "datetime.realtime() > datetime('2020-01-01T00:00Z')", "true"},
           ZoneArgument(), Set(Kind::kDateTime), RealClock<Kind::kDateTime>, kRealClock),
      Make({"datetime.statement", "datetime.statement(timezone = 'Z' :: STRING) :: ZONED DATETIME",
            "Now, when the statement began, as a date and time in a zone.",
            "datetime.statement() > datetime('2020-01-01T00:00Z')", "true"},
           ZoneArgument(), Set(Kind::kDateTime), Clock<Kind::kDateTime>, kClock),
      Make({"datetime.transaction",
            "datetime.transaction(timezone = 'Z' :: STRING) :: ZONED DATETIME",
            "Now, when the statement began, as for .statement, as a date and time in a zone.",
            "datetime.transaction() > datetime('2020-01-01T00:00Z')", "true"},
           ZoneArgument(), Set(Kind::kDateTime), Clock<Kind::kDateTime>, kClock),
      Make({"datetime.truncate",
            "datetime.truncate(unit :: STRING, from :: TEMPORAL, fields :: MAP) :: ZONED DATETIME",
            "The beginning of the unit that a value lies in, with fields set on top.",
            "datetime.truncate('hour', datetime('2024-02-29T12:30Z'))", "2024-02-29T12:00Z"},
           TruncateArguments(), Set(Kind::kDateTime), TruncateTo<Kind::kDateTime>, {.optional = 2}),
      Make({"timestamp", "timestamp() :: INTEGER",
            "Milliseconds from 1970 to when the statement began.", "timestamp() > 1577836800000",
            "true"},
           {}, kIntegerKind, Timestamp),
  };
}

std::vector<Function> LocalDateTimeTable() {
  return {
      Make({"localdatetime", "localdatetime(from :: STRING | MAP | TEMPORAL) :: LOCAL DATETIME",
            "A date and time without a zone from text, fields or another value; without one, now.",
            "localdatetime('2024-02-29T12:30')", "2024-02-29T12:30"},
           FromArgument(), Set(Kind::kLocalDateTime), Construct<Kind::kLocalDateTime>, kClock),
      Make({"localdatetime.realtime",
            "localdatetime.realtime(timezone = 'Z' :: STRING) :: LOCAL DATETIME",
            "Now, when it is called, as a date and time without a zone.",
            "localdatetime.realtime() > localdatetime('2020-01-01T00:00')", "true"},
           ZoneArgument(), Set(Kind::kLocalDateTime), RealClock<Kind::kLocalDateTime>, kRealClock),
      Make({"localdatetime.statement",
            "localdatetime.statement(timezone = 'Z' :: STRING) :: LOCAL DATETIME",
            "Now, when the statement began, as a date and time without a zone.",
            "localdatetime.statement() > localdatetime('2020-01-01T00:00')", "true"},
           ZoneArgument(), Set(Kind::kLocalDateTime), Clock<Kind::kLocalDateTime>, kClock),
      Make({"localdatetime.transaction",
            "localdatetime.transaction(timezone = 'Z' :: STRING) :: LOCAL DATETIME",
            "Now, when the statement began, as for .statement, as a date and time without a zone.",
            "localdatetime.transaction() > localdatetime('2020-01-01T00:00')", "true"},
           ZoneArgument(), Set(Kind::kLocalDateTime), Clock<Kind::kLocalDateTime>, kClock),
      Make({"localdatetime.truncate",
            "localdatetime.truncate(unit :: STRING, from :: TEMPORAL, fields :: MAP) :: LOCAL "
            "DATETIME",
            "The beginning of the unit that a value lies in, with fields set on top.",
            "localdatetime.truncate('day', localdatetime('2024-02-29T12:30'))", "2024-02-29T00:00"},
           TruncateArguments(), Set(Kind::kLocalDateTime), TruncateTo<Kind::kLocalDateTime>,
           {.optional = 2}),
  };
}

std::vector<Function> LocalTimeTable() {
  return {
      Make({"localtime", "localtime(from :: STRING | MAP | TEMPORAL) :: LOCAL TIME",
            "A time of day without an offset from text, fields or another value; without one, now.",
            "localtime('12:30')", "12:30"},
           FromArgument(), Set(Kind::kLocalTime), Construct<Kind::kLocalTime>, kClock),
      Make({"localtime.realtime", "localtime.realtime(timezone = 'Z' :: STRING) :: LOCAL TIME",
            "Now, when it is called, as a time of day without an offset.",
            "localtime.realtime() >= localtime('00:00')", "true"},
           ZoneArgument(), Set(Kind::kLocalTime), RealClock<Kind::kLocalTime>, kRealClock),
      Make({"localtime.statement", "localtime.statement(timezone = 'Z' :: STRING) :: LOCAL TIME",
            "Now, when the statement began, as a time of day without an offset.",
            "localtime.statement() >= localtime('00:00')", "true"},
           ZoneArgument(), Set(Kind::kLocalTime), Clock<Kind::kLocalTime>, kClock),
      Make(
          {"localtime.transaction", "localtime.transaction(timezone = 'Z' :: STRING) :: LOCAL TIME",
           "Now, when the statement began, as for .statement, as a time of day without an offset.",
           "localtime.transaction() >= localtime('00:00')", "true"},
          ZoneArgument(), Set(Kind::kLocalTime), Clock<Kind::kLocalTime>, kClock),
      Make({"localtime.truncate",
            "localtime.truncate(unit :: STRING, from :: TEMPORAL, fields :: MAP) :: LOCAL TIME",
            "The beginning of the unit that a value lies in, with fields set on top.",
            "localtime.truncate('hour', localtime('12:30'))", "12:00"},
           TruncateArguments(), Set(Kind::kLocalTime), TruncateTo<Kind::kLocalTime>,
           {.optional = 2}),
  };
}

std::vector<Function> TimeTable() {
  return {
      Make({"time", "time(from :: STRING | MAP | TEMPORAL) :: ZONED TIME",
            "A time of day with an offset from text, fields or another value; without one, now.",
            "time('12:30+01:00')", "12:30+01:00"},
           FromArgument(), Set(Kind::kTime), Construct<Kind::kTime>, kClock),
      Make({"time.realtime", "time.realtime(timezone = 'Z' :: STRING) :: ZONED TIME",
            "Now, when it is called, as a time of day with an offset.",
            "time.realtime() >= time('00:00Z')", "true"},
           ZoneArgument(), Set(Kind::kTime), RealClock<Kind::kTime>, kRealClock),
      Make({"time.statement", "time.statement(timezone = 'Z' :: STRING) :: ZONED TIME",
            "Now, when the statement began, as a time of day with an offset.",
            "time.statement() >= time('00:00Z')", "true"},
           ZoneArgument(), Set(Kind::kTime), Clock<Kind::kTime>, kClock),
      Make({"time.transaction", "time.transaction(timezone = 'Z' :: STRING) :: ZONED TIME",
            "Now, when the statement began, as for .statement, as a time of day with an offset.",
            "time.transaction() >= time('00:00Z')", "true"},
           ZoneArgument(), Set(Kind::kTime), Clock<Kind::kTime>, kClock),
      Make({"time.truncate",
            "time.truncate(unit :: STRING, from :: TEMPORAL, fields :: MAP) :: ZONED TIME",
            "The beginning of the unit that a value lies in, with fields set on top.",
            "time.truncate('hour', time('12:30+01:00'))", "12:00+01:00"},
           TruncateArguments(), Set(Kind::kTime), TruncateTo<Kind::kTime>, {.optional = 2}),
  };
}

}  // namespace

std::span<const Function> TemporalFunctions() {
  static const std::vector<Function> table = [] {
    std::vector<Function> all;
    for (const auto part :
         {DateTable, DateTimeTable, LocalDateTimeTable, LocalTimeTable, TimeTable}) {
      const std::vector<Function> functions = part();
      all.insert(all.end(), functions.begin(), functions.end());
    }
    return all;
  }();
  return table;
}

}  // namespace kb::query::functions
