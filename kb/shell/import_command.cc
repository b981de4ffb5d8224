// `kb import`: arguments to options, progress for a person, the report at the end.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "kb/database.h"
#include "kb/io/import.h"
#include "kb/shell/interrupt.h"
#include "kb/shell/quantity.h"
#include "kb/shell/subcommands.h"

namespace kb::shell {
namespace {

int Tell(const Error& error, int status) {
  std::fprintf(stderr, "%s\n", error.Format().c_str());
  return status;
}

Result<char> ReadCharacter(std::string_view option, const std::string& text) {
  if (text == "\\t" || text == "TAB" || text == "tab") return '\t';
  if (text.size() == 1) return text[0];
  return ArgumentError("{} must be one ASCII character, not `{}`", option, text)
      .Hint("for a tab say \\t");
}

Result<io::ImportOptions> ReadImportOptions(const Arguments& arguments) {
  io::ImportOptions options;
  for (const std::string& text : arguments.nodes) {
    KB_ASSIGN(io::ImportGroup group, io::ParseImportGroup(text));
    options.nodes.push_back(std::move(group));
  }
  for (const std::string& text : arguments.relationships) {
    KB_ASSIGN(io::ImportGroup group, io::ParseImportGroup(text));
    options.relationships.push_back(std::move(group));
  }
  if (options.nodes.empty() && options.relationships.empty()) {
    return ArgumentError("nothing to import")
        .Hint("kb import CASE --nodes Person=people.csv --relationships KNOWS=knows.csv");
  }
  KB_ASSIGN(options.delimiter, ReadCharacter("--delimiter", arguments.delimiter));
  KB_ASSIGN(options.array_delimiter, ReadCharacter("--array-delimiter", arguments.array_delimiter));
  KB_ASSIGN(options.quote, ReadCharacter("--quote", arguments.quote));
  options.skip_bad_relationships = arguments.skip_bad_relationships;
  options.skip_duplicate_nodes = arguments.skip_duplicate_nodes;
  options.ignore_extra_columns = arguments.ignore_extra_columns;
  options.ignore_empty_strings = arguments.ignore_empty_strings;
  options.trim_strings = arguments.trim_strings;
  options.bad_tolerance = arguments.bad_tolerance;
  options.report_file = arguments.report_file;
  return options;
}

std::string Grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

/// One line on standard error that is written over, at most ten times a second: how far it is, rows
/// and rate, and what remains of the files at the pace of the last seconds.
class ProgressLine {
 public:
  void Show(const io::ImportProgress& progress) {
    const auto now = Clock::now();
    if (now - shown_at_ < std::chrono::milliseconds(100) && !progress.finishing) return;
    shown_at_ = now;
    const double seconds = std::max(1e-3, std::chrono::duration<double>(now - start_).count());
    const std::uint64_t rows = progress.nodes + progress.relationships;
    std::string line;
    if (progress.bytes_total > 0) {
      const double part = std::min(1.0, static_cast<double>(progress.bytes_read) /
                                            static_cast<double>(progress.bytes_total));
      constexpr std::size_t kWidth = 24;
      const auto full = static_cast<std::size_t>(part * kWidth);
      line += '[' + std::string(full, '#') + std::string(kWidth - full, '.') +
              fmt::format("] {:3.0f} %  ", part * 100);
    }
    line += fmt::format("{} rows, {}/s", Grouped(rows),
                        Grouped(static_cast<std::uint64_t>(static_cast<double>(rows) / seconds)));
    if (progress.finishing) {
      line += ", packing and writing";
    } else {
      if (progress.bytes_total > progress.bytes_read && progress.bytes_read > 0 && seconds > 0.5) {
        const double left = seconds *
                            static_cast<double>(progress.bytes_total - progress.bytes_read) /
                            static_cast<double>(progress.bytes_read);
        line += fmt::format(", {:.0f} s of reading left", left);
      }
      line += ": " + std::filesystem::path(progress.file).filename().string();
    }
    std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
    visible_ = true;
  }
  void Erase() {
    if (visible_) std::fputs("\r\x1b[K", stderr);
  }

 private:
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point shown_at_;
  bool visible_ = false;
};

void PrintReport(const io::ImportReport& report, double seconds) {
  for (const std::string& remark : report.remarks) std::fprintf(stderr, "%s\n", remark.c_str());
  std::printf("imported %llu nodes, %llu relationships, %llu properties in %.2f s\n",
              static_cast<unsigned long long>(report.nodes),
              static_cast<unsigned long long>(report.relationships),
              static_cast<unsigned long long>(report.properties), seconds);
  const std::uint64_t skipped =
      report.skipped_duplicates + report.skipped_relationships + report.skipped_rows;
  if (skipped == 0) return;
  std::printf("left out: %llu duplicate nodes, %llu relationships without an end, %llu bad rows\n",
              static_cast<unsigned long long>(report.skipped_duplicates),
              static_cast<unsigned long long>(report.skipped_relationships),
              static_cast<unsigned long long>(report.skipped_rows));
}

}  // namespace

int RunImport(const Arguments& arguments) {
  auto options = ReadImportOptions(arguments);
  if (!options.ok()) return Tell(options.error(), kExitCannotStart);
  Options open;
  if (!arguments.threads.empty()) {
    const auto threads = ParseCount(arguments.threads);
    if (!threads.ok()) return Tell(threads.error(), kExitCannotStart);
    open.threads = *threads;
    options->threads = static_cast<unsigned>(*threads);
  }
  const auto start = std::chrono::steady_clock::now();
  std::error_code ignored;
  const bool was_there = std::filesystem::exists(arguments.path, ignored);
  auto opened = Database::Open(arguments.path, open);
  if (!opened.ok()) return Tell(opened.error(), kExitCannotStart);
  std::optional<Database> database(std::move(opened).value());
  ProgressLine line;
  io::ImportListener listener;
  if (isatty(STDERR_FILENO) != 0 && !arguments.quiet) {
    listener = [&line](const io::ImportProgress& progress) { line.Show(progress); };
  }
  Cancellation cancellation;
  const InterruptGuard guard(cancellation);
  const auto report = io::Import(database->store(), *options, listener, &cancellation);
  line.Erase();
  if (!report.ok()) {
    if (!was_there) {  // A case that was made for an import that failed is of no use.
      database.reset();
      std::filesystem::remove_all(arguments.path, ignored);
    }
    return Tell(report.error(), kExitFailed);
  }
  PrintReport(*report,
              std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return kExitDone;
}

}  // namespace kb::shell
