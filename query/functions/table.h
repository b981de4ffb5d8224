// How the tables of functions are written: one Make() an entry, one table a group. Internal to
// query/functions.
#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "query/functions/function.h"

namespace kb::query::functions {

using schema::Kind;

/// What users read about a function.
struct Text {
  std::string_view name;
  std::string_view signature;
  std::string_view doc;
  std::string_view example;
  std::string_view result;
};

struct Traits {
  int optional = 0;       ///< How many of the arguments, from the last, may be left out.
  bool variadic = false;  ///< The last argument may be repeated.
  bool deterministic = true;
  bool reads_graph = false;
  bool handles_null = false;
};

inline Function Make(const Text& text, std::vector<Argument> arguments, KindSet returns,
                     Traits traits = {}) {
  Function function;
  function.name = text.name;
  function.signature = text.signature;
  function.doc = text.doc;
  function.example = text.example;
  function.result = text.result;
  const int count = static_cast<int>(arguments.size());
  function.arguments = std::move(arguments);
  function.arguments_min = count - traits.optional;
  function.arguments_max = traits.variadic ? -1 : count;
  function.returns = returns;
  function.deterministic = traits.deterministic;
  function.reads_graph = traits.reads_graph;
  function.handles_null = traits.handles_null;
  return function;
}
inline Function Make(const Text& text, std::vector<Argument> arguments, KindSet returns,
                     ScalarFunction scalar, Traits traits = {}) {
  Function function = Make(text, std::move(arguments), returns, traits);
  function.scalar = scalar;
  return function;
}
inline Function Make(const Text& text, std::vector<Argument> arguments, KindSet returns,
                     AggregateFactory aggregate) {
  Function function = Make(text, std::move(arguments), returns);
  function.aggregate = aggregate;
  return function;
}

inline constexpr KindSet kBooleanKind = Set(Kind::kBoolean);
inline constexpr KindSet kIntegerKind = Set(Kind::kInteger);
inline constexpr KindSet kFloatKind = Set(Kind::kFloat);
inline constexpr KindSet kStringKind = Set(Kind::kString);
inline constexpr KindSet kListKind = Set(Kind::kList);
inline constexpr KindSet kMapKind = Set(Kind::kMap);
inline constexpr KindSet kNodeKind = Set(Kind::kNode);
inline constexpr KindSet kRelationshipKind = Set(Kind::kRelationship);
inline constexpr KindSet kPathKind = Set(Kind::kPath);
inline constexpr KindSet kPointKind = Set(Kind::kPoint);
inline constexpr KindSet kEdtfKind = Set(Kind::kEdtf);
inline constexpr KindSet kDurationKind = Set(Kind::kDuration);
inline constexpr KindSet kInstantKinds =
    Set(Kind::kDate, Kind::kLocalTime, Kind::kTime, Kind::kLocalDateTime, Kind::kDateTime);

// The groups, by file.
std::span<const Function> ScalarFunctions();
std::span<const Function> GraphFunctions();
std::span<const Function> ListFunctions();
std::span<const Function> CollectionFunctions();
std::span<const Function> StringFunctions();
std::span<const Function> ConversionFunctions();
std::span<const Function> MathFunctions();
std::span<const Function> TrigonometryFunctions();
std::span<const Function> TemporalFunctions();
std::span<const Function> DurationFunctions();
std::span<const Function> EdtfFunctions();
std::span<const Function> EvidenceFunctions();
std::span<const Function> SpatialFunctions();
std::span<const Function> AggregateFunctions();

}  // namespace kb::query::functions
