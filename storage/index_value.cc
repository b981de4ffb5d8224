// Values in index keys (declared in key.h): one byte for the group, then bytes that sort as the
// values do. Every encoding ends by itself, so what follows it in a key does not disturb the order.
//
// A number is its double, rounded towards minus infinity, and the difference to it: integers beyond
// 2^53 and floats then compare exactly, and 1 and 1.0 are the same bytes. Text escapes zero bytes
// (00 FF) and ends with 00 01.
#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "schema/temporal.h"
#include "storage/key.h"

namespace kb::storage {
namespace {

using schema::Kind;
using schema::Value;

enum Group : std::uint8_t {
  kNothing = 0x01,
  kBoolean = 0x10,
  kNumber = 0x20,
  kText = 0x30,
  kDate = 0x40,
  kLocalTime = 0x41,
  kTime = 0x42,
  kLocalDateTime = 0x43,
  kDateTime = 0x44,
  kDuration = 0x50,
  kPoint = 0x60,
  kList = 0x70,
  kListEnd = 0x00,
};

void PutBig(std::string* out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = bytes; i-- > 0;) out->push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
}

void PutOrdered(std::string* out, std::int64_t value) {
  PutBig(out, static_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << 63), 8);
}

void PutOrdered(std::string* out, double value) {
  if (value == 0) value = 0.0;  // -0.0 = 0.0
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t sign = std::uint64_t{1} << 63;
  PutBig(out, (bits & sign) != 0 && !std::isnan(value) ? ~bits : bits | sign, 8);
}

/// An integer as the greatest double not above it and a rest below 1024.
void PutInteger(std::string* out, std::int64_t value) {
  constexpr std::int64_t kRound = ~std::int64_t{0x3FF};
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  const bool exact = value <= kExact && value >= -kExact;
  // Clearing the ten lowest bits rounds down and leaves at most 53 significant ones: a double.
  const std::int64_t base = exact ? value : value & kRound;
  PutOrdered(out, static_cast<double>(base));
  PutBig(out, static_cast<std::uint64_t>(value - base), 2);
}

void PutFloat(std::string* out, double value) {
  // A float beyond 2^53 is an integer too: it must have the bytes that integer has.
  constexpr double kLimit = 9223372036854775808.0;
  if (std::fabs(value) > 9007199254740992.0 && value < kLimit && value >= -kLimit) {
    PutInteger(out, static_cast<std::int64_t>(value));
    return;
  }
  PutOrdered(out, value);
  PutBig(out, 0, 2);
}

void PutEscaped(std::string* out, std::string_view text) {
  for (const char c : text) {
    out->push_back(c);
    if (c == '\0') out->push_back('\xFF');
  }
}

bool PutText(std::string* out, std::string_view text) {
  const bool whole = text.size() <= kIndexTextBytesMax;
  PutEscaped(out, text.substr(0, kIndexTextBytesMax));
  out->append("\0\1", 2);
  return whole;
}

bool PutAny(std::string* out, const Value& value, bool nested);

bool PutList(std::string* out, const Value& value) {
  bool exact = true;
  const std::size_t start = out->size();
  for (const Value& item : value.list()) {
    if (out->size() - start > kIndexTextBytesMax) {
      exact = false;
      break;
    }
    exact = PutAny(out, item, true) && exact;
  }
  out->push_back(static_cast<char>(kListEnd));
  return exact;
}

bool PutTemporal(std::string* out, const Value& value, Group group) {
  if (group == kDate) return PutOrdered(out, value.date().days), true;
  if (group == kLocalTime) return PutOrdered(out, value.local_time().nanos), true;
  if (group == kTime) {
    const schema::Time time = value.time();
    PutOrdered(out, time.nanos - time.offset_s * schema::kNanosPerSecond);
    return false;
  }
  if (group == kLocalDateTime) {
    PutOrdered(out, value.local_date_time().seconds);
    PutOrdered(out, std::int64_t{value.local_date_time().nanos});
    return true;
  }
  if (group == kDateTime) {
    PutOrdered(out, value.date_time().seconds);
    PutOrdered(out, std::int64_t{value.date_time().nanos});
    return false;
  }
  const schema::Duration& duration = value.duration();
  PutOrdered(out, duration.months);
  PutOrdered(out, duration.days);
  PutOrdered(out, duration.seconds);
  PutOrdered(out, std::int64_t{duration.nanos});
  return true;
}

Group GroupOf(Kind kind) {
  switch (kind) {
    case Kind::kBoolean:
      return kBoolean;
    case Kind::kInteger:
    case Kind::kFloat:
      return kNumber;
    case Kind::kString:
      return kText;
    case Kind::kDate:
      return kDate;
    case Kind::kLocalTime:
      return kLocalTime;
    case Kind::kTime:
      return kTime;
    case Kind::kLocalDateTime:
      return kLocalDateTime;
    case Kind::kDateTime:
      return kDateTime;
    case Kind::kDuration:
      return kDuration;
    case Kind::kPoint:
      return kPoint;
    case Kind::kList:
      return kList;
    case Kind::kNull:
    case Kind::kMap:
    case Kind::kNode:
    case Kind::kRelationship:
    case Kind::kPath:
    case Kind::kEdtf:
      break;
  }
  return kNothing;
}

bool PutAny(std::string* out, const Value& value, bool nested) {
  Group group = GroupOf(value.kind());
  if (nested && group == kList) group = kNothing;
  out->push_back(static_cast<char>(group));
  switch (group) {
    case kBoolean:
      out->push_back(value.boolean() ? 1 : 0);
      return true;
    case kNumber:
      if (value.is_integer()) {
        PutInteger(out, value.integer());
      } else {
        PutFloat(out, value.floating());
      }
      return true;
    case kText:
      return PutText(out, value.string());
    case kPoint:
      PutBig(out, static_cast<std::uint32_t>(value.point().srid), 4);
      PutOrdered(out, value.point().x);
      PutOrdered(out, value.point().y);
      PutOrdered(out, value.point().z);
      return true;
    case kList:
      return PutList(out, value);
    case kDate:
    case kLocalTime:
    case kTime:
    case kLocalDateTime:
    case kDateTime:
    case kDuration:
      return PutTemporal(out, value, group);
    case kNothing:
    case kListEnd:
      break;
  }
  return false;
}

}  // namespace

bool EncodeIndexValue(const Value& value, std::string* out) { return PutAny(out, value, false); }

std::string IndexStringPrefix(std::string_view prefix) {
  std::string out(1, static_cast<char>(kText));
  PutEscaped(&out, prefix.substr(0, kIndexTextBytesMax));
  return out;
}

std::uint8_t IndexGroup(std::string_view encoded) {
  return encoded.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(encoded[0]);
}

namespace {

std::uint64_t BigAt(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = at; i < at + size && i < bytes.size(); ++i) {
    value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

double DoubleAt(std::string_view bytes, std::size_t at) {
  const std::uint64_t bits = BigAt(bytes, at, 8);
  const std::uint64_t sign = std::uint64_t{1} << 63;
  return std::bit_cast<double>((bits & sign) != 0 ? bits & ~sign : ~bits);
}

std::string Hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace

std::string DescribeIndexValue(std::string_view encoded) {
  switch (IndexGroup(encoded)) {
    case kBoolean:
      return BigAt(encoded, 1, 1) != 0 ? "true" : "false";
    case kNumber: {
      const std::uint64_t rest = BigAt(encoded, 9, 2);
      const double base = DoubleAt(encoded, 1);
      return rest == 0 ? fmt::format("{}", base) : fmt::format("{:.0f}+{}", base, rest);
    }
    case kText: {
      std::string text;
      for (std::size_t i = 1; i < encoded.size(); ++i) {
        if (encoded[i] == '\0' && (++i >= encoded.size() || encoded[i] == '\1')) break;
        text.push_back(encoded[i - 1] == '\0' && encoded[i] == '\xFF' ? '\0' : encoded[i]);
      }
      return fmt::format("'{}'", text);
    }
    case kDate: {
      const std::uint64_t days = BigAt(encoded, 1, 8) ^ (std::uint64_t{1} << 63);
      return fmt::format("day {}", static_cast<std::int64_t>(days));
    }
    default:
      return "0x" + Hex(encoded);
  }
}

}  // namespace kb::storage
