// db.schema.*: what the data look like, found by looking at all of it. A case demands no schema, so
// this is what there is, not what must be.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "query/algo/lists.h"
#include "schema/base/text.h"
#include "schema/type.h"

namespace kb::query::algo {
namespace {

using schema::Value;

/// Properties of the elements of one sort.
struct Sort {
  std::uint64_t count = 0;
  struct Property {
    std::uint64_t count = 0;
    std::set<std::string_view> types;
  };
  std::map<schema::KeyId, Property> properties;

  void Add(const std::vector<std::pair<schema::KeyId, Value>>& values) {
    ++count;
    for (const auto& [key, value] : values) {
      Property& property = properties[key];
      ++property.count;
      property.types.insert(schema::TypeNameOf(value.kind()));
    }
  }
};

/// All nodes, block by block.
template <typename Visit>
Result<void> ForEachNode(const Call& call, Visit&& visit) {
  std::vector<schema::NodeId> block(storage::kBlockSize);
  for (std::uint32_t number = 0; number < call.view.block_count(); ++number) {
    if (call.cancellation != nullptr) KB_TRY(call.cancellation->Check());
    const std::uint32_t count = call.view.ScanBlock(number, std::nullopt, block.data());
    for (std::uint32_t i = 0; i < count; ++i) visit(block[i]);
  }
  return {};
}

template <typename Visit>
void ForEachOut(const Call& call, schema::NodeId node, Visit&& visit) {
  for (std::uint32_t raw = 0; raw < call.view.catalog().type_count(); ++raw) {
    const schema::TypeId type{static_cast<std::uint16_t>(raw)};
    const storage::Slice slice = call.view.Neighbours(type, schema::Direction::kOut, node);
    for (std::uint32_t i = 0; i < slice.size; ++i) {
      visit(schema::RelationshipRef{type, slice.edges[i], node, slice.nodes[i]});
    }
  }
}

using LabelList = std::vector<schema::LabelId>;
LabelList LabelsOf(const Call& call, schema::NodeId node) {
  const auto labels = call.view.Labels(node);
  return {labels.begin(), labels.end()};
}

Value TypeList(const Sort::Property& property) {
  std::vector<Value> types;
  for (const auto type : property.types) types.push_back(Value::String(type));
  return Value::List(std::move(types));
}

/// A row a property, or one without if there are none; `first` are the columns before it.
Result<void> EmitProperties(const Call& call, const Sort& sort, const std::vector<Value>& first) {
  const auto emit = [&](Value name, Value types, bool mandatory) {
    std::vector<Value> row = first;
    row.push_back(std::move(name));
    row.push_back(std::move(types));
    row.push_back(Value::Boolean(mandatory));
    return call.emit(std::move(row));
  };
  if (sort.properties.empty()) return emit(Value::Null(), Value::Null(), false);
  for (const auto& [key, property] : sort.properties) {
    KB_TRY(emit(Value::String(call.view.catalog().Name(key)), TypeList(property),
                property.count == sort.count));
  }
  return {};
}

}  // namespace

Result<void> NodeTypeProperties(const Call& call) {
  std::map<LabelList, Sort> sorts;
  KB_TRY(ForEachNode(call, [&](schema::NodeId node) {
    sorts[LabelsOf(call, node)].Add(call.view.Properties(node));
  }));
  for (const auto& [labels, sort] : sorts) {
    std::string type;
    std::vector<Value> names;
    for (const auto label : labels) {
      const std::string_view name = call.view.catalog().Name(label);
      type += ":" + text::QuoteName(name);
      names.push_back(Value::String(name));
    }
    KB_TRY(EmitProperties(call, sort, {Value::String(type), Value::List(std::move(names))}));
  }
  return {};
}

Result<void> RelationshipTypeProperties(const Call& call) {
  std::map<schema::TypeId, Sort> sorts;
  KB_TRY(ForEachNode(call, [&](schema::NodeId node) {
    ForEachOut(call, node, [&](const schema::RelationshipRef& ref) {
      sorts[ref.type].Add(call.view.Properties(ref));
    });
  }));
  for (const auto& [type, sort] : sorts) {
    const std::string name = ":" + text::QuoteName(call.view.catalog().Name(type));
    KB_TRY(EmitProperties(call, sort, {Value::String(name)}));
  }
  return {};
}

Result<void> Visualization(const Call& call) {
  const schema::Catalog& catalog = call.view.catalog();
  // A label of the one end, a type, and a label of the other; how often.
  std::map<std::tuple<schema::LabelId, schema::TypeId, schema::LabelId>, std::int64_t> links;
  KB_TRY(ForEachNode(call, [&](schema::NodeId node) {
    ForEachOut(call, node, [&](const schema::RelationshipRef& ref) {
      for (const auto from : call.view.Labels(ref.source)) {
        for (const auto to : call.view.Labels(ref.target)) ++links[{from, ref.type, to}];
      }
    });
  }));
  std::vector<Value> nodes;
  for (std::uint32_t raw = 0; raw < catalog.label_count(); ++raw) {
    const schema::LabelId label{static_cast<std::uint16_t>(raw)};
    const std::uint64_t count = call.view.NodeCount(label);
    if (count == 0) continue;
    nodes.push_back(Value::Map({{"label", Value::String(catalog.Name(label))},
                                {"count", Value::Integer(static_cast<std::int64_t>(count))}}));
  }
  std::vector<Value> relationships;
  for (const auto& [link, count] : links) {
    const auto& [from, type, to] = link;
    relationships.push_back(Value::Map({{"from", Value::String(catalog.Name(from))},
                                        {"type", Value::String(catalog.Name(type))},
                                        {"to", Value::String(catalog.Name(to))},
                                        {"count", Value::Integer(count)}}));
  }
  return call.emit({Value::List(std::move(nodes)), Value::List(std::move(relationships))});
}

}  // namespace kb::query::algo
