// PairTable: how many relationships there are between two nodes. For links that close cycles
// between nodes met in no order, where searching a list is a walk through memory.
//
// Where the nodes are few for the number of pairs, and no pair comes twice, it is a bit for each
// pair that there could be; else a hash of those that there are.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "query/exec/flat_index.h"
#include "storage/graph.h"

namespace kb::query::exec {

/// Immutable once made.
class PairTable {
 public:
  using NodeId = storage::NodeId;

  /// `pairs` may hold some of them several times.
  explicit PairTable(const std::vector<std::pair<NodeId, NodeId>>& pairs) {
    if (!FillBits(pairs)) FillHash(pairs);
  }

  std::uint32_t Count(NodeId from, NodeId to) const {
    if (!bits_.empty()) {
      const std::uint32_t row = schema::Raw(from) - from_.begin;
      const std::uint32_t column = schema::Raw(to) - to_.begin;
      if (row >= from_.size || column >= to_.size) return 0;
      const std::uint64_t at = std::uint64_t{row} * to_.size + column;
      return static_cast<std::uint32_t>((bits_[at / 64] >> (at % 64)) & 1);
    }
    const std::size_t at = PlaceOf(KeyOf(from, to));
    return keys_[at] == kNone ? 0 : counts_[at];
  }

 private:
  struct Range {
    std::uint32_t begin = 0xFFFF'FFFFu;
    std::uint32_t size = 0;
    void Take(NodeId node) {
      const std::uint32_t end = std::max(begin + size, schema::Raw(node) + 1);
      begin = size == 0 ? schema::Raw(node) : std::min(begin, schema::Raw(node));
      size = (size == 0 ? schema::Raw(node) + 1 : end) - begin;
    }
  };
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};  // no node has either number

  /// False where bits would take more room than a hash, or do not tell how often a pair comes.
  bool FillBits(const std::vector<std::pair<NodeId, NodeId>>& pairs) {
    constexpr std::uint64_t kBitsAPair = 128;
    for (const auto& [from, to] : pairs) from_.Take(from), to_.Take(to);
    const std::uint64_t bits = std::uint64_t{from_.size} * to_.size;
    if (bits == 0 || bits > pairs.size() * kBitsAPair) return false;
    bits_.assign(bits / 64 + 1, 0);
    for (const auto& [from, to] : pairs) {
      const std::uint64_t at =
          std::uint64_t{schema::Raw(from) - from_.begin} * to_.size + (schema::Raw(to) - to_.begin);
      const std::uint64_t bit = std::uint64_t{1} << (at % 64);
      if ((bits_[at / 64] & bit) != 0) {
        bits_.clear();
        return false;
      }
      bits_[at / 64] |= bit;
    }
    return true;
  }
  void FillHash(const std::vector<std::pair<NodeId, NodeId>>& pairs) {
    mask_ = std::bit_ceil(2 * pairs.size() + 2) - 1;
    keys_.assign(mask_ + 1, kNone);
    counts_.assign(mask_ + 1, 0);
    for (const auto& [from, to] : pairs) {
      const std::size_t at = PlaceOf(KeyOf(from, to));
      keys_[at] = KeyOf(from, to);
      ++counts_[at];
    }
  }
  static std::uint64_t KeyOf(NodeId from, NodeId to) {
    return (std::uint64_t{schema::Raw(from)} << 32) | schema::Raw(to);
  }
  std::size_t PlaceOf(std::uint64_t key) const {
    std::size_t at = Scramble(key) & mask_;
    while (keys_[at] != key && keys_[at] != kNone) at = (at + 1) & mask_;
    return at;
  }

  Range from_, to_;
  std::vector<std::uint64_t> bits_;
  std::size_t mask_ = 0;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> counts_;
};

}  // namespace kb::query::exec
