// Paged memory: for what came from the disk and can be given back to it.
//
// Decoded leaves and column chunks of a case whose memory is limited live in a file without a name
// that is mapped into memory. Nothing in it ever moves, so whoever holds a pointer may keep it; but
// while the program uses more memory than it should, pages are handed back to the system, which
// keeps or writes them as it sees fit and brings them in again when they are read. That is what
// lets views hand out plain pointers under a budget: no pins, no look-up for each access.
//
// A thread looks every few milliseconds how much is resident and lets a hand go round over the
// segments, dropping their pages, until it is little enough. Without a budget there is no file and
// no thread, and allocators take memory from the heap.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "schema/base/result.h"

namespace kb::storage {

/// Thread-safe.
class PagedMemory {
 public:
  /// `folder` is where the file lies; the program should keep to `budget` bytes. Error: kIo.
  static Result<std::shared_ptr<PagedMemory>> Make(const std::string& folder, std::uint64_t budget);
  ~PagedMemory();
  PagedMemory(const PagedMemory&) = delete;
  PagedMemory& operator=(const PagedMemory&) = delete;

  /// Throws std::bad_alloc if the disk is full.
  void* Allocate(std::size_t bytes);
  void Free(void* memory, std::size_t bytes);
  std::uint64_t budget() const { return budget_; }
  /// Bytes that have been handed out.
  std::uint64_t used() const;
  /// Hands pages back until the program has at most `budget` resident, or one round is made.
  void Trim();

 private:
  struct Segment {
    std::byte* begin = nullptr;
    std::size_t size = 0;
  };
  PagedMemory(int file, std::uint64_t budget);
  /// A new stretch of the file with room for `bytes`.
  void Grow(std::size_t bytes);
  void Watch();

  const int file_;
  const std::uint64_t budget_;
  mutable std::mutex mutex_;  ///< Guards all below.
  std::vector<Segment> segments_;
  std::uint64_t file_size_ = 0;
  std::byte* free_ = nullptr;
  std::size_t room_ = 0;
  std::unordered_map<std::size_t, std::vector<void*>> returned_;  ///< By rounded size.
  std::uint64_t used_ = 0;
  std::size_t hand_segment_ = 0;
  std::size_t hand_offset_ = 0;
  bool ending_ = false;
  std::condition_variable end_;
  std::thread watcher_;
};

/// An allocator over paged memory, or over the heap where there is none. Containers keep it.
template <typename T>
class PagedAllocator {
 public:
  using value_type = T;
  using propagate_on_container_move_assignment = std::true_type;
  using propagate_on_container_swap = std::true_type;

  PagedAllocator() = default;
  explicit PagedAllocator(std::shared_ptr<PagedMemory> memory) : memory_(std::move(memory)) {}
  template <typename U>
  PagedAllocator(const PagedAllocator<U>& other) : memory_(other.memory()) {}  // NOLINT: converts

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    return static_cast<T*>(memory_ ? memory_->Allocate(bytes) : ::operator new(bytes));
  }
  void deallocate(T* items, std::size_t count) {
    if (memory_) {
      memory_->Free(items, count * sizeof(T));
    } else {
      ::operator delete(items);
    }
  }
  /// A copy is made to be changed: it lives on the heap.
  PagedAllocator select_on_container_copy_construction() const { return {}; }
  const std::shared_ptr<PagedMemory>& memory() const { return memory_; }
  friend bool operator==(const PagedAllocator& a, const PagedAllocator& b) {
    return a.memory_ == b.memory_;
  }

 private:
  std::shared_ptr<PagedMemory> memory_;
};

template <typename T>
using PagedVector = std::vector<T, PagedAllocator<T>>;

}  // namespace kb::storage
