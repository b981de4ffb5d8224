#include "storage/dump.h"

#include <fmt/format.h>

#include "storage/codec.h"
#include "storage/column.h"
#include "storage/erasure.h"
#include "storage/history.h"
#include "storage/key.h"
#include "storage/leaf.h"
#include "storage/statement.h"

namespace kb::storage {

using schema::Direction;
using schema::Raw;

namespace {

constexpr std::size_t kHexBytesMax = 64;
constexpr std::size_t kItemsMax = 8;

std::string Hex(std::string_view bytes) {
  std::string out = "0x";
  for (const char c : bytes.substr(0, kHexBytesMax)) {
    out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  if (bytes.size() > kHexBytesMax) out += fmt::format("… ({} bytes)", bytes.size());
  return out;
}

std::string_view SideName(Direction direction) {
  return direction == Direction::kIn ? "in" : "out";
}

std::string_view NameOf(ColumnChunk::Type type) {
  switch (type) {
    case ColumnChunk::Type::kBoolean:
      return "boolean";
    case ColumnChunk::Type::kInteger:
      return "integer";
    case ColumnChunk::Type::kFloat:
      return "float";
    case ColumnChunk::Type::kString:
      return "string";
    case ColumnChunk::Type::kDate:
      return "date";
    case ColumnChunk::Type::kMixed:
      return "mixed";
  }
  return "?";
}

std::string LabelList(const std::vector<schema::LabelId>& labels) {
  std::string out = "{";
  for (const schema::LabelId label : labels) {
    out += fmt::format("{}{}", out.size() > 1 ? " " : "", Raw(label));
  }
  return out + "}";
}

Result<std::string> DumpLeaf(std::string_view value) {
  KB_ASSIGN(const LeafOffsets offsets, DecodeLeafOffsets(value));
  std::string out = fmt::format("{} entries, degrees", offsets[kLeafNodes]);
  std::size_t shown = 0;
  for (std::size_t row = 0; row < kLeafNodes && shown <= kItemsMax; ++row) {
    const std::uint32_t degree = offsets[row + 1] - offsets[row];
    if (degree == 0) continue;
    out += ++shown > kItemsMax ? " …" : fmt::format(" {}:{}", row, degree);
  }
  return out;
}

Result<std::string> DumpSegment(std::string_view value) {
  KB_ASSIGN(const std::vector<std::uint32_t> ids, DecodeSegment(value));
  std::string out = fmt::format("{} ids", ids.size());
  for (std::size_t i = 0; i < ids.size() && i <= kItemsMax; ++i) {
    out += i == kItemsMax ? " …" : fmt::format(" {}", ids[i]);
  }
  return out;
}

Result<std::string> DumpLabels(std::string_view value) {
  KB_ASSIGN(const LabelBlock block, DecodeLabelBlock(value));
  std::size_t count = 0;
  for (const std::uint64_t word : block.exists) {
    count += static_cast<std::size_t>(__builtin_popcountll(word));
  }
  std::string out = fmt::format("{} of {} rows, label sets", count, block.rows);
  for (std::size_t i = 0; i < block.sets.size() && i <= kItemsMax; ++i) {
    out += i == kItemsMax ? " …" : fmt::format(" {}", LabelList(block.sets[i]));
  }
  return out;
}

std::string CellText(const ColumnData& column, std::uint32_t row) {
  if (((column.present[row / 64] >> (row % 64)) & 1) == 0) return "-";
  if (!column.floats.empty()) return fmt::format("{}", column.floats[row]);
  if (!column.strings.empty()) return schema::Value::String(column.strings[row]).ToText();
  if (!column.values.empty()) return column.values[row].ToText();
  return fmt::format("{}", column.integers[row]);
}

Result<std::string> DumpColumn(std::string_view value) {
  KB_ASSIGN(const ColumnData column, DecodeColumn(value));
  std::string out = fmt::format("{} {} rows:", column.rows, NameOf(column.type));
  for (std::uint32_t row = 0; row < column.rows && row <= kItemsMax; ++row) {
    out += row == kItemsMax ? " …" : fmt::format(" {}", CellText(column, row));
  }
  return out;
}

Result<std::string> DumpNodeState(std::string_view value) {
  KB_ASSIGN(const NodeState state, DecodeNodeState(value));
  return state.exists ? "labels " + LabelList(state.labels) : std::string("deleted");
}

Result<std::string> DumpEdgeState(std::string_view value) {
  KB_ASSIGN(const bool exists, DecodeEdgeState(value));
  return std::string(exists ? "added" : "deleted");
}

Result<std::string> DumpProperty(std::string_view value) {
  KB_ASSIGN(const schema::Value decoded, DecodeValue(value));
  return decoded.is_null() ? std::string("removed") : decoded.ToText();
}

Result<std::string> DumpAs(KeyKind kind, std::string_view value) {
  switch (kind) {
    case KeyKind::kLeaf:
      return DumpLeaf(value);
    case KeyKind::kSegment:
    case KeyKind::kSegmentEdges:
      return DumpSegment(value);
    case KeyKind::kLabels:
      return DumpLabels(value);
    case KeyKind::kNodeColumn:
    case KeyKind::kEdgeColumn:
      return DumpColumn(value);
    case KeyKind::kNodeDelta:
      return DumpNodeState(value);
    case KeyKind::kEdgeDelta:
      return DumpEdgeState(value);
    case KeyKind::kNodePropertyDelta:
    case KeyKind::kEdgePropertyDelta:
      return DumpProperty(value);
    case KeyKind::kHistory: {
      KB_ASSIGN(const auto changes, DecodeChanges(value));
      return fmt::format("{} changes", changes.size());
    }
    case KeyKind::kStatement: {
      if (value.empty()) return std::string("erased");
      KB_ASSIGN(const Statement statement, DecodeStatement(value));
      return fmt::format("of {}: {}", statement.entity.id(), statement.value.ToText());
    }
    case KeyKind::kErasure: {
      KB_ASSIGN(const Erasure erasure, DecodeErasure(value));
      return fmt::format("of a {}", NameOf(erasure.kind));
    }
    case KeyKind::kMeta:
    case KeyKind::kIndex:
    case KeyKind::kLeafEdges:
      break;
  }
  return value.empty() ? std::string("nothing") : Hex(value);
}

}  // namespace

std::string DumpKey(std::string_view key) {
  const std::optional<KeyParts> parsed = ParseKey(key);
  if (!parsed) return "unknown " + Hex(key);
  const KeyParts& k = *parsed;
  switch (k.kind) {
    case KeyKind::kMeta:
      return fmt::format("meta {}", k.text);
    case KeyKind::kHistory:
      return fmt::format("history time={} part={}", k.time, k.number);
    case KeyKind::kStatement:
      return fmt::format("statement {}", k.time);
    case KeyKind::kErasure:
      return fmt::format("erasure {}", k.time);
    case KeyKind::kIndex:
      return fmt::format("index {} value={} node={}", Raw(k.index), DescribeIndexValue(k.text),
                         Raw(k.node));
    case KeyKind::kLeaf:
    case KeyKind::kLeafEdges:
      return fmt::format("{} type={} {} leaf={}", k.kind == KeyKind::kLeaf ? "leaf" : "leaf-ids",
                         Raw(k.type), SideName(k.direction), k.number);
    case KeyKind::kSegment:
    case KeyKind::kSegmentEdges:
      return fmt::format("{} type={} {} node={} segment={}",
                         k.kind == KeyKind::kSegment ? "hub" : "hub-ids", Raw(k.type),
                         SideName(k.direction), Raw(k.node), k.number);
    case KeyKind::kLabels:
      return fmt::format("labels block={}", k.number);
    case KeyKind::kNodeColumn:
      return fmt::format("node-column key={} block={}", Raw(k.key), k.number);
    case KeyKind::kEdgeColumn:
      return fmt::format("edge-column type={} key={} block={}", Raw(k.type), Raw(k.key), k.number);
    case KeyKind::kNodeDelta:
      return fmt::format("delta node={}", Raw(k.node));
    case KeyKind::kEdgeDelta:
      return fmt::format("delta type={} source={} target={} edge={}", Raw(k.type), Raw(k.node),
                         Raw(k.target), Raw(k.edge));
    case KeyKind::kNodePropertyDelta:
      return fmt::format("delta node={} key={}", Raw(k.node), Raw(k.key));
    case KeyKind::kEdgePropertyDelta:
      return fmt::format("delta type={} edge={} key={}", Raw(k.type), Raw(k.edge), Raw(k.key));
  }
  return "unknown " + Hex(key);
}

std::string DumpValue(std::string_view key, std::string_view value) {
  const std::optional<KeyParts> parts = ParseKey(key);
  if (!parts) return Hex(value);
  Result<std::string> text = DumpAs(parts->kind, value);
  return text.ok() ? *std::move(text) : text.error().message() + ": " + Hex(value);
}

}  // namespace kb::storage
