// Text → temporal values. One cursor walks the text; every form of ISO 8601 that openCypher names
// is read, the compact ones too.
#include <array>
#include <optional>

#include "schema/calendar.h"
#include "schema/duration.h"
#include "schema/temporal.h"
#include "schema/zone.h"

namespace kb::schema {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::size_t CountDigits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) ++count;
  return count;
}

/// The number that up to 18 digits say.
std::int64_t NumberOf(std::string_view digits) {
  std::int64_t number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

Error BadText(std::string_view sort, std::string_view text, std::string_view forms) {
  constexpr std::size_t kShownMax = 60;
  const std::string_view shown = text.substr(0, kShownMax);
  return ArgumentError("'{}{}' is not a {}", shown, shown.size() < text.size() ? "…" : "", sort)
      .Detail("InvalidArgumentValue")
      .Hint(fmt::format("write it as {}", forms));
}

Error BadDate(std::string_view text) {
  return BadText("date", text, "2018-03-26, 2018-03, 2018, 2018-W13-1, 2018-085 or 2018-Q1-85");
}

Error BadTime(std::string_view text) {
  return BadText("time", text, "21:40, 21:40:32 or 21:40:32.142");
}

Error OutOfRange(std::string_view what, std::int64_t number, std::string_view range) {
  return ArgumentError("{} is {}, it must be {}", what, number, range).Detail("NumberOutOfRange");
}

Result<Date> CheckedDate(std::int64_t year, std::int64_t month, std::int64_t day) {
  if (month < 1 || month > 12) return OutOfRange("the month", month, "from 1 to 12");
  const int days = DaysInMonth(year, static_cast<int>(month));
  if (day < 1 || day > days) {
    return OutOfRange("the day", day, fmt::format("from 1 to {} in that month", days));
  }
  return DateOf({year, static_cast<int>(month), static_cast<int>(day)});
}

Result<Date> CheckedWeekDate(std::int64_t year, std::int64_t week, std::int64_t day) {
  if (week < 1 || week > WeeksInYear(year)) {
    return OutOfRange("the week", week,
                      fmt::format("from 1 to {} in that year", WeeksInYear(year)));
  }
  if (day < 1 || day > 7) return OutOfRange("the day of the week", day, "from 1 to 7");
  const Date date = DateOfWeek({year, static_cast<int>(week), static_cast<int>(day)});
  if (!IsInRange(date)) return OutOfRange("the year", year, "further from the first and last year");
  return date;
}

Result<Date> CheckedOrdinalDate(std::int64_t year, std::int64_t day) {
  const int days = IsLeapYear(year) ? 366 : 365;
  if (day < 1 || day > days) {
    return OutOfRange("the day of the year", day, fmt::format("from 1 to {} in that year", days));
  }
  return Date{DateOf({year, 1, 1}).days + day - 1};
}

Result<Date> CheckedQuarterDate(std::int64_t year, std::int64_t quarter, std::int64_t day) {
  if (quarter < 1 || quarter > 4) return OutOfRange("the quarter", quarter, "from 1 to 4");
  const int days = DaysInQuarter(year, static_cast<int>(quarter));
  if (day < 1 || day > days) {
    return OutOfRange("the day of the quarter", day,
                      fmt::format("from 1 to {} in that quarter", days));
  }
  return Date{DateOf({year, static_cast<int>(3 * quarter - 2), 1}).days + day - 1};
}

/// What follows the year, split at the hyphens: "", "07-21", "0721", "W30-2", "W302", "202",
/// "Q2-60".
Result<Date> ParseWithinYear(std::int64_t year, std::string_view rest, bool compact,
                             std::string_view whole) {
  if (rest.empty()) return CheckedDate(year, 1, 1);
  const char letter = rest[0];
  const bool lettered = letter == 'W' || letter == 'Q';
  const std::size_t skip = lettered ? 1 : 0;
  const std::size_t first_size = letter == 'Q' ? 1 : 2;
  const std::string_view digits = rest.substr(skip);
  const std::size_t count = CountDigits(digits);
  if (!lettered && count == 3 && digits.size() == 3) {
    return CheckedOrdinalDate(year, NumberOf(digits));
  }
  if (count < first_size) return BadDate(whole);
  const std::int64_t first = NumberOf(digits.substr(0, first_size));
  std::string_view second = digits.substr(first_size);
  if (!second.empty() && !compact) {
    if (second[0] != '-') return BadDate(whole);
    second.remove_prefix(1);
    if (second.empty()) return BadDate(whole);
  }
  const std::size_t second_size = letter == 'W' ? 1 : 2;
  const bool fits =
      second.empty() || second.size() == second_size || (letter == 'Q' && second.size() == 1);
  if (CountDigits(second) != second.size() || !fits) return BadDate(whole);
  const std::int64_t day = second.empty() ? 1 : NumberOf(second);
  if (letter == 'W') return CheckedWeekDate(year, first, day);
  if (letter == 'Q') return CheckedQuarterDate(year, first, day);
  return CheckedDate(year, first, day);
}

/// ".142" → 142,000,000. The text is the fraction with its point.
std::optional<std::int64_t> ParseFraction(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] != '.' && text[0] != ',') return std::nullopt;
  const std::string_view digits = text.substr(1);
  if (digits.empty() || digits.size() > 9 || CountDigits(digits) != digits.size()) {
    return std::nullopt;
  }
  std::int64_t nanos = NumberOf(digits);
  for (std::size_t i = digits.size(); i < 9; ++i) nanos *= 10;
  return nanos;
}

/// A date and a time's text, which may be empty.
struct Halves {
  Date date;
  std::string_view time;
};

Result<Halves> SplitDateTime(std::string_view text) {
  const std::size_t at = text.find_first_of("Tt ");
  KB_ASSIGN(const Date date, ParseDate(text.substr(0, at)));
  if (at == std::string_view::npos) return Halves{date, {}};
  if (at + 1 == text.size()) return BadTime(text);
  return Halves{date, text.substr(at + 1)};
}

// Durations.

Error BadDuration(std::string_view text) {
  return BadText("duration", text,
                 "P12Y5M14DT16H12M70S, with any parts left out and fractions, "
                 "or P2012-02-02T14:37:21.545");
}

/// Reads one signed number with an optional fraction, and the letter after it.
std::optional<std::pair<Amount, char>> ParsePart(std::string_view& rest) {
  std::string_view text = rest;
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const std::size_t digits = CountDigits(text);
  if (digits == 0 || digits > 18) return std::nullopt;
  Amount amount;
  amount.whole = NumberOf(text.substr(0, digits));
  text.remove_prefix(digits);
  if (!text.empty() && (text[0] == '.' || text[0] == ',')) {
    const std::size_t places = CountDigits(text.substr(1));
    if (places == 0 || places > 18) return std::nullopt;
    amount.fraction = static_cast<long double>(NumberOf(text.substr(1, places)));
    for (std::size_t i = 0; i < places; ++i) amount.fraction /= 10;
    amount.error = 0x1p-60L;
    text.remove_prefix(1 + places);
  }
  if (text.empty()) return std::nullopt;
  if (negative) {
    amount.whole = -amount.whole;
    amount.fraction = -amount.fraction;
  }
  const char letter = text[0];
  rest = text.substr(1);
  return std::pair(amount, letter);
}

Amount Signed(Amount amount, bool negative) {
  if (!negative) return amount;
  return {-amount.whole, -amount.fraction, amount.error};
}

/// The unit form, after the P.
Result<Duration> ParseUnits(std::string_view rest, bool negative, std::string_view whole) {
  constexpr std::string_view kDateUnits = "YQMWD";
  constexpr std::string_view kTimeUnits = "HMS";
  DurationSum sum;
  std::size_t next_unit = 0;  // Units come in order, each at most once.
  bool in_time = false;
  bool any = false;
  while (!rest.empty()) {
    if (!in_time && rest[0] == 'T') {
      in_time = true;
      any = false;
      next_unit = 0;
      rest.remove_prefix(1);
      continue;
    }
    const auto part = ParsePart(rest);
    if (!part) return BadDuration(whole);
    const std::size_t unit = (in_time ? kTimeUnits : kDateUnits).find(part->second, next_unit);
    if (unit == std::string_view::npos) return BadDuration(whole);
    next_unit = unit + 1;
    any = true;
    const Amount amount = Signed(part->first, negative);
    constexpr std::array<std::int64_t, 3> kMonths{12, 3, 1};
    constexpr std::array<std::int64_t, 2> kDays{7, 1};
    constexpr std::array<std::int64_t, 3> kSeconds{3'600, 60, 1};
    if (in_time) {
      sum.AddNanos(amount, kSeconds[unit] * kNanosPerSecond);
    } else if (unit < kMonths.size()) {
      sum.AddMonths(amount, kMonths[unit]);
    } else {
      sum.AddDays(amount, kDays[unit - kMonths.size()]);
    }
  }
  if (!any) return BadDuration(whole);
  return sum.Finish();
}

/// The form that reads like a date and a time: 2012-02-02T14:37:21.545, after the P.
std::optional<Duration> ParseDateForm(std::string_view text, bool negative) {
  const std::size_t at = text.find('T');
  const std::string_view date = text.substr(0, at);
  std::string digits;
  if (date.size() == 10 && date[4] == '-' && date[7] == '-') {
    digits = std::string(date.substr(0, 4)).append(date.substr(5, 2)).append(date.substr(8, 2));
  } else if (date.size() == 8) {
    digits = date;
  }
  if (digits.size() != 8 || CountDigits(digits) != 8) return std::nullopt;
  const std::string_view all = digits;
  std::int64_t nanos = 0;
  if (at != std::string_view::npos) {
    const Result<LocalTime> time = ParseLocalTime(text.substr(at + 1));
    if (!time) return std::nullopt;
    nanos = time->nanos;
  }
  const std::int64_t sign = negative ? -1 : 1;
  Duration duration;
  duration.months = sign * (NumberOf(all.substr(0, 4)) * 12 + NumberOf(all.substr(4, 2)));
  duration.days = sign * NumberOf(all.substr(6));
  duration.seconds = FloorDivide(sign * nanos, kNanosPerSecond);
  duration.nanos = static_cast<std::int32_t>(FloorModulo(sign * nanos, kNanosPerSecond));
  return duration;
}

}  // namespace

Result<Date> ParseDate(std::string_view text) {
  std::string_view rest = text;
  const bool has_sign = !rest.empty() && (rest[0] == '-' || rest[0] == '+');
  if (has_sign) rest.remove_prefix(1);
  const std::size_t digits = CountDigits(rest);
  // Without a sign the year has four digits, and what follows may be joined to it.
  const std::size_t year_size = has_sign ? digits : 4;
  if (digits < year_size || digits == 0) return BadDate(text);
  if (digits > 9) return BadDate(text);
  if (!has_sign && digits > 4 && rest.size() > digits && rest[digits] == '-') {
    return BadDate(text).Hint("a year of more than four digits is written with a sign");
  }
  std::int64_t year = NumberOf(rest.substr(0, year_size));
  if (has_sign && text[0] == '-') year = -year;
  rest.remove_prefix(year_size);
  const bool hyphen = !rest.empty() && rest[0] == '-';
  if (hyphen) rest.remove_prefix(1);
  if (hyphen && rest.empty()) return BadDate(text);
  return ParseWithinYear(year, rest, !hyphen, text);
}

Result<LocalTime> ParseLocalTime(std::string_view text) {
  const bool colons = text.size() > 2 && text[2] == ':';
  std::array<std::int64_t, 3> parts{};
  std::size_t count = 0;
  std::string_view rest = text;
  while (count < parts.size() && !rest.empty() && rest[0] != '.' && rest[0] != ',') {
    if (count > 0 && colons) {
      if (rest[0] != ':') return BadTime(text);
      rest.remove_prefix(1);
    }
    if (rest.size() < 2 || CountDigits(rest.substr(0, 2)) != 2) return BadTime(text);
    parts[count++] = NumberOf(rest.substr(0, 2));
    rest.remove_prefix(2);
  }
  const std::optional<std::int64_t> nanos = ParseFraction(rest);
  if (count == 0 || !nanos || (!rest.empty() && count < 3)) return BadTime(text);
  if (parts[0] > 23) return OutOfRange("the hour", parts[0], "from 0 to 23");
  if (parts[1] > 59) return OutOfRange("the minute", parts[1], "from 0 to 59");
  if (parts[2] > 59) return OutOfRange("the second", parts[2], "from 0 to 59");
  return LocalTime{((parts[0] * 60 + parts[1]) * 60 + parts[2]) * kNanosPerSecond + *nanos};
}

Result<Time> ParseTime(std::string_view text) {
  if (text.find('[') != std::string_view::npos) {
    return ArgumentError("a time of day has an offset, not a time zone: '{}'", text)
        .Detail("InvalidArgumentValue")
        .Hint("write the offset alone, such as 21:40+01:00, or give a date too with datetime()");
  }
  const std::size_t at = text.find_first_of("Zz+-");
  KB_ASSIGN(const LocalTime local, ParseLocalTime(text.substr(0, at)));
  Time time{local.nanos, 0};
  if (at != std::string_view::npos) {
    KB_ASSIGN(time.offset_s, ParseOffset(text.substr(at)));
  }
  return time;
}

Result<LocalDateTime> ParseLocalDateTime(std::string_view text) {
  KB_ASSIGN(const Halves halves, SplitDateTime(text));
  if (halves.time.empty()) return Combine(halves.date, LocalTime{});
  KB_ASSIGN(const LocalTime time, ParseLocalTime(halves.time));
  return Combine(halves.date, time);
}

Result<DateTime> ParseDateTime(std::string_view text) {
  std::string_view rest = text;
  std::string_view zone;
  if (const std::size_t open = rest.find('['); open != std::string_view::npos) {
    if (rest.back() != ']' || open + 2 >= rest.size()) {
      return BadText("time zone", rest.substr(open), "[Europe/Stockholm] at the end");
    }
    zone = rest.substr(open + 1, rest.size() - open - 2);
    rest = rest.substr(0, open);
  }
  KB_ASSIGN(const Halves halves, SplitDateTime(rest));
  const std::size_t at = halves.time.find_first_of("Zz+-");
  LocalTime time;
  if (!halves.time.empty()) {
    KB_ASSIGN(time, ParseLocalTime(halves.time.substr(0, at)));
  }
  const LocalDateTime local = Combine(halves.date, time);
  if (at == std::string_view::npos) return Resolve(local, zone);
  const std::string_view offset_text = halves.time.substr(at);
  KB_ASSIGN(const std::int32_t offset, ParseOffset(offset_text));
  if (zone.empty() || IsOffset(zone)) return Resolve(local, offset_text);
  return ResolveAtOffset(local, zone, offset);
}

Result<Duration> ParseDuration(std::string_view text) {
  std::string_view rest = text;
  bool negative = false;
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
    negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  if (rest.empty() || rest[0] != 'P') return BadDuration(text);
  rest.remove_prefix(1);
  if (const auto duration = ParseDateForm(rest, negative)) return *duration;
  return ParseUnits(rest, negative, text);
}

}  // namespace kb::schema
