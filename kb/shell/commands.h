// The shell's own commands: `:name arguments`, or `.name arguments` for those whose fingers know
// that.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/base/result.h"

namespace kb::shell {

class Shell;

/// What a command did: true; false if it failed and has said so; or an error still to be told.
using CommandResult = Result<bool>;

struct Command {
  std::string_view names;      ///< The first is the name, the others, after spaces, are aliases.
  std::string_view arguments;  ///< As help shows them.
  std::string_view help;       ///< One line.
  CommandResult (*run)(Shell& shell, std::string_view arguments);

  std::string_view name() const { return names.substr(0, names.find(' ')); }
};

/// The groups of commands, each a table of its own file, in the order of `:help`.
std::span<const Command> CaseCommands();
std::span<const Command> OutputCommands();
std::span<const Command> SessionCommands();

/// By name or alias, without its colon; nullptr if there is none.
const Command* FindCommand(std::string_view name);
/// Names, without aliases.
std::vector<std::string> CommandNames();

/// Runs a line that begins with ':' or '.'. Returns false after a failure, which has been told.
bool RunCommand(Shell& shell, std::string_view line);

/// What `:help` says, of a command, a function, a clause or in general.
CommandResult RunHelp(Shell& shell, std::string_view topic);

/// Takes the first word off the front; quotes make one word of several.
std::string TakeWord(std::string_view* arguments);

}  // namespace kb::shell
