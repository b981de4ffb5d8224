// Index: an ordered map from (value, node) under copy-on-write, built from the columns when first
// asked.
//
// Three levels of fixed depth: groups of leaves of entries, so that an edit copies one leaf, one
// group and the list of groups. Values are ordered as schema::Order says, nodes with equal values
// by id. Indexes are not kept on disk: building one of 300,000 entries takes a fraction of a
// second, once, and loads and writes do not pay for indexes that nobody asks.
//
// An edit that concerns an index that has not been built replaces the object by a new one that has
// not been built either; so all roots that share an unbuilt object agree on what it will contain.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "storage/graph.h"
#include "storage/image/cow.h"

namespace kb::storage {

class Root;

struct IndexEntry {
  Value value;
  NodeId node{};
};

class IndexTree {
 public:
  /// Takes entries in ascending order.
  void Assign(std::vector<IndexEntry> entries);
  void Insert(const Value& value, NodeId node);
  void Erase(const Value& value, NodeId node);

  /// Visits entries in order from the first for which before(entry) is false; `before` is true for
  /// a prefix of all entries. Stops when visit returns false.
  void Walk(const std::function<bool(const IndexEntry&)>& before,
            const std::function<bool(const IndexEntry&)>& visit) const;
  /// The same without what stands between, for index.cc.
  template <typename Before, typename Visit>
  void WalkDirectly(const Before& before, const Visit& visit) const;
  std::uint64_t size() const { return size_; }
  std::uint64_t distinct() const { return distinct_; }

 private:
  static constexpr std::size_t kLeafMax = 256;
  static constexpr std::size_t kGroupMax = 128;
  struct Leaf {
    std::vector<IndexEntry> entries;  ///< Never empty.
  };
  struct Group {
    std::vector<Cow<Leaf>> leaves;  ///< Never empty.
  };
  struct Place {
    std::size_t group = 0, leaf = 0, entry = 0;
  };
  template <typename Before>
  Place Find(const Before& before) const;
  /// Whether an entry beside `place` has this value.
  bool HasNeighbour(const Place& place, const Value& value) const;

  std::vector<Cow<Group>> groups_;
  std::uint64_t size_ = 0;
  std::uint64_t distinct_ = 0;
};

/// A question to a tree: which elements it lists for a value, a range or a prefix.
using IndexQuestion = std::function<std::vector<NodeId>(const IndexTree&)>;

/// Trees of other states, which list (among others) every node that the index of a state would, so
/// that it need not be built. Thread-safe.
class Candidates {
 public:
  virtual ~Candidates() = default;
  /// In any order, perhaps more than once.
  virtual std::vector<NodeId> Ask(const IndexQuestion& question) const = 0;
};

/// One index of one root. Reading is thread-safe; the first reader builds. Entries of an index over
/// several properties are lists of their values, of elements that have them all. Of relationships
/// the entries hold the edge's id where a node's would be.
class Index {
 public:
  explicit Index(schema::Subject subject) : subject_(std::move(subject)) {}
  /// Over one property of nodes, of a state whose answers are among those of other trees.
  Index(schema::Subject subject, std::shared_ptr<const Candidates> candidates)
      : subject_(std::move(subject)), candidates_(std::move(candidates)) {}
  Index(const Index& other)
      : subject_(other.subject_),
        candidates_(other.candidates_),
        edited_(other.edited_),
        tree_(other.tree_) {
    built_.store(other.built(), std::memory_order_release);
  }
  Index& operator=(const Index&) = delete;

  const schema::Subject& subject() const { return subject_; }
  /// Whether it is over a property of nodes with the label.
  bool Concerns(LabelId label) const {
    return !subject_.on_relationships && subject_.label == label;
  }
  bool Concerns(KeyId key) const;
  bool built() const { return built_.load(std::memory_order_acquire); }
  /// `root` is one that this object belongs to, here and below.
  const IndexTree& Tree(const Root& root) const;
  /// What the tree would answer; where candidates are known, without building it.
  std::vector<NodeId> Ask(const Root& root, const IndexQuestion& question) const;
  /// For the only owner of a built index.
  IndexTree& Edit() { return tree_; }
  bool has_candidates() const { return candidates_ != nullptr; }
  /// For the only owner of one with candidates: an edit may have given a node an entry.
  void Note(NodeId node) { edited_.push_back(node); }

 private:
  schema::Subject subject_;
  std::shared_ptr<const Candidates> candidates_;  ///< May be null.
  std::vector<NodeId> edited_;                    ///< Candidates as well.
  mutable IndexTree tree_;
  mutable std::mutex building_;
  mutable std::atomic<bool> built_{false};
};

/// The entry that an element with these values of the subject's keys has; null: none.
Value EntryOf(std::vector<Value> values);
/// Entries in the order of a tree.
std::vector<IndexEntry> SortedEntries(std::vector<IndexEntry> entries);
/// Every (value, element) that an index over the subject has for this root, in order.
std::vector<IndexEntry> CollectEntries(const Root& root, const schema::Subject& subject);

std::vector<NodeId> SeekIndex(const IndexTree& tree, const Value& value);
std::vector<NodeId> RangeOfIndex(const IndexTree& tree, const std::optional<Bound>& lower,
                                 const std::optional<Bound>& upper);
std::vector<NodeId> PrefixOfIndex(const IndexTree& tree, std::string_view prefix);

}  // namespace kb::storage
