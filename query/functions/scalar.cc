// Functions of any value: which of several, of what type, and identifiers made anew.

#include <set>

#include "query/functions/random.h"
#include "query/functions/table.h"
#include "schema/order.h"
#include "schema/type.h"

namespace kb::query::functions {
namespace {

Result<Value> Coalesce(std::span<const Value> arguments, const Context&) {
  for (const Value& value : arguments) {
    if (!value.is_null()) return value;
  }
  return Value::Null();
}

Result<Value> NullIf(std::span<const Value> arguments, const Context&) {
  const auto equal = schema::Equal(arguments[0], arguments[1]);
  return equal && *equal ? Value::Null() : arguments[0];
}

std::string TypeOf(const Value& value);

std::string ListType(std::span<const Value> items) {
  std::set<std::string> types;
  for (const Value& item : items) types.insert(TypeOf(item));
  if (types.empty()) return "LIST<NOTHING>";
  std::string text = "LIST<";
  for (const std::string& type : types) {
    if (text.back() != '<') text += " | ";
    text += type;
  }
  return text + ">";
}

/// Nesting beyond a few levels is not spelled out: the text would grow with the product.
std::string TypeOf(const Value& value) {
  if (value.is_null()) return "NULL";
  if (!value.is_list()) return std::string(schema::TypeNameOf(value.kind())) + " NOT NULL";
  if (value.nesting() > 8) return "LIST<ANY> NOT NULL";
  return ListType(value.list()) + " NOT NULL";
}

Result<Value> ValueType(std::span<const Value> arguments, const Context&) {
  return Value::String(TypeOf(arguments[0]));
}

Result<Value> IsTyped(std::span<const Value> arguments, const Context&) {
  if (arguments[1].is_null()) return Value::Null();
  KB_ASSIGN(const schema::Type type, schema::ParseType(arguments[1].string()));
  return Value::Boolean(type.Accepts(arguments[0]));
}

/// Version 4 of RFC 4122: random but for the version and the variant.
Result<Value> RandomUuid(std::span<const Value>, const Context&) {
  const std::uint64_t high = (NextRandom() & ~std::uint64_t{0xF000}) | 0x4000;
  const std::uint64_t low = (NextRandom() & ~(std::uint64_t{3} << 62)) | std::uint64_t{1} << 63;
  return Value::String(fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32,
                                   (high >> 16) & 0xFFFF, high & 0xFFFF, low >> 48,
                                   low & 0xFFFF'FFFF'FFFF));
}

}  // namespace

std::span<const Function> ScalarFunctions() {
  static const std::vector<Function> table = {
      Make({"coalesce", "coalesce(value :: ANY, ...) :: ANY",
            "The first of its arguments that is not null.", "coalesce(null, 'a', 'b')", "'a'"},
           {{"value"}}, kAnyKind, Coalesce, {.variadic = true, .handles_null = true}),
      Make({"isTyped", "isTyped(value :: ANY, type :: STRING) :: BOOLEAN",
            "Whether a value is of a type, as value IS :: TYPE asks; null is of all that are not "
            "NOT NULL.",
            "isTyped([1, 2], 'LIST<INTEGER NOT NULL>')", "true"},
           {{"value"}, {"type", kStringKind}}, kBooleanKind, IsTyped, {.handles_null = true}),
      Make({"nullIf", "nullIf(a :: ANY, b :: ANY) :: ANY",
            "Null where both arguments are equal, else the first.", "nullIf('-', '-')", "null"},
           {{"a"}, {"b"}}, kAnyKind, NullIf, {.handles_null = true}),
      Make({"randomUUID", "randomUUID() :: STRING", "A new random UUID.", "size(randomUUID())",
            "36"},
           {}, kStringKind, RandomUuid, {.deterministic = false}),
      Make({"valueType", "valueType(value :: ANY) :: STRING", "The type of a value in words.",
            "valueType([1, 'a'])", "'LIST<INTEGER NOT NULL | STRING NOT NULL> NOT NULL'"},
           {{"value"}}, kStringKind, ValueType, {.handles_null = true}),
  };
  return table;
}

}  // namespace kb::query::functions
