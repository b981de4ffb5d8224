// Offsets from UTC and time zones, as text and as arithmetic.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/temporal.h"

namespace kb::schema {

/// Offsets reach eighteen hours east and west.
inline constexpr std::int32_t kOffsetMax = 18 * 3'600;

/// "Z", "+01:00", "-02:05:59".
std::string OffsetText(std::int32_t offset_s);

/// True if the text is meant as an offset and not as a zone's name.
bool IsOffset(std::string_view text);

/// Z, ±hh, ±hhmm, ±hh:mm, ±hhmmss, ±hh:mm:ss. Error kArgument.
Result<std::int32_t> ParseOffset(std::string_view text);

/// As Resolve; where a local time happens twice, the reading with that offset. Error kArgument if
/// the zone had another offset then.
Result<DateTime> ResolveAtOffset(const LocalDateTime& local, std::string_view zone,
                                 std::int32_t offset_s);

/// The same instant, read in another zone (IANA name or offset).
Result<DateTime> InZone(const DateTime& instant, std::string_view zone);

/// The zone's name, or the offset as text if there is no zone.
std::string ZoneText(const DateTime& value);

}  // namespace kb::schema
