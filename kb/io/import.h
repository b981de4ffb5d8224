// Bulk import of CSV files in the convention of `neo4j-admin database import`.
//
// Each group of files is `[Label1:Label2=]FILE[,FILE…]` for nodes and `[TYPE=]FILE[,FILE…]` for
// relationships; the first file of a group begins with the header. Nodes are read first and fill
// the id spaces; relationships then look their ends up there. Cells are parsed straight into typed
// columns and given to storage::BulkLoader a batch at a time: nothing is boxed, nothing is visible
// before the end, and an error leaves the case as it was.
//
// Nothing is lost silently: a cell that cannot be read, an id that is there twice or an end that is
// not there is an error with file, line and column, unless the options tolerate it; what was
// tolerated is counted and the first of them are told in the report.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/base/cancel.h"
#include "schema/base/result.h"
#include "storage/store.h"

namespace kb::io {

/// Files that belong together and share one header.
struct ImportGroup {
  std::vector<std::string> names;  ///< Labels; or the type, if any.
  std::vector<std::string> files;  ///< `-` is standard input; .gz and .zst are unpacked.
};

/// Parses `Person:Employee=header.csv,part1.csv` or `header.csv,part1.csv`. Error: kArgument.
Result<ImportGroup> ParseImportGroup(std::string_view text);

struct ImportOptions {
  std::vector<ImportGroup> nodes;
  std::vector<ImportGroup> relationships;
  char delimiter = ',';
  char quote = '"';
  /// Between the items of array columns and the labels of a :LABEL column.
  char array_delimiter = ';';
  /// Relationships whose end is missing from the nodes are left out and counted.
  bool skip_bad_relationships = false;
  /// Of nodes with one id the first stays; the others are left out and counted.
  bool skip_duplicate_nodes = false;
  /// Cells beyond the last column of the header are ignored (else an error).
  bool ignore_extra_columns = false;
  /// Empty quoted fields ("") are absent, as unquoted ones are; else they are empty text.
  bool ignore_empty_strings = false;
  bool trim_strings = false;
  /// Threads that read; 0 means one a core. The outcome does not depend on it.
  unsigned threads = 0;
  /// This many rows may be bad in any way (left out and counted) before the import fails.
  std::uint64_t bad_tolerance = 0;
  /// A file that gets a line for everything that was left out; none if empty.
  std::string report_file;
};

struct ImportReport {
  std::uint64_t nodes = 0;
  std::uint64_t relationships = 0;
  std::uint64_t properties = 0;
  std::uint64_t skipped_duplicates = 0;
  std::uint64_t skipped_relationships = 0;
  /// Rows left out under bad_tolerance for another reason.
  std::uint64_t skipped_rows = 0;
  /// The first of what was left out, one sentence each with file and line; at most 100.
  std::vector<std::string> remarks;
};

/// Told now and then while files are read, by one thread at a time.
struct ImportProgress {
  std::string_view file;
  std::uint64_t nodes = 0;
  std::uint64_t relationships = 0;
  std::uint64_t bytes_read = 0;   ///< Of all files, packed ones as they are.
  std::uint64_t bytes_total = 0;  ///< 0 if it cannot be known (standard input).
  bool finishing = false;         ///< All is read; it is being sorted, packed and written.
};
using ImportListener = std::function<void(const ImportProgress&)>;

/// Reads everything into the store, all or nothing. `progress` and `cancellation` may be null.
/// Errors: kArgument (options, headers, cells), kConstraint (duplicates, missing ends), kIo,
/// kCancelled, and those of storage.
Result<ImportReport> Import(storage::Store& store, const ImportOptions& options,
                            const ImportListener& progress = nullptr,
                            const Cancellation* cancellation = nullptr);

}  // namespace kb::io
