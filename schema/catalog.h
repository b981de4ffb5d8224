// The catalog: names and ids of labels, relationship types and property keys, and definitions of
// indexes and constraints. An immutable snapshot that views share; a writer makes a changed copy
// and publishes it with its transaction. Ids are handed out upwards and never reused.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/base/result.h"
#include "schema/definition.h"
#include "schema/ids.h"

namespace kb::schema {

/// Names of one sort, by id and by name. A name is found by way of a flat table of ids, so that a
/// look meets two places in memory and not a chain of them.
class NameTable {
 public:
  std::optional<std::uint32_t> Find(std::string_view name) const;
  std::string_view Name(std::uint32_t id) const { return names_[id]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  std::span<const std::string> names() const { return names_; }
  std::uint32_t Add(std::string_view name);

 private:
  static constexpr std::uint32_t kNoName = 0xFFFF'FFFFu;
  /// The slot of a name, or the free one where it would go. Only where there are slots.
  std::size_t SlotOf(std::string_view name) const;
  void Grow();

  std::vector<std::string> names_;
  std::vector<std::uint32_t> slots_;  ///< A power of two of them, at most half of them taken.
};

/// Thread-safe to read once shared.
class Catalog {
 public:
  std::optional<LabelId> FindLabel(std::string_view name) const;
  std::optional<TypeId> FindType(std::string_view name) const;
  std::optional<KeyId> FindKey(std::string_view name) const;
  std::string_view Name(LabelId id) const { return labels_.Name(Raw(id)); }
  std::string_view Name(TypeId id) const { return types_.Name(Raw(id)); }
  std::string_view Name(KeyId id) const { return keys_.Name(Raw(id)); }

  std::uint32_t label_count() const { return labels_.size(); }
  std::uint32_t type_count() const { return types_.size(); }
  std::uint32_t key_count() const { return keys_.size(); }
  std::span<const std::string> label_names() const { return labels_.names(); }
  std::span<const std::string> type_names() const { return types_.names(); }
  std::span<const std::string> key_names() const { return keys_.names(); }

  std::span<const IndexDefinition> indexes() const { return indexes_; }
  /// The index over this one property of nodes, or null.
  const IndexDefinition* FindIndex(LabelId label, KeyId key) const;
  const IndexDefinition* FindIndex(const Subject& subject) const;
  const IndexDefinition* FindIndex(std::string_view name) const;

  std::span<const ConstraintDefinition> constraints() const { return constraints_; }
  const ConstraintDefinition* FindConstraint(std::string_view name) const;
  /// The one that demands the same, whatever its name.
  const ConstraintDefinition* FindConstraint(const ConstraintDefinition& like) const;

  /// A subject in words: ":Person(name, born)", "[:KNOWS](since)".
  std::string Describe(const Subject& subject) const;

  /// Changes whenever a definition (not data) changes; plans are cached by it.
  std::uint64_t version() const { return version_; }

  // Changing a copy. A name that is there keeps its id. Errors: kLimit when a table is full.
  Result<LabelId> AddLabel(std::string_view name);
  Result<TypeId> AddType(std::string_view name);
  Result<KeyId> AddKey(std::string_view name);
  /// Sets the definition's id. Error kConstraint if the name, or an index of the kind over the same
  /// properties, is there already.
  Result<IndexId> AddIndex(IndexDefinition definition);
  Result<IndexId> AddIndex(std::string name, LabelId label, KeyId key);
  /// Error kNotFound if there is none of that name, kConstraint if it belongs to a constraint.
  Result<void> DropIndex(std::string_view name);
  /// The caller has verified the data. A constraint that needs an index gets one of its own name.
  /// Error kConstraint if the name, one that demands the same, or such an index is there already.
  Result<void> AddConstraint(ConstraintDefinition definition);
  /// With its index. Error kNotFound if there is none of that name.
  Result<void> DropConstraint(std::string_view name);

 private:
  NameTable labels_;
  NameTable types_;
  NameTable keys_;
  Result<void> CheckName(std::string_view name) const;

  std::vector<IndexDefinition> indexes_;
  std::vector<ConstraintDefinition> constraints_;
  std::uint32_t next_index_ = 0;
  std::uint64_t version_ = 1;

  friend class CatalogCodec;  // storage/catalog_store.cc reads and restores the tables as they are.
};

using CatalogRef = std::shared_ptr<const Catalog>;

}  // namespace kb::schema
