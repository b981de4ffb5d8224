// Durations.

#include "query/functions/table.h"
#include "schema/temporal.h"

namespace kb::query::functions {
namespace {

Result<Value> Construct(std::span<const Value> arguments, const Context&) {
  return schema::MakeDuration(arguments[0]);
}

template <schema::DurationUnit kUnit>
Result<Value> BetweenIn(std::span<const Value> arguments, const Context&) {
  KB_ASSIGN(auto duration, schema::Between(arguments[0], arguments[1], kUnit));
  return Value::Of(duration);
}

}  // namespace

std::span<const Function> DurationFunctions() {
  static const std::vector<Argument> two = {{"from", kInstantKinds}, {"to", kInstantKinds}};
  static const std::vector<Function> table = {
      Make({"duration", "duration(from :: STRING | MAP) :: DURATION",
            "A duration from ISO 8601 text or from fields.", "duration({days: 1, hours: 12})",
            "P1DT12H"},
           {{"from", kStringKind | kMapKind | kDurationKind}}, kDurationKind, Construct),
      Make({"duration.between", "duration.between(from :: TEMPORAL, to :: TEMPORAL) :: DURATION",
            "The time between two values in months, days and seconds.",
            "duration.between(date('2024-01-31'), date('2024-03-01'))", "P1M1D"},
           two, kDurationKind, BetweenIn<schema::DurationUnit::kAll>),
      Make({"duration.inDays", "duration.inDays(from :: TEMPORAL, to :: TEMPORAL) :: DURATION",
            "The time between two values in whole days.",
            "duration.inDays(date('2024-01-31'), date('2024-03-01'))", "P30D"},
           two, kDurationKind, BetweenIn<schema::DurationUnit::kDays>),
      Make({"duration.inMonths", "duration.inMonths(from :: TEMPORAL, to :: TEMPORAL) :: DURATION",
            "The time between two values in whole months.",
            "duration.inMonths(date('2024-01-31'), date('2024-03-01'))", "P1M"},
           two, kDurationKind, BetweenIn<schema::DurationUnit::kMonths>),
      Make(
          {"duration.inSeconds", "duration.inSeconds(from :: TEMPORAL, to :: TEMPORAL) :: DURATION",
           "The time between two values in seconds.",
           "duration.inSeconds(date('2024-01-01'), date('2024-01-02'))", "PT24H"},
          two, kDurationKind, BetweenIn<schema::DurationUnit::kSeconds>),
  };
  return table;
}

}  // namespace kb::query::functions
