// Uncertain dates: making them, what holds of them surely or possibly, Allen's relations. The work
// is schema/edtf.h's.

#include "schema/edtf.h"

#include "query/functions/table.h"
#include "schema/chain.h"

namespace kb::query::functions {
namespace {

using schema::Relation;
using schema::Truth;

constexpr KindSet kMomentKinds =
    Set(Kind::kEdtf, Kind::kDate, Kind::kLocalDateTime, Kind::kDateTime);

Value ValueOfTruth(Truth truth) { return truth ? Value::Boolean(*truth) : Value::Null(); }

Result<Value> MakeEdtf(std::span<const Value> arguments, const Context&) {
  return schema::MakeEdtf(arguments[0]);
}

Result<Value> Certainly(std::span<const Value> arguments, const Context&) {
  return Value::Boolean(!arguments[0].is_null() && arguments[0].boolean());
}

Result<Value> Possibly(std::span<const Value> arguments, const Context&) {
  return Value::Boolean(arguments[0].is_null() || arguments[0].boolean());
}

Result<Value> Between(std::span<const Value> arguments, const Context&) {
  return ValueOfTruth(schema::And(schema::AtMost(arguments[1], arguments[0]),
                                  schema::AtMost(arguments[0], arguments[2])));
}

Result<Value> Bound(std::span<const Value> arguments, std::string_view component) {
  KB_ASSIGN(const Value date, schema::MakeEdtf(arguments[0]));
  return schema::EdtfComponent(date.edtf(), component);
}

Result<Value> Earliest(std::span<const Value> arguments, const Context&) {
  return Bound(arguments, "earliest");
}

Result<Value> Latest(std::span<const Value> arguments, const Context&) {
  return Bound(arguments, "latest");
}

Result<Value> HoldsAt(std::span<const Value> arguments, const Context&) {
  return ValueOfTruth(schema::HoldsAt(arguments[0], arguments[1]));
}

/// `{possibly: …, descending: …, within: …}`, each of which may be left out.
Result<schema::ChainOrder> ChainOrderOf(const Value& options) {
  schema::ChainOrder order;
  for (const auto& [name, value] : options.map()) {
    const bool is_flag = name == "possibly" || name == "descending";
    if (!is_flag && name != "within") {
      return ArgumentError("a chain has no option `{}`", name)
          .Hint("there are possibly, descending and within");
    }
    if (is_flag && !value.is_boolean()) {
      return TypeError("`{}` is true or false, but this is {}", name,
                       schema::KindName(value.kind()))
          .Detail("InvalidArgumentValue");
    }
    if (name == "possibly") order.possibly = value.boolean();
    if (name == "descending") order.descending = value.boolean();
    if (is_flag) continue;
    KB_TRY(schema::CheckGap(value));
    order.within = value;
  }
  return order;
}

Result<Value> IsChronological(std::span<const Value> arguments, const Context&) {
  schema::ChainOrder order;
  if (arguments.size() > 1) {
    KB_ASSIGN(order, ChainOrderOf(arguments[1]));
  }
  std::optional<schema::ChainTime> last;
  for (const Value& item : arguments[0].list()) {
    auto time = schema::ChainTimeOf(item);
    if (!time || (last && !schema::MayFollow(*last, *time, order))) return Value::Boolean(false);
    last = std::move(time);
  }
  return Value::Boolean(true);
}

template <Relation kRelation>
Result<Value> Relates(std::span<const Value> arguments, const Context&) {
  return ValueOfTruth(schema::Relate(kRelation, arguments[0], arguments[1]));
}

std::vector<Argument> TwoMoments() { return {{"a", kMomentKinds}, {"b", kMomentKinds}}; }

std::vector<Function> DateTable() {
  static const std::vector<Argument> moment = {{"date", kMomentKinds}};
  static const std::vector<Argument> truth = {{"truth", kBooleanKind}};
  return {
      Make({"between", "between(value :: ANY, low :: ANY, high :: ANY) :: BOOLEAN",
            "Whether a value lies between two others, ends included; null where that is not known.",
            "between(edtf('2017'), edtf('2016'), edtf('2018'))", "true"},
           {{"value"}, {"low"}, {"high"}}, kBooleanKind, Between),
      Make({"certainly", "certainly(truth :: BOOLEAN) :: BOOLEAN",
            "Whether something is true whatever is not known: false where it is null.",
            "certainly(edtf('2016') < edtf('2016-05'))", "false"},
           truth, kBooleanKind, Certainly, {.handles_null = true}),
      Make({"earliest", "earliest(date :: EDTF | TEMPORAL) :: DATE",
            "The first day that an uncertain date can mean; null if it is open.",
            "earliest(edtf('2016~'))", "2016-01-01"},
           moment, Set(Kind::kDate), Earliest),
      Make({"edtf", "edtf(from :: STRING | TEMPORAL) :: EDTF",
            "An uncertain date (ISO 8601-2, levels 0 to 2) from its text or from a date.",
            "edtf('2016~')", "2016~"},
           {{"from", kStringKind | kMomentKinds}}, kEdtfKind, MakeEdtf),
      Make({"holdsAt", "holdsAt(period :: EDTF | TEMPORAL, moment :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether a period holds at a moment; null where that is not known.",
            "holdsAt(edtf('1984/2004-06'), date('1999-12-31'))", "true"},
           {{"period", kMomentKinds}, {"moment", kMomentKinds}}, kBooleanKind, HoldsAt),
      Make({"isChronological", "isChronological(times :: LIST<ANY>, options :: MAP) :: BOOLEAN",
            "Whether times do not descend; options are possibly, descending, and within (a gap).",
            "isChronological([edtf('2016-05'), date('2016-06-01')], {within: duration('P40D')})",
            "true"},
           {{"times", kListKind}, {"options", Set(Kind::kMap)}}, kBooleanKind, IsChronological,
           {.optional = 1}),
      Make({"latest", "latest(date :: EDTF | TEMPORAL) :: DATE",
            "The last day that an uncertain date can mean; null if it is open.",
            "latest(edtf('2016~'))", "2016-12-31"},
           moment, Set(Kind::kDate), Latest),
      Make({"possibly", "possibly(truth :: BOOLEAN) :: BOOLEAN",
            "Whether something can be true for all that is known: true where it is null.",
            "possibly(edtf('2016') < edtf('2016-05'))", "true"},
           truth, kBooleanKind, Possibly, {.handles_null = true}),
  };
}

std::vector<Function> RelationTable() {
  return {
      Make({"after", "after(a :: EDTF | TEMPORAL, b :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether a begins after b has ended.", "after(edtf('2018'), edtf('2016'))", "true"},
           TwoMoments(), kBooleanKind, Relates<Relation::kAfter>),
      Make({"before", "before(a :: EDTF | TEMPORAL, b :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether a has ended before b begins.", "before(edtf('2016'), edtf('2018'))", "true"},
           TwoMoments(), kBooleanKind, Relates<Relation::kBefore>),
      Make({"coincides", "coincides(a :: EDTF | TEMPORAL, b :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether a and b begin and end together.",
            "coincides(edtf('2016-12'), edtf('2016-12-01/2016-12-31'))", "true"},
           TwoMoments(), kBooleanKind, Relates<Relation::kEquals>),
      Make({"during", "during(a :: EDTF | TEMPORAL, b :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether a begins after b has begun, and ends before b does.",
            "during(edtf('2016-12-29'), edtf('2016'))", "true"},
           TwoMoments(), kBooleanKind, Relates<Relation::kDuring>),
      Make({"finishedBy", "finishedBy(a :: EDTF | TEMPORAL, b :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether a began before b and ends with it.",
            "finishedBy(edtf('2016'), edtf('2016-12'))", "true"},
           TwoMoments(), kBooleanKind, Relates<Relation::kFinishedBy>),
      Make({"finishes", "finishes(a :: EDTF | TEMPORAL, b :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether a began after b and ends with it.", "finishes(edtf('2016-12'), edtf('2016'))",
            "true"},
           TwoMoments(), kBooleanKind, Relates<Relation::kFinishes>),
      Make({"includes", "includes(a :: EDTF | TEMPORAL, b :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether b lies during a (Allen's `contains`).",
            "includes(edtf('2016'), edtf('2016-12-29'))", "true"},
           TwoMoments(), kBooleanKind, Relates<Relation::kContains>),
      Make({"meets", "meets(a :: EDTF | TEMPORAL, b :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether a ends on the day, or at the second, on which b begins.",
            "meets(edtf('2016-01-01/2016-12-29'), edtf('2016-12-29/2017-09-01'))", "true"},
           TwoMoments(), kBooleanKind, Relates<Relation::kMeets>),
      Make({"metBy", "metBy(a :: EDTF | TEMPORAL, b :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether a begins on the day, or at the second, on which b ends.",
            "metBy(edtf('2016-12-29/2017-09-01'), edtf('2016-01-01/2016-12-29'))", "true"},
           TwoMoments(), kBooleanKind, Relates<Relation::kMetBy>),
      Make({"overlappedBy", "overlappedBy(a :: EDTF | TEMPORAL, b :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether a begins while b lasts, and ends after it.",
            "overlappedBy(edtf('2017-05-01/2018-05-01'), edtf('2016-05-01/2017-12-31'))", "true"},
           TwoMoments(), kBooleanKind, Relates<Relation::kOverlappedBy>),
      Make({"overlaps", "overlaps(a :: EDTF | TEMPORAL, b :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether b begins while a lasts, and ends after it.",
            "overlaps(edtf('2016-05-01/2017-12-31'), edtf('2017-05-01/2018-05-01'))", "true"},
           TwoMoments(), kBooleanKind, Relates<Relation::kOverlaps>),
      Make({"startedBy", "startedBy(a :: EDTF | TEMPORAL, b :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether a begins with b and ends after it.",
            "startedBy(edtf('2016'), edtf('2016-01'))", "true"},
           TwoMoments(), kBooleanKind, Relates<Relation::kStartedBy>),
      Make({"starts", "starts(a :: EDTF | TEMPORAL, b :: EDTF | TEMPORAL) :: BOOLEAN",
            "Whether a begins with b and ends before it.",
            "`starts`(edtf('2016-01'), edtf('2016'))", "true"},
           TwoMoments(), kBooleanKind, Relates<Relation::kStarts>),
  };
}

}  // namespace

std::span<const Function> EdtfFunctions() {
  static const std::vector<Function> table = [] {
    std::vector<Function> all = DateTable();
    const std::vector<Function> relations = RelationTable();
    all.insert(all.end(), relations.begin(), relations.end());
    return all;
  }();
  return table;
}

}  // namespace kb::query::functions
