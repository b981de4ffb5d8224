#include "kb/io/import.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "kb/io/import_run.h"
#include "schema/base/parallel.h"

namespace kb::io {

namespace {

constexpr std::size_t kRemarksMax = 100;

void SplitInto(std::string_view text, char separator, std::vector<std::string>* out) {
  while (true) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) out->emplace_back(text.substr(0, end));
    if (end == text.size()) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

Result<ImportGroup> ParseImportGroup(std::string_view text) {
  ImportGroup group;
  const std::size_t equals = text.find('=');
  // A path may hold a `=` as well, but a name here holds no slash.
  if (equals != std::string_view::npos &&
      text.substr(0, equals).find('/') == std::string_view::npos) {
    SplitInto(text.substr(0, equals), ':', &group.names);
    text.remove_prefix(equals + 1);
  }
  SplitInto(text, ',', &group.files);
  if (group.files.empty()) {
    return ArgumentError("`{}` names no file", text)
        .Hint("files are given as Label1:Label2=FILE,FILE or TYPE=FILE,FILE");
  }
  return group;
}

void Remark(ImportReport* report, std::string text) {
  if (report->remarks.size() < kRemarksMax) report->remarks.push_back(std::move(text));
}

void Merge(ImportReport* whole, ImportReport part) {
  whole->skipped_duplicates += part.skipped_duplicates;
  whole->skipped_relationships += part.skipped_relationships;
  whole->skipped_rows += part.skipped_rows;
  for (std::string& remark : part.remarks) Remark(whole, std::move(remark));
}

Result<void> ImportRun::Check() const {
  if (stopped.load(std::memory_order_relaxed)) {
    return Error(ErrorCode::kCancelled, "the import was stopped");
  }
  if (cancellation != nullptr) return cancellation->Check();
  return {};
}

Result<void> ImportRun::Tolerate(Error error, ImportReport* to) {
  if (bad.fetch_add(1) >= options.bad_tolerance) return error;
  ++to->skipped_rows;
  LeaveOut(error, to);
  return {};
}

void ImportRun::LeaveOut(const Error& error, ImportReport* to) {
  Remark(to, error.message());
  report_file.Add(error.message());
}

void ImportRun::Tell(std::string_view file) const {
  if (!progress) return;
  progress({file, report.nodes, report.relationships, bytes_read.load(), bytes_total, false});
}

ReportFile::~ReportFile() {
  if (file_ != nullptr) std::fclose(file_);
}

Result<void> ReportFile::Open(const std::string& path) {
  const std::lock_guard lock(mutex_);
  path_ = path;
  file_ = std::fopen(path.c_str(), "w");
  if (file_ == nullptr) {
    const std::string reason = std::error_code(errno, std::generic_category()).message();
    return IoError("cannot write the report {}: {}", path, reason);
  }
  return {};
}

void ReportFile::Add(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (file_ == nullptr) return;
  std::fwrite(text.data(), 1, text.size(), file_);
  std::fputc('\n', file_);
}

Result<void> ReportFile::Close() {
  const std::lock_guard lock(mutex_);
  if (file_ == nullptr) return {};
  const bool whole = std::ferror(file_) == 0;
  const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0;
  if (whole && closed) return {};
  return IoError("the report {} could not be written in full", path_);
}

Result<void> Turns::Give(std::size_t group, Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (group != turn_) {
      waiting_[group].push_back(std::move(job));
      return {};
    }
  }
  KB_TRY(RunWaiting(group));
  return job();
}

Result<void> Turns::RunWaiting(std::size_t group) {
  std::vector<Job> jobs;
  {
    const std::lock_guard lock(mutex_);
    jobs.swap(waiting_[group]);
  }
  for (Job& job : jobs) KB_TRY(job());
  return {};
}

Result<void> Turns::Done(std::size_t group) {
  {
    const std::lock_guard lock(mutex_);
    done_[group] = 1;
    if (group != turn_) return {};
  }
  // It is our turn: after our own jobs, those of the groups behind that are done already.
  while (true) {
    KB_TRY(RunWaiting(group));
    const std::lock_guard lock(mutex_);
    group = ++turn_;
    if (group == done_.size() || done_[group] == 0) return {};
  }
}

namespace {

using ReadGroup = Result<void> (*)(ImportRun*, Turns*, std::size_t, ImportReport*);

/// Reads `count` groups on several threads; of several errors the first group's is returned.
Result<void> ReadGroups(ImportRun* run, std::size_t count, ReadGroup read) {
  Turns turns(count);
  std::vector<ImportReport> reports(count);
  std::vector<std::optional<Error>> errors(count);
  ForEachMorsel(count, ThreadCount(run->options.threads), [&](std::size_t i, unsigned) {
    Result<void> result = read(run, &turns, i, &reports[i]);
    if (result.ok()) return;
    errors[i] = std::move(result).error();
    run->stopped.store(true);
  });
  std::optional<Error> first;
  for (std::optional<Error>& error : errors) {
    // Groups that merely stopped because another failed say so; that is not the reason.
    if (error && (!first || first->code() == ErrorCode::kCancelled)) first = std::move(error);
  }
  if (first) return *std::move(first);
  for (ImportReport& report : reports) Merge(&run->report, std::move(report));
  return {};
}

Result<void> CheckOptions(const ImportOptions& options) {
  if (options.nodes.empty() && options.relationships.empty()) {
    return ArgumentError("there is nothing to import").Hint("give --nodes or --relationships");
  }
  const auto usable = [](char c) { return c != '\n' && c != '\r'; };
  if (!usable(options.delimiter) || !usable(options.quote) || options.delimiter == options.quote) {
    return ArgumentError("delimiter and quote must be two different characters of one line");
  }
  if (options.array_delimiter == options.delimiter) {
    return ArgumentError("the array delimiter is the delimiter of fields: `{}`", options.delimiter);
  }
  for (const ImportGroup& group : options.relationships) {
    if (group.names.size() > 1) {
      return ArgumentError("relationships have one type, but {}:{} are given", group.names[0],
                           group.names[1]);
    }
  }
  return {};
}

/// The size of all files together, or 0 if one of them has none.
std::uint64_t TotalBytes(const ImportOptions& options) {
  std::uint64_t total = 0;
  for (const auto* groups : {&options.nodes, &options.relationships}) {
    for (const ImportGroup& group : *groups) {
      for (const std::string& file : group.files) {
        std::error_code error;
        const std::uintmax_t size = std::filesystem::file_size(file, error);
        if (error || file == "-") return 0;
        total += size;
      }
    }
  }
  return total;
}

}  // namespace

Result<ImportReport> Import(storage::Store& store, const ImportOptions& options,
                            const ImportListener& progress, const Cancellation* cancellation) {
  KB_TRY(CheckOptions(options));
  KB_ASSIGN(const auto loader, storage::BulkLoader::Start(store, options.threads));
  ImportRun run(options, *loader, progress, cancellation);
  if (progress) run.bytes_total = TotalBytes(options);
  if (!options.report_file.empty()) KB_TRY(run.report_file.Open(options.report_file));
  if (!options.nodes.empty()) KB_TRY(ReadGroups(&run, options.nodes.size(), ImportNodes));
  if (!options.relationships.empty()) {
    KB_TRY(ReadGroups(&run, options.relationships.size(), ImportRelationships));
  }
  if (progress) {
    progress(
        {{}, run.report.nodes, run.report.relationships, run.bytes_read, run.bytes_total, true});
  }
  KB_TRY(run.report_file.Close());
  KB_TRY(loader->Finish(cancellation));
  return std::move(run.report);
}

}  // namespace kb::io
