// Session: one thread's conversation with a case.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kb/cursor.h"
#include "schema/base/result.h"
#include "schema/value.h"

namespace kb {

using schema::Value;
using Parameters = std::vector<std::pair<std::string, Value>>;

/// A procedure backed by a table (machine protocol): each row holds the inputs, then the outputs.
struct TableProcedure {
  std::string signature;  ///< `test.my.proc(name :: STRING?, id :: INTEGER?) :: (city :: STRING?)`
  std::vector<std::vector<Value>> rows;
};

/// One thread at a time, except Interrupt. Outside a transaction every statement commits by itself;
/// a statement that fails leaves no trace. Movable.
class Session {
 public:
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();  ///< Rolls back an open transaction.

  /// Runs one statement. A reading statement yields rows as they are found; a writing one has been
  /// carried out (and, outside a transaction, is durable) when this returns. Errors keep their
  /// place in `text` (Error::span). At most one cursor of a session is open at a time: running
  /// another statement ends it, with a TransactionError if rows were left.
  Result<Cursor> Run(std::string_view text, const Parameters& parameters = {});

  Result<void> Begin(bool read_only = false);
  Result<void> Commit();
  Result<void> Rollback();
  bool in_transaction() const;

  /// Stops the running statement, from any thread or a signal handler; it ends with CancelledError.
  void Interrupt();

  /// Adds a procedure, or replaces that of the same name, for this session.
  Result<void> RegisterProcedure(TableProcedure procedure);
  void DropProcedures();
  /// Empties a case in memory (error kReadOnly on disk) and drops the registered procedures.
  Result<void> Reset();

 private:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
  friend class Database;
};

}  // namespace kb
