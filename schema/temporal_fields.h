// The map that a temporal constructor or a truncation takes, checked and sorted: which fields it
// has, and how they make a date and a time of day, from nothing or on top of another value's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/temporal.h"

namespace kb::schema {

/// One thread at a time; immutable once read.
class TemporalFields {
 public:
  enum Field : std::uint8_t {
    kYear,
    kQuarter,
    kMonth,
    kWeek,
    kDay,
    kDayOfWeek,
    kDayOfQuarter,
    kOrdinalDay,
    kHour,
    kMinute,
    kSecond,
    kMillisecond,
    kMicrosecond,
    kNanosecond,
    kEpochSeconds,
    kEpochMillis,
  };
  static constexpr std::size_t kFieldCount = 16;

  /// Reads a map for a constructor of `kind`. Errors: kArgument for a field that the kind has not,
  /// kType for a value of the wrong kind.
  static Result<TemporalFields> Read(Kind kind, const Value& map);

  bool Has(Field field) const { return numbers_[field].has_value(); }
  void Set(Field field, std::int64_t number) { numbers_[field] = number; }
  bool HasAny(Field first, Field last) const;

  /// The values of the entries `date`, `time`, `datetime`; nullptr if not there.
  const Value* date() const { return date_ ? &*date_ : nullptr; }
  const Value* time() const { return time_ ? &*time_ : nullptr; }
  const Value* date_time() const { return date_time_ ? &*date_time_ : nullptr; }
  /// The entry `timezone`; empty if not there.
  const std::string& zone() const { return zone_; }

  /// The date these fields say; what they leave out is `base`'s, or the first if there is none.
  /// Errors: kArgument for what is out of range, missing or contradicts itself.
  Result<Date> BuildDate(const std::optional<Date>& base) const;
  Result<LocalTime> BuildTime(const std::optional<LocalTime>& base) const;
  /// Seconds and nanoseconds of epochSeconds, epochMillis and nanosecond; nothing if not there.
  Result<std::optional<LocalDateTime>> Epoch() const;

 private:
  Result<void> ReadEntry(Kind kind, std::string_view name, const Value& value);
  Result<void> CheckDateFields() const;
  Result<void> Need(Field coarse, Field fine) const;
  Result<int> Within(Field field, std::int64_t otherwise, std::int64_t first,
                     std::int64_t last) const;
  Result<std::int64_t> Year(std::int64_t otherwise) const;
  Result<Date> WeekDateFrom(const std::optional<Date>& base) const;
  Result<Date> QuarterDateFrom(const std::optional<Date>& base) const;
  Result<Date> CalendarDateFrom(const std::optional<Date>& base) const;
  Result<std::int64_t> BuildSubseconds(std::int64_t otherwise) const;

  std::array<std::optional<std::int64_t>, kFieldCount> numbers_;
  std::optional<Value> date_;
  std::optional<Value> time_;
  std::optional<Value> date_time_;
  std::string zone_;
};

}  // namespace kb::schema
