// Bytes of single things: integers of variable length, values, delta entries, blocks of labels.
//
// Writing appends to a std::string. Reading goes through ByteReader, which never reads out of
// bounds: a read that would fails the reader for good and yields zeros, so that decoders read
// straight on and ask once at the end. Whatever the bytes, decoding ends with a valid value or a
// kCorruption error. Bytes that RocksDB hands out have passed its block checksums; nothing here
// sums again.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/base/result.h"
#include "schema/ids.h"
#include "schema/value.h"

namespace kb::storage {

// --- Integers: little endian when fixed, seven bits a byte when variable ---
void PutFixed32(std::string* out, std::uint32_t value);
void PutFixed64(std::string* out, std::uint64_t value);
void PutVarint(std::string* out, std::uint64_t value);
constexpr std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}
inline void PutSigned(std::string* out, std::int64_t value) { PutVarint(out, ZigZag(value)); }
/// Length as a varint, then the bytes.
void PutBytes(std::string* out, std::string_view bytes);

/// Reads bytes from the front. One thread at a time; borrows the bytes.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool failed() const { return failed_; }
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
  std::string_view rest() const { return {at_, remaining()}; }
  /// Marks the bytes as unreadable, as a read out of bounds does.
  void Fail() { failed_ = true, at_ = end_; }

  std::uint8_t Byte() {
    if (at_ == end_) return Fail(), std::uint8_t{0};
    return static_cast<std::uint8_t>(*at_++);
  }
  std::uint32_t Fixed32() { return Fixed<std::uint32_t>(); }
  std::uint64_t Fixed64() { return Fixed<std::uint64_t>(); }
  double Float() { return Fixed<double>(); }
  std::uint64_t Varint() {
    if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80) {
      return static_cast<unsigned char>(*at_++);
    }
    return LongVarint();
  }
  std::int64_t Signed() { return UnZigZag(Varint()); }
  /// A varint that must not be above `max`.
  std::uint64_t VarintUpTo(std::uint64_t max) {
    const std::uint64_t value = Varint();
    if (value > max) return Fail(), std::uint64_t{0};
    return value;
  }
  std::int64_t SignedBetween(std::int64_t low, std::int64_t high) {
    const std::int64_t value = Signed();
    if (value < low || value > high) return Fail(), std::int64_t{0};
    return value;
  }
  /// `size` raw bytes; empty when there are not as many.
  std::string_view Raw(std::size_t size) {
    if (size > remaining()) return Fail(), std::string_view();
    const std::string_view bytes(at_, size);
    at_ += size;
    return bytes;
  }
  /// What PutBytes wrote.
  std::string_view Bytes() { return Raw(static_cast<std::size_t>(VarintUpTo(remaining()))); }

  /// Success if no read failed and nothing is left over; else kCorruption, naming `what`.
  Result<void> Finish(std::string_view what) const;

 private:
  template <typename T>
  T Fixed() {
    T value{};
    if (sizeof(T) > remaining()) return Fail(), value;
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  std::uint64_t LongVarint();

  const char* at_;
  const char* end_;
  bool failed_ = false;
};

// --- Values ---
/// TypeError with detail InvalidPropertyType if the value cannot be a property: maps, nodes,
/// relationships, paths and lists of lists cannot. kLimit above limits::kValueBytesMax. Null is
/// fine.
Result<void> CheckStorable(const schema::Value& value);
/// Appends a storable value (asserted).
void PutValue(std::string* out, const schema::Value& value);
/// Reads one value; fails the reader if there is none.
schema::Value ReadValue(ByteReader* reader);
inline std::string EncodeValue(const schema::Value& value) {
  std::string out;
  PutValue(&out, value);
  return out;
}
/// The whole of `bytes` as one value.
Result<schema::Value> DecodeValue(std::string_view bytes);

// --- Delta entries (values of the keys 'N' and 'E'; 'P' and 'R' hold a value as above) ---
/// State of a node: its labels, ascending, if it exists.
struct NodeState {
  bool exists = false;
  std::vector<schema::LabelId> labels;
};
std::string EncodeNodeState(bool exists, std::span<const schema::LabelId> labels);
Result<NodeState> DecodeNodeState(std::string_view bytes);
/// State of a relationship.
std::string EncodeEdgeState(bool exists);
Result<bool> DecodeEdgeState(std::string_view bytes);

// --- Existence and labels of a block of nodes (key 'l') ---
/// Each row points at one of few label sets; a block whose nodes are alike costs a few bytes.
struct LabelBlock {
  std::uint32_t rows = 0;                          ///< At most kBlockSize.
  std::vector<std::uint64_t> exists;               ///< (rows + 63) / 64 words; bits behind are 0.
  std::vector<std::vector<schema::LabelId>> sets;  ///< Distinct, each ascending.
  std::vector<std::uint16_t> set_of_row;           ///< rows entries; 0 for rows that do not exist.
};
std::string EncodeLabelBlock(const LabelBlock& block);
Result<LabelBlock> DecodeLabelBlock(std::string_view bytes);

}  // namespace kb::storage
