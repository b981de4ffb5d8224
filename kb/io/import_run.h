// One import while it runs: what its groups share, and how their batches come in order.
//
// Threads read and parse one group of files each; the batches reach the loader in the order of the
// groups all the same, so that ids, and which of two duplicates stays, never depend on timing. A
// group whose turn has not come keeps its batches in memory; the loader would do so anyway.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "kb/io/import.h"
#include "kb/io/import_ids.h"
#include "storage/bulk.h"

namespace kb::io {

/// Runs jobs in the order of their groups. Give and Done of one group are called by one thread.
class Turns {
 public:
  using Job = std::function<Result<void>()>;

  explicit Turns(std::size_t groups) : waiting_(groups), done_(groups, 0) {}

  /// Runs the job now if it is the group's turn, else keeps it.
  Result<void> Give(std::size_t group, Job job);
  /// The group gives no more; the next ones have their turn.
  Result<void> Done(std::size_t group);

 private:
  Result<void> RunWaiting(std::size_t group);

  std::mutex mutex_;  ///< Guards everything below.
  std::size_t turn_ = 0;
  std::vector<std::vector<Job>> waiting_;
  std::vector<char> done_;
};

/// One line for each row that was left out. Thread-safe.
class ReportFile {
 public:
  ReportFile() = default;
  ReportFile(const ReportFile&) = delete;
  ReportFile& operator=(const ReportFile&) = delete;
  ~ReportFile();
  /// Error: kIo.
  Result<void> Open(const std::string& path);
  void Add(std::string_view text);
  /// Whether everything has been written; to be asked at the end. Error: kIo.
  Result<void> Close();

 private:
  std::mutex mutex_;
  std::FILE* file_ = nullptr;  ///< Guarded by mutex_. Null: no report is wanted.
  std::string path_;
};

/// What the groups of an import share.
struct ImportRun {
  ImportRun(const ImportOptions& import_options, storage::BulkLoader& bulk_loader,
            const ImportListener& listener, const Cancellation* stop)
      : options(import_options), loader(bulk_loader), progress(listener), cancellation(stop) {}

  const ImportOptions& options;
  storage::BulkLoader& loader;
  const ImportListener& progress;
  const Cancellation* cancellation;

  IdSpaces spaces;                    ///< Filled in turn by nodes, then only read.
  std::atomic<std::uint64_t> bad{0};  ///< Rows left out under bad_tolerance.
  std::atomic<bool> stopped{false};   ///< One group failed; the others need not go on.
  ImportReport report;                ///< Counts of what reached the loader; changed in turn.
  std::atomic<std::uint64_t> bytes_read{0};
  std::uint64_t bytes_total = 0;  ///< Of all files; 0 if it cannot be known.
  ReportFile report_file;

  /// Whether to go on: kCancelled if not.
  Result<void> Check() const;
  /// A row cannot be used: tolerated (and told in `report`) or an error, as the options say.
  Result<void> Tolerate(Error error, ImportReport* to);
  /// A row is left out, as the options allow: told in `report` and in the report file.
  void LeaveOut(const Error& error, ImportReport* to);
  void Tell(std::string_view file) const;
};

/// Adds a remark, unless there are enough.
void Remark(ImportReport* report, std::string text);
/// Adds what a group left out to the whole.
void Merge(ImportReport* whole, ImportReport part);

/// Reads the nodes or relationships of one group and gives them in turn.
Result<void> ImportNodes(ImportRun* run, Turns* turns, std::size_t index, ImportReport* report);
Result<void> ImportRelationships(ImportRun* run, Turns* turns, std::size_t index,
                                 ImportReport* report);

}  // namespace kb::io
