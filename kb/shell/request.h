// Requests of the machine protocol: one line of JSON becomes what is asked.
//
//   Request request;
//   KB_TRY(ReadRequest(line, &request));
//
// Nearly all requests are a text and a few plain parameters. Those are read straight from the line,
// in one pass and without a tree; any other line, a wrong one among them, goes to Boost.JSON, which
// says what it is.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "kb/session.h"
#include "kb/table_procedure.h"
#include "schema/base/result.h"

namespace kb::shell {

/// What a request asks for: a statement, or that a procedure be registered.
struct Request {
  std::string statement;
  Parameters parameters;
  std::unique_ptr<TableProcedure> procedure;  ///< Null where a statement is asked for.
};

/// Reads a request into `request`, which must be empty. Error: kProtocol.
Result<void> ReadRequest(std::string_view line, Request* request);

/// The same for a line of any form, always by way of a tree of the whole line.
Result<void> ReadRequestByTree(std::string_view line, Request* request);

}  // namespace kb::shell
