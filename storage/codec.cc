#include "storage/codec.h"

#include <algorithm>
#include <utility>

#include "schema/base/assert.h"
#include "schema/base/limits.h"
#include "schema/edtf.h"
#include "schema/temporal.h"
#include "storage/bits.h"
#include "storage/graph.h"

namespace kb::storage {

using schema::Kind;
using schema::LabelId;
using schema::Value;

void PutFixed32(std::string* out, std::uint32_t value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out->append(bytes, sizeof value);
}

void PutFixed64(std::string* out, std::uint64_t value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out->append(bytes, sizeof value);
}

void PutVarint(std::string* out, std::uint64_t value) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

void PutBytes(std::string* out, std::string_view bytes) {
  PutVarint(out, bytes.size());
  out->append(bytes);
}

std::uint64_t ByteReader::LongVarint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at_++);
    if (shift == 63 && byte > 1) break;
    value |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return value;
  }
  return Fail(), std::uint64_t{0};
}

Result<void> ByteReader::Finish(std::string_view what) const {
  if (failed_) return CorruptionError("{} cannot be decoded", what);
  if (at_ != end_) return CorruptionError("{} has {} bytes too many", what, remaining());
  return {};
}

namespace {

/// The first byte of an encoded value. Numbers are part of the format.
enum class ValueTag : std::uint8_t {
  kNull = 0,
  kFalse = 1,
  kTrue = 2,
  kInteger = 3,
  kFloat = 4,
  kString = 5,
  kList = 6,
  kDate = 7,
  kLocalTime = 8,
  kTime = 9,
  kLocalDateTime = 10,
  kDateTime = 11,
  kDuration = 12,
  kPoint = 13,
  kEdtf = 14,
};

// What temporal values can be; anything else on disk is corruption, so that printing and arithmetic
// may rely on it. Years reach from -999999999 to 999999999.
constexpr std::int64_t kDaysMax = 366'000'000'000;
constexpr std::int64_t kSecondsMax = kDaysMax * 86'400;
constexpr std::int64_t kNanosMax = schema::kNanosPerSecond - 1;
constexpr std::int64_t kOffsetMax = 18 * 3600;
constexpr std::size_t kZoneBytesMax = 255;

bool IsStorableScalar(Kind kind) {
  switch (kind) {
    case Kind::kNull:
    case Kind::kBoolean:
    case Kind::kInteger:
    case Kind::kFloat:
    case Kind::kString:
    case Kind::kDate:
    case Kind::kLocalTime:
    case Kind::kTime:
    case Kind::kLocalDateTime:
    case Kind::kDateTime:
    case Kind::kDuration:
    case Kind::kPoint:
    case Kind::kEdtf:
      return true;
    case Kind::kList:
    case Kind::kMap:
    case Kind::kNode:
    case Kind::kRelationship:
    case Kind::kPath:
      break;
  }
  return false;
}

void PutTag(std::string* out, ValueTag tag) { out->push_back(static_cast<char>(tag)); }

void PutFloat(std::string* out, double value) {
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  PutFixed64(out, bits);
}

void PutDateTime(std::string* out, const schema::DateTime& value) {
  PutTag(out, ValueTag::kDateTime);
  PutSigned(out, value.seconds);
  PutSigned(out, value.nanos);
  PutSigned(out, value.offset_s);
  PutBytes(out, value.zone);
}

void PutDuration(std::string* out, const schema::Duration& value) {
  PutTag(out, ValueTag::kDuration);
  PutSigned(out, value.months);
  PutSigned(out, value.days);
  PutSigned(out, value.seconds);
  PutSigned(out, value.nanos);
}

void PutPoint(std::string* out, const schema::Point& value) {
  PutTag(out, ValueTag::kPoint);
  PutSigned(out, value.srid);
  PutFloat(out, value.x);
  PutFloat(out, value.y);
  PutFloat(out, value.z);
}

Value ReadDateTime(ByteReader* in) {
  schema::DateTime value;
  value.seconds = in->SignedBetween(-kSecondsMax, kSecondsMax);
  value.nanos = static_cast<std::int32_t>(in->SignedBetween(0, kNanosMax));
  value.offset_s = static_cast<std::int32_t>(in->SignedBetween(-kOffsetMax, kOffsetMax));
  const std::string_view zone = in->Bytes();
  if (zone.size() > kZoneBytesMax) in->Fail();
  if (in->failed()) return {};
  value.zone = zone;
  return Value::Of(std::move(value));
}

Value ReadDuration(ByteReader* in) {
  schema::Duration value;
  value.months = in->Signed();
  value.days = in->Signed();
  value.seconds = in->Signed();
  value.nanos = static_cast<std::int32_t>(in->SignedBetween(0, kNanosMax));
  return in->failed() ? Value() : Value::Of(value);
}

Value ReadPoint(ByteReader* in) {
  schema::Point value;
  value.srid = static_cast<std::int32_t>(in->SignedBetween(0, INT32_MAX));
  value.x = in->Float();
  value.y = in->Float();
  value.z = in->Float();
  if (value.srid != 7203 && value.srid != 9157 && value.srid != 4326 && value.srid != 4979) {
    in->Fail();
  }
  return in->failed() ? Value() : Value::Of(value);
}

Value ReadAny(ByteReader* in, bool nested);

Value ReadList(ByteReader* in) {
  // Every item takes a byte at least, so a count beyond what is left is corrupt.
  const std::uint64_t count = in->VarintUpTo(in->remaining());
  std::vector<Value> items;
  items.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count && !in->failed(); ++i) items.push_back(ReadAny(in, true));
  return in->failed() ? Value() : Value::List(std::move(items));
}

Value ReadTime(ByteReader* in) {
  schema::Time time;
  time.nanos = in->SignedBetween(0, schema::kNanosPerDay - 1);
  time.offset_s = static_cast<std::int32_t>(in->SignedBetween(-kOffsetMax, kOffsetMax));
  return in->failed() ? Value() : Value::Of(time);
}

Value ReadLocalDateTime(ByteReader* in) {
  schema::LocalDateTime value;
  value.seconds = in->SignedBetween(-kSecondsMax, kSecondsMax);
  value.nanos = static_cast<std::int32_t>(in->SignedBetween(0, kNanosMax));
  return in->failed() ? Value() : Value::Of(value);
}

Value ReadAny(ByteReader* in, bool nested) {
  const std::uint8_t tag = in->Byte();
  switch (static_cast<ValueTag>(tag)) {
    case ValueTag::kNull:
      return {};
    case ValueTag::kFalse:
      return Value::Boolean(false);
    case ValueTag::kTrue:
      return Value::Boolean(true);
    case ValueTag::kInteger:
      return Value::Integer(in->Signed());
    case ValueTag::kFloat:
      return Value::Float(in->Float());
    case ValueTag::kString:
      return Value::String(in->Bytes());
    case ValueTag::kList:
      if (nested) break;
      return ReadList(in);
    case ValueTag::kDate:
      return Value::Of(schema::Date{in->SignedBetween(-kDaysMax, kDaysMax)});
    case ValueTag::kLocalTime:
      return Value::Of(schema::LocalTime{in->SignedBetween(0, schema::kNanosPerDay - 1)});
    case ValueTag::kTime:
      return ReadTime(in);
    case ValueTag::kLocalDateTime:
      return ReadLocalDateTime(in);
    case ValueTag::kDateTime:
      return ReadDateTime(in);
    case ValueTag::kDuration:
      return ReadDuration(in);
    case ValueTag::kPoint:
      return ReadPoint(in);
    case ValueTag::kEdtf: {
      auto parsed = schema::ParseEdtf(in->Bytes());
      if (in->failed() || !parsed.ok()) break;
      return Value::Of(*std::move(parsed));
    }
  }
  in->Fail();
  return {};
}

}  // namespace

Result<void> CheckStorable(const Value& value) {
  const Kind kind = value.kind();
  std::size_t bytes = 0;
  if (kind == Kind::kList) {
    for (const Value& item : value.list()) {
      if (!IsStorableScalar(item.kind())) {
        return TypeError("a property cannot hold a list of {} values", KindName(item.kind()))
            .Detail("InvalidPropertyType")
            .Hint("lists of booleans, numbers, strings, temporal values or points can be stored");
      }
      bytes += item.is_string() ? item.string().size() + 1 : 9;
    }
  } else if (!IsStorableScalar(kind)) {
    return TypeError("a property cannot hold a {} value", KindName(kind))
        .Detail("InvalidPropertyType")
        .Hint(
            "booleans, numbers, strings, temporal values, points and lists of them can be stored");
  } else if (kind == Kind::kString) {
    bytes = value.string().size();
  }
  if (bytes > limits::kValueBytesMax) {
    return LimitError("a property value has {} bytes, at most {}", bytes, limits::kValueBytesMax);
  }
  return {};
}

void PutValue(std::string* out, const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return PutTag(out, ValueTag::kNull);
    case Kind::kBoolean:
      return PutTag(out, value.boolean() ? ValueTag::kTrue : ValueTag::kFalse);
    case Kind::kInteger:
      return PutTag(out, ValueTag::kInteger), PutSigned(out, value.integer());
    case Kind::kFloat:
      return PutTag(out, ValueTag::kFloat), PutFloat(out, value.floating());
    case Kind::kString:
      return PutTag(out, ValueTag::kString), PutBytes(out, value.string());
    case Kind::kList:
      PutTag(out, ValueTag::kList);
      PutVarint(out, value.list().size());
      for (const Value& item : value.list()) {
        KB_ASSERT(IsStorableScalar(item.kind()));
        PutValue(out, item);
      }
      return;
    case Kind::kDate:
      return PutTag(out, ValueTag::kDate), PutSigned(out, value.date().days);
    case Kind::kLocalTime:
      return PutTag(out, ValueTag::kLocalTime), PutSigned(out, value.local_time().nanos);
    case Kind::kTime:
      PutTag(out, ValueTag::kTime);
      PutSigned(out, value.time().nanos);
      return PutSigned(out, value.time().offset_s);
    case Kind::kLocalDateTime:
      PutTag(out, ValueTag::kLocalDateTime);
      PutSigned(out, value.local_date_time().seconds);
      return PutSigned(out, value.local_date_time().nanos);
    case Kind::kDateTime:
      return PutDateTime(out, value.date_time());
    case Kind::kDuration:
      return PutDuration(out, value.duration());
    case Kind::kPoint:
      return PutPoint(out, value.point());
    case Kind::kEdtf:
      return PutTag(out, ValueTag::kEdtf), PutBytes(out, value.edtf().text);
    case Kind::kMap:
    case Kind::kNode:
    case Kind::kRelationship:
    case Kind::kPath:
      break;
  }
  KB_ASSERT(false);
  PutTag(out, ValueTag::kNull);
}

Value ReadValue(ByteReader* reader) { return ReadAny(reader, false); }

Result<Value> DecodeValue(std::string_view bytes) {
  ByteReader in(bytes);
  Value value = ReadValue(&in);
  KB_TRY(in.Finish("a property value"));
  return value;
}

namespace {

void PutLabels(std::string* out, std::span<const LabelId> labels) {
  PutVarint(out, labels.size());
  std::uint32_t former = 0;
  for (const LabelId label : labels) {
    PutVarint(out, Raw(label) - former);
    former = Raw(label);
  }
}

std::vector<LabelId> ReadLabels(ByteReader* in) {
  const std::uint64_t count = in->VarintUpTo(in->remaining());
  std::vector<LabelId> labels;
  labels.reserve(static_cast<std::size_t>(count));
  std::uint64_t id = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t step = in->VarintUpTo(0xFFFF);
    id += step;
    if ((i > 0 && step == 0) || id > 0xFFFF) in->Fail();
    if (in->failed()) return {};
    labels.push_back(LabelId{static_cast<std::uint16_t>(id)});
  }
  return labels;
}

}  // namespace

std::string EncodeNodeState(bool exists, std::span<const LabelId> labels) {
  std::string out(1, exists ? '\1' : '\0');
  if (exists) PutLabels(&out, labels);
  return out;
}

Result<NodeState> DecodeNodeState(std::string_view bytes) {
  ByteReader in(bytes);
  NodeState state;
  const std::uint8_t exists = in.Byte();
  if (exists > 1) in.Fail();
  state.exists = exists == 1;
  if (state.exists) state.labels = ReadLabels(&in);
  KB_TRY(in.Finish("a node's state"));
  return state;
}

std::string EncodeEdgeState(bool exists) { return std::string(1, exists ? '\1' : '\0'); }

Result<bool> DecodeEdgeState(std::string_view bytes) {
  if (bytes.size() != 1 || static_cast<unsigned char>(bytes[0]) > 1) {
    return CorruptionError("a relationship's state cannot be decoded");
  }
  return bytes[0] == 1;
}

std::string EncodeLabelBlock(const LabelBlock& block) {
  KB_ASSERT(block.rows <= kBlockSize && block.set_of_row.size() == block.rows);
  std::string out;
  PutVarint(&out, block.rows);
  std::uint32_t count = 0;
  for (const std::uint64_t word : block.exists) {
    count += static_cast<std::uint32_t>(std::popcount(word));
  }
  const bool full = count == block.rows;
  out.push_back(full ? '\1' : '\0');
  if (!full) {
    for (const std::uint64_t word : block.exists) PutFixed64(&out, word);
  }
  PutVarint(&out, block.sets.size());
  for (const auto& set : block.sets) PutLabels(&out, set);
  const unsigned width = block.sets.size() < 2 ? 0 : PackedWidth(block.sets.size() - 1);
  PackBits(&out, block.rows, width, [&](std::size_t i) { return block.set_of_row[i]; });
  return out;
}

namespace {

/// Reads a bitmap of `rows` bits; fails if bits behind them are set.
std::vector<std::uint64_t> ReadBitmap(ByteReader* in, std::uint32_t rows, bool full) {
  std::vector<std::uint64_t> words((rows + 63) / 64);
  const std::uint64_t tail =
      rows % 64 == 0 ? ~std::uint64_t{0} : (std::uint64_t{1} << (rows % 64)) - 1;
  for (std::uint64_t& word : words) word = full ? ~std::uint64_t{0} : in->Fixed64();
  if (!words.empty() && full) words.back() &= tail;
  if (!words.empty() && (words.back() & ~tail) != 0) in->Fail();
  return words;
}

}  // namespace

Result<LabelBlock> DecodeLabelBlock(std::string_view bytes) {
  ByteReader in(bytes);
  LabelBlock block;
  block.rows = static_cast<std::uint32_t>(in.VarintUpTo(kBlockSize));
  const std::uint8_t full = in.Byte();
  if (full > 1) in.Fail();
  block.exists = ReadBitmap(&in, block.rows, full == 1);
  const std::uint64_t sets = in.VarintUpTo(kBlockSize);
  for (std::uint64_t i = 0; i < sets && !in.failed(); ++i) block.sets.push_back(ReadLabels(&in));
  const unsigned width = sets < 2 ? 0 : PackedWidth(sets - 1);
  const std::string_view packed = in.Raw(PackedBytes(block.rows, width));
  KB_TRY(in.Finish("a block of labels"));
  if (block.rows > 0 && sets == 0) return CorruptionError("a block of labels has no label set");
  block.set_of_row.resize(block.rows);
  std::uint64_t greatest = 0;
  UnpackBits(packed.data(), 0, block.rows, width, [&](std::size_t i, std::uint64_t set) {
    greatest = std::max(greatest, set);
    block.set_of_row[i] = static_cast<std::uint16_t>(set);
  });
  if (greatest > 0 && greatest >= sets) {
    return CorruptionError("a block of labels names label set {} of {}", greatest, sets);
  }
  return block;
}

}  // namespace kb::storage
