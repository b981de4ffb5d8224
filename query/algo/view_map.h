// From values to what storage derives views from: for the view at the head of a statement
// (exec/view_request.h) and for the map that kb.view takes.
#pragma once

#include <string_view>
#include <vector>

#include "schema/base/result.h"
#include "schema/value.h"
#include "storage/evidence.h"

namespace kb::query::algo {

/// The instant of a date or date-time in microseconds. A day, or anything else that lasts, means
/// its end; what never ends, the end of time. `what` is said in the error: "a system time".
Result<std::int64_t> SystemTimeOf(const schema::Value& value, std::string_view what);
/// Errors: not a date, date-time or uncertain date.
Result<schema::Value> ValidTimeOf(schema::Value value, std::string_view what);
/// Sources by name or node. A name that nobody has used has said nothing.
Result<std::vector<storage::NodeId>> SourcesOf(const schema::Value& list,
                                               const storage::View& view);

/// `{systemTime, validTime | validFrom, validTo, possibly, excludingSources | onlySources, raw}`;
/// what is null is not asked for. Errors: an unknown or ambiguous key, a value of a wrong type.
Result<storage::ViewRequest> ViewRequestOf(const schema::Value& map, const storage::View& view);

}  // namespace kb::query::algo
