// The tables are the reference that users read: every example in them must give what it says.

#include <gtest/gtest.h>

#include <set>

#include "query/bind/binder.h"
#include "query/eval/evaluate.h"
#include "query/functions/convert.h"
#include "query/functions/function.h"
#include "query/parse/parser.h"

namespace kb::query::functions {
namespace {

using eval::EvalContext;

/// As the tables write results: temporal values by their text, everything else as a literal.
std::string ResultText(const Value& value) {
  const bool is_literal = value.is_string() || value.is_list() || value.is_map() || value.is_null();
  const auto text = TextOf(value);
  return is_literal || !text ? value.ToText() : *text;
}

/// The clauses of an example's statement, bound.
std::vector<bind::Clause> BindExample(const std::string& text) {
  const auto parsed = parse::Parse(text);
  if (!parsed.ok()) return {};
  const schema::Catalog catalog;
  bind::Environment environment;
  environment.catalog = &catalog;
  environment.find_procedure = [](std::string_view) { return nullptr; };
  const auto bound = bind::Bind(**parsed, environment);
  if (!bound.ok()) return {};
  const auto& query = std::get<std::shared_ptr<const bind::Query>>((*bound)->node);
  return query->parts.at(0).clauses;
}

const bind::Expression& ResultOf(const bind::Clause& clause) {
  return *std::get<bind::Projection>(clause.node).items.at(0).expression;
}

std::string RunScalar(const Function& function) {
  const auto clauses = BindExample("RETURN " + std::string(function.example));
  if (clauses.size() != 1) return "cannot be bound";
  EvalContext context;
  context.functions.now_seconds = 1'700'000'000;
  const auto value = eval::EvaluateConstant(ResultOf(clauses[0]), context);
  return value.ok() ? ResultText(*value) : value.error().message();
}

/// An example of an aggregate is `UNWIND <list> AS x RETURN <aggregate>(x, …)`.
std::string RunAggregate(const Function& function) {
  const auto clauses = BindExample(std::string(function.example));
  if (clauses.size() != 2) return "cannot be bound";
  const auto& unwind = std::get<bind::Unwind>(clauses[0].node);
  const auto& aggregate = std::get<bind::Aggregate>(ResultOf(clauses[1]).node);
  if (aggregate.function != &function) return "another function";
  EvalContext context;
  const auto list = eval::EvaluateConstant(*unwind.list, context);
  if (!list.ok()) return list.error().message();
  const auto accumulator = function.aggregate();
  for (const Value& item : list->list()) {
    if (item.is_null()) continue;
    Value extra;
    if (aggregate.arguments.size() > 1) {
      extra = *eval::EvaluateConstant(*aggregate.arguments[1], context);
    }
    const auto added = accumulator->Add(item, extra, 1);
    if (!added.ok()) return added.error().message();
  }
  const auto result = accumulator->Finish();
  return result.ok() ? ResultText(*result) : result.error().message();
}

TEST(FunctionsTest, EveryExampleGivesItsResult) {
  for (const Function* function : All()) {
    // Those that make nodes first are run by the tests of the reference.
    if (function->example.starts_with("CREATE ")) continue;
    const std::string got =
        function->aggregate != nullptr ? RunAggregate(*function) : RunScalar(*function);
    EXPECT_EQ(got, function->result) << function->example;
  }
}

TEST(FunctionsTest, EveryEntryIsComplete) {
  std::set<std::string_view> names;
  for (const Function* function : All()) {
    EXPECT_TRUE(names.insert(function->name).second) << function->name << " is there twice";
    EXPECT_TRUE(function->signature.starts_with(std::string(function->name) + "("))
        << function->signature;
    EXPECT_TRUE(function->doc.ends_with(".")) << function->name;
    EXPECT_NE(function->scalar == nullptr, function->aggregate == nullptr) << function->name;
    EXPECT_FALSE(function->example.empty()) << function->name;
    EXPECT_FALSE(function->result.empty()) << function->name;
    EXPECT_LE(static_cast<std::size_t>(function->arguments_min), function->arguments.size());
  }
}

TEST(FunctionsTest, NamesAreFoundWithoutCase) {
  EXPECT_EQ(Find("TOUPPER"), Find("toUpper"));
  EXPECT_EQ(Find("duration.INDAYS"), Find("duration.inDays"));
  EXPECT_EQ(Find("toUpper()"), nullptr);
  EXPECT_EQ(Find(""), nullptr);
}

std::string Call(std::string_view name, std::vector<Value> arguments) {
  const Function* function = Find(name);
  if (function == nullptr) return "unknown";
  const auto result = Apply(*function, arguments, Context{});
  return result.ok() ? ResultText(*result) : "error " + result.error().detail();
}
Value Text(std::string_view text) { return Value::String(text); }
Value Int(std::int64_t number) { return Value::Integer(number); }
Value Float(double number) { return Value::Float(number); }

TEST(FunctionsTest, RangeChecksItsArguments) {
  EXPECT_EQ(Call("range", {Int(2), Int(8), Int(0)}), "error NumberOutOfRange");
  EXPECT_EQ(Call("range", {Float(0), Int(1)}), "error InvalidArgumentType");
  EXPECT_EQ(Call("range", {Int(0), Int(-1)}), "[]");
  EXPECT_EQ(Call("range", {Int(3), Int(1), Int(-1)}), "[3, 2, 1]");
  EXPECT_EQ(Call("range", {Int(INT64_MIN), Int(INT64_MAX), Int(INT64_MAX)}),
            "[-9223372036854775808, -1, 9223372036854775806]");
  EXPECT_EQ(Call("range", {Int(0), Int(INT64_MAX)}), "error ");
}

TEST(FunctionsTest, ConversionsReadTextsAndRejectContainers) {
  EXPECT_EQ(Call("toInteger", {Text(" 42 ")}), "42");
  EXPECT_EQ(Call("toInteger", {Text("+1.7")}), "1");
  EXPECT_EQ(Call("toInteger", {Text("")}), "null");
  EXPECT_EQ(Call("toInteger", {Text("99999999999999999999")}), "null");
  EXPECT_EQ(Call("toInteger", {Float(82.9)}), "82");
  EXPECT_EQ(Call("toInteger", {Value::List({})}), "error InvalidArgumentValue");
  EXPECT_EQ(Call("toFloat", {Text("inf")}), "null");
  EXPECT_EQ(Call("toFloat", {Text("-1e3")}), "-1000.0");
  EXPECT_EQ(Call("toFloat", {Value::Boolean(true)}), "error InvalidArgumentValue");
  EXPECT_EQ(Call("toBoolean", {Text("TRUE")}), "true");
  EXPECT_EQ(Call("toBoolean", {Text("yes")}), "null");
  EXPECT_EQ(Call("toString", {Value::Map({})}), "error InvalidArgumentValue");
  EXPECT_EQ(Call("type", {Int(0)}), "error InvalidArgumentValue");
}

TEST(FunctionsTest, MessagesStayShortHoweverLongTheValueIs) {
  EXPECT_EQ(Preview(Text("kb")), "'kb'");
  EXPECT_EQ(Preview(Value::List({Int(1), Text("a")})), "[1, 'a']");
  EXPECT_EQ(Preview(Value::List(std::vector<Value>(1000, Int(1)))), "[… 1000 elements]");
  EXPECT_LT(Preview(Text(std::string(100'000, 'x'))).size(), 60u);
  EXPECT_EQ(Preview(Value::Map({{"a b", Float(0.5)}})), "{`a b`: 0.5}");
}

TEST(FunctionsTest, TextsAreCountedInCharacters) {
  EXPECT_EQ(Call("reverse", {Text("Ärger")}), "'regrÄ'");
  EXPECT_EQ(Call("substring", {Text("Ärger"), Int(1)}), "'rger'");
  EXPECT_EQ(Call("substring", {Text("kb"), Int(5)}), "''");
  EXPECT_EQ(Call("substring", {Text("kb"), Int(-1)}), "error NumberOutOfRange");
  EXPECT_EQ(Call("left", {Text("Ärger"), Int(1)}), "'Ä'");
  EXPECT_EQ(Call("right", {Text("grün"), Int(2)}), "'ün'");
  EXPECT_EQ(Call("split", {Text("a,b;c"), Value::List({Text(","), Text(";")})}), "['a', 'b', 'c']");
  EXPECT_EQ(Call("split", {Text("Äb"), Text("")}), "['Ä', 'b']");
  EXPECT_EQ(Call("trim", {Text("\xC2\xA0kb\t")}), "'kb'");
}

TEST(FunctionsTest, RoundingModes) {
  EXPECT_EQ(Call("round", {Float(-1.5)}), "-1.0");
  EXPECT_EQ(Call("round", {Float(2.5)}), "3.0");
  EXPECT_EQ(Call("round", {Float(0.49999999999999994)}), "0.0");
  EXPECT_EQ(Call("round", {Float(1.005), Int(2)}), "1.01");
  EXPECT_EQ(Call("round", {Float(-1.55), Int(1)}), "-1.6");
  EXPECT_EQ(Call("round", {Float(2.5), Int(0), Text("HALF_EVEN")}), "2.0");
  EXPECT_EQ(Call("round", {Float(2.5), Int(0), Text("HALF_DOWN")}), "2.0");
  EXPECT_EQ(Call("round", {Float(-2.1), Int(0), Text("UP")}), "-3.0");
  EXPECT_EQ(Call("round", {Float(1e300), Int(20)}), "1e+300");
  EXPECT_EQ(Call("round", {Float(1), Int(0), Text("SIDEWAYS")}), "error InvalidArgumentValue");
}

TEST(FunctionsTest, ClocksReadTheStatementsTimeAndNothingElse) {
  Context context;
  context.now_seconds = 1'700'000'000;
  context.now_nanos = 5;
  const auto now = Apply(*Find("datetime"), {}, context);
  ASSERT_TRUE(now.ok());
  EXPECT_EQ(ResultText(*now), "2023-11-14T22:13:20.000000005Z");
  EXPECT_EQ(Call("date", {}), "error ") << "without a clock nothing is folded";
  const Value zone = Text("+02:00");
  const auto there = Apply(*Find("localtime.transaction"), std::span(&zone, 1), context);
  ASSERT_TRUE(there.ok());
  EXPECT_EQ(ResultText(*there), "00:13:20.000000005");
  EXPECT_EQ(ResultText(*Apply(*Find("timestamp"), {}, context)), "1700000000000");
}

TEST(FunctionsTest, DistanceOnEarthIsInMetres) {
  const auto point = [](double longitude, double latitude) {
    const Value map = Value::Map({{"longitude", Float(longitude)}, {"latitude", Float(latitude)}});
    return *Apply(*Find("point"), std::span(&map, 1), Context{});
  };
  // A degree of the equator.
  const std::vector<Value> arguments = {point(0, 0), point(1, 0)};
  EXPECT_NEAR(Apply(*Find("point.distance"), arguments, Context{})->floating(), 111'319.5, 1.0);
  EXPECT_EQ(Call("point", {Value::Map({{"longitude", Int(0)}, {"latitude", Int(91)}})}),
            "error NumberOutOfRange");
  EXPECT_EQ(Call("point", {Value::Map({{"x", Int(1)}})}), "error InvalidArgumentValue");
  EXPECT_EQ(Call("point", {Value::Map({{"x", Int(1)}, {"y", Value::Null()}})}), "null");
}

}  // namespace
}  // namespace kb::query::functions
