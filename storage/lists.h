// Lists: the neighbours of nodes by one type in one direction, for inner loops: View::Neighbours
// with the way to the table gone once.
#pragma once

#include <span>

#include "storage/graph.h"
#include "storage/image/adjacency.h"
#include "storage/image/root.h"

namespace kb::storage {

/// A small value; valid as long as the view it was made from. Thread-safe.
class Lists {
 public:
  Lists() = default;
  /// `direction` is kOut or kIn.
  Lists(const View& view, TypeId type, Direction direction) {
    const TypeImage* image = view.root().FindType(type);
    if (image == nullptr) return;
    table_ = image->adjacency[Side(direction)].get();
    if (table_ != nullptr) leaves_ = table_->Flat();
  }

  /// As View::Neighbours.
  Slice operator[](NodeId node) const {
    const Leaf* const leaf = LeafAt(LeafOf(node));
    return leaf == nullptr ? Slice{} : (*leaf)[LeafRow(node)];
  }
  /// Of the slice, the nodes alone.
  std::span<const NodeId> NodesOf(NodeId node) const {
    const Leaf* const leaf = LeafAt(LeafOf(node));
    return leaf == nullptr ? std::span<const NodeId>() : leaf->NodesOf(LeafRow(node));
  }
  std::uint32_t SizeOf(NodeId node) const {
    const Leaf* const leaf = LeafAt(LeafOf(node));
    return leaf == nullptr ? 0 : leaf->SizeOf(LeafRow(node));
  }
  /// Calls visit(node, slice) for every node that has any neighbours, in ascending order.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    if (table_ == nullptr) return;
    table_->ForEach([&](std::uint32_t number, const Leaf& leaf) {
      for (std::uint32_t row = 0; row < kLeafNodes; ++row) {
        const Slice slice = leaf[row];
        if (slice.size != 0) visit(NodeId{number * kLeafNodes + row}, slice);
      }
    });
  }

 private:
  const Leaf* LeafAt(std::uint32_t number) const {
    if (number < leaves_.size()) return leaves_[number];
    return table_ == nullptr ? nullptr : table_->Find(number);
  }

  const Adjacency* table_ = nullptr;
  std::span<const Leaf* const> leaves_;  ///< Of the table, where nothing of it has been edited.
};

/// Both directions of a type.
struct TypeLists {
  TypeLists(const View& view, TypeId of)
      : type(of), out(view, of, Direction::kOut), in(view, of, Direction::kIn) {}

  TypeId type;
  Lists out, in;
};

/// How many entries of a list lead to `node`; short lists are looked through on the spot.
inline std::uint32_t CountIn(const Slice& slice, NodeId node) {
  constexpr std::uint32_t kShort = 16;
  if (slice.size > kShort) return CountInSlice(slice, node);
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < slice.size; ++i) count += slice.nodes[i] == node ? 1 : 0;
  return count;
}

}  // namespace kb::storage
