// Text to uncertain date. One hand-written descent: interval or set, then dates, then the parts of
// a date with their qualifiers.
#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "schema/base/text.h"
#include "schema/edtf.h"
#include "schema/temporal.h"

namespace kb::schema {
namespace {

constexpr std::int64_t kYearMax = 999'999'999;
constexpr std::int64_t kSecondsPerDay = 86'400;

/// Digits of a year, month or day, some of which may be X.
struct Pattern {
  std::string_view digits;

  bool open() const { return digits.find('X') != std::string_view::npos; }
  std::int64_t Filled(char digit) const {
    std::int64_t number = 0;
    for (const char c : digits) number = number * 10 + ((c == 'X' ? digit : c) - '0');
    return number;
  }
  bool Matches(std::int64_t number) const {
    for (std::size_t i = digits.size(); i-- > 0; number /= 10) {
      if (digits[i] != 'X' && digits[i] - '0' != number % 10) return false;
    }
    return number == 0;
  }
};

/// `?` and `~` beside one part, as units of padding.
struct Qualifier {
  bool uncertain = false;
  bool approximate = false;

  int units() const { return int{uncertain} + int{approximate}; }
};

/// One date without its slash or set: its bounds and what was said of them.
struct Part {
  MomentRange range;
  MomentRange padded;
  Edtf::Precision precision = Edtf::Precision::kYear;
  bool is_timed = false;
  bool uncertain = false;
  bool approximate = false;
  bool unspecified = false;
};

/// The months that a season (or quarter, third, half) lasts: from `first`, for `count`.
struct Season {
  int first = 0;
  int count = 3;
};

std::optional<Season> SeasonOf(int number) {
  // Spring to winter: 21–24 and 25–28 as in the north, 29–32 as in the south.
  constexpr std::array<int, 4> kNorth = {3, 6, 9, 12};
  constexpr std::array<int, 4> kSouth = {9, 12, 3, 6};
  if (number >= 21 && number <= 28)
    return Season{kNorth[static_cast<std::size_t>(number - 21) % 4]};
  if (number >= 29 && number <= 32) return Season{kSouth[static_cast<std::size_t>(number - 29)]};
  if (number >= 33 && number <= 36) return Season{(number - 33) * 3 + 1};
  if (number >= 37 && number <= 39) return Season{(number - 37) * 4 + 1, 4};
  if (number >= 40 && number <= 41) return Season{(number - 40) * 6 + 1, 6};
  return std::nullopt;
}

std::int64_t FirstSecond(YearMonthDay day) { return DateOf(day).days * kSecondsPerDay; }
std::int64_t LastSecond(YearMonthDay day) { return FirstSecond(day) + kSecondsPerDay - 1; }

/// A month some months later, or earlier.
YearMonthDay MoveMonths(YearMonthDay day, std::int64_t months) {
  const std::int64_t number = day.year * 12 + (day.month - 1) + months;
  const std::int64_t year = number >= 0 ? number / 12 : (number - 11) / 12;
  day.year = year;
  day.month = static_cast<int>(number - year * 12) + 1;
  day.day = std::min(day.day, DaysInMonth(day.year, day.month));
  return day;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Edtf> Parse() {
    Edtf out;
    out.text = std::string(text_);
    if (text_.empty()) return Misfit("a date");
    if (Peek() == '[' || Peek() == '{') {
      KB_TRY(ParseSet(&out));
    } else {
      KB_TRY(ParseIntervalOrDate(&out));
    }
    if (at_ < text_.size()) return Misfit("the end of the text");
    return out;
  }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Skip(std::string_view part) {
    if (!text_.substr(at_).starts_with(part)) return false;
    at_ += part.size();
    return true;
  }
  Error Misfit(std::string_view expected) const {
    return ArgumentError("{} is not an EDTF date: expected {} at character {}", text::Quote(text_),
                         expected, at_ + 1)
        .Hint("such as 2018-03-26, 2018-03, 2016~, 201X, 2018-03-26/.., [2016..2018]");
  }

  // --- Intervals and sets ---

  Result<void> ParseIntervalOrDate(Edtf* out) {
    std::optional<Part> first;
    const bool open = Skip("..");
    if (!open && Peek() != '/') {
      KB_ASSIGN(first, ParseDate());
    }
    if (!Skip("/")) {
      if (!first) return Misfit("/");
      Take(*first, out);
      out->begin = out->end = first->range;
      out->padded = first->padded;
      return {};
    }
    out->form = Edtf::Form::kInterval;
    std::optional<Part> last;
    const bool without_end = Skip("..");
    if (!without_end && at_ < text_.size()) {
      KB_ASSIGN(last, ParseDate());
    }
    if (!first && !last && !(open && without_end)) {
      at_ = 0;
      return Misfit("a date on one side of the slash");
    }
    out->precision = Edtf::Precision::kSecond;
    if (first) Take(*first, out);
    if (last) Take(*last, out);
    constexpr MomentRange kAny{kEdtfPast, kEdtfFuture};
    out->begin = first ? first->range : open ? MomentRange{kEdtfPast, kEdtfPast} : kAny;
    out->end = last ? last->range : without_end ? MomentRange{kEdtfFuture, kEdtfFuture} : kAny;
    // An interval does not end before it begins: each end bounds the other.
    out->end.earliest = std::max(out->end.earliest, out->begin.earliest);
    out->begin.latest = std::min(out->begin.latest, out->end.latest);
    if (out->begin.earliest > out->end.latest) {
      return ArgumentError("the interval {} ends before it begins", text::Quote(text_));
    }
    out->padded = {first ? first->padded.earliest : kEdtfPast,
                   last ? last->padded.latest : kEdtfFuture};
    return {};
  }

  Result<void> ParseSet(Edtf* out) {
    const bool one_of = Skip("[");
    if (!one_of) Skip("{");
    const std::string_view close = one_of ? "]" : "}";
    out->form = one_of ? Edtf::Form::kOneOf : Edtf::Form::kAllOf;
    out->precision = Edtf::Precision::kSecond;
    std::vector<MomentRange> members;
    out->padded = {kEdtfFuture, kEdtfPast};
    do {
      MomentRange padded;
      KB_ASSIGN(const MomentRange member, ParseMember(&padded, out));
      members.push_back(member);
      out->padded.earliest = std::min(out->padded.earliest, padded.earliest);
      out->padded.latest = std::max(out->padded.latest, padded.latest);
    } while (Skip(","));
    if (!Skip(close)) return Misfit(one_of ? "`,` or `]`" : "`,` or `}`");
    std::sort(members.begin(), members.end(), [](const MomentRange& a, const MomentRange& b) {
      return std::pair(a.earliest, a.latest) < std::pair(b.earliest, b.latest);
    });
    const auto later = [](const MomentRange& a, const MomentRange& b) {
      return a.latest < b.latest;
    };
    const std::int64_t latest = std::max_element(members.begin(), members.end(), later)->latest;
    if (one_of) {
      out->begin = out->end = {members.front().earliest, latest};
      out->choices = std::move(members);
    } else {
      // All of them: it begins in the first and ends in the last.
      out->begin = {members.front().earliest,
                    std::min_element(members.begin(), members.end(), later)->latest};
      out->end = {members.back().earliest, latest};
    }
    return {};
  }

  Result<MomentRange> ParseMember(MomentRange* padded, Edtf* out) {
    Skip(" ");
    MomentRange range{kEdtfPast, kEdtfFuture};
    *padded = range;
    const bool open = Skip("..");
    if (!open) {
      KB_ASSIGN(const Part first, ParseDate());
      Take(first, out);
      range = first.range;
      *padded = first.padded;
      if (!Skip("..")) return range;
      range.latest = padded->latest = kEdtfFuture;
      if (Peek() == ',' || Peek() == ']' || Peek() == '}') return range;
    }
    KB_ASSIGN(const Part last, ParseDate());
    Take(last, out);
    range.latest = last.range.latest;
    padded->latest = last.padded.latest;
    if (range.earliest > range.latest) {
      return ArgumentError("a span of {} ends before it begins", text::Quote(text_));
    }
    return range;
  }

  static void Take(const Part& part, Edtf* out) {
    const bool only = out->form == Edtf::Form::kDate;
    out->precision = only ? part.precision : std::max(out->precision, part.precision);
    out->is_timed = out->is_timed || part.is_timed;
    out->uncertain = out->uncertain || part.uncertain;
    out->approximate = out->approximate || part.approximate;
    out->unspecified = out->unspecified || part.unspecified;
  }

  // --- One date ---

  struct Year {
    std::int64_t least = 0;
    std::int64_t greatest = 0;
    Pattern pattern;  ///< Of four digits, else empty.
    bool negative = false;
    bool open = false;

    bool Matches(std::int64_t year) const {
      return pattern.digits.empty() || pattern.Matches(negative ? -year : year);
    }
  };

  Qualifier ReadQualifier() {
    if (Skip("?")) return {true, false};
    if (Skip("~")) return {false, true};
    if (Skip("%")) return {true, true};
    return {};
  }
  /// A qualifier before a part and one behind it.
  static Qualifier Join(Qualifier a, Qualifier b) {
    return {a.uncertain || b.uncertain, a.approximate || b.approximate};
  }

  Result<Part> ParseDate() {
    Part part;
    Qualifier left = ReadQualifier();
    KB_ASSIGN(const Year year, ReadYear());
    std::array<Qualifier, 3> qualifiers;
    qualifiers[0] = Join(left, ReadQualifier());
    Pattern month;
    Pattern day;
    if (Skip("-")) {
      left = ReadQualifier();
      KB_ASSIGN(month, ReadPair("a month"));
      qualifiers[1] = Join(left, ReadQualifier());
    }
    if (!month.digits.empty() && Skip("-")) {
      left = ReadQualifier();
      KB_ASSIGN(day, ReadPair("a day"));
      qualifiers[2] = Join(left, ReadQualifier());
    }
    KB_TRY(Bound(year, month, day, &part));
    part.unspecified = year.open || month.open() || day.open();
    const bool plain = !part.unspecified && !day.digits.empty();
    if (plain && Skip("T")) {
      KB_TRY(ReadTime(&part));
      const Qualifier after = ReadQualifier();
      qualifiers[2] = Join(qualifiers[2], after);
    }
    for (const Qualifier& qualifier : qualifiers) {
      part.uncertain = part.uncertain || qualifier.uncertain;
      part.approximate = part.approximate || qualifier.approximate;
    }
    Pad(qualifiers, month, &part);
    return part;
  }

  Result<Year> ReadYear() {
    Year year;
    if (Skip("Y")) {
      year.negative = Skip("-");
      return ReadLongYear(std::move(year));
    }
    year.negative = Skip("-");
    const std::size_t start = at_;
    while (at_ < text_.size() && at_ < start + 4 && IsDigitOrX(text_[at_])) ++at_;
    if (at_ != start + 4) return Misfit("a year of four digits");
    year.pattern = {text_.substr(start, 4)};
    year.open = year.pattern.open();
    year.least = year.pattern.Filled('0');
    year.greatest = year.pattern.Filled('9');
    if (year.negative) {
      year.least = -std::exchange(year.greatest, -year.least);
    }
    if (!year.open && Peek() == 'S') KB_TRY(ReadSignificant(&year));
    return year;
  }

  Result<Year> ReadLongYear(Year year) {
    std::int64_t number = 0;
    KB_TRY(ReadNumber(&number));
    if (Skip("E")) {
      std::int64_t exponent = 0;
      KB_TRY(ReadNumber(&exponent));
      for (; exponent > 0 && number <= kYearMax; --exponent) number *= 10;
    }
    if (number > kYearMax) {
      return ArgumentError("the year of {} is beyond {}", text::Quote(text_), kYearMax);
    }
    year.least = year.greatest = year.negative ? -number : number;
    if (Peek() == 'S') KB_TRY(ReadSignificant(&year));
    return year;
  }

  /// How many digits of a year count: 1950S2 is some year of the 1900s.
  Result<void> ReadSignificant(Year* year) {
    Skip("S");
    std::int64_t count = 0;
    KB_TRY(ReadNumber(&count));
    const std::int64_t number = year->negative ? -year->least : year->least;
    const auto digits = static_cast<std::int64_t>(
        std::max(std::to_string(number).size(), year->pattern.digits.size()));
    std::int64_t unit = 1;
    for (std::int64_t i = count; i < digits; ++i) unit *= 10;
    const std::int64_t low = number / unit * unit;
    const std::int64_t high = std::min(low + unit - 1, kYearMax);
    year->least = year->negative ? -high : low;
    year->greatest = year->negative ? -low : high;
    year->pattern = {};
    year->open = unit > 1;
    return {};
  }

  Result<void> ReadNumber(std::int64_t* number) {
    const char* begin = text_.data() + at_;
    const auto read = std::from_chars(begin, text_.data() + text_.size(), *number);
    if (read.ec != std::errc() || *begin == '-') return Misfit("a number");
    at_ += static_cast<std::size_t>(read.ptr - begin);
    return {};
  }

  Result<Pattern> ReadPair(std::string_view what) {
    const std::string_view pair = text_.substr(std::min(at_, text_.size()), 2);
    if (pair.size() < 2 || !IsDigitOrX(pair[0]) || !IsDigitOrX(pair[1])) return Misfit(what);
    at_ += 2;
    return Pattern{pair};
  }

  static bool IsDigitOrX(char c) { return (c >= '0' && c <= '9') || c == 'X'; }

  // --- Bounds ---

  Result<void> Bound(const Year& year, const Pattern& month, const Pattern& day, Part* part) const {
    const auto season = month.digits.empty() || month.open()
                            ? std::nullopt
                            : SeasonOf(static_cast<int>(month.Filled('0')));
    if (season) {
      if (!day.digits.empty()) {
        return ArgumentError("the season in {} has no days", text::Quote(text_));
      }
      part->precision = Edtf::Precision::kSeason;
      const YearMonthDay last = MoveMonths({year.greatest, season->first, 1}, season->count - 1);
      part->range = {FirstSecond({year.least, season->first, 1}),
                     LastSecond({last.year, last.month, DaysInMonth(last.year, last.month)})};
      return {};
    }
    part->precision = !day.digits.empty()     ? Edtf::Precision::kDay
                      : !month.digits.empty() ? Edtf::Precision::kMonth
                                              : Edtf::Precision::kYear;
    const auto first = Find(year, month, day, true);
    const auto last = Find(year, month, day, false);
    if (!first || !last) {
      return ArgumentError("there is no such day or month as {}", text::Quote(text_))
          .Hint("months run from 01 to 12, seasons from 21 to 41");
    }
    part->range = {FirstSecond(*first), LastSecond(*last)};
    return {};
  }

  /// The first or last day that fits; leap years come at most eight years apart.
  static std::optional<YearMonthDay> Find(const Year& year, const Pattern& month,
                                          const Pattern& day, bool first) {
    constexpr int kYearsTried = 4'000;
    const std::int64_t step = first ? 1 : -1;
    std::int64_t y = first ? year.least : year.greatest;
    for (int tried = 0; tried < kYearsTried && y >= year.least && y <= year.greatest;
         ++tried, y += step) {
      if (!year.Matches(y)) continue;
      for (int i = 1; i <= 12; ++i) {
        const int m = first ? i : 13 - i;
        if (!month.digits.empty() && !month.Matches(m)) continue;
        const int days = DaysInMonth(y, m);
        for (int k = 1; k <= days; ++k) {
          const int d = first ? k : days + 1 - k;
          if (day.digits.empty() || day.Matches(d)) return YearMonthDay{y, m, d};
        }
      }
    }
    return std::nullopt;
  }

  Result<void> ReadTime(Part* part) {
    std::array<int, 3> clock{};
    constexpr std::array<int, 3> kMost = {23, 59, 59};
    for (std::size_t i = 0; i < 3; ++i) {
      if (i > 0 && !Skip(":")) return Misfit("`:` (a time is hours:minutes:seconds)");
      KB_ASSIGN(const Pattern pair, ReadPair("two digits"));
      if (pair.open() || pair.Filled('0') > kMost[i]) return Misfit("a time of day before it");
      clock[i] = static_cast<int>(pair.Filled('0'));
    }
    std::int64_t offset = 0;
    if (!Skip("Z") && (Peek() == '+' || Peek() == '-')) {
      const int sign = Skip("-") ? -1 : 1;
      if (sign > 0) Skip("+");
      KB_ASSIGN(const Pattern hours, ReadPair("the hours of an offset"));
      offset = hours.Filled('0') * 3600;
      if (Skip(":")) {
        KB_ASSIGN(const Pattern minutes, ReadPair("the minutes of an offset"));
        offset += minutes.Filled('0') * 60;
        if (minutes.open()) return Misfit("digits before it");
      }
      if (hours.open() || offset > 18 * 3600) return Misfit("an offset of at most 18:00 before it");
      offset *= sign;
    }
    part->is_timed = true;
    part->precision = Edtf::Precision::kSecond;
    const std::int64_t second =
        part->range.earliest + clock[0] * 3600 + clock[1] * 60 + clock[2] - offset;
    part->range = {second, second};
    return {};
  }

  /// A qualifier behind a part concerns the parts before it too, and is felt in the last of them.
  static void Pad(const std::array<Qualifier, 3>& qualifiers, const Pattern& month, Part* part) {
    part->padded = part->range;
    const bool season = part->precision == Edtf::Precision::kSeason;
    const int years = qualifiers[0].units();
    const int months = qualifiers[1].units() * (season && !month.digits.empty() ? 3 : 1);
    const int days = qualifiers[2].units();
    if (years + months + days == 0) return;
    const auto move = [&](std::int64_t second, int sign) {
      const std::int64_t day_number =
          second >= 0 ? second / kSecondsPerDay : (second - kSecondsPerDay + 1) / kSecondsPerDay;
      const YearMonthDay day =
          MoveMonths(CalendarOf(Date{day_number}), sign * (years * 12 + months));
      return (DateOf(day).days + sign * days) * kSecondsPerDay +
             (second - day_number * kSecondsPerDay);
    };
    part->padded = {move(part->range.earliest, -1), move(part->range.latest, 1)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<Edtf> ParseEdtf(std::string_view text) { return Parser(text).Parse(); }

}  // namespace kb::schema
