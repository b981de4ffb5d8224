#include "query/ast/keywords.h"

#include <algorithm>

namespace kb::query::ast {

bool EqualsIgnoringCase(std::string_view word, std::string_view upper) {
  const auto up = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  return std::equal(word.begin(), word.end(), upper.begin(), upper.end(),
                    [&](char a, char b) { return up(a) == up(b); });
}

bool IsReserved(std::string_view word) {
  return std::any_of(kReservedWords.begin(), kReservedWords.end(),
                     [&](std::string_view reserved) { return EqualsIgnoringCase(word, reserved); });
}

}  // namespace kb::query::ast
