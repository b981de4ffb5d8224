#include "storage/image/labels.h"

#include <algorithm>

#include "schema/base/assert.h"

namespace kb::storage {

LabelSet::LabelSet(std::vector<LabelId> labels) : labels_(std::move(labels)) {
  for (const LabelId label : labels_) {
    if (schema::Raw(label) < 64) first_ |= std::uint64_t{1} << schema::Raw(label);
  }
}

bool LabelSet::HasLarge(LabelId label) const {
  return std::binary_search(labels_.begin(), labels_.end(), label);
}

LabelSets::LabelSets() { Add({}); }

LabelSetId LabelSets::Find(std::span<const LabelId> labels) const {
  const auto at = ids_.find(std::vector<LabelId>(labels.begin(), labels.end()));
  return at == ids_.end() ? kNoSet : at->second;
}

LabelSetId LabelSets::Add(std::span<const LabelId> labels) {
  std::vector<LabelId> copy(labels.begin(), labels.end());
  const auto id = static_cast<LabelSetId>(sets_.size());
  const auto [at, added] = ids_.emplace(copy, id);
  if (added) sets_.push_back(std::make_shared<const LabelSet>(std::move(copy)));
  return at->second;
}

void NodeBlock::Count(LabelSetId set, std::uint32_t rows) {
  for (auto& [id, count] : sets_) {
    if (id == set) {
      count += rows;
      return;
    }
  }
  sets_.emplace_back(set, rows);
}

void NodeBlock::Uncount(LabelSetId set) {
  const auto at = std::find_if(sets_.begin(), sets_.end(),
                               [set](const auto& entry) { return entry.first == set; });
  KB_ASSERT(at != sets_.end());
  if (--at->second == 0) sets_.erase(at);
}

void NodeBlock::Put(std::uint32_t row, LabelSetId set) {
  // Called with the counts brought up to date: one set left means the block is alike again.
  if (sets_.size() == 1) {
    base_ = set;
    each_.clear();
    return;
  }
  if (each_.empty()) each_.assign(kBlockSize, base_);
  each_[row] = set;
}

void NodeBlock::Insert(std::uint32_t row, LabelSetId set) {
  KB_ASSERT(!Exists(row));
  exists_[row / 64] |= std::uint64_t{1} << (row % 64);
  ++live_;
  MarkUsed(row + 1);
  Count(set, 1);
  Put(row, set);
}

void NodeBlock::Remove(std::uint32_t row) {
  KB_ASSERT(Exists(row));
  Uncount(SetOf(row));
  exists_[row / 64] &= ~(std::uint64_t{1} << (row % 64));
  --live_;
  if (sets_.size() == 1) {
    base_ = sets_.front().first;
    each_.clear();
  }
}

void NodeBlock::Change(std::uint32_t row, LabelSetId set) {
  const LabelSetId old = SetOf(row);
  if (old == set) return;
  Uncount(old);
  Count(set, 1);
  Put(row, set);
}

void NodeBlock::Fill(std::uint32_t begin, std::uint32_t end, LabelSetId set) {
  if (begin == end) return;
  for (std::uint32_t row = begin; row < end; ++row) {
    exists_[row / 64] |= std::uint64_t{1} << (row % 64);
  }
  live_ += end - begin;
  MarkUsed(end);
  Count(set, end - begin);
  if (sets_.size() == 1) {
    base_ = set;
    each_.clear();
    return;
  }
  if (each_.empty()) each_.assign(kBlockSize, base_);
  std::fill(each_.begin() + begin, each_.begin() + end, set);
}

}  // namespace kb::storage
