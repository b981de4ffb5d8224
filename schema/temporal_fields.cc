#include "schema/temporal_fields.h"

#include <algorithm>

#include "schema/base/text.h"
#include "schema/calendar.h"

namespace kb::schema {
namespace {

using Fields = TemporalFields;

constexpr std::array<std::string_view, Fields::kFieldCount> kNames{
    "year",         "quarter",    "month",        "week",       "day",    "dayOfWeek",
    "dayOfQuarter", "ordinalDay", "hour",         "minute",     "second", "millisecond",
    "microsecond",  "nanosecond", "epochSeconds", "epochMillis"};

bool HasDate(Kind kind) {
  return kind == Kind::kDate || kind == Kind::kLocalDateTime || kind == Kind::kDateTime;
}
bool HasTime(Kind kind) { return kind != Kind::kDate; }
bool HasZone(Kind kind) { return kind == Kind::kTime || kind == Kind::kDateTime; }

bool Takes(Kind kind, std::size_t field) {
  if (field >= Fields::kEpochSeconds) return kind == Kind::kDateTime;
  return field >= Fields::kHour ? HasTime(kind) : HasDate(kind);
}

Error UnknownField(Kind kind, std::string_view name) {
  std::vector<std::string_view> names;
  for (std::size_t field = 0; field < kNames.size(); ++field) {
    if (Takes(kind, field)) names.push_back(kNames[field]);
  }
  if (HasDate(kind)) names.push_back("date");
  if (HasTime(kind)) names.push_back("time");
  if (HasDate(kind) && HasTime(kind)) names.push_back("datetime");
  if (HasZone(kind)) names.push_back("timezone");
  std::string all;
  for (const std::string_view one : names) all += (all.empty() ? "" : ", ") + std::string(one);
  Error error = ArgumentError("a {} has no field `{}`", KindName(kind), name);
  const std::string_view near = text::Nearest(name, names);
  error.Hint(near.empty() ? "its fields are " + all : fmt::format("did you mean `{}`?", near));
  return error.Detail("InvalidArgumentValue");
}

Error WrongKind(std::string_view name, std::string_view wanted, const Value& value) {
  return TypeError("the field `{}` must be {}, but it is {} ({})", name, wanted, value.ToText(),
                   KindName(value.kind()))
      .Detail("InvalidArgumentType");
}

bool HasDatePart(const Value& value) { return HasDate(value.kind()); }
bool HasTimePart(const Value& value) {
  const Kind kind = value.kind();
  return kind == Kind::kLocalTime || kind == Kind::kTime || kind == Kind::kLocalDateTime ||
         kind == Kind::kDateTime;
}

}  // namespace

Result<TemporalFields> TemporalFields::Read(Kind kind, const Value& map) {
  TemporalFields fields;
  for (const auto& [name, value] : map.map()) KB_TRY(fields.ReadEntry(kind, name, value));
  return fields;
}

Result<void> TemporalFields::ReadEntry(Kind kind, std::string_view name, const Value& value) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  const auto field = static_cast<std::size_t>(found - kNames.begin());
  if (field < kNames.size() && Takes(kind, field)) {
    if (!value.is_integer()) return WrongKind(name, "an integer", value);
    numbers_[field] = value.integer();
    return {};
  }
  if (name == "timezone" && HasZone(kind)) {
    if (!value.is_string()) return WrongKind(name, "a string", value);
    if (value.string().empty()) {
      return ArgumentError("the field `timezone` is empty").Detail("InvalidArgumentValue");
    }
    zone_ = value.string();
    return {};
  }
  if (name == "date" && HasDate(kind)) {
    if (!HasDatePart(value)) return WrongKind(name, "a value with a date", value);
    date_ = value;
    return {};
  }
  if (name == "time" && HasTime(kind)) {
    if (!HasTimePart(value)) return WrongKind(name, "a value with a time", value);
    time_ = value;
    return {};
  }
  if (name == "datetime" && HasDate(kind) && HasTime(kind)) {
    if (!HasDatePart(value) || !HasTimePart(value)) {
      return WrongKind(name, "a value with a date and a time", value);
    }
    date_time_ = value;
    return {};
  }
  return UnknownField(kind, name);
}

bool TemporalFields::HasAny(Field first, Field last) const {
  return std::any_of(numbers_.begin() + first, numbers_.begin() + last + 1,
                     [](const auto& number) { return number.has_value(); });
}

/// Without a base, a field counts within a coarser one that must be there.
Result<void> TemporalFields::Need(Field coarse, Field fine) const {
  if (!Has(fine) || Has(coarse)) return {};
  return ArgumentError("the field `{}` needs `{}` beside it", kNames[fine], kNames[coarse])
      .Detail("InvalidArgumentValue");
}

Result<int> TemporalFields::Within(Field field, std::int64_t otherwise, std::int64_t first,
                                   std::int64_t last) const {
  const std::int64_t number = numbers_[field].value_or(otherwise);
  if (number >= first && number <= last) return static_cast<int>(number);
  return ArgumentError("the field `{}` is {}, it must be from {} to {}", kNames[field], number,
                       first, last)
      .Detail("NumberOutOfRange");
}

Result<std::int64_t> TemporalFields::Year(std::int64_t otherwise) const {
  const std::int64_t year = numbers_[kYear].value_or(otherwise);
  if (year >= kYearMin && year <= kYearMax) return year;
  return ArgumentError("the field `year` is {}, it must be from {} to {}", year, kYearMin, kYearMax)
      .Detail("NumberOutOfRange");
}

Result<void> TemporalFields::CheckDateFields() const {
  struct Calendar {
    std::string_view sort;
    Field field;
  };
  constexpr std::array<Calendar, 7> kCalendars{{{"week", kWeek},
                                                {"week", kDayOfWeek},
                                                {"quarter", kQuarter},
                                                {"quarter", kDayOfQuarter},
                                                {"ordinal", kOrdinalDay},
                                                {"month", kMonth},
                                                {"month", kDay}}};
  const Calendar* first = nullptr;
  for (const Calendar& calendar : kCalendars) {
    if (!Has(calendar.field)) continue;
    if (first == nullptr) first = &calendar;
    const bool month_of_quarter = first->field == kQuarter && !Has(kDayOfQuarter);
    if (calendar.sort != first->sort && !(month_of_quarter && calendar.field == kDay)) {
      return ArgumentError("the fields `{}` and `{}` count days in different ways",
                           kNames[first->field], kNames[calendar.field])
          .Detail("InvalidArgumentValue")
          .Hint(
              "give year, month, day, or year, week, dayOfWeek, or year, quarter, dayOfQuarter, "
              "or year, ordinalDay");
    }
  }
  return {};
}

Result<Date> TemporalFields::BuildDate(const std::optional<Date>& base) const {
  KB_TRY(CheckDateFields());
  if (!base) {
    if (!Has(kYear)) {
      return ArgumentError("the field `year` is missing").Detail("InvalidArgumentValue");
    }
    KB_TRY(Need(kWeek, kDayOfWeek));
    KB_TRY(Need(kQuarter, kDayOfQuarter));
    if (!Has(kQuarter)) KB_TRY(Need(kMonth, kDay));
  }
  if (Has(kWeek) || Has(kDayOfWeek)) return WeekDateFrom(base);
  if (Has(kQuarter) || Has(kDayOfQuarter)) return QuarterDateFrom(base);
  if (Has(kOrdinalDay)) {
    KB_ASSIGN(const std::int64_t year, Year(base ? CalendarOf(*base).year : 0));
    KB_ASSIGN(const int day, Within(kOrdinalDay, 1, 1, IsLeapYear(year) ? 366 : 365));
    return Date{DateOf({year, 1, 1}).days + day - 1};
  }
  return CalendarDateFrom(base);
}

Result<Date> TemporalFields::WeekDateFrom(const std::optional<Date>& base) const {
  const WeekDate from = base ? WeekDateOf(*base) : WeekDate{0, 1, 1};
  KB_ASSIGN(const std::int64_t year, Year(from.year));
  const int weeks = WeeksInYear(year);
  KB_ASSIGN(const int week, Within(kWeek, std::min(from.week, weeks), 1, weeks));
  KB_ASSIGN(const int day, Within(kDayOfWeek, from.day, 1, 7));
  const Date date = DateOfWeek({year, week, day});
  if (IsInRange(date)) return date;
  return ArgumentError("the week {} of {} reaches beyond the years that a date has", week, year)
      .Detail("NumberOutOfRange");
}

Result<Date> TemporalFields::QuarterDateFrom(const std::optional<Date>& base) const {
  const YearMonthDay from = base ? CalendarOf(*base) : YearMonthDay{0, 1, 1};
  KB_ASSIGN(const std::int64_t year, Year(from.year));
  KB_ASSIGN(const int quarter, Within(kQuarter, QuarterOf(from.month), 1, 4));
  if (Has(kDayOfQuarter)) {
    KB_ASSIGN(const int day, Within(kDayOfQuarter, 1, 1, DaysInQuarter(year, quarter)));
    return Date{DateOf({year, 3 * quarter - 2, 1}).days + day - 1};
  }
  // The month keeps its place within the quarter.
  const int month = 3 * (quarter - 1) + (from.month - 1) % 3 + 1;
  const int days = DaysInMonth(year, month);
  KB_ASSIGN(const int day, Within(kDay, std::min(from.day, days), 1, days));
  return DateOf({year, month, day});
}

Result<Date> TemporalFields::CalendarDateFrom(const std::optional<Date>& base) const {
  const YearMonthDay from = base ? CalendarOf(*base) : YearMonthDay{0, 1, 1};
  KB_ASSIGN(const std::int64_t year, Year(from.year));
  KB_ASSIGN(const int month, Within(kMonth, from.month, 1, 12));
  const int days = DaysInMonth(year, month);
  KB_ASSIGN(const int day, Within(kDay, std::min(from.day, days), 1, days));
  return DateOf({year, month, day});
}

Result<LocalTime> TemporalFields::BuildTime(const std::optional<LocalTime>& base) const {
  if (!base) {
    KB_TRY(Need(kHour, kMinute));
    KB_TRY(Need(kMinute, kSecond));
    KB_TRY(Need(kSecond, kMillisecond));
    KB_TRY(Need(kSecond, kMicrosecond));
    KB_TRY(Need(kSecond, kNanosecond));
  }
  const std::int64_t from = base ? base->nanos : 0;
  const std::int64_t seconds = from / kNanosPerSecond;
  KB_ASSIGN(const int hour, Within(kHour, seconds / 3'600, 0, 23));
  KB_ASSIGN(const int minute, Within(kMinute, seconds / 60 % 60, 0, 59));
  KB_ASSIGN(const int second, Within(kSecond, seconds % 60, 0, 59));
  KB_ASSIGN(const std::int64_t nanos, BuildSubseconds(from % kNanosPerSecond));
  return LocalTime{((std::int64_t{hour} * 60 + minute) * 60 + second) * kNanosPerSecond + nanos};
}

/// Each of millisecond, microsecond, nanosecond counts within the coarser ones that are given.
Result<std::int64_t> TemporalFields::BuildSubseconds(std::int64_t otherwise) const {
  if (!HasAny(kMillisecond, kNanosecond)) return otherwise;
  const std::int64_t micro_max = Has(kMillisecond) ? 999 : 999'999;
  const std::int64_t nano_max = Has(kMicrosecond) ? 999 : Has(kMillisecond) ? 999'999 : 999'999'999;
  KB_ASSIGN(const int milli, Within(kMillisecond, 0, 0, 999));
  KB_ASSIGN(const int micro, Within(kMicrosecond, 0, 0, micro_max));
  KB_ASSIGN(const int nano, Within(kNanosecond, 0, 0, nano_max));
  return std::int64_t{milli} * 1'000'000 + std::int64_t{micro} * 1'000 + nano;
}

Result<std::optional<LocalDateTime>> TemporalFields::Epoch() const {
  if (!HasAny(kEpochSeconds, kEpochMillis)) return std::optional<LocalDateTime>();
  const bool other = HasAny(kYear, kMicrosecond) || date_ || time_ || date_time_;
  if (other || (Has(kEpochSeconds) && Has(kEpochMillis))) {
    return ArgumentError("`epochSeconds` or `epochMillis` already say the whole instant")
        .Detail("InvalidArgumentValue")
        .Hint("beside one of them give only `nanosecond` and `timezone`");
  }
  const std::int64_t count = *numbers_[Has(kEpochSeconds) ? kEpochSeconds : kEpochMillis];
  const std::int64_t per_second = Has(kEpochSeconds) ? 1 : 1'000;
  KB_ASSIGN(const int nanos, Within(kNanosecond, 0, 0, kNanosPerSecond / per_second - 1));
  LocalDateTime instant;
  instant.seconds = FloorDivide(count, per_second);
  instant.nanos = static_cast<std::int32_t>(
      FloorModulo(count, per_second) * (kNanosPerSecond / per_second) + nanos);
  if (IsInRange(DatePart(instant))) return std::optional(instant);
  return ArgumentError("{} seconds since 1970 reach beyond the years that a date has",
                       instant.seconds)
      .Detail("NumberOutOfRange");
}

}  // namespace kb::schema
