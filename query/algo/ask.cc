#include "query/algo/ask.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "query/algo/view_map.h"
#include "schema/base/text.h"

namespace kb::query::algo {
namespace {

using schema::Value;

Result<const Asker*> AskerOf(const Call& call) {
  if (call.asker != nullptr) return call.asker;
  return UnsupportedError("nobody runs queries for procedures here");
}

/// The configuration of a search, key by key; says at the end which key it does not have.
class Options {
 public:
  Options(const Value& map, std::string_view procedure) : map_(map), procedure_(procedure) {}

  /// Null if it is not there.
  const Value& Find(std::string_view name) {
    static const Value kNothing;
    names_.push_back(name);
    if (map_.is_null()) return kNothing;
    for (const auto& [key, value] : map_.map()) {
      if (key == name) return value;
    }
    return kNothing;
  }

  Result<bool> Flag(std::string_view name) {
    const Value& value = Find(name);
    if (value.is_null()) return false;
    if (!value.is_boolean()) return Wrong(name, "true or false", value);
    return value.boolean();
  }

  Result<std::string> Text(std::string_view name) {
    const Value& value = Find(name);
    if (value.is_null()) return std::string();
    if (!value.is_string()) return Wrong(name, "a text", value);
    return std::string(value.string());
  }

  Result<void> CheckNames() const {
    if (map_.is_null()) return {};
    for (const auto& [key, value] : map_.map()) {
      if (std::find(names_.begin(), names_.end(), key) != names_.end()) continue;
      std::string all;
      for (const auto name : names_) all += (all.empty() ? "" : ", ") + std::string(name);
      return ArgumentError("`{}` is no option of {}", key, procedure_)
          .Detail("InvalidArgumentValue")
          .Hint("the options are " + all);
    }
    return {};
  }

  Error Wrong(std::string_view name, std::string_view wanted, const Value& value) const {
    return TypeError("`{}` of {} is {}, but this is {}", name, procedure_, wanted,
                     schema::KindName(value.kind()))
        .Detail("InvalidArgumentType");
  }
  Error OneOf(std::string_view name, std::string_view words, std::string_view text) const {
    return ArgumentError("`{}` of {} is one of {}, but this is {}", name, procedure_, words,
                         text::Quote(text))
        .Detail("InvalidArgumentValue");
  }

 private:
  const Value& map_;
  std::string_view procedure_;
  std::vector<std::string_view> names_;
};

/// `:A|B`, or nothing for all types.
Result<std::string> TypesOf(Options* options) {
  const Value& types = options->Find("types");
  if (types.is_null()) return std::string();
  if (!types.is_list()) return options->Wrong("types", "a list of names", types);
  std::string text;
  for (const Value& type : types.list()) {
    if (!type.is_string()) return options->Wrong("types", "a list of names", type);
    text += (text.empty() ? ":" : "|") + text::QuoteName(type.string());
  }
  return text;
}

/// `{1,4}`, with the bounds that are given.
Result<std::string> LengthsOf(Options* options) {
  std::string bounds[2] = {"1", ""};
  const std::string_view names[2] = {"minLength", "maxLength"};
  for (std::size_t i = 0; i < 2; ++i) {
    const Value& value = options->Find(names[i]);
    if (value.is_null()) continue;
    if (!value.is_integer() || value.integer() < 0) {
      return options->Wrong(names[i], "a number of relationships", value);
    }
    bounds[i] = std::to_string(value.integer());
  }
  return "{" + bounds[0] + "," + bounds[1] + "}";
}

/// `(a)-[:A|B]->{1,4}(b)` by types, direction, minLength and maxLength.
Result<std::string> WalkOf(Options* options) {
  KB_ASSIGN(const std::string types, TypesOf(options));
  KB_ASSIGN(const std::string lengths, LengthsOf(options));
  KB_ASSIGN(const std::string direction, options->Text("direction"));
  std::string_view left = "-[", right = "]->";
  if (direction == "incoming") {
    left = "<-[", right = "]-";
  } else if (direction == "both") {
    right = "]-";
  } else if (!direction.empty() && direction != "outgoing") {
    return options->OneOf("direction", "outgoing, incoming and both", direction);
  }
  return fmt::format("(a){}{}{}{}(b)", left, types, right, lengths);
}

/// `MATCH p = <prefix><walk>` between the ends that are given; `visit` gets the rows of p and of
/// what else `result` says.
Result<void> Search(const Call& call, const std::string& prefix, const std::string& walk,
                    const std::string& result,
                    std::vector<std::pair<std::string, Value>> parameters) {
  KB_ASSIGN(const Asker* asker, AskerOf(call));
  std::string text;
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    if (call.arguments[i].is_null()) continue;
    const std::string name = i == 0 ? "a" : "b";
    text += fmt::format("MATCH ({0}) WHERE id({0}) = ${0} ", name);
    parameters.emplace_back(name,
                            Value::Integer(std::int64_t{schema::Raw(call.arguments[i].node())}));
  }
  text += "MATCH p = " + prefix + " " + walk + " RETURN p" + result;
  return asker->Ask(
      {text, call.view, std::move(parameters), false},
      [&call](const Asker::Columns&, std::vector<Value> row) { return call.emit(std::move(row)); });
}

}  // namespace

Result<void> AskView(const Call& call) {
  KB_ASSIGN(const Asker* asker, AskerOf(call));
  if (call.arguments[1].is_null()) return ArgumentError("the query of kb.view is null");
  KB_ASSIGN(const storage::ViewRequest request, ViewRequestOf(call.arguments[0], call.view));
  KB_ASSIGN(const storage::View view, storage::DeriveView(call.view, request, call.cancellation));
  std::vector<std::pair<std::string, Value>> parameters;
  if (call.arguments.size() > 2 && !call.arguments[2].is_null()) {
    for (const auto& [name, value] : call.arguments[2].map()) parameters.emplace_back(name, value);
  }
  return asker->Ask({call.arguments[1].string(), view, std::move(parameters)},
                    [&call](const Asker::Columns& columns, std::vector<Value> row) {
                      schema::MapEntries entries;
                      for (std::size_t i = 0; i < columns.size(); ++i) {
                        entries.emplace_back(columns[i], std::move(row[i]));
                      }
                      return call.emit({Value::Map(std::move(entries))});
                    });
}

Result<void> Chains(const Call& call) {
  const Value nothing;
  Options options(call.arguments.size() > 3 ? call.arguments[3] : nothing, "kb.chains");
  if (call.arguments[2].is_null()) {
    return ArgumentError("kb.chains needs the key that holds the times")
        .Hint("it is the third argument, such as 'date'");
  }
  KB_ASSIGN(const std::string by, options.Text("by"));
  if (!by.empty() && by != "nodes" && by != "relationships") {
    return options.OneOf("by", "nodes and relationships", by);
  }
  KB_ASSIGN(const bool possibly, options.Flag("possibly"));
  KB_ASSIGN(const bool descending, options.Flag("descending"));
  const Value within = options.Find("within");
  KB_ASSIGN(const std::string walk, WalkOf(&options));
  KB_TRY(options.CheckNames());
  std::string prefix = "CHRONOLOGICAL";
  if (possibly) prefix += " POSSIBLY";
  if (descending) prefix += " DESCENDING";
  prefix += by == "relationships" ? " BY RELATIONSHIPS " : " BY NODES ";
  prefix += text::QuoteName(call.arguments[2].string());
  std::vector<std::pair<std::string, Value>> parameters;
  if (!within.is_null()) {
    prefix += " WITHIN $within";
    parameters.emplace_back("within", within);
  }
  return Search(call, prefix, walk, "", std::move(parameters));
}

Result<void> ShortestByGrade(const Call& call) {
  if (call.arguments[0].is_null() || call.arguments[1].is_null()) return {};
  const Value nothing;
  Options options(call.arguments.size() > 3 ? call.arguments[3] : nothing, "kb.shortestByGrade");
  KB_ASSIGN(const std::string walk, WalkOf(&options));
  KB_TRY(options.CheckNames());
  if (!call.arguments[2].is_integer() || call.arguments[2].integer() < 1) {
    return ArgumentError("kb.shortestByGrade looks for 1 or more paths")
        .Detail("InvalidArgumentValue");
  }
  const std::string prefix = fmt::format("SHORTEST {} PATHS BY GRADE", call.arguments[2].integer());
  return Search(call, prefix, walk, ", weakest(p) AS grade", {});
}

}  // namespace kb::query::algo
