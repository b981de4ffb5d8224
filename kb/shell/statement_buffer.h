// Cuts what is typed, piped or read from a file into statements and shell commands.
//
// A statement ends with ';'. A command begins with ':' or '.' where a statement could begin, and
// ends with its line. Input arrives line by line, so that a script of any length runs as it is
// read.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kb::shell {

/// A statement (without its ';') or a command (with its ':' or '.').
struct Input {
  std::string text;
  std::size_t line = 1;  ///< Where it begins, from 1.
  bool is_command = false;
};

/// One thread at a time.
class StatementBuffer {
 public:
  /// Adds a line; a '\n' is added if it has none.
  void Add(std::string_view line);
  /// Takes the next complete input; false if there is none yet. Empty statements are skipped.
  bool Next(Input* input);
  /// Takes what is left at the end of a script, which needs no ';'; false if that is nothing.
  bool TakeRest(Input* input);
  /// Whether nothing has been begun: only white space and comments are there.
  bool empty() const;
  void Clear();

 private:
  std::string_view Pending() const { return std::string_view(text_).substr(begin_); }
  void Consume(std::size_t count);

  std::string text_;
  std::size_t begin_ = 0;  // What was taken already.
  std::size_t line_ = 1;   // Of begin_.
  bool may_end_ = false;   // A ';' has come since the last search for an end.
};

/// `text` without leading white space and comments.
std::string_view SkipBlank(std::string_view text);

}  // namespace kb::shell
