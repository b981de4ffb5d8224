// Literals: numbers checked for range, lists and maps of constants folded to one constant.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>
#include <unordered_map>

#include "query/bind/query_binder.h"

namespace kb::query::bind {
namespace {

/// The digits without the underscores that may stand between them.
std::string WithoutUnderscores(std::string_view digits) {
  std::string text(digits);
  text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
  return text;
}

/// 16 for 0x…, 8 for 0o…, else 10; cuts the prefix off.
int TakeBase(std::string_view* digits) {
  if (digits->size() < 2 || (*digits)[0] != '0') return 10;
  const char letter = (*digits)[1];
  const int base = letter == 'x' || letter == 'X' ? 16 : letter == 'o' || letter == 'O' ? 8 : 10;
  if (base != 10) digits->remove_prefix(2);
  return base;
}

}  // namespace

Result<ExpressionPtr> QueryBinder::BindInteger(std::string_view digits, bool negative, Span span) {
  const std::string plain = WithoutUnderscores(digits);
  std::string_view rest = plain;
  const int base = TakeBase(&rest);
  std::uint64_t magnitude = 0;
  const auto [end, problem] =
      std::from_chars(rest.data(), rest.data() + rest.size(), magnitude, base);
  const std::uint64_t largest = std::uint64_t{1} << 63;
  const bool fits = magnitude < largest || (negative && magnitude == largest);
  if (problem == std::errc::result_out_of_range || (problem == std::errc() && !fits)) {
    return BindError("IntegerOverflow", span, "{}{} does not fit an Integer", negative ? "-" : "",
                     digits)
        .Hint("integers run from -9223372036854775808 to 9223372036854775807");
  }
  if (problem != std::errc() || end != rest.data() + rest.size()) {
    return BindError("InvalidNumberLiteral", span, "{} is not a number", digits);
  }
  const std::uint64_t bits = negative ? ~magnitude + 1 : magnitude;
  return MakeConstant(Value::Integer(static_cast<std::int64_t>(bits)), span);
}

Result<ExpressionPtr> QueryBinder::BindFloat(std::string_view digits, bool negative, Span span) {
  const std::string text = WithoutUnderscores(digits);
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem == std::errc::result_out_of_range) {
    // Too near to zero is zero; too large is an error.
    const auto exponent = text.find_first_of("eE");
    const bool tiny = exponent == std::string::npos
                          ? text.find_first_of("123456789") > text.find('.')
                          : text[exponent + 1] == '-';
    if (!tiny) {
      return BindError("FloatingPointOverflow", span, "{} does not fit a Float", digits)
          .Hint("the largest Float is 1.7976931348623157e308");
    }
    number = 0;
  } else if (problem != std::errc() || end != text.data() + text.size()) {
    return BindError("InvalidNumberLiteral", span, "{} is not a number", digits);
  }
  return MakeConstant(Value::Float(negative ? -number : number), span);
}

Result<ExpressionPtr> QueryBinder::BindList(const ast::ListLiteral& list, Span span) {
  ListOf bound;
  bound.items.reserve(list.items.size());
  bool constant = true;
  for (const auto& item : list.items) {
    KB_ASSIGN(ExpressionPtr value, BindExpression(*item));
    constant = constant && std::holds_alternative<Constant>(value->node);
    bound.items.push_back(std::move(value));
  }
  if (!constant) return MakeExpression(std::move(bound), span, kListKind);
  std::vector<Value> values;
  values.reserve(bound.items.size());
  for (const auto& item : bound.items) values.push_back(std::get_if<Constant>(&item->node)->value);
  return MakeConstant(Value::List(std::move(values)), span);
}

Result<ExpressionPtr> QueryBinder::BindMap(const ast::MapLiteral& map, Span span) {
  MapOf bound;
  std::unordered_map<std::string_view, std::size_t> places;
  bool constant = true;
  for (const auto& [key, expression] : map.entries) {
    KB_ASSIGN(ExpressionPtr value, BindExpression(*expression));
    constant = constant && std::holds_alternative<Constant>(value->node);
    const auto [place, is_new] = places.emplace(key.text, bound.entries.size());
    if (is_new) {
      bound.entries.emplace_back(key.text, std::move(value));
    } else {
      bound.entries[place->second].second = std::move(value);  // Of equal keys the last one counts.
    }
  }
  if (!constant) return MakeExpression(std::move(bound), span, kMapKind);
  schema::MapEntries entries;
  for (const auto& [key, value] : bound.entries) {
    entries.emplace_back(key, std::get_if<Constant>(&value->node)->value);
  }
  return MakeConstant(Value::Map(std::move(entries)), span);
}

KindSet QueryBinder::ElementKinds(const Expression& expression) const {
  KindSet kinds = 0;
  if (const auto* constant = std::get_if<Constant>(&expression.node)) {
    if (!constant->value.is_list()) return functions::kAnyKind;
    for (const Value& item : constant->value.list()) kinds |= functions::Set(item.kind());
  } else if (const auto* list = std::get_if<ListOf>(&expression.node)) {
    for (const auto& item : list->items) kinds |= item->kinds;
  } else if (const auto* slot = std::get_if<SlotRef>(&expression.node)) {
    return slot_elements_[static_cast<std::size_t>(slot->slot)];
  } else if (const auto* slice = std::get_if<Slice>(&expression.node)) {
    return ElementKinds(*slice->subject);
  } else if (const auto* each = std::get_if<ListComprehension>(&expression.node)) {
    return each->projection ? each->projection->kinds : ElementKinds(*each->list);
  }
  return kinds == 0 ? functions::kAnyKind : kinds;
}

}  // namespace kb::query::bind
