// EDTF, ISO 8601-2 levels 0 to 2: dates that are not known exactly, and what can be said of them.
//
// A value keeps its text, and the moments between which it begins and ends. Two readings of one
// text are told apart. For `<` and `=` a date is a moment somewhere in what it names: 2018 is some
// time in 2018, so 2018 < 2018-05-01 is unknown. For Allen's relations and for validity a date
// without an X is the whole period that it names: 2018-05-01 lies during 2018. An interval begins
// some time in its first part and ends some time in its second; `..` is without end, an empty part
// is not known.
//
// Bounds are strict: `?` and `~` do not widen them, but do widen `padded`, by a unit of each part
// that they qualify (two for `%`). A time of day without an offset is taken as UTC. Dates, local
// date-times and date-times take part in every comparison as the exact moments they are; other
// values do not. All functions are thread-safe.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "schema/base/result.h"
#include "schema/order.h"
#include "schema/value.h"

namespace kb::schema {

/// Without a beginning, without an end.
inline constexpr std::int64_t kEdtfPast = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kEdtfFuture = std::numeric_limits<std::int64_t>::max();

/// Errors: kArgument that says what was expected and where.
Result<Edtf> ParseEdtf(std::string_view text);
/// A text, an uncertain date, or a date or date-time, as an uncertain date. Errors: kArgument.
Result<Value> MakeEdtf(const Value& value);

/// Whether a value takes part in the comparisons below.
bool IsMoment(const Value& value);

/// Where a value lies in time, in one reading or the other. Of what IsMoment() is true.
struct Moments {
  MomentRange begin;
  MomentRange end;
  bool is_timed = false;
};
Moments MomentsOf(const Value& value);
/// The period it names: a plain date begins where the period does and ends where it does.
Moments PeriodOf(const Value& value);

/// `=` and `<` of two values of which one at least is an uncertain date.
Truth SameMoment(const Value& a, const Value& b);
Truth EarlierMoment(const Value& a, const Value& b);
std::optional<std::partial_ordering> CompareMoments(const Value& a, const Value& b);
/// The total order: by the earliest moment, the latest, then the text.
std::weak_ordering OrderEdtf(const Edtf& a, const Edtf& b);

/// Allen's thirteen relations of two periods; exactly one of them holds. A period of one moment
/// (or day) is a point: it starts, lies during or finishes what it touches, and meets nothing.
enum class Relation : std::uint8_t {
  kBefore,
  kMeets,
  kOverlaps,
  kStarts,
  kDuring,
  kFinishes,
  kEquals,
  kFinishedBy,
  kContains,
  kStartedBy,
  kOverlappedBy,
  kMetBy,
  kAfter,
};
Truth Relate(Relation relation, const Value& a, const Value& b);

/// Whether what is valid for `period` holds at the moment (or throughout the span) that `at` is:
/// unknown where the bounds leave it open.
Truth HoldsAt(const Value& period, const Value& at);
/// Whether it holds at some moment from the first of `from` to the last of `to`.
Truth HoldsWithin(const Value& period, const Value& from, const Value& to);

/// A component: `earliest`, `latest`, `earliestPadded`, `latestPadded` (dates), `year`, `month`,
/// `day` (where every moment agrees), `form`, `precision`, `uncertain`, `approximate`,
/// `unspecified`; null where it is open, not known, or there is none of that name.
Value EdtfComponent(const Edtf& value, std::string_view name);

}  // namespace kb::schema
