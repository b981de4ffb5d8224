// Adding up a duration from parts that may have fractions.
//
// A fraction of a month is that part of the average month (2,629,746 s, a twelfth of 365.2425 days)
// and spills into days; a fraction of a day spills into seconds. Whole parts never spill: 30 days
// are not a month and 24 hours are not a day.
#pragma once

#include <cstdint>

#include "schema/temporal.h"

namespace kb::schema {

/// A count of some unit: a whole number and a fraction of the same sign, below one in size. `error`
/// is how far off the fraction may be, for numbers that came from a double.
struct Amount {
  std::int64_t whole = 0;
  long double fraction = 0;
  long double error = 0;
};

/// Error kArithmetic if the number is not finite or beyond 64 bits.
Result<Amount> AmountOf(long double number);

/// One thread at a time. Overflow is remembered and told by Finish.
class DurationSum {
 public:
  /// Adds `amount` units of so many months each.
  void AddMonths(const Amount& amount, std::int64_t months_each);
  void AddDays(const Amount& amount, std::int64_t days_each);
  void AddNanos(const Amount& amount, std::int64_t nanos_each);

  /// Error kArithmetic on overflow.
  Result<Duration> Finish() const;

 private:
  void Accumulate(std::int64_t& sum, std::int64_t whole, std::int64_t each);

  std::int64_t months_ = 0;
  std::int64_t days_ = 0;
  std::int64_t spilled_day_nanos_ = 0;
  std::int64_t seconds_ = 0;
  std::int64_t nanos_ = 0;
  bool overflow_ = false;
};

}  // namespace kb::schema
