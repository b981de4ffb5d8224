// Columns of a bulk load: rows as they came into chunks of 2048.
#include <algorithm>
#include <memory>
#include <utility>

#include "storage/bulk_pack.h"
#include "storage/codec.h"
#include "storage/column.h"

namespace kb::storage {

using Type = BulkColumn::Type;

bool HasRow(const BulkColumn& column, std::size_t row) {
  return column.present.empty() || column.present[row] != 0;
}

Value RowValue(const BulkColumn& column, std::size_t row) {
  if (!HasRow(column, row)) return Value::Null();
  switch (column.type) {
    case Type::kInteger:
      return Value::Integer(column.integers[row]);
    case Type::kBoolean:
      return Value::Boolean(column.integers[row] != 0);
    case Type::kFloat:
      return Value::Float(column.floats[row]);
    case Type::kString:
      return Value::String(
          std::string_view(column.text)
              .substr(static_cast<std::size_t>(column.offsets[row]),
                      static_cast<std::size_t>(column.offsets[row + 1] - column.offsets[row])));
    case Type::kValue:
      return column.values[row];
  }
  return Value::Null();
}

Result<void> CheckColumn(const BulkColumn& column, std::size_t rows) {
  std::size_t size = 0;
  switch (column.type) {
    case Type::kInteger:
    case Type::kBoolean:
      size = column.integers.size();
      break;
    case Type::kFloat:
      size = column.floats.size();
      break;
    case Type::kString:
      size = column.offsets.empty() ? 0 : column.offsets.size() - 1;
      break;
    case Type::kValue:
      size = column.values.size();
      break;
  }
  if (size != rows || (!column.present.empty() && column.present.size() != rows)) {
    return ArgumentError("column {} has {} rows, but its batch has {}", column.key, size, rows);
  }
  if (column.type == Type::kString && !column.offsets.empty() &&
      (!std::is_sorted(column.offsets.begin(), column.offsets.end()) ||
       column.offsets.back() > column.text.size())) {
    return ArgumentError("column {} has offsets that do not fit its text", column.key);
  }
  for (const Value& value : column.values) KB_TRY(CheckStorable(value));
  return {};
}

Chunk CutChunk(const BulkColumn& column, std::size_t begin, std::size_t end, std::uint32_t at) {
  ColumnData data;
  data.rows = at + static_cast<std::uint32_t>(end - begin);
  data.present.resize((data.rows + 63) / 64);
  for (std::size_t row = begin; row < end; ++row) {
    const std::size_t to = at + row - begin;
    if (HasRow(column, row)) data.present[to / 64] |= std::uint64_t{1} << (to % 64);
  }
  const auto from = static_cast<std::ptrdiff_t>(begin);
  const auto to = static_cast<std::ptrdiff_t>(end);
  if (column.type == Type::kFloat) {
    data.type = ColumnChunk::Type::kFloat;
    data.floats.resize(at);
    data.floats.insert(data.floats.end(), column.floats.begin() + from, column.floats.begin() + to);
  } else if (column.type == Type::kString) {
    data.type = ColumnChunk::Type::kString;
    const std::uint64_t base = column.offsets[begin];
    const char* const text = column.text.data() + base;
    data.text.assign(text, text + (column.offsets[end] - base));
    data.strings.resize(data.rows);
    for (std::size_t row = begin; row < end; ++row) {
      if (!HasRow(column, row)) continue;
      data.strings[at + row - begin] = {
          data.text.data() + (column.offsets[row] - base),
          static_cast<std::size_t>(column.offsets[row + 1] - column.offsets[row])};
    }
  } else {
    data.type =
        column.type == Type::kBoolean ? ColumnChunk::Type::kBoolean : ColumnChunk::Type::kInteger;
    data.integers.resize(at);
    data.integers.insert(data.integers.end(), column.integers.begin() + from,
                         column.integers.begin() + to);
  }
  return Chunk(std::move(data));
}

Cow<Chunk>& ChunkWriter::Block(std::uint32_t block) {
  if (slot_ != nullptr && block_ == block) return *slot_;
  Finish();
  block_ = block;
  slot_ = &column_->Slot(block);
  return *slot_;
}

void ChunkWriter::Finish() {
  if (slot_ == nullptr) return;
  if (*slot_ && (*slot_)->count() == 0) slot_->Reset();
  if (*slot_ && parts_ != nullptr) {
    parts_->emplace_back(key_of_(block_), EncodeColumn(**slot_));
    slot_->Reset();
  }
  slot_ = nullptr;
}

void FillNodes(std::vector<NodePiece> pieces, KeyId key, const BulkTarget& target) {
  Column& column = target.root->node_columns[schema::Raw(key)].Edit();
  ChunkWriter writer(&column, target.parts,
                     [key](std::uint32_t block) { return NodeColumnKey(key, block); });
  for (NodePiece& piece : pieces) {
    for (std::uint32_t row = 0; row < piece.rows;) {
      const std::uint32_t id = schema::Raw(piece.first) + row;
      const std::uint32_t at = id % kBlockSize;
      const std::uint32_t end = std::min(piece.rows, row + kBlockSize - at);
      Cow<Chunk>& slot = writer.Block(id / kBlockSize);
      if (!slot && piece.column.type != Type::kValue) {
        slot.Reset(std::make_shared<Chunk>(CutChunk(piece.column, row, end, at)));
      } else {
        Chunk& chunk = slot.Edit();
        for (std::uint32_t i = row; i < end; ++i) {
          chunk.Set(at + i - row, RowValue(piece.column, i));
        }
      }
      row = end;
    }
    piece.column = BulkColumn();
  }
  writer.Finish();
}

}  // namespace kb::storage
