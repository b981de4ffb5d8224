#include "schema/chain.h"

#include <utility>

#include "schema/edtf.h"
#include "schema/order.h"
#include "schema/temporal.h"

namespace kb::schema {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;

std::int64_t DayOf(std::int64_t second) {
  const std::int64_t day = second / kSecondsPerDay;
  return second % kSecondsPerDay < 0 ? day - 1 : day;
}

bool IsAtMost(const Value& a, const Value& b) { return AtMost(a, b) == Truth(true); }

bool IsNegative(const Value& gap) {
  if (gap.is_integer()) return gap.integer() < 0;
  if (gap.is_float()) return gap.floating() < 0;
  const Duration& duration = gap.duration();
  return duration.months < 0 || duration.days < 0 || duration.seconds < 0;
}

/// The instant of a time of day, in UTC if it has an offset.
std::int64_t NanosOf(const Value& clock) {
  if (clock.kind() == Kind::kLocalTime) return clock.local_time().nanos;
  return clock.time().nanos - clock.time().offset_s * kNanosPerSecond;
}

/// Whether it is at most so long from one time of a day to a later one.
bool IsClockWithin(const Value& a, const Value& b, const Duration& gap) {
  if (gap.months > 0 || gap.days > 1 || gap.seconds > 2 * kSecondsPerDay) return true;
  const std::int64_t seconds = gap.days * kSecondsPerDay + gap.seconds;
  return NanosOf(b) - NanosOf(a) <= seconds * kNanosPerSecond + gap.nanos;
}

bool IsNumberWithin(const Value& a, const Value& b, const Value& gap) {
  if (!a.is_integer() || !b.is_integer() || !gap.is_integer()) {
    return b.number() - a.number() <= gap.number();
  }
  // In order already, so the difference is not negative, but may need 64 bits.
  return static_cast<std::uint64_t>(b.integer()) - static_cast<std::uint64_t>(a.integer()) <=
         static_cast<std::uint64_t>(gap.integer());
}

/// `a` is not after `b`.
bool IsInOrder(const ChainTime& a, const ChainTime& b, bool possibly) {
  if (a.group != b.group) return false;
  if (a.is_exact && b.is_exact && a.value.kind() == b.value.kind()) {
    return IsAtMost(a.value, b.value);
  }
  if (a.group != Kind::kEdtf) return IsAtMost(a.value, b.value);
  const std::int64_t one = possibly ? a.earliest : a.latest;
  const std::int64_t next = possibly ? b.latest : b.earliest;
  return a.is_timed || b.is_timed ? one <= next : DayOf(one) <= DayOf(next);
}

/// The longest gap that there can be, or, possibly, the shortest.
bool IsMomentWithin(const ChainTime& a, const ChainTime& b, bool possibly, const Duration& gap) {
  if (a.is_exact && b.is_exact && a.value.kind() == b.value.kind()) {
    const auto reached = AddDuration(a.value, gap, 1);
    return reached.ok() && IsAtMost(b.value, *reached);
  }
  std::int64_t one = possibly ? a.latest : a.earliest;
  const std::int64_t next = possibly ? b.earliest : b.latest;
  if (one == kEdtfFuture || next == kEdtfPast) return true;
  if (one == kEdtfPast || next == kEdtfFuture) return false;
  const bool by_days = !a.is_timed && !b.is_timed;
  if (by_days) one = DayOf(one) * kSecondsPerDay;
  const auto reached = AddDuration(Value::Of(LocalDateTime{one, 0}), gap, 1);
  if (!reached.ok()) return false;
  const std::int64_t last = reached->local_date_time().seconds;
  return by_days ? DayOf(next) <= DayOf(last) : next <= last;
}

bool IsWithin(const ChainTime& a, const ChainTime& b, bool possibly, const Value& gap) {
  if (gap.is_null()) return false;
  if (a.group == Kind::kFloat) return gap.is_number() && IsNumberWithin(a.value, b.value, gap);
  if (gap.kind() != Kind::kDuration) return false;
  if (a.group == Kind::kEdtf) return IsMomentWithin(a, b, possibly, gap.duration());
  return a.group != Kind::kString && IsClockWithin(a.value, b.value, gap.duration());
}

}  // namespace

Result<void> CheckGap(const Value& gap) {
  if (gap.is_null()) return {};
  if (gap.kind() != Kind::kDuration && !gap.is_number()) {
    return TypeError(
               "the longest gap of a chain is a duration (or a number, between numbers), but "
               "this is {}",
               KindName(gap.kind()))
        .Detail("InvalidArgumentType")
        .Hint("write it as duration('P90D')");
  }
  if (!IsNegative(gap)) return {};
  return ArgumentError("the longest gap of a chain cannot be negative: {}", gap.ToText())
      .Hint("descending turns the order round");
}

std::optional<ChainTime> ChainTimeOf(Value value) {
  if (IsMoment(value)) {
    const Moments moments = MomentsOf(value);
    return ChainTime{Kind::kEdtf,        !value.is_edtf(), moments.is_timed, moments.begin.earliest,
                     moments.end.latest, std::move(value)};
  }
  const Kind kind = value.is_number() ? Kind::kFloat : value.kind();
  const bool is_ordered = kind == Kind::kFloat || kind == Kind::kString ||
                          kind == Kind::kLocalTime || kind == Kind::kTime;
  if (!is_ordered) return std::nullopt;
  return ChainTime{kind, true, true, 0, 0, std::move(value)};
}

bool MayFollow(const ChainTime& first, const ChainTime& next, const ChainOrder& order) {
  const ChainTime& a = order.descending ? next : first;
  const ChainTime& b = order.descending ? first : next;
  return IsInOrder(a, b, order.possibly) &&
         (!order.within || IsWithin(a, b, order.possibly, *order.within));
}

bool Covers(const ChainTime& known, const ChainTime& other, bool reversed,
            const ChainOrder& order) {
  if (known.group != other.group || known.value.kind() != other.value.kind()) return false;
  if (order.within) return known.is_exact && Equivalent(known.value, other.value);
  const bool wants_later = reversed != order.descending;
  if (known.is_exact) {
    return wants_later ? IsAtMost(other.value, known.value) : IsAtMost(known.value, other.value);
  }
  if (known.is_timed != other.is_timed) return false;
  // The side by which each is compared with what comes behind it.
  const bool by_latest = wants_later == order.possibly;
  const std::int64_t one = by_latest ? known.latest : known.earliest;
  const std::int64_t two = by_latest ? other.latest : other.earliest;
  return wants_later ? one >= two : one <= two;
}

}  // namespace kb::schema
