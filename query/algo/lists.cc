#include "query/algo/lists.h"

#include <algorithm>

#include "query/functions/function.h"
#include "query/functions/statement_values.h"
#include "query/host.h"
#include "schema/definition_text.h"

namespace kb::query::algo {
namespace {

using functions::TextOrNull;
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

namespace {

/// Definitions in alphabetical order of their names.
template <typename Definition>
std::vector<const Definition*> ByName(std::span<const Definition> definitions) {
  std::vector<const Definition*> sorted;
  for (const Definition& definition : definitions) sorted.push_back(&definition);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->name < b->name; });
  return sorted;
}

Value KeysOf(const schema::Catalog& catalog, const schema::Subject& subject) {
  std::vector<Value> keys;
  for (const auto key : subject.keys) keys.push_back(Value::String(catalog.Name(key)));
  return Value::List(std::move(keys));
}
std::string_view NameOf(const schema::Catalog& catalog, const schema::Subject& subject) {
  return subject.on_relationships ? catalog.Name(subject.type) : catalog.Name(subject.label);
}
Value EntityType(const schema::Subject& subject) {
  return Value::String(subject.on_relationships ? "RELATIONSHIP" : "NODE");
}

/// The type in words of SHOW CONSTRAINTS.
std::string SortOf(const schema::ConstraintDefinition& constraint) {
  const std::string entity = constraint.subject.on_relationships ? "RELATIONSHIP" : "NODE";
  switch (constraint.kind) {
    case schema::ConstraintKind::kUnique:
      return entity + "_PROPERTY_UNIQUENESS";
    case schema::ConstraintKind::kKey:
      return entity + "_KEY";
    case schema::ConstraintKind::kNotNull:
      return entity + "_PROPERTY_EXISTENCE";
    case schema::ConstraintKind::kType:
      return entity + "_PROPERTY_TYPE";
  }
  return {};
}

}  // namespace

Result<void> Indexes(const Call& call) {
  const schema::Catalog& catalog = call.view.catalog();
  for (const auto* index : ByName(catalog.indexes())) {
    const schema::Subject& subject = index->subject;
    const auto distinct = static_cast<std::int64_t>(call.view.IndexDistinct(index->id));
    KB_TRY(
        call.emit({Value::String(index->name), Value::String("ONLINE"),
                   Value::String(schema::KindText(index->kind)), EntityType(subject),
                   Value::List({Value::String(NameOf(catalog, subject))}), KeysOf(catalog, subject),
                   TextOrNull(index->constraint), Value::Integer(distinct),
                   Value::String(schema::CreateText(catalog, *index))}));
  }
  return {};
}

Result<void> Constraints(const Call& call) {
  const schema::Catalog& catalog = call.view.catalog();
  for (const auto* constraint : ByName(catalog.constraints())) {
    const schema::Subject& subject = constraint->subject;
    KB_TRY(call.emit({Value::String(constraint->name), Value::String(SortOf(*constraint)),
                      EntityType(subject), Value::List({Value::String(NameOf(catalog, subject))}),
                      KeysOf(catalog, subject),
                      TextOrNull(constraint->IsUnique() ? constraint->name : ""),
                      TextOrNull(constraint->type ? constraint->type->ToText() : ""),
                      Value::String(schema::CreateText(catalog, *constraint))}));
  }
  return {};
}

Result<void> Functions(const Call& call) {
  for (const functions::Group& group : functions::Groups()) {
    for (const functions::Function& function : group.functions()) {
      KB_TRY(call.emit({Value::String(function.name), Value::String(function.signature),
                        Value::String(function.doc), Value::Boolean(function.aggregate != nullptr),
                        Value::String(group.name), TextOrNull(function.example),
                        TextOrNull(function.result)}));
    }
  }
  return {};
}

Result<void> Transactions(const Call& call) {
  if (call.host == nullptr) return {};
  for (const Activity& activity : call.host->Activities()) {
    schema::DateTime started;
    started.seconds = activity.started_ms / 1000;
    started.nanos = static_cast<std::int32_t>(activity.started_ms % 1000) * 1'000'000;
    schema::Duration elapsed;
    elapsed.seconds = activity.elapsed_ms / 1000;
    elapsed.nanos = static_cast<std::int32_t>(activity.elapsed_ms % 1000) * 1'000'000;
    KB_TRY(call.emit({Value::String(fmt::format("kb-transaction-{}", activity.id)),
                      Value::String(activity.statement),
                      Value::String(activity.statement.empty() ? "Open" : "Running"),
                      Value::Of(elapsed), Value::Of(started), Value::Boolean(activity.read_only),
                      Value::Boolean(activity.explicit_transaction)}));
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
