// The program `kb`: a shell, one query, a script, or one of the subcommands.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>

#include "kb/shell/arguments.h"
#include "kb/shell/subcommands.h"

int main(int argc, char** argv) {
  using namespace kb::shell;
  std::signal(SIGPIPE, SIG_IGN);  // A reader that has gone away is an error of write, not our end.
  Arguments arguments;
  CLI::App app;
  DefineArguments(app, &arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kExitCannotStart;
  }
  return RunProgram(arguments);
}
