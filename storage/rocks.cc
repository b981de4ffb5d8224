#include "storage/rocks.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/snapshot.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "schema/base/assert.h"

namespace kb::storage {

namespace {

namespace fs = std::filesystem;

/// Says that a folder is a case, and of which format: `kb case, format 1`.
constexpr std::string_view kMarkerFile = "KB";
constexpr std::string_view kMarkerText = "kb case, format ";

constexpr std::string_view kIngestName = "ingest-";

constexpr const char* kFamilyNames[kFamilyCount] = {"default", "adj", "col", "delta"};

/// The best of the compressions that the library has.
rocksdb::CompressionType ColumnCompression() {
  const auto supported = rocksdb::GetSupportedCompressions();
  for (const auto type : {rocksdb::kLZ4Compression, rocksdb::kSnappyCompression}) {
    if (std::find(supported.begin(), supported.end(), type) != supported.end()) return type;
  }
  return rocksdb::kNoCompression;
}

rocksdb::DBOptions DatabaseOptions() {
  rocksdb::DBOptions options;
  options.create_missing_column_families = true;
  options.max_background_jobs = 2;
  options.max_open_files = 256;
  options.keep_log_file_num = 2;
  options.max_log_file_size = 256 << 10;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.max_total_wal_size = 256 << 20;
  // A log that ends in the middle of a record is what a killed process leaves; a record that is
  // damaged before the end is an error.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.atomic_flush = false;
  return options;
}

rocksdb::ColumnFamilyOptions FamilyOptions(Family family,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 << 10;
  table.format_version = 5;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.write_buffer_size = family == Family::kDelta ? 64 << 20 : 16 << 20;
  options.compression =
      family == Family::kAdjacency ? rocksdb::kNoCompression : ColumnCompression();
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.level_compaction_dynamic_level_bytes = true;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> Descriptors() {
  const auto cache = rocksdb::NewLRUCache(32 << 20);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (int i = 0; i < kFamilyCount; ++i) {
    descriptors.emplace_back(kFamilyNames[i], FamilyOptions(static_cast<Family>(i), cache));
  }
  return descriptors;
}

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

Result<void> WriteMarker(const fs::path& folder) {
  const std::string text = std::string(kMarkerText) + std::to_string(kFormatVersion) + '\n';
  const std::string file = (folder / kMarkerFile).string();
  return ToResult(rocksdb::WriteStringToFile(rocksdb::Env::Default(), text, file, true),
                  "cannot write into the folder " + folder.string());
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
  const bool empty = fs::is_empty(path, error);
  if (error) return IoError("cannot read the folder {}: {}", path.string(), error.message());
  if (!empty) return ArgumentError("{} is a folder that holds something else", path.string());
  if (options.read_only || !options.create_if_missing) {
    return NotFoundError("there is no case at {}: the folder is empty", path.string());
  }
  return false;
}

Result<void> MakeFolder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return IoError("cannot create the folder {}: {}", path.string(), error.message());
  return WriteMarker(path);
}

}  // namespace

Error ToError(const rocksdb::Status& status, std::string_view doing) {
  const std::string text = status.ToString();
  if (status.IsCorruption()) return CorruptionError("{}: {}", doing, text);
  if (status.IsIOError() && text.find("lock") != std::string::npos) {
    return ConflictError("{}: the case is in use by another process", doing)
        .Hint("end the other process, or open the case for reading only");
  }
  if (status.IsNotSupported()) return UnsupportedError("{}: {}", doing, text);
  if (status.IsInvalidArgument()) return CorruptionError("{}: {}", doing, text);
  return IoError("{}: {}", doing, text);
}

Result<void> ToResult(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return {};
  return ToError(status, doing);
}

Result<std::unique_ptr<Rocks>> Rocks::Open(const std::string& path, const RocksOptions& options) {
  KB_ASSIGN(const bool there, LookAtFolder(path, options));
  if (!there) KB_TRY(MakeFolder(path));
  auto rocks = std::make_unique<Rocks>(Private{});
  rocks->path_ = path;
  rocksdb::DBOptions database = DatabaseOptions();
  // A folder with a marker alone is a case that was killed while it was made.
  database.create_if_missing = !options.read_only;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const std::string doing = "cannot open " + path;
  const rocksdb::Status status =
      options.read_only ? rocksdb::DB::OpenForReadOnly(database, path, Descriptors(), &handles, &db)
                        : rocksdb::DB::Open(database, path, Descriptors(), &handles, &db);
  KB_TRY(ToResult(status, doing));
  rocks->db_.reset(db);
  if (!options.read_only) RemoveLeftovers(path);
  std::copy(handles.begin(), handles.end(), rocks->families_.begin());
  return rocks;
}

Result<std::unique_ptr<Rocks>> Rocks::InMemory() {
  auto rocks = std::make_unique<Rocks>(Private{});
  rocks->env_.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  rocks->path_ = "/case";
  rocksdb::DBOptions database = DatabaseOptions();
  database.create_if_missing = true;
  database.env = rocks->env_.get();
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  KB_TRY(ToResult(rocksdb::DB::Open(database, rocks->path_, Descriptors(), &handles, &db),
                  "cannot open a case in memory"));
  rocks->db_.reset(db);
  std::copy(handles.begin(), handles.end(), rocks->families_.begin());
  return rocks;
}

Rocks::~Rocks() {
  if (!db_) return;
  for (rocksdb::ColumnFamilyHandle* handle : families_) {
    if (handle != nullptr) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  db_->Close().PermitUncheckedError();
  db_.reset();
}

Result<std::optional<std::string>> Rocks::Get(Family family_of_key, std::string_view key,
                                              const rocksdb::Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::string value;
  const rocksdb::Status status = db_->Get(options, family(family_of_key), ToSlice(key), &value);
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
  state->iterator.reset(db_->NewIterator(options, family(family_of_key)));
  state->iterator->Seek(ToSlice(prefix));
  return Scan(std::move(state));
}

Result<void> Rocks::Scan::status() const {
  return ToResult(state_->iterator->status(), "cannot read from the case");
}

namespace {

Family FamilyOfBytes(std::string_view key) {
  KB_ASSERT(!key.empty());
  return FamilyOf(static_cast<KeyKind>(key[0]));
}

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
  rocksdb::WriteOptions options;
  options.sync = sync;
  return ToResult(db_->Write(options, batch), "cannot write to the case");
}

Result<void> Rocks::Ingest(std::vector<std::pair<std::string, std::string>> entries) {
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<rocksdb::IngestExternalFileArg> files;
  for (int i = 0; i < kFamilyCount; ++i) {
    const auto family_of_file = static_cast<Family>(i);
    rocksdb::SstFileWriter writer(rocksdb::EnvOptions(db_->GetDBOptions()),
                                  db_->GetOptions(family(family_of_file)), family(family_of_file));
    std::string file;
    for (const auto& [key, value] : entries) {
      if (FamilyOfBytes(key) != family_of_file) continue;
      if (file.empty()) {
        file = path_ + '/' + std::string(kIngestName) + std::to_string(ingest_count_.fetch_add(1)) +
               ".sst";
        KB_TRY(ToResult(writer.Open(file), "cannot write a table"));
      }
      KB_TRY(ToResult(writer.Put(ToSlice(key), ToSlice(value)), "cannot write a table"));
    }
    if (file.empty()) continue;
    KB_TRY(ToResult(writer.Finish(), "cannot write a table"));
    rocksdb::IngestExternalFileArg arg;
    arg.column_family = family(family_of_file);
    arg.external_files = {file};
    arg.options.move_files = true;
    files.push_back(std::move(arg));
  }
  if (files.empty()) return {};
  return ToResult(db_->IngestExternalFiles(files), "cannot add tables to the case");
}

Result<void> Rocks::CopyKeys(const std::string& path) {
  KB_ASSIGN(const std::unique_ptr<Rocks> copy, Open(path, {}));
  rocksdb::ManagedSnapshot snapshot(db_.get());
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
  if (env_) return CopyKeys(path);
  rocksdb::Checkpoint* made = nullptr;
  KB_TRY(ToResult(rocksdb::Checkpoint::Create(db_.get(), &made), "cannot copy the case"));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  KB_TRY(ToResult(checkpoint->CreateCheckpoint(path), "cannot copy the case to " + path));
  return WriteMarker(path);
}

}  // namespace kb::storage
