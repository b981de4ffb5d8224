// Equality, comparison, order and hash of values: one place, one truth table (openCypher
// CIP2016-06-14).
//
// Three relations that agree where they must:
//   Equal       `=`: three-valued; null = anything is unknown; 1 = 1.0; NaN is not equal to itself.
//   Compare     `<` and its kin: three-valued; values of different groups are incomparable
//   (unknown). Order       ORDER BY, min, max: a total order over everything, null last when
//   ascending. Equivalent  DISTINCT, grouping, IN-index keys: total; null ~ null, NaN ~ NaN, 1
//   ~ 1.0. Hash agrees.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "schema/value.h"

namespace kb::schema {

/// Unknown is nullopt.
using Truth = std::optional<bool>;

constexpr Truth Not(Truth a) { return a ? Truth(!*a) : a; }
constexpr Truth And(Truth a, Truth b) {
  if ((a && !*a) || (b && !*b)) return false;
  return a && b ? Truth(true) : Truth();
}
constexpr Truth Or(Truth a, Truth b) { return Not(And(Not(a), Not(b))); }
constexpr Truth Xor(Truth a, Truth b) { return a && b ? Truth(*a != *b) : Truth(); }

Truth Equal(const Value& a, const Value& b);

/// The outcome of a comparison: nullopt when unknown; unordered when NaN is involved (then every
/// one of < <= > >= is false).
/// Where an uncertain date is involved, use Less and AtMost, which know more: `<=` can be true, or
/// `<` false, of dates whose order is not known.
std::optional<std::partial_ordering> Compare(const Value& a, const Value& b);

/// `<` and `<=`.
Truth Less(const Value& a, const Value& b);
Truth AtMost(const Value& a, const Value& b);

std::weak_ordering Order(const Value& a, const Value& b);
bool Equivalent(const Value& a, const Value& b);
std::uint64_t Hash(const Value& value);

/// For unordered containers keyed by grouping equality.
struct EquivalentTo {
  bool operator()(const Value& a, const Value& b) const { return Equivalent(a, b); }
};
struct HashOf {
  std::size_t operator()(const Value& value) const { return static_cast<std::size_t>(Hash(value)); }
};

}  // namespace kb::schema
