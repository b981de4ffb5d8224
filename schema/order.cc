#include "schema/order.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <vector>

#include "schema/base/assert.h"
#include "schema/edtf.h"
#include "schema/temporal.h"

namespace kb::schema {
namespace {

/// Hashes look this deep into nested values; what lies deeper is left to Equivalent.
constexpr int kHashDepthMax = 32;

/// Where a kind stands in the order over everything. Integers and floats share a place.
int Rank(Kind kind) {
  switch (kind) {
    case Kind::kMap:
      return 0;
    case Kind::kNode:
      return 1;
    case Kind::kRelationship:
      return 2;
    case Kind::kList:
      return 3;
    case Kind::kPath:
      return 4;
    case Kind::kPoint:
      return 5;
    case Kind::kDateTime:
      return 6;
    case Kind::kLocalDateTime:
      return 7;
    case Kind::kDate:
      return 8;
    case Kind::kTime:
      return 9;
    case Kind::kLocalTime:
      return 10;
    case Kind::kDuration:
      return 11;
    case Kind::kEdtf:
      return 12;
    case Kind::kString:
      return 13;
    case Kind::kBoolean:
      return 14;
    case Kind::kInteger:
    case Kind::kFloat:
      return 15;
    case Kind::kNull:
      return 16;
  }
  return 16;
}

/// Exact: neither side is rounded to the other's type.
std::partial_ordering CompareIntegerWithFloat(std::int64_t integer, double floating) {
  if (std::isnan(floating)) return std::partial_ordering::unordered;
  if (floating >= 0x1p63) return std::partial_ordering::less;
  if (floating < -0x1p63) return std::partial_ordering::greater;
  const auto whole = static_cast<std::int64_t>(floating);
  if (integer != whole) return integer <=> whole;
  return 0.0 <=> (floating - static_cast<double>(whole));
}

std::partial_ordering CompareNumbers(const Value& a, const Value& b) {
  if (a.is_integer() && b.is_integer()) return a.integer() <=> b.integer();
  if (a.is_float() && b.is_float()) return a.floating() <=> b.floating();
  if (a.is_integer()) return CompareIntegerWithFloat(a.integer(), b.floating());
  return 0 <=> CompareIntegerWithFloat(b.integer(), a.floating());
}

/// NaN after every other number and equal to itself.
std::weak_ordering OrderFloats(double a, double b) {
  const std::partial_ordering order = a <=> b;
  if (order == std::partial_ordering::less) return std::weak_ordering::less;
  if (order == std::partial_ordering::greater) return std::weak_ordering::greater;
  if (order == std::partial_ordering::equivalent) return std::weak_ordering::equivalent;
  return int{std::isnan(a)} <=> int{std::isnan(b)};
}

std::weak_ordering OrderNumbers(const Value& a, const Value& b) {
  if (a.is_float() && b.is_float()) return OrderFloats(a.floating(), b.floating());
  const std::partial_ordering order = CompareNumbers(a, b);
  if (order == std::partial_ordering::less) return std::weak_ordering::less;
  if (order == std::partial_ordering::greater) return std::weak_ordering::greater;
  if (order == std::partial_ordering::equivalent) return std::weak_ordering::equivalent;
  return a.is_float() ? std::weak_ordering::greater : std::weak_ordering::less;
}

/// By the instant, then from west to east.
std::weak_ordering OrderTimes(const Time& a, const Time& b) {
  const std::int64_t instant_a = a.nanos - a.offset_s * kNanosPerSecond;
  const std::int64_t instant_b = b.nanos - b.offset_s * kNanosPerSecond;
  if (const auto order = instant_a <=> instant_b; order != 0) return order;
  return a.offset_s <=> b.offset_s;
}

std::weak_ordering OrderLocalDateTimes(const LocalDateTime& a, const LocalDateTime& b) {
  if (const auto order = a.seconds <=> b.seconds; order != 0) return order;
  return a.nanos <=> b.nanos;
}

std::weak_ordering OrderDateTimes(const DateTime& a, const DateTime& b) {
  if (const auto order = a.seconds <=> b.seconds; order != 0) return order;
  if (const auto order = a.nanos <=> b.nanos; order != 0) return order;
  if (const auto order = a.offset_s <=> b.offset_s; order != 0) return order;
  return a.zone <=> b.zone;
}

/// By the length a duration has on average; what is of one length, by its parts.
std::weak_ordering OrderDurations(const Duration& a, const Duration& b) {
  constexpr long double kSecondsPerMonth = 2'629'746;
  const auto length = [](const Duration& d) {
    return static_cast<long double>(d.months) * kSecondsPerMonth +
           static_cast<long double>(d.days) * 86'400 + static_cast<long double>(d.seconds);
  };
  const long double length_a = length(a);
  const long double length_b = length(b);
  if (length_a != length_b) {
    return length_a < length_b ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  if (const auto order = a.nanos <=> b.nanos; order != 0) return order;
  if (const auto order = a.months <=> b.months; order != 0) return order;
  if (const auto order = a.days <=> b.days; order != 0) return order;
  return a.seconds <=> b.seconds;
}

std::weak_ordering OrderPoints(const Point& a, const Point& b) {
  if (const auto order = a.srid <=> b.srid; order != 0) return order;
  if (const auto order = OrderFloats(a.x, b.x); order != 0) return order;
  if (const auto order = OrderFloats(a.y, b.y); order != 0) return order;
  return OrderFloats(a.z, b.z);
}

std::weak_ordering OrderSequences(std::span<const Value> a, std::span<const Value> b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (const auto order = Order(a[i], b[i]); order != 0) return order;
  }
  return a.size() <=> b.size();
}

std::vector<const MapEntries::value_type*> SortedEntries(const MapEntries& entries) {
  std::vector<const MapEntries::value_type*> sorted;
  sorted.reserve(entries.size());
  for (const auto& entry : entries) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->first < b->first; });
  return sorted;
}

/// Smaller maps first, then by the sorted keys, then by the values in the order of the keys.
std::weak_ordering OrderMaps(const MapEntries& a, const MapEntries& b) {
  if (const auto order = a.size() <=> b.size(); order != 0) return order;
  const auto left = SortedEntries(a);
  const auto right = SortedEntries(b);
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (const auto order = left[i]->first <=> right[i]->first; order != 0) return order;
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (const auto order = Order(left[i]->second, right[i]->second); order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

std::weak_ordering OrderRelationships(const RelationshipRef& a, const RelationshipRef& b) {
  return a.id() <=> b.id();
}

Truth EqualSequences(std::span<const Value> a, std::span<const Value> b) {
  if (a.size() != b.size()) return false;
  Truth result = true;
  for (std::size_t i = 0; i < a.size(); ++i) {
    result = And(result, Equal(a[i], b[i]));
    if (result == Truth(false)) break;
  }
  return result;
}

Truth EqualMaps(const Value& a, const Value& b) {
  if (a.map().size() != b.map().size()) return false;
  Truth result = true;
  for (const auto& [key, value] : a.map()) {
    const Value* other = b.Find(key);
    if (other == nullptr) return false;
    result = And(result, Equal(value, *other));
  }
  return result;
}

/// Lexicographic; undecided where the first difference is.
std::optional<std::partial_ordering> CompareLists(std::span<const Value> a,
                                                  std::span<const Value> b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    const auto order = Compare(a[i], b[i]);
    if (!order) {
      if (Equal(a[i], b[i]) == Truth(true)) continue;
      return std::nullopt;
    }
    if (*order != 0) return order;
  }
  return a.size() <=> b.size();
}

std::uint64_t Mix(std::uint64_t bits) {
  bits ^= bits >> 32;
  bits *= 0xD6E8'FEB8'6659'FD93u;
  bits ^= bits >> 32;
  bits *= 0xD6E8'FEB8'6659'FD93u;
  bits ^= bits >> 32;
  return bits;
}

std::uint64_t Combine(std::uint64_t seed, std::uint64_t bits) {
  return Mix(seed * 0x9E37'79B9'7F4A'7C15u + bits);
}

std::uint64_t Bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

std::uint64_t HashFloat(double value) {
  constexpr std::uint64_t kNaN = 0x7FF8'0000'0000'0000u;
  if (std::isnan(value)) return Mix(kNaN);
  // A whole number hashes as the integer it equals; -0.0 as 0.
  if (value >= -0x1p63 && value < 0x1p63 && value == std::trunc(value)) {
    return Mix(Bits(static_cast<std::int64_t>(value)));
  }
  return Mix(std::bit_cast<std::uint64_t>(value));
}

std::uint64_t HashPoint(const Point& point) {
  std::uint64_t hash = Combine(Bits(point.srid), HashFloat(point.x));
  hash = Combine(hash, HashFloat(point.y));
  return Combine(hash, HashFloat(point.z));
}

std::uint64_t HashDateTime(const DateTime& value) {
  std::uint64_t hash = Combine(Bits(value.seconds), Bits(value.nanos));
  hash = Combine(hash, Bits(value.offset_s));
  return Combine(hash, std::hash<std::string>()(value.zone));
}

std::uint64_t HashDuration(const Duration& value) {
  std::uint64_t hash = Combine(Bits(value.months), Bits(value.days));
  hash = Combine(hash, Bits(value.seconds));
  return Combine(hash, Bits(value.nanos));
}

std::uint64_t HashAt(const Value& value, int depth);

std::uint64_t HashSequence(std::span<const Value> items, int depth) {
  std::uint64_t hash = items.size();
  if (depth >= kHashDepthMax) return hash;
  for (const Value& item : items) hash = Combine(hash, HashAt(item, depth + 1));
  return hash;
}

std::uint64_t HashMap(const MapEntries& entries, int depth) {
  std::uint64_t hash = entries.size();
  if (depth >= kHashDepthMax) return hash;
  for (const auto& [key, value] : entries) {  // A sum: the order of entries does not matter.
    hash += Combine(std::hash<std::string>()(key), HashAt(value, depth + 1));
  }
  return hash;
}

std::uint64_t HashContent(const Value& value, int depth) {
  switch (value.kind()) {
    case Kind::kNull:
      return 0;
    case Kind::kBoolean:
      return value.boolean() ? 1 : 0;
    case Kind::kInteger:
      return Mix(Bits(value.integer()));
    case Kind::kFloat:
      return HashFloat(value.floating());
    case Kind::kString:
      return std::hash<std::string_view>()(value.string());
    case Kind::kList:
      return HashSequence(value.list(), depth);
    case Kind::kMap:
      return HashMap(value.map(), depth);
    case Kind::kNode:
      return Raw(value.node());
    case Kind::kRelationship:
      return value.relationship().id();
    case Kind::kPath:
      return HashSequence(value.path(), depth);
    case Kind::kDate:
      return Bits(value.date().days);
    case Kind::kLocalTime:
      return Bits(value.local_time().nanos);
    case Kind::kTime:
      return Combine(Bits(value.time().nanos), Bits(value.time().offset_s));
    case Kind::kLocalDateTime:
      return Combine(Bits(value.local_date_time().seconds), Bits(value.local_date_time().nanos));
    case Kind::kDateTime:
      return HashDateTime(value.date_time());
    case Kind::kDuration:
      return HashDuration(value.duration());
    case Kind::kPoint:
      return HashPoint(value.point());
    case Kind::kEdtf:
      return std::hash<std::string>()(value.edtf().text);
  }
  return 0;
}

std::uint64_t HashAt(const Value& value, int depth) {
  return Combine(static_cast<std::uint64_t>(Rank(value.kind())), HashContent(value, depth));
}

}  // namespace

Truth Equal(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return std::nullopt;
  if (a.is_number() && b.is_number()) return CompareNumbers(a, b) == 0;
  if (a.is_edtf() || b.is_edtf()) return IsMoment(a) && IsMoment(b) ? SameMoment(a, b) : false;
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::kList:
      return EqualSequences(a.list(), b.list());
    case Kind::kMap:
      return EqualMaps(a, b);
    case Kind::kPoint:
      return a.point().srid == b.point().srid && a.point().x == b.point().x &&
             a.point().y == b.point().y && a.point().z == b.point().z;
    case Kind::kNull:
    case Kind::kBoolean:
    case Kind::kInteger:
    case Kind::kFloat:
    case Kind::kString:
    case Kind::kNode:
    case Kind::kRelationship:
    case Kind::kPath:
    case Kind::kDate:
    case Kind::kLocalTime:
    case Kind::kTime:
    case Kind::kLocalDateTime:
    case Kind::kDateTime:
    case Kind::kDuration:
    case Kind::kEdtf:
      break;
  }
  return Order(a, b) == 0;
}

std::optional<std::partial_ordering> Compare(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return CompareNumbers(a, b);
  if (a.is_edtf() || b.is_edtf()) return CompareMoments(a, b);
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Kind::kBoolean:
    case Kind::kString:
    case Kind::kDate:
    case Kind::kLocalTime:
    case Kind::kTime:
    case Kind::kLocalDateTime:
    case Kind::kDateTime:
      return Order(a, b);
    case Kind::kList:
      return CompareLists(a.list(), b.list());
    case Kind::kNull:
    case Kind::kInteger:
    case Kind::kFloat:
    case Kind::kMap:
    case Kind::kNode:
    case Kind::kRelationship:
    case Kind::kPath:
    case Kind::kDuration:
    case Kind::kPoint:
    case Kind::kEdtf:
      break;
  }
  return std::nullopt;
}

Truth Less(const Value& a, const Value& b) {
  if (a.is_edtf() || b.is_edtf()) return EarlierMoment(a, b);
  const auto order = Compare(a, b);
  return order ? Truth(*order < 0) : Truth();
}

Truth AtMost(const Value& a, const Value& b) {
  if (a.is_edtf() || b.is_edtf()) return Not(EarlierMoment(b, a));
  const auto order = Compare(a, b);
  return order ? Truth(*order <= 0) : Truth();
}

std::weak_ordering Order(const Value& a, const Value& b) {
  if (const auto order = Rank(a.kind()) <=> Rank(b.kind()); order != 0) return order;
  switch (a.kind()) {
    case Kind::kNull:
      return std::weak_ordering::equivalent;
    case Kind::kBoolean:
      return int{a.boolean()} <=> int{b.boolean()};
    case Kind::kInteger:
    case Kind::kFloat:
      return OrderNumbers(a, b);
    case Kind::kString:
      return a.string() <=> b.string();
    case Kind::kList:
      return OrderSequences(a.list(), b.list());
    case Kind::kMap:
      return OrderMaps(a.map(), b.map());
    case Kind::kNode:
      return Raw(a.node()) <=> Raw(b.node());
    case Kind::kRelationship:
      return OrderRelationships(a.relationship(), b.relationship());
    case Kind::kPath:
      return OrderSequences(a.path(), b.path());
    case Kind::kDate:
      return a.date().days <=> b.date().days;
    case Kind::kLocalTime:
      return a.local_time().nanos <=> b.local_time().nanos;
    case Kind::kTime:
      return OrderTimes(a.time(), b.time());
    case Kind::kLocalDateTime:
      return OrderLocalDateTimes(a.local_date_time(), b.local_date_time());
    case Kind::kDateTime:
      return OrderDateTimes(a.date_time(), b.date_time());
    case Kind::kDuration:
      return OrderDurations(a.duration(), b.duration());
    case Kind::kPoint:
      return OrderPoints(a.point(), b.point());
    case Kind::kEdtf:
      return OrderEdtf(a.edtf(), b.edtf());
  }
  return std::weak_ordering::equivalent;
}

bool Equivalent(const Value& a, const Value& b) { return Order(a, b) == 0; }

std::uint64_t Hash(const Value& value) { return HashAt(value, 0); }

}  // namespace kb::schema
