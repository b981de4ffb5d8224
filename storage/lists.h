// Lists: the neighbours of nodes by one type in one direction, for inner loops: View::Neighbours
// with the way to the table gone once.
#pragma once

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
    if (image != nullptr) table_ = image->adjacency[Side(direction)].get();
  }

  /// As View::Neighbours.
  Slice operator[](NodeId node) const {
    return table_ == nullptr ? Slice{} : FindSlice(*table_, node);
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
  friend class ListCursor;
  const Adjacency* table_ = nullptr;
};

/// Both directions of a type.
struct TypeLists {
  TypeLists(const View& view, TypeId of)
      : type(of), out(view, of, Direction::kOut), in(view, of, Direction::kIn) {}

  TypeId type;
  Lists out, in;
};

/// The same for nodes asked in about ascending order: neighbours in number share a leaf.
class ListCursor {
 public:
  explicit ListCursor(const Lists& lists) : table_(lists.table_) {}

  Slice operator[](NodeId node) {
    const Leaf* leaf = LeafAt(node);
    return leaf == nullptr ? Slice{} : (*leaf)[LeafRow(node)];
  }
  std::uint32_t SizeOf(NodeId node) {
    const Leaf* leaf = LeafAt(node);
    return leaf == nullptr ? 0 : leaf->SizeOf(LeafRow(node));
  }

 private:
  const Leaf* LeafAt(NodeId node) {
    const std::uint32_t number = LeafOf(node);
    if (number != number_) {
      number_ = number;
      leaf_ = table_ == nullptr ? nullptr : table_->Find(number);
    }
    return leaf_;
  }

  const Adjacency* table_;
  const Leaf* leaf_ = nullptr;
  std::uint32_t number_ = ~std::uint32_t{0};
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
