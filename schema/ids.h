// Ids: small integers that cannot be mixed up. Dense, handed out upwards, never reused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace kb::schema {

enum class NodeId : std::uint32_t {};   ///< A node, in the whole case.
enum class EdgeId : std::uint32_t {};   ///< A relationship, among those of its type.
enum class LabelId : std::uint16_t {};  ///< A label's name.
enum class TypeId : std::uint16_t {};   ///< A relationship type's name.
enum class KeyId : std::uint32_t {};    ///< A property's name.
enum class IndexId : std::uint32_t {};  ///< An index definition.

inline constexpr NodeId kNoNode{0xFFFF'FFFFu};

constexpr std::uint32_t Raw(NodeId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t Raw(EdgeId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint16_t Raw(LabelId id) { return static_cast<std::uint16_t>(id); }
constexpr std::uint16_t Raw(TypeId id) { return static_cast<std::uint16_t>(id); }
constexpr std::uint32_t Raw(KeyId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t Raw(IndexId id) { return static_cast<std::uint32_t>(id); }

/// A relationship with what every user of one needs at hand: its type and both ends.
/// Identity is (type, edge); source and target follow from it.
struct RelationshipRef {
  TypeId type{};
  EdgeId edge{};
  NodeId source{};
  NodeId target{};

  /// The id users see: unique among all relationships of the case.
  std::uint64_t id() const { return (std::uint64_t{Raw(type)} << 32) | Raw(edge); }
  friend bool operator==(const RelationshipRef& a, const RelationshipRef& b) {
    return a.edge == b.edge && a.type == b.type;
  }
};
static_assert(sizeof(RelationshipRef) == 16);

/// Which way a relationship is read from a node.
enum class Direction : std::uint8_t { kOut, kIn, kBoth };

constexpr Direction Reverse(Direction d) {
  return d == Direction::kOut ? Direction::kIn : d == Direction::kIn ? Direction::kOut : d;
}

}  // namespace kb::schema
