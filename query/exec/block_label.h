// BlockLabel: whether nodes have a label, asked of one node after the other as lists give them.
#pragma once

#include <cstdint>

#include "storage/graph.h"

namespace kb::query::exec {

/// Most blocks have nodes with the label only, or none, and answer for all their nodes; the ends of
/// a list ascend and mostly stay in one. One thread.
class BlockLabel {
 public:
  explicit BlockLabel(schema::LabelId label) : label_(label) {}

  /// For a view that may be another than before.
  void Start() { block_ = kNoBlock; }
  bool Has(const storage::View& view, schema::NodeId node) {
    const std::uint32_t block = storage::BlockOf(node);
    if (block != block_) {
      block_ = block;
      share_ = view.ShareOf(block, label_);
    }
    if (share_ == storage::View::Share::kSome) return view.HasLabel(node, label_);
    return share_ == storage::View::Share::kAll;
  }

 private:
  static constexpr std::uint32_t kNoBlock = 0xFFFF'FFFFu;

  const schema::LabelId label_;
  std::uint32_t block_ = kNoBlock;
  storage::View::Share share_ = storage::View::Share::kNone;
};

}  // namespace kb::query::exec
