// UTF-8 text: validity, characters, display width, escapes. Bytes in, bytes out; no locale.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kb::text {

/// The offset of the first byte that is not well-formed UTF-8, or npos.
std::size_t FindInvalidUtf8(std::string_view bytes);

/// Number of characters (code points) of well-formed UTF-8.
std::size_t CountCharacters(std::string_view utf8);

/// Byte offset of character `index`, or utf8.size() past the end.
std::size_t ByteOffset(std::string_view utf8, std::size_t index);

/// Columns a terminal needs: wide characters count two, combining ones none.
std::size_t DisplayWidth(std::string_view utf8);

/// Line and column (both from 1, columns in characters) and the line's text, for byte `offset`.
struct Place {
  std::size_t line = 1;
  std::size_t column = 1;
  std::string_view line_text;
};
Place Locate(std::string_view text, std::size_t offset);

/// 'text' in single quotes as the language writes it, with \' \\ \n \t \r \b \f and \uXXXX escapes.
std::string Quote(std::string_view utf8);

/// What a terminal shows instead of obeying: control characters, those that turn the direction of
/// writing and bytes that are not UTF-8 become escapes (\n, \t, \r, \uXXXX, \xXX). The rest stays.
std::string Visible(std::string_view bytes);
/// The same for text of several lines.
std::string VisibleLines(std::string_view bytes);
/// The same by question marks and, for ASCII, spaces: every byte keeps its place.
std::string VisibleInPlace(std::string_view bytes);

/// A name as the language writes it: plain where it is an identifier, else in backquotes.
std::string QuoteName(std::string_view name);

/// Lower and upper case by Unicode's rules (ICU), independent of the locale.
std::string ToLower(std::string_view utf8);
std::string ToUpper(std::string_view utf8);

/// The name of `candidates` nearest to `name` if it is near enough to be a likely slip, else empty.
template <typename Range>
std::string_view Nearest(std::string_view name, const Range& candidates);
/// Number of single-character edits (insert, delete, replace, swap neighbours), case-folded ASCII.
std::size_t EditDistance(std::string_view a, std::string_view b);

template <typename Range>
std::string_view Nearest(std::string_view name, const Range& candidates) {
  std::string_view best;
  std::size_t best_distance = 1 + name.size() / 3;
  for (std::string_view candidate : candidates) {
    const std::size_t distance = EditDistance(name, candidate);
    if (distance < best_distance || (distance == best_distance && best.empty())) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace kb::text
