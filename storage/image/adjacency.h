// Adjacency: the neighbours of nodes by one type in one direction, in leaves of 256 nodes.
//
// A leaf is 257 offsets into one blob, in which all lists lie after a load: four bytes a node, so
// that a scan of degrees reads little. Whatever else a look at a list needs stands in the leaf's
// first line of the cache. A list that was edited is kept as a Slice beside them, and
// mostly lives in a block of its own with room to grow. Appending writes behind the end of the
// block, where no reader of an older version looks; `used` says how far any version, even one that
// was
// rolled back, has written, and only an append right at `used` may stay in place. The tail behind
// `sorted` is merged when it outgrows max(64, sorted / 8), so a list of n entries moves O(log n)
// times.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "storage/graph.h"
#include "storage/image/paged.h"
#include "storage/image/pages.h"
#include "storage/key.h"

namespace kb::storage {

constexpr std::uint32_t LeafRow(NodeId id) { return schema::Raw(id) % kLeafNodes; }

/// Parallel arrays of neighbours and edges in one allocation, filled from the front.
class ListBlock {
 public:
  /// In `memory`, or on the heap if that is null.
  explicit ListBlock(std::uint32_t capacity, const std::shared_ptr<PagedMemory>& memory = nullptr);
  ~ListBlock();
  ListBlock(const ListBlock&) = delete;
  ListBlock& operator=(const ListBlock&) = delete;

  NodeId* nodes() { return nodes_; }
  EdgeId* edges() { return edges_; }
  std::uint32_t capacity() const { return capacity_; }

  std::uint32_t used = 0;  ///< How far any version has written.

 private:
  PagedAllocator<std::uint64_t> allocator_;
  std::uint64_t* memory_;  ///< An entry each: 4 bytes of node, 4 of edge, in two arrays.
  NodeId* nodes_;
  EdgeId* edges_;
  std::uint32_t capacity_;
};

/// Where (node, edge) stands in a list, or kNotFound.
inline constexpr std::uint32_t kNotFound = 0xFFFF'FFFFu;
std::uint32_t FindInSlice(const Slice& slice, NodeId node, EdgeId edge);
/// How many entries of a list lead to `node`.
std::uint32_t CountInSlice(const Slice& slice, NodeId node);

/// Immutable once shared; the editing functions are for its only owner.
class alignas(64) Leaf {
 public:
  Leaf() = default;
  /// Lists one after the other in `blob`: row r has entries [offsets[r], offsets[r + 1]), each list
  /// ascending by (node, edge). `offsets` has kLeafNodes + 1 entries.
  Leaf(std::shared_ptr<ListBlock> blob, const std::uint32_t* offsets);

  Slice operator[](std::uint32_t row) const {
    if (IsEdited(row)) [[unlikely]]
      return edited_[PlaceOf(row)].list;
    const std::uint32_t begin = begin_[row];
    const std::uint32_t size = begin_[row + 1] - begin;
    return {nodes_ + begin, edges_ + begin, size, size};
  }
  /// The nodes of a list, in its order.
  std::span<const NodeId> NodesOf(std::uint32_t row) const {
    if (IsEdited(row)) [[unlikely]] {
      const Slice& list = edited_[PlaceOf(row)].list;
      return {list.nodes, list.size};
    }
    return {nodes_ + begin_[row], begin_[row + 1] - begin_[row]};
  }
  /// The number of entries in a list.
  std::uint32_t SizeOf(std::uint32_t row) const {
    if (IsEdited(row)) [[unlikely]]
      return edited_[PlaceOf(row)].list.size;
    return begin_[row + 1] - begin_[row];
  }
  /// Where the lists of all rows lie in nodes(): row r's from offset r to offset r + 1. Null where
  /// a list has been edited, which lies elsewhere.
  const std::uint32_t* offsets() const { return has_edits_ ? nullptr : begin_.data(); }
  const NodeId* nodes() const { return nodes_; }
  /// Has all that offsets() and nodes() lead to, but for the lists, brought near.
  void Prefetch() const {
    const auto* const bytes = reinterpret_cast<const char*>(this);
    constexpr std::size_t kLine = 64;
    for (std::size_t at = 0; at < kLine + sizeof begin_; at += kLine)
      __builtin_prefetch(bytes + at);
  }

  void Append(std::uint32_t row, NodeId node, EdgeId edge);
  /// Takes the entry at `position` out, keeping the order of the others.
  void Remove(std::uint32_t row, std::uint32_t position);
  /// Moves a list out of memory that other versions of the leaf share.
  void Isolate(std::uint32_t row);
  /// Gives a row another list, in order, that lies in `block` (or is empty).
  void Replace(std::uint32_t row, const Slice& list, std::shared_ptr<ListBlock> block);
  bool empty() const;

 private:
  struct Edited {
    Slice list;
    std::shared_ptr<ListBlock> block;  ///< Null: the list is a part of the blob, or empty.
  };
  bool IsEdited(std::uint32_t row) const { return ((is_edited_[row / 64] >> (row % 64)) & 1) != 0; }
  /// Where the row stands, or would stand, in edited_.
  std::uint32_t PlaceOf(std::uint32_t row) const;
  Edited& Edit(std::uint32_t row);
  /// Moves a list into a block of its own with room for `capacity` entries.
  static ListBlock& Move(Edited& edited, std::uint32_t capacity);
  static void MergeTail(Edited& edited);

  std::array<std::uint64_t, kLeafNodes / 64> is_edited_{};
  bool has_edits_ = false;
  const NodeId* nodes_ = nullptr;  ///< Of the blob.
  const EdgeId* edges_ = nullptr;
  std::array<std::uint32_t, kLeafNodes + 1> begin_{};
  std::shared_ptr<ListBlock> blob_;
  std::vector<Edited> edited_;  ///< Ascending by row.
};

using Adjacency = LazyTable<Leaf>;

inline Slice FindSlice(const Adjacency& adjacency, NodeId node) {
  const Leaf* leaf = adjacency.Find(LeafOf(node));
  return leaf == nullptr ? Slice{} : (*leaf)[LeafRow(node)];
}

}  // namespace kb::storage
