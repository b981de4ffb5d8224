// NodeSet: which nodes a search has met.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/graph.h"

namespace kb::query::exec {

/// A bit a node once they are many; a hash set before, because a search that ends soon should not
/// have to clear a bit for each node of the graph.
class NodeSet {
 public:
  /// For nodes of a view.
  void Reserve(const storage::View& view) {
    Reserve(std::size_t{view.block_count()} * storage::kBlockSize);
  }
  /// For nodes whose ids are less than this.
  void Reserve(std::size_t node_count) {
    if (node_count <= node_count_) return;
    node_count_ = node_count;
    few_max_ = node_count_ / 1024 + 64;
    if (words_.empty()) {
      few_.reserve(std::min(few_max_, kAtOnce));
    } else {
      words_.resize(WordCount());
    }
  }
  /// False if it was there already.
  bool Add(schema::NodeId node) {
    return words_.empty() ? AddToFew(schema::Raw(node)) : Set(schema::Raw(node));
  }
  /// Appends to `added` those of the nodes that were not there.
  void AddAll(std::span<const schema::NodeId> nodes, std::vector<schema::NodeId>* added) {
    std::size_t at = 0;
    for (; at < nodes.size() && words_.empty(); ++at) {
      if (AddToFew(schema::Raw(nodes[at]))) added->push_back(nodes[at]);
    }
    std::uint64_t* const words = words_.data();
    for (; at < nodes.size(); ++at) {
      const std::uint32_t id = schema::Raw(nodes[at]);
      const std::uint64_t bit = std::uint64_t{1} << (id % 64);
      // Most have been met before in a search that goes on: those are only looked at.
      if ((words[id / 64] & bit) != 0) [[likely]]
        continue;
      words[id / 64] |= bit;
      added->push_back(nodes[at]);
    }
  }
  /// Keeps bits from here on, however few nodes there are.
  void UseBits() {
    if (!words_.empty()) return;
    words_.resize(WordCount());
    for (const std::uint32_t known : few_) Set(known);
    few_.clear();
  }
  /// After UseBits: the nodes from 64 * `number` on, a bit each. Beyond those reserved for: none.
  std::uint64_t Word(std::size_t number) const {
    return number < words_.size() ? words_[number] : 0;
  }
  /// After UseBits: whether any of the nodes is there.
  bool HasAnyOf(std::span<const schema::NodeId> nodes) const {
    return std::any_of(nodes.begin(), nodes.end(), [this](schema::NodeId node) {
      const std::uint32_t id = schema::Raw(node);
      return ((Word(id / 64) >> (id % 64)) & 1) != 0;
    });
  }
  bool Has(schema::NodeId node) const {
    const std::uint32_t id = schema::Raw(node);
    return words_.empty() ? few_.contains(id) : ((words_[id / 64] >> (id % 64)) & 1) != 0;
  }
  /// Forgets all, which are these.
  void Clear(const std::vector<schema::NodeId>& nodes) {
    few_.clear();
    if (words_.empty()) return;
    for (const schema::NodeId node : nodes) words_[schema::Raw(node) / 64] = 0;
  }

 private:
  std::size_t WordCount() const { return node_count_ / 64 + 1; }

  bool Set(std::uint32_t id) {
    std::uint64_t& word = words_[id / 64];
    const std::uint64_t bit = std::uint64_t{1} << (id % 64);
    const bool is_new = (word & bit) == 0;
    word |= bit;
    return is_new;
  }

  [[gnu::noinline]] bool AddToFew(std::uint32_t id) {
    if (few_.size() < few_max_) return few_.insert(id).second;
    UseBits();
    return Set(id);
  }

  static constexpr std::size_t kAtOnce = 512;  ///< So many are few enough to make room for.

  std::size_t node_count_ = 0, few_max_ = 0;
  boost::unordered_flat_set<std::uint32_t> few_;
  std::vector<std::uint64_t> words_;  ///< Empty while they are few.
};

}  // namespace kb::query::exec
