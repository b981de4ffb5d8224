#include "kb/shell/commands.h"

#include "kb/shell/shell.h"
#include "schema/base/text.h"

namespace kb::shell {
namespace {

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

bool HasName(const Command& command, std::string_view name) {
  std::string_view rest = command.names;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, end) == name) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

std::span<const Command> Group(int index) {
  return index == 0 ? CaseCommands() : index == 1 ? OutputCommands() : SessionCommands();
}

}  // namespace

const Command* FindCommand(std::string_view name) {
  const std::string lowered = text::ToLower(name);
  for (int i = 0; i < 3; ++i) {
    for (const Command& command : Group(i)) {
      if (HasName(command, lowered)) return &command;
    }
  }
  return nullptr;
}

std::vector<std::string> CommandNames() {
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) {
    for (const Command& command : Group(i)) names.emplace_back(command.name());
  }
  return names;
}

std::string TakeWord(std::string_view* arguments) {
  std::string_view rest = Trim(*arguments);
  std::string word;
  if (!rest.empty() && (rest[0] == '\'' || rest[0] == '"')) {
    const std::size_t end = std::min(rest.find(rest[0], 1), rest.size());
    word = rest.substr(1, end - 1);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  } else {
    const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
    word = rest.substr(0, end);
    rest.remove_prefix(end);
  }
  *arguments = Trim(rest);
  return word;
}

bool RunCommand(Shell& shell, std::string_view line) {
  std::string_view rest = Trim(line.substr(1));
  while (rest.ends_with(';')) rest = Trim(rest.substr(0, rest.size() - 1));
  std::string name = TakeWord(&rest);
  if (name.starts_with('!') && name.size() > 1) {  // `:!ls` is `:! ls`.
    rest = Trim(line.substr(line.find('!') + 1));
    name = "!";
  }
  const Command* command = FindCommand(name);
  if (command == nullptr) {
    Error error = ArgumentError("there is no command :{}", name);
    const std::vector<std::string> names = CommandNames();
    const std::string_view near = text::Nearest(name, names);
    shell.PrintError(near.empty() ? error.Hint(":help lists the commands")
                                  : error.Hint(fmt::format("did you mean :{}?", near)));
    return false;
  }
  const CommandResult result = command->run(shell, rest);
  if (result.ok()) return *result;
  shell.PrintError(result.error());
  return false;
}

}  // namespace kb::shell
