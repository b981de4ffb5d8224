// Fuzzing the decoders: whatever the bytes, no crash, and what decodes encodes to bytes that
// decode.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "storage/codec.h"
#include "storage/column.h"
#include "storage/dump.h"
#include "storage/key.h"
#include "storage/leaf.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void TryValue(std::string_view bytes) {
  const auto value = kb::storage::DecodeValue(bytes);
  if (!value.ok()) return;
  Require(kb::storage::DecodeValue(kb::storage::EncodeValue(*value)).ok());
  std::string key;
  kb::storage::EncodeIndexValue(*value, &key);
  kb::storage::DescribeIndexValue(key);
}

void TryColumn(std::string_view bytes) {
  const auto column = kb::storage::DecodeColumn(bytes);
  if (!column.ok()) return;
  kb::storage::ColumnRows rows;
  rows.type = column->type;
  rows.rows = column->rows;
  rows.present = column->present.data();
  rows.data = column->data();
  Require(kb::storage::DecodeColumn(kb::storage::EncodeColumn(rows)).ok());
}

void TryLabels(std::string_view bytes) {
  const auto block = kb::storage::DecodeLabelBlock(bytes);
  if (!block.ok()) return;
  Require(kb::storage::DecodeLabelBlock(kb::storage::EncodeLabelBlock(*block)).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  TryValue(bytes);
  TryColumn(bytes);
  TryLabels(bytes);
  IgnoreError(kb::storage::DecodeNodeState(bytes), "any outcome will do");
  kb::storage::DescribeIndexValue(bytes);
  // The first bytes as a key, the rest as its value.
  const std::size_t cut = size < 16 ? size : 16;
  for (std::size_t i = 0; i <= cut; ++i) {
    const std::string_view key = bytes.substr(0, i);
    kb::storage::DumpKey(key);
    kb::storage::DumpValue(key, bytes.substr(i));
  }
  return 0;
}
