// Every option of an open case: meaning, default, limits.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kb {

struct Options {
  /// Nothing may be written; the folder must be there already. Default: false.
  bool read_only = false;
  /// Make the folder when it is missing. Default: true.
  bool create_if_missing = true;
  /// A commit returns when it is on the disk. Off, a power cut may lose the last commits (never
  /// half a one). Default: true.
  bool sync = true;
  /// Threads that one statement may use; 0 = one a core. Default: 0.
  std::size_t threads = 0;
  /// Passes of the optimiser that are left out, by the names that EXPLAIN's documentation lists
  /// (query/optimize/passes.cc). Answers do not depend on it: it is for looking for a fault in one.
  /// Default: none.
  std::vector<std::string> disabled_passes;
  /// Memory that the program should keep to, in bytes: what came from the disk is given back to it,
  /// and a statement that needs more for itself ends with a LimitError (MemoryLimit). At least 64
  /// MB; 0 = as much as there is. Default: 0.
  std::uint64_t memory = 0;
  /// A statement that runs longer ends with a CancelledError. Default: none.
  std::optional<std::chrono::milliseconds> timeout;
  /// The folder whose files LOAD CSV may read; what it names counts from there, and nothing outside
  /// is reached, not by `..` and not by links. Default: none, LOAD CSV reads nothing.
  std::string import_folder;
};

}  // namespace kb
