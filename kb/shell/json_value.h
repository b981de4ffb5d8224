// Values as the machine protocol writes them: typed JSON, {"$type": …, "_value": …}.
//
// Answers are written by hand into one string, for speed; requests that are not plain (request.h)
// are read with Boost.JSON.
// Numbers are read from their text, so that an integer is never rounded into a float on the way and
// a float is the nearest one to what was written.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "schema/base/result.h"
#include "schema/value.h"

namespace kb::shell {

using schema::Value;

/// Appends `value` as typed JSON. Nodes and relationships should be described ones.
void AppendTyped(const Value& value, std::string* out);

/// One JSON document, nested at most a thousand deep. Errors: kProtocol, saying where.
Result<boost::json::value> ParseJson(std::string_view text);

/// A value from typed or plain JSON, in any mixture. An object is typed if it has the member
/// `$type`. Errors: kProtocol for a type that is unknown or cannot be sent (Node, Relationship,
/// Path) and for a `_value` that does not fit its type.
Result<Value> FromJson(const boost::json::value& json);

}  // namespace kb::shell
