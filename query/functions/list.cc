// Lists, and what lists and texts have in common; similarity of vectors.

#include <algorithm>
#include <cmath>

#include "query/functions/convert.h"
#include "query/functions/table.h"
#include "schema/base/limits.h"
#include "schema/base/text.h"

namespace kb::query::functions {
namespace {

Result<Value> Size(std::span<const Value> arguments, const Context&) {
  const Value& value = arguments[0];
  const std::size_t size =
      value.is_list() ? value.list().size() : text::CountCharacters(value.string());
  return Value::Integer(static_cast<std::int64_t>(size));
}

Result<Value> IsEmpty(std::span<const Value> arguments, const Context&) {
  const Value& value = arguments[0];
  if (value.is_list()) return Value::Boolean(value.list().empty());
  if (value.is_map()) return Value::Boolean(value.map().empty());
  return Value::Boolean(value.string().empty());
}

Result<Value> Head(std::span<const Value> arguments, const Context&) {
  const auto items = arguments[0].list();
  return items.empty() ? Value::Null() : items.front();
}

Result<Value> Last(std::span<const Value> arguments, const Context&) {
  const auto items = arguments[0].list();
  return items.empty() ? Value::Null() : items.back();
}

Result<Value> Tail(std::span<const Value> arguments, const Context&) {
  const auto items = arguments[0].list();
  if (items.empty()) return Value::List({});
  return Value::List(std::vector<Value>(items.begin() + 1, items.end()));
}

std::string ReverseText(std::string_view utf8) {
  std::string reversed;
  reversed.reserve(utf8.size());
  std::size_t end = utf8.size();
  while (end > 0) {
    std::size_t begin = end - 1;
    while (begin > 0 && (static_cast<unsigned char>(utf8[begin]) & 0xC0) == 0x80) --begin;
    reversed.append(utf8.substr(begin, end - begin));
    end = begin;
  }
  return reversed;
}

Result<Value> ReverseOf(std::span<const Value> arguments, const Context&) {
  if (arguments[0].is_string()) return Value::String(ReverseText(arguments[0].string()));
  const auto items = arguments[0].list();
  return Value::List(std::vector<Value>(items.rbegin(), items.rend()));
}

Result<Value> Range(std::span<const Value> arguments, const Context&) {
  for (const Value& argument : arguments) {
    if (!argument.is_integer()) {
      return ArgumentError("range() takes integers, but this is {} {}",
                           schema::KindName(argument.kind()), Preview(argument))
          .Detail("InvalidArgumentType");
    }
  }
  const std::int64_t start = arguments[0].integer();
  const std::int64_t end = arguments[1].integer();
  const std::int64_t step = arguments.size() > 2 ? arguments[2].integer() : 1;
  if (step == 0) {
    return ArgumentError("the step of range() must not be 0").Detail("NumberOutOfRange");
  }
  if (step > 0 ? start > end : start < end) return Value::List({});
  // In unsigned numbers, which do not overflow between the extremes.
  const auto first = static_cast<std::uint64_t>(start);
  const auto last = static_cast<std::uint64_t>(end);
  const std::uint64_t distance = step > 0 ? last - first : first - last;
  const auto signed_stride = static_cast<std::uint64_t>(step);
  const std::uint64_t stride = step > 0 ? signed_stride : std::uint64_t{0} - signed_stride;
  const std::uint64_t count = distance / stride;
  if (count >= limits::kListSizeMax) {
    return LimitError("range() would have more than {} elements", limits::kListSizeMax)
        .Hint("UNWIND smaller ranges one after the other");
  }
  std::vector<Value> items;
  items.reserve(count + 1);
  for (std::uint64_t i = 0; i <= count; ++i) {
    const std::uint64_t offset = i * stride;
    items.push_back(
        Value::Integer(static_cast<std::int64_t>(step > 0 ? first + offset : first - offset)));
  }
  return Value::List(std::move(items));
}

/// Two lists of numbers of one length, not empty.
Result<void> CheckVectors(std::span<const Value> arguments, std::string_view name) {
  for (const Value& argument : arguments) {
    const auto items = argument.list();
    const bool numbers =
        std::all_of(items.begin(), items.end(), [](const Value& item) { return item.is_number(); });
    if (!numbers || items.empty()) {
      return ArgumentError("{}() takes lists of numbers, but this is {}", name, Preview(argument))
          .Detail("InvalidArgumentValue");
    }
  }
  if (arguments[0].list().size() == arguments[1].list().size()) return {};
  return ArgumentError("{}() takes vectors of one length, but these have {} and {} numbers", name,
                       arguments[0].list().size(), arguments[1].list().size())
      .Detail("InvalidArgumentValue");
}

Result<Value> Cosine(std::span<const Value> arguments, const Context&) {
  KB_TRY(CheckVectors(arguments, "vector.similarity.cosine"));
  double product = 0;
  double left = 0;
  double right = 0;
  for (std::size_t i = 0; i < arguments[0].list().size(); ++i) {
    const double a = arguments[0].list()[i].number();
    const double b = arguments[1].list()[i].number();
    product += a * b;
    left += a * a;
    right += b * b;
  }
  if (left == 0 || right == 0) {
    return ArgumentError("a vector of zeros has no direction").Detail("InvalidArgumentValue");
  }
  return Value::Float((1 + product / std::sqrt(left * right)) / 2);
}

Result<Value> Euclidean(std::span<const Value> arguments, const Context&) {
  KB_TRY(CheckVectors(arguments, "vector.similarity.euclidean"));
  double sum = 0;
  for (std::size_t i = 0; i < arguments[0].list().size(); ++i) {
    const double difference = arguments[0].list()[i].number() - arguments[1].list()[i].number();
    sum += difference * difference;
  }
  return Value::Float(1 / (1 + sum));
}

}  // namespace

std::span<const Function> ListFunctions() {
  static const std::vector<Function> table = {
      Make({"head", "head(list :: LIST<ANY>) :: ANY",
            "The first element of a list, null if it is empty.", "head([1, 2, 3])", "1"},
           {{"list", kListKind}}, kAnyKind, Head),
      Make({"isEmpty", "isEmpty(of :: LIST<ANY> | MAP | STRING) :: BOOLEAN",
            "Whether a list, map or text is empty.", "isEmpty([])", "true"},
           {{"of", kListKind | kMapKind | kStringKind}}, kBooleanKind, IsEmpty),
      Make({"last", "last(list :: LIST<ANY>) :: ANY",
            "The last element of a list, null if it is empty.", "last([1, 2, 3])", "3"},
           {{"list", kListKind}}, kAnyKind, Last),
      // Wrong kinds are an ArgumentError of the running statement, hence no restriction here.
      Make(
          {"range", "range(start :: INTEGER, end :: INTEGER, step = 1 :: INTEGER) :: LIST<INTEGER>",
           "The integers from start to end, both included, in steps.", "range(0, 10, 3)",
           "[0, 3, 6, 9]"},
          {{"start"}, {"end"}, {"step"}}, kListKind, Range, {.optional = 1}),
      Make({"reverse", "reverse(of :: LIST<ANY> | STRING) :: LIST<ANY> | STRING",
            "A list or text from its end to its beginning.", "reverse([1, 2, 3])", "[3, 2, 1]"},
           {{"of", kListKind | kStringKind}}, kListKind | kStringKind, ReverseOf),
      Make(
          {"size", "size(of :: LIST<ANY> | STRING) :: INTEGER",
           "The number of elements of a list, or of characters of a text.", "size([1, 2, 3])", "3"},
          {{"of", kListKind | kStringKind}}, kIntegerKind, Size),
      Make({"tail", "tail(list :: LIST<ANY>) :: LIST<ANY>", "A list without its first element.",
            "tail([1, 2, 3])", "[2, 3]"},
           {{"list", kListKind}}, kListKind, Tail),
      Make({"vector.similarity.cosine",
            "vector.similarity.cosine(a :: LIST<NUMBER>, b :: LIST<NUMBER>) :: FLOAT",
            "How much two vectors point the same way, from 0 (opposite) to 1.",
            "vector.similarity.cosine([1.0, 0.0], [0.0, 2.0])", "0.5"},
           {{"a", kListKind}, {"b", kListKind}}, kFloatKind, Cosine),
      Make({"vector.similarity.euclidean",
            "vector.similarity.euclidean(a :: LIST<NUMBER>, b :: LIST<NUMBER>) :: FLOAT",
            "How near two vectors are, 1 for equal ones: 1 / (1 + squared distance).",
            "vector.similarity.euclidean([1.0, 2.0], [1.0, 3.0])", "0.5"},
           {{"a", kListKind}, {"b", kListKind}}, kFloatKind, Euclidean),
  };
  return table;
}

}  // namespace kb::query::functions
