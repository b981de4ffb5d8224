// Texts: UTF-8, counted in characters (code points).

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <string>

#include "query/functions/convert.h"
#include "query/functions/table.h"
#include "schema/base/limits.h"
#include "schema/base/text.h"

namespace kb::query::functions {
namespace {

/// The bytes of the character that begins at `at`.
std::string_view CharacterAt(std::string_view utf8, std::size_t at) {
  std::size_t end = at + 1;
  while (end < utf8.size() && (static_cast<unsigned char>(utf8[end]) & 0xC0) == 0x80) ++end;
  return utf8.substr(at, end - at);
}

std::string_view LastCharacter(std::string_view utf8) {
  std::size_t at = utf8.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(utf8[at]) & 0xC0) == 0x80) --at;
  return utf8.substr(at);
}

bool IsSpace(std::string_view character) {
  const auto unicode = icu::UnicodeString::fromUTF8(
      icu::StringPiece(character.data(), static_cast<std::int32_t>(character.size())));
  return u_isUWhiteSpace(unicode.char32At(0)) != 0;
}

/// Cuts characters off both ends or one: blanks, or those of `set` if there is one.
std::string_view Cut(std::string_view text, const std::string_view* set, bool front, bool back) {
  const auto goes = [&](std::string_view character) {
    if (set == nullptr) return IsSpace(character);
    for (std::size_t at = 0; at < set->size();) {
      const std::string_view candidate = CharacterAt(*set, at);
      if (candidate == character) return true;
      at += candidate.size();
    }
    return false;
  };
  while (front && !text.empty() && goes(CharacterAt(text, 0))) {
    text.remove_prefix(CharacterAt(text, 0).size());
  }
  while (back && !text.empty() && goes(LastCharacter(text))) {
    text.remove_suffix(LastCharacter(text).size());
  }
  return text;
}

template <bool kFront, bool kBack>
Result<Value> Trim(std::span<const Value> arguments, const Context&) {
  if (arguments.size() == 1) {
    return Value::String(Cut(arguments[0].string(), nullptr, kFront, kBack));
  }
  const std::string_view set = arguments[1].string();
  return Value::String(Cut(arguments[0].string(), &set, kFront, kBack));
}

Result<Value> ToUpper(std::span<const Value> arguments, const Context&) {
  return Value::String(text::ToUpper(arguments[0].string()));
}

Result<Value> ToLower(std::span<const Value> arguments, const Context&) {
  return Value::String(text::ToLower(arguments[0].string()));
}

Result<Value> CharLength(std::span<const Value> arguments, const Context&) {
  return Value::Integer(static_cast<std::int64_t>(text::CountCharacters(arguments[0].string())));
}

Result<Value> Replace(std::span<const Value> arguments, const Context&) {
  const std::string_view text = arguments[0].string();
  const std::string_view search = arguments[1].string();
  const std::string_view by = arguments[2].string();
  if (search.empty()) return arguments[0];
  std::string replaced;
  std::size_t at = 0;
  for (;;) {
    const std::size_t found = text.find(search, at);
    replaced.append(text.substr(at, found == std::string_view::npos ? found : found - at));
    if (found == std::string_view::npos) break;
    replaced.append(by);
    if (replaced.size() > limits::kValueBytesMax) {
      return LimitError("a string of more than {} bytes is too long", limits::kValueBytesMax);
    }
    at = found + search.size();
  }
  return Value::String(replaced);
}

std::vector<Value> Characters(std::string_view text) {
  std::vector<Value> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character = CharacterAt(text, at);
    parts.push_back(Value::String(character));
    at += character.size();
  }
  return parts;
}

Result<Value> Split(std::span<const Value> arguments, const Context&) {
  const std::string_view text = arguments[0].string();
  std::vector<std::string_view> delimiters;
  if (arguments[1].is_string()) {
    delimiters.push_back(arguments[1].string());
  } else {
    for (const Value& item : arguments[1].list()) {
      if (!item.is_string()) {
        return TypeError("split() takes texts as delimiters, but this is {} {}",
                         schema::KindName(item.kind()), Preview(item))
            .Detail("InvalidArgumentValue");
      }
      delimiters.push_back(item.string());
    }
  }
  for (const std::string_view delimiter : delimiters) {
    if (delimiter.empty()) return Value::List(Characters(text));
  }
  std::vector<Value> parts;
  std::size_t begin = 0;
  for (;;) {
    std::size_t end = std::string_view::npos;
    std::size_t width = 0;
    for (const std::string_view delimiter : delimiters) {
      const std::size_t found = text.find(delimiter, begin);
      if (found < end || (found == end && delimiter.size() > width)) {
        end = found;
        width = delimiter.size();
      }
    }
    if (end == std::string_view::npos) break;
    parts.push_back(Value::String(text.substr(begin, end - begin)));
    begin = end + width;
  }
  parts.push_back(Value::String(text.substr(begin)));
  return Value::List(std::move(parts));
}

/// An argument that counts characters.
Result<std::size_t> CountOf(const Value& argument, std::string_view function,
                            std::string_view name) {
  if (argument.integer() >= 0) return static_cast<std::size_t>(argument.integer());
  return ArgumentError("the {} of {}() is {}, but must not be negative", name, function,
                       argument.integer())
      .Detail("NumberOutOfRange");
}

Result<Value> Substring(std::span<const Value> arguments, const Context&) {
  std::string_view text = arguments[0].string();
  KB_ASSIGN(const std::size_t start, CountOf(arguments[1], "substring", "start"));
  text.remove_prefix(text::ByteOffset(text, start));
  if (arguments.size() > 2) {
    KB_ASSIGN(const std::size_t length, CountOf(arguments[2], "substring", "length"));
    text = text.substr(0, text::ByteOffset(text, length));
  }
  return Value::String(text);
}

Result<Value> Left(std::span<const Value> arguments, const Context&) {
  const std::string_view text = arguments[0].string();
  KB_ASSIGN(const std::size_t length, CountOf(arguments[1], "left", "length"));
  return Value::String(text.substr(0, text::ByteOffset(text, length)));
}

Result<Value> Right(std::span<const Value> arguments, const Context&) {
  const std::string_view text = arguments[0].string();
  KB_ASSIGN(const std::size_t length, CountOf(arguments[1], "right", "length"));
  const std::size_t size = text::CountCharacters(text);
  return Value::String(text.substr(text::ByteOffset(text, size > length ? size - length : 0)));
}

const icu::Normalizer2* NormalizerFor(std::string_view form, UErrorCode& status) {
  if (form == "NFC") return icu::Normalizer2::getNFCInstance(status);
  if (form == "NFD") return icu::Normalizer2::getNFDInstance(status);
  if (form == "NFKC") return icu::Normalizer2::getNFKCInstance(status);
  if (form == "NFKD") return icu::Normalizer2::getNFKDInstance(status);
  return nullptr;
}

Result<Value> Normalize(std::span<const Value> arguments, const Context&) {
  const std::string_view form = arguments.size() > 1 ? arguments[1].string() : "NFC";
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = NormalizerFor(form, status);
  if (normalizer == nullptr) {
    return ArgumentError("{} is no form of normalize(): NFC, NFD, NFKC or NFKD", text::Quote(form))
        .Detail("InvalidArgumentValue");
  }
  const std::string_view text = arguments[0].string();
  const auto normal =
      normalizer->normalize(icu::UnicodeString::fromUTF8(icu::StringPiece(
                                text.data(), static_cast<std::int32_t>(text.size()))),
                            status);
  if (U_FAILURE(status) != 0) return InternalError("normalize(): {}", u_errorName(status));
  std::string utf8;
  normal.toUTF8String(utf8);
  return Value::String(utf8);
}

}  // namespace

std::span<const Function> StringFunctions() {
  static const std::vector<Argument> text = {{"text", kStringKind}};
  static const std::vector<Argument> text_and_set = {{"text", kStringKind},
                                                     {"characters", kStringKind}};
  static const std::vector<Argument> text_and_length = {{"text", kStringKind},
                                                        {"length", kIntegerKind}};
  static const std::vector<Function> table = {
      Make({"btrim", "btrim(text :: STRING, characters :: STRING) :: STRING",
            "A text without the blanks, or the given characters, at both ends.",
            "btrim('xxkbx', 'x')", "'kb'"},
           text_and_set, kStringKind, Trim<true, true>, {.optional = 1}),
      Make({"char_length", "char_length(text :: STRING) :: INTEGER",
            "The number of characters of a text.", "char_length('Ärger')", "5"},
           text, kIntegerKind, CharLength),
      Make({"character_length", "character_length(text :: STRING) :: INTEGER",
            "The number of characters of a text.", "character_length('kb')", "2"},
           text, kIntegerKind, CharLength),
      Make({"left", "left(text :: STRING, length :: INTEGER) :: STRING",
            "The first characters of a text.", "left('kangaroo', 4)", "'kang'"},
           text_and_length, kStringKind, Left),
      Make({"lower", "lower(text :: STRING) :: STRING", "A text in lower case.", "lower('KB')",
            "'kb'"},
           text, kStringKind, ToLower),
      Make({"ltrim", "ltrim(text :: STRING, characters :: STRING) :: STRING",
            "A text without the blanks, or the given characters, at its beginning.",
            "ltrim('  kb ')", "'kb '"},
           text_and_set, kStringKind, Trim<true, false>, {.optional = 1}),
      Make({"normalize", "normalize(text :: STRING, form = 'NFC' :: STRING) :: STRING",
            "A text in a Unicode normal form: NFC, NFD, NFKC or NFKD.",
            "normalize('\\uFB01', 'NFKC')", "'fi'"},
           {{"text", kStringKind}, {"form", kStringKind}}, kStringKind, Normalize, {.optional = 1}),
      Make({"replace", "replace(text :: STRING, search :: STRING, by :: STRING) :: STRING",
            "A text with each occurrence of another replaced.", "replace('hello', 'l', 'w')",
            "'hewwo'"},
           {{"text", kStringKind}, {"search", kStringKind}, {"by", kStringKind}}, kStringKind,
           Replace),
      Make({"right", "right(text :: STRING, length :: INTEGER) :: STRING",
            "The last characters of a text.", "right('kangaroo', 3)", "'roo'"},
           text_and_length, kStringKind, Right),
      Make({"rtrim", "rtrim(text :: STRING, characters :: STRING) :: STRING",
            "A text without the blanks, or the given characters, at its end.", "rtrim(' kb  ')",
            "' kb'"},
           text_and_set, kStringKind, Trim<false, true>, {.optional = 1}),
      Make({"split", "split(text :: STRING, delimiter :: STRING | LIST<STRING>) :: LIST<STRING>",
            "The parts of a text between delimiters.", "split('one,two', ',')", "['one', 'two']"},
           {{"text", kStringKind}, {"delimiter", kStringKind | kListKind}}, kListKind, Split),
      Make({"substring", "substring(text :: STRING, start :: INTEGER, length :: INTEGER) :: STRING",
            "The characters of a text from a position (0 is the first), to its end or so many.",
            "substring('kangaroo', 3, 2)", "'ga'"},
           {{"text", kStringKind}, {"start", kIntegerKind}, {"length", kIntegerKind}}, kStringKind,
           Substring, {.optional = 1}),
      Make({"toLower", "toLower(text :: STRING) :: STRING", "A text in lower case.",
            "toLower('KB')", "'kb'"},
           text, kStringKind, ToLower),
      Make({"toUpper", "toUpper(text :: STRING) :: STRING", "A text in upper case.",
            "toUpper('kb')", "'KB'"},
           text, kStringKind, ToUpper),
      Make({"trim", "trim(text :: STRING, characters :: STRING) :: STRING",
            "A text without the blanks, or the given characters, at both ends.", "trim('  kb ')",
            "'kb'"},
           text_and_set, kStringKind, Trim<true, true>, {.optional = 1}),
      Make({"upper", "upper(text :: STRING) :: STRING", "A text in upper case.", "upper('kb')",
            "'KB'"},
           text, kStringKind, ToUpper),
  };
  return table;
}

}  // namespace kb::query::functions
