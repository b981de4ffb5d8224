// The words of the language that cannot name a variable unless they stand in backquotes.
//
// As few as reading needs: words that begin a clause, operators in letters, and literals. Every
// other word of the language (END, ON, ALL, COUNT, INDEX …) is also an ordinary name, and all of
// them may name properties, labels and types.
#pragma once

#include <array>
#include <string_view>

namespace kb::query::ast {

/// In upper case, sorted by length and then by letter.
inline constexpr std::array<std::string_view, 34> kReservedWords = {
    "AS",     "IN",     "IS",     "OR",     "AND",    "NOT",      "SET",      "XOR",    "CALL",
    "CASE",   "ELSE",   "ENDS",   "NULL",   "SKIP",   "THEN",     "TRUE",     "WHEN",   "WITH",
    "FALSE",  "LIMIT",  "MATCH",  "MERGE",  "ORDER",  "UNION",    "WHERE",    "CREATE", "DELETE",
    "DETACH", "REMOVE", "RETURN", "STARTS", "UNWIND", "DISTINCT", "OPTIONAL",
};

/// Whether `word` is reserved, whatever its case. Words that are not ASCII never are.
bool IsReserved(std::string_view word);

/// `upper` in any case. `upper` is ASCII in upper case.
bool EqualsIgnoringCase(std::string_view word, std::string_view upper);

}  // namespace kb::query::ast
