// The shell: statements and commands from a person, a script or the command line, run one by one.
//
// Results go to the output, everything said about them (errors, what changed, how long it took) to
// standard error or, for a person, below the result. A statement that fails is told and stops a
// script, unless failures are to be collected.
#pragma once

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/database.h"
#include "kb/io/format.h"
#include "kb/shell/line.h"
#include "kb/shell/output.h"
#include "kb/shell/statement_buffer.h"

namespace kb::shell {

/// What `:mode` and its kin change.
struct Settings {
  const io::Format* format = nullptr;
  bool headers = true;
  bool timer = true;   ///< The time below a result.
  bool stats = false;  ///< What changed and how many rows, below a result.
  bool color = false;
  bool fail_at_end = false;    ///< A script goes on after an error.
  std::size_t max_rows = 100;  ///< Of box and table; 0 = all.
  std::size_t max_width = 0;   ///< Of box and table; 0 = the terminal's.
  std::optional<std::chrono::milliseconds> timeout;
};

/// One thread.
class Shell {
 public:
  /// Opens `path` as Database::Open does.
  static Result<std::unique_ptr<Shell>> Start(const std::string& path, const Options& options,
                                              const Settings& settings);
  /// A shell without a case: for Start.
  Shell(const Options& options, const Settings& settings);
  ~Shell();

  /// Reads from the terminal until the person leaves. `history`: a file, or "" for none.
  void RunInteractive(const std::string& history, bool banner);
  /// Runs all inputs of a text or file; `name` is for messages. Returns false after a failure.
  bool RunText(std::string_view text, std::string_view name);
  bool RunFile(std::FILE* file, std::string_view name);

  // For the commands. Each returns false when something failed that has been told already.
  bool RunStatement(std::string_view text);
  bool RunInput(const Input& input);
  void PrintError(const Error& error, std::string_view text = {});
  /// Standard error gets the text; the word before the first colon is in this color.
  void PrintToError(std::string message, std::string_view color);
  bool PrintTable(const std::vector<std::string>& columns,
                  const std::vector<std::vector<Value>>& rows);
  void Say(std::string_view text);  ///< A line for the person; not part of a result.

  /// Closes the case and opens another; the old one stays when that fails.
  Result<void> Open(const std::string& path);
  /// Evaluates an expression of the language with the parameters known so far.
  Result<Value> Evaluate(const std::string& expression);
  void SetParameter(const std::string& name, Value value);

  Database& database() { return *database_; }
  Session& session() { return *session_; }
  Settings& settings() { return settings_; }
  Output& output() { return output_; }
  Parameters& parameters() { return parameters_; }
  LineEditor* editor() { return editor_.get(); }  ///< Null outside an interactive run.
  const std::string& path() const { return path_; }
  const std::string& last_statement() const { return last_statement_; }
  void Quit() { quit_ = true; }
  bool quitting() const { return quit_ || output_.closed(); }

 private:
  bool RunGuarded(std::string_view text);
  Completion CompleteLine(std::string_view line);
  std::string Prompt() const;
  io::Look MakeLook() const;
  const io::Format& FormatNow() const;
  const io::Format* TableFormat() const;
  /// Writes the rows; then the plan, if there is one. Errors are those of the cursor or the format.
  Result<void> WriteResult(Cursor& cursor, std::size_t* row_count);
  Result<void> WritePlan(const PlanNode& plan);
  void WriteFooter(const Summary& summary, std::size_t row_count, std::size_t column_count);
  bool RunPending(StatementBuffer& buffer, std::string_view name, bool* failed);
  bool RunOne(const Input& input, std::string_view name);

  std::string path_;
  Options options_;
  Settings settings_;
  std::optional<Database> database_;
  std::optional<Session> session_;
  Parameters parameters_;
  Output output_;
  std::unique_ptr<LineEditor> editor_;
  StatementBuffer typed_;   // What the person has typed of a statement.
  std::string typed_text_;  // The same, for completion.
  std::string last_statement_;
  int script_depth_ = 0;  // Of files that read files.
  bool quit_ = false;
};

}  // namespace kb::shell
