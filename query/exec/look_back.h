// LookBack: one more level of a search, asked from those it has not met yet. Each of them looks
// through its own relationships until one leads back to the level before. Once a level's
// relationships mostly lead to what is known, that reads far less than to go through them all.
//
// Source: Beamer, Asanović, Patterson: Direction-Optimizing Breadth-First Search (SC 2012).
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "query/exec/node_set.h"
#include "query/exec/runtime.h"
#include "query/exec/steps.h"

namespace kb::query::exec {

/// One thread. For steps of which only types are asked, where nothing is written meanwhile.
class LookBack {
 public:
  /// Steps as Steps::From takes them with `reversed`; they have been started.
  void Start(const Steps& steps, bool reversed, const storage::View& view);
  /// One more than the greatest id of a node that steps may lead to or from; 0 where that is not
  /// known.
  std::size_t node_limit() const { return node_limit_; }
  /// Whether it should take less time than going on from the `count` nodes of a level, where `met`
  /// are known already.
  bool Pays(std::size_t count, std::size_t met);
  /// Calls leads(node, from) for the nodes that are not in `except`, which keeps bits, in ascending
  /// order: of `from` there are steps to the node. The node's next list is asked for only where
  /// that gives false. Error: cancelled.
  template <typename Leads>
  Result<void> ForEach(const NodeSet& except, const Runtime& runtime, const Leads& leads) const;

 private:
  std::vector<storage::Lists> lists_;  ///< None: it cannot be done.
  std::size_t node_limit_ = 0;
  std::uint64_t entries_ = 0;  ///< Of all lists; 0: not known.
  std::uint64_t rows_ = 0;     ///< Ids in the leaves that there are; 0: not counted yet.
};

template <typename Leads>
Result<void> LookBack::ForEach(const NodeSet& except, const Runtime& runtime,
                               const Leads& leads) const {
  constexpr std::uint32_t kLeafWords = storage::kLeafNodes / 64;
  const auto leaf_count = static_cast<std::uint32_t>(node_limit_ / storage::kLeafNodes);
  std::vector<const storage::Leaf*> leaves(lists_.size());
  for (std::uint32_t number = 0; number < leaf_count; ++number) {
    bool is_empty = true;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      leaves[i] = lists_[i].LeafAt(number);
      is_empty &= leaves[i] == nullptr;
    }
    if (is_empty) continue;
    KB_TRY(runtime.CheckCancelled());
    for (std::uint32_t word = 0; word < kLeafWords; ++word) {
      std::uint64_t rest = ~except.Word(std::size_t{number} * kLeafWords + word);
      for (; rest != 0; rest &= rest - 1) {
        const std::uint32_t row = word * 64 + static_cast<std::uint32_t>(std::countr_zero(rest));
        const schema::NodeId node{number * storage::kLeafNodes + row};
        for (const storage::Leaf* const leaf : leaves) {
          if (leaf != nullptr && leads(node, leaf->NodesOf(row))) break;
        }
      }
    }
  }
  return {};
}

}  // namespace kb::query::exec
