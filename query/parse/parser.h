// The only door to the parser: text in, statement out. No PEGTL type or exception leaves this
// folder.
#pragma once

#include <memory>
#include <string_view>

#include "query/ast/statement.h"
#include "schema/base/result.h"

namespace kb::query::parse {

/// Parses one statement; one ';' may end it. Errors: kSyntax with a span at the furthest point that
/// was understood and what was expected there; kLimit for nesting or size. Linear in the text's
/// length for any input. Thread-safe.
Result<std::shared_ptr<const ast::Statement>> Parse(std::string_view text);

/// Where a script's first statement ends: the byte after its ';', or npos when the text ends inside
/// a statement, string or comment. Knows quotes, backquotes and comments, nothing else.
std::size_t FindStatementEnd(std::string_view text);

}  // namespace kb::query::parse
