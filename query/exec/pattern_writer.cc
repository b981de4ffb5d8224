#include "query/exec/pattern_writer.h"

#include <iterator>

#include "query/functions/entity.h"

namespace kb::query::exec {
namespace {

/// The labels that a node to be made has: names joined by "and".
void CollectNames(const bind::LabelTestPtr& test, std::vector<std::string>* names) {
  if (!test) return;
  if (test->op == bind::LabelTest::Op::kName) names->push_back(test->name);
  for (const auto& operand : test->operands) CollectNames(operand, names);
}

}  // namespace

PatternWriter::PatternWriter(Runtime& runtime, const bind::Pattern& pattern, Purpose purpose,
                             bind::EvidencePtr evidence)
    : runtime_(runtime),
      pattern_(pattern),
      purpose_(purpose),
      testimonies_(runtime, std::move(evidence)) {
  for (const auto& path : pattern.paths) {
    if (path.slot == bind::kNoSlot) continue;
    auto expression = std::make_shared<bind::Expression>();
    expression->node = path.path;
    paths_.emplace_back(path.slot, std::move(expression));
  }
}

Result<void> PatternWriter::Write(Batch* batch) {
  KB_TRY(CheckBound(*batch));
  KB_TRY(testimonies_.Evaluate(*batch));
  for (const auto& node : pattern_.nodes) {
    if (node.bound) continue;
    KB_TRY(Evaluate(node, *batch));
    KB_TRY(WriteNodes(node, batch));
  }
  for (const auto& relationship : pattern_.relationships) {
    if (relationship.bound) continue;
    KB_TRY(Evaluate(relationship, *batch));
    KB_TRY(WriteRelationships(relationship, batch));
  }
  for (const auto& [slot, expression] : paths_) {
    Vector path;
    KB_TRY(eval::Evaluate(*expression, *batch, runtime_.eval(), &path));
    batch->column(slot) = std::move(path);
  }
  return {};
}

Result<void> PatternWriter::CheckBound(const Batch& batch) const {
  for (const auto& node : pattern_.nodes) {
    if (!node.bound) continue;
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      KB_ASSIGN(const NodeId id, NodeAt(batch.column(node.slot), row));
      if (id != schema::kNoNode) continue;
      return SemanticError("`{}` is null here, so no relationship can be made to or from it",
                           node.name)
          .Detail("MergeReadOwnWrites")
          .Hint("leave such rows out: WHERE … IS NOT NULL");
    }
  }
  return {};
}

template <typename Element>
Result<void> PatternWriter::Evaluate(const Element& element, const Batch& batch) {
  values_.resize(element.properties.size());
  for (std::size_t i = 0; i < values_.size(); ++i) {
    KB_TRY(eval::Evaluate(*element.properties[i].second, batch, runtime_.eval(), &values_[i]));
    if (values_[i].repr() == Repr::kString) values_[i].Box();
  }
  if (element.properties_map) {
    KB_TRY(eval::Evaluate(*element.properties_map, batch, runtime_.eval(), &map_));
    map_.Box();
  }
  names_.resize(element.computed.size());
  for (std::size_t i = 0; i < names_.size(); ++i) {
    KB_TRY(eval::Evaluate(*element.computed[i], batch, runtime_.eval(), &names_[i]));
    names_[i].Box();
  }
  return {};
}

template <typename Element>
Result<std::vector<std::string>> PatternWriter::NamesOf(const Element& element,
                                                        std::uint32_t row) const {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    auto names = functions::NamesIn(names_[i].Get(row));
    if (!names.ok()) return Error(names.error()).At(element.computed[i]->span);
    std::move(names->begin(), names->end(), std::back_inserter(all));
  }
  return all;
}

Result<void> PatternWriter::AddProperty(const std::string& name, Value value, Span span,
                                        Properties* properties) {
  if (value.is_null()) {
    if (purpose_ == Purpose::kCreate) return {};
    return SemanticError("property `{}` is null, and MERGE cannot find or make that", name)
        .Detail("MergeReadOwnWrites")
        .At(span);
  }
  KB_ASSIGN(const schema::KeyId key, runtime_.transaction()->Key(name));
  properties->emplace_back(key, std::move(value));
  return {};
}

template <typename Element>
Result<void> PatternWriter::PropertiesOf(const Element& element, std::uint32_t row,
                                         Properties* properties) {
  properties->clear();
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const auto& [name, expression] = element.properties[i];
    KB_TRY(AddProperty(name, values_[i].Get(row), expression->span, properties));
  }
  if (!element.properties_map) return {};
  const Value map = map_.Get(row);
  if (map.is_null()) return {};
  if (!map.is_map()) {
    return TypeError("properties are a map, but this is {}", schema::KindName(map.kind()))
        .Detail("InvalidArgumentType")
        .At(element.properties_map->span);
  }
  for (const auto& [name, value] : map.map()) {
    KB_TRY(AddProperty(name, value, element.properties_map->span, properties));
  }
  return {};
}

Result<void> PatternWriter::WriteNodes(const bind::PatternNode& node, Batch* batch) {
  const Span span = node.properties.empty() ? Span{} : node.properties[0].second->span;
  std::vector<std::string> names;
  CollectNames(node.labels, &names);
  std::vector<NodeId> made;
  made.reserve(batch->rows);
  {
    const WriteScope writing(runtime_);
    std::vector<schema::LabelId> labels;
    for (const auto& name : names) {
      KB_ASSIGN(const schema::LabelId label, runtime_.transaction()->Label(name));
      labels.push_back(label);
    }
    const std::size_t named = labels.size();
    Properties properties;
    for (std::uint32_t row = 0; row < batch->rows; ++row) {
      KB_TRY(PropertiesOf(node, row, &properties));
      labels.resize(named);
      KB_ASSIGN(const auto given, NamesOf(node, row));
      for (const auto& name : given) {
        KB_ASSIGN(const schema::LabelId label, runtime_.transaction()->Label(name));
        labels.push_back(label);
      }
      KB_TRY(testimonies_.Begin(row));
      auto id = runtime_.transaction()->CreateNode(labels, properties);
      if (!id.ok()) return Error(id.error()).At(span);
      made.push_back(*id);
    }
    testimonies_.End();
  }
  SetNodes(&batch->column(node.slot), made);
  return {};
}

Result<schema::TypeId> PatternWriter::TypeOf(const bind::PatternRelationship& relationship,
                                             std::uint32_t row) const {
  KB_ASSIGN(const auto names, NamesOf(relationship, row));
  if (names.size() != 1) {
    return ArgumentError("a relationship has one type, but here are {}", names.size())
        .At(relationship.computed[0]->span);
  }
  return runtime_.transaction()->Type(names[0]);
}

Result<void> PatternWriter::WriteRelationships(const bind::PatternRelationship& relationship,
                                               Batch* batch) {
  const Span span =
      relationship.properties.empty() ? Span{} : relationship.properties[0].second->span;
  const bool turned = relationship.direction == schema::Direction::kIn;
  const Slot left = pattern_.nodes[relationship.left].slot;
  const Slot right = pattern_.nodes[relationship.right].slot;
  std::vector<std::string> names = relationship.types;
  CollectNames(relationship.type_test, &names);
  const bool is_given = !relationship.computed.empty();
  if (!is_given && names.size() != 1) {
    return InternalError("a relationship to be made has not got one type");
  }
  std::vector<RelationshipRef> made;
  made.reserve(batch->rows);
  {
    const WriteScope writing(runtime_);
    schema::TypeId type{};
    if (!is_given) {
      KB_ASSIGN(type, runtime_.transaction()->Type(names[0]));
    }
    Properties properties;
    for (std::uint32_t row = 0; row < batch->rows; ++row) {
      if (is_given) {
        KB_ASSIGN(type, TypeOf(relationship, row));
      }
      KB_TRY(PropertiesOf(relationship, row, &properties));
      KB_ASSIGN(const NodeId source, NodeAt(batch->column(turned ? right : left), row));
      KB_ASSIGN(const NodeId target, NodeAt(batch->column(turned ? left : right), row));
      KB_TRY(testimonies_.Begin(row));
      auto ref = runtime_.transaction()->CreateRelationship(source, type, target, properties);
      if (!ref.ok()) return Error(ref.error()).At(span);
      made.push_back(*ref);
    }
    testimonies_.End();
  }
  SetRelationships(&batch->column(relationship.slot), made);
  return {};
}

template <typename Element>
Result<void> PatternWriter::StateElement(const Element& element,
                                         const std::vector<std::string>& labels,
                                         const Batch& batch) {
  KB_TRY(Evaluate(element, batch));
  const WriteScope writing(runtime_);
  storage::Transaction& transaction = *runtime_.transaction();
  Properties properties;
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    const Value value = batch.column(element.slot).Get(row);
    if (value.is_null()) continue;
    KB_TRY(PropertiesOf(element, row, &properties));
    KB_TRY(testimonies_.Begin(row));
    const auto entity = value.is_node() ? storage::Entity::Of(value.node())
                                        : storage::Entity::Of(value.relationship());
    KB_TRY(storage::EvidenceOf(transaction).StateExistence(entity));
    for (const auto& name : labels) {
      KB_ASSIGN(const schema::LabelId label, transaction.Label(name));
      KB_TRY(transaction.AddLabel(entity.node, label));
    }
    for (const auto& [key, wanted] : properties) {
      KB_TRY(value.is_node() ? transaction.SetProperty(entity.node, key, wanted)
                             : transaction.SetProperty(entity.relationship, key, wanted));
    }
  }
  testimonies_.End();
  return {};
}

Result<void> PatternWriter::State(const Batch& batch) {
  if (!testimonies_.given()) return {};
  KB_TRY(testimonies_.Evaluate(batch));
  for (const auto& node : pattern_.nodes) {
    if (node.bound) continue;
    std::vector<std::string> labels;
    CollectNames(node.labels, &labels);
    KB_TRY(StateElement(node, labels, batch));
  }
  for (const auto& relationship : pattern_.relationships) {
    if (!relationship.bound) KB_TRY(StateElement(relationship, {}, batch));
  }
  return {};
}

}  // namespace kb::query::exec
