#include "storage/commit.h"

#include <chrono>

#include "schema/base/assert.h"

namespace kb::storage {

Result<std::shared_ptr<const Root>> Committer::TakeTurn(const Cancellation* cancellation) {
  constexpr std::chrono::milliseconds kLook(5);
  std::unique_lock lock(mutex_);
  while (turn_taken_) {
    if (cancellation == nullptr) {
      turn_free_.wait(lock);
    } else {
      KB_TRY(cancellation->Check());
      turn_free_.wait_for(lock, kLook);
    }
  }
  if (failure_) return *failure_;
  turn_taken_ = true;
  return latest_;
}

void Committer::GiveTurn() {
  const std::lock_guard lock(mutex_);
  turn_taken_ = false;
  turn_free_.notify_one();
}

Result<void> Committer::Commit(std::shared_ptr<const Root> root, const Log& log) {
  std::unique_lock lock(mutex_);
  KB_ASSERT(turn_taken_);
  turn_taken_ = false;
  turn_free_.notify_one();
  if (failure_) return *failure_;
  latest_ = root;
  if (!writer_) {
    SetPublished(std::move(root));
    return {};
  }
  Request request{std::move(root), &log, false, std::nullopt};
  queue_.push_back(&request);
  while (!request.done) {
    if (writing_) {
      written_.wait(lock);
    } else {
      Lead(&lock);
    }
  }
  if (request.error) return *request.error;
  return {};
}

void Committer::Lead(std::unique_lock<std::mutex>* lock) {
  writing_ = true;
  std::vector<Request*> group(queue_.begin(), queue_.end());
  queue_.clear();
  lock->unlock();
  std::vector<const Log*> logs;
  logs.reserve(group.size());
  for (const Request* request : group) logs.push_back(request->log);
  const Result<void> written = writer_(logs);
  if (written.ok()) SetPublished(group.back()->root);
  lock->lock();
  writing_ = false;
  if (!written.ok()) {
    failure_ = written.error();
    // Whatever was queued meanwhile rests on what was lost.
    group.insert(group.end(), queue_.begin(), queue_.end());
    queue_.clear();
    latest_ = Present();
  }
  for (Request* request : group) {
    request->error = failure_;
    request->done = true;
  }
  written_.notify_all();
}

Result<void> Committer::Drain() {
  std::unique_lock lock(mutex_);
  written_.wait(lock, [&] { return !writing_ && queue_.empty(); });
  if (failure_) return *failure_;
  return {};
}

void Committer::Publish(std::shared_ptr<const Root> root) {
  const std::lock_guard lock(mutex_);
  latest_ = root;
  SetPublished(std::move(root));
}

void Committer::Fail(const Error& error) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = error;
  latest_ = Present();
}

std::optional<Error> Committer::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void Committer::SetPublished(std::shared_ptr<const Root> root) {
  const std::lock_guard lock(published_mutex_);
  published_.swap(root);
}

}  // namespace kb::storage
