#include "query/functions/convert.h"

#include <charconv>
#include <cmath>

#include "query/functions/table.h"
#include "schema/base/text.h"
#include "schema/temporal.h"

namespace kb::query::functions {
namespace {

std::string_view WithoutBlanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

/// The whole of `text` as a number; from_chars takes no leading plus, but users write one.
template <typename T>
std::optional<T> ReadNumber(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

/// A float cut to an integer; null for what no integer holds.
Value Truncated(double number) {
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (!(number >= -kLimit && number < kLimit)) return Value::Null();
  return Value::Integer(static_cast<std::int64_t>(number));
}

Value IntegerOf(const Value& value) {
  if (value.is_integer()) return value;
  if (value.is_float()) return Truncated(value.floating());
  if (value.is_boolean()) return Value::Integer(value.boolean() ? 1 : 0);
  if (value.is_string()) return ParseInteger(value.string());
  return Value::Null();
}

Value FloatOf(const Value& value) {
  if (value.is_number()) return Value::Float(value.number());
  if (value.is_string()) return ParseFloat(value.string());
  return Value::Null();
}

Value BooleanOf(const Value& value) {
  if (value.is_boolean()) return value;
  if (value.is_integer()) return Value::Boolean(value.integer() != 0);
  if (!value.is_string()) return Value::Null();
  const std::string word = text::ToLower(WithoutBlanks(value.string()));
  if (word == "true") return Value::Boolean(true);
  return word == "false" ? Value::Boolean(false) : Value::Null();
}

Value StringOf(const Value& value) {
  const auto text = TextOf(value);
  return text ? Value::String(*text) : Value::Null();
}

template <Value (*kConvert)(const Value&)>
Result<Value> Convert(std::span<const Value> arguments, const Context&) {
  return kConvert(arguments[0]);
}

template <Value (*kConvert)(const Value&)>
Result<Value> ConvertList(std::span<const Value> arguments, const Context&) {
  std::vector<Value> items;
  items.reserve(arguments[0].list().size());
  for (const Value& item : arguments[0].list()) items.push_back(kConvert(item));
  return Value::List(std::move(items));
}

constexpr KindSet kToInteger = kNumberKinds | kStringKind | kBooleanKind;
constexpr KindSet kToFloat = kNumberKinds | kStringKind;
constexpr KindSet kToBoolean = kBooleanKind | kStringKind | kIntegerKind;
constexpr KindSet kToString = kBooleanKind | kNumberKinds | kStringKind | kInstantKinds |
                              kDurationKind | kPointKind | kEdtfKind;

}  // namespace

std::optional<std::string> TextOf(const Value& value) {
  switch (value.kind()) {
    case Kind::kBoolean:
      return value.boolean() ? "true" : "false";
    case Kind::kInteger:
      return std::to_string(value.integer());
    case Kind::kFloat:
      return schema::FormatFloat(value.floating());
    case Kind::kString:
      return std::string(value.string());
    case Kind::kDate:
      return schema::ToText(value.date());
    case Kind::kLocalTime:
      return schema::ToText(value.local_time());
    case Kind::kTime:
      return schema::ToText(value.time());
    case Kind::kLocalDateTime:
      return schema::ToText(value.local_date_time());
    case Kind::kDateTime:
      return schema::ToText(value.date_time());
    case Kind::kDuration:
      return schema::ToText(value.duration());
    case Kind::kPoint:
    case Kind::kEdtf:
      return value.ToText();
    case Kind::kNull:
    case Kind::kList:
    case Kind::kMap:
    case Kind::kNode:
    case Kind::kRelationship:
    case Kind::kPath:
      break;
  }
  return std::nullopt;
}

std::string Preview(const Value& value) {
  constexpr std::size_t kCharactersMax = 40;
  constexpr std::size_t kElementsMax = 8;
  if (value.is_string()) {
    const std::string_view text = value.string();
    const std::size_t end = text::ByteOffset(text, kCharactersMax);
    return text::Quote(text.substr(0, end)) + (end < text.size() ? " …" : "");
  }
  if (value.is_list()) {
    if (value.list().size() > kElementsMax || value.nesting() > 2) {
      return fmt::format("[… {} elements]", value.list().size());
    }
    std::string words = "[";
    for (const Value& item : value.list()) words += (words.size() > 1 ? ", " : "") + Preview(item);
    return words + "]";
  }
  if (value.is_map()) {
    if (value.map().size() > kElementsMax || value.nesting() > 2) {
      return fmt::format("{{… {} entries}}", value.map().size());
    }
    std::string words = "{";
    for (const auto& [key, item] : value.map()) {
      words += (words.size() > 1 ? ", " : "") + text::QuoteName(key) + ": " + Preview(item);
    }
    return words + "}";
  }
  if (value.is_path()) return fmt::format("(… {} relationships)", value.path().size() / 2);
  return value.ToText();
}

Value ParseInteger(std::string_view text) {
  text = WithoutBlanks(text);
  if (const auto integer = ReadNumber<std::int64_t>(text)) return Value::Integer(*integer);
  const Value number = ParseFloat(text);
  return number.is_null() ? number : Truncated(number.floating());
}

Value ParseFloat(std::string_view text) {
  text = WithoutBlanks(text);
  // from_chars also reads words such as "inf", which are no numbers of the language.
  if (text.find_first_of("0123456789") == std::string_view::npos) return Value::Null();
  const auto number = ReadNumber<double>(text);
  return number ? Value::Float(*number) : Value::Null();
}

std::span<const Function> ConversionFunctions() {
  static const std::vector<Argument> any = {{"value"}};
  static const std::vector<Argument> list = {{"list", kListKind}};
  static const std::vector<Function> table = {
      Make({"toBoolean", "toBoolean(value :: STRING | BOOLEAN | INTEGER) :: BOOLEAN",
            "The boolean that a text or integer says; null if it says none.", "toBoolean('true')",
            "true"},
           {{"value", kToBoolean}}, kBooleanKind, Convert<BooleanOf>),
      Make({"toBooleanList", "toBooleanList(list :: LIST<ANY>) :: LIST<BOOLEAN>",
            "toBooleanOrNull of each element.", "toBooleanList(['true', 0, 'x'])",
            "[true, false, null]"},
           list, kListKind, ConvertList<BooleanOf>),
      Make({"toBooleanOrNull", "toBooleanOrNull(value :: ANY) :: BOOLEAN",
            "As toBoolean, and null for values of other types.", "toBooleanOrNull([])", "null"},
           any, kBooleanKind, Convert<BooleanOf>),
      Make({"toFloat", "toFloat(value :: NUMBER | STRING) :: FLOAT",
            "A number, or the one that a text says, as a float; null if it says none.",
            "toFloat('1.5')", "1.5"},
           {{"value", kToFloat}}, kFloatKind, Convert<FloatOf>),
      Make({"toFloatList", "toFloatList(list :: LIST<ANY>) :: LIST<FLOAT>",
            "toFloatOrNull of each element.", "toFloatList(['1.5', 2, []])", "[1.5, 2.0, null]"},
           list, kListKind, ConvertList<FloatOf>),
      Make({"toFloatOrNull", "toFloatOrNull(value :: ANY) :: FLOAT",
            "As toFloat, and null for values of other types.", "toFloatOrNull(true)", "null"},
           any, kFloatKind, Convert<FloatOf>),
      Make({"toInteger", "toInteger(value :: NUMBER | STRING | BOOLEAN) :: INTEGER",
            "A number, or the one that a text says, without its fraction; null if it says none.",
            "toInteger('2.9')", "2"},
           {{"value", kToInteger}}, kIntegerKind, Convert<IntegerOf>),
      Make({"toIntegerList", "toIntegerList(list :: LIST<ANY>) :: LIST<INTEGER>",
            "toIntegerOrNull of each element.", "toIntegerList(['1', 2.9, {}])", "[1, 2, null]"},
           list, kListKind, ConvertList<IntegerOf>),
      Make({"toIntegerOrNull", "toIntegerOrNull(value :: ANY) :: INTEGER",
            "As toInteger, and null for values of other types.", "toIntegerOrNull([1])", "null"},
           any, kIntegerKind, Convert<IntegerOf>),
      Make({"toString", "toString(value :: ANY SCALAR) :: STRING",
            "A boolean, number, temporal value or point as text.", "toString(1.5)", "'1.5'"},
           {{"value", kToString}}, kStringKind, Convert<StringOf>),
      Make(
          {"toStringList", "toStringList(list :: LIST<ANY>) :: LIST<STRING>",
           "toStringOrNull of each element.", "toStringList([1, true, []])", "['1', 'true', null]"},
          list, kListKind, ConvertList<StringOf>),
      Make({"toStringOrNull", "toStringOrNull(value :: ANY) :: STRING",
            "As toString, and null for values of other types.", "toStringOrNull({})", "null"},
           any, kStringKind, Convert<StringOf>),
  };
  return table;
}

}  // namespace kb::query::functions
