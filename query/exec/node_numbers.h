// Tables by node that counting looks things up in: NodeNumbers, what each node comes to, and
// LabelBits, which nodes have a label.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "storage/graph.h"

namespace kb::query::exec {

using schema::NodeId;

/// A number a node, 0 unless it was set, for the nodes of a range. The few that need more than 32
/// bits lie apart: half the memory is twice the speed.
class NodeNumbers {
 public:
  NodeNumbers() = default;
  NodeNumbers(NodeNumbers&& other) noexcept
      : uniform_(other.uniform_),
        value_(other.value_),
        begin_(other.begin_),
        narrow_(std::move(other.narrow_)),
        wide_(std::move(other.wide_)) {}

  /// Every node (that can be met) has `value`.
  void SetUniform(std::uint64_t value) { uniform_ = true, value_ = value; }
  bool IsAlways(std::uint64_t value) const { return uniform_ && value_ == value; }
  /// For nodes from `begin` to before `end`: no other may be set, nor stand in a list for Sum.
  void Reserve(std::uint32_t begin, std::uint32_t end);
  /// Several threads may set different nodes.
  void Set(NodeId node, std::uint64_t value);

  std::uint64_t operator[](NodeId node) const {
    if (uniform_) return value_;
    const std::uint32_t at = schema::Raw(node) - begin_;
    if (at >= narrow_.size()) return 0;
    const std::uint32_t number = narrow_[at];
    return number == kWide ? wide_.at(schema::Raw(node)) : number;
  }
  /// The sum over a list; false if it is too large.
  bool Sum(std::span<const NodeId> list, std::uint64_t* sum) const {
    if (uniform_) return !__builtin_mul_overflow(value_, std::uint64_t{list.size()}, sum);
    bool all_narrow = true;
    *sum = 0;
    for (const NodeId node : list) {
      const std::uint32_t number = narrow_[schema::Raw(node) - begin_];
      all_narrow = all_narrow && number != kWide;
      *sum += number;
    }
    return all_narrow || SumWide(list, sum);
  }
  /// The sum over a list of each number times factor(node), which is less than 256; false if it has
  /// to be found another way, because numbers are wide or many.
  template <typename Factor>
  bool SumOfProducts(std::span<const NodeId> list, const Factor& factor, std::uint64_t* sum) const {
    constexpr std::size_t kSizeMax = std::size_t{1} << 24;  // of products of 40 bits
    bool all_narrow = true;
    *sum = 0;
    if (list.size() > kSizeMax || (uniform_ && value_ >= kWide)) return false;
    if (uniform_) {
      for (const NodeId node : list) *sum += factor(node);
      *sum *= value_;
      return true;
    }
    for (const NodeId node : list) {
      const std::uint32_t number = narrow_[schema::Raw(node) - begin_];
      all_narrow = all_narrow && number != kWide;
      *sum += std::uint64_t{number} * factor(node);
    }
    return all_narrow;
  }

 private:
  static constexpr std::uint32_t kWide = 0xFFFF'FFFFu;
  bool SumWide(std::span<const NodeId> list, std::uint64_t* sum) const;

  bool uniform_ = false;
  std::uint64_t value_ = 0;
  std::uint32_t begin_ = 0;
  std::vector<std::uint32_t> narrow_;
  std::unordered_map<std::uint32_t, std::uint64_t> wide_;
  std::mutex mutex_;  ///< Guards wide_ while numbers are set.
};

/// Which nodes have a label. Mostly all of a block have it, or none; for blocks of which some have,
/// there is a bit a node, made when it has been asked for often enough to be worth it. Thread-safe.
class LabelBits {
 public:
  LabelBits(const storage::View& view, schema::LabelId label);

  /// Of a node that exists.
  bool Has(NodeId node) const {
    const std::uint32_t raw = schema::Raw(node);
    const auto share = shares_[raw / storage::kBlockSize];
    if (share != storage::View::Share::kSome) return share == storage::View::Share::kAll;
    if (made_.load(std::memory_order_acquire)) return ((bits_[raw / 64] >> (raw % 64)) & 1) != 0;
    return Ask(node);
  }
  /// Sets the numbers of nodes that do not have it to 0. Nodes that exist, in the order of
  /// `numbers`.
  void Keep(const std::vector<NodeId>& nodes, std::vector<std::uint64_t>* numbers) const {
    const auto* const shares = shares_.data();
    std::uint64_t* const to = numbers->data();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const auto share = shares[schema::Raw(nodes[i]) / storage::kBlockSize];
      const bool has = share == storage::View::Share::kSome ? Has(nodes[i])
                                                            : share == storage::View::Share::kAll;
      to[i] = has ? to[i] : 0;
    }
  }

 private:
  static constexpr std::uint32_t kAskedMax = 4096;
  bool Ask(NodeId node) const;
  void Make() const;

  const storage::View& view_;
  const schema::LabelId label_;
  std::vector<storage::View::Share> shares_;  ///< By block.
  mutable std::atomic<bool> made_{false};
  mutable std::atomic<std::uint32_t> asked_{0};
  mutable std::mutex making_;
  mutable std::vector<std::uint64_t> bits_;
};

}  // namespace kb::query::exec
