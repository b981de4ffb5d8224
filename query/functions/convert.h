// Conversions between values and their texts, as the language's functions and operators do them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/base/result.h"
#include "schema/value.h"

namespace kb::query::functions {

/// What toString() gives of a boolean, number, string, temporal value or point; nullopt of others.
std::optional<std::string> TextOf(const schema::Value& value);
/// The value for an error message: as ToText(), but never long, however much the value holds.
std::string Preview(const schema::Value& value);
/// The number that a text says, blanks around it aside; null if it says none (or one out of range).
/// `ParseInteger` reads a float's text too and cuts its fraction off.
schema::Value ParseInteger(std::string_view text);
schema::Value ParseFloat(std::string_view text);

}  // namespace kb::query::functions
