// FlatIndex: from hashes to numbers counted from 0, in one array (open addressing). The keys
// themselves lie with whoever uses it, by number.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace kb::query::exec {

/// Spreads the bits of a number over 64.
constexpr std::uint64_t Scramble(std::uint64_t number) {
  number = (number ^ (number >> 32)) * 0x9E3779B97F4A7C15u;
  return number ^ (number >> 29);
}

class FlatIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFF'FFFFu;

  /// The number of an entry with this hash for which `same(number)` holds, or kNone.
  template <typename Same>
  std::uint32_t Find(std::uint64_t hash, const Same& same) const {
    if (slots_.empty()) return kNone;
    for (std::size_t at = hash & mask_;; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.number == kNone) return kNone;
      if (slot.tag == TagOf(hash) && same(slot.number)) return slot.number;
    }
  }

  /// The same; adds an entry with the next number where there is none.
  template <typename Same>
  std::uint32_t FindOrAdd(std::uint64_t hash, const Same& same) {
    if (size_ * 2 >= slots_.size()) Grow();
    for (std::size_t at = hash & mask_;; at = (at + 1) & mask_) {
      Slot& slot = slots_[at];
      if (slot.number == kNone) {
        slot = {TagOf(hash), size_};
        hashes_.push_back(hash);
        return size_++;
      }
      if (slot.tag == TagOf(hash) && same(slot.number)) return slot.number;
    }
  }

  std::uint32_t size() const { return size_; }
  /// Of an entry.
  std::uint64_t HashOf(std::uint32_t number) const { return hashes_[number]; }
  /// Makes room for so many entries in all.
  void Reserve(std::uint32_t entries) {
    std::size_t slots = std::max(kSlotsMin, slots_.size());
    while (std::size_t{entries} * 2 >= slots) slots *= 2;
    if (slots != slots_.size()) GrowTo(slots);
    hashes_.reserve(entries);
  }
  /// Brings near what a look for this hash will read.
  void Fetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }

 private:
  static constexpr std::size_t kSlotsMin = 16;  // a power of two
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t number = kNone;
  };
  static std::uint32_t TagOf(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  void Grow() { GrowTo(slots_.empty() ? kSlotsMin : slots_.size() * 2); }
  void GrowTo(std::size_t slots) {
    slots_.assign(slots, Slot{});
    mask_ = slots_.size() - 1;
    for (std::uint32_t number = 0; number < size_; ++number) {
      std::size_t at = hashes_[number] & mask_;
      while (slots_[at].number != kNone) at = (at + 1) & mask_;
      slots_[at] = {TagOf(hashes_[number]), number};
    }
  }

  std::vector<Slot> slots_;
  std::vector<std::uint64_t> hashes_;  ///< By number, for growing.
  std::size_t mask_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace kb::query::exec
