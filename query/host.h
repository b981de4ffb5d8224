// Host: what a running statement may ask of the program around it, beyond the graph: files of
// records, the list of who is doing what, and the next transaction when one is full.
//
// It is a seam: query reads no file and opens no transaction by itself. kb implements it for each
// session; without a host (tests, embedding below kb) the statements that need one are refused.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schema/base/result.h"
#include "schema/value.h"
#include "storage/graph.h"

namespace kb::query {

/// Records of a file, one by one. One thread at a time.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  /// Replaces `fields` by those of the next record: texts, null for an empty field that is not in
  /// quotes. False at the end. Errors name file, line and column.
  virtual Result<bool> Next(std::vector<schema::Value>* fields) = 0;
  /// `file:line` of the record, for errors.
  virtual std::string Where() const = 0;
};

/// A transaction that is open, or a statement that runs in one of its own.
struct Activity {
  std::uint64_t id = 0;
  std::string statement;  ///< Its beginning, if it is long; "" between two statements.
  bool explicit_transaction = false;
  bool read_only = false;
  std::int64_t started_ms = 0;  ///< Since 1970, UTC.
  std::int64_t elapsed_ms = 0;
};

/// Used on the statement's thread.
class Host {
 public:
  virtual ~Host() = default;
  /// Opens the file of LOAD CSV. Errors: kReadOnly where files may not be read, kArgument for what
  /// is no name of a file below the allowed folder, kNotFound, kIo.
  virtual Result<std::unique_ptr<RecordSource>> OpenCsv(std::string_view name, char delimiter) = 0;
  virtual std::vector<Activity> Activities() const = 0;
  /// Commits the statement's transaction and begins another, which `next` gets even if committing
  /// failed. `next` is null only if there is no way on.
  virtual Result<void> CommitAndBegin(storage::Transaction** next) = 0;
};

}  // namespace kb::query
