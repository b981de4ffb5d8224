// Root: one state of a case. Immutable once published; the writer edits a private copy.
//
// A root is a handful of short tables of shared parts, so copying one, which every transaction
// does, costs a few microseconds whatever the size of the case. Parts that came from disk load when
// they are first read and are shared by all roots.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "storage/graph.h"
#include "storage/image/adjacency.h"
#include "storage/image/chunk.h"
#include "storage/image/cow.h"
#include "storage/image/evidence.h"
#include "storage/image/index.h"
#include "storage/image/labels.h"
#include "storage/image/pages.h"

namespace kb::storage {

/// Where lazily loaded parts report what went wrong: a view cannot return errors, so whoever reads
/// asks View::Status afterwards. Thread-safe.
class Health {
 public:
  void Report(Error error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
  }
  Result<void> Get() const {
    const std::lock_guard lock(mutex_);
    if (error_) return *error_;
    return {};
  }

 private:
  mutable std::mutex mutex_;
  std::optional<Error> error_;
};

constexpr std::size_t Side(Direction direction) { return direction == Direction::kIn ? 1 : 0; }

/// Adds to a counter in a table that grows as needed.
inline void Bump(std::vector<std::uint64_t>* counts, std::uint32_t at, std::int64_t by) {
  if (at >= counts->size()) counts->resize(at + 1);
  (*counts)[at] += static_cast<std::uint64_t>(by);
}
inline std::uint64_t CountAt(const std::vector<std::uint64_t>& counts, std::uint32_t at) {
  return at < counts.size() ? counts[at] : 0;
}

/// The relationships of one type.
struct TypeImage {
  std::array<Cow<Adjacency>, 2> adjacency;             ///< kOut, kIn.
  std::vector<std::pair<KeyId, Cow<Column>>> columns;  ///< Ascending by key.
  std::uint64_t count = 0;
  std::uint32_t edge_limit = 0;                            ///< One past the last id ever used.
  std::array<std::vector<std::uint64_t>, 2> label_counts;  ///< By source's, target's label.

  const Column* FindColumn(KeyId key) const;
  Column& EditColumn(KeyId key);
};

class Past;      // storage/history.h
class Moment;    // storage/moment.h
class Counting;  // storage/moment.h
class Clusters;  // storage/identity.h

class Root {
 public:
  Root();

  const TypeImage* FindType(TypeId type) const {
    const std::uint32_t raw = schema::Raw(type);
    return raw < types.size() ? types[raw].get() : nullptr;
  }
  const Column* FindNodeColumn(KeyId key) const {
    const std::uint32_t raw = schema::Raw(key);
    return raw < node_columns.size() ? node_columns[raw].get() : nullptr;
  }
  bool Exists(NodeId node) const {
    const NodeBlock* block = nodes.Find(BlockOf(node));
    return block != nullptr && block->Exists(schema::Raw(node) % kBlockSize);
  }
  /// The label set of a node; nullptr if it does not exist.
  const LabelSet* LabelsOf(NodeId node) const {
    const NodeBlock* block = nodes.Find(BlockOf(node));
    const std::uint32_t row = schema::Raw(node) % kBlockSize;
    if (block == nullptr || !block->Exists(row)) return nullptr;
    return &(*label_sets)[block->SetOf(row)];
  }
  const Index* FindIndex(IndexId id) const {
    const std::uint32_t raw = schema::Raw(id);
    return raw < indexes.size() ? indexes[raw].get() : nullptr;
  }

  schema::CatalogRef catalog;
  Cow<LabelSets> label_sets;
  LazyTable<NodeBlock> nodes;
  std::uint32_t block_count = 0;
  std::uint64_t node_count = 0;
  std::vector<std::uint64_t> label_counts;  ///< By label.
  std::vector<Cow<Column>> node_columns;    ///< By key; empty where no node has it.
  std::vector<Cow<TypeImage>> types;        ///< By type.
  std::vector<Cow<Index>> indexes;          ///< By index id; empty where dropped.
  std::shared_ptr<Health> health;
  std::shared_ptr<PagedMemory> memory;  ///< Null where memory is not limited.
  Cow<Evidence> evidence;               ///< Empty while nothing has been stated.
  Rule rule = DefaultRule();            ///< Decides what holds among statements.
  /// The nodes labelled Source by their `id`; empty until a source is looked for.
  Cow<Index> sources;
  std::int64_t recorded = 0;   ///< When the last of its changes was: microseconds since 1970.
  std::shared_ptr<Past> past;  ///< The case's history, which all its roots share.
  /// Of a state of the past: its facts one by one, and what its counters are off by. Its parts are
  /// made when they are first read.
  std::shared_ptr<const Moment> moment;
  std::shared_ptr<const Counting> counting;
  /// While a transaction edits it: the root that it started from.
  std::shared_ptr<const Root> base;

  /// Calls `visit(Cow<Index>&)` for each index there is.
  template <typename Visit>
  void ForEachIndex(const Visit& visit) {
    for (Cow<Index>& index : indexes) {
      if (index) visit(index);
    }
    if (sources) visit(sources);
  }
  /// Makes the index of sources, if it is not there and their label and key have names.
  void IndexSources();
  bool HasIndexes() const { return !indexes.empty() || sources; }
  /// Of a root on which nodes that are one have been joined: what it was made from, and who is one.
  /// The writer and the disk know records alone.
  std::shared_ptr<const Root> records;
  std::shared_ptr<const Clusters> clusters;  ///< Also of records that are shown as such.

  /// Statements recorded until then are part of this state.
  std::int64_t statements_until() const {
    return base ? std::numeric_limits<std::int64_t>::max() : recorded;
  }
};

}  // namespace kb::storage
