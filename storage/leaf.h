// Leaf: the relationships of one type in one direction of 256 consecutive nodes, packed.
//
// A compressed-sparse-row block: degrees, then neighbours as differences from the least of the leaf
// in as few bits as the greatest needs. No deltas between neighbours: they would save little more
// and a prefix sum would cost the plain load its speed. Edge ids lie under a key of their own and
// cost a few bytes where they ascend by one, which they do in OUT leaves since a bulk load or a
// fold numbers relationships in order of (source, target). Hubs (more than kHubEntries entries)
// keep their entries in segments of their own; the leaf only knows their degree.
//
// Thread-safe: pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/base/result.h"
#include "schema/ids.h"
#include "storage/key.h"

namespace kb::storage {

/// Where the entries of each of the 256 nodes lie: node i has [offsets[i], offsets[i + 1]).
using LeafOffsets = std::array<std::uint32_t, kLeafNodes + 1>;

/// Packed bytes under their key.
struct KeyValue {
  std::string key;
  std::string value;
};

/// Packs a leaf: its neighbours under a LeafKey and its edge ids under a LeafEdgesKey, and segments
/// for hubs. `offsets` begin with 0 and ascend; `nodes` and `edges` have offsets[256] entries. An
/// empty leaf gives nothing. Keys of a former leaf that the new one lacks are the caller's to
/// delete: all with SegmentPrefix of its hubs, and the leaf itself if nothing is given.
std::vector<KeyValue> EncodeLeaf(schema::TypeId type, schema::Direction dir, std::uint32_t leaf,
                                 const LeafOffsets& offsets, std::span<const schema::NodeId> nodes,
                                 std::span<const schema::EdgeId> edges);

/// Reads one key of the adjacency family: its value, or nullopt if it is not there.
using KeyReader = std::function<Result<std::optional<std::string>>(const std::string& key)>;

/// The degrees of a leaf; `bytes` is the value of its LeafKey. Error: kCorruption.
Result<LeafOffsets> DecodeLeafOffsets(std::string_view bytes);
/// Writes the neighbours to `nodes`, which has room for offsets[256] entries; reads segments of
/// hubs, if there are any, through `read`. Errors: kCorruption, and those of `read`.
Result<void> DecodeLeafNodes(schema::TypeId type, schema::Direction dir, std::uint32_t leaf,
                             std::string_view bytes, const LeafOffsets& offsets,
                             const KeyReader& read, schema::NodeId* nodes);
/// The same for edge ids; `bytes` is the value of the LeafEdgesKey, `offsets` those of the leaf.
Result<void> DecodeLeafEdges(schema::TypeId type, schema::Direction dir, std::uint32_t leaf,
                             std::string_view bytes, const LeafOffsets& offsets,
                             const KeyReader& read, schema::EdgeId* edges);

/// A segment of a hub as it lies under its key, for dumps and checks.
Result<std::vector<std::uint32_t>> DecodeSegment(std::string_view bytes);

}  // namespace kb::storage
