// Ctrl+C and time limits: both stop the running statement and leave the shell alone.
#pragma once

#include <chrono>
#include <optional>

#include "kb/session.h"
#include "schema/base/cancel.h"

namespace kb::shell {

/// While it lives, SIGINT stops the statement of `session` instead of ending the program, and so
/// does the time limit, if there is one. At most one at a time; one thread.
class InterruptGuard {
 public:
  explicit InterruptGuard(Session& session,
                          std::optional<std::chrono::milliseconds> timeout = std::nullopt);
  /// The same for work that looks at a flag, such as an import.
  explicit InterruptGuard(Cancellation& cancellation);
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  ~InterruptGuard();

  /// Whether somebody pressed Ctrl+C since the guard was made.
  bool interrupted() const;
  /// Whether the time limit was what stopped the statement.
  bool timed_out() const;
};

}  // namespace kb::shell
