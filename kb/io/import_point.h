// Points as import files write them: `{x: 1.5, y: 2, crs: 'cartesian'}`, `{latitude: 52.5,
// longitude: 13.4, height: 34}`.
#pragma once

#include <string_view>

#include "schema/base/result.h"
#include "schema/value.h"

namespace kb::io {

/// `crs` (a name such as WGS-84) is used where the text names none; it may be empty. Error:
/// kArgument.
Result<schema::Value> ParsePoint(std::string_view text, std::string_view crs);

}  // namespace kb::io
