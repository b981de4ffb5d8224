// JSON written by hand into a string: what the json formats and the machine protocol share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/value.h"

namespace kb::io {

/// Appends a JSON string with its quotes. `utf8` must be well-formed; control characters, quotes
/// and backslashes are escaped, everything else stands as it is.
void AppendJsonString(std::string_view utf8, std::string* out);
void AppendJsonInteger(std::int64_t value, std::string* out);
void AppendJsonInteger(std::uint64_t value, std::string* out);
/// Appends `-?digits[.digits][e[±]digits]`, the shortest that reads back to the same value, or NaN,
/// Infinity, -Infinity (which JSON itself cannot say: the caller quotes).
void AppendFloatText(double value, std::string* out);

/// Appends a value as plain JSON: numbers and booleans as such, temporal values and points as text,
/// a node as {"id", "labels", "properties"}, a relationship as {"id", "type", "start", "end",
/// "properties"}, a path as {"nodes", "relationships"}; NaN and the infinities as text.
void AppendPlainJson(const schema::Value& value, std::string* out);

}  // namespace kb::io
