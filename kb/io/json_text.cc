#include "kb/io/json_text.h"

#include <charconv>
#include <cmath>

namespace kb::io {
namespace {

using schema::Kind;
using schema::MapEntries;
using schema::Value;

constexpr char kHex[] = "0123456789abcdef";

template <typename Number>
void AppendNumber(Number value, std::string* out) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
  out->append(buffer, end.ptr);
}

void AppendQuoted(std::string_view text, std::string* out) { AppendJsonString(text, out); }

void AppendEntries(const MapEntries& entries, std::string* out) {
  *out += '{';
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i != 0) *out += ',';
    AppendQuoted(entries[i].first, out);
    *out += ':';
    AppendPlainJson(entries[i].second, out);
  }
  *out += '}';
}

void AppendNode(const Value& value, std::string* out) {
  *out += "{\"id\":\"";
  AppendJsonInteger(std::uint64_t{schema::Raw(value.node())}, out);
  *out += "\",\"labels\":[";
  const schema::NodeData* data = value.node_data();
  for (std::size_t i = 0; data != nullptr && i < data->labels.size(); ++i) {
    if (i != 0) *out += ',';
    AppendQuoted(data->labels[i], out);
  }
  *out += "],\"properties\":";
  AppendEntries(data != nullptr ? data->properties : MapEntries{}, out);
  *out += '}';
}

void AppendRelationship(const Value& value, std::string* out) {
  const schema::RelationshipRef ref = value.relationship();
  const schema::RelationshipData* data = value.relationship_data();
  *out += "{\"id\":\"";
  AppendJsonInteger(ref.id(), out);
  *out += "\",\"type\":";
  AppendQuoted(data != nullptr ? std::string_view(data->type) : std::string_view(), out);
  *out += ",\"start\":\"";
  AppendJsonInteger(std::uint64_t{schema::Raw(ref.source)}, out);
  *out += "\",\"end\":\"";
  AppendJsonInteger(std::uint64_t{schema::Raw(ref.target)}, out);
  *out += "\",\"properties\":";
  AppendEntries(data != nullptr ? data->properties : MapEntries{}, out);
  *out += '}';
}

/// Every second element from `first`, in brackets.
void AppendElements(std::span<const Value> elements, std::size_t first, std::string* out) {
  *out += '[';
  for (std::size_t i = first; i < elements.size(); i += 2) {
    if (i != first) *out += ',';
    AppendPlainJson(elements[i], out);
  }
  *out += ']';
}

void AppendList(std::span<const Value> items, std::string* out) {
  *out += '[';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i != 0) *out += ',';
    AppendPlainJson(items[i], out);
  }
  *out += ']';
}

void AppendFloat(double value, std::string* out) {
  if (std::isfinite(value)) return AppendFloatText(value, out);
  *out += '"';
  AppendFloatText(value, out);
  *out += '"';
}

}  // namespace

void AppendJsonString(std::string_view utf8, std::string* out) {
  *out += '"';
  std::size_t copied = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out->append(utf8.data() + copied, i - copied);
    copied = i + 1;
    *out += '\\';
    switch (c) {
      case '"':
        *out += '"';
        break;
      case '\\':
        *out += '\\';
        break;
      case '\n':
        *out += 'n';
        break;
      case '\r':
        *out += 'r';
        break;
      case '\t':
        *out += 't';
        break;
      default:
        *out += "u00";
        *out += kHex[c >> 4];
        *out += kHex[c & 15];
    }
  }
  out->append(utf8.data() + copied, utf8.size() - copied);
  *out += '"';
}

void AppendJsonInteger(std::int64_t value, std::string* out) { AppendNumber(value, out); }
void AppendJsonInteger(std::uint64_t value, std::string* out) { AppendNumber(value, out); }

void AppendFloatText(double value, std::string* out) {
  if (std::isnan(value)) {
    *out += "NaN";
  } else if (std::isinf(value)) {
    *out += value < 0 ? "-Infinity" : "Infinity";
  } else {
    AppendNumber(value, out);
  }
}

void AppendPlainJson(const Value& value, std::string* out) {
  switch (value.kind()) {
    case Kind::kNull:
      *out += "null";
      return;
    case Kind::kBoolean:
      *out += value.boolean() ? "true" : "false";
      return;
    case Kind::kInteger:
      return AppendJsonInteger(value.integer(), out);
    case Kind::kFloat:
      return AppendFloat(value.floating(), out);
    case Kind::kString:
      return AppendQuoted(value.string(), out);
    case Kind::kList:
      return AppendList(value.list(), out);
    case Kind::kMap:
      return AppendEntries(value.map(), out);
    case Kind::kNode:
      return AppendNode(value, out);
    case Kind::kRelationship:
      return AppendRelationship(value, out);
    case Kind::kPath:
      *out += "{\"nodes\":";
      AppendElements(value.path(), 0, out);
      *out += ",\"relationships\":";
      AppendElements(value.path(), 1, out);
      *out += '}';
      return;
    case Kind::kDate:
    case Kind::kLocalTime:
    case Kind::kTime:
    case Kind::kLocalDateTime:
    case Kind::kDateTime:
    case Kind::kDuration:
    case Kind::kPoint:
    case Kind::kEdtf:
      return AppendQuoted(value.ToText(), out);
  }
}

}  // namespace kb::io
