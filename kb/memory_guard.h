// MemoryGuard: stops statements that need more memory than the case was given.
//
// What operators keep (sorted rows, groups, hash tables, collected lists, text) is of many kinds
// and made in many places, so it is not counted piece by piece: while statements run, a thread
// looks every few milliseconds how much heap the program has, gives back what has been freed, and
// if that does not help stops the youngest statement. The case goes on. Private to kb/.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "schema/base/cancel.h"
#include "schema/base/result.h"

namespace kb {

/// Thread-safe.
class MemoryGuard {
 public:
  /// `budget` bytes of heap and stacks.
  explicit MemoryGuard(std::uint64_t budget);
  ~MemoryGuard();
  MemoryGuard(const MemoryGuard&) = delete;
  MemoryGuard& operator=(const MemoryGuard&) = delete;

  /// While it lives, the statement behind `cancellation` is one that may be stopped.
  class Watch {
   public:
    /// `guard` may be null: nothing is watched.
    Watch(MemoryGuard* guard, Cancellation* cancellation);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// Ends the watch: a LimitError (MemoryLimit) if the guard has stopped the statement, which it
    /// does not do afterwards.
    Result<void> Close();

   private:
    friend class MemoryGuard;
    MemoryGuard* guard_;
    Cancellation* cancellation_;
    Result<void> verdict_;  ///< Guarded by the guard's mutex_.
  };

 private:
  void Run();

  const std::uint64_t budget_;
  mutable std::mutex mutex_;  ///< Guards all below.
  std::condition_variable change_;
  std::vector<Watch*> watches_;  ///< In the order in which they began.
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace kb
