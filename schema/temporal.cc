// Printing of the temporal kinds, and their components.
#include "schema/temporal.h"

#include <fmt/format.h>

#include <cstdlib>

#include "schema/calendar.h"
#include "schema/zone.h"

namespace kb::schema {
namespace {

std::string DateText(Date date) {
  const YearMonthDay ymd = CalendarOf(date);
  const std::string_view sign = ymd.year < 0 ? "-" : ymd.year > 9'999 ? "+" : "";
  return fmt::format("{}{:04}-{:02}-{:02}", sign, std::abs(ymd.year), ymd.month, ymd.day);
}

/// ".5", ".645876123" or nothing.
std::string FractionText(std::int64_t nanos) {
  if (nanos == 0) return {};
  std::string out = fmt::format(".{:09}", nanos);
  out.erase(out.find_last_not_of('0') + 1);
  return out;
}

std::string TimeText(LocalTime time) {
  const std::int64_t seconds = time.nanos / kNanosPerSecond;
  const std::int64_t nanos = time.nanos % kNanosPerSecond;
  std::string out = fmt::format("{:02}:{:02}", seconds / 3'600, seconds / 60 % 60);
  if (seconds % 60 != 0 || nanos != 0) {
    out += fmt::format(":{:02}{}", seconds % 60, FractionText(nanos));
  }
  return out;
}

void AppendPart(std::string& out, std::int64_t count, char unit) {
  if (count != 0) out += fmt::format("{}{}", count, unit);
}

std::string DurationTimeText(std::int64_t seconds, std::int64_t nanos) {
  // Seconds and nanoseconds are printed with one sign: -2 s and 1,000,000 ns read -1.999.
  const bool negative = seconds < 0;
  if (negative && nanos != 0) {
    ++seconds;
    nanos = kNanosPerSecond - nanos;
  }
  std::string out = "T";
  AppendPart(out, seconds / 3'600, 'H');
  AppendPart(out, seconds / 60 % 60, 'M');
  const std::int64_t rest = seconds % 60;
  if (rest != 0 || nanos != 0) {
    out += fmt::format("{}{}{}S", negative ? "-" : "", std::abs(rest), FractionText(nanos));
  }
  return out;
}

}  // namespace

std::string ToText(Date value) { return DateText(value); }
std::string ToText(LocalTime value) { return TimeText(value); }
std::string ToText(const Time& value) {
  return TimeText({value.nanos}) + OffsetText(value.offset_s);
}
std::string ToText(const LocalDateTime& value) {
  return DateText(DatePart(value)) + "T" + TimeText(TimePart(value));
}
std::string ToText(const DateTime& value) {
  std::string out = ToText(LocalOf(value)) + OffsetText(value.offset_s);
  if (!value.zone.empty()) out += "[" + value.zone + "]";
  return out;
}

std::string ToText(const Duration& value) {
  std::string out = "P";
  AppendPart(out, value.months / 12, 'Y');
  AppendPart(out, value.months % 12, 'M');
  AppendPart(out, value.days, 'D');
  if (value.seconds != 0 || value.nanos != 0) out += DurationTimeText(value.seconds, value.nanos);
  if (out == "P") out = "PT0S";
  return out;
}

LocalDateTime LocalOf(const DateTime& value) {
  return {value.seconds + value.offset_s, value.nanos};
}

std::string OffsetText(std::int32_t offset_s) {
  if (offset_s == 0) return "Z";
  const std::int32_t size = std::abs(offset_s);
  std::string out =
      fmt::format("{}{:02}:{:02}", offset_s < 0 ? '-' : '+', size / 3'600, size / 60 % 60);
  if (size % 60 != 0) out += fmt::format(":{:02}", size % 60);
  return out;
}

std::string ZoneText(const DateTime& value) {
  return value.zone.empty() ? OffsetText(value.offset_s) : value.zone;
}

}  // namespace kb::schema
