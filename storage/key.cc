#include "storage/key.h"

#include <fmt/format.h>

#include "schema/base/assert.h"

namespace kb::storage {

using schema::Direction;
using schema::EdgeId;
using schema::IndexId;
using schema::KeyId;
using schema::NodeId;
using schema::Raw;
using schema::TypeId;

namespace {

/// Builds a key part by part, big endian.
class KeyWriter {
 public:
  explicit KeyWriter(KeyKind kind) { bytes_.push_back(static_cast<char>(kind)); }

  KeyWriter& U8(unsigned value) {
    bytes_.push_back(static_cast<char>(value));
    return *this;
  }
  KeyWriter& U16(unsigned value) { return U8(value >> 8).U8(value & 0xFF); }
  KeyWriter& U32(std::uint32_t value) { return U16(value >> 16).U16(value & 0xFFFF); }
  KeyWriter& U64(std::uint64_t value) {
    return U32(static_cast<std::uint32_t>(value >> 32)).U32(static_cast<std::uint32_t>(value));
  }
  KeyWriter& Text(std::string_view text) {
    bytes_.append(text);
    return *this;
  }
  KeyWriter& Side(TypeId type, Direction dir) {
    KB_ASSERT(dir != Direction::kBoth);
    return U16(Raw(type)).U8(dir == Direction::kIn ? 1 : 0);
  }
  std::string Done() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads the parts back; the caller has checked the length.
class KeyReaderBE {
 public:
  explicit KeyReaderBE(std::string_view bytes) : bytes_(bytes) {}

  unsigned U8() { return static_cast<unsigned char>(bytes_[at_++]); }
  unsigned U16() {
    const unsigned high = U8();
    return (high << 8) | U8();
  }
  std::uint32_t U32() {
    const std::uint32_t high = U16();
    return (high << 16) | U16();
  }
  std::uint64_t U64() {
    const std::uint64_t high = U32();
    return (high << 32) | U32();
  }
  TypeId Type() { return TypeId{static_cast<std::uint16_t>(U16())}; }
  NodeId Node() { return NodeId{U32()}; }
  EdgeId Edge() { return EdgeId{U32()}; }
  KeyId Key() { return KeyId{U32()}; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 1;
};

/// The length of keys of a kind; of index keys the least, 0 for what is no kind.
std::size_t LengthOf(KeyKind kind) {
  switch (kind) {
    case KeyKind::kMeta:
      return 1;
    case KeyKind::kIndex:
    case KeyKind::kStatement:
    case KeyKind::kErasure:
      return 9;
    case KeyKind::kHistory:
      return 13;
    case KeyKind::kLeaf:
    case KeyKind::kLeafEdges:
      return 8;
    case KeyKind::kSegment:
    case KeyKind::kSegmentEdges:
      return 12;
    case KeyKind::kLabels:
    case KeyKind::kNodeDelta:
      return 5;
    case KeyKind::kNodeColumn:
    case KeyKind::kNodePropertyDelta:
      return 9;
    case KeyKind::kEdgeColumn:
    case KeyKind::kEdgePropertyDelta:
      return 11;
    case KeyKind::kEdgeDelta:
      return 15;
  }
  return 0;
}

}  // namespace

Family FamilyOf(KeyKind kind) {
  switch (kind) {
    case KeyKind::kMeta:
    case KeyKind::kIndex:
    case KeyKind::kHistory:
    case KeyKind::kStatement:
    case KeyKind::kErasure:
      return Family::kMeta;
    case KeyKind::kLeaf:
    case KeyKind::kLeafEdges:
    case KeyKind::kSegment:
    case KeyKind::kSegmentEdges:
      return Family::kAdjacency;
    case KeyKind::kLabels:
    case KeyKind::kNodeColumn:
    case KeyKind::kEdgeColumn:
      return Family::kColumn;
    case KeyKind::kNodeDelta:
    case KeyKind::kEdgeDelta:
    case KeyKind::kNodePropertyDelta:
    case KeyKind::kEdgePropertyDelta:
      return Family::kDelta;
  }
  KB_ASSERT(false);
  return Family::kMeta;
}

std::string MetaKey(std::string_view name) { return KeyWriter(KeyKind::kMeta).Text(name).Done(); }

std::string LeafKey(TypeId type, Direction dir, std::uint32_t leaf) {
  return KeyWriter(KeyKind::kLeaf).Side(type, dir).U32(leaf).Done();
}
std::string LeafEdgesKey(TypeId type, Direction dir, std::uint32_t leaf) {
  return KeyWriter(KeyKind::kLeafEdges).Side(type, dir).U32(leaf).Done();
}
std::string SegmentKey(TypeId type, Direction dir, NodeId hub, std::uint32_t segment) {
  return KeyWriter(KeyKind::kSegment).Side(type, dir).U32(Raw(hub)).U32(segment).Done();
}
std::string SegmentEdgesKey(TypeId type, Direction dir, NodeId hub, std::uint32_t segment) {
  return KeyWriter(KeyKind::kSegmentEdges).Side(type, dir).U32(Raw(hub)).U32(segment).Done();
}
std::string LabelsKey(std::uint32_t block) { return KeyWriter(KeyKind::kLabels).U32(block).Done(); }
std::string NodeColumnKey(KeyId key, std::uint32_t block) {
  return KeyWriter(KeyKind::kNodeColumn).U32(Raw(key)).U32(block).Done();
}
std::string EdgeColumnKey(TypeId type, KeyId key, std::uint32_t block) {
  return KeyWriter(KeyKind::kEdgeColumn).U16(Raw(type)).U32(Raw(key)).U32(block).Done();
}
std::string NodeDeltaKey(NodeId node) {
  return KeyWriter(KeyKind::kNodeDelta).U32(Raw(node)).Done();
}
std::string EdgeDeltaKey(TypeId type, NodeId source, NodeId target, EdgeId edge) {
  KeyWriter writer(KeyKind::kEdgeDelta);
  return writer.U16(Raw(type)).U32(Raw(source)).U32(Raw(target)).U32(Raw(edge)).Done();
}
std::string NodePropertyDeltaKey(NodeId node, KeyId key) {
  return KeyWriter(KeyKind::kNodePropertyDelta).U32(Raw(node)).U32(Raw(key)).Done();
}
std::string EdgePropertyDeltaKey(TypeId type, EdgeId edge, KeyId key) {
  KeyWriter writer(KeyKind::kEdgePropertyDelta);
  return writer.U16(Raw(type)).U32(Raw(edge)).U32(Raw(key)).Done();
}
std::string IndexKey(IndexId index, std::string_view value, NodeId node) {
  return KeyWriter(KeyKind::kIndex).U32(Raw(index)).Text(value).U32(Raw(node)).Done();
}

std::string HistoryKey(std::int64_t time, std::uint32_t part) {
  return KeyWriter(KeyKind::kHistory).U64(static_cast<std::uint64_t>(time)).U32(part).Done();
}
std::string StatementKey(std::uint64_t id) { return KeyWriter(KeyKind::kStatement).U64(id).Done(); }
std::string ErasureKey(std::uint64_t id) { return KeyWriter(KeyKind::kErasure).U64(id).Done(); }

std::string KindPrefix(KeyKind kind) { return KeyWriter(kind).Done(); }
std::string LeafPrefix(KeyKind kind, TypeId type, Direction dir) {
  KB_ASSERT(FamilyOf(kind) == Family::kAdjacency);
  return KeyWriter(kind).Side(type, dir).Done();
}
std::string SegmentPrefix(KeyKind kind, TypeId type, Direction dir, NodeId hub) {
  KB_ASSERT(kind == KeyKind::kSegment || kind == KeyKind::kSegmentEdges);
  return KeyWriter(kind).Side(type, dir).U32(Raw(hub)).Done();
}
std::string NodeColumnPrefix(KeyId key) {
  return KeyWriter(KeyKind::kNodeColumn).U32(Raw(key)).Done();
}
std::string EdgeColumnPrefix(TypeId type) {
  return KeyWriter(KeyKind::kEdgeColumn).U16(Raw(type)).Done();
}
std::string EdgeColumnPrefix(TypeId type, KeyId key) {
  return KeyWriter(KeyKind::kEdgeColumn).U16(Raw(type)).U32(Raw(key)).Done();
}
std::string EdgeDeltaPrefix(TypeId type) {
  return KeyWriter(KeyKind::kEdgeDelta).U16(Raw(type)).Done();
}
std::string IndexPrefixKey(IndexId index) {
  return KeyWriter(KeyKind::kIndex).U32(Raw(index)).Done();
}

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

namespace {

void ReadSide(KeyReaderBE* in, KeyParts* parts, bool* valid) {
  parts->type = in->Type();
  const unsigned dir = in->U8();
  *valid = dir <= 1;
  parts->direction = dir == 1 ? Direction::kIn : Direction::kOut;
}

}  // namespace

std::optional<KeyParts> ParseKey(std::string_view bytes) {
  if (bytes.empty()) return std::nullopt;
  KeyParts parts;
  parts.kind = static_cast<KeyKind>(bytes[0]);
  const std::size_t length = LengthOf(parts.kind);
  const bool open_ended = parts.kind == KeyKind::kMeta || parts.kind == KeyKind::kIndex;
  if (length == 0 || bytes.size() < length) return std::nullopt;
  if (!open_ended && bytes.size() != length) return std::nullopt;
  KeyReaderBE in(bytes);
  bool valid = true;
  switch (parts.kind) {
    case KeyKind::kMeta:
      parts.text = bytes.substr(1);
      break;
    case KeyKind::kIndex:
      parts.index = IndexId{in.U32()};
      parts.text = bytes.substr(5, bytes.size() - 9);
      parts.node = KeyReaderBE(bytes.substr(bytes.size() - 5)).Node();
      break;
    case KeyKind::kHistory:
    case KeyKind::kStatement:
    case KeyKind::kErasure:
      parts.time = static_cast<std::int64_t>(in.U64());
      if (parts.kind == KeyKind::kHistory) parts.number = in.U32();
      break;
    case KeyKind::kLeaf:
    case KeyKind::kLeafEdges:
      ReadSide(&in, &parts, &valid);
      parts.number = in.U32();
      break;
    case KeyKind::kSegment:
    case KeyKind::kSegmentEdges:
      ReadSide(&in, &parts, &valid);
      parts.node = in.Node();
      parts.number = in.U32();
      break;
    case KeyKind::kLabels:
      parts.number = in.U32();
      break;
    case KeyKind::kNodeColumn:
      parts.key = in.Key();
      parts.number = in.U32();
      break;
    case KeyKind::kEdgeColumn:
      parts.type = in.Type();
      parts.key = in.Key();
      parts.number = in.U32();
      break;
    case KeyKind::kNodeDelta:
      parts.node = in.Node();
      break;
    case KeyKind::kEdgeDelta:
      parts.type = in.Type();
      parts.node = in.Node();
      parts.target = in.Node();
      parts.edge = in.Edge();
      break;
    case KeyKind::kNodePropertyDelta:
      parts.node = in.Node();
      parts.key = in.Key();
      break;
    case KeyKind::kEdgePropertyDelta:
      parts.type = in.Type();
      parts.edge = in.Edge();
      parts.key = in.Key();
      break;
  }
  if (!valid) return std::nullopt;
  return parts;
}

}  // namespace kb::storage
