#include "kb/shell/subcommands.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "kb/shell/pipe.h"
#include "kb/shell/quantity.h"
#include "kb/shell/shell.h"
#include "query/optimize/passes.h"
#include "schema/edtf.h"
#include "schema/temporal.h"

namespace kb::shell {
namespace {

constexpr std::uint64_t kMemoryBytesMin = 64'000'000;

int Tell(const Error& error, int status) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s\n", error.Format().c_str());
  return status;
}

Result<void> CheckPass(const std::string& name) {
  std::string known;
  for (const query::optimize::Pass& pass : query::optimize::Passes()) {
    if (pass.name == name) return {};
    known += (known.empty() ? "" : ", ") + std::string(pass.name);
  }
  return ArgumentError("the optimiser has no pass {}", name).Hint("there are " + known);
}

/// The limit of --memory in bytes; 0: none.
Result<std::uint64_t> ReadMemory(const Arguments& arguments) {
  if (arguments.memory.empty()) return std::uint64_t{0};
  KB_ASSIGN(const std::uint64_t bytes, ParseSize(arguments.memory));
  if (bytes < kMemoryBytesMin) {
    return ArgumentError("{} of memory is too little", arguments.memory).Hint("say at least 64MB");
  }
  return bytes;
}

/// Options of the case. The time limit is not among them for the shell, which keeps its own.
Result<Options> ReadOptions(const Arguments& arguments) {
  Options options;
  options.read_only = arguments.read_only;
  KB_ASSIGN(options.memory, ReadMemory(arguments));
  options.import_folder = arguments.import_folder;
  if (!arguments.threads.empty()) {
    KB_ASSIGN(options.threads, ParseCount(arguments.threads));
  }
  for (const std::string& name : arguments.without_passes) {
    KB_TRY(CheckPass(name));
    options.disabled_passes.push_back(name);
  }
  return options;
}

/// Statements are told to stop when they need more than their limit; between two looks one may ask
/// for much at once. Far above the limit the system refuses, which ends the statement as well.
Result<void> LimitMemory(const Arguments& arguments) {
  KB_ASSIGN(const std::uint64_t memory, ReadMemory(arguments));
  if (memory == 0) return {};
  constexpr std::uint64_t kRoom = 512'000'000;
  const std::uint64_t bytes = 2 * memory + kRoom;
  rlimit limit{};
  getrlimit(RLIMIT_DATA, &limit);
  limit.rlim_cur =
      limit.rlim_max == RLIM_INFINITY ? bytes : std::min<rlim_t>(bytes, limit.rlim_max);
  if (setrlimit(RLIMIT_DATA, &limit) != 0) {
    return IoError("the memory limit cannot be set: {}", std::strerror(errno));
  }
  return {};
}

/// Somebody who forgets the case gives a query in its place: no folder of that name should be made.
Result<void> CheckPath(const std::string& path) {
  const bool like_a_query = path.find_first_of(" \n") != std::string::npos &&
                            path.find_first_of("()=;*") != std::string::npos;
  std::error_code ignored;
  if (!like_a_query || std::filesystem::exists(path, ignored)) return {};
  return ArgumentError("`{}` is not a case but looks like a query", path)
      .Hint("name the case first, as in kb case.kb \"QUERY\" or kb :memory: \"QUERY\"");
}

Result<Settings> ReadSettings(const Arguments& arguments, bool interactive) {
  Settings settings;
  const bool to_terminal = isatty(STDOUT_FILENO) != 0;
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  settings.color = to_terminal && !arguments.no_color &&
                   (no_color == nullptr || *no_color == '\0') && terminal != nullptr &&
                   std::string_view(terminal) != "dumb";
  settings.stats = to_terminal && interactive && !arguments.quiet;
  settings.fail_at_end = arguments.fail_at_end;
  settings.format = io::FindFormat(to_terminal ? "box" : "csv");
  if (!arguments.mode.empty()) {
    settings.format = io::FindFormat(arguments.mode);
    if (settings.format == nullptr) {
      return ArgumentError("there is no mode `{}`", arguments.mode)
          .Hint("modes are " + io::FormatNames());
    }
  }
  KB_ASSIGN(settings.timeout, ParseDuration(arguments.timeout.empty() ? "off" : arguments.timeout));
  return settings;
}

Result<void> SetParameters(Shell& shell, const std::vector<std::string>& parameters) {
  for (const std::string& text : parameters) {
    const bool is_map = text.find_first_not_of(" \t\n") == text.find('{');
    KB_ASSIGN(const Value map, shell.Evaluate(is_map ? text : "{" + text + "}"));
    for (const auto& [name, value] : map.map()) shell.SetParameter(name, value);
  }
  return {};
}

bool RunFileNamed(Shell& shell, const std::string& path) {
  if (path == "-") return shell.RunFile(stdin, "standard input");
  std::FILE* file = std::fopen(path.c_str(), "r");
  if (file == nullptr) {
    shell.PrintError(IoError("`{}` cannot be read: {}", path, std::strerror(errno)));
    return false;
  }
  const bool done = shell.RunFile(file, path);
  std::fclose(file);
  return done;
}

std::string HistoryPath(const Arguments& arguments) {
  if (arguments.history == "in-memory" || arguments.history == "disable") return "";
  return arguments.history.empty() ? DefaultHistoryPath() : arguments.history;
}

int RunShell(const Arguments& arguments) {
  const bool has_work =
      !arguments.query.empty() || !arguments.commands.empty() || !arguments.files.empty();
  const bool interactive = !has_work && isatty(STDIN_FILENO) != 0;
  const std::string path = arguments.path.empty() ? ":memory:" : arguments.path;
  const Result<void> sound = CheckPath(path);
  if (!sound.ok()) return Tell(sound.error(), kExitCannotStart);
  const auto options = ReadOptions(arguments);
  if (!options.ok()) return Tell(options.error(), kExitCannotStart);
  const auto settings = ReadSettings(arguments, interactive);
  if (!settings.ok()) return Tell(settings.error(), kExitCannotStart);
  auto shell = Shell::Start(path, *options, *settings);
  if (!shell.ok()) return Tell(shell.error(), kExitCannotStart);
  const Result<void> parameters = SetParameters(**shell, arguments.parameters);
  if (!parameters.ok()) return Tell(parameters.error(), kExitCannotStart);

  Shell& kb = **shell;
  bool done = arguments.init_file.empty() || RunFileNamed(kb, arguments.init_file);
  const auto go_on = [&] { return !kb.quitting() && (done || arguments.fail_at_end); };
  for (const std::string& file : arguments.files) {
    if (go_on()) done = RunFileNamed(kb, file) && done;
  }
  for (const std::string& command : arguments.commands) {
    if (go_on()) done = kb.RunText(command, "") && done;
  }
  if (!arguments.query.empty() && go_on()) done = kb.RunText(arguments.query, "") && done;
  if (interactive) {
    kb.RunInteractive(HistoryPath(arguments), !arguments.quiet);
    return kExitDone;
  }
  if (!has_work && go_on()) done = kb.RunFile(stdin, "standard input") && done;
  return done ? kExitDone : kExitFailed;
}

int RunCheck(const Arguments& arguments) {
  Options options;
  options.read_only = true;
  options.create_if_missing = false;
  auto database = Database::Open(arguments.path, options);
  if (!database.ok()) return Tell(database.error(), kExitCannotStart);
  const auto result = database->Check();
  if (!result.ok()) return Tell(result.error(), kExitCannotStart);
  for (const std::string& finding : result->findings) std::printf("%s\n", finding.c_str());
  if (!result->findings.empty()) {
    std::printf("%zu finding%s\n", result->findings.size(),
                result->findings.size() == 1 ? "" : "s");
    std::fprintf(stderr, "help: go back to a backup, or save what can be read with queries\n");
    return kExitFailed;
  }
  std::printf("clean: %llu nodes, %llu relationships\n",
              static_cast<unsigned long long>(result->node_count),
              static_cast<unsigned long long>(result->relationship_count));
  return kExitDone;
}

int RunPipe(const Arguments& arguments) {
  auto options = ReadOptions(arguments);
  if (!options.ok()) return Tell(options.error(), kExitCannotStart);
  const auto timeout = ParseDuration(arguments.timeout.empty() ? "off" : arguments.timeout);
  if (!timeout.ok()) return Tell(timeout.error(), kExitCannotStart);
  options->timeout = *timeout;
  auto database = Database::Open(arguments.path, *options);
  if (!database.ok()) return Tell(database.error(), kExitCannotStart);
  Session session = database->NewSession();
  return ServePipe(session, STDIN_FILENO, STDOUT_FILENO);
}

int RunBackup(const Arguments& arguments) {
  Options options;  // not for reading only: what is in memory or in the log goes to files first
  options.create_if_missing = false;
  auto database = Database::Open(arguments.path, options);
  if (!database.ok()) return Tell(database.error(), kExitCannotStart);
  const Result<void> done = database->Backup(arguments.target);
  return done.ok() ? kExitDone : Tell(done.error(), kExitFailed);
}

Result<Value> ReadTime(const std::string& text) {
  if (auto exact = schema::ParseDateTime(text); exact.ok()) return Value::Of(*std::move(exact));
  auto parsed = schema::MakeEdtf(Value::String(text));
  if (parsed.ok()) return parsed;
  return ArgumentError("{} is no date or date-time", text)
      .Hint("such as 2025-03-09 (its end) or 2025-03-09T12:00:00Z");
}

int RunDiff(const Arguments& arguments) {
  Options options;
  options.read_only = true;
  options.create_if_missing = false;
  const auto settings = ReadSettings(arguments, false);
  if (!settings.ok()) return Tell(settings.error(), kExitCannotStart);
  const auto from = ReadTime(arguments.from);
  if (!from.ok()) return Tell(from.error(), kExitCannotStart);
  const auto to = ReadTime(arguments.to.empty() ? "9999-12-31" : arguments.to);
  if (!to.ok()) return Tell(to.error(), kExitCannotStart);
  auto shell = Shell::Start(arguments.path, options, *settings);
  if (!shell.ok()) return Tell(shell.error(), kExitCannotStart);
  (*shell)->SetParameter("from", *from);
  (*shell)->SetParameter("to", *to);
  const bool done = (*shell)->RunText(
      "CALL kb.diff($from, $to) YIELD change, kind, id, name, before, after "
      "RETURN change, kind, id, name, before, after",
      "");
  return done ? kExitDone : kExitFailed;
}

}  // namespace

int RunProgram(const Arguments& arguments) {
  const Result<void> limited = LimitMemory(arguments);
  if (!limited.ok()) return Tell(limited.error(), kExitCannotStart);
  switch (arguments.action) {
    case Arguments::Action::kShell:
      return RunShell(arguments);
    case Arguments::Action::kImport:
      return RunImport(arguments);
    case Arguments::Action::kCheck:
      return RunCheck(arguments);
    case Arguments::Action::kDiff:
      return RunDiff(arguments);
    case Arguments::Action::kPipe:
      return RunPipe(arguments);
    case Arguments::Action::kBackup:
      return RunBackup(arguments);
  }
  return kExitCannotStart;
}

}  // namespace kb::shell
