#include "query/bind/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "query/algo/procedure.h"
#include "query/functions/function.h"
#include "schema/base/text.h"

namespace kb::query::bind {
namespace {

constexpr std::size_t kNamesShownMax = 12;

/// Functions of other systems, by the names in small letters, and what does the same here.
struct Elsewhere {
  std::string_view name, hint;
};
constexpr Elsewhere kElsewhere[] = {
    {"file", "LOAD CSV keeps no file name for later: hand it on in a column"},
    {"linenumber", "LOAD CSV keeps no line numbers: have them in a column of the file"},
    {"now", "datetime() gives the present moment, date() the present day"},
    {"len", "size() counts elements and characters, length() steps of a path"},
    {"ifnull", "coalesce(value, other) gives the first that is not null"},
    {"nvl", "coalesce(value, other) gives the first that is not null"},
    {"isnull", "written value IS NULL"},
    {"concat", "texts and lists are joined with + or ||"},
    {"cast", "toString(), toInteger(), toFloat() and toBoolean() make other types of a value"},
    {"vector", "a list of numbers is a vector: vector.similarity.cosine(list, list)"},
    {"group_concat", "reduce() over collect(value) joins texts"},
};

}  // namespace

std::string_view NearName(std::string_view name, std::span<const std::string_view> candidates) {
  constexpr std::size_t kTellingMin = 3, kLongMin = 5;
  if (name.size() < kTellingMin) return {};
  const std::string_view near = text::Nearest(name, candidates);
  if (name.size() < kLongMin && text::EditDistance(name, near) > 1) return {};
  return near;
}

std::string SuggestVariable(std::string_view name, const Scope& scope) {
  const std::vector<Variable> visible = scope.Visible();
  std::vector<std::string_view> names;
  for (const auto& variable : visible) {
    // A name that the parser gave away is no help.
    if (!variable.name.starts_with(' ')) names.push_back(variable.name);
  }
  std::sort(names.begin(), names.end());
  if (names.empty()) return "no variable is known here: MATCH, UNWIND or WITH make them";
  if (const std::string_view near = NearName(name, names); !near.empty()) {
    return fmt::format("did you mean {}?", text::QuoteName(near));
  }
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < kNamesShownMax; ++i) {
    if (i != 0) list += ", ";
    list += text::QuoteName(names[i]);
  }
  if (names.size() > kNamesShownMax) {
    list += fmt::format(" and {} more", names.size() - kNamesShownMax);
  }
  return "variables known here: " + list;
}

std::string SuggestFunction(std::string_view name) {
  const std::string small = text::ToLower(name);
  for (const Elsewhere& elsewhere : kElsewhere) {
    if (small == elsewhere.name) return std::string(elsewhere.hint);
  }
  if (small.starts_with("apoc.")) {
    return "the library APOC is not there; SHOW FUNCTIONS lists all functions";
  }
  std::vector<std::string_view> names;
  for (const functions::Function* function : functions::All()) names.push_back(function->name);
  if (const std::string_view near = NearName(name, names); !near.empty()) {
    return fmt::format("did you mean {}()?", near);
  }
  return "SHOW FUNCTIONS lists all functions";
}

std::string SuggestProcedure(std::string_view name) {
  if (name.starts_with("db.index.")) {
    return "vector and full-text indexes are not offered; CONTAINS, STARTS WITH and =~ search "
           "texts";
  }
  if (name.starts_with("apoc.")) {
    return "the library APOC is not there; SHOW PROCEDURES lists all procedures";
  }
  const auto procedures = algo::AllProcedures();
  std::vector<std::string_view> names;
  for (const auto& procedure : procedures) names.push_back(procedure->name);
  if (const std::string_view near = NearName(name, names); !near.empty()) {
    return fmt::format("did you mean {}?", near);
  }
  return "SHOW PROCEDURES lists all procedures";
}

}  // namespace kb::query::bind
