#include "kb/memory_guard.h"

#include <algorithm>
#include <chrono>

#include "schema/base/memory.h"

namespace kb {

MemoryGuard::MemoryGuard(std::uint64_t budget) : budget_(budget), thread_([this] { Run(); }) {}

MemoryGuard::~MemoryGuard() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  change_.notify_all();
  thread_.join();
}

void MemoryGuard::Run() {
  constexpr std::chrono::milliseconds kLook(5);
  std::unique_lock lock(mutex_);
  while (!ending_) {
    if (watches_.empty()) {
      change_.wait(lock, [this] { return ending_ || !watches_.empty(); });
      continue;
    }
    change_.wait_for(lock, kLook, [this] { return ending_; });
    lock.unlock();
    Result<void> verdict = CheckMemory(budget_);
    lock.lock();
    if (verdict.ok()) continue;
    const auto youngest = std::find_if(watches_.rbegin(), watches_.rend(),
                                       [](const Watch* watch) { return watch->verdict_.ok(); });
    if (youngest == watches_.rend()) continue;
    (*youngest)->verdict_ = std::move(verdict);
    (*youngest)->cancellation_->Request();
  }
}

MemoryGuard::Watch::Watch(MemoryGuard* guard, Cancellation* cancellation)
    : guard_(guard), cancellation_(cancellation) {
  if (guard_ == nullptr) return;
  const std::lock_guard lock(guard_->mutex_);
  guard_->watches_.push_back(this);
  if (guard_->watches_.size() == 1) guard_->change_.notify_all();
}

MemoryGuard::Watch::~Watch() {
  if (guard_ == nullptr) return;
  const std::lock_guard lock(guard_->mutex_);
  std::erase(guard_->watches_, this);
}

Result<void> MemoryGuard::Watch::Close() {
  if (guard_ == nullptr) return {};
  const std::lock_guard lock(guard_->mutex_);
  std::erase(guard_->watches_, this);
  if (!verdict_.ok()) return Error(verdict_.error());
  return {};
}

}  // namespace kb
