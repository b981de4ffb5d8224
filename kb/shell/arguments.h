// The command line: what may be said and what was said.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace kb::shell {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;       ///< A statement failed, or a check found something.
inline constexpr int kExitCannotStart = 2;  ///< Wrong usage, or the case cannot be opened.

/// As given; "" or empty where nothing was.
struct Arguments {
  enum class Action { kShell, kImport, kCheck, kPipe, kBackup, kDiff };
  Action action = Action::kShell;

  std::string path;
  std::string query;
  // The shell.
  std::vector<std::string> commands;    ///< -c
  std::vector<std::string> files;       ///< -f
  std::vector<std::string> parameters;  ///< -P
  std::string mode, init_file, history;
  bool read_only = false, fail_at_end = false, no_color = false, quiet = false;
  // Everything that opens a case.
  std::string threads, memory, timeout, import_folder;
  std::vector<std::string> without_passes;
  // import
  std::vector<std::string> nodes, relationships;
  std::string delimiter = ",", array_delimiter = ";", quote = "\"";
  bool skip_bad_relationships = false, skip_duplicate_nodes = false, ignore_extra_columns = false;
  bool ignore_empty_strings = false, trim_strings = false;
  std::uint64_t bad_tolerance = 0;
  std::string report_file;
  // backup
  std::string target;
  // diff
  std::string from, to;
};

/// Says what the program understands; parsing then fills `arguments`, which must outlive it.
void DefineArguments(CLI::App& app, Arguments* arguments);

}  // namespace kb::shell
