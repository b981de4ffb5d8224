#include "schema/edtf.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <tuple>

#include "schema/temporal.h"

namespace kb::schema {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;

std::int64_t DayOf(std::int64_t second) {
  if (second == kEdtfPast || second == kEdtfFuture) return second;
  return second >= 0 ? second / kSecondsPerDay : (second - kSecondsPerDay + 1) / kSecondsPerDay;
}

MomentRange DaysOf(MomentRange range) { return {DayOf(range.earliest), DayOf(range.latest)}; }

/// Without a time of day on either side a day is one moment; with one it has many.
void ToOneUnit(Moments* a, Moments* b) {
  if (a->is_timed || b->is_timed) return;
  for (Moments* moments : {a, b}) {
    moments->begin = DaysOf(moments->begin);
    moments->end = DaysOf(moments->end);
  }
}

/// Comparisons of two moments of which only bounds are known. What is open on one side is before
/// (or after) everything that is not.
Truth IsLess(MomentRange a, MomentRange b) {
  if (a.latest < b.earliest) return true;
  if (a.earliest >= b.latest) return false;
  return std::nullopt;
}
Truth IsSame(MomentRange a, MomentRange b) {
  if (a.latest < b.earliest || b.latest < a.earliest) return false;
  if (a.earliest == a.latest && a == b) return true;
  return std::nullopt;
}

Moments Exactly(std::int64_t first, std::int64_t last, bool is_timed) {
  return {{first, last}, {first, last}, is_timed};
}

bool Overlap(MomentRange a, MomentRange b) {
  return a.earliest <= b.latest && b.earliest <= a.latest;
}

/// Whether the members that a `[…]` chooses from leave room for `other`.
bool MayBeAmong(const Value& set, MomentRange other) {
  if (!set.is_edtf() || set.edtf().choices.empty()) return true;
  const auto& choices = set.edtf().choices;
  return std::any_of(choices.begin(), choices.end(),
                     [&](const MomentRange& choice) { return Overlap(choice, other); });
}

Value DateOrNull(std::int64_t second) {
  if (second == kEdtfPast || second == kEdtfFuture) return Value::Null();
  return Value::Of(Date{DayOf(second)});
}

std::string_view NameOf(Edtf::Form form) {
  switch (form) {
    case Edtf::Form::kDate:
      return "date";
    case Edtf::Form::kInterval:
      return "interval";
    case Edtf::Form::kOneOf:
      return "one of";
    case Edtf::Form::kAllOf:
      return "all of";
  }
  return "";
}

std::string_view NameOf(Edtf::Precision precision) {
  switch (precision) {
    case Edtf::Precision::kSecond:
      return "second";
    case Edtf::Precision::kDay:
      return "day";
    case Edtf::Precision::kMonth:
      return "month";
    case Edtf::Precision::kSeason:
      return "season";
    case Edtf::Precision::kYear:
      return "year";
  }
  return "";
}

/// A field of the calendar where every moment agrees on it, else null.
Value CommonField(const Edtf& value, std::string_view name) {
  if (value.earliest() == kEdtfPast || value.latest() == kEdtfFuture) return Value::Null();
  const YearMonthDay first = CalendarOf(Date{DayOf(value.earliest())});
  const YearMonthDay last = CalendarOf(Date{DayOf(value.latest())});
  if (first.year != last.year) return Value::Null();
  if (name == "year") return Value::Integer(first.year);
  if (first.month != last.month) return Value::Null();
  if (name == "month") return Value::Integer(first.month);
  return first.day == last.day ? Value::Integer(first.day) : Value::Null();
}

}  // namespace

Result<Value> MakeEdtf(const Value& value) {
  if (value.is_edtf()) return value;
  std::string text;
  if (value.is_string()) {
    text = std::string(value.string());
  } else if (value.kind() == Kind::kDate) {
    text = ToText(value.date());
  } else if (value.kind() == Kind::kLocalDateTime) {
    LocalDateTime whole = value.local_date_time();
    const YearMonthDay day = CalendarOf(Date{DayOf(whole.seconds)});
    const std::int64_t clock = whole.seconds - DayOf(whole.seconds) * kSecondsPerDay;
    text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", day.year, day.month, day.day,
                       clock / 3600, clock / 60 % 60, clock % 60);
  } else if (value.kind() == Kind::kDateTime) {
    KB_ASSIGN(const Value local, MakeEdtf(Value::Of(LocalDateTime{value.date_time().seconds, 0})));
    text = local.edtf().text + "Z";
  } else {
    return ArgumentError("{} {} is no date", KindName(value.kind()), value.ToText());
  }
  KB_ASSIGN(Edtf parsed, ParseEdtf(text));
  return Value::Of(std::move(parsed));
}

bool IsMoment(const Value& value) {
  const Kind kind = value.kind();
  return kind == Kind::kEdtf || kind == Kind::kDate || kind == Kind::kLocalDateTime ||
         kind == Kind::kDateTime;
}

Moments MomentsOf(const Value& value) {
  if (value.is_edtf()) return {value.edtf().begin, value.edtf().end, value.edtf().is_timed};
  if (value.kind() == Kind::kDate) {
    const std::int64_t first = value.date().days * kSecondsPerDay;
    return Exactly(first, first + kSecondsPerDay - 1, false);
  }
  const std::int64_t second =
      value.kind() == Kind::kDateTime ? value.date_time().seconds : value.local_date_time().seconds;
  return Exactly(second, second, true);
}

Moments PeriodOf(const Value& value) {
  Moments moments = MomentsOf(value);
  const bool plain =
      !value.is_edtf() || (value.edtf().form == Edtf::Form::kDate && !value.edtf().unspecified);
  if (plain) {
    moments.begin.latest = moments.begin.earliest;
    moments.end.earliest = moments.end.latest;
  }
  return moments;
}

Truth SameMoment(const Value& a, const Value& b) {
  if (!IsMoment(a) || !IsMoment(b)) return std::nullopt;
  Moments x = MomentsOf(a);
  Moments y = MomentsOf(b);
  if (!MayBeAmong(a, {y.begin.earliest, y.end.latest}) ||
      !MayBeAmong(b, {x.begin.earliest, x.end.latest})) {
    return false;
  }
  ToOneUnit(&x, &y);
  return And(IsSame(x.begin, y.begin), IsSame(x.end, y.end));
}

Truth EarlierMoment(const Value& a, const Value& b) {
  if (!IsMoment(a) || !IsMoment(b)) return std::nullopt;
  Moments x = MomentsOf(a);
  Moments y = MomentsOf(b);
  ToOneUnit(&x, &y);
  return IsLess(x.end, y.begin);
}

std::optional<std::partial_ordering> CompareMoments(const Value& a, const Value& b) {
  if (EarlierMoment(a, b) == Truth(true)) return std::partial_ordering::less;
  if (EarlierMoment(b, a) == Truth(true)) return std::partial_ordering::greater;
  if (SameMoment(a, b) == Truth(true)) return std::partial_ordering::equivalent;
  return std::nullopt;
}

std::weak_ordering OrderEdtf(const Edtf& a, const Edtf& b) {
  return std::tuple(a.earliest(), a.latest(), std::string_view(a.text)) <=>
         std::tuple(b.earliest(), b.latest(), std::string_view(b.text));
}

Truth Relate(Relation relation, const Value& a, const Value& b) {
  if (!IsMoment(a) || !IsMoment(b)) return std::nullopt;
  Moments x = PeriodOf(a);
  Moments y = PeriodOf(b);
  ToOneUnit(&x, &y);
  const Truth lasts = And(IsLess(x.begin, x.end), IsLess(y.begin, y.end));
  switch (relation) {
    case Relation::kBefore:
      return IsLess(x.end, y.begin);
    case Relation::kMeets:
      return And(IsSame(x.end, y.begin), lasts);
    case Relation::kOverlaps:
      return And(IsLess(x.begin, y.begin), And(IsLess(y.begin, x.end), IsLess(x.end, y.end)));
    case Relation::kStarts:
      return And(IsSame(x.begin, y.begin), IsLess(x.end, y.end));
    case Relation::kDuring:
      return And(IsLess(y.begin, x.begin), IsLess(x.end, y.end));
    case Relation::kFinishes:
      return And(IsSame(x.end, y.end), IsLess(y.begin, x.begin));
    case Relation::kEquals:
      return And(IsSame(x.begin, y.begin), IsSame(x.end, y.end));
    case Relation::kFinishedBy:
      return Relate(Relation::kFinishes, b, a);
    case Relation::kContains:
      return Relate(Relation::kDuring, b, a);
    case Relation::kStartedBy:
      return Relate(Relation::kStarts, b, a);
    case Relation::kOverlappedBy:
      return Relate(Relation::kOverlaps, b, a);
    case Relation::kMetBy:
      return Relate(Relation::kMeets, b, a);
    case Relation::kAfter:
      return Relate(Relation::kBefore, b, a);
  }
  return std::nullopt;
}

Truth HoldsAt(const Value& period, const Value& at) {
  if (!IsMoment(period) || !IsMoment(at)) return std::nullopt;
  Moments x = PeriodOf(period);
  Moments y = MomentsOf(at);
  ToOneUnit(&x, &y);
  return And(Not(IsLess(y.begin, x.begin)), Not(IsLess(x.end, y.end)));
}

Truth HoldsWithin(const Value& period, const Value& from, const Value& to) {
  if (!IsMoment(period) || !IsMoment(from) || !IsMoment(to)) return std::nullopt;
  const Moments x = PeriodOf(period);
  // Days hold whole seconds, so seconds decide the same as days.
  return And(Not(IsLess(x.end, PeriodOf(from).begin)), Not(IsLess(PeriodOf(to).end, x.begin)));
}

Value EdtfComponent(const Edtf& value, std::string_view name) {
  if (name == "earliest") return DateOrNull(value.earliest());
  if (name == "latest") return DateOrNull(value.latest());
  if (name == "earliestPadded") return DateOrNull(value.padded.earliest);
  if (name == "latestPadded") return DateOrNull(value.padded.latest);
  if (name == "year" || name == "month" || name == "day") return CommonField(value, name);
  if (name == "form") return Value::String(NameOf(value.form));
  if (name == "precision") return Value::String(NameOf(value.precision));
  if (name == "uncertain") return Value::Boolean(value.uncertain);
  if (name == "approximate") return Value::Boolean(value.approximate);
  if (name == "unspecified") return Value::Boolean(value.unspecified);
  return Value::Null();
}

}  // namespace kb::schema
