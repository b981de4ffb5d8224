// Many keys at once: written to tables of their own, which then become part of the database.
#include <rocksdb/sst_file_writer.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "schema/base/parallel.h"
#include "storage/rocks.h"

namespace kb::storage {

namespace {

constexpr unsigned kIngestThreads = 2;

}  // namespace

Result<std::string> Rocks::WriteTable(
    std::span<const std::pair<std::string, std::string>> entries) {
  rocksdb::ColumnFamilyHandle* const handle = family(FamilyOfBytes(entries.front().first));
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(db().GetDBOptions()), db().GetOptions(handle),
                                handle);
  std::string file =
      path_ + '/' + std::string(kIngestName) + std::to_string(ingest_count_.fetch_add(1)) + ".sst";
  KB_TRY(ToResult(writer.Open(file), "cannot write a table"));
  for (const auto& [key, value] : entries) {
    KB_TRY(ToResult(writer.Put(ToSlice(key), ToSlice(value)), "cannot write a table"));
  }
  KB_TRY(ToResult(writer.Finish(), "cannot write a table"));
  return file;
}

Result<void> Rocks::Ingest(std::vector<std::pair<std::string, std::string>> entries,
                           std::shared_mutex* readers) {
  KB_TRY(BecomeWriter());
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    const Family x = FamilyOfBytes(a.first);
    const Family y = FamilyOfBytes(b.first);
    return x != y ? x < y : a.first < b.first;
  });
  // A table holds one family, and about so many bytes that two threads have work.
  constexpr std::size_t kTableBytes = 16 << 20;
  std::vector<std::span<const std::pair<std::string, std::string>>> tables;
  std::size_t begin = 0;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    bytes += entries[i].first.size() + entries[i].second.size();
    const bool last = i + 1 == entries.size() ||
                      FamilyOfBytes(entries[i + 1].first) != FamilyOfBytes(entries[i].first);
    if (!last && bytes < kTableBytes) continue;
    tables.push_back(std::span(entries).subspan(begin, i + 1 - begin));
    begin = i + 1;
    bytes = 0;
  }
  std::vector<std::optional<Result<std::string>>> files(tables.size());
  ForEachMorsel(tables.size(), kIngestThreads,
                [&](std::size_t i, unsigned) { files[i] = WriteTable(tables[i]); });
  std::map<Family, rocksdb::IngestExternalFileArg> families;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    KB_ASSIGN(std::string file, *std::move(files[i]));
    const Family owner = FamilyOfBytes(tables[i].front().first);
    rocksdb::IngestExternalFileArg& arg = families[owner];
    arg.column_family = family(owner);
    arg.external_files.push_back(std::move(file));
    arg.options.move_files = true;
    arg.options.write_global_seqno = false;
  }
  std::vector<rocksdb::IngestExternalFileArg> args;
  for (auto& entry : families) args.push_back(std::move(entry.second));
  if (args.empty()) return {};
  std::unique_lock<std::shared_mutex> lock;
  if (readers != nullptr) lock = std::unique_lock(*readers);
  return ToResult(db().IngestExternalFiles(args), "cannot add tables to the case");
}

}  // namespace kb::storage
