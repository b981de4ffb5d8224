#include "storage/image/adjacency.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "schema/base/assert.h"

namespace kb::storage {

namespace {

struct Entry {
  NodeId node;
  EdgeId edge;
  friend bool operator<(const Entry& a, const Entry& b) {
    return a.node != b.node ? a.node < b.node : a.edge < b.edge;
  }
};

/// The first position of the sorted part that is not before (node, edge).
std::uint32_t LowerBound(const Slice& slice, NodeId node, EdgeId edge) {
  const Entry wanted{node, edge};
  std::uint32_t begin = 0;
  std::uint32_t end = slice.sorted;
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    if (Entry{slice.nodes[middle], slice.edges[middle]} < wanted) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

/// Where a list that lies in `block` ends in it.
std::uint32_t EndIn(ListBlock& block, const Slice& list) {
  return static_cast<std::uint32_t>(list.nodes - block.nodes()) + list.size;
}

}  // namespace

ListBlock::ListBlock(std::uint32_t capacity, const std::shared_ptr<PagedMemory>& memory)
    : allocator_(memory),
      memory_(allocator_.allocate(capacity)),
      nodes_(reinterpret_cast<NodeId*>(memory_)),
      edges_(reinterpret_cast<EdgeId*>(memory_) + capacity),
      capacity_(capacity) {}

ListBlock::~ListBlock() { allocator_.deallocate(memory_, capacity_); }

std::uint32_t FindInSlice(const Slice& slice, NodeId node, EdgeId edge) {
  const std::uint32_t at = LowerBound(slice, node, edge);
  if (at < slice.sorted && slice.nodes[at] == node && slice.edges[at] == edge) return at;
  for (std::uint32_t i = slice.sorted; i < slice.size; ++i) {
    if (slice.edges[i] == edge && slice.nodes[i] == node) return i;
  }
  return kNotFound;
}

std::uint32_t CountInSlice(const Slice& slice, NodeId node) {
  std::uint32_t count = 0;
  for (std::uint32_t i = LowerBound(slice, node, EdgeId{0});
       i < slice.sorted && slice.nodes[i] == node; ++i) {
    ++count;
  }
  for (std::uint32_t i = slice.sorted; i < slice.size; ++i) count += slice.nodes[i] == node ? 1 : 0;
  return count;
}

Leaf::Leaf(std::shared_ptr<ListBlock> blob, const std::uint32_t* offsets) : blob_(std::move(blob)) {
  for (std::uint32_t row = 0; row < kLeafNodes; ++row) {
    const std::uint32_t size = offsets[row + 1] - offsets[row];
    if (size == 0) continue;
    lists_[row] = {blob_->nodes() + offsets[row], blob_->edges() + offsets[row], size, size};
  }
}

Leaf::Owned* Leaf::FindOwned(std::uint32_t row) {
  const auto at =
      std::lower_bound(owned_.begin(), owned_.end(), row,
                       [](const Owned& owned, std::uint32_t r) { return owned.row < r; });
  return at != owned_.end() && at->row == row ? &*at : nullptr;
}

ListBlock& Leaf::Move(std::uint32_t row, std::uint32_t capacity) {
  Slice& list = lists_[row];
  auto block = std::make_shared<ListBlock>(capacity);
  if (list.size != 0) {
    std::memcpy(block->nodes(), list.nodes, std::size_t{list.size} * sizeof(NodeId));
    std::memcpy(block->edges(), list.edges, std::size_t{list.size} * sizeof(EdgeId));
  }
  block->used = list.size;
  list.nodes = block->nodes();
  list.edges = block->edges();
  ListBlock& result = *block;
  if (Owned* owned = FindOwned(row)) {
    owned->block = std::move(block);
  } else {
    const auto at =
        std::lower_bound(owned_.begin(), owned_.end(), row,
                         [](const Owned& other, std::uint32_t r) { return other.row < r; });
    owned_.insert(at, Owned{row, std::move(block)});
  }
  return result;
}

void Leaf::Append(std::uint32_t row, NodeId node, EdgeId edge) {
  Slice& list = lists_[row];
  const Owned* owned = FindOwned(row);
  ListBlock* block = owned == nullptr ? nullptr : owned->block.get();
  std::uint32_t end = block == nullptr ? 0 : EndIn(*block, list);
  if (block == nullptr || block->used != end || end == block->capacity()) {
    block = &Move(row, std::max<std::uint32_t>(4, list.size + list.size / 2 + 1));
    end = list.size;
  }
  block->nodes()[end] = node;
  block->edges()[end] = edge;
  const bool ascending = list.sorted == list.size &&
                         (list.size == 0 || Entry{list.nodes[list.size - 1],
                                                  list.edges[list.size - 1]} < Entry{node, edge});
  ++list.size;
  block->used = end + 1;
  if (ascending) list.sorted = list.size;
  if (list.size - list.sorted > std::max<std::uint32_t>(64, list.sorted / 8)) MergeTail(row);
}

void Leaf::Isolate(std::uint32_t row) {
  const Owned* owned = FindOwned(row);
  if (owned == nullptr || owned->block.use_count() == 1) return;
  Move(row, lists_[row].size + lists_[row].size / 2 + 1);
}

void Leaf::MergeTail(std::uint32_t row) {
  Slice& list = lists_[row];
  std::vector<Entry> tail;
  tail.reserve(list.size - list.sorted);
  for (std::uint32_t i = list.sorted; i < list.size; ++i) {
    tail.push_back({list.nodes[i], list.edges[i]});
  }
  std::sort(tail.begin(), tail.end());
  const Slice old = list;
  // The old block stays alive until the merge is done: others may share it or not.
  const std::shared_ptr<ListBlock> keep = FindOwned(row)->block;
  ListBlock& block = Move(row, old.size + old.size / 2 + 1);
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  for (const Entry& entry : tail) {
    while (from < old.sorted && Entry{old.nodes[from], old.edges[from]} < entry) {
      block.nodes()[to] = old.nodes[from];
      block.edges()[to++] = old.edges[from++];
    }
    block.nodes()[to] = entry.node;
    block.edges()[to++] = entry.edge;
  }
  std::copy(old.nodes + from, old.nodes + old.sorted, block.nodes() + to);
  std::copy(old.edges + from, old.edges + old.sorted, block.edges() + to);
  list.sorted = list.size;
}

void Leaf::Remove(std::uint32_t row, std::uint32_t position) {
  Slice& list = lists_[row];
  KB_ASSERT(position < list.size);
  if (list.size == 1) {
    if (const Owned* owned = FindOwned(row)) owned_.erase(owned_.begin() + (owned - owned_.data()));
    list = Slice{};
    return;
  }
  if (position < list.sorted) --list.sorted;
  // Both ends come off without touching memory that other versions may share: whoever deletes all
  // relationships of a hub, one by one in order, does not move the rest each time.
  if (position == 0) {
    ++list.nodes;
    ++list.edges;
    --list.size;
    return;
  }
  if (position + 1 == list.size) {
    --list.size;
    return;
  }
  const Owned* owned = FindOwned(row);
  if (owned == nullptr || owned->block.use_count() != 1) Move(row, list.size);
  ListBlock& block = *FindOwned(row)->block;
  const std::uint32_t at = EndIn(block, list) - list.size + position;
  const std::size_t behind = list.size - position - 1;
  std::memmove(block.nodes() + at, block.nodes() + at + 1, behind * sizeof(NodeId));
  std::memmove(block.edges() + at, block.edges() + at + 1, behind * sizeof(EdgeId));
  --list.size;
  block.used = EndIn(block, list);
}

bool Leaf::empty() const {
  return std::all_of(lists_.begin(), lists_.end(),
                     [](const Slice& list) { return list.size == 0; });
}

}  // namespace kb::storage
