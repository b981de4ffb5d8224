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

/// The nearest name, unless all that they share is being short.
template <typename Range>
std::string_view NearName(std::string_view name, const Range& candidates) {
  if (name.size() < 3) return {};
  return text::Nearest(name, candidates);
}

}  // namespace

std::string SuggestVariable(std::string_view name, const Scope& scope) {
  const std::vector<Variable> visible = scope.Visible();
  std::vector<std::string_view> names;
  for (const auto& variable : visible) names.push_back(variable.name);
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
  std::vector<std::string_view> names;
  for (const functions::Function* function : functions::All()) names.push_back(function->name);
  if (const std::string_view near = NearName(name, names); !near.empty()) {
    return fmt::format("did you mean {}()?", near);
  }
  return "SHOW FUNCTIONS lists all functions";
}

std::string SuggestProcedure(std::string_view name) {
  const auto procedures = algo::AllProcedures();
  std::vector<std::string_view> names;
  for (const auto& procedure : procedures) names.push_back(procedure->name);
  if (const std::string_view near = NearName(name, names); !near.empty()) {
    return fmt::format("did you mean {}?", near);
  }
  return "SHOW PROCEDURES lists all procedures";
}

}  // namespace kb::query::bind
