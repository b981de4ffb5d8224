// What may be defined over labels, types and their properties: indexes and constraints.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schema/ids.h"
#include "schema/type.h"

namespace kb::schema {

/// Properties of the nodes with a label, or of the relationships of a type.
struct Subject {
  bool on_relationships = false;
  LabelId label{};          ///< Of nodes.
  TypeId type{};            ///< Of relationships.
  std::vector<KeyId> keys;  ///< At least one; their order matters.

  friend bool operator==(const Subject&, const Subject&) = default;
};

/// All kinds are the same ordered tree; the words say what somebody wants to find by it. Only
/// constraints make indexes over relationships.
enum class IndexKind : std::uint8_t { kRange, kText, kPoint };

struct IndexDefinition {
  IndexId id{};
  std::string name;
  Subject subject;
  IndexKind kind = IndexKind::kRange;
  std::string constraint;  ///< The constraint that it belongs to; "" for none.
};

enum class ConstraintKind : std::uint8_t {
  kUnique,   ///< No two have the same values; who lacks one is not counted.
  kKey,      ///< No two have the same values, and all have them.
  kNotNull,  ///< All have the property.
  kType,     ///< Who has the property has it of the type.
};

struct ConstraintDefinition {
  std::string name;
  ConstraintKind kind = ConstraintKind::kUnique;
  Subject subject;
  std::optional<Type> type;  ///< Of kType.

  /// Whether it needs an index to look values up in, which has the constraint's name.
  bool IsUnique() const { return kind == ConstraintKind::kUnique || kind == ConstraintKind::kKey; }
};

}  // namespace kb::schema
