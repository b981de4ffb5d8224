// Commands about results: how they look and where they go.
#include "kb/shell/commands.h"
#include "kb/shell/quantity.h"
#include "kb/shell/shell.h"

namespace kb::shell {
namespace {

/// Sets a switch from "on" or "off"; without a word, tells how it stands.
CommandResult Switch(Shell& shell, std::string_view name, std::string_view word, bool* value) {
  if (word == "on" || word == "true" || word == "1") {
    *value = true;
  } else if (word == "off" || word == "false" || word == "0") {
    *value = false;
  } else if (word.empty()) {
    shell.Say(fmt::format("{} is {}", name, *value ? "on" : "off"));
  } else {
    return ArgumentError(":{} takes on or off, not `{}`", name, word);
  }
  return true;
}

CommandResult Mode(Shell& shell, std::string_view word) {
  if (word.empty()) {
    shell.Say(
        fmt::format("mode is {}; there are {}", shell.settings().format->name, io::FormatNames()));
    return true;
  }
  const io::Format* format = io::FindFormat(word);
  if (format == nullptr) {
    return ArgumentError("there is no mode `{}`", word).Hint("modes are " + io::FormatNames());
  }
  shell.settings().format = format;
  return true;
}

CommandResult OutputTo(Shell& shell, std::string_view arguments) {
  KB_TRY(shell.output().Redirect(TakeWord(&arguments)));
  return true;
}

CommandResult Once(Shell& shell, std::string_view arguments) {
  const std::string path = TakeWord(&arguments);
  if (path.empty()) return ArgumentError(":once needs a file for the next result");
  KB_TRY(shell.output().RedirectOnce(path));
  if (!arguments.empty()) return shell.RunStatement(arguments);
  return true;
}

/// `:dot FILE QUERY` or `:dot QUERY`: the first word is a file if it ends as pictures do.
CommandResult Dot(Shell& shell, std::string_view arguments) {
  std::string_view rest = arguments;
  const std::string word = TakeWord(&rest);
  const io::Format* format = io::FormatOfFile(word);
  const bool picture = format != nullptr && (format->name == "dot" || format->name == "svg");
  std::string statement(picture ? rest : arguments);
  if (statement.empty()) statement = shell.last_statement();
  if (statement.empty()) {
    return ArgumentError(":dot needs a statement").Hint(":dot x.svg MATCH p = (a)-->(b) RETURN p");
  }
  if (picture) {
    KB_TRY(shell.output().RedirectOnce(word));
    return shell.RunStatement(statement);
  }
  const io::Format* former = shell.settings().format;
  shell.settings().format = io::FindFormat("dot");
  const bool done = shell.RunStatement(statement);
  shell.settings().format = former;
  return done;
}

CommandResult Headers(Shell& shell, std::string_view word) {
  return Switch(shell, "headers", word, &shell.settings().headers);
}
CommandResult Timer(Shell& shell, std::string_view word) {
  KB_ASSIGN(const bool done, Switch(shell, "timer", word, &shell.settings().timer));
  if (word == "on") shell.settings().stats = true;
  return done;
}
CommandResult Stats(Shell& shell, std::string_view word) {
  return Switch(shell, "stats", word, &shell.settings().stats);
}

CommandResult Limit(Shell& shell, std::string_view name, std::string_view word,
                    std::size_t* value) {
  if (word.empty()) {
    shell.Say(fmt::format("{} is {}", name, *value));
    return true;
  }
  KB_ASSIGN(*value, ParseCount(word));
  return true;
}

CommandResult MaxRows(Shell& shell, std::string_view word) {
  return Limit(shell, "max_rows", word, &shell.settings().max_rows);
}
CommandResult MaxWidth(Shell& shell, std::string_view word) {
  return Limit(shell, "max_width", word, &shell.settings().max_width);
}

CommandResult Show(Shell& shell, std::string_view /*arguments*/) {
  const Settings& settings = shell.settings();
  const auto on_off = [](bool on) { return Value::String(on ? "on" : "off"); };
  const std::string timeout =
      settings.timeout ? fmt::format("{} ms", settings.timeout->count()) : "off";
  const auto count = [](std::size_t n) { return Value::Integer(static_cast<std::int64_t>(n)); };
  const std::string path = shell.output().path().empty() ? "stdout" : shell.output().path();
  return shell.PrintTable({"setting", "value"},
                          {{Value::String("case"), Value::String(shell.path())},
                           {Value::String("mode"), Value::String(settings.format->name)},
                           {Value::String("output"), Value::String(path)},
                           {Value::String("headers"), on_off(settings.headers)},
                           {Value::String("stats"), on_off(settings.stats)},
                           {Value::String("timer"), on_off(settings.timer)},
                           {Value::String("max_rows"), count(settings.max_rows)},
                           {Value::String("max_width"), count(settings.max_width)},
                           {Value::String("timeout"), Value::String(timeout)}});
}

constexpr Command kCommands[] = {
    {"mode", "[MODE]", "how results are written: box, csv, json, markdown, dot …", Mode},
    {"output", "[FILE]", "write results to FILE; without FILE to the screen again", OutputTo},
    {"once", "FILE [QUERY]", "write the next result to FILE, in the format of its extension", Once},
    {"dot", "[FILE] [QUERY]", "draw a result: x.svg or x.dot; the last one without QUERY", Dot},
    {"headers", "[on|off]", "name the columns", Headers},
    {"stats changes", "[on|off]", "say below a result how many rows it has and what changed",
     Stats},
    {"timer", "[on|off]", "say below a result how long it took", Timer},
    {"max_rows maxrows", "[N]", "rows that box and table show; 0 for all", MaxRows},
    {"max_width maxwidth", "[N]", "columns that box and table fill; 0 for the terminal's",
     MaxWidth},
    {"show settings", "", "the settings", Show},
};

}  // namespace

std::span<const Command> OutputCommands() { return kCommands; }

}  // namespace kb::shell
