// Functions of any value: which of several, of what type, and identifiers made anew.

#include <set>

#include "query/functions/random.h"
#include "query/functions/table.h"
#include "schema/order.h"

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

std::string_view TypeName(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "NULL";
    case Kind::kBoolean:
      return "BOOLEAN";
    case Kind::kInteger:
      return "INTEGER";
    case Kind::kFloat:
      return "FLOAT";
    case Kind::kString:
      return "STRING";
    case Kind::kList:
      return "LIST";
    case Kind::kMap:
      return "MAP";
    case Kind::kNode:
      return "NODE";
    case Kind::kRelationship:
      return "RELATIONSHIP";
    case Kind::kPath:
      return "PATH";
    case Kind::kDate:
      return "DATE";
    case Kind::kLocalTime:
      return "LOCAL TIME";
    case Kind::kTime:
      return "ZONED TIME";
    case Kind::kLocalDateTime:
      return "LOCAL DATETIME";
    case Kind::kDateTime:
      return "ZONED DATETIME";
    case Kind::kDuration:
      return "DURATION";
    case Kind::kPoint:
      return "POINT";
    case Kind::kEdtf:
      return "EDTF";
  }
  return "ANY";
}

/// Nesting beyond a few levels is not spelled out: the text would grow with the product.
std::string TypeOf(const Value& value) {
  if (value.is_null()) return "NULL";
  if (!value.is_list()) return std::string(TypeName(value.kind())) + " NOT NULL";
  if (value.nesting() > 8) return "LIST<ANY> NOT NULL";
  return ListType(value.list()) + " NOT NULL";
}

Result<Value> ValueType(std::span<const Value> arguments, const Context&) {
  return Value::String(TypeOf(arguments[0]));
}

/// Version 4 of RFC 4122: random but for the version and the variant.
Result<Value> RandomUuid(std::span<const Value>, const Context& context) {
  const std::uint64_t high = (NextRandom(context) & ~std::uint64_t{0xF000}) | 0x4000;
  const std::uint64_t low = (NextRandom(context) & ~(std::uint64_t{3} << 62)) | std::uint64_t{1}
                                                                                    << 63;
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
