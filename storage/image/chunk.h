// Chunk: the values of one property for a block of rows, growing and changing under copy-on-write.
//
// A version of a chunk has its own bitmap and shares the array of values. Writing a row that no
// version has written yet happens in place, since readers of older versions stop at their rows();
// overwriting a row copies the array unless this chunk alone has it. Text lies in append-only pools
// that versions share; what is overwritten is swept out when more than half of a chunk's text is
// dead.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "storage/graph.h"
#include "storage/image/paged.h"
#include "storage/image/pages.h"

namespace kb::storage {

struct ColumnData;  // storage/column.h

/// Append-only memory for text. Bytes that were handed out never move.
class TextPool {
 public:
  /// Copies `text` in; `shared` pools are only added to, never changed.
  std::string_view Add(std::string_view text);
  /// Takes text that was loaded in one piece.
  void Adopt(PagedVector<char> text) { loaded_ = std::move(text); }

 private:
  PagedVector<char> loaded_;
  std::vector<std::unique_ptr<char[]>> pieces_;
  char* free_ = nullptr;
  std::size_t room_ = 0;
};

class Chunk final : public ColumnChunk {
 public:
  Chunk();
  Chunk(const Chunk& other);
  Chunk& operator=(const Chunk&) = delete;
  /// A chunk as it came from the disk or a bulk load.
  explicit Chunk(ColumnData data);

  /// Sets or, with null, clears a row. For the only owner of the object.
  void Set(std::uint32_t row, const Value& value);
  /// Moves the values out of memory that other versions of the chunk share.
  void Isolate();
  /// Rows with a value.
  std::uint32_t count() const { return count_; }

 private:
  /// The array of one type; the others are empty. `used` counts rows that some version has written.
  struct Buffer {
    PagedVector<std::int64_t> integers;
    PagedVector<double> floats;
    PagedVector<std::string_view> strings;
    std::vector<Value> values;
    std::uint32_t capacity = 0;
    std::uint32_t used = 0;
  };

  void Point();
  static void Resize(Buffer* buffer, Type type, std::uint32_t capacity);
  /// Makes the array writable at `row`.
  void Reserve(std::uint32_t row);
  void SweepText();
  /// Turns every value into a Value.
  void Mix();

  std::array<std::uint64_t, kBlockSize / 64> bits_{};
  std::shared_ptr<Buffer> buffer_;
  std::shared_ptr<TextPool> text_;
  std::uint32_t count_ = 0;
  std::uint64_t text_bytes_ = 0;  ///< In the pool, dead ones included.
  std::uint64_t live_bytes_ = 0;
};

/// All chunks of one property, by block.
using Column = LazyTable<Chunk>;

/// The type of chunk that holds a value natively.
ColumnChunk::Type ChunkTypeOf(const Value& value);

}  // namespace kb::storage
