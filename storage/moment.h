// Moment: the state of a case at a system time, made where it is looked at.
//
// A root of the past is the present's with other tables: a part (a block of nodes, a chunk, a leaf)
// is the present's own if nothing in it has changed since, and else a copy in which the facts that
// have are put back at once, found in the ChangeIndex. So a question pays for the parts that it
// touches and nothing for what else has changed. Counters are counted when they are asked for.
// Indexes over one key of nodes are not built: what they would answer is among what the present's
// answers and what an index of former values does, and the moment says which.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "storage/change_index.h"
#include "storage/image/root.h"

namespace kb::storage {

/// The state that moments go back from. Thread-safe.
class Present {
 public:
  /// `root` is a committed one, all of whose history is in `changes`.
  Present(const Root& root, std::shared_ptr<const ChangeIndex> changes);

  /// Without the history, which keeps moments and must not be kept by them. Its label sets are also
  /// those that nodes formerly had.
  const Root& root() const { return *root_; }
  const std::shared_ptr<const ChangeIndex>& changes() const { return changes_; }
  /// The label sets that changes of nodes name.
  LabelSetId FormerSet(std::uint32_t number) const { return former_sets_[number]; }
  /// The root's index of this kind, one of its own if it has none.
  const IndexTree& TreeOf(const schema::Subject& subject) const;

 private:
  std::shared_ptr<const Root> root_;
  const std::shared_ptr<const ChangeIndex> changes_;
  std::vector<LabelSetId> former_sets_;
  mutable std::mutex mutex_;  ///< Guards more_.
  mutable std::vector<std::unique_ptr<Index>> more_;
};

/// Immutable.
class Moment : public std::enable_shared_from_this<Moment> {
 public:
  Moment(std::shared_ptr<const Present> present, RecordSpan span)
      : present_(std::move(present)), span_(span) {}

  /// The state, which was recorded last at `time`.
  std::shared_ptr<const Root> MakeRoot(std::int64_t time) const;
  /// An index of it; built when it is first asked, or not at all.
  std::shared_ptr<Index> MakeIndex(const schema::Subject& subject) const;

  // Single facts, without the parts that they are in.
  Value ValueOf(NodeId node, KeyId key) const;
  Value ValueOf(TypeId type, EdgeId edge, KeyId key) const;

 private:
  Cow<NodeBlock> Block(std::uint32_t number) const;
  Cow<Chunk> NodeChunk(KeyId key, std::uint32_t number) const;
  Cow<Chunk> EdgeChunk(TypeId type, KeyId key, std::uint32_t number) const;
  Cow<Leaf> LeafAt(TypeId type, Direction direction, std::uint32_t number) const;
  void ChangeNodes(Root* root) const;
  void ChangeType(Root* root, TypeId type) const;

  const ChangeIndex& changes() const { return *present_->changes(); }

  const std::shared_ptr<const Present> present_;
  const RecordSpan span_;
};

/// What has to be added to the counters of a root of the past, modulo 2^64, because they are still
/// the present's: counted when first asked. Thread-safe.
class Counting {
 public:
  /// The root's tables say what there is.
  explicit Counting(std::shared_ptr<const Root> root) : root_(std::move(root)) {}

  std::uint64_t nodes() const { return Get().nodes; }
  std::uint64_t nodes(LabelId label) const { return CountAt(Get().labels, schema::Raw(label)); }
  std::uint64_t edges(TypeId type) const;
  std::uint64_t edges(TypeId type, Direction direction, LabelId label) const;

 private:
  struct OfType {
    std::uint64_t count = 0;
    std::array<std::vector<std::uint64_t>, 2> labels;
  };
  struct Counts {
    std::uint64_t nodes = 0;
    std::vector<std::uint64_t> labels;
    std::vector<OfType> types;
  };
  const Counts& Get() const;
  void CountNodes() const;
  void CountEdges(std::size_t raw) const;

  mutable std::once_flag once_;
  mutable std::shared_ptr<const Root> root_;  ///< Until it has been counted.
  mutable Counts counts_;
};

}  // namespace kb::storage
