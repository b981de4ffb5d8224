// Disk: how the image and RocksDB meet. Loads a root, writes logs, folds the delta.
//
// On disk lie packed parts (leaves, columns, label blocks), the state they add up to (counters,
// which columns exist), the catalog, and the delta: the absolute outcome of every edit since the
// parts were written. A case is parts plus delta. Included by .cc files below storage/ alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "storage/commit.h"
#include "storage/image/root.h"
#include "storage/rocks.h"
#include "storage/store.h"
#include "storage/stored_tables.h"

namespace kb::storage {

/// The way of lazily loaded parts to the database; closed when the store is, though views may live
/// on. Who reads several keys that belong together shares the mutex, who replaces such keys has it.
struct Gate {
  std::shared_mutex mutex;
  Rocks* rocks = nullptr;  ///< Guarded by mutex.
};

/// The packed parts that a delta or a load touches.
struct Touched {
  std::set<std::tuple<TypeId, Direction, std::uint32_t>> leaves;
  std::set<std::pair<KeyId, std::uint32_t>> node_chunks;
  std::set<std::tuple<TypeId, KeyId, std::uint32_t>> edge_chunks;
  std::set<std::uint32_t> label_blocks;

  bool empty() const {
    return leaves.empty() && node_chunks.empty() && edge_chunks.empty() && label_blocks.empty();
  }
};

/// Packed parts as keys with their new values; an empty value says the key goes.
using Parts = std::vector<std::pair<std::string, std::string>>;

/// Encodes the touched parts of a root, without its state.
Parts EncodeParts(const Root& root, const Touched& touched);
/// Every part that an image has, as if all of it had been touched.
Touched AllParts(const Root& root);
/// One part each, under its key (a leaf under several).
void EncodeLeafPart(const Root& root, TypeId type, Direction direction, std::uint32_t leaf,
                    Parts* parts);
std::string EncodeLabelPart(const Root& root, std::uint32_t block);

class Disk {
 public:
  /// Errors as Store::Open says.
  /// `files` may be null: the system's.
  static Result<std::unique_ptr<Disk>> Open(const std::string& path, const StoreOptions& options,
                                            std::shared_ptr<rocksdb::FileSystem> files = nullptr);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  /// The root that parts and delta add up to. Parts load when first read, unless the delta has
  /// edits for them.
  Result<std::shared_ptr<const Root>> Load();

  /// Appends logs to the delta, as one, durable if the options say so.
  Result<void> Write(std::span<const Log* const> logs);

  /// Keys in the delta, or a little more.
  std::uint64_t delta_keys() const { return delta_keys_; }

  // Folding, in three steps: from StartFold on, Write keeps a copy of what it writes, so that
  // FinishFold can drop the whole delta and put back what is newer than the folded root. The first
  // and the last are for who has the writer's turn, with nothing waiting to be written.
  void StartFold();
  Result<Parts> Pack(const Root& root);
  Result<void> FinishFold(const Root& root, const Parts& parts);
  void AbandonFold();
  bool folding() const { return folding_; }

  /// Adds the parts, state and catalog of a load to a case whose delta is empty. All or nothing.
  Result<void> Ingest(const Root& root, Parts parts);
  /// Writes what is in memory to files, so that the next opening has no log to read.
  Result<void> Flush() { return rocks_->Flush(); }

  // Erased bytes go for good when the case has been folded and its files have been written anew. A
  // key says that this is still to be done, so that the next program does it if this one dies.
  /// Grows with every erasure that was written; 0 if no file may hold anything erased.
  std::uint64_t purges_due() const { return purges_due_; }
  /// Writes all files anew.
  Result<void> Purge() { return rocks_->Rewrite(); }
  /// For who has the turn, with nothing waiting to be written.
  Result<void> EndPurge();

  Result<void> Copy(const std::string& path) { return rocks_->Copy(path); }
  /// Reads every part again and compares it with the root, whose delta must be empty; adds what
  /// differs to `findings`.
  Result<void> Compare(const Root& root, const Cancellation* cancellation,
                       std::vector<std::string>* findings);
  /// The same of statements, judgements, the rule, the history and the marks of erasures, which are
  /// in no delta.
  Result<void> CompareEvidence(const Root& root, std::vector<std::string>* findings) const;

 private:
  Disk() = default;

  Result<void> LoadLabels(Root* root);
  Result<void> LoadState(Root* root);
  Result<void> LoadEvidence(Root* root);
  Result<void> LoadErasures(Root* root);
  Result<void> Replay(std::shared_ptr<Root>* root);
  Result<Touched> ScanDelta();

  std::unique_ptr<Rocks> rocks_;
  std::shared_ptr<PagedMemory> memory_;  ///< Null where memory is not limited.
  std::shared_ptr<Gate> gate_;
  StoredTables tables_;  ///< For who has the writer's turn.
  bool sync_ = true;
  bool folding_ = false;
  Log newer_;  ///< What was written since StartFold.
  std::atomic<std::uint64_t> delta_keys_{0};
  std::atomic<std::uint64_t> purges_due_{0};
};

/// Counters and the directory of what exists, as one value.
std::string EncodeState(const Root& root);
/// Fills counters; makes types, columns and adjacency through `make`, lazily loaded. kCorruption.
struct PartMaker {
  std::function<Cow<Adjacency>(TypeId, Direction)> adjacency;
  std::function<Cow<Column>(KeyId)> node_column;
  std::function<Cow<Column>(TypeId, KeyId)> edge_column;
};
Result<void> DecodeState(std::string_view bytes, const PartMaker& make, Root* root);

}  // namespace kb::storage
