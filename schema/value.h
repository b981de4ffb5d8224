// Value: anything the language can say. 16 bytes; small things inline, large things shared.
//
// Null, booleans, numbers, text up to 14 bytes, nodes and relationships (as references), dates and
// local times live inside the 16 bytes. Longer text, lists, maps, paths, durations, zoned times,
// points and uncertain dates are immutable blocks with an atomic reference count. Copying is cheap
// and never deep.
//
// Nodes and relationships come in two forms of the same kind: a bare reference, which is what the
// engine computes with, and a described one, which also holds labels and properties as of one view
// and is what a result hands to the user. Both compare by identity.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/ids.h"

namespace kb::schema {

enum class Kind : std::uint8_t {
  kNull,
  kBoolean,
  kInteger,
  kFloat,
  kString,
  kList,
  kMap,
  kNode,
  kRelationship,
  kPath,
  kDate,
  kLocalTime,
  kTime,
  kLocalDateTime,
  kDateTime,
  kDuration,
  kPoint,
  kEdtf,
};
inline constexpr int kKindCount = 18;

/// The language's name of a kind: "Integer", "List", "LocalDateTime" …
std::string_view KindName(Kind kind);

// The temporal and spatial values (operations on them: temporal.h, spatial.h).
struct Date {
  std::int64_t days = 0;
};  ///< Days since 1970-01-01, proleptic Gregorian.
struct LocalTime {
  std::int64_t nanos = 0;
};  ///< Nanoseconds since midnight.
struct Time {
  std::int64_t nanos = 0;
  std::int32_t offset_s = 0;
};  ///< Local nanoseconds, east offset.
/// Seconds since 1970-01-01T00:00 without a zone, and nanoseconds [0, 1e9).
struct LocalDateTime {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
};
/// An instant: UTC seconds and nanoseconds, the offset in force, and the IANA zone ("" = offset
/// only).
struct DateTime {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  std::int32_t offset_s = 0;
  std::string zone;
};
/// Months, days, seconds and nanoseconds are kept apart, as the language does. nanos in [0, 1e9).
struct Duration {
  std::int64_t months = 0;
  std::int64_t days = 0;
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
};
/// srid 7203 cartesian, 9157 cartesian-3d, 4326 wgs-84, 4979 wgs-84-3d; z unused in two dimensions.
struct Point {
  std::int32_t srid = 7203;
  double x = 0;
  double y = 0;
  double z = 0;
};

/// Seconds since 1970-01-01T00:00 [earliest, latest], both inclusive, at which something can be;
/// the ends of the numbers' range stand for "without end".
struct MomentRange {
  std::int64_t earliest = 0;
  std::int64_t latest = 0;
  friend bool operator==(const MomentRange&, const MomentRange&) = default;
};
/// A date that need not be known exactly (edtf.h makes and compares them). The text is kept as it
/// was written; everything else follows from it.
struct Edtf {
  enum class Form : std::uint8_t { kDate, kInterval, kOneOf, kAllOf };
  enum class Precision : std::uint8_t { kSecond, kDay, kMonth, kSeason, kYear };

  std::string text;
  MomentRange begin;   ///< When it begins; of what is no interval, when it is.
  MomentRange end;     ///< When it ends.
  MomentRange padded;  ///< The whole, widened where a part is uncertain or approximate.
  std::vector<MomentRange> choices;  ///< Of kOneOf: the members, ascending by their beginnings.
  Form form = Form::kDate;
  Precision precision = Precision::kDay;  ///< The coarsest of its parts.
  bool is_timed = false;                  ///< Some part says a time of day.
  bool uncertain = false;                 ///< Some part has `?` or `%`.
  bool approximate = false;               ///< Some part has `~` or `%`.
  bool unspecified = false;  ///< Some part has an X or says how many of its digits count.

  std::int64_t earliest() const { return begin.earliest; }
  std::int64_t latest() const { return end.latest; }
};

/// The shortest decimal that reads back as the same number, never like an integer: 1.0, 0.1, 1e+20,
/// NaN, Infinity, -Infinity.
std::string FormatFloat(double value);

class Value;
/// Entries of a map in the order they were written; keys are unique.
using MapEntries = std::vector<std::pair<std::string, Value>>;

/// What a described node or relationship holds.
struct NodeData;
struct RelationshipData;

class Value {
 public:
  Value() { std::memset(raw_, 0, sizeof raw_); }
  Value(const Value& other) { std::memcpy(raw_, other.raw_, sizeof raw_), Retain(); }
  Value(Value&& other) noexcept {
    std::memcpy(raw_, other.raw_, sizeof raw_);
    std::memset(other.raw_, 0, sizeof raw_);
  }
  Value& operator=(const Value& other) {
    Value copy(other);
    Swap(copy);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    Swap(other);
    return *this;
  }
  ~Value() {
    if (is_shared()) Release();
  }

  static Value Null() { return {}; }
  static Value Boolean(bool value);
  static Value Integer(std::int64_t value);
  static Value Float(double value);
  static Value String(std::string_view utf8);
  static Value List(std::vector<Value> items);
  static Value Map(MapEntries entries);
  /// A list, or a text, with more behind it. One that nobody else shares grows in place, so that
  /// appending one by one takes amortised constant time each.
  static Value Appended(Value list, std::span<const Value> items);
  static Value Appended(Value text, std::string_view utf8);
  static Value Node(NodeId id);
  static Value Node(NodeData data);
  static Value Relationship(const RelationshipRef& ref);
  static Value Relationship(RelationshipData data);
  /// Alternating node, relationship, node, … in the order of the walk; at least one node.
  static Value Path(std::vector<Value> elements);
  static Value Of(Date value);
  static Value Of(LocalTime value);
  static Value Of(Time value);
  static Value Of(LocalDateTime value);
  static Value Of(DateTime value);
  static Value Of(Duration value);
  static Value Of(Point value);
  static Value Of(Edtf value);

  Kind kind() const;
  bool is_null() const { return tag() == Tag::kNull; }
  bool is_boolean() const { return tag() == Tag::kBoolean; }
  bool is_integer() const { return tag() == Tag::kInteger; }
  bool is_float() const { return tag() == Tag::kFloat; }
  bool is_number() const { return is_integer() || is_float(); }
  bool is_string() const { return tag() == Tag::kShortString || tag() == Tag::kLongString; }
  bool is_list() const { return tag() == Tag::kList; }
  bool is_map() const { return tag() == Tag::kMap; }
  bool is_node() const { return tag() == Tag::kNode || tag() == Tag::kDescribedNode; }
  bool is_relationship() const {
    return tag() == Tag::kRelationship || tag() == Tag::kDescribedRelationship;
  }
  bool is_path() const { return tag() == Tag::kPath; }
  bool is_edtf() const { return tag() == Tag::kEdtf; }

  // Reading. Each requires the kind it names (asserted); views live as long as this value's block.
  bool boolean() const { return raw_[1] != 0; }
  std::int64_t integer() const { return Load<std::int64_t>(8); }
  double floating() const { return Load<double>(8); }
  /// An integer or a float, as a double.
  double number() const { return is_integer() ? static_cast<double>(integer()) : floating(); }
  std::string_view string() const;
  std::span<const Value> list() const;
  const MapEntries& map() const;
  /// The entry of a map, or nullptr.
  const Value* Find(std::string_view key) const;
  NodeId node() const;
  RelationshipRef relationship() const;
  std::span<const Value> path() const;
  Date date() const { return {Load<std::int64_t>(8)}; }
  LocalTime local_time() const { return {Load<std::int64_t>(8)}; }
  Time time() const { return {Load<std::int64_t>(8), Load<std::int32_t>(4)}; }
  LocalDateTime local_date_time() const { return {Load<std::int64_t>(8), Load<std::int32_t>(4)}; }
  const DateTime& date_time() const;
  const Duration& duration() const;
  const Point& point() const;
  const Edtf& edtf() const;

  /// Labels and properties of a described node, else nullptr; likewise for relationships.
  const NodeData* node_data() const;
  const RelationshipData* relationship_data() const;

  /// How deep lists and maps are nested: 0 for what is neither, 1 for a list of such. What walks a
  /// value recursively bounds it by this (limits::kValueNestingMax).
  std::uint32_t nesting() const;

  /// The language's text of the value: 'quoted' strings, [lists], {maps}, (:Label {…}) and so on,
  /// as a shell prints it. For toString() of the language see query/functions.
  std::string ToText() const;

 private:
  enum class Tag : std::uint8_t {
    kNull,
    kBoolean,
    kInteger,
    kFloat,
    kShortString,
    kNode,
    kRelationship,
    kDate,
    kLocalTime,
    kTime,
    kLocalDateTime,
    // From here on: a pointer to a shared block at byte 8.
    kLongString,
    kList,
    kMap,
    kPath,
    kDateTime,
    kDuration,
    kPoint,
    kDescribedNode,
    kDescribedRelationship,
    kEdtf,
  };
  struct Block;
  template <typename T>
  struct BlockOf;

  Tag tag() const { return static_cast<Tag>(raw_[0]); }
  bool is_shared() const { return tag() >= Tag::kLongString; }
  template <typename T>
  T Load(std::size_t at) const {
    T value;
    std::memcpy(&value, raw_ + at, sizeof value);
    return value;
  }
  template <typename T>
  void Store(std::size_t at, T value) {
    std::memcpy(raw_ + at, &value, sizeof value);
  }
  void Swap(Value& other) noexcept {
    unsigned char scratch[16];
    std::memcpy(scratch, raw_, 16);
    std::memcpy(raw_, other.raw_, 16);
    std::memcpy(other.raw_, scratch, 16);
  }
  void Retain() const;
  void Release();
  template <typename T>
  static Value Share(Tag tag, T content);
  template <typename T>
  const T& Content() const;
  bool is_unique() const;
  static void TakeDeepChildren(Tag tag, Block* block, std::vector<Value>& pending);
  static void Destroy(Tag tag, Block* block);

  // Byte 0 tag; bytes 1–15 by tag: boolean at 1; short text: size at 1, bytes 2–15; node: id at 4;
  // relationship: type at 2, edge at 4, source at 8, target at 12; everything else at 8 (and 4).
  alignas(8) unsigned char raw_[16];
};
static_assert(sizeof(Value) == 16);

struct NodeData {
  NodeId id{};
  std::vector<std::string> labels;  ///< In alphabetical order.
  MapEntries properties;            ///< In alphabetical order of keys.
};

struct RelationshipData {
  RelationshipRef ref;
  std::string type;
  MapEntries properties;
};

}  // namespace kb::schema
