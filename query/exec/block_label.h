// BlockLabel: whether nodes have a label, asked of one node after the other as lists give them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "storage/graph.h"

namespace kb::query::exec {

/// Most blocks have nodes with the label only, or none, and answer for all their nodes; those last
/// met are remembered. One thread.
class BlockLabel {
 public:
  explicit BlockLabel(schema::LabelId label) : label_(label) { Start(); }

  /// For a view that may be another than before.
  void Start() { blocks_.fill(kNoBlock); }
  bool Has(const storage::View& view, schema::NodeId node) {
    const std::uint32_t block = storage::BlockOf(node);
    const std::size_t place = block % kBlocks;
    if (blocks_[place] != block) {
      blocks_[place] = block;
      shares_[place] = view.ShareOf(block, label_);
    }
    if (shares_[place] == storage::View::Share::kSome) return view.HasLabel(node, label_);
    return shares_[place] == storage::View::Share::kAll;
  }

 private:
  static constexpr std::uint32_t kNoBlock = 0xFFFF'FFFFu;
  static constexpr std::size_t kBlocks = 256;

  const schema::LabelId label_;
  std::array<std::uint32_t, kBlocks> blocks_;
  std::array<storage::View::Share, kBlocks> shares_;  ///< Where they have a block.
};

}  // namespace kb::query::exec
