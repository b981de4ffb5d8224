// The store behind storage/store.h: committer, allocator and, for cases on disk, the disk.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "storage/allocator.h"
#include "storage/commit.h"
#include "storage/disk.h"
#include "storage/identity.h"
#include "storage/store.h"

namespace kb::storage {

class StoreImpl final : public Store {
 public:
  /// `disk` may be null: a case in memory.
  StoreImpl(std::shared_ptr<const Root> root, std::unique_ptr<Disk> disk, StoreOptions options);
  ~StoreImpl() override;

  View Present() const override { return View(identify_(committer_.Present())); }
  Result<std::unique_ptr<Transaction>> Begin(const Cancellation* cancellation) override;
  bool read_only() const override { return options_.read_only; }
  Result<void> Fold() override;
  Result<CheckReport> Check(const Cancellation* cancellation) override;
  Result<void> Backup(const std::string& path) override;

  // For the bulk loader, which holds the turn from its start to its end.
  Result<std::shared_ptr<const Root>> TakeTurn(const Cancellation* cancellation);
  Committer& committer() { return committer_; }
  Allocator& allocator() { return allocator_; }
  /// Publishes a loaded root; on disk, writes its parts (which it need not hold) and publishes what
  /// is there then. The caller has the turn.
  Result<void> PublishLoad(std::shared_ptr<const Root> root, Parts parts,
                           std::vector<std::string> records);
  bool on_disk() const { return disk_ != nullptr; }
  /// For who has the turn: folds so that the delta is empty.
  Result<void> FoldInTurn(const std::shared_ptr<const Root>& root);

 private:
  /// Leaves nothing of what was erased in the files of the case.
  Result<void> Purge();
  Result<void> End(std::shared_ptr<const Root> root, const Log& log, bool changed);

  const StoreOptions options_;
  std::unique_ptr<Disk> disk_;
  Committer committer_;
  Identifier identify_;
  Allocator allocator_;    ///< Guarded by the writer's turn.
  std::mutex fold_mutex_;  ///< One fold at a time.
};

}  // namespace kb::storage
