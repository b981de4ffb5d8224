#include "storage/store.h"

#include <utility>

#include "storage/history.h"
#include "storage/key.h"
#include "storage/store_impl.h"
#include "storage/write.h"

namespace kb::storage {

Result<std::unique_ptr<Store>> Store::Open(const std::string& path, const StoreOptions& options) {
  KB_ASSIGN(std::unique_ptr<Disk> disk, Disk::Open(path, options));
  KB_ASSIGN(std::shared_ptr<const Root> root, disk->Load());
  return std::unique_ptr<Store>(
      std::make_unique<StoreImpl>(std::move(root), std::move(disk), options));
}

std::unique_ptr<Store> Store::InMemory() {
  auto root = std::make_shared<Root>();
  root->past = std::make_shared<Past>();
  return std::make_unique<StoreImpl>(std::move(root), nullptr, StoreOptions());
}

StoreImpl::StoreImpl(std::shared_ptr<const Root> root, std::unique_ptr<Disk> disk,
                     StoreOptions options)
    : options_(std::move(options)),
      disk_(std::move(disk)),
      committer_(root, disk_ ? Committer::Writer([this](std::span<const Log* const> logs) {
                   return disk_->Write(logs);
                 })
                             : Committer::Writer()),
      allocator_(*root) {}

StoreImpl::~StoreImpl() {
  if (!disk_ || options_.read_only || committer_.failure()) return;
  IgnoreError(Fold(), "what is not folded is in the delta, and safe");
  if (disk_->purges_due() != 0) {
    IgnoreError(Purge(), "the case says that it is due, and the next to open it makes up for it");
  }
  IgnoreError(disk_->Flush(), "what is not flushed is in the log, and safe");
}

Result<std::shared_ptr<const Root>> StoreImpl::TakeTurn(const Cancellation* cancellation) {
  if (options_.read_only) {
    return Error(ErrorCode::kReadOnly, "the case was opened for reading only");
  }
  return committer_.TakeTurn(cancellation);
}

Result<std::unique_ptr<Transaction>> StoreImpl::Begin(const Cancellation* cancellation) {
  KB_ASSIGN(const std::shared_ptr<const Root> root, TakeTurn(cancellation));
  TransactionImpl::Ends ends;
  ends.commit = [this](std::shared_ptr<const Root> changed_root, const Log& log, bool changed) {
    return End(std::move(changed_root), log, changed);
  };
  ends.rollback = [this] { committer_.GiveTurn(); };
  ends.drain = [this] { return committer_.Drain(); };
  ends.identify = [this](const std::shared_ptr<const Root>& base) { return identify_.At(base); };
  return std::unique_ptr<Transaction>(
      std::make_unique<TransactionImpl>(root, &allocator_, disk_ != nullptr, std::move(ends)));
}

Result<void> StoreImpl::End(std::shared_ptr<const Root> root, const Log& log, bool changed) {
  // A part that could not be read looks empty: nothing that may rest on it is kept.
  Result<void> health = root->health->Get();
  if (!changed || !health.ok()) {
    committer_.GiveTurn();
    return health;
  }
  const std::shared_ptr<Past> past = root->past;
  if (!disk_ && log.erasures != 0) past->Replace(log.history);
  if (!disk_ && !log.records.empty()) past->Keep(root->recorded, log.records);
  identify_.Note(*log.base, *root, log.erasures == 0 ? log.edits : nullptr);
  KB_TRY(committer_.Commit(std::move(root), log));
  if (log.erasures != 0) {
    past->Forget(log.erasures);
    return Purge();
  }
  if (disk_ && disk_->delta_keys() >= options_.fold_keys) {
    IgnoreError(Fold(), "the commit itself is durable; the next one reports a failed disk");
  }
  return {};
}

Result<void> StoreImpl::Purge() {
  if (!disk_) return {};
  const std::uint64_t due = disk_->purges_due();
  KB_TRY(Fold());
  Result<void> outcome;
  {
    const std::lock_guard lock(fold_mutex_);
    outcome = disk_->Purge();
  }
  KB_ASSIGN(const std::shared_ptr<const Root> root, TakeTurn(nullptr));
  Result<void> drained = committer_.Drain();
  if (outcome.ok()) outcome = std::move(drained);
  // What was erased meanwhile is for whoever erased it to see to.
  if (outcome.ok() && disk_->purges_due() == due) outcome = disk_->EndPurge();
  if (!outcome.ok()) committer_.Fail(outcome.error());
  committer_.GiveTurn();
  return outcome;
}

Result<void> StoreImpl::FoldInTurn(const std::shared_ptr<const Root>& root) {
  if (!disk_ || disk_->delta_keys() == 0) return {};
  KB_TRY(committer_.Drain());
  disk_->AbandonFold();  // Overtakes a fold that is being packed: that one will see it.
  KB_ASSIGN(const Parts parts, disk_->Pack(*root));
  if (auto written = disk_->FinishFold(*root, parts); !written.ok()) {
    committer_.Fail(written.error());
    return written;
  }
  return {};
}

Result<void> StoreImpl::Fold() {
  if (!disk_) return {};
  const std::lock_guard lock(fold_mutex_);
  KB_ASSIGN(const std::shared_ptr<const Root> root, TakeTurn(nullptr));
  Result<void> drained = committer_.Drain();
  if (drained.ok() && disk_->delta_keys() != 0) disk_->StartFold();
  const bool started = drained.ok() && disk_->delta_keys() != 0;
  committer_.GiveTurn();
  if (!started) return drained;

  Result<Parts> parts = disk_->Pack(*root);

  // From here on writers wait; for one write, not for the packing.
  const auto turn = committer_.TakeTurn(nullptr);
  if (!turn.ok()) {
    disk_->AbandonFold();
    return turn.error();
  }
  Result<void> outcome = committer_.Drain();
  if (outcome.ok() && !parts.ok()) outcome = std::move(parts).error();
  if (outcome.ok() && disk_->folding()) {
    outcome = disk_->FinishFold(*root, *parts);
    if (!outcome.ok()) committer_.Fail(outcome.error());
  }
  if (!outcome.ok()) disk_->AbandonFold();
  committer_.GiveTurn();
  return outcome;
}

Result<void> StoreImpl::PublishLoad(std::shared_ptr<const Root> root, Parts parts,
                                    std::vector<std::string> records) {
  KB_TRY(root->health->Get());
  if (!disk_) root->past->Keep(root->recorded, std::move(records));
  if (disk_) {
    for (std::size_t i = 0; i < records.size(); ++i) {
      parts.emplace_back(HistoryKey(root->recorded, static_cast<std::uint32_t>(i)),
                         std::move(records[i]));
    }
    if (auto written = disk_->Ingest(*root, std::move(parts)); !written.ok()) {
      committer_.Fail(written.error());
      return written;
    }
    // The packed parts are the load: they come back as they are asked for.
    Result<std::shared_ptr<const Root>> loaded = disk_->Load();
    if (!loaded.ok()) {
      committer_.Fail(loaded.error());
      return loaded.error();
    }
    root = *std::move(loaded);
  }
  identify_.Note(*root, *root, nullptr);
  committer_.Publish(std::move(root));
  return {};
}

Result<void> StoreImpl::Backup(const std::string& path) {
  if (!disk_) {
    return UnsupportedError("a case in memory cannot be backed up")
        .Hint("export it, or create the case in a folder");
  }
  return disk_->Copy(path);
}

}  // namespace kb::storage
