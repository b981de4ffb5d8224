#include "query/functions/statement_values.h"

namespace kb::query::functions {

using schema::Value;

Value TimeOf(std::int64_t micros) {
  if (micros == 0) return Value::Null();
  std::int64_t seconds = micros / 1'000'000;
  std::int64_t rest = micros % 1'000'000;
  if (rest < 0) --seconds, rest += 1'000'000;
  return Value::Of(schema::DateTime{seconds, static_cast<std::int32_t>(rest * 1000), 0, {}});
}

Value TextOrNull(std::string_view text) {
  return text.empty() ? Value::Null() : Value::String(text);
}

Value SourceOf(const storage::View& view, const storage::Statement& statement) {
  if (statement.plain) return Value::Null();
  const Value name = storage::SourceId(view, statement.testimony.source);
  return name.is_null() ? Value::Node(statement.testimony.source) : name;
}

}  // namespace kb::query::functions
