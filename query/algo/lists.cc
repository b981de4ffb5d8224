#include "query/algo/lists.h"

#include <algorithm>

#include "query/functions/function.h"

namespace kb::query::algo {
namespace {

using schema::Value;

/// Names in alphabetical order, one a row.
Result<void> EmitNames(const Call& call, std::vector<std::string_view> names) {
  std::sort(names.begin(), names.end());
  for (const std::string_view name : names) KB_TRY(call.emit({Value::String(name)}));
  return {};
}

}  // namespace

Result<void> Labels(const Call& call) {
  std::vector<std::string_view> names;
  const auto known = call.view.catalog().label_names();
  for (std::size_t raw = 0; raw < known.size(); ++raw) {
    const schema::LabelId label{static_cast<std::uint16_t>(raw)};
    if (call.view.NodeCount(label) != 0) names.push_back(known[raw]);
  }
  return EmitNames(call, std::move(names));
}

Result<void> RelationshipTypes(const Call& call) {
  std::vector<std::string_view> names;
  const auto known = call.view.catalog().type_names();
  for (std::size_t raw = 0; raw < known.size(); ++raw) {
    const schema::TypeId type{static_cast<std::uint16_t>(raw)};
    if (call.view.RelationshipCount(type) != 0) names.push_back(known[raw]);
  }
  return EmitNames(call, std::move(names));
}

Result<void> PropertyKeys(const Call& call) {
  const auto known = call.view.catalog().key_names();
  return EmitNames(call, {known.begin(), known.end()});
}

Result<void> Indexes(const Call& call) {
  const schema::Catalog& catalog = call.view.catalog();
  std::vector<const schema::IndexDefinition*> indexes;
  for (const auto& index : catalog.indexes()) indexes.push_back(&index);
  std::sort(indexes.begin(), indexes.end(),
            [](const auto* a, const auto* b) { return a->name < b->name; });
  for (const auto* index : indexes) {
    KB_TRY(call.emit({Value::String(index->name), Value::String(catalog.Name(index->label)),
                      Value::String(catalog.Name(index->key))}));
  }
  return {};
}

Result<void> Functions(const Call& call) {
  for (const functions::Function* function : functions::All()) {
    KB_TRY(
        call.emit({Value::String(function->name), Value::String(function->signature),
                   Value::String(function->doc), Value::Boolean(function->aggregate != nullptr)}));
  }
  return {};
}

Result<void> Procedures(const Call& call) {
  for (const auto& procedure : AllProcedures()) {
    KB_TRY(call.emit({Value::String(procedure->name), Value::String(Signature(*procedure)),
                      Value::String(procedure->doc)}));
  }
  return {};
}

Result<void> Parts(const Call& call) {
  return call.emit(
      {Value::String("kb"), Value::List({Value::String(KB_VERSION)}), Value::String("embedded")});
}

std::string Signature(const bind::Procedure& procedure) {
  const auto fields = [](const std::vector<bind::Field>& list) {
    std::string text;
    for (const auto& field : list) {
      text += (text.empty() ? "" : ", ") + field.name + " :: " + field.type;
    }
    return "(" + text + ")";
  };
  return procedure.name + fields(procedure.inputs) + " :: " + fields(procedure.outputs);
}

}  // namespace kb::query::algo
