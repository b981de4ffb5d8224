#include "query/exec/node_numbers.h"

namespace kb::query::exec {

void NodeNumbers::Reserve(std::uint32_t begin, std::uint32_t end) {
  uniform_ = false;
  begin_ = begin;
  narrow_.assign(end - begin, 0);
}

void NodeNumbers::Set(NodeId node, std::uint64_t value) {
  std::uint32_t& narrow = narrow_[schema::Raw(node) - begin_];
  if (value < kWide) {
    narrow = static_cast<std::uint32_t>(value);
    return;
  }
  narrow = kWide;
  const std::lock_guard lock(mutex_);
  wide_[schema::Raw(node)] = value;
}

bool NodeNumbers::SumWide(std::span<const NodeId> list, std::uint64_t* sum) const {
  bool fits = true;
  *sum = 0;
  for (const NodeId node : list) {
    fits = !__builtin_add_overflow(*sum, (*this)[node], sum) && fits;
  }
  return fits;
}

LabelBits::LabelBits(const storage::View& view, schema::LabelId label)
    : view_(view), label_(label), shares_(view.block_count()) {
  for (std::uint32_t block = 0; block < shares_.size(); ++block) {
    shares_[block] = view.ShareOf(block, label);
  }
}

bool LabelBits::Ask(NodeId node) const {
  if (asked_.fetch_add(1, std::memory_order_relaxed) > kAskedMax) {
    const std::lock_guard lock(making_);
    if (!made_.load(std::memory_order_relaxed)) Make();
  }
  return view_.HasLabel(node, label_);
}

void LabelBits::Make() const {
  bits_.assign(std::size_t{view_.block_count()} * storage::kBlockSize / 64, 0);
  std::vector<NodeId> nodes(storage::kBlockSize);
  for (std::uint32_t block = 0; block < shares_.size(); ++block) {
    if (shares_[block] != storage::View::Share::kSome) continue;
    const std::uint32_t count = view_.ScanBlock(block, label_, nodes.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t raw = schema::Raw(nodes[i]);
      bits_[raw / 64] |= std::uint64_t{1} << (raw % 64);
    }
  }
  made_.store(true, std::memory_order_release);
}

}  // namespace kb::query::exec
