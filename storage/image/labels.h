// Labels: interned label sets, and the blocks of nodes that refer to them.
//
// Nodes created with the same labels share blocks, so a block has one label set and, only where
// labels were changed afterwards, a table of exceptions. The answer to "has this node this label"
// is right whatever the blocks look like; alike blocks only make it quick.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "storage/graph.h"

namespace kb::storage {

/// Immutable.
class LabelSet {
 public:
  explicit LabelSet(std::vector<LabelId> labels);
  bool Has(LabelId label) const {
    const std::uint32_t raw = schema::Raw(label);
    return raw < 64 ? ((first_ >> raw) & 1) != 0 : HasLarge(label);
  }
  std::span<const LabelId> labels() const { return labels_; }

 private:
  bool HasLarge(LabelId label) const;

  std::vector<LabelId> labels_;  ///< Ascending.
  std::uint64_t first_ = 0;      ///< A bit for each of the first 64 labels.
};

using LabelSetId = std::uint32_t;

/// Every label set that nodes of the case have or had. Append-only; id 0 is the empty set.
class LabelSets {
 public:
  LabelSets();
  const LabelSet& operator[](LabelSetId id) const { return *sets_[id]; }
  LabelSetId size() const { return static_cast<LabelSetId>(sets_.size()); }
  /// `labels` ascending, without repeats. The id of the set, or nullptr-like kNoSet.
  static constexpr LabelSetId kNoSet = 0xFFFF'FFFFu;
  LabelSetId Find(std::span<const LabelId> labels) const;
  LabelSetId Add(std::span<const LabelId> labels);

 private:
  std::vector<std::shared_ptr<const LabelSet>> sets_;
  std::map<std::vector<LabelId>, LabelSetId> ids_;
};

/// Existence and labels of kBlockSize nodes.
class NodeBlock {
 public:
  bool Exists(std::uint32_t row) const { return ((exists_[row / 64] >> (row % 64)) & 1) != 0; }
  /// Of a row that exists.
  LabelSetId SetOf(std::uint32_t row) const { return each_.empty() ? base_ : each_[row]; }
  /// One past the last row that was ever used: ids are not reused.
  std::uint32_t used() const { return used_; }
  std::uint32_t live() const { return live_; }
  const std::uint64_t* exists() const { return exists_.data(); }
  /// The label sets of this block's nodes and how many nodes have each.
  std::span<const std::pair<LabelSetId, std::uint32_t>> sets() const { return sets_; }
  /// Whether all nodes have the label set of the first.
  bool alike() const { return each_.empty(); }

  // For the only owner.
  void Insert(std::uint32_t row, LabelSetId set);
  void Remove(std::uint32_t row);
  void Change(std::uint32_t row, LabelSetId set);
  void MarkUsed(std::uint32_t rows) { used_ = used_ < rows ? rows : used_; }
  /// Rows [begin, end), none of which exists, at once.
  void Fill(std::uint32_t begin, std::uint32_t end, LabelSetId set);

 private:
  void Count(LabelSetId set, std::uint32_t rows);
  void Uncount(LabelSetId set);
  void Put(std::uint32_t row, LabelSetId set);

  LabelSetId base_ = 0;
  std::uint32_t used_ = 0;
  std::uint32_t live_ = 0;
  std::array<std::uint64_t, kBlockSize / 64> exists_{};
  std::vector<LabelSetId> each_;  ///< Empty while all nodes have base_.
  std::vector<std::pair<LabelSetId, std::uint32_t>> sets_;
};

}  // namespace kb::storage
