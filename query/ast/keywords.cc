#include "query/ast/keywords.h"

#include <algorithm>

namespace kb::query::ast {

bool EqualsIgnoringCase(std::string_view word, std::string_view upper) {
  const auto up = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  if (word.size() != upper.size()) return false;
  return std::equal(word.begin(), word.end(), upper.begin(), upper.end(),
                    [&](char a, char b) { return up(a) == up(b); });
}

bool IsReserved(std::string_view word) {
  constexpr std::size_t kLongest = kReservedWords.back().size();
  if (word.size() > kLongest) return false;
  // The words stand by length: only those of this one need a look.
  const auto shorter = [&](std::string_view reserved) { return reserved.size() < word.size(); };
  const auto first = std::partition_point(kReservedWords.begin(), kReservedWords.end(), shorter);
  return std::any_of(first, kReservedWords.end(), [&](std::string_view reserved) {
    return reserved.size() == word.size() && EqualsIgnoringCase(word, reserved);
  });
}

}  // namespace kb::query::ast
