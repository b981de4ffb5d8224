// NodePlaces: a number for some nodes, such as their place in a list. An array that is there only
// where nodes are that have one, which is quicker than hashing, and never larger than one number
// for each node of the graph.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "schema/ids.h"

namespace kb::query::exec {

/// One thread.
class NodePlaces {
 public:
  static constexpr std::uint32_t kNone = 0xFFFF'FFFFu;

  /// The number of a node, to be read or set; kNone where it has none. Good until the next call.
  std::uint32_t& operator[](schema::NodeId node) {
    const std::uint32_t id = schema::Raw(node);
    const std::uint32_t group = id / kGroup;
    if (group >= groups_.size() || groups_[group] == nullptr) [[unlikely]]
      Make(group);
    return groups_[group][id % kGroup];
  }
  /// Takes the numbers of these nodes away.
  void Forget(const std::vector<schema::NodeId>& nodes) {
    for (const schema::NodeId node : nodes) (*this)[node] = kNone;
  }

 private:
  static constexpr std::uint32_t kGroup = 512;

  [[gnu::noinline]] void Make(std::uint32_t group) {
    if (group >= groups_.size()) groups_.resize(group + 1 + groups_.size() / 2);
    groups_[group] = std::make_unique<std::uint32_t[]>(kGroup);
    std::fill_n(groups_[group].get(), kGroup, kNone);
  }

  std::vector<std::unique_ptr<std::uint32_t[]>> groups_;  ///< Null where no node has one.
};

}  // namespace kb::query::exec
