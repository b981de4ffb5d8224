// The two faces of storage: View, which reads a graph, and Transaction, which changes one.
//
// A View is what the engine queries and the only way to read: the present, the private state of a
// transaction, or a state derived from the past or from fewer sources (evidence.h). It
// pins one immutable root of the copy-on-write image, so everything read through it agrees and
// nothing it hands out changes or moves while it lives. Nothing here names RocksDB.
//
// Layout that readers may rely on:
//   - Node ids come in blocks of kBlockSize. A block is the unit of scans, of columns and of
//   morsels;
//     nodes created with the same labels share blocks, so a block's nodes mostly look alike.
//   - A node's neighbours by (type, direction) are one or two runs in plain arrays (Slice), ordered
//   by
//     (neighbour, edge) within `sorted`; what was appended since stands unordered behind it.
//   - Property values live in typed chunks per (key, block), relationship properties per
//     (type, key, block of edge ids).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/base/result.h"
#include "schema/catalog.h"
#include "schema/ids.h"
#include "schema/value.h"

namespace kb::storage {

using schema::Direction;
using schema::EdgeId;
using schema::IndexId;
using schema::KeyId;
using schema::LabelId;
using schema::NodeId;
using schema::RelationshipRef;
using schema::TypeId;
using schema::Value;

inline constexpr std::uint32_t kBlockSize = 2048;
constexpr std::uint32_t BlockOf(NodeId id) { return schema::Raw(id) / kBlockSize; }

/// Neighbours of one node by one type in one direction: parallel arrays of `size` entries, the
/// first `sorted` of which ascend by (node, edge). Borrowed from the view.
struct Slice {
  const NodeId* nodes = nullptr;
  const EdgeId* edges = nullptr;
  std::uint32_t size = 0;
  std::uint32_t sorted = 0;
};

/// The values of one property for one block of rows. Immutable; borrowed from the view.
class ColumnChunk {
 public:
  enum class Type : std::uint8_t { kBoolean, kInteger, kFloat, kString, kDate, kMixed };

  Type type() const { return type_; }
  /// Rows [0, rows) may have values; rows behind have none.
  std::uint32_t rows() const { return rows_; }
  bool Has(std::uint32_t row) const {
    return row < rows_ && ((present_[row / 64] >> (row % 64)) & 1) != 0;
  }
  /// One bit a row; (rows + 63) / 64 words.
  const std::uint64_t* present() const { return present_; }
  /// Plain arrays of `rows` entries for their types; entries without a value are unspecified (but
  /// readable). Booleans and dates (days) are integers too.
  const std::int64_t* integers() const { return static_cast<const std::int64_t*>(data_); }
  const double* floats() const { return static_cast<const double*>(data_); }
  const std::string_view* strings() const { return static_cast<const std::string_view*>(data_); }
  const Value* values() const { return static_cast<const Value*>(data_); }
  /// The value of a row, null where there is none. Copies long text.
  Value Get(std::uint32_t row) const;

 protected:
  Type type_ = Type::kMixed;
  std::uint32_t rows_ = 0;
  const std::uint64_t* present_ = nullptr;
  const void* data_ = nullptr;
};

/// A bound of a range seek; `value` must be of one comparable group (numbers, strings, dates …).
struct Bound {
  Value value;
  bool inclusive = true;
};

/// What a view's statistics and indexes are worth (see README.md, "Views").
struct ViewQuality {
  /// Counters describe this view, and cost nothing.
  bool exact_counts = true;
  bool exact_index = true;  ///< Index answers need no recheck.
};

class Root;  // storage/image/root.h

/// A graph to read. A small value: copying shares the root. Thread-safe (immutable), except the
/// view of a running transaction, which belongs to that transaction's thread and sees its writes.
class View {
 public:
  View() = default;
  explicit View(std::shared_ptr<const Root> root);

  const schema::Catalog& catalog() const;
  schema::CatalogRef catalog_ref() const;
  ViewQuality quality() const { return quality_; }
  /// The same view, taken to be worth less: for plans that also run on other views.
  View WithQuality(ViewQuality quality) const {
    View copy(*this);
    copy.quality_ = quality;
    return copy;
  }
  const Root& root() const { return *root_; }
  const std::shared_ptr<const Root>& shared_root() const { return root_; }
  bool valid() const { return root_ != nullptr; }
  /// Parts of a case load from disk when they are first read. Reading cannot return errors, so a
  /// part that could not be read appears empty and the error is kept here: ask after each
  /// statement.
  Result<void> Status() const;
  /// Whether a few values are better read one by one than from their columns, which are made when
  /// they are first read.
  bool ReadsSingly() const;

  // --- Nodes ---
  bool Exists(NodeId id) const;
  bool HasLabel(NodeId id, LabelId label) const;
  /// In ascending order of ids; empty for a node that does not exist.
  std::span<const LabelId> Labels(NodeId id) const;

  /// Whether a node may carry both: false if none does or ever did.
  bool MayMeet(LabelId a, LabelId b) const;

  /// Blocks are numbered from 0; this is one past the last that has ever been used.
  std::uint32_t block_count() const;
  /// How many of the nodes of `block` carry `label`; none where there are none. O(1).
  enum class Share : std::uint8_t { kNone, kSome, kAll };
  Share ShareOf(std::uint32_t block, LabelId label) const;
  /// Writes the nodes of `block` that carry `label` (or all) in ascending order to `out`, which has
  /// room for kBlockSize; returns how many. A block without any costs O(1).
  std::uint32_t ScanBlock(std::uint32_t block, std::optional<LabelId> label, NodeId* out) const;

  // --- Relationships ---
  /// `direction` is kOut or kIn. A node that does not exist has none.
  Slice Neighbours(TypeId type, Direction direction, NodeId node) const;
  /// The number of relationships of a node; with kBoth a loop counts once.
  std::uint32_t Degree(TypeId type, Direction direction, NodeId node) const;
  /// Whether the relationship is there (it may have been deleted).
  bool Exists(const RelationshipRef& ref) const;
  /// The relationship with this id (RelationshipRef::id), if there is one. Scans its type: slow.
  std::optional<RelationshipRef> FindRelationship(std::uint64_t id) const;

  // --- Properties ---
  Value Property(NodeId node, KeyId key) const;
  Value Property(const RelationshipRef& ref, KeyId key) const;
  /// Keys in alphabetical order of their names.
  std::vector<std::pair<KeyId, Value>> Properties(NodeId node) const;
  std::vector<std::pair<KeyId, Value>> Properties(const RelationshipRef& ref) const;
  /// The column of a key for one block of nodes, or nullptr if none of them has the property.
  const ColumnChunk* NodeColumn(KeyId key, std::uint32_t block) const;
  /// The same for relationships of a type; blocks of kBlockSize edge ids.
  const ColumnChunk* EdgeColumn(TypeId type, KeyId key, std::uint32_t block) const;

  // --- Statistics: exact where quality().exact_counts ---
  std::uint64_t NodeCount() const;
  std::uint64_t NodeCount(LabelId label) const;
  std::uint64_t RelationshipCount() const;
  std::uint64_t RelationshipCount(TypeId type) const;
  /// False only if there are none of the type; costs nothing whatever the view.
  bool MayHave(TypeId type) const;
  /// Relationships of a type whose source (kOut) or target (kIn) carries `label`.
  std::uint64_t RelationshipCount(TypeId type, Direction direction, LabelId label) const;

  // --- Indexes (schema::IndexDefinition) ---
  /// Nodes whose value equals `value` (schema::Equal is true), in ascending order.
  std::vector<NodeId> IndexSeek(IndexId index, const Value& value) const;
  /// Nodes whose value lies between the bounds, in ascending order of values.
  std::vector<NodeId> IndexRange(IndexId index, const std::optional<Bound>& lower,
                                 const std::optional<Bound>& upper) const;
  /// Nodes whose value is a string that starts with `prefix`.
  std::vector<NodeId> IndexPrefix(IndexId index, std::string_view prefix) const;
  /// About how many distinct values the index has (for cost only; at least 1).
  std::uint64_t IndexDistinct(IndexId index) const;

 private:
  std::shared_ptr<const Root> root_;
  ViewQuality quality_;
};

/// What a transaction has changed so far (the protocol's counters).
struct Counters {
  std::uint64_t nodes_created = 0, nodes_deleted = 0;
  std::uint64_t relationships_created = 0, relationships_deleted = 0;
  std::uint64_t properties_set = 0, labels_added = 0, labels_removed = 0;
  std::uint64_t indexes_added = 0, indexes_removed = 0;
  std::uint64_t constraints_added = 0, constraints_removed = 0;
  bool any() const {
    return (nodes_created | nodes_deleted | relationships_created | relationships_deleted |
            properties_set | labels_added | labels_removed | indexes_added | indexes_removed |
            constraints_added | constraints_removed) != 0;
  }
};

/// A place in a transaction to go back to.
struct Savepoint {
  std::shared_ptr<const Root> root;
  std::size_t edit_count = 0;
  std::size_t change_mark = 0;      ///< In the history of this transaction.
  std::size_t statement_count = 0;  ///< Made or changed by it.
  Counters counters;
};

/// The one writer of a case: edits a private root; nobody else sees it before Commit. One thread at
/// a time. Every edit goes through here and knows the former value, so history is written here.
/// Destroying an open transaction rolls it back. After an error of one call the transaction is as
/// it was before that call, unless the code is kIo or kCorruption.
class Transaction {
 public:
  virtual ~Transaction() = default;

  /// The graph with this transaction's changes up to now. A later change does not show in a View
  /// that was taken before it: take it again.
  virtual View view() const = 0;

  // Names: found or made.
  virtual Result<LabelId> Label(std::string_view name) = 0;
  virtual Result<TypeId> Type(std::string_view name) = 0;
  virtual Result<KeyId> Key(std::string_view name) = 0;

  /// `labels` in any order, repeats allowed. Null property values are left out.
  virtual Result<NodeId> CreateNode(std::span<const LabelId> labels,
                                    std::span<const std::pair<KeyId, Value>> properties) = 0;
  virtual Result<RelationshipRef> CreateRelationship(
      NodeId source, TypeId type, NodeId target,
      std::span<const std::pair<KeyId, Value>> properties) = 0;
  /// Sets, or with null removes. A value that cannot be stored (map, node, list of lists …) is a
  /// TypeError with detail InvalidPropertyType. Of a deleted entity: EntityNotFound.
  virtual Result<void> SetProperty(NodeId node, KeyId key, const Value& value) = 0;
  virtual Result<void> SetProperty(const RelationshipRef& ref, KeyId key, const Value& value) = 0;
  virtual Result<void> AddLabel(NodeId node, LabelId label) = 0;
  virtual Result<void> RemoveLabel(NodeId node, LabelId label) = 0;
  /// Deleting what is deleted already is not an error.
  virtual Result<void> DeleteRelationship(const RelationshipRef& ref) = 0;
  /// ConstraintVerificationFailed (detail DeleteConnectedNode) is the caller's to raise at the end
  /// of the statement: here a node that still has relationships is an error of code kConstraint.
  virtual Result<void> DeleteNode(NodeId node) = 0;

  /// Over one property of nodes; and any index that the catalog takes.
  virtual Result<void> CreateIndex(std::string name, LabelId label, KeyId key) = 0;
  virtual Result<void> CreateIndex(schema::IndexDefinition definition) = 0;
  virtual Result<void> DropIndex(std::string_view name) = 0;
  /// Errors: those of the catalog, and kConstraint for the first element that breaks the rule.
  virtual Result<void> CreateConstraint(schema::ConstraintDefinition definition) = 0;
  virtual Result<void> DropConstraint(std::string_view name) = 0;
  /// Whether all that was written since the last call keeps the constraints; a statement asks at
  /// its end (so that two keys may change places within it), Commit asks too. Error kConstraint
  /// naming constraint, element and value; then the caller goes back to a savepoint.
  virtual Result<void> CheckConstraints() = 0;

  virtual const Counters& counters() const = 0;

  virtual Savepoint Save() const = 0;
  /// Takes back everything since; ids that were handed out stay used.
  virtual void RollbackTo(const Savepoint& savepoint) = 0;

  /// Makes the changes durable (as the store's options say) and visible, all or nothing. The
  /// transaction is over afterwards, whatever the outcome.
  virtual Result<void> Commit() = 0;
  virtual void Rollback() = 0;
};

}  // namespace kb::storage
