// What the program does with its arguments.
#pragma once

#include "kb/shell/arguments.h"

namespace kb::shell {

/// Does what the arguments ask for; returns the exit status.
int RunProgram(const Arguments& arguments);

/// `kb import`: see kb/io/import.h. Progress on standard error where that is a terminal.
int RunImport(const Arguments& arguments);

}  // namespace kb::shell
