// Adjacency: the neighbours of nodes by one type in one direction, in leaves of 256 nodes.
//
// A leaf is 257 offsets into one blob, in which all lists lie after a load, and the lengths of the
// lists again in a byte each, so that a scan of degrees reads little. Whatever else a look at a
// list needs stands in the leaf's first line of the cache; where all lists are of one length, as
// where every message has one author, that says where they lie, too. A list that was edited is kept
// as a Slice beside them, and mostly lives in a block of its own with room to grow. Appending
// writes behind the end of the block, where no reader of an older version looks; `used` says how
// far any version, even one that was rolled back, has written, and only an append right at `used`
// may stay in place. The tail behind `sorted` is merged when it outgrows max(64, sorted / 8), so a
// list of n entries moves O(log n) times.
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
    const std::uint32_t begin = BeginOf(row);
    const std::uint32_t size = EndOf(row) - begin;
    return {nodes_ + begin, edges_ + begin, size, size};
  }
  /// The nodes of a list, in its order.
  std::span<const NodeId> NodesOf(std::uint32_t row) const {
    if (IsEdited(row)) [[unlikely]] {
      const Slice& list = edited_[PlaceOf(row)].list;
      return {list.nodes, list.size};
    }
    const std::uint32_t begin = BeginOf(row);
    return {nodes_ + begin, EndOf(row) - begin};
  }
  /// The number of entries in a list.
  std::uint32_t SizeOf(std::uint32_t row) const {
    return sizes_[row] == kLong ? (*this)[row].size : sizes_[row];
  }
  /// The sizes of all lists; kLong stands for it and all that is greater.
  static constexpr std::uint8_t kLong = 0xFF;
  const std::uint8_t* sizes() const { return sizes_.data(); }
  /// The size that all lists have; kLong: they differ, or some are longer.
  std::uint32_t each() const { return has_edits_ ? kLong : each_; }
  /// Where the lists of all rows lie in nodes(): row r's from offset r to offset r + 1. Null where
  /// a list has been edited, which lies elsewhere.
  const std::uint32_t* offsets() const { return has_edits_ ? nullptr : begin_.data(); }
  const NodeId* nodes() const { return nodes_; }
  const EdgeId* edges() const { return edges_; }
  /// Has all that sizes() leads to, or that and offsets(), brought near.
  void PrefetchSizes() const { Prefetch(kSizesEnd); }
  void Prefetch() const { Prefetch(kSizesEnd + sizeof begin_); }

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
  static constexpr std::size_t kLine = 64;
  static constexpr std::size_t kSizesEnd = kLine + kLeafNodes;

  std::uint32_t BeginOf(std::uint32_t row) const {
    return each_ == kLong ? begin_[row] : each_ * row;
  }
  std::uint32_t EndOf(std::uint32_t row) const { return BeginOf(row + 1); }
  void Prefetch(std::size_t end) const {
    const auto* const bytes = reinterpret_cast<const char*>(this);
    for (std::size_t at = 0; at < end; at += kLine) __builtin_prefetch(bytes + at);
  }
  /// Sets the sizes of rows [begin, end) by their lists.
  void SetSizes(std::uint32_t begin, std::uint32_t end);
  bool IsEdited(std::uint32_t row) const { return ((is_edited_[row / 64] >> (row % 64)) & 1) != 0; }
  /// Where the row stands, or would stand, in edited_.
  std::uint32_t PlaceOf(std::uint32_t row) const;
  Edited& Edit(std::uint32_t row);
  /// Moves a list into a block of its own with room for `capacity` entries.
  static ListBlock& Move(Edited& edited, std::uint32_t capacity);
  static void MergeTail(Edited& edited);

  std::array<std::uint64_t, kLeafNodes / 64> is_edited_{};
  bool has_edits_ = false;
  std::uint8_t each_ = 0;          ///< As each(), of the lists in the blob.
  const NodeId* nodes_ = nullptr;  ///< Of the blob.
  const EdgeId* edges_ = nullptr;
  alignas(kLine) std::array<std::uint8_t, kLeafNodes> sizes_{};
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
