// Commit: one writer at a time, many waiting for the disk together.
//
// A writer has the turn from Begin to Commit or Rollback. Commit hands its log on and gives the
// turn away before the disk has answered, so the next writer builds on a root that is not published
// yet; whoever finds no write under way becomes the leader, writes everything that waits in one
// batch and publishes the newest root. Readers thus never see what is not durable, and n committing
// threads share one sync. After a failed write all roots in flight are dropped and nothing is
// written any more: what the disk has is what was acknowledged, perhaps more, never less.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "schema/base/cancel.h"
#include "schema/base/result.h"
#include "storage/image/edits.h"
#include "storage/image/root.h"

namespace kb::storage {

/// What a transaction leaves on disk: keys and their new values, in the order of the edits.
struct Log {
  std::vector<std::pair<std::string, std::string>> entries;
  /// The history of a case in memory, which has no entries.
  std::vector<std::string> records;
  /// Erasures there are in all, if this transaction made any; else 0.
  std::size_t erasures = 0;
  /// Then the earlier history of a case in memory, without what was erased.
  std::vector<std::pair<std::int64_t, std::string>> history{};
  /// What the transaction edited, and the root it began with; null if nobody looked.
  std::shared_ptr<const Edits> edits{};
  std::shared_ptr<const Root> base{};
};

/// Thread-safe.
class Committer {
 public:
  /// Writes the logs of some commits, in order, as one; called by one thread at a time.
  using Writer = std::function<Result<void>(std::span<const Log* const> logs)>;

  /// Without a writer, commits are published at once.
  Committer(std::shared_ptr<const Root> root, Writer writer)
      : writer_(std::move(writer)), latest_(root), published_(std::move(root)) {}

  std::shared_ptr<const Root> Present() const {
    const std::lock_guard lock(published_mutex_);
    return published_;
  }

  /// Waits for the turn; returns the root to build on. Errors: kCancelled, kIo after a failed
  /// write.
  Result<std::shared_ptr<const Root>> TakeTurn(const Cancellation* cancellation);
  void GiveTurn();
  /// Gives the turn, and returns when the root is durable and published.
  Result<void> Commit(std::shared_ptr<const Root> root, const Log& log);

  /// For who has the turn: waits until everything committed before is durable and published.
  Result<void> Drain();
  /// For who has the turn, after Drain: shows a root that is on the disk already.
  void Publish(std::shared_ptr<const Root> root);
  /// For who has the turn: nothing can be written any more.
  void Fail(const Error& error);
  std::optional<Error> failure() const;

 private:
  struct Request {
    std::shared_ptr<const Root> root;
    const Log* log = nullptr;
    bool done = false;
    std::optional<Error> error;
  };

  void Lead(std::unique_lock<std::mutex>* lock);
  void SetPublished(std::shared_ptr<const Root> root);

  Writer writer_;
  mutable std::mutex mutex_;  ///< Guards everything but published_.
  std::condition_variable turn_free_;
  std::condition_variable written_;
  bool turn_taken_ = false;
  bool writing_ = false;
  std::deque<Request*> queue_;
  std::shared_ptr<const Root> latest_;  ///< What the next writer builds on.
  std::optional<Error> failure_;

  mutable std::mutex published_mutex_;
  std::shared_ptr<const Root> published_;
};

}  // namespace kb::storage
