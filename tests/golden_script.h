// Golden scripts as data: golden_test.cc runs them, other tests take their statements.
//
// A script is a text file. Lines that begin with '#' are comments. A line `> statement` runs it on
// the script's own case in memory; lines that begin with `. ` go on with the statement. The lines
// that follow, up to the next command or blank line, are the expected answer:
//   - columns and rows, `a | b`, rows sorted unless the statement says ORDER BY;
//   - what a writing statement changed, such as `2 nodes created`;
//   - notices, as the shell shows them;
//   - or the whole text of the error.
// Tags before '>' ask for more: `[plan]> …` gives the plan instead of running, `[pass]> …` the plan
// after each pass that changed it.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace kb::golden {

struct Command {
  std::string tag;
  std::string statement;
  /// The answer, and whatever comments and blank lines stand before the next command.
  std::vector<std::string> expected;
  std::size_t line = 0;
};

/// The script's lines before the first command and, command by command, what it holds.
struct Script {
  std::vector<std::string> head;
  std::vector<Command> commands;
};

inline Script ReadScript(const std::filesystem::path& path) {
  Script script;
  std::ifstream file(path);
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const std::size_t arrow = line.find("> ");
    const bool tagged =
        line.starts_with("[") && arrow != std::string::npos && line[arrow - 1] == ']';
    if (line.starts_with("> ") || tagged) {
      Command command;
      if (tagged) command.tag = line.substr(1, arrow - 2);
      command.statement = line.substr(arrow + 2);
      command.line = number;
      script.commands.push_back(std::move(command));
    } else if (script.commands.empty()) {
      script.head.push_back(line);
    } else if (line.starts_with(". ") && script.commands.back().expected.empty()) {
      script.commands.back().statement += "\n" + line.substr(2);
    } else {
      script.commands.back().expected.push_back(line);
    }
  }
  return script;
}

/// All scripts below `root`, by name.
inline std::vector<std::filesystem::path> Scripts(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.is_regular_file() && entry.path().extension() == ".test") {
      paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace kb::golden
