#include "storage/rocks.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/memtablerep.h>
#include <rocksdb/snapshot.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <cstdarg>
#include <filesystem>
#include <system_error>

#include "schema/base/assert.h"
#include "storage/log_tail.h"

namespace kb::storage {

namespace {

namespace fs = std::filesystem;

/// Says that a folder is a case, and of which format: `kb case, format 3`.
constexpr std::string_view kMarkerFile = "KB";
constexpr std::string_view kMarkerText = "kb case, format ";
/// The marker while it is written.
constexpr std::string_view kFreshMarkerFile = "KB.new";

constexpr const char* kFamilyNames[kFamilyCount] = {"default", "adj", "col", "delta"};

/// The best of the compressions that the library has.
rocksdb::CompressionType ColumnCompression() {
  const auto supported = rocksdb::GetSupportedCompressions();
  for (const auto type : {rocksdb::kLZ4Compression, rocksdb::kSnappyCompression}) {
    if (std::find(supported.begin(), supported.end(), type) != supported.end()) return type;
  }
  return rocksdb::kNoCompression;
}

/// RocksDB keeps no diary: what matters comes back as a status, and its own file for one ends the
/// program when the disk is full.
class NoDiary final : public rocksdb::Logger {
 public:
  using Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

rocksdb::DBOptions DatabaseOptions() {
  rocksdb::DBOptions options;
  options.info_log = std::make_shared<NoDiary>();
  options.create_missing_column_families = true;
  options.max_background_jobs = 2;
  // Every file is opened once, by the thread that opens the case: there are few of them, and who
  // reads may go on when a file has been replaced.
  options.max_open_files = -1;
  options.max_file_opening_threads = 1;
  options.skip_stats_update_on_db_open = true;
  options.skip_checking_sst_file_sizes_on_db_open = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.max_total_wal_size = 256 << 20;
  // A log that ends in the middle of a record is what a killed process leaves; a record that is
  // damaged before the end is an error.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.atomic_flush = false;
  // One thread writes at a time (commit.h).
  options.allow_concurrent_memtable_write = false;
  return options;
}

rocksdb::ColumnFamilyOptions FamilyOptions(Family family, std::uint64_t memory_bytes,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 << 10;
  table.format_version = 5;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  const std::uint64_t buffer = family == Family::kDelta ? 64 << 20 : 16 << 20;
  options.write_buffer_size =
      static_cast<std::size_t>(memory_bytes == 0 ? buffer : std::min(buffer, memory_bytes / 8));
  options.compression =
      family == Family::kAdjacency ? rocksdb::kNoCompression : ColumnCompression();
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.level_compaction_dynamic_level_bytes = true;
  // The delta is only ever read from one end to the other, when it is folded or replayed: it need
  // not be in order before.
  if (family == Family::kDelta) {
    options.memtable_factory = std::make_shared<rocksdb::VectorRepFactory>();
  }
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> Descriptors(std::uint64_t memory_bytes) {
  constexpr std::uint64_t kCacheBytes = 32 << 20;
  const auto cache = rocksdb::NewLRUCache(static_cast<std::size_t>(
      memory_bytes == 0 ? kCacheBytes : std::min(kCacheBytes, memory_bytes / 16)));
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (int i = 0; i < kFamilyCount; ++i) {
    descriptors.emplace_back(kFamilyNames[i],
                             FamilyOptions(static_cast<Family>(i), memory_bytes, cache));
  }
  return descriptors;
}

/// A log that grows by steps ahead of what is written to it. A sync then has no new length of the
/// file to write, which makes a small durable commit a quarter cheaper; what is behind the last
/// record after a crash is zeros, which are no part of the log (log_tail.h).
class LogFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  using FSWritableFileOwnerWrapper::FSWritableFileOwnerWrapper;
  void SetPreallocationBlockSize(std::size_t /*size*/) override {
    target()->SetPreallocationBlockSize(kStepBytes);
  }

 private:
  static constexpr std::size_t kStepBytes = 1 << 20;
};

/// The files of a case that is locked already: the database need not lock it again. Logs end where
/// they were last written to.
class LockedFiles final : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  static const char* kClassName() { return "kb.LockedFiles"; }
  const char* Name() const override { return kClassName(); }
  rocksdb::IOStatus LockFile(const std::string& /*name*/, const rocksdb::IOOptions& /*options*/,
                             rocksdb::FileLock** lock,
                             rocksdb::IODebugContext* /*debug*/) override {
    *lock = &lock_;
    return rocksdb::IOStatus::OK();
  }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    if (!name.ends_with(".log")) return target()->NewWritableFile(name, options, file, debug);
    rocksdb::FileOptions ahead = options;
    ahead.fallocate_with_keep_size = false;
    rocksdb::IOStatus status = target()->NewWritableFile(name, ahead, file, debug);
    if (status.ok()) *file = std::make_unique<LogFile>(std::move(*file));
    return status;
  }
  rocksdb::IOStatus NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = target()->NewSequentialFile(name, options, file, debug);
    if (!status.ok() || !name.ends_with(".log")) return status;
    std::uint64_t end = 0;
    status = FindLogEnd(**file, &end);
    if (status.ok()) status = target()->NewSequentialFile(name, options, file, debug);
    if (status.ok()) *file = EndAt(std::move(*file), end);
    return status;
  }
  rocksdb::IOStatus UnlockFile(rocksdb::FileLock* /*lock*/, const rocksdb::IOOptions& /*options*/,
                               rocksdb::IODebugContext* /*debug*/) override {
    return rocksdb::IOStatus::OK();
  }

 private:
  rocksdb::FileLock lock_;
};

/// Reads the marker of a case: its format, or 0 if there is none.
int ReadMarker(const fs::path& folder) {
  std::string text;
  const std::string file = (folder / kMarkerFile).string();
  if (!rocksdb::ReadFileToString(rocksdb::Env::Default(), file, &text).ok()) return 0;
  if (text.rfind(kMarkerText, 0) != 0) return 0;
  int format = 0;
  for (std::size_t i = kMarkerText.size(); i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] < '0' || text[i] > '9' || format > 1'000'000) return 0;
    format = format * 10 + (text[i] - '0');
  }
  return format;
}

Result<void> WriteMarker(const fs::path& folder, rocksdb::FileSystem& files) {
  const std::string text = std::string(kMarkerText) + std::to_string(kFormatVersion) + '\n';
  // Put in place in one step: a folder without a marker is no case.
  const std::string file = (folder / kMarkerFile).string();
  const std::string fresh = (folder / kFreshMarkerFile).string();
  const std::string doing = "cannot write into the folder " + folder.string();
  KB_TRY(ToResult(rocksdb::WriteStringToFile(&files, text, fresh, true), doing));
  return ToResult(files.RenameFile(fresh, file, {}, nullptr), doing);
}

/// Whether there is nothing in the folder but, maybe, a marker whose writer was killed.
Result<bool> IsEmpty(const fs::path& folder) {
  std::error_code error;
  bool empty = true;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename() != kFreshMarkerFile) empty = false;
  }
  if (error) return IoError("cannot read the folder {}: {}", folder.string(), error.message());
  return empty;
}

/// Tables that a killed process wrote but had not added yet.
void RemoveLeftovers(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename().string().rfind(kIngestName, 0) != 0) continue;
    std::error_code ignored;
    fs::remove(at->path(), ignored);
  }
}

/// Whether `path` may be opened, and whether there is something yet. Touches nothing.
Result<bool> LookAtFolder(const fs::path& path, const RocksOptions& options) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    if (error && error != std::errc::no_such_file_or_directory) {
      return IoError("cannot look at {}: {}", path.string(), error.message());
    }
    if (options.read_only || !options.create_if_missing) {
      return NotFoundError("there is no case at {}", path.string());
    }
    return false;
  }
  if (!fs::is_directory(status)) {
    return ArgumentError("{} is a file, but a case is a folder", path.string());
  }
  const int format = ReadMarker(path);
  if (format > kFormatVersion) {
    return UnsupportedError("{} has format {}; this version of kb reads up to format {}",
                            path.string(), format, kFormatVersion)
        .Hint("open it with a newer kb");
  }
  if (format > 0) return true;
  KB_ASSIGN(const bool empty, IsEmpty(path));
  if (!empty) return ArgumentError("{} is a folder that holds something else", path.string());
  if (options.read_only || !options.create_if_missing) {
    return NotFoundError("there is no case at {}: the folder is empty", path.string());
  }
  return false;
}

Result<void> MakeFolder(const fs::path& path, rocksdb::FileSystem& files) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return IoError("cannot create the folder {}: {}", path.string(), error.message());
  return WriteMarker(path, files);
}

/// A case that was killed while it was made has some of its families, and nothing in them.
bool LacksFamilies(const std::string& path) {
  std::vector<std::string> names;
  const rocksdb::Status status =
      rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), path, &names);
  return status.ok() && names.size() < static_cast<std::size_t>(kFamilyCount);
}

}  // namespace

Result<void> Rocks::Lock() {
  const rocksdb::Status status =
      rocksdb::Env::Default()->LockFile((fs::path(path_) / "LOCK").string(), &lock_);
  return ToResult(status, "cannot open " + path_);
}

Result<std::unique_ptr<Rocks::Opened>> Rocks::OpenDatabase(bool for_writing) const {
  rocksdb::DBOptions options = DatabaseOptions();
  options.env = env_.get();
  // A folder with a marker alone is a case that was killed while it was made.
  options.create_if_missing = for_writing;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      for_writing
          ? rocksdb::DB::Open(options, path_, Descriptors(memory_bytes_), &handles, &db)
          : rocksdb::DB::OpenForReadOnly(options, path_, Descriptors(memory_bytes_), &handles, &db);
  KB_TRY(ToResult(status, "cannot open " + path_));
  auto opened = std::make_unique<Opened>();
  opened->db.reset(db);
  std::copy(handles.begin(), handles.end(), opened->families.begin());
  return opened;
}

Result<std::unique_ptr<Rocks>> Rocks::Open(const std::string& path, const RocksOptions& options) {
  KB_ASSIGN(const bool there, LookAtFolder(path, options));
  auto rocks = std::make_unique<Rocks>(Private{});
  rocks->path_ = path;
  rocks->memory_bytes_ = options.memory_bytes;
  rocks->files_ = options.files ? options.files : rocksdb::FileSystem::Default();
  if (!there) KB_TRY(MakeFolder(path, *rocks->files_));
  rocks->env_ = rocksdb::NewCompositeEnv(std::make_shared<LockedFiles>(rocks->files_));
  if (!options.read_only) KB_TRY(rocks->Lock());
  std::error_code ignored;
  if (options.read_only || fs::exists(fs::path(path) / "CURRENT", ignored)) {
    auto reader = rocks->OpenDatabase(false);
    if (reader.ok()) {
      rocks->reader_ = std::move(reader).value();
      rocks->active_.store(rocks->reader_.get(), std::memory_order_release);
      return rocks;
    }
    if (!LacksFamilies(path)) return reader.error();
    if (options.read_only) {
      return NotFoundError("the case {} was never made to its end", path)
          .Hint("open it once for writing: there is nothing in it yet");
    }
  }
  KB_TRY(rocks->BecomeWriter());
  return rocks;
}

Result<std::unique_ptr<Rocks>> Rocks::InMemory() {
  auto rocks = std::make_unique<Rocks>(Private{});
  rocks->env_.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  rocks->path_ = "/case";
  KB_TRY(rocks->BecomeWriter());
  return rocks;
}

Result<void> Rocks::BecomeWriter() {
  const std::lock_guard guard(opening_);
  if (writer_) return {};
  if (files_ && lock_ == nullptr) {
    return Error(ErrorCode::kReadOnly, "the case was opened for reading only");
  }
  if (lock_ != nullptr) {
    RemoveLeftovers(path_);
    // What is written from here on may be of this version.
    if (ReadMarker(path_) < kFormatVersion) KB_TRY(WriteMarker(path_, *files_));
  }
  KB_ASSIGN(writer_, OpenDatabase(true));
  active_.store(writer_.get(), std::memory_order_release);
  return {};
}

Rocks::Opened::~Opened() {
  if (!db) return;
  for (rocksdb::ColumnFamilyHandle* handle : families) {
    if (handle != nullptr) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  db->Close().PermitUncheckedError();
}

Rocks::~Rocks() {
  active_.store(nullptr);
  writer_.reset();
  reader_.reset();
  if (lock_ != nullptr) rocksdb::Env::Default()->UnlockFile(lock_).PermitUncheckedError();
}

Result<std::optional<std::string>> Rocks::Get(Family family_of_key, std::string_view key,
                                              const rocksdb::Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::string value;
  const rocksdb::Status status = db().Get(options, family(family_of_key), ToSlice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return ToError(status, "cannot read from the case");
  return std::optional<std::string>(std::move(value));
}

Rocks::Scan Rocks::ScanPrefix(Family family_of_key, std::string_view prefix,
                              const rocksdb::Snapshot* snapshot) const {
  auto state = std::make_unique<Scan::State>();
  state->end = PrefixEnd(prefix);
  state->end_slice = state->end;
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.fill_cache = false;
  options.readahead_size = 1 << 20;
  if (!state->end.empty()) options.iterate_upper_bound = &state->end_slice;
  state->iterator.reset(db().NewIterator(options, family(family_of_key)));
  state->iterator->Seek(ToSlice(prefix));
  return Scan(std::move(state));
}

Result<void> Rocks::Scan::status() const {
  return ToResult(state_->iterator->status(), "cannot read from the case");
}

namespace {

/// A status of composing a batch in memory: it fails only beyond its limits, which we do not set.
void Composed([[maybe_unused]] const rocksdb::Status& status) {
  KB_ASSERT(status.ok());
  status.PermitUncheckedError();
}

}  // namespace

void Rocks::Put(rocksdb::WriteBatch* batch, std::string_view key, std::string_view value) const {
  Composed(batch->Put(family(FamilyOfBytes(key)), ToSlice(key), ToSlice(value)));
}

void Rocks::Delete(rocksdb::WriteBatch* batch, std::string_view key) const {
  Composed(batch->Delete(family(FamilyOfBytes(key)), ToSlice(key)));
}

void Rocks::DeletePrefix(rocksdb::WriteBatch* batch, std::string_view prefix) const {
  const std::string end = PrefixEnd(prefix);
  Composed(batch->DeleteRange(family(FamilyOfBytes(prefix)), ToSlice(prefix), ToSlice(end)));
}

Result<void> Rocks::Write(rocksdb::WriteBatch* batch, bool sync) {
  KB_TRY(BecomeWriter());
  rocksdb::WriteOptions options;
  options.sync = sync;
  return ToResult(db().Write(options, batch), "cannot write to the case");
}

Result<void> Rocks::Flush() {
  {
    const std::lock_guard guard(opening_);
    if (!writer_) return {};
  }
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  for (int i = 0; i < kFamilyCount; ++i) families.push_back(family(static_cast<Family>(i)));
  return ToResult(db().Flush(rocksdb::FlushOptions(), families), "cannot write the case");
}

Result<void> Rocks::CopyKeys(const std::string& path) {
  KB_ASSIGN(const std::unique_ptr<Rocks> copy, Open(path, {}));
  rocksdb::ManagedSnapshot snapshot(&db());
  constexpr std::size_t kBatchBytes = 4 << 20;
  rocksdb::WriteBatch batch;
  for (int i = 0; i < kFamilyCount; ++i) {
    Scan scan = ScanPrefix(static_cast<Family>(i), {}, snapshot.snapshot());
    for (; scan.Valid(); scan.Next()) {
      copy->Put(&batch, scan.key(), scan.value());
      if (batch.GetDataSize() < kBatchBytes) continue;
      KB_TRY(copy->Write(&batch, false));
      batch.Clear();
    }
    KB_TRY(scan.status());
  }
  return copy->Write(&batch, true);
}

Result<void> Rocks::Copy(const std::string& path) {
  std::error_code error;
  if (fs::exists(path, error)) return ArgumentError("{} is there already", path);
  if (!files_) return CopyKeys(path);
  KB_TRY(BecomeWriter());
  rocksdb::Checkpoint* made = nullptr;
  KB_TRY(ToResult(rocksdb::Checkpoint::Create(&db(), &made), "cannot copy the case"));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  KB_TRY(ToResult(checkpoint->CreateCheckpoint(path), "cannot copy the case to " + path));
  return WriteMarker(path, *files_);
}

}  // namespace kb::storage
