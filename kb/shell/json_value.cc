#include "kb/shell/json_value.h"

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <limits>

#include "kb/io/json_text.h"
#include "schema/edtf.h"
#include "schema/temporal.h"

namespace kb::shell {
namespace {

namespace json = boost::json;
using io::AppendFloatText;
using io::AppendJsonInteger;
using io::AppendJsonString;
using schema::Kind;
using schema::MapEntries;

std::string_view ToView(json::string_view text) { return {text.data(), text.size()}; }

// --- Writing ---

void AppendTypedList(std::span<const Value> items, std::string* out) {
  *out += '[';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i != 0) *out += ',';
    AppendTyped(items[i], out);
  }
  *out += ']';
}

void AppendTypedEntries(const MapEntries* entries, std::string* out) {
  *out += '{';
  for (std::size_t i = 0; entries != nullptr && i < entries->size(); ++i) {
    if (i != 0) *out += ',';
    AppendJsonString((*entries)[i].first, out);
    *out += ':';
    AppendTyped((*entries)[i].second, out);
  }
  *out += '}';
}

void AppendNode(const Value& value, std::string* out) {
  const schema::NodeData* data = value.node_data();
  *out += R"({"_element_id":")";
  AppendJsonInteger(std::uint64_t{schema::Raw(value.node())}, out);
  *out += R"(","_labels":[)";
  for (std::size_t i = 0; data != nullptr && i < data->labels.size(); ++i) {
    if (i != 0) *out += ',';
    AppendJsonString(data->labels[i], out);
  }
  *out += R"(],"_properties":)";
  AppendTypedEntries(data != nullptr ? &data->properties : nullptr, out);
  *out += '}';
}

void AppendRelationship(const Value& value, std::string* out) {
  const schema::RelationshipRef ref = value.relationship();
  const schema::RelationshipData* data = value.relationship_data();
  *out += R"({"_element_id":")";
  AppendJsonInteger(ref.id(), out);
  *out += R"(","_start_node_element_id":")";
  AppendJsonInteger(std::uint64_t{schema::Raw(ref.source)}, out);
  *out += R"(","_end_node_element_id":")";
  AppendJsonInteger(std::uint64_t{schema::Raw(ref.target)}, out);
  *out += R"(","_type":)";
  AppendJsonString(data != nullptr ? std::string_view(data->type) : std::string_view(), out);
  *out += R"(,"_properties":)";
  AppendTypedEntries(data != nullptr ? &data->properties : nullptr, out);
  *out += '}';
}

bool HasHeight(std::int32_t srid) { return srid == 9157 || srid == 4979; }

void AppendPoint(const schema::Point& point, std::string* out) {
  *out += "\"SRID=";
  AppendJsonInteger(std::int64_t{point.srid}, out);
  *out += HasHeight(point.srid) ? ";POINT Z (" : ";POINT (";
  AppendFloatText(point.x, out);
  *out += ' ';
  AppendFloatText(point.y, out);
  if (HasHeight(point.srid)) {
    *out += ' ';
    AppendFloatText(point.z, out);
  }
  *out += ")\"";
}

/// A value whose `_value` is a text without anything to escape.
void AppendText(const std::string& text, std::string* out) {
  *out += '"';
  *out += text;
  *out += '"';
}

/// The protocol's names are the language's, but for the two kinds of date-time with a zone.
std::string_view TypeNameOf(const Value& value) {
  if (value.kind() != Kind::kDateTime) return schema::KindName(value.kind());
  return value.date_time().zone.empty() ? "OffsetDateTime" : "ZonedDateTime";
}

void AppendContent(const Value& value, std::string* out) {
  switch (value.kind()) {
    case Kind::kNull:
      *out += "null";
      return;
    case Kind::kBoolean:
      *out += value.boolean() ? "true" : "false";
      return;
    case Kind::kInteger:
      *out += '"';
      AppendJsonInteger(value.integer(), out);
      *out += '"';
      return;
    case Kind::kFloat:
      *out += '"';
      AppendFloatText(value.floating(), out);
      *out += '"';
      return;
    case Kind::kString:
      return AppendJsonString(value.string(), out);
    case Kind::kList:
      return AppendTypedList(value.list(), out);
    case Kind::kMap:
      return AppendTypedEntries(&value.map(), out);
    case Kind::kNode:
      return AppendNode(value, out);
    case Kind::kRelationship:
      return AppendRelationship(value, out);
    case Kind::kPath:
      return AppendTypedList(value.path(), out);
    case Kind::kDate:
      return AppendText(schema::ToText(value.date()), out);
    case Kind::kLocalTime:
      return AppendText(schema::ToText(value.local_time()), out);
    case Kind::kTime:
      return AppendText(schema::ToText(value.time()), out);
    case Kind::kLocalDateTime:
      return AppendText(schema::ToText(value.local_date_time()), out);
    case Kind::kDateTime:
      return AppendText(schema::ToText(value.date_time()), out);
    case Kind::kDuration:
      return AppendText(schema::ToText(value.duration()), out);
    case Kind::kPoint:
      return AppendPoint(value.point(), out);
    case Kind::kEdtf:
      return AppendJsonString(value.ToText(), out);
  }
}

// --- Reading ---

/// Builds Boost's values from the parser's events; what differs from Boost's own handler is that
/// numbers come from their text.
struct Handler {
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  json::value_stack stack;
  std::string number;        // The parts of a number, where the parser hands it out in parts.
  std::string out_of_range;  // An integer that 64 bits cannot hold.

  Handler() { stack.reset(); }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return true; }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
  bool on_object_end(std::size_t size, json::error_code&) { return stack.push_object(size), true; }
  bool on_array_end(std::size_t size, json::error_code&) { return stack.push_array(size), true; }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    return stack.push_chars(part), true;
  }
  bool on_key(json::string_view rest, std::size_t, json::error_code&) {
    return stack.push_key(rest), true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    return stack.push_chars(part), true;
  }
  bool on_string(json::string_view rest, std::size_t, json::error_code&) {
    return stack.push_string(rest), true;
  }
  bool on_bool(bool value, json::error_code&) { return stack.push_bool(value), true; }
  bool on_null(json::error_code&) { return stack.push_null(), true; }

  bool on_number_part(json::string_view part, json::error_code&) {
    number.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t, json::string_view rest, json::error_code& error) {
    return PushNumber(rest, error);
  }
  bool on_uint64(std::uint64_t, json::string_view rest, json::error_code& error) {
    return PushNumber(rest, error);
  }
  bool on_double(double, json::string_view rest, json::error_code& error) {
    return PushNumber(rest, error);
  }

  bool PushNumber(json::string_view rest, json::error_code& error) {
    number.append(rest.data(), rest.size());
    const char* end = number.data() + number.size();
    if (number.find_first_of(".eE") == std::string::npos) {
      std::int64_t integer = 0;
      if (std::from_chars(number.data(), end, integer).ec != std::errc()) {
        out_of_range = number;
        error = json::error::not_number;
        return false;
      }
      stack.push_int64(integer);
    } else {
      double real = 0;
      const auto read = std::from_chars(number.data(), end, real);
      if (read.ec == std::errc::result_out_of_range) real = std::strtod(number.c_str(), nullptr);
      stack.push_double(real);
    }
    number.clear();
    return true;
  }
};

Error Misfit(std::string_view type, std::string_view expected) {
  return ProtocolError("the `_value` of type {} must be {}", type, expected);
}

Result<Value> ReadInteger(const json::value& content) {
  if (const std::int64_t* number = content.if_int64()) return Value::Integer(*number);
  const json::string* text = content.if_string();
  std::int64_t integer = 0;
  if (text != nullptr) {
    const char* end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, integer);
    if (read.ec == std::errc() && read.ptr == end) return Value::Integer(integer);
  }
  return Misfit("Integer", "a text of decimal digits that fits 64 bits");
}

Result<Value> ReadFloat(const json::value& content) {
  if (content.is_number()) return Value::Float(content.to_number<double>());
  if (const json::string* text = content.if_string()) {
    if (*text == "NaN") return Value::Float(std::numeric_limits<double>::quiet_NaN());
    if (*text == "Infinity") return Value::Float(std::numeric_limits<double>::infinity());
    if (*text == "-Infinity") return Value::Float(-std::numeric_limits<double>::infinity());
    double real = 0;
    const char* end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, real);
    if (read.ptr == end && read.ec == std::errc::result_out_of_range) {
      return Value::Float(std::strtod(text->c_str(), nullptr));
    }
    if (read.ec == std::errc() && read.ptr == end && std::isfinite(real)) return Value::Float(real);
  }
  return Misfit("Float", "a decimal text, NaN, Infinity or -Infinity");
}

/// "SRID=7203;POINT (1 2)" or "SRID=9157;POINT Z (1 2 3)".
Result<Value> ReadPoint(std::string_view text) {
  const auto misfit = Misfit("Point", "a text such as SRID=7203;POINT (1 2)");
  schema::Point point;
  const auto skip = [&text](std::string_view part) {
    if (!text.starts_with(part)) return false;
    text.remove_prefix(part.size());
    return true;
  };
  const auto number = [&text](auto* target) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), *target);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    return read.ec == std::errc();
  };
  if (!skip("SRID=") || !number(&point.srid) || !skip(";POINT ")) return misfit;
  const bool high = HasHeight(point.srid);
  if (!high && point.srid != 7203 && point.srid != 4326) {
    return ProtocolError("the coordinate system SRID={} is not known", point.srid)
        .Hint("known are 7203, 9157 (cartesian) and 4326, 4979 (WGS 84)");
  }
  if (high) skip("Z ");
  if (!skip("(") || !number(&point.x) || !skip(" ") || !number(&point.y)) return misfit;
  if (high && (!skip(" ") || !number(&point.z))) return misfit;
  if (text != ")") return misfit;
  return Value::Of(point);
}

template <typename T>
Result<Value> Wrap(Result<T> parsed) {
  if (!parsed.ok()) return ProtocolError("{}", parsed.error().message());
  return Value::Of(std::move(parsed).value());
}

/// The types whose `_value` is a text that the language reads.
Result<Value> ReadText(std::string_view type, const json::value& content) {
  const json::string* string = content.if_string();
  if (string == nullptr) return Misfit(type, "a text");
  const std::string_view text(string->data(), string->size());
  if (type == "String") return Value::String(text);
  if (type == "Date") return Wrap(schema::ParseDate(text));
  if (type == "LocalTime") return Wrap(schema::ParseLocalTime(text));
  if (type == "Time") return Wrap(schema::ParseTime(text));
  if (type == "LocalDateTime") return Wrap(schema::ParseLocalDateTime(text));
  if (type == "Duration") return Wrap(schema::ParseDuration(text));
  if (type == "Point") return ReadPoint(text);
  if (type == "Edtf") return Wrap(schema::ParseEdtf(text));
  return Wrap(schema::ParseDateTime(text));
}

Result<Value> ReadList(const json::array& array) {
  std::vector<Value> items;
  items.reserve(array.size());
  for (const json::value& item : array) {
    KB_ASSIGN(Value value, FromJson(item));
    items.push_back(std::move(value));
  }
  return Value::List(std::move(items));
}

Result<Value> ReadMap(const json::object& object) {
  MapEntries entries;
  entries.reserve(object.size());
  for (const auto& member : object) {
    KB_ASSIGN(Value value, FromJson(member.value()));
    entries.emplace_back(ToView(member.key()), std::move(value));
  }
  return Value::Map(std::move(entries));
}

Result<Value> ReadTyped(const json::object& object) {
  const json::value* name = object.if_contains("$type");
  const json::value* content = object.if_contains("_value");
  if (!name->is_string() || content == nullptr || object.size() != 2) {
    return ProtocolError("a typed value has exactly the members `$type`, a text, and `_value`");
  }
  const std::string_view type = ToView(name->get_string());
  if (type == "Null") {
    if (!content->is_null()) return Misfit(type, "null");
    return Value::Null();
  }
  if (type == "Boolean") {
    if (!content->is_bool()) return Misfit(type, "true or false");
    return Value::Boolean(content->get_bool());
  }
  if (type == "Integer") return ReadInteger(*content);
  if (type == "Float") return ReadFloat(*content);
  if (type == "List") {
    if (!content->is_array()) return Misfit(type, "an array");
    return ReadList(content->get_array());
  }
  if (type == "Map") {
    if (!content->is_object()) return Misfit(type, "an object");
    return ReadMap(content->get_object());
  }
  for (const std::string_view text_type :
       {"String", "Date", "Time", "LocalTime", "OffsetDateTime", "ZonedDateTime", "LocalDateTime",
        "Duration", "Point", "Edtf"}) {
    if (type == text_type) return ReadText(type, *content);
  }
  if (type == "Node" || type == "Relationship" || type == "Path") {
    return ProtocolError("a {} cannot be sent: send its element id", type);
  }
  return ProtocolError("`{}` is not a type of value", type);
}

}  // namespace

void AppendTyped(const Value& value, std::string* out) {
  *out += R"({"$type":")";
  *out += TypeNameOf(value);
  *out += R"(","_value":)";
  AppendContent(value, out);
  *out += '}';
}

Result<json::value> ParseJson(std::string_view text) {
  json::parse_options options;
  options.max_depth = 1'000;
  json::basic_parser<Handler> parser(options);
  json::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
    error = json::error::extra_data;
  }
  if (!error) return parser.handler().stack.release();
  const std::string& integer = parser.handler().out_of_range;
  if (!integer.empty()) return ProtocolError("the integer {} does not fit 64 bits", integer);
  return ProtocolError("the line is not JSON: {} at byte {}", error.message(), read);
}

Result<Value> FromJson(const json::value& json) {
  switch (json.kind()) {
    case json::kind::null:
      return Value::Null();
    case json::kind::bool_:
      return Value::Boolean(json.get_bool());
    case json::kind::int64:
      return Value::Integer(json.get_int64());
    case json::kind::uint64:
      return ProtocolError("the integer does not fit 64 bits");
    case json::kind::double_:
      return Value::Float(json.get_double());
    case json::kind::string:
      return Value::String(ToView(json.get_string()));
    case json::kind::array:
      return ReadList(json.get_array());
    case json::kind::object:
      break;
  }
  const json::object& object = json.get_object();
  return object.contains("$type") ? ReadTyped(object) : ReadMap(object);
}

}  // namespace kb::shell
