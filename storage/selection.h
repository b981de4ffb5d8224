// Selection: which nodes and relationship types of a view an algorithm looks at, with the nodes
// numbered densely from 0.
//
// Nothing of the graph is copied: one bit a node id says whether the node belongs, and a running
// count for every 64 ids turns an id into its number (and back) in a few instructions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/base/result.h"
#include "storage/graph.h"

namespace kb::storage {

/// What to select. Empty lists mean all.
struct SelectionOptions {
  std::vector<std::string> labels;  ///< Nodes that carry any of these.
  std::vector<std::string> types;   ///< Relationships of any of these.
};

/// Immutable once made, so thread-safe; holds its view.
class Selection {
 public:
  /// Names that are not known select nothing.
  static Selection Of(const View& view, const SelectionOptions& options = {});

  const View& view() const { return view_; }
  const std::vector<TypeId>& types() const { return types_; }
  std::uint32_t size() const { return size_; }
  /// Some nodes do not belong, so the ends of relationships must be asked for.
  bool is_partial() const { return is_partial_; }

  bool Has(NodeId node) const {
    const std::uint32_t raw = schema::Raw(node);
    return raw / 64 < words_.size() && ((words_[raw / 64] >> (raw % 64)) & 1) != 0;
  }
  /// The number of a node that belongs.
  std::uint32_t NumberOf(NodeId node) const {
    const std::uint32_t raw = schema::Raw(node);
    const std::uint64_t before = words_[raw / 64] & ((std::uint64_t{1} << (raw % 64)) - 1);
    return counts_[raw / 64] + static_cast<std::uint32_t>(__builtin_popcountll(before));
  }
  /// The node that belongs with the lowest id of at least `node`'s; kNoNode if there is none.
  NodeId NextFrom(NodeId node) const;
  /// The nodes that belong, by number.
  std::vector<NodeId> Nodes() const;

 private:
  void Add(std::uint32_t block, std::optional<LabelId> label);

  View view_;
  std::vector<TypeId> types_;
  std::vector<std::uint64_t> words_;
  std::vector<std::uint32_t> counts_;  ///< Nodes that belong before each word.
  std::uint32_t size_ = 0;
  bool is_partial_ = false;
};

}  // namespace kb::storage
