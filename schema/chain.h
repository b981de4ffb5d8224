// Chains: whether one thing comes after another by the times that both have.
//
// Dates, date-times and uncertain dates are compared by their bounds: certainly in order is what is
// so for every moment that they can be, possibly what is so for one. Days without a time of day are
// compared as days. Other values stand in order only with values of their own kind: numbers, texts,
// times of day. Equal times are in order. All functions are thread-safe.
#pragma once

#include <cstdint>
#include <optional>

#include "schema/base/result.h"
#include "schema/value.h"

namespace kb::schema {

/// What is asked of two neighbours in a chain.
struct ChainOrder {
  bool possibly = false;  ///< Else certainly.
  bool descending = false;
  std::optional<Value> within;  ///< The longest gap: a duration or a number. Null: none is allowed.
};
/// Errors: a type that is no gap, or a negative one.
Result<void> CheckGap(const Value& gap);

/// A time in a chain.
struct ChainTime {
  Kind group;     ///< kEdtf for all dates and date-times, kFloat for all numbers.
  bool is_exact;  ///< Not known by bounds alone.
  bool is_timed;
  std::int64_t earliest, latest;  ///< Of a date or date-time, in seconds.
  Value value;
};
/// nullopt for what stands in no chain, null among it.
std::optional<ChainTime> ChainTimeOf(Value value);

/// Whether `next` may stand right behind `first`.
bool MayFollow(const ChainTime& first, const ChainTime& next, const ChainOrder& order);
/// Whether surely whatever may stand behind `other` (before it, if `reversed`) may stand behind
/// `known`.
bool Covers(const ChainTime& known, const ChainTime& other, bool reversed, const ChainOrder& order);

}  // namespace kb::schema
