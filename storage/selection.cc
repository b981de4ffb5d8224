#include "storage/selection.h"

#include <algorithm>

namespace kb::storage {

void Selection::Add(std::uint32_t block, std::optional<LabelId> label) {
  NodeId nodes[kBlockSize];
  const std::uint32_t count = view_.ScanBlock(block, label, nodes);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t raw = schema::Raw(nodes[i]);
    words_[raw / 64] |= std::uint64_t{1} << (raw % 64);
  }
}

Selection Selection::Of(const View& view, const SelectionOptions& options) {
  Selection selection;
  selection.view_ = view;
  for (const auto& name : options.types) {
    const auto type = view.catalog().FindType(name);
    const auto& known = selection.types_;
    if (type && std::find(known.begin(), known.end(), *type) == known.end()) {
      selection.types_.push_back(*type);
    }
  }
  for (std::uint32_t raw = 0; options.types.empty() && raw < view.catalog().type_count(); ++raw) {
    selection.types_.push_back(TypeId{static_cast<std::uint16_t>(raw)});
  }
  const std::size_t ids = std::size_t{view.block_count()} * kBlockSize;
  selection.words_.resize(ids / 64);
  selection.is_partial_ = !options.labels.empty();
  for (std::uint32_t block = 0; block < view.block_count(); ++block) {
    if (options.labels.empty()) selection.Add(block, std::nullopt);
    for (const auto& name : options.labels) {
      if (const auto label = view.catalog().FindLabel(name)) selection.Add(block, label);
    }
  }
  selection.counts_.reserve(selection.words_.size());
  for (const std::uint64_t word : selection.words_) {
    selection.counts_.push_back(selection.size_);
    selection.size_ += static_cast<std::uint32_t>(__builtin_popcountll(word));
  }
  return selection;
}

NodeId Selection::NextFrom(NodeId node) const {
  const std::uint32_t raw = schema::Raw(node);
  std::size_t at = raw / 64;
  if (at >= words_.size()) return schema::kNoNode;
  std::uint64_t word = words_[at] & (~std::uint64_t{0} << (raw % 64));
  while (word == 0) {
    if (++at == words_.size()) return schema::kNoNode;
    word = words_[at];
  }
  return NodeId{static_cast<std::uint32_t>(at * 64) +
                static_cast<std::uint32_t>(__builtin_ctzll(word))};
}

std::vector<NodeId> Selection::Nodes() const {
  std::vector<NodeId> nodes;
  nodes.reserve(size_);
  for (NodeId node = NextFrom(NodeId{0}); node != schema::kNoNode;
       node = NextFrom(NodeId{schema::Raw(node) + 1})) {
    nodes.push_back(node);
  }
  return nodes;
}

}  // namespace kb::storage
