#include "kb/shell/shell.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <new>

#include "kb/shell/commands.h"
#include "kb/shell/complete.h"
#include "kb/shell/interrupt.h"
#include "kb/shell/summary_text.h"
#include "query/functions/function.h"

namespace kb::shell {
namespace {

constexpr std::size_t kFlushBytes = 1u << 16;
constexpr int kScriptDepthMax = 32;

std::size_t TerminalWidth() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

std::vector<std::string> FunctionNames() {
  std::vector<std::string> names;
  for (const auto* function : query::functions::All()) names.emplace_back(function->name);
  return names;
}

/// A line of a file with its '\n', if it has one; false at the end.
bool ReadLine(std::FILE* file, std::string* line) {
  char* buffer = nullptr;
  std::size_t capacity = 0;
  const ssize_t count = getline(&buffer, &capacity, file);
  if (count > 0) line->assign(buffer, static_cast<std::size_t>(count));
  std::free(buffer);
  return count > 0;
}

}  // namespace

Result<std::unique_ptr<Shell>> Shell::Start(const std::string& path, const Options& options,
                                            const Settings& settings) {
  auto shell = std::make_unique<Shell>(options, settings);
  KB_TRY(shell->Open(path));
  return shell;
}

Shell::Shell(const Options& options, const Settings& settings)
    : options_(options), settings_(settings) {}

Shell::~Shell() = default;

Result<void> Shell::Open(const std::string& path) {
  if (path == path_ && path != ":memory:" && path != ":sample:" && database_) {
    session_.reset();  // The folder is held by one opener at a time.
    database_.reset();
  }
  KB_ASSIGN(Database opened, Database::Open(path, options_));
  session_.reset();
  database_.reset();
  database_.emplace(std::move(opened));
  session_.emplace(database_->NewSession());
  path_ = path;
  return {};
}

// --- Running ---

bool Shell::RunStatement(std::string_view text) {
  try {
    return RunGuarded(text);
  } catch (const std::bad_alloc&) {
    PrintError(LimitError("the statement needs more memory than there is"));
    return false;
  }
}

bool Shell::RunGuarded(std::string_view text) {
  const InterruptGuard guard(*session_, settings_.timeout);
  last_statement_ = std::string(text);
  std::size_t row_count = 0;
  const auto fail = [&](const Error& error) {
    if (guard.timed_out() && error.code() == ErrorCode::kCancelled) {
      PrintError(Error(ErrorCode::kCancelled, "the statement ran longer than its time limit")
                     .Hint(editor_ ? ":timeout off lifts the limit"
                                   : "the limit is set by --timeout, KB_TIMEOUT or :timeout"));
    } else {
      PrintError(error, text);
    }
    return false;
  };
  auto cursor = session_->Run(text, parameters_);
  if (!cursor.ok()) {
    IgnoreError(output_.EndResult(), "the statement's own error is told");
    return fail(cursor.error());
  }
  const std::string file = output_.path();
  Result<void> written = WriteResult(*cursor, &row_count);
  Result<void> ended = output_.EndResult();
  if (!written.ok()) return fail(written.error());
  if (!ended.ok()) return fail(ended.error());
  if (settings_.stats && !file.empty()) {
    Say(fmt::format("(written to {})", file));
  } else if (settings_.stats) {
    WriteFooter(cursor->summary(), row_count, cursor->columns().size());
  }
  for (const Notice& notice : cursor->summary().notices)
    PrintToError(notice.Format(text), "\x1b[1;33m");
  return true;
}

Result<void> Shell::WriteResult(Cursor& cursor, std::size_t* row_count) {
  std::string text;
  const auto writer = FormatNow().make(MakeLook(), &text);
  const bool rows_wanted = !cursor.columns().empty();
  if (rows_wanted) writer->Begin(cursor.columns());
  while (!output_.closed() && cursor.Next()) {
    ++*row_count;
    if (!rows_wanted) continue;
    writer->Row(cursor.row());
    if (text.size() < kFlushBytes) continue;
    output_.Write(text);
    text.clear();
  }
  if (!cursor.status().ok()) {
    if (*row_count != 0) output_.Write(text);
    return Error(cursor.status().error());
  }
  const std::optional<PlanNode>& plan = cursor.summary().plan;
  const bool only_plan = plan && *row_count == 0;
  if (only_plan) text.clear();  // Not even a header.
  if (rows_wanted && !only_plan) KB_TRY(writer->End());
  output_.Write(text);
  return plan ? WritePlan(*plan) : Result<void>();
}

Result<void> Shell::WritePlan(const PlanNode& plan) {
  std::string text;
  io::Look look = MakeLook();
  look.max_rows = 0;
  const io::Format* format = TableFormat();
  const auto writer = format->make(look, &text);
  const bool profiled = plan.rows.has_value();
  writer->Begin(PlanColumns(profiled));
  for (const auto& row : PlanRows(plan, profiled)) writer->Row(row);
  KB_TRY(writer->End());
  output_.Write(text);
  return {};
}

void Shell::WriteFooter(const Summary& summary, std::size_t row_count, std::size_t column_count) {
  std::string footer = ChangesText(summary.counters);
  const bool only_plan = summary.plan && !summary.plan->rows;
  if (column_count != 0 && !only_plan) {
    footer =
        fmt::format("{} row{}, {} column{}{}{}", row_count, row_count == 1 ? "" : "s", column_count,
                    column_count == 1 ? "" : "s", footer.empty() ? "" : "; ", footer);
  }
  if (settings_.timer) {
    footer += fmt::format("{}{} compiling, {} executing", footer.empty() ? "" : "; ",
                          TimeText(summary.timing.parse_us + summary.timing.plan_us),
                          TimeText(summary.timing.execute_us));
  }
  if (!footer.empty()) Say("(" + footer + ")");
}

bool Shell::PrintTable(const std::vector<std::string>& columns,
                       const std::vector<std::vector<Value>>& rows) {
  std::string text;
  const io::Format* format = TableFormat();
  const auto writer = format->make(MakeLook(), &text);
  writer->Begin(columns);
  for (const auto& row : rows) writer->Row(row);
  Result<void> ended = writer->End();
  output_.Write(text);
  if (ended.ok()) ended = output_.EndResult();
  if (!ended.ok()) PrintError(ended.error());
  return ended.ok();
}

const io::Format& Shell::FormatNow() const {
  const io::Format* by_name = output_.path().empty() ? nullptr : io::FormatOfFile(output_.path());
  return by_name != nullptr ? *by_name : *settings_.format;
}

/// For what has no picture and is no list of facts: plans, settings, the schema.
const io::Format* Shell::TableFormat() const {
  const io::Format& format = FormatNow();
  const bool fits = format.name != "dot" && format.name != "svg" && format.name != "line";
  return fits ? &format : io::FindFormat("box");
}

io::Look Shell::MakeLook() const {
  io::Look look;
  look.headers = settings_.headers;
  if (!output_.path().empty() || !isatty(STDOUT_FILENO)) {
    look.max_width = settings_.max_width;
    return look;
  }
  look.color = settings_.color;
  look.max_rows = settings_.max_rows;
  look.max_width = settings_.max_width != 0 ? settings_.max_width : TerminalWidth();
  return look;
}

bool Shell::RunInput(const Input& input) {
  return input.is_command ? RunCommand(*this, input.text) : RunStatement(input.text);
}

bool Shell::RunOne(const Input& input, std::string_view name) {
  if (RunInput(input)) return true;
  if (!name.empty()) {
    std::fflush(stdout);
    std::fprintf(stderr, "  in %.*s, line %zu\n", static_cast<int>(name.size()), name.data(),
                 input.line);
  }
  return false;
}

/// Runs what is complete in the buffer; false when the script should stop.
bool Shell::RunPending(StatementBuffer& buffer, std::string_view name, bool* failed) {
  Input input;
  while (!quitting() && buffer.Next(&input)) {
    if (RunOne(input, name)) continue;
    *failed = true;
    if (!settings_.fail_at_end) return false;
  }
  return !quitting();
}

bool Shell::RunText(std::string_view text, std::string_view name) {
  StatementBuffer buffer;
  bool failed = false;
  buffer.Add(text);
  Input rest;
  if (RunPending(buffer, name, &failed) && buffer.TakeRest(&rest)) {
    failed = !RunOne(rest, name) || failed;
  }
  return !failed;
}

bool Shell::RunFile(std::FILE* file, std::string_view name) {
  if (script_depth_ >= kScriptDepthMax) {
    PrintError(LimitError("files read files {} deep, at most {}", script_depth_, kScriptDepthMax));
    return false;
  }
  ++script_depth_;
  StatementBuffer buffer;
  std::string line;
  bool failed = false;
  bool go_on = true;
  while (go_on && ReadLine(file, &line)) {
    buffer.Add(line);
    go_on = RunPending(buffer, name, &failed);
  }
  Input rest;
  if (go_on && buffer.TakeRest(&rest)) failed = !RunOne(rest, name) || failed;
  --script_depth_;
  return !failed;
}

// --- Talking ---

void Shell::PrintError(const Error& error, std::string_view text) {
  PrintToError(error.Format(text), "\x1b[1;31m");
}

void Shell::PrintToError(std::string message, std::string_view color) {
  std::fflush(stdout);
  if (settings_.color && isatty(STDERR_FILENO)) {
    const std::size_t colon = message.find(':');
    if (colon != std::string::npos) message.insert(colon, "\x1b[0m").insert(0, color);
  }
  std::fprintf(stderr, "%s\n", message.c_str());
}

void Shell::Say(std::string_view text) {
  std::fflush(stdout);
  const bool dim = settings_.color && isatty(STDOUT_FILENO);
  std::printf("%s%.*s%s\n", dim ? "\x1b[2m" : "", static_cast<int>(text.size()), text.data(),
              dim ? "\x1b[0m" : "");
  std::fflush(stdout);
}

std::string Shell::Prompt() const {
  const std::string mark = session_->in_transaction() ? "kb*" : "kb";
  std::string prompt = typed_.empty() ? mark + "> " : std::string(mark.size(), ' ') + "| ";
  if (settings_.color) prompt = "\1\x1b[1m\1" + prompt + "\1\x1b[0m\1";
  return prompt;
}

void Shell::RunInteractive(const std::string& history, bool banner) {
  editor_ =
      std::make_unique<LineEditor>([this](std::string_view line) { return CompleteLine(line); });
  if (!history.empty() && !editor_->UseFile(history)) {
    Say(fmt::format("the history cannot be kept in {}", history));
  }
  if (banner) {
    const SchemaSummary schema = database_->Schema();
    Say(fmt::format("kb {} on {} ({} nodes, {} relationships)", KB_VERSION, path_,
                    schema.node_count, schema.relationship_count));
    Say("End statements with ; and type :help for help, :quit to leave.");
  }
  std::string line;
  while (!quitting()) {
    const auto outcome = editor_->Read(Prompt(), &line);
    if (outcome == LineEditor::Outcome::kEnd) {
      std::fputs("\n", stdout);
      break;
    }
    if (outcome == LineEditor::Outcome::kInterrupted) {
      typed_.Clear();
      typed_text_.clear();
      continue;
    }
    if (typed_.empty() && (line == "quit" || line == "exit" || line == "help")) line = ":" + line;
    typed_.Add(line);
    typed_text_ += line + "\n";
    for (Input input; !quitting() && typed_.Next(&input);) {
      editor_->Remember(input.is_command ? input.text : input.text + ";");
      RunInput(input);
    }
    if (typed_.empty()) typed_text_.clear();
  }
  if (session_->in_transaction()) Say("the open transaction was rolled back");
  editor_.reset();
}

Completion Shell::CompleteLine(std::string_view line) {
  Vocabulary vocabulary;
  vocabulary.schema = database_->Schema();
  vocabulary.commands = CommandNames();
  vocabulary.functions = FunctionNames();
  for (const io::Format& format : io::Formats()) vocabulary.formats.emplace_back(format.name);
  return Complete(vocabulary, typed_text_, line);
}

// --- Parameters ---

Result<Value> Shell::Evaluate(const std::string& expression) {
  KB_ASSIGN(Cursor cursor, session_->Run("RETURN " + expression + "\n AS value", parameters_));
  Value value;
  if (cursor.Next()) value = cursor.row()[0];
  if (!cursor.status().ok()) return Error(cursor.status().error());
  return value;
}

void Shell::SetParameter(const std::string& name, Value value) {
  for (auto& [known, old] : parameters_) {
    if (known == name) {
      old = std::move(value);
      return;
    }
  }
  parameters_.emplace_back(name, std::move(value));
}

}  // namespace kb::shell
