#include "kb/io/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "schema/base/text.h"

namespace kb::io {
namespace {

using schema::MapEntries;

const MapEntries& PropertiesOf(const Value& element) {
  static const MapEntries kNone;
  if (const auto* node = element.node_data()) return node->properties;
  if (const auto* relationship = element.relationship_data()) return relationship->properties;
  return kNone;
}

const Value* FindProperty(const Value& element, std::string_view key) {
  for (const auto& [name, value] : PropertiesOf(element)) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string TextOf(const Value& value) {
  return value.is_string() ? std::string(value.string()) : value.ToText();
}

/// Twelve pale fills, neighbours in hue far apart in lightness or saturation.
constexpr std::array<std::string_view, 12> kFills = {"#bbccee", "#eeeebb", "#ccddaa", "#ffd2c2",
                                                     "#cceeff", "#e6d0ee", "#ffe2a8", "#c4e8d9",
                                                     "#f6c9d8", "#dcdcdc", "#d9cbb5", "#b9dbe0"};

std::size_t StableHash(std::string_view name) {
  std::uint32_t hash = 2166136261u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash ^ (hash >> 15);
}

}  // namespace

void Picture::Add(const Value& value) {
  if (value.is_node()) {
    AddNode(value);
  } else if (value.is_relationship()) {
    AddRelationship(value);
  } else if (value.is_path()) {
    for (const Value& element : value.path()) Add(element);
  } else if (value.is_list()) {
    for (const Value& item : value.list()) Add(item);
  } else if (value.is_map()) {
    for (const auto& entry : value.map()) Add(entry.second);
  }
}

void Picture::AddNode(const Value& node) {
  Value& known = nodes_[schema::Raw(node.node())];
  if (known.is_null() || known.node_data() == nullptr) known = node;
}

void Picture::AddRelationship(const Value& relationship) {
  const schema::RelationshipRef ref = relationship.relationship();
  Value& known = relationships_[ref.id()];
  if (known.is_null() || known.relationship_data() == nullptr) known = relationship;
  AddNode(Value::Node(ref.source));
  AddNode(Value::Node(ref.target));
}

std::string CaptionOf(const Value& node) {
  for (const std::string_view key : {"name", "title", "id"}) {
    const Value* value = FindProperty(node, key);
    if (value != nullptr && !value->is_null()) return TextOf(*value);
  }
  const MapEntries& properties = PropertiesOf(node);
  if (!properties.empty()) return TextOf(properties.front().second);
  const schema::NodeData* data = node.node_data();
  if (data != nullptr && !data->labels.empty()) return data->labels.front();
  return fmt::format("node {}", schema::Raw(node.node()));
}

std::vector<std::string> Wrap(std::string_view text, std::size_t width, std::size_t line_max) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n\t"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const bool fits = text::DisplayWidth(line) + 1 + text::DisplayWidth(word) <= width;
    if (!line.empty() && !fits) {
      lines.push_back(std::move(line));
      line.clear();
      if (lines.size() == line_max) {
        lines.back() += " …";
        return lines;
      }
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

bool FindMoment(const Value& node, Moment* moment) {
  const Value* date = FindProperty(node, "date");
  const Value* earliest = FindProperty(node, "dateMin");
  const Value* key = earliest != nullptr && !earliest->is_null() ? earliest : date;
  if (key == nullptr || key->is_null() || key->is_list() || key->is_map()) return false;
  const std::string text = TextOf(*key);
  std::size_t at = text.find_first_of("0123456789");
  if (at == std::string::npos) return false;
  if (at > 0 && text[at - 1] == '-') --at;
  const auto parsed = std::from_chars(text.data() + at, text.data() + text.size(), moment->year);
  if (parsed.ec != std::errc()) return false;
  moment->rest = std::string(parsed.ptr, text.data() + text.size());
  moment->text = date != nullptr && !date->is_null() ? TextOf(*date) : text;
  return true;
}

bool IsDoubtful(const Value& element) {
  const Value* basis = FindProperty(element, "basis");
  if (basis != nullptr && basis->is_string() && basis->string() != "stated") return true;
  const Value* status = FindProperty(element, "status");
  return status != nullptr && status->is_string() && status->string() != "happened" &&
         status->string() != "ongoing";
}

std::map<std::string, std::string> ColorsOf(const std::vector<std::string>& labels) {
  std::map<std::string, std::string> colors;
  for (const std::string& label : labels) colors.emplace(label, "");
  std::array<bool, kFills.size()> taken{};
  std::size_t used = 0;
  for (auto& [label, color] : colors) {
    std::size_t at = StableHash(label) % kFills.size();
    while (used < kFills.size() && taken[at]) at = (at + 1) % kFills.size();
    if (!taken[at]) ++used;
    taken[at] = true;
    color = kFills[at];
  }
  return colors;
}

}  // namespace kb::io
