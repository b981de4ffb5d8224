// The program `kb`: a shell, one query, a script, or one of the subcommands.
#include <malloc.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "kb/shell/arguments.h"
#include "kb/shell/subcommands.h"
#include "schema/base/text.h"

namespace {

/// Statements take and free tables of some megabytes: given back to the system each time, a fifth
/// of a short statement's time would go into getting their pages again.
void KeepFreedMemory() {
  constexpr int kKept = 32 << 20;
  mallopt(M_MMAP_THRESHOLD, kKept);
  mallopt(M_TRIM_THRESHOLD, kKept);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace kb::shell;
  KeepFreedMemory();
  std::signal(SIGPIPE, SIG_IGN);  // A reader that has gone away is an error of write, not our end.
  Arguments arguments;
  CLI::App app;
  DefineArguments(app, &arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream complaint;  // Of what was typed, which may hold anything.
    const int code = app.exit(error, std::cout, complaint);
    std::fputs(kb::text::VisibleLines(complaint.str()).c_str(), stderr);
    return code == 0 ? 0 : kExitCannotStart;
  }
  return RunProgram(arguments);
}
