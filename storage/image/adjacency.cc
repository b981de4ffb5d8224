#include "storage/image/adjacency.h"

#include <algorithm>
#include <bit>
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
  std::copy(offsets, offsets + kLeafNodes + 1, begin_.begin());
  nodes_ = blob_->nodes();
  edges_ = blob_->edges();
  each_ = kLong;
  SetSizes(0, kLeafNodes);
  const bool are_alike =
      std::all_of(sizes_.begin(), sizes_.end(), [this](auto size) { return size == sizes_[0]; });
  if (are_alike) each_ = sizes_[0];
}

void Leaf::SetSizes(std::uint32_t begin, std::uint32_t end) {
  for (std::uint32_t row = begin; row < end; ++row) {
    sizes_[row] = static_cast<std::uint8_t>(std::min<std::uint32_t>((*this)[row].size, kLong));
  }
}

std::uint32_t Leaf::PlaceOf(std::uint32_t row) const {
  int place = 0;
  for (std::uint32_t word = 0; word < row / 64; ++word) place += std::popcount(is_edited_[word]);
  const std::uint64_t below = (std::uint64_t{1} << (row % 64)) - 1;
  return static_cast<std::uint32_t>(place + std::popcount(is_edited_[row / 64] & below));
}

Leaf::Edited& Leaf::Edit(std::uint32_t row) {
  const std::uint32_t place = PlaceOf(row);
  if (!IsEdited(row)) {
    const Slice list = (*this)[row];
    edited_.insert(edited_.begin() + place, Edited{list.size == 0 ? Slice{} : list, nullptr});
    is_edited_[row / 64] |= std::uint64_t{1} << (row % 64);
    has_edits_ = true;
  }
  return edited_[place];
}

ListBlock& Leaf::Move(Edited& edited, std::uint32_t capacity) {
  Slice& list = edited.list;
  auto block = std::make_shared<ListBlock>(capacity);
  if (list.size != 0) {
    std::memcpy(block->nodes(), list.nodes, std::size_t{list.size} * sizeof(NodeId));
    std::memcpy(block->edges(), list.edges, std::size_t{list.size} * sizeof(EdgeId));
  }
  block->used = list.size;
  list.nodes = block->nodes();
  list.edges = block->edges();
  edited.block = std::move(block);
  return *edited.block;
}

void Leaf::Append(std::uint32_t row, NodeId node, EdgeId edge) {
  Edited& edited = Edit(row);
  Slice& list = edited.list;
  ListBlock* block = edited.block.get();
  std::uint32_t end = block == nullptr ? 0 : EndIn(*block, list);
  if (block == nullptr || block->used != end || end == block->capacity()) {
    block = &Move(edited, std::max<std::uint32_t>(4, list.size + list.size / 2 + 1));
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
  if (list.size - list.sorted > std::max<std::uint32_t>(64, list.sorted / 8)) MergeTail(edited);
  SetSizes(row, row + 1);
}

void Leaf::Isolate(std::uint32_t row) {
  if (!IsEdited(row)) return;
  Edited& edited = edited_[PlaceOf(row)];
  if (edited.block == nullptr || edited.block.use_count() == 1) return;
  Move(edited, edited.list.size + edited.list.size / 2 + 1);
}

void Leaf::MergeTail(Edited& edited) {
  Slice& list = edited.list;
  std::vector<Entry> tail;
  tail.reserve(list.size - list.sorted);
  for (std::uint32_t i = list.sorted; i < list.size; ++i) {
    tail.push_back({list.nodes[i], list.edges[i]});
  }
  std::sort(tail.begin(), tail.end());
  const Slice old = list;
  // The old block stays alive until the merge is done: others may share it or not.
  const std::shared_ptr<ListBlock> keep = edited.block;
  ListBlock& block = Move(edited, old.size + old.size / 2 + 1);
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
  Edited& edited = Edit(row);
  Slice& list = edited.list;
  KB_ASSERT(position < list.size);
  sizes_[row] = static_cast<std::uint8_t>(std::min<std::uint32_t>(list.size - 1, kLong));
  if (list.size == 1) {
    edited = Edited{};
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
  if (edited.block == nullptr || edited.block.use_count() != 1) Move(edited, list.size);
  ListBlock& block = *edited.block;
  const std::uint32_t at = EndIn(block, list) - list.size + position;
  const std::size_t behind = list.size - position - 1;
  std::memmove(block.nodes() + at, block.nodes() + at + 1, behind * sizeof(NodeId));
  std::memmove(block.edges() + at, block.edges() + at + 1, behind * sizeof(EdgeId));
  --list.size;
  block.used = EndIn(block, list);
}

void Leaf::Replace(std::uint32_t row, const Slice& list, std::shared_ptr<ListBlock> block) {
  Edit(row) = list.size == 0 ? Edited{} : Edited{list, std::move(block)};
  SetSizes(row, row + 1);
}

bool Leaf::empty() const {
  for (std::uint32_t row = 0; row < kLeafNodes; ++row) {
    if (SizeOf(row) != 0) return false;
  }
  return true;
}

}  // namespace kb::storage
