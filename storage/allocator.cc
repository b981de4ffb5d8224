#include "storage/allocator.h"

#include <algorithm>

#include "schema/base/limits.h"

namespace kb::storage {

Allocator::Allocator(const Root& root) : next_block_(root.block_count) {
  for (std::uint32_t block = 0; block < root.block_count; ++block) {
    const NodeBlock* nodes = root.nodes.Find(block);
    if (nodes == nullptr || nodes->used() == kBlockSize || nodes->sets().empty()) continue;
    const auto labels = (*root.label_sets)[nodes->sets().front().first].labels();
    open_[std::vector<LabelId>(labels.begin(), labels.end())] =
        std::uint64_t{block} * kBlockSize + nodes->used();
  }
  next_edge_.resize(root.types.size());
  for (std::size_t i = 0; i < root.types.size(); ++i) {
    if (root.types[i]) next_edge_[i] = root.types[i]->edge_limit;
  }
}

Result<NodeId> Allocator::NextNode(std::span<const LabelId> labels) { return NextNodes(labels, 1); }

Result<NodeId> Allocator::NextNodes(std::span<const LabelId> labels, std::uint32_t count) {
  scratch_.assign(labels.begin(), labels.end());
  const auto at = open_.find(scratch_);
  const bool open = at != open_.end() && at->second % kBlockSize != 0;
  const std::uint64_t room = open ? kBlockSize - at->second % kBlockSize : 0;
  // A row of ids may run out of the open block only if the next block is the next one free.
  const bool last = open && at->second / kBlockSize + 1 == next_block_;
  const std::uint64_t first =
      open && (count <= room || last) ? at->second : next_block_ * kBlockSize;
  const std::uint64_t end = first + count;
  if (end > limits::kNodeCountMax) {
    return LimitError("the case has used up its {} node ids", limits::kNodeCountMax);
  }
  next_block_ = std::max(next_block_, (end + kBlockSize - 1) / kBlockSize);
  if (at != open_.end()) {
    at->second = end;
  } else {
    open_.emplace(scratch_, end);
  }
  return static_cast<NodeId>(first);
}

Result<EdgeId> Allocator::NextEdges(TypeId type, std::uint64_t count) {
  const std::uint16_t raw = schema::Raw(type);
  if (raw >= next_edge_.size()) next_edge_.resize(raw + std::size_t{1});
  if (next_edge_[raw] + count > limits::kEdgeCountMax) {
    return LimitError("a relationship type has used up its {} ids", limits::kEdgeCountMax);
  }
  const auto first = static_cast<std::uint32_t>(next_edge_[raw]);
  next_edge_[raw] += count;
  return static_cast<EdgeId>(first);
}

}  // namespace kb::storage
