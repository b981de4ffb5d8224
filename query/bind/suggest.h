// Hints for names that are not known: the nearest name, or what there is.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "query/bind/scope.h"

namespace kb::query::bind {

/// The candidate that the name is likely a slip of, or "". Short names are near to many: of them
/// one letter may differ.
std::string_view NearName(std::string_view name, std::span<const std::string_view> candidates);

/// "did you mean `person`?" or "variables known here: a, b" or, without any, how to make one.
std::string SuggestVariable(std::string_view name, const Scope& scope);
/// "did you mean toUpper()?" or where the functions are listed.
std::string SuggestFunction(std::string_view name);
/// "did you mean db.labels?" or where the procedures are listed.
std::string SuggestProcedure(std::string_view name);

}  // namespace kb::query::bind
