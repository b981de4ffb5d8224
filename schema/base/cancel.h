// Cancellation: one flag and one deadline a statement, checked where work comes in batches.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>

#include "schema/base/result.h"

namespace kb {

/// Set by any thread (or a signal handler: Request is async-signal-safe), read by the running one.
class Cancellation {
 public:
  using Clock = std::chrono::steady_clock;

  void Request() { requested_.store(true, std::memory_order_relaxed); }
  void Reset() { requested_.store(false, std::memory_order_relaxed), deadline_.reset(); }
  /// Not thread-safe: set before the statement starts.
  void SetDeadline(std::optional<Clock::time_point> deadline) { deadline_ = deadline; }

  /// An error of code kCancelled if a stop was asked for or the deadline has passed.
  Result<void> Check() const {
    if (requested_.load(std::memory_order_relaxed)) {
      return Error(ErrorCode::kCancelled, "the statement was stopped");
    }
    if (deadline_ && Clock::now() > *deadline_) {
      return Error(ErrorCode::kCancelled, "the statement ran longer than its time limit");
    }
    return {};
  }

 private:
  std::atomic<bool> requested_{false};
  std::optional<Clock::time_point> deadline_;
};

}  // namespace kb
