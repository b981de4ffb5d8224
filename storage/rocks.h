// Rocks: one RocksDB database with our families and options. The only door to RocksDB; included by
// .cc files below storage/ alone, since its headers are heavy.
//
// RocksDB keeps what is durable and ordered and is never read in a query's inner loop, so it is
// tuned for writing big packed values, small delta keys and a short opening: four families, a small
// block cache, two background threads, tiny logs. Leaves are bit-packed already and stay
// uncompressed; columns and delta are compressed with LZ4.
//
// A case is locked when it is opened, but the database is opened for reading first, which touches
// nothing and takes a few milliseconds. The first write opens it again for writing: that costs a
// new manifest, a new log and their syncs, which a session that only asks should not pay.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/base/result.h"
#include "storage/key.h"

namespace kb::storage {

struct RocksOptions {
  bool read_only = false;
  bool create_if_missing = true;
  /// What the whole program should keep to; 0: no limit. Caches and buffers take a part of it.
  std::uint64_t memory_bytes = 0;
  /// Where the files are; null: the system's. Tests put one that fails here.
  std::shared_ptr<rocksdb::FileSystem> files;
};

/// The version of everything below storage/FORMAT.md describes.
inline constexpr int kFormatVersion = 3;

inline rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
inline std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

/// Files that a load adds to the case begin with this until they are part of it.
inline constexpr std::string_view kIngestName = "ingest-";

/// The family of a key that was composed, which is not empty.
inline Family FamilyOfBytes(std::string_view key) {
  return FamilyOf(static_cast<KeyKind>(key.front()));
}

/// A status that is not ok as an error: `doing` says what was tried ("reading the catalog").
Error ToError(const rocksdb::Status& status, std::string_view doing);
/// The same for statements that return nothing.
Result<void> ToResult(const rocksdb::Status& status, std::string_view doing);

/// Thread-safe, as RocksDB is. Iterators and snapshots must be gone before it is.
class Rocks {
  struct Private {};

 public:
  /// For Open and InMemory, which alone can name the argument.
  explicit Rocks(Private /*only_here*/) {}
  /// Errors as Store::Open says them, each leaving the folder untouched.
  static Result<std::unique_ptr<Rocks>> Open(const std::string& path, const RocksOptions& options);
  static Result<std::unique_ptr<Rocks>> InMemory();
  ~Rocks();
  Rocks(const Rocks&) = delete;
  Rocks& operator=(const Rocks&) = delete;

  rocksdb::DB& db() const { return *active()->db; }
  rocksdb::ColumnFamilyHandle* family(Family family) const {
    return active()->families[static_cast<std::size_t>(family)];
  }

  /// The value, or nullopt if the key is not there. `snapshot` may be null: the latest.
  Result<std::optional<std::string>> Get(Family family, std::string_view key,
                                         const rocksdb::Snapshot* snapshot = nullptr) const;
  /// All keys of the family that begin with `prefix`, in order, from the first; an empty prefix
  /// means the whole family. Check status() at the end.
  class Scan;
  Scan ScanPrefix(Family family, std::string_view prefix,
                  const rocksdb::Snapshot* snapshot = nullptr) const;

  /// All keys from `begin` up to, but without, `end`.
  Scan ScanRange(Family family, std::string_view begin, std::string end) const;
  /// The last key of the family that begins with `prefix`, or nullopt.
  Result<std::optional<std::string>> LastKey(Family family, std::string_view prefix) const;

  void Put(rocksdb::WriteBatch* batch, std::string_view key, std::string_view value) const;
  void Delete(rocksdb::WriteBatch* batch, std::string_view key) const;
  /// Deletes every key that begins with `prefix` (which has at least the kind's byte).
  void DeletePrefix(rocksdb::WriteBatch* batch, std::string_view prefix) const;
  /// Writes all or nothing. With `sync` the call returns when it is on the disk.
  Result<void> Write(rocksdb::WriteBatch* batch, bool sync);

  /// Sorts and writes many keys past the log and the memtable, all families at once or none. For
  /// loads and folds: keys may replace older ones; a key must not occur twice. `readers` (may
  /// be null) is held while they become visible, and not while they are written.
  Result<void> Ingest(std::vector<std::pair<std::string, std::string>> entries,
                      std::shared_mutex* readers = nullptr);

  /// Writes what is in memory to files, so that the next opening has no log to read.
  Result<void> Flush();
  /// Writes all files anew, so that nothing that was overwritten or deleted is left in them.
  Result<void> Rewrite();
  /// A consistent copy in a new folder. Errors: kArgument if `path` is there, kIo.
  Result<void> Copy(const std::string& path);

 private:
  struct Opened {
    Opened() = default;
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    ~Opened();
    std::unique_ptr<rocksdb::DB> db;
    std::array<rocksdb::ColumnFamilyHandle*, kFamilyCount> families{};
  };

  const Opened* active() const { return active_.load(std::memory_order_acquire); }
  Result<void> Lock();
  Result<std::unique_ptr<Opened>> OpenDatabase(bool for_writing) const;
  /// Before every write: opens for writing if that has not been done.
  Result<void> BecomeWriter();
  Result<void> CopyKeys(const std::string& path);
  /// Writes sorted entries of one family to a file of their own and names it.
  Result<std::string> WriteTable(std::span<const std::pair<std::string, std::string>> entries);

  std::string path_;
  std::uint64_t memory_bytes_ = 0;
  std::shared_ptr<rocksdb::FileSystem> files_;
  std::unique_ptr<rocksdb::Env> env_;  ///< Outlives the databases.
  rocksdb::FileLock* lock_ = nullptr;  ///< Null in memory and where only reading is allowed.
  /// Both stay until the end: whoever reads from the first may go on doing so.
  std::unique_ptr<Opened> reader_;
  std::unique_ptr<Opened> writer_;  ///< Guarded by opening_.
  std::atomic<const Opened*> active_{nullptr};
  std::mutex opening_;
  std::atomic<std::uint64_t> ingest_count_{0};
};

/// One thread at a time.
class Rocks::Scan {
 public:
  Scan(Scan&&) noexcept = default;
  Scan& operator=(Scan&&) noexcept = default;

  bool Valid() const { return state_->iterator->Valid(); }
  void Next() { state_->iterator->Next(); }
  /// Jumps to the first key at or behind `key`.
  void Seek(std::string_view key) { state_->iterator->Seek(ToSlice(key)); }
  std::string_view key() const { return ToView(state_->iterator->key()); }
  std::string_view value() const { return ToView(state_->iterator->value()); }
  /// An error of reading, if that is why it ended.
  Result<void> status() const;

 private:
  friend class Rocks;
  struct State {
    std::string end;  ///< Behind the prefix; the iterator refers to it through end_slice.
    rocksdb::Slice end_slice;
    std::unique_ptr<rocksdb::Iterator> iterator;
  };
  explicit Scan(std::unique_ptr<State> state) : state_(std::move(state)) {}

  std::unique_ptr<State> state_;
};

}  // namespace kb::storage
