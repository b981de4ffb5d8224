#include "storage/leaf.h"

#include <algorithm>

#include "schema/base/assert.h"
#include "storage/bits.h"
#include "storage/codec.h"

namespace kb::storage {

using schema::Direction;
using schema::EdgeId;
using schema::NodeId;
using schema::Raw;
using schema::TypeId;

namespace {

// The first byte of edge ids: how they lie.
constexpr std::uint8_t kSequential = 0;  ///< The ids ascend by one from a first, hubs included.
constexpr std::uint8_t kPacked = 1;

/// Least and greatest of the numbers a packed array holds, gathered while they are seen.
struct Extent {
  std::uint32_t least = 0xFFFF'FFFF;
  std::uint32_t greatest = 0;

  void Add(std::uint32_t value) {
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  bool empty() const { return least > greatest; }
  unsigned width() const { return empty() ? 0 : PackedWidth(greatest - least); }
};

bool IsHub(const LeafOffsets& offsets, std::size_t row) {
  return offsets[row + 1] - offsets[row] > kHubEntries;
}

/// Calls visit(begin, end) for each maximal run of entries that belong to no hub.
template <typename Visit>
void ForEachRun(const LeafOffsets& offsets, Visit visit) {
  std::uint32_t begin = 0;
  for (std::size_t row = 0; row < kLeafNodes; ++row) {
    if (!IsHub(offsets, row)) continue;
    if (begin < offsets[row]) visit(begin, offsets[row]);
    begin = offsets[row + 1];
  }
  if (begin < offsets[kLeafNodes]) visit(begin, offsets[kLeafNodes]);
}

/// Appends base, width and the packed numbers of all runs.
template <typename Id>
void PutRuns(std::string* out, const LeafOffsets& offsets, std::span<const Id> ids) {
  Extent extent;
  ForEachRun(offsets, [&](std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t i = begin; i < end; ++i) extent.Add(Raw(ids[i]));
  });
  std::vector<std::uint32_t> plain;
  plain.reserve(ids.size());
  ForEachRun(offsets, [&](std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t i = begin; i < end; ++i) plain.push_back(Raw(ids[i]) - extent.least);
  });
  PutVarint(out, extent.empty() ? 0 : extent.least);
  out->push_back(static_cast<char>(extent.width()));
  PackBits(out, plain.size(), extent.width(), [&](std::size_t i) { return plain[i]; });
}

template <typename Id>
std::string EncodeSegment(std::span<const Id> ids) {
  Extent extent;
  for (const Id id : ids) extent.Add(Raw(id));
  std::string out;
  PutVarint(&out, ids.size());
  PutVarint(&out, extent.least);
  out.push_back(static_cast<char>(extent.width()));
  PackBits(&out, ids.size(), extent.width(),
           [&](std::size_t i) { return Raw(ids[i]) - extent.least; });
  return out;
}

bool AscendByOne(std::span<const EdgeId> edges) {
  for (std::size_t i = 1; i < edges.size(); ++i) {
    if (Raw(edges[i]) != Raw(edges[i - 1]) + 1) return false;
  }
  return true;
}

/// The packed array that ends a value: base, width, numbers.
struct PackedTail {
  std::uint64_t base = 0;
  unsigned width = 0;
  std::string_view packed;
};

PackedTail ReadTail(ByteReader* in, std::size_t count) {
  PackedTail tail;
  tail.base = in->VarintUpTo(0xFFFF'FFFF);
  tail.width = in->Byte();
  if (tail.width > 32) in->Fail();
  if (!in->failed()) tail.packed = in->Raw(PackedBytes(count, tail.width));
  return tail;
}

/// Unpacks numbers [begin, end) to `out`. Corrupt bytes may overflow the base; that wraps.
template <typename Id>
void UnpackTail(const PackedTail& tail, std::size_t begin, std::size_t end, Id* out) {
  const auto base = static_cast<std::uint32_t>(tail.base);
  UnpackBits(tail.packed.data(), begin, end, tail.width,
             [base, begin, out](std::size_t i, std::uint64_t number) {
               out[i - begin] = Id{base + static_cast<std::uint32_t>(number)};
             });
}

std::uint32_t SegmentCount(const LeafOffsets& offsets, std::size_t row) {
  return (offsets[row + 1] - offsets[row] + kHubEntries - 1) / kHubEntries;
}

/// One side (neighbours or edge ids) of a leaf and where its segments lie.
struct Side {
  KeyKind segments;
  TypeId type;
  Direction dir;
  std::uint32_t leaf;

  NodeId Node(std::size_t row) const {
    return NodeId{leaf * kLeafNodes + static_cast<std::uint32_t>(row)};
  }
  std::string Key(std::size_t row, std::uint32_t segment) const {
    return segments == KeyKind::kSegment ? SegmentKey(type, dir, Node(row), segment)
                                         : SegmentEdgesKey(type, dir, Node(row), segment);
  }
};

template <typename Id>
void PutSegments(const Side& side, const LeafOffsets& offsets, std::span<const Id> ids,
                 std::vector<KeyValue>* out) {
  for (std::size_t row = 0; row < kLeafNodes; ++row) {
    if (!IsHub(offsets, row)) continue;
    const auto entries = ids.subspan(offsets[row], offsets[row + 1] - offsets[row]);
    for (std::uint32_t i = 0; i < SegmentCount(offsets, row); ++i) {
      const std::size_t begin = std::size_t{i} * kHubEntries;
      const std::size_t size = std::min<std::size_t>(kHubEntries, entries.size() - begin);
      out->push_back({side.Key(row, i), EncodeSegment(entries.subspan(begin, size))});
    }
  }
}

template <typename Id>
Result<void> ReadSegments(const Side& side, const LeafOffsets& offsets, const KeyReader& read,
                          Id* out) {
  for (std::size_t row = 0; row < kLeafNodes; ++row) {
    if (!IsHub(offsets, row)) continue;
    for (std::uint32_t i = 0; i < SegmentCount(offsets, row); ++i) {
      const std::string key = side.Key(row, i);
      KB_ASSIGN(const std::optional<std::string> bytes, read(key));
      if (!bytes) {
        return CorruptionError("segment {} of the relationships of node {} is missing", i,
                               Raw(side.Node(row)));
      }
      const std::uint32_t begin = offsets[row] + i * kHubEntries;
      const std::uint32_t size = std::min(kHubEntries, offsets[row + 1] - begin);
      ByteReader in(*bytes);
      if (in.Varint() != size) in.Fail();
      const PackedTail tail = ReadTail(&in, size);
      KB_TRY(in.Finish("a segment of relationships"));
      UnpackTail(tail, 0, size, out + begin);
    }
  }
  return {};
}

/// Writes all runs of a side that lie in the leaf itself.
template <typename Id>
void UnpackRuns(const PackedTail& tail, const LeafOffsets& offsets, Id* out) {
  std::size_t done = 0;
  ForEachRun(offsets, [&](std::uint32_t begin, std::uint32_t end) {
    UnpackTail(tail, done, done + (end - begin), out + begin);
    done += end - begin;
  });
}

std::size_t EntriesInLeaf(const LeafOffsets& offsets) {
  std::size_t count = 0;
  ForEachRun(offsets, [&](std::uint32_t begin, std::uint32_t end) { count += end - begin; });
  return count;
}

/// Reads the degrees, the first part of a leaf's value.
LeafOffsets ReadOffsets(ByteReader* in) {
  LeafOffsets offsets{};
  const unsigned width = in->Byte();
  if (width > 32) in->Fail();
  const std::string_view packed =
      in->failed() ? std::string_view() : in->Raw(PackedBytes(kLeafNodes, width));
  if (in->failed()) return offsets;
  std::uint64_t total = 0;
  UnpackBits(packed.data(), 0, kLeafNodes, width, [&](std::size_t i, std::uint64_t degree) {
    total += degree;
    offsets[i + 1] = static_cast<std::uint32_t>(total);
  });
  // Every entry takes room here or in a segment; the total bounds what a reader allocates.
  if (total > 0xFFFF'FFFF) in->Fail();
  return offsets;
}

}  // namespace

std::vector<KeyValue> EncodeLeaf(TypeId type, Direction dir, std::uint32_t leaf,
                                 const LeafOffsets& offsets, std::span<const NodeId> nodes,
                                 std::span<const EdgeId> edges) {
  KB_ASSERT(offsets[0] == 0 && offsets[kLeafNodes] == nodes.size());
  KB_ASSERT(nodes.size() == edges.size());
  std::vector<KeyValue> out;
  if (nodes.empty()) return out;

  std::uint32_t degree_max = 0;
  for (std::size_t row = 0; row < kLeafNodes; ++row) {
    degree_max = std::max(degree_max, offsets[row + 1] - offsets[row]);
  }
  std::string value;
  const unsigned width = PackedWidth(degree_max);
  value.push_back(static_cast<char>(width));
  PackBits(&value, kLeafNodes, width, [&](std::size_t i) { return offsets[i + 1] - offsets[i]; });
  PutRuns(&value, offsets, nodes);
  out.push_back({LeafKey(type, dir, leaf), std::move(value)});
  PutSegments({KeyKind::kSegment, type, dir, leaf}, offsets, nodes, &out);

  std::string ids;
  if (AscendByOne(edges)) {
    ids.push_back(static_cast<char>(kSequential));
    PutVarint(&ids, Raw(edges[0]));
  } else {
    ids.push_back(static_cast<char>(kPacked));
    PutRuns(&ids, offsets, edges);
    PutSegments({KeyKind::kSegmentEdges, type, dir, leaf}, offsets, edges, &out);
  }
  out.push_back({LeafEdgesKey(type, dir, leaf), std::move(ids)});
  return out;
}

Result<LeafOffsets> DecodeLeafOffsets(std::string_view bytes) {
  ByteReader in(bytes);
  const LeafOffsets offsets = ReadOffsets(&in);
  if (!in.failed()) ReadTail(&in, EntriesInLeaf(offsets));
  KB_TRY(in.Finish("a leaf of relationships"));
  return offsets;
}

Result<void> DecodeLeafNodes(TypeId type, Direction dir, std::uint32_t leaf, std::string_view bytes,
                             const LeafOffsets& offsets, const KeyReader& read, NodeId* nodes) {
  ByteReader in(bytes);
  if (ReadOffsets(&in) != offsets) in.Fail();
  const PackedTail tail = ReadTail(&in, EntriesInLeaf(offsets));
  KB_TRY(in.Finish("a leaf of relationships"));
  UnpackRuns(tail, offsets, nodes);
  return ReadSegments({KeyKind::kSegment, type, dir, leaf}, offsets, read, nodes);
}

Result<void> DecodeLeafEdges(TypeId type, Direction dir, std::uint32_t leaf, std::string_view bytes,
                             const LeafOffsets& offsets, const KeyReader& read, EdgeId* edges) {
  ByteReader in(bytes);
  const std::uint8_t form = in.Byte();
  if (form == kSequential) {
    auto id = static_cast<std::uint32_t>(in.VarintUpTo(0xFFFF'FFFF));
    KB_TRY(in.Finish("a leaf of relationship ids"));
    for (std::uint32_t i = 0; i < offsets[kLeafNodes]; ++i) edges[i] = EdgeId{id++};
    return {};
  }
  if (form != kPacked) in.Fail();
  const PackedTail tail = ReadTail(&in, EntriesInLeaf(offsets));
  KB_TRY(in.Finish("a leaf of relationship ids"));
  UnpackRuns(tail, offsets, edges);
  return ReadSegments({KeyKind::kSegmentEdges, type, dir, leaf}, offsets, read, edges);
}

Result<std::vector<std::uint32_t>> DecodeSegment(std::string_view bytes) {
  ByteReader in(bytes);
  const auto count = static_cast<std::size_t>(in.VarintUpTo(kHubEntries));
  const PackedTail tail = ReadTail(&in, count);
  KB_TRY(in.Finish("a segment of relationships"));
  std::vector<std::uint32_t> numbers(count);
  UnpackTail(tail, 0, count, numbers.data());
  return numbers;
}

}  // namespace kb::storage
