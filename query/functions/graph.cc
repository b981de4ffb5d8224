// Nodes, relationships and paths: what they are made of.

#include <string>

#include "query/functions/convert.h"
#include "query/functions/entity.h"
#include "query/functions/table.h"
#include "storage/evidence.h"

namespace kb::query::functions {
namespace {

constexpr KindSet kEntityKinds = kNodeKind | kRelationshipKind;

const storage::View& ViewOf(const Context& context) { return *context.view; }

std::int64_t IdOf(const Value& entity) {
  if (entity.is_node()) return schema::Raw(entity.node());
  return static_cast<std::int64_t>(entity.relationship().id());
}

Result<Value> Id(std::span<const Value> arguments, const Context&) {
  return Value::Integer(IdOf(arguments[0]));
}

Result<Value> ElementId(std::span<const Value> arguments, const Context&) {
  return Value::String(std::to_string(IdOf(arguments[0])));
}

Result<Value> Type(std::span<const Value> arguments, const Context& context) {
  // Of a deleted relationship too: its type is part of the reference.
  return Value::String(ViewOf(context).catalog().Name(arguments[0].relationship().type));
}

Result<Value> Labels(std::span<const Value> arguments, const Context& context) {
  return LabelsOf(arguments[0].node(), ViewOf(context));
}

Result<Value> Properties(std::span<const Value> arguments, const Context& context) {
  return PropertiesOf(arguments[0], ViewOf(context));
}

Result<Value> Keys(std::span<const Value> arguments, const Context& context) {
  KB_ASSIGN(const Value properties, PropertiesOf(arguments[0], ViewOf(context)));
  std::vector<Value> keys;
  for (const auto& entry : properties.map()) keys.push_back(Value::String(entry.first));
  return Value::List(std::move(keys));
}

Result<Value> StartNode(std::span<const Value> arguments, const Context&) {
  return Value::Node(arguments[0].relationship().source);
}

Result<Value> EndNode(std::span<const Value> arguments, const Context&) {
  return Value::Node(arguments[0].relationship().target);
}

/// How many of the names the node carries, or the relationship has for its type.
Result<std::pair<std::size_t, std::size_t>> CountLabels(std::span<const Value> arguments,
                                                        const storage::View& view) {
  KB_ASSIGN(const auto names, NamesIn(arguments[1]));
  KB_TRY(CheckThere(arguments[0], view));
  std::size_t found = 0;
  for (const auto& name : names) {
    if (arguments[0].is_node()) {
      const auto label = view.catalog().FindLabel(name);
      found += label && view.HasLabel(arguments[0].node(), *label);
    } else {
      found += view.catalog().Name(arguments[0].relationship().type) == name;
    }
  }
  return std::pair(found, names.size());
}

Result<Value> HasLabels(std::span<const Value> arguments, const Context& context) {
  KB_ASSIGN(const auto count, CountLabels(arguments, ViewOf(context)));
  return Value::Boolean(count.first == count.second);
}

Result<Value> HasAnyLabel(std::span<const Value> arguments, const Context& context) {
  KB_ASSIGN(const auto count, CountLabels(arguments, ViewOf(context)));
  return Value::Boolean(count.first != 0);
}

Value EveryOther(std::span<const Value> elements, std::size_t first) {
  std::vector<Value> items;
  for (std::size_t i = first; i < elements.size(); i += 2) items.push_back(elements[i]);
  return Value::List(std::move(items));
}

Result<Value> Nodes(std::span<const Value> arguments, const Context&) {
  return EveryOther(arguments[0].path(), 0);
}

Result<Value> Relationships(std::span<const Value> arguments, const Context&) {
  return EveryOther(arguments[0].path(), 1);
}

Result<Value> Length(std::span<const Value> arguments, const Context&) {
  return Value::Integer(static_cast<std::int64_t>(arguments[0].path().size() / 2));
}

}  // namespace

Result<void> CheckThere(const Value& entity, const storage::View& view) {
  if (entity.is_node()) {
    if (storage::ViewWith(view, entity.node()).Exists(entity.node())) return {};
    return NotFoundError("the node with id {} has been deleted", schema::Raw(entity.node()))
        .Detail("DeletedEntityAccess");
  }
  if (view.Exists(entity.relationship())) return {};
  return NotFoundError("the relationship with id {} has been deleted", entity.relationship().id())
      .Detail("DeletedEntityAccess");
}

Result<Value> PropertyOf(const Value& entity, std::string_view key, const storage::View& view) {
  const auto id = view.catalog().FindKey(key);
  Value value;
  if (id) {
    value = entity.is_node() ? view.Property(entity.node(), *id)
                             : view.Property(entity.relationship(), *id);
  }
  if (value.is_null()) KB_TRY(CheckThere(entity, view));
  return value;
}

Result<Value> PropertiesOf(const Value& entity, const storage::View& view) {
  if (entity.is_map()) return entity;
  if (!entity.is_node() && !entity.is_relationship()) {
    return TypeError("{} {} has no properties", schema::KindName(entity.kind()), Preview(entity))
        .Detail("InvalidArgumentType");
  }
  KB_TRY(CheckThere(entity, view));
  schema::MapEntries entries;
  for (auto& [key, value] : entity.is_node()
                                ? storage::ViewWith(view, entity.node()).Properties(entity.node())
                                : view.Properties(entity.relationship())) {
    entries.emplace_back(view.catalog().Name(key), std::move(value));
  }
  return Value::Map(std::move(entries));
}

Result<std::vector<std::string>> NamesIn(const Value& value) {
  std::vector<std::string> names;
  const auto add = [&](const Value& name) -> Result<void> {
    if (!name.is_string()) {
      return TypeError("labels and types are given by a String or a List of them, but this is {}",
                       schema::KindName(name.kind()))
          .Detail("InvalidArgumentType");
    }
    if (name.string().empty()) return ArgumentError("the name of a label or type cannot be empty");
    names.emplace_back(name.string());
    return {};
  };
  if (!value.is_list()) {
    KB_TRY(add(value));
    return names;
  }
  for (const Value& name : value.list()) KB_TRY(add(name));
  return names;
}

Result<Value> LabelsOf(schema::NodeId node, const storage::View& view) {
  const storage::View view_of_node = storage::ViewWith(view, node);
  const auto labels = view_of_node.Labels(node);
  if (labels.empty()) KB_TRY(CheckThere(Value::Node(node), view));
  std::vector<Value> names;
  for (const auto label : labels) names.push_back(Value::String(view.catalog().Name(label)));
  return Value::List(std::move(names));
}

std::span<const Function> GraphFunctions() {
  static const std::vector<Function> table = {
      Make({"elementId", "elementId(entity :: NODE | RELATIONSHIP) :: STRING",
            "The id of a node or relationship as text.", "CREATE (n) RETURN size(elementId(n)) > 0",
            "true"},
           {{"entity", kEntityKinds}}, kStringKind, ElementId),
      Make({"endNode", "endNode(relationship :: RELATIONSHIP) :: NODE",
            "The node that a relationship leads to.",
            "CREATE ()-[r:KNOWS]->({name: 'Ada'}) RETURN endNode(r).name", "'Ada'"},
           {{"relationship", kRelationshipKind}}, kNodeKind, EndNode),
      Make({"hasAnyLabel",
            "hasAnyLabel(entity :: NODE | RELATIONSHIP, names :: STRING | LIST<STRING>) :: BOOLEAN",
            "Whether a node has one of the labels, or a relationship one of the types.",
            "CREATE (n:Person) RETURN hasAnyLabel(n, ['Person', 'Agency'])", "true"},
           {{"entity", kEntityKinds}, {"names", kStringKind | kListKind}}, kBooleanKind,
           HasAnyLabel, {.reads_graph = true}),
      Make({"hasLabels",
            "hasLabels(entity :: NODE | RELATIONSHIP, names :: STRING | LIST<STRING>) :: BOOLEAN",
            "Whether a node has all of the labels, or a relationship the type.",
            "CREATE (n:Person) RETURN hasLabels(n, ['Person', 'Agency'])", "false"},
           {{"entity", kEntityKinds}, {"names", kStringKind | kListKind}}, kBooleanKind, HasLabels,
           {.reads_graph = true}),
      Make(
          {"id", "id(entity :: NODE | RELATIONSHIP) :: INTEGER",
           "The id of a node or relationship as a number.", "CREATE (n) RETURN id(n) >= 0", "true"},
          {{"entity", kEntityKinds}}, kIntegerKind, Id),
      Make({"keys", "keys(of :: NODE | RELATIONSHIP | MAP) :: LIST<STRING>",
            "The names of the properties of a node or relationship, or of the entries of a map.",
            "keys({name: 'Ada', age: 36})", "['name', 'age']"},
           {{"of", kEntityKinds | kMapKind}}, kListKind, Keys, {.reads_graph = true}),
      Make({"labels", "labels(node :: NODE) :: LIST<STRING>", "The labels of a node.",
            "CREATE (n:Person:Writer) RETURN labels(n)", "['Person', 'Writer']"},
           {{"node", kNodeKind}}, kListKind, Labels, {.reads_graph = true}),
      Make({"length", "length(path :: PATH) :: INTEGER", "The number of relationships of a path.",
            "CREATE p = ()-[:KNOWS]->()-[:KNOWS]->() RETURN length(p)", "2"},
           {{"path", kPathKind}}, kIntegerKind, Length),
      Make({"nodes", "nodes(path :: PATH) :: LIST<NODE>",
            "The nodes of a path in the order of the walk.",
            "CREATE p = ({x: 1})-[:KNOWS]->({x: 2}) RETURN [n IN nodes(p) | n.x]", "[1, 2]"},
           {{"path", kPathKind}}, kListKind, Nodes),
      Make({"properties", "properties(of :: NODE | RELATIONSHIP | MAP) :: MAP",
            "The properties of a node or relationship as a map.", "properties({name: 'Ada'})",
            "{name: 'Ada'}"},
           {{"of", kEntityKinds | kMapKind}}, kMapKind, Properties, {.reads_graph = true}),
      Make({"relationships", "relationships(path :: PATH) :: LIST<RELATIONSHIP>",
            "The relationships of a path in the order of the walk.",
            "CREATE p = ()-[:KNOWS {x: 1}]->() RETURN [r IN relationships(p) | r.x]", "[1]"},
           {{"path", kPathKind}}, kListKind, Relationships),
      Make({"startNode", "startNode(relationship :: RELATIONSHIP) :: NODE",
            "The node that a relationship comes from.",
            "CREATE ({name: 'Ada'})-[r:KNOWS]->() RETURN startNode(r).name", "'Ada'"},
           {{"relationship", kRelationshipKind}}, kNodeKind, StartNode),
      Make({"type", "type(relationship :: RELATIONSHIP) :: STRING", "The type of a relationship.",
            "CREATE ()-[r:KNOWS]->() RETURN type(r)", "'KNOWS'"},
           {{"relationship", kRelationshipKind}}, kStringKind, Type, {.reads_graph = true}),
  };
  return table;
}

}  // namespace kb::query::functions
