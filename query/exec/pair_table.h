// PairTable: how many relationships there are between two nodes, by a hash of the pair. For links
// that close cycles between nodes met in no order, where searching a list is a walk through memory.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "query/exec/flat_index.h"
#include "storage/graph.h"

namespace kb::query::exec {

/// Immutable once filled.
class PairTable {
 public:
  /// Room for so many pairs.
  explicit PairTable(std::uint64_t pairs)
      : mask_(std::bit_ceil(2 * pairs + 2) - 1), keys_(mask_ + 1, kNone), counts_(mask_ + 1, 0) {}

  void Add(storage::NodeId from, storage::NodeId to) {
    const std::size_t at = PlaceOf(KeyOf(from, to));
    keys_[at] = KeyOf(from, to);
    ++counts_[at];
  }
  std::uint32_t Count(storage::NodeId from, storage::NodeId to) const {
    const std::size_t at = PlaceOf(KeyOf(from, to));
    return keys_[at] == kNone ? 0 : counts_[at];
  }

 private:
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};  // no node has either number
  static std::uint64_t KeyOf(storage::NodeId from, storage::NodeId to) {
    return (std::uint64_t{schema::Raw(from)} << 32) | schema::Raw(to);
  }
  std::size_t PlaceOf(std::uint64_t key) const {
    std::size_t at = Scramble(key) & mask_;
    while (keys_[at] != key && keys_[at] != kNone) at = (at + 1) & mask_;
    return at;
  }

  std::size_t mask_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> counts_;
};

}  // namespace kb::query::exec
