// Lists: the neighbours of nodes by one type in one direction, for inner loops: View::Neighbours
// with the way to the table gone once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>

#include "storage/graph.h"
#include "storage/image/adjacency.h"
#include "storage/image/root.h"

namespace kb::storage {

/// Where entries of lists are copied to. Borrowed.
struct ListCopy {
  NodeId* ends;
  EdgeId* edges;        ///< Null where they are not wanted.
  std::uint32_t* rows;  ///< Whose list each entry is from.
  std::uint32_t count = 0;
  bool is_full = false;  ///< The next list has no room.
};

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

  /// The lists of kLeafNodes nodes; null if they are empty.
  const Leaf* LeafAt(std::uint32_t number) const {
    if (number < leaves_.size()) return leaves_[number];
    return table_ == nullptr ? nullptr : table_->Find(number);
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
  /// sizes[i] = SizeOf(from[i]) for all of `from`. Much faster than one by one where ids follow
  /// each other, as a scan gives them, or are near each other. Nobody's list (kNoNode) is empty.
  void SizesOfAll(std::span<const NodeId> from, std::uint64_t* sizes) const {
    const auto visit = [&](const Run& run, const Leaf* leaf) {
      const std::size_t end = run.at + run.count;
      const std::uint32_t each = leaf == nullptr ? 0 : leaf->each();
      if (each != Leaf::kLong) return std::fill(sizes + run.at, sizes + end, each);
      const std::uint8_t* const known = leaf->sizes();
      std::uint8_t greatest = 0;
      if (run.follow) {
        const std::uint8_t* const first = known + LeafRow(from[run.at]);
        for (std::size_t i = 0; i < run.count; ++i) greatest = std::max(greatest, first[i]);
        for (std::size_t i = 0; i < run.count; ++i) sizes[run.at + i] = first[i];
      } else {
        for (std::size_t i = run.at; i < end; ++i) {
          const std::uint8_t size = known[LeafRow(from[i])];
          greatest = std::max(greatest, size);
          sizes[i] = size;
        }
      }
      for (std::size_t i = run.at; greatest == Leaf::kLong && i < end; ++i) {
        sizes[i] = leaf->SizeOf(LeafRow(from[i]));
      }
    };
    ForEachLeaf(
        from, [](const Leaf& ahead) { ahead.PrefetchSizes(); }, visit);
  }
  /// The same in bytes, Leaf::kLong for it and all that is greater. Whether none is.
  bool BytesOfAll(std::span<const NodeId> from, std::uint8_t* bytes) const {
    std::uint8_t greatest = 0;
    const auto visit = [&](const Run& run, const Leaf* leaf) {
      std::uint8_t* const to = bytes + run.at;
      const std::uint32_t each = leaf == nullptr ? 0 : leaf->each();
      if (each != Leaf::kLong) {
        std::fill_n(to, run.count, static_cast<std::uint8_t>(each));
        return;
      }
      const std::uint8_t* const known = leaf->sizes();
      if (run.follow) {
        std::copy_n(known + LeafRow(from[run.at]), run.count, to);
      } else {
        for (std::size_t i = 0; i < run.count; ++i) to[i] = known[LeafRow(from[run.at + i])];
      }
      for (std::size_t i = 0; i < run.count; ++i) greatest = std::max(greatest, to[i]);
    };
    ForEachLeaf(
        from, [](const Leaf& ahead) { ahead.PrefetchSizes(); }, visit);
    return greatest != Leaf::kLong;
  }
  /// lists[i] = NodesOf(from[i]), likewise.
  void NodesOfAll(std::span<const NodeId> from, std::span<const NodeId>* lists) const {
    ForEachSlice(from, [lists](std::size_t i, bool /*follow*/, const Slice& slice) {
      lists[i] = {slice.nodes, slice.size};
    });
  }
  /// slices[i] = (*this)[from[i]], likewise; the entries themselves are being fetched.
  void SlicesOfAll(std::span<const NodeId> from, Slice* slices) const {
    ForEachSlice(from, [slices](std::size_t i, bool follow, const Slice& slice) {
      slices[i] = slice;
      if (follow) return;  // then they lie one behind the other
      __builtin_prefetch(slice.nodes);
      __builtin_prefetch(slice.edges);
    });
  }
  /// Where the first nodes of `from` follow each other, their lists lie one behind the other:
  /// copies their entries in one go, from[0]'s as those of `row`, and so on. Of how many nodes; 0
  /// where it is not so, or the entries would be more than `room` in all.
  std::uint32_t CopyStretch(std::span<const NodeId> from, std::uint32_t row, std::uint32_t room,
                            ListCopy* to) const {
    const std::uint32_t number = LeafOf(from[0]);
    const std::uint32_t first = LeafRow(from[0]);
    const std::size_t most = std::min<std::size_t>(from.size(), kLeafNodes - first);
    const Leaf* const leaf = LeafAt(number);
    if (leaf == nullptr || leaf->offsets() == nullptr || !Follow(from.first(most))) return 0;
    const std::uint32_t* const offsets = leaf->offsets() + first;
    const auto count = static_cast<std::uint32_t>(most);
    const bool is_one_each = leaf->each() == 1;
    const std::uint32_t begin = is_one_each ? first : offsets[0];
    const std::uint32_t entries = is_one_each ? count : offsets[count] - begin;
    if (entries > room - to->count) return 0;
    if (number + 1 < leaves_.size() && leaves_[number + 1] != nullptr) {
      leaves_[number + 1]->Prefetch();
    }
    std::copy_n(leaf->nodes() + begin, entries, to->ends + to->count);
    if (to->edges != nullptr) std::copy_n(leaf->edges() + begin, entries, to->edges + to->count);
    if (is_one_each) {
      std::iota(to->rows + to->count, to->rows + to->count + count, row);
    } else {
      SetRows(offsets, row, count, to->rows + to->count);
    }
    to->count += entries;
    return count;
  }
  /// One past the last leaf, which are numbered from 0; nothing while some are on the disk.
  std::optional<std::uint32_t> LeafCount() const { return table_ == nullptr ? 0 : table_->Limit(); }
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
  /// Writes the rows from `row` on, each as often as it has entries.
  static void SetRows(const std::uint32_t* offsets, std::uint32_t row, std::uint32_t count,
                      std::uint32_t* rows) {
    std::uint32_t off = 0;
    for (std::uint32_t i = 0; i <= count; ++i) off |= offsets[i] ^ (offsets[0] + i);
    if (off == 0) {  // one each, as where each node has a kind or an owner
      for (std::uint32_t i = 0; i < count; ++i) rows[i] = row + i;
      return;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t end = offsets[i + 1] - offsets[0];
      for (std::uint32_t at = offsets[i] - offsets[0]; at < end; ++at) rows[at] = row + i;
    }
  }

  /// A stretch of ids within one leaf; `follow` says that each is the one before and one.
  struct Run {
    std::size_t at, count;
    bool follow;
  };
  /// Cuts `from` into runs for visit(run, leaf). Where many lie in one leaf, they are taken to go
  /// on in the leaves behind it: fetch(leaf) is called some ahead.
  template <typename FetchAhead, typename Visit>
  void ForEachLeaf(std::span<const NodeId> from, const FetchAhead& fetch,
                   const Visit& visit) const {
    for (std::size_t at = 0; at < from.size();) {
      const std::uint32_t number = LeafOf(from[at]);
      const std::size_t most =
          std::min<std::size_t>(from.size() - at, kLeafNodes - LeafRow(from[at]));
      const bool follow = Follow(from.subspan(at, most));
      std::size_t end = at + (follow ? most : 1);
      while (end < from.size() && LeafOf(from[end]) == number) ++end;
      constexpr std::size_t kMany = 16;
      constexpr std::uint32_t kAhead = 2;
      if (end - at >= kMany && number + kAhead < leaves_.size()) {
        if (const Leaf* const ahead = leaves_[number + kAhead]) fetch(*ahead);
      }
      visit(Run{at, end - at, follow && end - at == most}, LeafAt(number));
      at = end;
    }
  }
  /// Calls visit(i, whether its run follows, (*this)[from[i]]) for all of `from`.
  template <typename Visit>
  void ForEachSlice(std::span<const NodeId> from, const Visit& visit) const {
    const auto fetch = [](const Leaf& ahead) { ahead.Prefetch(); };
    ForEachLeaf(from, fetch, [&](const Run& run, const Leaf* leaf) {
      const std::size_t end = run.at + run.count;
      const std::uint32_t* const offsets = leaf == nullptr ? nullptr : leaf->offsets();
      if (offsets == nullptr) {
        for (std::size_t i = run.at; i < end; ++i) visit(i, run.follow, (*this)[from[i]]);
        return;
      }
      const NodeId* const nodes = leaf->nodes();
      const EdgeId* const edges = leaf->edges();
      if (const std::uint32_t each = leaf->each(); each != Leaf::kLong) {
        for (std::size_t i = run.at; i < end; ++i) {
          const std::uint32_t begin = LeafRow(from[i]) * each;
          visit(i, run.follow, Slice{nodes + begin, edges + begin, each, each});
        }
        return;
      }
      for (std::size_t i = run.at; i < end; ++i) {
        const std::uint32_t begin = offsets[LeafRow(from[i])];
        const std::uint32_t size = offsets[LeafRow(from[i]) + 1] - begin;
        visit(i, run.follow, Slice{nodes + begin, edges + begin, size, size});
      }
    });
  }
  static bool Follow(std::span<const NodeId> ids) {
    const std::uint32_t first = schema::Raw(ids[0]);
    if (schema::Raw(ids.back()) - first != ids.size() - 1) return false;
    const NodeId* const nodes = ids.data();
    const auto count = static_cast<std::uint32_t>(ids.size());
    std::uint32_t off = 0;
    for (std::uint32_t i = 0; i < count; ++i) off |= schema::Raw(nodes[i]) ^ (first + i);
    return off == 0;
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
