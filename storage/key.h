// Keys: where everything lies on disk, in one table. FORMAT.md says the same byte by byte.
//
//   family  key (integers big endian)         value
//   ------  --------------------------------- -----------------------------------------
//   meta    'm' name                          catalog, counters, format, by name
//   meta    'i' index32 value node32          nothing: a property index entry
//   default 'h' time64 part32                 what a commit changed (history.h)
//   default 'S' statement64                   a statement (statement.h)
//   default 'x' erasure64                     the mark of an erasure (erasure.h)
//   adj     'a' type16 dir8 leaf32            packed neighbours of 256 nodes (leaf.h)
//   adj     'e' type16 dir8 leaf32            their edge ids
//   adj     's' type16 dir8 node32 segment32  4096 neighbours of a hub
//   adj     't' type16 dir8 node32 segment32  their edge ids
//   col     'l' block32                       existence and labels of 2048 nodes
//   col     'n' key32 block32                 node property chunk (column.h)
//   col     'r' type16 key32 block32          relationship property chunk
//   delta   'N' node32                        node: its labels, or deleted
//   delta   'E' type16 src32 target32 edge32  relationship: added, or deleted
//   delta   'P' node32 key32                  node property: a value, null = removed
//   delta   'R' type16 edge32 key32           relationship property, likewise
//
// The first byte alone says what a key is, so families could be merged without changing a key. Edge
// ids lie apart from the neighbours because most questions never ask for them: they load lazily.
// The delta holds absolute states, never relative edits: replaying an entry twice, or over a leaf
// that has it already, changes nothing, which is what makes a fold safe to interrupt.
//
// Keys come as std::string because all but a few fit its inline buffer (15 bytes). Thread-safe:
// pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/ids.h"
#include "schema/value.h"

namespace kb::storage {

/// The column families. Few: each costs time whenever a case is opened.
enum class Family : std::uint8_t { kMeta, kAdjacency, kColumn, kDelta };
inline constexpr int kFamilyCount = 4;

/// Nodes of one packed leaf.
inline constexpr std::uint32_t kLeafNodes = 256;
/// A node with more entries than this in one (type, direction) is a hub: its entries lie in
/// segments of this size under keys of their own, so that changing other nodes does not rewrite
/// them.
inline constexpr std::uint32_t kHubEntries = 4096;

constexpr std::uint32_t LeafOf(schema::NodeId id) { return schema::Raw(id) / kLeafNodes; }

/// What a key is; the value is its first byte.
enum class KeyKind : char {
  kMeta = 'm',
  kIndex = 'i',
  kHistory = 'h',
  kStatement = 'S',
  kErasure = 'x',
  kLeaf = 'a',
  kLeafEdges = 'e',
  kSegment = 's',
  kSegmentEdges = 't',
  kLabels = 'l',
  kNodeColumn = 'n',
  kEdgeColumn = 'r',
  kNodeDelta = 'N',
  kEdgeDelta = 'E',
  kNodePropertyDelta = 'P',
  kEdgePropertyDelta = 'R',
};

/// The family that holds keys of a kind.
Family FamilyOf(KeyKind kind);

// --- Composing ---
std::string MetaKey(std::string_view name);
/// `dir` is kOut or kIn.
std::string LeafKey(schema::TypeId type, schema::Direction dir, std::uint32_t leaf);
std::string LeafEdgesKey(schema::TypeId type, schema::Direction dir, std::uint32_t leaf);
std::string SegmentKey(schema::TypeId type, schema::Direction dir, schema::NodeId hub,
                       std::uint32_t segment);
std::string SegmentEdgesKey(schema::TypeId type, schema::Direction dir, schema::NodeId hub,
                            std::uint32_t segment);
std::string LabelsKey(std::uint32_t block);
std::string NodeColumnKey(schema::KeyId key, std::uint32_t block);
std::string EdgeColumnKey(schema::TypeId type, schema::KeyId key, std::uint32_t block);
std::string NodeDeltaKey(schema::NodeId node);
std::string EdgeDeltaKey(schema::TypeId type, schema::NodeId source, schema::NodeId target,
                         schema::EdgeId edge);
std::string NodePropertyDeltaKey(schema::NodeId node, schema::KeyId key);
std::string EdgePropertyDeltaKey(schema::TypeId type, schema::EdgeId edge, schema::KeyId key);
/// `time` in microseconds, not negative.
std::string HistoryKey(std::int64_t time, std::uint32_t part);
std::string StatementKey(std::uint64_t id);
std::string ErasureKey(std::uint64_t id);
/// `value` as EncodeIndexValue wrote it.
std::string IndexKey(schema::IndexId index, std::string_view value, schema::NodeId node);

// --- Prefixes: every key that begins so, and no other ---
std::string KindPrefix(KeyKind kind);
std::string LeafPrefix(KeyKind kind, schema::TypeId type, schema::Direction dir);  ///< a e s t
std::string SegmentPrefix(KeyKind kind, schema::TypeId type, schema::Direction dir,
                          schema::NodeId hub);  ///< s t
std::string NodeColumnPrefix(schema::KeyId key);
std::string EdgeColumnPrefix(schema::TypeId type);
std::string EdgeColumnPrefix(schema::TypeId type, schema::KeyId key);
std::string EdgeDeltaPrefix(schema::TypeId type);
std::string IndexPrefixKey(schema::IndexId index);
/// The least key behind all keys with this prefix; empty if there is none (prefix all 0xFF).
std::string PrefixEnd(std::string_view prefix);

// --- Reading ---
/// The parts of a key; those that its kind does not have are zero.
struct KeyParts {
  KeyKind kind{};
  schema::TypeId type{};
  schema::Direction direction{};
  schema::KeyId key{};
  schema::NodeId node{};  ///< The node, hub or source.
  schema::NodeId target{};
  schema::EdgeId edge{};
  schema::IndexId index{};
  std::uint32_t number = 0;  ///< The leaf, block, segment or part.
  std::int64_t time = 0;     ///< Of a history key; of a statement's its number.
  std::string_view text;     ///< The meta key's name, or the index key's encoded value. Borrowed.
};
/// nullopt if the bytes are no key of this format.
std::optional<KeyParts> ParseKey(std::string_view bytes);

// --- Values in index keys ---
/// Appends bytes whose order (memcmp) is the order of values within a group of comparable values,
/// and whose equality holds wherever schema::Equal does: integers and floats compare by number,
/// instants by UTC. No encoding is a prefix of another. Returns false if distinct values may share
/// these bytes (a text that was cut at kIndexTextBytesMax, an instant without its zone): then equal
/// bytes are candidates to be compared, and order is kept only weakly. Null and values that cannot
/// be stored encode as the least group.
bool EncodeIndexValue(const schema::Value& value, std::string* out);
/// Bytes with which the encodings of all strings that begin with `prefix` begin. Weak (candidates
/// only) if the prefix is longer than kIndexTextBytesMax.
std::string IndexStringPrefix(std::string_view prefix);
/// The first byte of an encoding: values compare only within a group.
std::uint8_t IndexGroup(std::string_view encoded);
/// The encoding in words, for dumps.
std::string DescribeIndexValue(std::string_view encoded);

/// Longer texts are cut here in index keys (RocksDB likes its keys small).
inline constexpr std::size_t kIndexTextBytesMax = 1024;

}  // namespace kb::storage
