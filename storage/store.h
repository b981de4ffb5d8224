// Store: one case, on disk or in memory. Opening, the present view, the writer's turn, folding.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "schema/base/cancel.h"
#include "schema/base/result.h"
#include "storage/graph.h"

namespace kb::storage {

struct StoreOptions {
  bool read_only = false;
  bool create_if_missing = true;
  /// Every commit waits until it is on the disk (fdatasync). Off: the operating system's time.
  bool sync = true;
  /// Fold (re-encode the delta into packed leaves and columns) when it has this many keys, and at
  /// close.
  std::size_t fold_keys = 1'000'000;
  /// What came from the disk is kept in memory only as far as the program then takes at most so
  /// many bytes; 0: as much as there is.
  std::uint64_t memory_bytes = 0;
};

/// What a check found.
struct CheckReport {
  std::vector<std::string> findings;  ///< Empty: clean. One sentence each, naming ids and keys.
  std::uint64_t node_count = 0;
  std::uint64_t relationship_count = 0;
};

/// Thread-safe. Destroying it waits for nothing: no transaction may be open any more.
class Store {
 public:
  /// Opens the folder. Errors, each leaving the folder untouched: kNotFound (missing and not to be
  /// created), kArgument (a file, or a folder that is no case), kUnsupported (written by a newer
  /// version), kConflict (held by another process), kCorruption, kIo.
  static Result<std::unique_ptr<Store>> Open(const std::string& path, const StoreOptions& options);
  /// The same engine without a disk.
  static std::unique_ptr<Store> InMemory();

  virtual ~Store() = default;

  /// The present: everything committed before the call. Never blocks.
  virtual View Present() const = 0;
  /// Waits for the writer's turn (until `cancellation` says stop). Errors: kReadOnly, kCancelled,
  /// and kIo after a failed write, from which only reopening helps.
  virtual Result<std::unique_ptr<Transaction>> Begin(
      const Cancellation* cancellation = nullptr) = 0;

  virtual bool read_only() const = 0;
  /// Re-encodes the delta into packed leaves and columns. Readers and the writer go on. Crash-safe.
  virtual Result<void> Fold() = 0;
  /// Every invariant of image and disk: both ends of every relationship, labels, columns, indexes,
  /// counts, disk equal to image.
  virtual Result<CheckReport> Check(const Cancellation* cancellation = nullptr) = 0;
  /// A consistent copy of the case in a new folder.
  virtual Result<void> Backup(const std::string& path) = 0;
};

}  // namespace kb::storage
