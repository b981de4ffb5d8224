#include "query/parse/escapes.h"

#include <charconv>

namespace kb::query::parse {
namespace {

void AppendUtf8(std::uint32_t code, std::string* out) {
  const auto put = [&](std::uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6)), put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12)), put(0x80 | ((code >> 6) & 0x3F)), put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18)), put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F)), put(0x80 | (code & 0x3F));
  }
}

/// Reads `digits` hexadecimal digits at `at`.
bool ReadHex(std::string_view raw, std::size_t at, std::size_t digits, std::uint32_t* code) {
  if (at + digits > raw.size()) return false;
  const char* end = raw.data() + at + digits;
  const auto [stop, error] = std::from_chars(raw.data() + at, end, *code, 16);
  return error == std::errc() && stop == end;
}

bool IsSurrogate(std::uint32_t code) { return code >= 0xD800 && code <= 0xDFFF; }

}  // namespace

Result<std::string> ResolveEscapes(std::string_view raw, std::uint32_t offset) {
  std::string value;
  value.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      value += raw[i];
      continue;
    }
    const std::size_t begin = i++;
    const auto wrong = [&](std::size_t length) {
      return SyntaxError("`{}` is no escape in a text", raw.substr(begin, length))
          .Detail("InvalidUnicodeLiteral")
          .At({offset + static_cast<std::uint32_t>(begin),
               offset + static_cast<std::uint32_t>(std::min(raw.size(), begin + length))})
          .Hint("a backslash itself is written \\\\, a character by its number \\uXXXX");
    };
    static constexpr std::string_view kLetters = "ntbrf\\'\"`0";
    static constexpr std::string_view kMeanings("\n\t\b\r\f\\'\"`\0", 10);
    if (const std::size_t known = kLetters.find(raw[i]); known != std::string_view::npos) {
      value += kMeanings[known];
      continue;
    }
    if (raw[i] != 'u' && raw[i] != 'U') return wrong(2).Detail("UnexpectedSyntax");
    const std::size_t digits = raw[i] == 'u' ? 4 : 8;
    std::uint32_t code = 0;
    if (!ReadHex(raw, i + 1, digits, &code) || code > 0x10FFFF) return wrong(2 + digits);
    i += digits;
    std::uint32_t low = 0;
    if (code >= 0xD800 && code < 0xDC00 && raw.substr(i + 1).starts_with("\\u") &&
        ReadHex(raw, i + 3, 4, &low) && low >= 0xDC00 && low < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      i += 6;
    }
    if (IsSurrogate(code)) return wrong(2 + digits);
    AppendUtf8(code, &value);
  }
  return value;
}

}  // namespace kb::query::parse
