#include "schema/zone.h"

#include <date/tz.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <array>
#include <cctype>
#include <exception>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <vector>

#include "schema/base/text.h"
#include "schema/calendar.h"

namespace kb::schema {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
// The system's files list transitions one by one, the last of them in 2037.
constexpr std::int64_t kListedEnd = 2'129'000'000;     // June 2037.
constexpr std::int64_t kListedWinter = 2'083'000'000;  // January 2036.
constexpr std::int64_t kListedSummer = 2'099'000'000;  // July 2036.

Error UnknownZone(std::string_view name, const date::tzdb& database) {
  std::vector<std::string_view> names;
  for (const auto& zone : database.zones) names.push_back(zone.name());
  Error error = ArgumentError("there is no time zone '{}'", name).Detail("InvalidArgumentValue");
  const std::string_view near = text::Nearest(name, names);
  if (near.empty()) {
    error.Hint("a zone is an IANA name such as 'Europe/Stockholm' or an offset such as '+01:00'");
  } else {
    error.Hint(fmt::format("did you mean '{}'?", near));
  }
  return error;
}

Error NoZoneData(std::string_view reason) {
  return ArgumentError("the time zones of this system cannot be read: {}", reason)
      .Detail("InvalidArgumentValue")
      .Hint("install the package tzdata, or write offsets such as '+01:00'");
}

/// Zones that the tz project has merged, by zone1970.tab and zone.tab: Europe/Stockholm has been
/// like Europe/Berlin since 1970 and is an alias of it in the project's own data. Systems differ in
/// whether they keep an unsourced history of its own before 1970 for such a zone ("backzone");
/// reading all by the project's rule makes a time the same everywhere.
std::map<std::string, std::string, std::less<>> ReadMergedZones() {
  std::map<std::string, std::string, std::less<>> merged;
  std::map<std::string, std::string> zone_of_country;  // Empty: the country has several.
  std::set<std::string> kept;
  std::string line;
  std::string countries;
  std::string position;
  std::string zone;
  std::ifstream kept_file("/usr/share/zoneinfo/zone1970.tab");
  while (std::getline(kept_file, line)) {
    if (line.empty() || line[0] == '#') continue;
    if (!(std::istringstream(line) >> countries >> position >> zone)) continue;
    kept.insert(zone);
    std::istringstream codes(countries);
    for (std::string code; std::getline(codes, code, ',');) {
      const auto [place, added] = zone_of_country.emplace(code, zone);
      if (!added) place->second.clear();
    }
  }
  std::ifstream all_file("/usr/share/zoneinfo/zone.tab");
  while (std::getline(all_file, line)) {
    if (line.empty() || line[0] == '#') continue;
    if (!(std::istringstream(line) >> countries >> position >> zone)) continue;
    const auto target = zone_of_country.find(countries);
    if (kept.count(zone) == 0 && target != zone_of_country.end() && !target->second.empty()) {
      merged.emplace(zone, target->second);
    }
  }
  return merged;
}

std::string_view MergedZone(std::string_view name) {
  static const auto merged = ReadMergedZones();
  const auto found = merged.find(name);
  return found == merged.end() ? name : std::string_view(found->second);
}

/// The rule that goes on beyond the listed transitions, as ICU knows it.
std::int32_t RuleOffset(std::string_view name, std::int64_t utc_seconds, std::int32_t otherwise) {
  const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(
      icu::UnicodeString::fromUTF8({name.data(), static_cast<std::int32_t>(name.size())})));
  if (*zone == icu::TimeZone::getUnknown()) return otherwise;
  // The calendar repeats after 400 years; a date within ICU's reach stands for all later ones.
  constexpr std::int64_t kCycle = 146'097 * kSecondsPerDay;
  const std::int64_t within = kListedEnd + FloorModulo(utc_seconds - kListedEnd, kCycle);
  std::int32_t raw = 0;
  std::int32_t saving = 0;
  UErrorCode status = U_ZERO_ERROR;
  zone->getOffset(static_cast<double>(within) * 1'000, false, raw, saving, status);
  return U_FAILURE(status) ? otherwise : (raw + saving) / 1'000;
}

std::int32_t OffsetIn(const date::time_zone& zone, std::string_view name,
                      std::int64_t utc_seconds) {
  const auto listed = [&zone](std::int64_t at) {
    const auto info = zone.get_info(date::sys_seconds(std::chrono::seconds(at)));
    return static_cast<std::int32_t>(info.offset.count());
  };
  if (utc_seconds < kListedEnd) return listed(utc_seconds);
  const std::int32_t winter = listed(kListedWinter);
  if (winter == listed(kListedSummer)) return winter;
  return RuleOffset(name, utc_seconds, winter);
}

/// The offsets a local time may have: none in a gap, two in an overlap. `before` is the offset that
/// held a day earlier.
struct LocalOffsets {
  std::vector<std::int32_t> valid;
  std::int32_t before = 0;
};

Result<LocalOffsets> OffsetsOfLocal(const LocalDateTime& local, std::string_view zone) {
  LocalOffsets result;
  KB_ASSIGN(result.before, OffsetAtInstant(zone, local.seconds - kSecondsPerDay));
  KB_ASSIGN(const std::int32_t after, OffsetAtInstant(zone, local.seconds + kSecondsPerDay));
  for (const std::int32_t offset : std::array{result.before, after}) {
    KB_ASSIGN(const std::int32_t actual, OffsetAtInstant(zone, local.seconds - offset));
    if (actual != offset) continue;
    if (result.valid.empty() || result.valid.front() != offset) result.valid.push_back(offset);
  }
  return result;
}

DateTime AtOffset(const LocalDateTime& local, std::int32_t offset_s, std::string_view zone) {
  DateTime result;
  result.seconds = local.seconds - offset_s;
  result.nanos = local.nanos;
  result.offset_s = offset_s;
  result.zone = zone;
  return result;
}

/// Two digits at `at`, which is moved past them; -1 if they are not there.
int TwoDigits(std::string_view text, std::size_t& at) {
  if (at + 2 > text.size() || std::isdigit(static_cast<unsigned char>(text[at])) == 0 ||
      std::isdigit(static_cast<unsigned char>(text[at + 1])) == 0) {
    return -1;
  }
  const int number = (text[at] - '0') * 10 + (text[at + 1] - '0');
  at += 2;
  return number;
}

}  // namespace

bool IsOffset(std::string_view text) {
  return text == "Z" || text == "z" || (!text.empty() && (text[0] == '+' || text[0] == '-'));
}

Result<std::int32_t> ParseOffset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  const auto fail = [text] {
    return ArgumentError("'{}' is not an offset from UTC", text)
        .Detail("InvalidArgumentValue")
        .Hint("write Z, ±hh, ±hh:mm or ±hh:mm:ss, from -18:00 to +18:00");
  };
  if (!IsOffset(text)) return fail();
  std::size_t at = 1;
  std::array<int, 3> parts{};
  std::size_t count = 0;
  bool colons = false;
  while (at < text.size() && count < parts.size()) {
    if (count == 1) colons = text[at] == ':';
    if (count > 0 && colons) {
      if (text[at] != ':') return fail();
      ++at;
    }
    parts[count] = TwoDigits(text, at);
    if (parts[count] < 0 || (count > 0 && parts[count] > 59)) return fail();
    ++count;
  }
  const std::int32_t size = parts[0] * 3'600 + parts[1] * 60 + parts[2];
  if (count == 0 || at != text.size() || size > kOffsetMax) return fail();
  return text[0] == '-' ? -size : size;
}

Result<std::int32_t> OffsetAtInstant(std::string_view zone, std::int64_t utc_seconds) {
  if (zone.empty()) return 0;
  if (IsOffset(zone)) return ParseOffset(zone);
  const date::tzdb* database = nullptr;
  try {
    database = &date::get_tzdb();
  } catch (const std::exception& failure) {
    return NoZoneData(failure.what());
  }
  // Where tzdata is missing the library may find a folder and nothing in it.
  if (database->zones.empty()) return NoZoneData("there are none");
  const date::time_zone* known = nullptr;
  try {
    known = date::locate_zone(zone);
  } catch (const std::exception&) {
    return UnknownZone(zone, *database);
  }
  const std::string_view merged = MergedZone(zone);
  try {
    if (merged != zone) known = date::locate_zone(merged);
    return OffsetIn(*known, merged, utc_seconds);
  } catch (const std::exception& failure) {
    return NoZoneData(failure.what());
  }
}

Result<DateTime> Resolve(const LocalDateTime& local, std::string_view zone) {
  if (zone.empty() || IsOffset(zone)) {
    KB_ASSIGN(const std::int32_t offset, OffsetAtInstant(zone, 0));
    return AtOffset(local, offset, {});
  }
  KB_ASSIGN(const LocalOffsets offsets, OffsetsOfLocal(local, zone));
  if (!offsets.valid.empty()) return AtOffset(local, offsets.valid.front(), zone);
  // A gap: the clock was put forward over this time, so it reads as much later.
  DateTime result = AtOffset(local, offsets.before, zone);
  KB_ASSIGN(result.offset_s, OffsetAtInstant(zone, result.seconds));
  return result;
}

Result<DateTime> ResolveAtOffset(const LocalDateTime& local, std::string_view zone,
                                 std::int32_t offset_s) {
  KB_ASSIGN(const LocalOffsets offsets, OffsetsOfLocal(local, zone));
  for (const std::int32_t offset : offsets.valid) {
    if (offset == offset_s) return AtOffset(local, offset, zone);
  }
  KB_ASSIGN(const DateTime actual, Resolve(local, zone));
  return ArgumentError("the time zone {} did not have the offset {} at {}", zone,
                       OffsetText(offset_s), ToText(local))
      .Detail("InvalidArgumentValue")
      .Hint(fmt::format("its offset was {}; it may be left out", OffsetText(actual.offset_s)));
}

Result<DateTime> InZone(const DateTime& instant, std::string_view zone) {
  DateTime result = instant;
  KB_ASSIGN(result.offset_s, OffsetAtInstant(zone, instant.seconds));
  result.zone = IsOffset(zone) ? std::string_view() : zone;
  return result;
}

}  // namespace kb::schema
