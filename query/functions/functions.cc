// THE table of groups: every function of the language is in one of these.

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "query/functions/convert.h"
#include "query/functions/table.h"

namespace kb::query::functions {
namespace {

constexpr std::array<Group, 14> kGroups = {{
    {"Any value", ScalarFunctions},
    {"Graph", GraphFunctions},
    {"List", ListFunctions},
    {"Collection", CollectionFunctions},
    {"String", StringFunctions},
    {"Conversion", ConversionFunctions},
    {"Mathematics", MathFunctions},
    {"Trigonometry and logarithm", TrigonometryFunctions},
    {"Time", TemporalFunctions},
    {"Duration", DurationFunctions},
    {"Uncertain date", EdtfFunctions},
    {"Evidence", EvidenceFunctions},
    {"Space", SpatialFunctions},
    {"Aggregate", AggregateFunctions},
}};

/// Names of functions are ASCII.
std::string FoldCase(std::string_view name) {
  std::string folded(name);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

struct Index {
  std::vector<const Function*> all;
  std::unordered_map<std::string, const Function*> by_name;

  Index() {
    for (const Group& group : kGroups) {
      for (const Function& function : group.functions()) {
        all.push_back(&function);
        by_name.emplace(FoldCase(function.name), &function);
      }
    }
  }
};

const Index& TheIndex() {
  static const Index index;
  return index;
}

/// "an Integer or Float", for messages.
std::string Describe(KindSet kinds) {
  std::vector<std::string_view> names;
  for (int i = 0; i < schema::kKindCount; ++i) {
    const auto kind = static_cast<Kind>(i);
    if (kind != Kind::kNull && (kinds & Set(kind)) != 0) names.push_back(schema::KindName(kind));
  }
  std::string words;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) words += i + 1 == names.size() ? " or " : ", ";
    words += names[i];
  }
  return words;
}

}  // namespace

Result<Value> Apply(const Function& function, std::span<const Value> arguments,
                    const Context& context) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].is_null()) {
      if (!function.handles_null) return Value::Null();
      continue;
    }
    const Argument& argument = function.arguments[std::min(i, function.arguments.size() - 1)];
    if ((argument.kinds & Set(arguments[i].kind())) == 0) {
      return TypeError("{}() takes {} as its `{}`, but this is {} {}", function.name,
                       Describe(argument.kinds), argument.name,
                       schema::KindName(arguments[i].kind()), Preview(arguments[i]))
          .Detail("InvalidArgumentValue")
          .Hint(fmt::format("the form is {}", function.signature));
    }
  }
  return function.scalar(arguments, context);
}

const Function* Find(std::string_view name) {
  const auto& by_name = TheIndex().by_name;
  const auto at = by_name.find(FoldCase(name));
  return at == by_name.end() ? nullptr : at->second;
}

std::span<const Group> Groups() { return kGroups; }

std::span<const Function* const> All() { return TheIndex().all; }

}  // namespace kb::query::functions
