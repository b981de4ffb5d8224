// Column: the values of one property for up to 2048 rows, packed by type.
//
// Integers, booleans and dates are differences from the least in as few bits as needed; floats are
// plain; texts are plain or, when few are distinct, a dictionary; everything else is a sequence of
// encoded values. Rows without a value take one bit, and none if every row has one.
//
// Encoding reads the very ColumnChunk that views hand out; decoding gives an owner of the same
// arrays.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schema/base/result.h"
#include "schema/value.h"
#include "storage/graph.h"
#include "storage/image/paged.h"

namespace kb::storage {

/// Rows to encode. All borrowed.
struct ColumnRows {
  ColumnChunk::Type type = ColumnChunk::Type::kMixed;
  std::uint32_t rows = 0;  ///< At most kBlockSize.
  const std::uint64_t* present =
      nullptr;  ///< (rows + 63) / 64 words; nullptr: every row has a value.
  /// `rows` entries of the type's array: int64_t (boolean, integer, date), double, string_view,
  /// Value.
  const void* data = nullptr;
};

/// Packs rows; those behind the last value are left off. No value at all gives an empty string,
/// which means: delete the key.
std::string EncodeColumn(const ColumnRows& rows);
std::string EncodeColumn(const ColumnChunk& chunk);

/// A decoded chunk: plain arrays, of which only the type's is filled. Rows without a value hold 0,
/// an empty text or null. Movable, not copyable: `strings` point into `text`.
struct ColumnData {
  ColumnChunk::Type type = ColumnChunk::Type::kMixed;
  std::uint32_t rows = 0;
  ColumnData() = default;
  explicit ColumnData(const std::shared_ptr<PagedMemory>& memory)
      : integers(PagedAllocator<std::int64_t>(memory)),
        floats(PagedAllocator<double>(memory)),
        text(PagedAllocator<char>(memory)),
        strings(PagedAllocator<std::string_view>(memory)) {}

  std::vector<std::uint64_t> present;  ///< Always filled; bits behind `rows` are 0.
  PagedVector<std::int64_t> integers;
  PagedVector<double> floats;
  PagedVector<char> text;
  PagedVector<std::string_view> strings;
  std::vector<schema::Value> values;

  /// The array of the type, as ColumnRows::data wants it.
  const void* data() const;
  /// About the memory it takes.
  std::size_t bytes() const;
};

/// Arrays and text go to `memory`, or to the heap if that is null. Error: kCorruption.
Result<ColumnData> DecodeColumn(std::string_view bytes,
                                const std::shared_ptr<PagedMemory>& memory = nullptr);

}  // namespace kb::storage
