// Values as text, as a shell prints them.
#include <fmt/format.h>

#include <cmath>

#include "schema/base/text.h"
#include "schema/temporal.h"
#include "schema/value.h"

namespace kb::schema {
namespace {

/// Levels of lists and maps that are printed.
constexpr int kPrintDepthMax = 500;

void AppendText(std::string& out, const Value& value, int depth);

void AppendEntries(std::string& out, const MapEntries& entries, int depth) {
  out += '{';
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0) out += ", ";
    out += text::QuoteName(entries[i].first);
    out += ": ";
    AppendText(out, entries[i].second, depth + 1);
  }
  out += '}';
}

void AppendNode(std::string& out, const Value& node) {
  const NodeData* data = node.node_data();
  if (data == nullptr) {
    out += fmt::format("(#{})", Raw(node.node()));
    return;
  }
  out += '(';
  for (const std::string& label : data->labels) out += ":" + text::QuoteName(label);
  if (!data->properties.empty()) {
    if (!data->labels.empty()) out += ' ';
    AppendEntries(out, data->properties, 0);
  }
  out += ')';
}

void AppendRelationship(std::string& out, const Value& relationship) {
  const RelationshipData* data = relationship.relationship_data();
  if (data == nullptr) {
    out += fmt::format("[#{}]", relationship.relationship().id());
    return;
  }
  out += "[:" + text::QuoteName(data->type);
  if (!data->properties.empty()) {
    out += ' ';
    AppendEntries(out, data->properties, 0);
  }
  out += ']';
}

void AppendPath(std::string& out, std::span<const Value> elements) {
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (elements[i].is_node()) {
      AppendNode(out, elements[i]);
      continue;
    }
    const bool forward = elements[i].relationship().source == elements[i - 1].node();
    out += forward ? "-" : "<-";
    AppendRelationship(out, elements[i]);
    out += forward ? "->" : "-";
  }
}

std::string PointText(const Point& point) {
  const bool geographic = point.srid == 4326 || point.srid == 4979;
  const bool solid = point.srid == 4979 || point.srid == 9157;
  std::string out =
      fmt::format("point({{srid: {}, {}: {}, {}: {}", point.srid, geographic ? "longitude" : "x",
                  FormatFloat(point.x), geographic ? "latitude" : "y", FormatFloat(point.y));
  if (solid) out += fmt::format(", {}: {}", geographic ? "height" : "z", FormatFloat(point.z));
  return out + "})";
}

void AppendList(std::string& out, std::span<const Value> items, int depth) {
  out += '[';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ", ";
    AppendText(out, items[i], depth + 1);
  }
  out += ']';
}

void AppendText(std::string& out, const Value& value, int depth) {
  if (depth > kPrintDepthMax) {
    out += "…";
    return;
  }
  switch (value.kind()) {
    case Kind::kNull:
      out += "null";
      break;
    case Kind::kBoolean:
      out += value.boolean() ? "true" : "false";
      break;
    case Kind::kInteger:
      out += std::to_string(value.integer());
      break;
    case Kind::kFloat:
      out += FormatFloat(value.floating());
      break;
    case Kind::kString:
      out += text::Quote(value.string());
      break;
    case Kind::kList:
      AppendList(out, value.list(), depth);
      break;
    case Kind::kMap:
      AppendEntries(out, value.map(), depth);
      break;
    case Kind::kNode:
      AppendNode(out, value);
      break;
    case Kind::kRelationship:
      AppendRelationship(out, value);
      break;
    case Kind::kPath:
      AppendPath(out, value.path());
      break;
    case Kind::kDate:
      out += schema::ToText(value.date());
      break;
    case Kind::kLocalTime:
      out += schema::ToText(value.local_time());
      break;
    case Kind::kTime:
      out += schema::ToText(value.time());
      break;
    case Kind::kLocalDateTime:
      out += schema::ToText(value.local_date_time());
      break;
    case Kind::kDateTime:
      out += schema::ToText(value.date_time());
      break;
    case Kind::kDuration:
      out += schema::ToText(value.duration());
      break;
    case Kind::kPoint:
      out += PointText(value.point());
      break;
    case Kind::kEdtf:
      out += value.edtf().text;
      break;
  }
}

}  // namespace

std::string Value::ToText() const {
  std::string out;
  AppendText(out, *this, 0);
  return out;
}

std::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "Null";
    case Kind::kBoolean:
      return "Boolean";
    case Kind::kInteger:
      return "Integer";
    case Kind::kFloat:
      return "Float";
    case Kind::kString:
      return "String";
    case Kind::kList:
      return "List";
    case Kind::kMap:
      return "Map";
    case Kind::kNode:
      return "Node";
    case Kind::kRelationship:
      return "Relationship";
    case Kind::kPath:
      return "Path";
    case Kind::kDate:
      return "Date";
    case Kind::kLocalTime:
      return "LocalTime";
    case Kind::kTime:
      return "Time";
    case Kind::kLocalDateTime:
      return "LocalDateTime";
    case Kind::kDateTime:
      return "DateTime";
    case Kind::kDuration:
      return "Duration";
    case Kind::kPoint:
      return "Point";
    case Kind::kEdtf:
      return "Edtf";
  }
  return "Null";
}

std::string FormatFloat(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  std::string out = fmt::format("{}", value);
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

}  // namespace kb::schema
