// Allocator: hands out ids of nodes and relationships. Upwards, never twice; what a rolled-back
// transaction was given stays used until the case is closed.
//
// Nodes with the same labels are placed in the same blocks. That is a hint for speed: nothing
// depends on it, labels may change later.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "schema/base/result.h"
#include "storage/graph.h"
#include "storage/image/root.h"

namespace kb::storage {

/// For who has the writer's turn.
class Allocator {
 public:
  /// Goes on behind everything that `root` has used.
  explicit Allocator(const Root& root);

  /// One id for a node with these labels (ascending). Error: kLimit.
  Result<NodeId> NextNode(std::span<const LabelId> labels);
  /// `count` ids in a row; the first. Error: kLimit.
  Result<NodeId> NextNodes(std::span<const LabelId> labels, std::uint32_t count);
  Result<EdgeId> NextEdge(TypeId type) { return NextEdges(type, 1); }
  Result<EdgeId> NextEdges(TypeId type, std::uint64_t count);

 private:
  std::uint64_t next_block_ = 0;
  /// Where the next node with a label set goes: an id within an open block.
  std::map<std::vector<LabelId>, std::uint64_t, std::less<>> open_;
  std::vector<std::uint64_t> next_edge_;
  std::vector<LabelId> scratch_;
};

}  // namespace kb::storage
