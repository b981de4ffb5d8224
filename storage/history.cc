#include "storage/history.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "storage/disk.h"
#include "storage/key.h"

namespace kb::storage {

namespace {

constexpr std::size_t kRootsMax = 8;

std::size_t ErasuresIn(const Root& root) {
  return root.evidence ? root.evidence->erasures().size() : 0;
}

/// Indexes that were defined later than the kept root are added to it.
template <typename MakeIndex>
std::shared_ptr<const Root> Revive(const Root& kept, const Root& present, const MakeIndex& make) {
  auto root = std::make_shared<Root>(kept);
  root->past = present.past;
  if (root->records) root->records = Revive(*root->records, present);
  if (root->catalog == present.catalog) return root;
  root->catalog = present.catalog;
  root->indexes.assign(present.indexes.size(), {});
  for (const schema::IndexDefinition& index : present.catalog->indexes()) {
    root->indexes[schema::Raw(index.id)].Reset(make(index.subject));
  }
  return root;
}

/// A state of the past as views read it. What was recorded last may be later than in the kept one,
/// if nothing but statements was recorded between.
std::shared_ptr<const Root> ReviveMoment(const Root& kept, const Root& present, std::int64_t time) {
  const auto make = [&](const schema::Subject& subject) { return kept.moment->MakeIndex(subject); };
  auto root = std::make_shared<Root>(*Revive(kept, present, make));
  root->recorded = time;
  return root;
}

}  // namespace

std::int64_t NowMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::shared_ptr<const Root> Revive(const Root& kept, const Root& present) {
  return Revive(kept, present,
                [](const schema::Subject& subject) { return std::make_shared<Index>(subject); });
}

void Past::Keep(std::int64_t time, std::vector<std::string> records) {
  const std::lock_guard lock(mutex_);
  for (std::string& record : records) {
    records_.push_back({time, std::make_shared<const std::string>(std::move(record))});
  }
}

Result<std::vector<Past::Record>> Past::RecordsBetween(std::int64_t after,
                                                       std::int64_t until) const {
  std::vector<Record> records;
  if (gate_ == nullptr) {
    const std::lock_guard lock(mutex_);
    const auto begin =
        std::upper_bound(records_.begin(), records_.end(), after,
                         [](std::int64_t time, const Record& r) { return time < r.time; });
    for (auto at = begin; at != records_.end() && at->time <= until; ++at) records.push_back(*at);
    return records;
  }
  const std::shared_lock lock(gate_->mutex);
  if (gate_->rocks == nullptr) return ConflictError("the case was closed while it was being read");
  if (after >= until) return records;
  Rocks::Scan scan =
      gate_->rocks->ScanRange(Family::kMeta, HistoryKey(std::max<std::int64_t>(after, -1) + 1, 0),
                              HistoryKey(std::max<std::int64_t>(until, -1) + 1, 0));
  for (; scan.Valid(); scan.Next()) {
    const auto key = ParseKey(scan.key());
    if (!key) return CorruptionError("the history has a key that no version writes");
    records.push_back({key->time, std::make_shared<const std::string>(scan.value())});
  }
  KB_TRY(scan.status());
  return records;
}

Result<std::vector<std::pair<std::int64_t, std::string>>> Past::Everything(
    std::int64_t until) const {
  KB_ASSIGN(const std::vector<Record> records, RecordsBetween(-1, until));
  std::vector<std::pair<std::int64_t, std::string>> all;
  all.reserve(records.size());
  for (const Record& record : records) all.emplace_back(record.time, *record.bytes);
  return all;
}

void Past::Replace(std::vector<std::pair<std::int64_t, std::string>> records) {
  const std::lock_guard lock(mutex_);
  records_.clear();
  for (auto& [time, bytes] : records) {
    records_.push_back({time, std::make_shared<const std::string>(std::move(bytes))});
  }
}

void Past::Forget(std::size_t erasures) {
  const std::lock_guard lock(mutex_);
  if (erasures <= erasures_) return;
  erasures_ = erasures;
  changes_ = nullptr;
  present_root_.reset();
  roots_.clear();
  derived_.clear();
}

Result<std::shared_ptr<const ChangeIndex>> Past::Known(const Root& root) {
  const std::lock_guard turn(indexing_);
  std::shared_ptr<ChangeIndex> changes;
  std::size_t erasures = 0;
  {
    const std::lock_guard lock(mutex_);
    changes = changes_;
    erasures = erasures_;
  }
  if (changes == nullptr) changes = std::make_shared<ChangeIndex>();
  if (changes->until() < root.recorded) {
    KB_ASSIGN(std::vector<Record> records, RecordsBetween(changes->until(), root.recorded));
    KB_TRY(changes->Add(std::move(records), root.recorded));
  }
  const std::lock_guard lock(mutex_);
  if (erasures == erasures_) changes_ = changes;
  return std::shared_ptr<const ChangeIndex>(std::move(changes));
}

std::shared_ptr<const Present> Past::PresentOf(const std::shared_ptr<const Root>& root,
                                               const std::shared_ptr<const ChangeIndex>& changes) {
  const std::lock_guard lock(mutex_);
  auto present = present_root_.lock() == root ? present_.lock() : nullptr;
  if (present != nullptr && present->changes() == changes) return present;
  present = std::make_shared<const Present>(*root, changes);
  present_ = present;
  present_root_ = root;
  return present;
}

Result<std::shared_ptr<const Root>> Past::At(const std::shared_ptr<const Root>& root,
                                             std::int64_t time) {
  if (root->base) return At(root->base, time);  // What is not committed is not recorded yet.
  if (time >= root->recorded) return root;
  Forget(ErasuresIn(*root));
  KB_ASSIGN(const auto changes, Known(*root));
  const RecordSpan span = changes->Between(time, root->recorded);
  if (span.empty()) {
    auto same = std::make_shared<Root>(*root);
    same->recorded = time;
    return std::shared_ptr<const Root>(std::move(same));
  }
  const auto present = PresentOf(root, changes);
  const std::lock_guard lock(mutex_);
  // A root from before an erasure may show what was erased: it is for its reader alone.
  if (changes != changes_ || ErasuresIn(*root) != erasures_) {
    return ReviveMoment(*std::make_shared<const Moment>(present, span)->MakeRoot(time), *root,
                        time);
  }
  const auto found = std::find_if(roots_.begin(), roots_.end(),
                                  [&](const auto& kept) { return kept.first == span.from; });
  if (found != roots_.end()) {
    std::rotate(found, found + 1, roots_.end());
  } else {
    roots_.emplace_back(span.from, std::make_shared<const Moment>(present, span)->MakeRoot(time));
    if (roots_.size() > kRootsMax) roots_.erase(roots_.begin());
  }
  return ReviveMoment(*roots_.back().second, *root, time);
}

Result<void> Past::ForEachChange(std::int64_t after, std::int64_t until, const Visit& visit) const {
  KB_ASSIGN(const std::vector<Record> records, RecordsBetween(after, until));
  for (const Record& record : records) {
    KB_ASSIGN(const std::vector<Change> changes, DecodeChanges(*record.bytes));
    for (const Change& change : changes) KB_TRY(visit(record.time, change));
  }
  return {};
}

std::shared_ptr<const Root> Past::FindDerived(const std::string& how, const Root& present) const {
  const std::lock_guard lock(mutex_);
  if (ErasuresIn(present) != erasures_) return nullptr;
  for (const auto& [known, root] : derived_) {
    if (known == how) return Revive(*root, present);
  }
  return nullptr;
}

void Past::KeepDerived(const std::string& how, const Root& derived) {
  auto root = std::make_shared<Root>(derived);
  root->past = nullptr;
  if (root->records) {
    auto records = std::make_shared<Root>(*root->records);
    records->past = nullptr;
    root->records = std::move(records);
  }
  const std::lock_guard lock(mutex_);
  if (ErasuresIn(derived) != erasures_) return;
  derived_.emplace_back(how, std::move(root));
  if (derived_.size() > kRootsMax) derived_.erase(derived_.begin());
}

}  // namespace kb::storage
