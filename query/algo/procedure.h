// What a procedure is: CALL name(arguments) YIELD outputs. The built-in ones stand in the table of
// procedures.cc; a session may add some that are backed by a table of rows.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/functions/function.h"
#include "schema/base/cancel.h"
#include "schema/base/result.h"
#include "schema/value.h"
#include "storage/graph.h"

namespace kb::query {

class Host;  // query/host.h

/// What a query text that a procedure runs is about.
struct Question {
  std::string_view text;  ///< A query that reads.
  const storage::View& view;
  std::vector<std::pair<std::string, schema::Value>> parameters;
  bool is_users = true;  ///< Not made by the procedure: errors say where in the text.
};

/// Runs queries for procedures. Nodes and relationships in their rows stand for themselves, without
/// the labels and values that they have in the view.
class Asker {
 public:
  using Columns = std::vector<std::string>;
  using Visit = std::function<Result<void>(const Columns&, std::vector<schema::Value>)>;

  virtual ~Asker() = default;
  /// Calls `visit` for each row. Errors: those of the query, which name their place in its text;
  /// kReadOnly for a text that is no query or writes; kLimit where questions are nested too deep.
  virtual Result<void> Ask(const Question& question, const Visit& visit) const = 0;
};

}  // namespace kb::query

namespace kb::query::bind {

/// A field of a signature. `type` as in signatures: STRING, INTEGER, FLOAT, NUMBER, NODE, LIST,
/// MAP, ANY …
struct Field {
  std::string name;
  std::string type;
};

struct Procedure {
  std::string name;
  std::string doc;
  std::string example;  ///< A whole statement; "" for a session's own.
  std::vector<Field> inputs;
  std::size_t inputs_min = 0;  ///< Trailing inputs beyond this may be left out.
  std::vector<Field> outputs;
  bool writes = false;  ///< Then it gets the transaction, and no view while it edits.

  /// What a running procedure gets: the view, the arguments after conversion, a sink for rows (each
  /// of outputs.size() values), and the flag to look at now and then.
  struct Call {
    const storage::View& view;
    std::span<const schema::Value> arguments;
    std::function<Result<void>(std::vector<schema::Value>)> emit;
    const Cancellation* cancellation;
    Host* host = nullptr;                         ///< May be null.
    storage::Transaction* transaction = nullptr;  ///< Set for what writes.
    const query::Asker* asker = nullptr;          ///< May be null; not set for what writes.
  };
  std::function<Result<void>(const Call&)> run;
};

}  // namespace kb::query::bind

namespace kb::query::algo {

/// The built-in procedure of this name (without regard to case), or nullptr. `gds.` names of the
/// algorithms are aliases of `kb.algo.`.
std::shared_ptr<const bind::Procedure> FindProcedure(std::string_view name);
std::vector<std::shared_ptr<const bind::Procedure>> AllProcedures();

}  // namespace kb::query::algo
