// Quantified steps, and the second pass over a pattern: properties, labels, conditions, selectors.
#include <string_view>
#include <unordered_map>

#include "query/bind/bind_route.h"
#include "query/bind/shape.h"

namespace kb::query::bind {
namespace {

constexpr std::size_t kWholePattern = static_cast<std::size_t>(-1);

LabelTestPtr BothTests(LabelTestPtr a, LabelTestPtr b) {
  if (!a) return b;
  if (!b) return a;
  return std::make_shared<const LabelTest>(
      LabelTest{LabelTest::Op::kAnd, {}, {std::move(a), std::move(b)}});
}

/// Appends the names of `A` or `A|B`; false for any other form.
bool ListTypes(const ast::LabelExpression& types, NameList* names) {
  if (const auto* name = std::get_if<ast::LabelName>(&types.node)) {
    names->push_back(name->name.text);
    return true;
  }
  const auto* either = std::get_if<ast::LabelOr>(&types.node);
  if (either == nullptr) return false;
  for (const auto& operand : either->operands) {
    if (!ListTypes(*operand, names)) return false;
  }
  return true;
}

/// What a node can be made with: names, joined by `&` or `:`.
bool IsListOfNames(const ast::LabelExpression& labels) {
  if (const auto* both = std::get_if<ast::LabelAnd>(&labels.node)) {
    for (const auto& operand : both->operands) {
      if (!IsListOfNames(*operand)) return false;
    }
    return true;
  }
  const auto* computed = std::get_if<ast::LabelComputed>(&labels.node);
  return computed != nullptr ? !computed->any : std::holds_alternative<ast::LabelName>(labels.node);
}

}  // namespace

void SetTypes(const ast::LabelExpressionPtr& types, PatternRelationship* relationship) {
  if (!types) return;
  NameList names;
  if (ListTypes(*types, &names)) {
    relationship->types = std::move(names);
  } else {
    relationship->type_test = MakeLabelTest(types);
  }
}

Result<Slot> PatternBinder::DeclareGroup(const std::optional<ast::Name>& name) {
  if (!name) return binder_.NewSlot({}, kNodeKind);
  if (use_ == PatternUse::kPredicate) KB_TRY(Undefined(*name));
  if (Find(name->text) != nullptr) {
    return BecomesList(*name);
  }
  const Slot slot = binder_.NewSlot(name->text, kNodeKind);
  fresh_.Add({name->text, slot, kListKind});
  return slot;
}

Result<void> PatternBinder::DeclareStep(const ast::ParenthesizedPath& brackets, Walk* walk) {
  if (writes()) {
    return BindError("CreatingVarLength", brackets.span, "{} cannot make a path of variable length",
                     word());
  }
  // IsSingleStep() has seen that these are what they are.
  const auto& elements = brackets.path->elements;
  const auto* left = std::get_if<ast::NodePattern>(&elements[0]);
  const auto* relationship = std::get_if<ast::RelationshipPattern>(&elements[1]);
  const auto* right = std::get_if<ast::NodePattern>(&elements[2]);
  const ast::PathQuantifier& quantifier = *brackets.quantifier;
  KB_TRY(CheckSteps(quantifier.min, quantifier.max, quantifier.span));
  PatternRelationship bound;
  bound.variable_length = true;
  bound.min = quantifier.min;
  bound.max = quantifier.max;
  bound.direction = relationship->direction;
  if (relationship->variable) {
    bound.name = relationship->variable->text;
    KB_ASSIGN(bound.slot, DeclareRelationshipVariable(*relationship->variable, true, &bound.bound));
    if (bound.bound) {
      return BecomesList(*relationship->variable);
    }
  } else {
    bound.slot = binder_.NewSlot({}, kRelationshipKind);
  }
  for (const auto* end : {left, right}) {
    if (!end->variable && !end->properties && !end->predicate) continue;
    PatternRelationship::Group group{kNoSlot, kNoSlot, true, end == left};
    KB_ASSIGN(group.list, DeclareGroup(end->variable));
    group.inner = binder_.NewSlot(end->variable ? end->variable->text : std::string());
    bound.groups.push_back(group);
  }
  bound.step_relationship = binder_.NewSlot(bound.name);
  pattern_.relationships.push_back(std::move(bound));
  const std::size_t index = pattern_.relationships.size() - 1;
  steps_.push_back({left, relationship, right, brackets.predicate, index});
  StepOntoRelationship(index, walk);
  return {};
}

Result<void> PatternBinder::Fill() {
  {
    // A match may mention any of its variables; MERGE only what was there before; CREATE makes its
    // nodes in order, then its relationships, and may read what it has made so far.
    Scope made(binder_.scope_pointer());
    const Swap<Scope*> guard(binder_.scope_pointer(), writes() ? &made : &fresh_);
    const Swap<Place> place_guard(
        binder_.place(),
        Place{Place::Aggregates::kForbidden, writes() ? word() : std::string_view("a pattern")});
    for (const auto& pending : nodes_) {
      KB_TRY(FillNode(pending));
      AddMade(pattern_.nodes[pending.index].name, &made);
    }
    for (const auto& pending : relationships_) {
      KB_TRY(FillRelationship(pending));
      AddMade(pattern_.relationships[pending.index].name, &made);
    }
    for (const auto& pending : steps_) KB_TRY(FillStep(pending));
    for (const auto& pending : routes_) {
      KB_ASSIGN(pattern_.relationships[pending.index].route, pending.builder->Finish(&predicates_));
    }
    KB_TRY(FillPaths());
  }
  for (const auto& variable : fresh_.variables()) binder_.mutable_scope().Add(variable);
  return {};
}

void PatternBinder::AddMade(const std::string& name, Scope* made) const {
  if (use_ != PatternUse::kCreate || name.empty() || made->FindHere(name) != nullptr) return;
  if (const Variable* variable = fresh_.FindHere(name)) made->Add(*variable);
}

Result<void> PatternBinder::FillPaths() {
  for (const auto& [path, written] : conditions_) {
    KB_ASSIGN(ExpressionPtr condition, binder_.BindCondition(*written, "WHERE"));
    if (path == kWholePattern) {
      predicates_.push_back(std::move(condition));
    } else {
      ExpressionPtr& all = pattern_.paths[path].predicate;
      all = Conjoin(std::move(all), std::move(condition));
    }
  }
  for (const auto& [path, part] : parts_) {
    if (!part->selector || !part->selector->count) continue;
    KB_ASSIGN(ExpressionPtr count, binder_.BindExpression(*part->selector->count));
    const auto* constant = std::get_if<Constant>(&count->node);
    if (constant == nullptr && !std::holds_alternative<Parameter>(count->node)) {
      return BindError("NonConstantExpression", count->span,
                       "the number of paths must be a number or a parameter");
    }
    if (constant != nullptr && !constant->value.is_integer()) {
      return BindError("InvalidArgumentType", count->span,
                       "the number of paths must be an Integer");
    }
    if (constant != nullptr && constant->value.integer() < 1) {
      return BindError("NegativeIntegerArgument", count->span,
                       "the number of paths must be at least 1");
    }
    pattern_.paths[path].selector_count = std::move(count);
  }
  return {};
}

Result<void> PatternBinder::BindProperties(const ast::ExpressionPtr& written,
                                           Properties* properties, ExpressionPtr* map) {
  if (!written) return {};
  if (std::holds_alternative<ast::Parameter>(written->node)) {
    if (use_ != PatternUse::kCreate) {
      return BindError("InvalidParameterUse", written->span,
                       "a parameter cannot stand for all properties {}",
                       use_ == PatternUse::kMerge ? "in MERGE" : "to match")
          .Hint("name them: {name: $map.name}");
    }
    KB_ASSIGN(*map, binder_.BindExpression(*written));
    binder_.names().WrittenByValue(UnknownName::Sort::kKey);
    return {};
  }
  const auto* entries = std::get_if<ast::MapLiteral>(&written->node);
  if (entries == nullptr) {
    return BindError("UnexpectedSyntax", written->span,
                     "properties of a pattern are written as a map: {{name: value}}");
  }
  std::unordered_map<std::string_view, std::size_t> places;
  for (const auto& written_entry : entries->entries) {
    const std::string& key = written_entry.first.text;
    if (key.empty()) {
      return BindError("UnexpectedSyntax", written_entry.first.span,
                       "the name of a property cannot be empty");
    }
    if (writes()) {
      binder_.names().Written(UnknownName::Sort::kKey, key);
    } else {
      binder_.names().Read(UnknownName::Sort::kKey, written_entry.first);
    }
    KB_ASSIGN(ExpressionPtr value, binder_.BindExpression(*written_entry.second));
    const auto [place, is_new] = places.emplace(key, properties->size());
    if (is_new || !writes()) {
      properties->emplace_back(key, std::move(value));
    } else {
      (*properties)[place->second].second = std::move(value);
    }
  }
  return {};
}

void PatternBinder::NoteNames(UnknownName::Sort sort, const ast::LabelExpressionPtr& labels) {
  if (writes()) {
    binder_.names().Written(sort, labels);
  } else {
    binder_.names().Read(sort, labels);
  }
}

template <typename Element>
Result<void> PatternBinder::BindComputed(const LabelParts& labels, KindSet kind, Element* element) {
  if (labels.computed.empty()) return {};
  if (use_ == PatternUse::kMerge) {
    return NeedNames(labels.computed[0], "MERGE",
                     "SET n:$(…) behind MERGE adds labels; CREATE makes types as well");
  }
  for (const auto& part : labels.computed) {
    const auto* computed = std::get_if<ast::LabelComputed>(&part->node);
    if (writes() && computed != nullptr) {
      KB_ASSIGN(ExpressionPtr names, binder_.BindComputed(*computed));
      element->computed.push_back(std::move(names));
      binder_.names().WrittenByValue(kind == kNodeKind ? UnknownName::Sort::kLabel
                                                       : UnknownName::Sort::kType);
      continue;
    }
    const ExpressionPtr subject =
        MakeExpression(SlotRef{element->slot, element->name}, part->span, kind);
    KB_ASSIGN(ExpressionPtr condition, binder_.BindLabelTest(subject, part));
    predicates_.push_back(std::move(condition));
  }
  return {};
}

Result<void> PatternBinder::FillNode(const PendingNode& pending) {
  const ast::NodePattern& written = *pending.written;
  if (writes()) {
    if (written.predicate) {
      return BindError("UnexpectedSyntax", written.predicate->span,
                       "a pattern of {} takes no WHERE", word());
    }
    if (written.labels && !IsListOfNames(*written.labels)) {
      return BindError("UnexpectedSyntax", written.labels->span,
                       "a node is made with labels by name, such as :A:B or :A&B");
    }
  }
  PatternNode& node = pattern_.nodes[pending.index];
  const LabelParts labels = SplitLabels(written.labels);
  NoteNames(UnknownName::Sort::kLabel, written.labels);
  node.labels = BothTests(std::move(node.labels), MakeLabelTest(labels.named));
  KB_TRY(BindComputed(labels, kNodeKind, &node));
  KB_TRY(BindProperties(written.properties, &node.properties, &node.properties_map));
  if (written.predicate) {
    KB_ASSIGN(ExpressionPtr condition, binder_.BindCondition(*written.predicate, "WHERE"));
    predicates_.push_back(std::move(condition));
  }
  return {};
}

Result<void> PatternBinder::FillRelationship(const PendingRelationship& pending) {
  const ast::RelationshipPattern& written = *pending.written;
  PatternRelationship& relationship = pattern_.relationships[pending.index];
  if (IsVariableLength(written)) {
    KB_TRY(NeedNames(written.types, "a relationship of variable length"));
  }
  const LabelParts types = SplitLabels(written.types);
  NoteNames(UnknownName::Sort::kType, written.types);
  SetTypes(types.named, &relationship);
  KB_TRY(BindComputed(types, kRelationshipKind, &relationship));
  KB_TRY(
      BindProperties(written.properties, &relationship.properties, &relationship.properties_map));
  if (!written.predicate) return {};
  if (!written.length && !written.quantifier) {
    KB_ASSIGN(ExpressionPtr condition, binder_.BindCondition(*written.predicate, "WHERE"));
    predicates_.push_back(std::move(condition));
    return {};
  }
  // Within the condition the name means one step's relationship, not the list.
  Scope step(binder_.scope_pointer());
  relationship.step_relationship = binder_.NewSlot(relationship.name);
  if (written.variable) {
    step.Add({relationship.name, relationship.step_relationship, kRelationshipKind});
  }
  const Swap<Scope*> guard(binder_.scope_pointer(), &step);
  const UseLog log(binder_.uses());
  KB_ASSIGN(relationship.step_predicate, binder_.BindCondition(*written.predicate, "WHERE"));
  return RefusePaths(log.uses());
}

Result<void> PatternBinder::AddStepEnd(const ast::NodePattern& node, bool is_left, Scope* scope,
                                       PatternRelationship* relationship,
                                       ExpressionPtr* predicate) {
  KB_TRY(NeedNames(node.labels, "a quantified part"));
  NoteNames(UnknownName::Sort::kLabel, node.labels);
  (is_left ? relationship->step_left : relationship->step_right) = MakeLabelTest(node.labels);
  for (const auto& group : relationship->groups) {
    if (group.is_left != is_left) continue;
    Properties properties;
    ExpressionPtr map;
    KB_TRY(BindProperties(node.properties, &properties, &map));
    const std::string name = node.variable ? node.variable->text : std::string();
    for (auto& [key, value] : properties) {
      const Span span = value->span;
      ExpressionPtr end = MakeExpression(SlotRef{group.inner, name}, span, kNodeKind);
      ExpressionPtr property = MakeExpression(Property{std::move(end), key}, span);
      *predicate = Conjoin(std::move(*predicate),
                           MakeExpression(Comparison{ast::ComparisonOperator::kEqual,
                                                     std::move(property), std::move(value)},
                                          span, kBooleanKind));
    }
    if (node.variable) scope->Add({name, group.inner, kNodeKind});
  }
  return {};
}

Result<void> PatternBinder::FillStep(const PendingStep& pending) {
  PatternRelationship& relationship = pattern_.relationships[pending.index];
  KB_TRY(NeedNames(pending.relationship->types, "a quantified part"));
  NoteNames(UnknownName::Sort::kType, pending.relationship->types);
  SetTypes(pending.relationship->types, &relationship);
  KB_TRY(BindProperties(pending.relationship->properties, &relationship.properties,
                        &relationship.properties_map));
  Scope step(binder_.scope_pointer());
  if (pending.relationship->variable) {
    step.Add({relationship.name, relationship.step_relationship, kRelationshipKind});
  }
  ExpressionPtr predicate;
  KB_TRY(AddStepEnd(*pending.left, true, &step, &relationship, &predicate));
  KB_TRY(AddStepEnd(*pending.right, false, &step, &relationship, &predicate));
  const Swap<Scope*> guard(binder_.scope_pointer(), &step);
  const UseLog log(binder_.uses());
  for (const ast::Expression* written :
       {pending.left->predicate.get(), pending.relationship->predicate.get(),
        pending.right->predicate.get(), pending.predicate.get()}) {
    if (written == nullptr) continue;
    KB_ASSIGN(ExpressionPtr condition, binder_.BindCondition(*written, "WHERE"));
    predicate = Conjoin(std::move(predicate), std::move(condition));
  }
  relationship.step_predicate = std::move(predicate);
  return RefusePaths(log.uses());
}

}  // namespace kb::query::bind
