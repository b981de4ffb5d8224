// Evaluates expressions such as date({year: 1984, month: 10}) or duration.inDays(date('…'), …) with
// the functions of schema/temporal.h alone, so that their tests read like the language.
#pragma once

#include <string>
#include <string_view>

#include "schema/base/result.h"
#include "schema/value.h"

namespace kb::schema {

/// Knows the constructors, NAME.truncate, duration.between and its kin, the infix operators + - * /
/// = < between two terms, and `.component` after a term.
Result<Value> Evaluate(std::string_view expression);

/// The text of the value, or "TypeName: message" of the error.
std::string Outcome(std::string_view expression);

}  // namespace kb::schema
