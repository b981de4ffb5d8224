// Commands about the session: parameters, transactions, scripts, history, leaving.
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "kb/shell/commands.h"
#include "kb/shell/quantity.h"
#include "kb/shell/shell.h"

namespace kb::shell {
namespace {

CommandResult Quit(Shell& shell, std::string_view /*arguments*/) {
  shell.Quit();
  return true;
}

CommandResult Params(Shell& shell, std::string_view word) {
  if (word == "clear") {
    shell.parameters().clear();
    return true;
  }
  std::vector<std::vector<Value>> rows;
  for (const auto& [name, value] : shell.parameters()) {
    rows.push_back({Value::String("$" + name), Value::String(value.ToText())});
  }
  return shell.PrintTable({"parameter", "value"}, rows);
}

/// `x => 1`, `x: 1`, `x 1` or a map `{x: 1, y: 'a'}`.
CommandResult Param(Shell& shell, std::string_view arguments) {
  if (arguments.empty() || arguments == "clear") return Params(shell, arguments);
  if (arguments.starts_with('{')) {
    KB_ASSIGN(const Value map, shell.Evaluate(std::string(arguments)));
    if (!map.is_map()) return TypeError("parameters are a map, such as {{x: 1}}");
    for (const auto& [name, value] : map.map()) shell.SetParameter(name, value);
    return true;
  }
  std::string_view rest = arguments;
  if (rest.starts_with('$')) rest.remove_prefix(1);
  const std::size_t end = rest.find_first_of(" \t:=");
  const std::string name(rest.substr(0, end));
  rest.remove_prefix(std::min(end, rest.size()));
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  for (const std::string_view arrow : {"=>", ":", "="}) {
    if (!rest.starts_with(arrow)) continue;
    rest.remove_prefix(arrow.size());
    break;
  }
  if (name.empty() || rest.find_first_not_of(" \t") == std::string_view::npos) {
    return ArgumentError(":param needs a name and a value").Hint(":param year => 2018");
  }
  KB_ASSIGN(Value value, shell.Evaluate(std::string(rest)));
  shell.SetParameter(name, std::move(value));
  return true;
}

CommandResult Begin(Shell& shell, std::string_view /*arguments*/) {
  KB_TRY(shell.session().Begin());
  return true;
}
CommandResult Commit(Shell& shell, std::string_view /*arguments*/) {
  KB_TRY(shell.session().Commit());
  return true;
}
CommandResult Rollback(Shell& shell, std::string_view /*arguments*/) {
  KB_TRY(shell.session().Rollback());
  return true;
}

CommandResult Read(Shell& shell, std::string_view arguments) {
  const std::string path = TakeWord(&arguments);
  if (path.empty()) return ArgumentError(":read needs a file of statements");
  std::FILE* file = std::fopen(path.c_str(), "r");
  if (file == nullptr) return IoError("`{}` cannot be read: {}", path, std::strerror(errno));
  const bool done = shell.RunFile(file, path);
  std::fclose(file);
  return done;
}

CommandResult Explain(Shell& shell, std::string_view statement) {
  return shell.RunStatement("EXPLAIN " + std::string(statement));
}
CommandResult Profile(Shell& shell, std::string_view statement) {
  return shell.RunStatement("PROFILE " + std::string(statement));
}

CommandResult Timeout(Shell& shell, std::string_view word) {
  if (word.empty()) {
    const auto& timeout = shell.settings().timeout;
    shell.Say(timeout ? fmt::format("timeout is {} ms", timeout->count()) : "timeout is off");
    return true;
  }
  KB_ASSIGN(shell.settings().timeout, ParseDuration(word));
  return true;
}

CommandResult History(Shell& shell, std::string_view word) {
  if (shell.editor() == nullptr) return true;
  std::size_t wanted = 20;
  if (!word.empty()) {
    KB_ASSIGN(wanted, ParseCount(word));
  }
  const std::vector<std::string> entries = shell.editor()->Entries();
  const std::size_t first = entries.size() > wanted ? entries.size() - wanted : 0;
  for (std::size_t i = first; i < entries.size(); ++i) std::printf("%s\n", entries[i].c_str());
  std::fflush(stdout);
  return true;
}

CommandResult Last(Shell& shell, std::string_view /*arguments*/) {
  if (shell.last_statement().empty()) return ArgumentError("no statement has run yet");
  return shell.RunStatement(std::string(shell.last_statement()));
}

/// Opens the last statement in $VISUAL or $EDITOR and runs what comes back.
CommandResult Edit(Shell& shell, std::string_view /*arguments*/) {
  const char* editor = std::getenv("VISUAL");
  if (editor == nullptr) editor = std::getenv("EDITOR");
  if (editor == nullptr) editor = "vi";
  const char* folder = std::getenv("TMPDIR");
  std::string path = std::string(folder != nullptr ? folder : "/tmp") + "/kb-XXXXXX.cypher";
  const int descriptor = mkstemps(path.data(), 7);
  if (descriptor < 0) return IoError("`{}` cannot be made: {}", path, std::strerror(errno));
  close(descriptor);
  std::ofstream(path) << shell.last_statement() << "\n";
  const int status = std::system((std::string(editor) + " " + path).c_str());
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  std::remove(path.c_str());
  if (status != 0) return IoError("the editor `{}` failed", editor);
  return shell.RunText(text.str(), "");
}

CommandResult System(Shell& /*shell*/, std::string_view command) {
  if (command.empty()) return ArgumentError(":shell needs a command").Hint(":shell ls");
  std::fflush(stdout);
  return std::system(std::string(command).c_str()) == 0;
}

CommandResult Clear(Shell& /*shell*/, std::string_view /*arguments*/) {
  if (isatty(STDOUT_FILENO)) std::fputs("\x1b[H\x1b[2J", stdout);
  std::fflush(stdout);
  return true;
}

CommandResult Print(Shell& /*shell*/, std::string_view text) {
  std::printf("%.*s\n", static_cast<int>(text.size()), text.data());
  std::fflush(stdout);
  return true;
}

constexpr Command kCommands[] = {
    {"param", "NAME => VALUE", "set a parameter; also {x: 1, y: 'a'}; clear drops all", Param},
    {"params parameters", "", "the parameters", Params},
    {"begin", "", "start a transaction", Begin},
    {"commit", "", "keep what the transaction did", Commit},
    {"rollback", "", "undo what the transaction did", Rollback},
    {"read source", "FILE", "run the statements of a file", Read},
    {"explain", "QUERY", "the plan of a statement", Explain},
    {"profile", "QUERY", "run a statement and show its plan with figures", Profile},
    {"timeout", "[TIME|off]", "stop statements that run longer, such as 30s", Timeout},
    {"last", "", "run the last statement again", Last},
    {"edit", "", "edit the last statement in $EDITOR, then run it", Edit},
    {"history", "[N]", "the last N inputs", History},
    {"shell system !", "COMMAND", "run a command of the system", System},
    {"print echo", "TEXT", "write TEXT", Print},
    {"clear cls", "", "clear the screen", Clear},
    {"help h ?", "[NAME]", "this list, or what NAME is", RunHelp},
    {"quit exit q", "", "leave", Quit},
};

}  // namespace

std::span<const Command> SessionCommands() { return kCommands; }

}  // namespace kb::shell
