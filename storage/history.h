// History: what every commit changed, written when it changes and read when the past is asked.
//
// A commit with changes leaves one record (more if it is large) under its time (change.h). Nothing
// of it is read until the past is asked for; then an index of all changes is made (change_index.h)
// and kept, and a state of the past is a root whose parts are made from it where they are looked at
// (moment.h). Such roots are kept for a while, with the parts that they have made.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "storage/change.h"
#include "storage/change_index.h"
#include "storage/graph.h"
#include "storage/image/root.h"
#include "storage/moment.h"

namespace kb::storage {

struct Gate;  // storage/disk.h

/// A kept root as one that views read: with the history, names and indexes of `present`.
std::shared_ptr<const Root> Revive(const Root& kept, const Root& present);

/// The records of a case, and roots of the past. Thread-safe.
class Past {
 public:
  /// Of a case in memory: the records are kept here.
  Past() = default;
  /// Of a case on disk: they are read from it.
  explicit Past(std::shared_ptr<Gate> gate) : gate_(std::move(gate)) {}

  /// For a case in memory: the records of a commit, before its root is published.
  void Keep(std::int64_t time, std::vector<std::string> records);

  /// The state of `root` as it was at a time. Errors: kIo, kCorruption, kConflict (closed).
  Result<std::shared_ptr<const Root>> At(const std::shared_ptr<const Root>& root,
                                         std::int64_t time);
  /// Visits what was recorded after one time and until another, in order. Errors as At, and the
  /// visitor's.
  using Visit = std::function<Result<void>(std::int64_t time, const Change& change)>;
  Result<void> ForEachChange(std::int64_t after, std::int64_t until, const Visit& visit) const;

  /// All records in order, with their parts, up to a time. Errors as At.
  Result<std::vector<std::pair<std::int64_t, std::string>>> Everything(std::int64_t until) const;
  /// For a case in memory: puts other records in the place of those there are.
  void Replace(std::vector<std::pair<std::int64_t, std::string>> records);
  /// Something was erased: what was derived before is not handed out any more.
  void Forget(std::size_t erasures);

  /// A root that was derived otherwise: found by a text that says how. May be null.
  std::shared_ptr<const Root> FindDerived(const std::string& how, const Root& present) const;
  void KeepDerived(const std::string& how, const Root& derived);

 private:
  using Record = ChangeIndex::Record;
  Result<std::vector<Record>> RecordsBetween(std::int64_t after, std::int64_t until) const;
  /// The index, with all changes up to what the root has.
  Result<std::shared_ptr<const ChangeIndex>> Known(const Root& root);
  std::shared_ptr<const Present> PresentOf(const std::shared_ptr<const Root>& root,
                                           const std::shared_ptr<const ChangeIndex>& changes);

  std::shared_ptr<Gate> gate_;  ///< Null in memory.
  std::mutex indexing_;         ///< Held while the index grows; taken before mutex_.
  mutable std::mutex mutex_;    ///< Guards all below.
  std::size_t erasures_ = 0;    ///< That all below takes account of.
  std::vector<Record> records_;
  std::shared_ptr<ChangeIndex> changes_;  ///< Null until the past is asked.
  std::weak_ptr<const Present> present_;  ///< Of the root below; kept by its moments.
  std::weak_ptr<const Root> present_root_;
  /// States of the past by the first record behind them, the last used at the end.
  std::vector<std::pair<std::uint32_t, std::shared_ptr<const Root>>> roots_;
  std::vector<std::pair<std::string, std::shared_ptr<const Root>>> derived_;
};

/// Microseconds since 1970 by the system's clock.
std::int64_t NowMicros();

}  // namespace kb::storage
