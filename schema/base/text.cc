#include "schema/base/text.h"

#include <fmt/format.h>
#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace kb::text {
namespace {

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The code point at byte `at`, which is moved past it; U+FFFD for a byte that begins none.
UChar32 NextCharacter(std::string_view text, std::size_t& at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto offset = static_cast<std::int64_t>(at);
  const auto size = static_cast<std::int64_t>(text.size());
  UChar32 character = 0;
  U8_NEXT_OR_FFFD(bytes, offset, size, character);
  at = static_cast<std::size_t>(offset);
  return character;
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t WidthOf(UChar32 character) {
  if (character < 0x20 || character == 0x7F) return 0;
  if (character < 0x300) return 1;
  switch (u_charType(character)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
    case U_CONTROL_CHAR:
      return 0;
    default:
      break;
  }
  const int width = u_getIntPropertyValue(character, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

/// Whether a terminal obeys the character instead of showing it.
bool IsControl(UChar32 character) {
  const bool turns = (character >= 0x202A && character <= 0x202E) ||
                     (character >= 0x2066 && character <= 0x2069) || character == 0x200E ||
                     character == 0x200F || character == 0x61C;
  return character < 0x20 || (character >= 0x7F && character < 0xA0) || turns ||
         character == 0x2028 || character == 0x2029;
}

/// Writes all of `bytes` but what IsControl or is not UTF-8, which `replace(character, piece)`
/// writes; of such bytes the character is negative.
template <typename Replace>
std::string Replacing(std::string_view bytes, const Replace& replace) {
  std::string out;
  out.reserve(bytes.size());
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const auto size = static_cast<std::int64_t>(bytes.size());
  for (std::int64_t at = 0; at < size;) {
    const auto begin = static_cast<std::size_t>(at);
    UChar32 character = 0;
    U8_NEXT(data, at, size, character);
    const std::string_view piece = bytes.substr(begin, static_cast<std::size_t>(at) - begin);
    if (character < 0 || IsControl(character)) {
      out += replace(character, piece);
    } else {
      out += piece;
    }
  }
  return out;
}

std::string Escape(UChar32 character, std::string_view piece) {
  if (character == '\n') return "\\n";
  if (character == '\t') return "\\t";
  if (character == '\r') return "\\r";
  if (character >= 0) return fmt::format("\\u{:04X}", static_cast<std::uint32_t>(character));
  std::string escaped;
  for (const char c : piece) escaped += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
  return escaped;
}

std::vector<UChar32> FoldedCharacters(std::string_view text) {
  std::vector<UChar32> characters;
  characters.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const UChar32 c = NextCharacter(text, at);
    characters.push_back(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  }
  return characters;
}

}  // namespace

std::size_t FindInvalidUtf8(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const auto size = static_cast<std::int64_t>(bytes.size());
  for (std::int64_t at = 0; at < size;) {
    if (data[at] < 0x80) {
      ++at;
      continue;
    }
    const std::int64_t begin = at;
    UChar32 character = 0;
    U8_NEXT(data, at, size, character);
    if (character < 0) return static_cast<std::size_t>(begin);
  }
  return std::string_view::npos;
}

std::size_t CountCharacters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return !IsContinuation(c); }));
}

std::size_t ByteOffset(std::string_view utf8, std::size_t index) {
  std::size_t at = 0;
  for (; at < utf8.size(); ++at) {
    if (IsContinuation(utf8[at])) continue;
    if (index == 0) return at;
    --index;
  }
  return at;
}

std::size_t DisplayWidth(std::string_view utf8) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < utf8.size();) width += WidthOf(NextCharacter(utf8, at));
  return width;
}

Place Locate(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const std::size_t newline = before.rfind('\n');
  const std::size_t line_begin = newline == std::string_view::npos ? 0 : newline + 1;
  std::size_t line_end = text.find('\n', offset);
  if (line_end == std::string_view::npos) line_end = text.size();
  if (line_end > line_begin && text[line_end - 1] == '\r') --line_end;
  Place place;
  place.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  place.column = 1 + CountCharacters(before.substr(line_begin));
  place.line_text = text.substr(line_begin, line_end - line_begin);
  return place;
}

std::string Visible(std::string_view bytes) { return Replacing(bytes, Escape); }

std::string VisibleLines(std::string_view bytes) {
  return Replacing(bytes, [](UChar32 character, std::string_view piece) {
    return character == '\n' ? std::string(piece) : Escape(character, piece);
  });
}

std::string VisibleInPlace(std::string_view bytes) {
  return Replacing(bytes, [](UChar32 character, std::string_view piece) {
    return std::string(piece.size(), character >= 0 && character < 0x80 ? ' ' : '?');
  });
}

std::string Quote(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size() + 2);
  out += '\'';
  for (const char c : utf8) {
    switch (c) {
      case '\'':
        out += "\\'";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        if (const auto byte = static_cast<unsigned char>(c); byte < 0x20 || byte == 0x7F) {
          out += fmt::format("\\u{:04X}", byte);
        } else {
          out += c;
        }
    }
  }
  out += '\'';
  return out;
}

std::string QuoteName(std::string_view name) {
  bool plain = !name.empty() && FindInvalidUtf8(name) == std::string_view::npos;
  for (std::size_t at = 0; plain && at < name.size();) {
    const bool first = at == 0;
    const UChar32 c = NextCharacter(name, at);
    plain = c == '_' || (first ? u_isIDStart(c) : u_isIDPart(c) && !u_isIDIgnorable(c));
  }
  if (plain) return std::string(name);
  std::string out = "`";
  for (const char c : name) {
    if (c == '`') out += '`';
    out += c;
  }
  out += '`';
  return out;
}

std::string ToLower(std::string_view utf8) {
  std::string out(utf8);
  if (IsAscii(utf8)) {
    for (char& c : out) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return out;
  }
  out.clear();
  icu::UnicodeString::fromUTF8({utf8.data(), static_cast<std::int32_t>(utf8.size())})
      .toLower(icu::Locale::getRoot())
      .toUTF8String(out);
  return out;
}

std::string ToUpper(std::string_view utf8) {
  std::string out(utf8);
  if (IsAscii(utf8)) {
    for (char& c : out) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
    }
    return out;
  }
  out.clear();
  icu::UnicodeString::fromUTF8({utf8.data(), static_cast<std::int32_t>(utf8.size())})
      .toUpper(icu::Locale::getRoot())
      .toUTF8String(out);
  return out;
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  const std::vector<UChar32> left = FoldedCharacters(a);
  const std::vector<UChar32> right = FoldedCharacters(b);
  // Three rows of the usual table: the one before the last is needed for swapped neighbours.
  std::vector<std::size_t> before(right.size() + 1);
  std::vector<std::size_t> above(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replace = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replace});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[right.size()];
}

}  // namespace kb::text
