// A line from the person at the terminal: editing, history and completion by libedit.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kb::shell {

/// What Tab could insert: `candidates` replace the text from byte `begin` to the cursor.
struct Completion {
  std::size_t begin = 0;
  std::vector<std::string> candidates;
  bool space_after = false;  ///< A space follows, where there is only one candidate.
};
/// `line` is what stands before the cursor.
using Completer = std::function<Completion(std::string_view line)>;

/// One at a time in a process; one thread.
class LineEditor {
 public:
  enum class Outcome { kLine, kInterrupted, kEnd };

  explicit LineEditor(Completer completer);
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;
  ~LineEditor();

  /// Reads a line without its '\n'. kInterrupted: Ctrl+C, the line is dropped. kEnd: Ctrl+D.
  Outcome Read(const std::string& prompt, std::string* line);

  /// Makes an entry that the arrow keys find; line ends become spaces.
  void Remember(std::string_view statement);
  /// Entries from the oldest to the newest.
  std::vector<std::string> Entries() const;
  /// Reads the entries of a file, if it is there, and keeps new ones in it from now on (its folder
  /// is made; only the user may read it). Returns false if it cannot be written.
  bool UseFile(const std::string& path);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// $XDG_STATE_HOME/kb/history, or ~/.local/state/kb/history; "" without a home.
std::string DefaultHistoryPath();

}  // namespace kb::shell
