// What was parsed, as text again: the same tree in canonical spelling.
//
// Keywords in capitals, one blank between words, brackets where the tree needs them or the writer
// had put them, names in backquotes where they would otherwise be read as something else. Parsing
// the text gives the tree again, but for the spans and for what two spellings share: LET and FILTER
// come back as WITH, FOR as UNWIND, INSERT as CREATE.
#pragma once

#include <string>

#include "query/ast/statement.h"

namespace kb::query::ast {

/// Ends without a semicolon. Thread-safe, like all of these.
std::string Print(const Statement& statement);
std::string Print(const Query& query);
std::string Print(const Expression& expression);
std::string Print(const PatternPart& part);

}  // namespace kb::query::ast
