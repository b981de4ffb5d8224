#include "schema/duration.h"

#include <algorithm>
#include <cmath>

#include "schema/calendar.h"

namespace kb::schema {
namespace {

constexpr long double kNanosPerMonth = 2'629'746.0L * 1e9L;

/// The nanoseconds of a fraction: a whole number that is as near as the fraction is exact, else
/// cut.
std::int64_t NanosOf(long double fraction, long double error, long double nanos_each) {
  const long double nanos = fraction * nanos_each;
  const long double nearest = std::round(nanos);
  const long double tolerance = std::min(error * nanos_each + 1e-6L, 0.49L);
  return static_cast<std::int64_t>(std::abs(nanos - nearest) <= tolerance ? nearest
                                                                          : std::trunc(nanos));
}

}  // namespace

Result<Amount> AmountOf(long double number) {
  if (!(std::abs(number) < 9.2e18L)) {
    return ArithmeticError("a duration has no room for a part of {}",
                           FormatFloat(static_cast<double>(number)))
        .Detail("NumberOutOfRange");
  }
  Amount amount;
  amount.error = std::abs(number) * 0x1p-52L;
  const long double nearest = std::round(number);
  const bool whole = std::abs(number - nearest) <= amount.error && nearest != 0;
  const long double cut = whole ? nearest : std::trunc(number);
  amount.whole = static_cast<std::int64_t>(cut);
  amount.fraction = whole ? 0 : number - cut;
  return amount;
}

void DurationSum::Accumulate(std::int64_t& sum, std::int64_t whole, std::int64_t each) {
  std::int64_t product = 0;
  overflow_ = overflow_ || __builtin_mul_overflow(whole, each, &product) ||
              __builtin_add_overflow(sum, product, &sum);
}

void DurationSum::AddMonths(const Amount& amount, std::int64_t months_each) {
  Accumulate(months_, amount.whole, months_each);
  const long double each = static_cast<long double>(months_each);
  const long double months = amount.fraction * each;
  const long double error = amount.error * each;
  const long double nearest = std::round(months);
  const bool whole = std::abs(months - nearest) <= error + 1e-15L;
  const long double cut = whole ? nearest : std::trunc(months);
  Accumulate(months_, static_cast<std::int64_t>(cut), 1);
  if (!whole) Accumulate(spilled_day_nanos_, NanosOf(months - cut, error, kNanosPerMonth), 1);
}

void DurationSum::AddDays(const Amount& amount, std::int64_t days_each) {
  Accumulate(days_, amount.whole, days_each);
  const auto nanos_each =
      static_cast<long double>(days_each) * static_cast<long double>(kNanosPerDay);
  Accumulate(spilled_day_nanos_, NanosOf(amount.fraction, amount.error, nanos_each), 1);
}

void DurationSum::AddNanos(const Amount& amount, std::int64_t nanos_each) {
  if (nanos_each >= kNanosPerSecond) {
    Accumulate(seconds_, amount.whole, nanos_each / kNanosPerSecond);
  } else {
    const std::int64_t per_second = kNanosPerSecond / nanos_each;
    Accumulate(seconds_, amount.whole / per_second, 1);
    Accumulate(nanos_, amount.whole % per_second, nanos_each);
  }
  const auto each = static_cast<long double>(nanos_each);
  Accumulate(nanos_, NanosOf(amount.fraction, amount.error, each), 1);
}

Result<Duration> DurationSum::Finish() const {
  DurationSum sum = *this;
  sum.Accumulate(sum.days_, spilled_day_nanos_ / kNanosPerDay, 1);
  std::int64_t rest = spilled_day_nanos_ % kNanosPerDay;
  // What spilled out of days has their sign.
  if (rest < 0 && sum.days_ > 0) {
    --sum.days_;
    rest += kNanosPerDay;
  } else if (rest > 0 && sum.days_ < 0) {
    ++sum.days_;
    rest -= kNanosPerDay;
  }
  sum.Accumulate(sum.seconds_, rest / kNanosPerSecond, 1);
  sum.Accumulate(sum.nanos_, rest % kNanosPerSecond, 1);
  sum.Accumulate(sum.seconds_, FloorDivide(sum.nanos_, kNanosPerSecond), 1);
  if (sum.overflow_) {
    return ArithmeticError("the duration is too long: its parts have 64 bits each")
        .Detail("NumberOutOfRange");
  }
  Duration duration;
  duration.months = sum.months_;
  duration.days = sum.days_;
  duration.seconds = sum.seconds_;
  duration.nanos = static_cast<std::int32_t>(FloorModulo(sum.nanos_, kNanosPerSecond));
  return duration;
}

}  // namespace kb::schema
