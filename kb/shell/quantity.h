// Quantities as people write them on a command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "schema/base/result.h"

namespace kb::shell {

/// "250ms", "30s", "1h30m", "2m 5s"; a bare number means seconds; "off", "none" and "0" mean no
/// limit. Error: kArgument.
Result<std::optional<std::chrono::milliseconds>> ParseDuration(std::string_view text);

/// "512MB", "4GiB", "2g", "1000000": units of 1000 with B, of 1024 with iB or a bare letter. Error:
/// kArgument.
Result<std::uint64_t> ParseSize(std::string_view text);

/// A count, such as of rows or threads. Error: kArgument.
Result<std::uint64_t> ParseCount(std::string_view text);

}  // namespace kb::shell
