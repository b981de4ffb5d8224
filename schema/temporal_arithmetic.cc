// Sums, products and differences of temporal values.
#include <cmath>
#include <cstdlib>
#include <optional>

#include "schema/calendar.h"
#include "schema/duration.h"
#include "schema/temporal.h"
#include "schema/zone.h"

namespace kb::schema {
namespace {

// Parts of a duration beyond these take any date out of range; below them nothing overflows.
constexpr std::int64_t kMonthsMax = 24 * kYearMax;
constexpr std::int64_t kDaysMax = 1'000'000'000'000;
constexpr std::int64_t kSecondsMax = kDaysMax * 86'400;

Error BeyondYears(std::string_view what) {
  return ArithmeticError("{} reaches beyond the years from {} to {}", what, kYearMin, kYearMax)
      .Detail("NumberOutOfRange");
}

bool IsSmallEnough(const Duration& duration) {
  const auto within = [](std::int64_t part, std::int64_t most) {
    return part >= -most && part <= most;
  };
  return within(duration.months, kMonthsMax) && within(duration.days, kDaysMax) &&
         within(duration.seconds, kSecondsMax);
}

Date AddCalendar(Date date, std::int64_t months, std::int64_t days) {
  const Date moved = months == 0 ? date : DateOf(AddMonths(CalendarOf(date), months));
  return {moved.days + days};
}

LocalDateTime AddClock(const LocalDateTime& value, std::int64_t seconds, std::int64_t nanos) {
  const std::int64_t sum = value.nanos + nanos;
  return {value.seconds + seconds + FloorDivide(sum, kNanosPerSecond),
          static_cast<std::int32_t>(FloorModulo(sum, kNanosPerSecond))};
}

std::int64_t AddToTimeOfDay(std::int64_t time, const Duration& duration, int sign) {
  const std::int64_t seconds = duration.seconds % 86'400;
  return FloorModulo(time + sign * (seconds * kNanosPerSecond + duration.nanos), kNanosPerDay);
}

/// The parts of a date's duration that are shorter than a day count when they fill days.
Result<Value> AddToDate(Date date, const Duration& duration, int sign) {
  // Seconds are held rounded down; whole days are cut towards zero.
  std::int64_t seconds = duration.seconds;
  if (seconds < 0 && duration.nanos > 0) ++seconds;
  const Date sum =
      AddCalendar(date, sign * duration.months, sign * (duration.days + seconds / 86'400));
  if (!IsInRange(sum)) return BeyondYears("the date");
  return Value::Of(sum);
}

Result<LocalDateTime> AddToLocal(const LocalDateTime& local, const Duration& duration, int sign) {
  const Date date = AddCalendar(DatePart(local), sign * duration.months, sign * duration.days);
  const LocalDateTime moved = Combine(date, TimePart(local));
  const LocalDateTime sum = AddClock(moved, sign * duration.seconds, sign * duration.nanos);
  if (!IsInRange(DatePart(sum))) return BeyondYears("the date");
  return sum;
}

/// Months and days move the calendar on the wall; seconds run on the clock of the world.
Result<Value> AddToDateTime(const DateTime& value, const Duration& duration, int sign) {
  DateTime moved = value;
  if (duration.months != 0 || duration.days != 0) {
    Duration calendar;
    calendar.months = duration.months;
    calendar.days = duration.days;
    KB_ASSIGN(const LocalDateTime local, AddToLocal(LocalOf(value), calendar, sign));
    KB_ASSIGN(moved, Resolve(local, ZoneText(value)));
  }
  const LocalDateTime instant =
      AddClock({moved.seconds, moved.nanos}, sign * duration.seconds, sign * duration.nanos);
  if (!IsInRange(DatePart(instant))) return BeyondYears("the date");
  moved.seconds = instant.seconds;
  moved.nanos = instant.nanos;
  KB_ASSIGN(DateTime sum, InZone(moved, ZoneText(value)));
  return Value::Of(std::move(sum));
}

/// One end of a difference: a wall-clock reading, and the instant it means.
struct End {
  LocalDateTime local;
  LocalDateTime instant;
};

/// What a value says of a moment; what it leaves out is taken from the other end.
struct Reading {
  std::optional<Date> date;
  LocalTime time;
  std::string zone;
};

Result<Reading> Read(const Value& value) {
  const Kind kind = value.kind();
  if (kind == Kind::kDate) return Reading{value.date(), {}, {}};
  if (kind == Kind::kLocalTime) return Reading{std::nullopt, value.local_time(), {}};
  if (kind == Kind::kTime) {
    return Reading{std::nullopt, {value.time().nanos}, OffsetText(value.time().offset_s)};
  }
  if (kind == Kind::kLocalDateTime) {
    const LocalDateTime local = value.local_date_time();
    return Reading{DatePart(local), TimePart(local), {}};
  }
  if (kind == Kind::kDateTime) {
    const LocalDateTime local = LocalOf(value.date_time());
    return Reading{DatePart(local), TimePart(local), ZoneText(value.date_time())};
  }
  return TypeError("a duration lies between two dates or times, not {} ({})", value.ToText(),
                   KindName(kind))
      .Detail("InvalidArgumentType");
}

Result<End> EndOf(const Value& value, const Reading& reading, const Reading& other) {
  const Date date = reading.date.value_or(other.date.value_or(Date{}));
  End end;
  end.local = Combine(date, reading.time);
  end.instant = end.local;
  if (value.kind() == Kind::kDateTime) {
    end.instant = {value.date_time().seconds, value.date_time().nanos};
    return end;
  }
  const std::string& zone = reading.zone.empty() ? other.zone : reading.zone;
  if (zone.empty()) return end;
  KB_ASSIGN(const DateTime resolved, Resolve(end.local, zone));
  end.instant = {resolved.seconds, resolved.nanos};
  return end;
}

/// The day that counts in whole days and months: one nearer if the clock has not come round yet.
Date WholeDaysEnd(const LocalDateTime& from, const LocalDateTime& to) {
  const Date begin = DatePart(from);
  const Date end = DatePart(to);
  const std::int64_t clock = TimePart(to).nanos - TimePart(from).nanos;
  if (end.days > begin.days && clock < 0) return {end.days - 1};
  if (end.days < begin.days && clock > 0) return {end.days + 1};
  return end;
}

std::int64_t WholeMonths(const LocalDateTime& from, const LocalDateTime& to) {
  const YearMonthDay begin = CalendarOf(DatePart(from));
  const YearMonthDay end = CalendarOf(WholeDaysEnd(from, to));
  // A day of the month counts as a thirty-second part, so that division cuts towards zero.
  const auto place = [](const YearMonthDay& ymd) {
    return (ymd.year * 12 + ymd.month) * 32 + ymd.day;
  };
  return (place(end) - place(begin)) / 32;
}

std::int64_t WholeDays(const LocalDateTime& from, const LocalDateTime& to) {
  return WholeDaysEnd(from, to).days - DatePart(from).days;
}

void SetClockDifference(Duration& duration, const LocalDateTime& from, const LocalDateTime& to) {
  const std::int64_t nanos = std::int64_t{to.nanos} - from.nanos;
  duration.seconds = to.seconds - from.seconds + FloorDivide(nanos, kNanosPerSecond);
  duration.nanos = static_cast<std::int32_t>(FloorModulo(nanos, kNanosPerSecond));
}

Result<Duration> ScaleParts(const Duration& duration, long double factor, bool divide) {
  const auto scaled = [&](std::int64_t part) {
    const auto number = static_cast<long double>(part);
    return AmountOf(divide ? number / factor : number * factor);
  };
  DurationSum sum;
  KB_ASSIGN(const Amount months, scaled(duration.months));
  KB_ASSIGN(const Amount days, scaled(duration.days));
  KB_ASSIGN(const Amount seconds, scaled(duration.seconds));
  KB_ASSIGN(const Amount nanos, scaled(duration.nanos));
  sum.AddMonths(months, 1);
  sum.AddDays(days, 1);
  sum.AddNanos(seconds, kNanosPerSecond);
  sum.AddNanos(nanos, 1);
  return sum.Finish();
}

}  // namespace

Result<Value> AddDuration(const Value& temporal, const Duration& duration, int sign) {
  const Kind kind = temporal.kind();
  if (kind == Kind::kDuration) {
    KB_ASSIGN(const Duration sum, Add(temporal.duration(), duration, sign));
    return Value::Of(sum);
  }
  if (kind == Kind::kLocalTime) {
    return Value::Of(LocalTime{AddToTimeOfDay(temporal.local_time().nanos, duration, sign)});
  }
  if (kind == Kind::kTime) {
    const Time time = temporal.time();
    return Value::Of(Time{AddToTimeOfDay(time.nanos, duration, sign), time.offset_s});
  }
  if (!IsSmallEnough(duration)) return BeyondYears("the date");
  if (kind == Kind::kDate) return AddToDate(temporal.date(), duration, sign);
  if (kind == Kind::kLocalDateTime) {
    KB_ASSIGN(const LocalDateTime sum, AddToLocal(temporal.local_date_time(), duration, sign));
    return Value::Of(sum);
  }
  if (kind == Kind::kDateTime) return AddToDateTime(temporal.date_time(), duration, sign);
  return TypeError("a duration cannot be added to {} ({})", temporal.ToText(), KindName(kind))
      .Detail("InvalidArgumentType");
}

Result<Duration> Add(const Duration& a, const Duration& b, int sign) {
  DurationSum sum;
  const auto add = [&sum](const Duration& part, std::int64_t factor) {
    sum.AddMonths({part.months, 0, 0}, factor);
    sum.AddDays({part.days, 0, 0}, factor);
    sum.AddNanos({part.nanos * factor, 0, 0}, 1);
    sum.AddNanos({part.seconds, 0, 0}, factor * kNanosPerSecond);
  };
  add(a, 1);
  add(b, sign);
  return sum.Finish();
}

Result<Duration> Scale(const Duration& duration, double factor) {
  return ScaleParts(duration, static_cast<long double>(factor), false);
}

Result<Duration> Divide(const Duration& duration, double divisor) {
  if (divisor == 0) return ArithmeticError("a duration cannot be divided by zero");
  return ScaleParts(duration, static_cast<long double>(divisor), true);
}

Result<Duration> Between(const Value& from, const Value& to, DurationUnit unit) {
  KB_ASSIGN(const Reading reading_from, Read(from));
  KB_ASSIGN(const Reading reading_to, Read(to));
  KB_ASSIGN(const End begin, EndOf(from, reading_from, reading_to));
  KB_ASSIGN(End end, EndOf(to, reading_to, reading_from));
  const bool both_dated = reading_from.date && reading_to.date;
  const std::string& zone = reading_from.zone.empty() ? reading_to.zone : reading_from.zone;
  Duration duration;
  if (unit == DurationUnit::kSeconds || (unit == DurationUnit::kAll && !both_dated)) {
    SetClockDifference(duration, begin.instant, end.instant);
    return duration;
  }
  if (!both_dated) return duration;
  if (!zone.empty()) {  // Calendar differences are read on one wall, that of the first.
    DateTime instant;
    instant.seconds = end.instant.seconds;
    instant.nanos = end.instant.nanos;
    KB_ASSIGN(const DateTime there, InZone(instant, zone));
    end.local = LocalOf(there);
  }
  if (unit == DurationUnit::kDays) {
    duration.days = WholeDays(begin.local, end.local);
    return duration;
  }
  duration.months = WholeMonths(begin.local, end.local);
  if (unit == DurationUnit::kMonths) return duration;
  const Date moved = AddCalendar(DatePart(begin.local), duration.months, 0);
  LocalDateTime reached = Combine(moved, TimePart(begin.local));
  duration.days = WholeDays(reached, end.local);
  reached = Combine({moved.days + duration.days}, TimePart(begin.local));
  if (zone.empty()) {
    SetClockDifference(duration, reached, end.local);
  } else if (duration.months == 0 && duration.days == 0) {
    SetClockDifference(duration, begin.instant, end.instant);
  } else {
    KB_ASSIGN(const DateTime there, Resolve(reached, zone));
    SetClockDifference(duration, {there.seconds, there.nanos}, end.instant);
  }
  return duration;
}

}  // namespace kb::schema
