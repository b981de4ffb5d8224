// CREATE, MERGE, SET, REMOVE, DELETE and FOREACH.
#include "query/bind/bind_pattern.h"
#include "query/bind/query_binder.h"

namespace kb::query::bind {
namespace {

NameList TextOf(const std::vector<ast::Name>& names) {
  NameList list;
  for (const auto& name : names) list.push_back(name.text);
  return list;
}

bool CanStandInForeach(const ast::Clause& clause) {
  return std::holds_alternative<ast::Create>(clause.node) ||
         std::holds_alternative<ast::Set>(clause.node) ||
         std::holds_alternative<ast::Remove>(clause.node) ||
         std::holds_alternative<ast::Delete>(clause.node) ||
         std::holds_alternative<ast::Merge>(clause.node) ||
         std::holds_alternative<ast::Amend>(clause.node) ||
         std::holds_alternative<ast::Foreach>(clause.node);
}

}  // namespace

Result<Create> QueryBinder::BindCreate(const ast::Create& create) {
  PatternBinder pattern(*this, PatternUse::kCreate);
  KB_TRY(pattern.Bind(create.pattern, ast::MatchMode::kDifferentRelationships));
  Create bound{pattern.Take()};
  KB_ASSIGN(bound.evidence, BindEvidence(create.evidence, "CREATE"));
  return bound;
}

Result<Merge> QueryBinder::BindMerge(const ast::Merge& merge) {
  PatternBinder pattern(*this, PatternUse::kMerge);
  KB_TRY(pattern.Bind(merge.pattern));
  Merge bound;
  bound.pattern = pattern.Take();
  KB_ASSIGN(bound.on_create, BindSetItems(merge.on_create));
  KB_ASSIGN(bound.on_match, BindSetItems(merge.on_match));
  KB_ASSIGN(bound.evidence, BindEvidence(merge.evidence, "MERGE"));
  return bound;
}

Result<ExpressionPtr> QueryBinder::BindEntity(const ast::Name& name, KindSet allowed,
                                              std::string_view word) {
  KB_ASSIGN(ExpressionPtr target, BindVariable(name.text, name.span));
  if (IsNever(target->kinds, allowed)) {
    return BindError("InvalidArgumentType", name.span, "{} changes {}, but {} is {}", word,
                     DescribeWithArticle(allowed), Quoted(name.text),
                     DescribeWithArticle(target->kinds));
  }
  return target;
}

Result<SetProperty> QueryBinder::BindPropertyTarget(const ast::Expression& target,
                                                    std::string_view word) {
  SetProperty bound;
  const ast::Expression* subject = nullptr;
  if (const auto* property = std::get_if<ast::Property>(&target.node)) {
    bound.key = property->key.text;
    subject = property->subject.get();
  } else if (const auto* subscript = std::get_if<ast::Subscript>(&target.node)) {
    subject = subscript->subject.get();
    KB_ASSIGN(bound.dynamic_key, BindPlain(*subscript->index, word));
    if (IsNever(bound.dynamic_key->kinds, kStringKind)) {
      return TypeError("a property's name is a String, but this is {}",
                       DescribeWithArticle(bound.dynamic_key->kinds))
          .Detail("MapElementAccessByNonString")
          .At(bound.dynamic_key->span);
    }
  } else {
    return BindError("UnexpectedSyntax", target.span, "{} changes a property, such as n.name",
                     word);
  }
  KB_ASSIGN(bound.target, BindPlain(*subject, word));
  if (IsNever(bound.target->kinds, kEntityKinds)) {
    return BindError("InvalidArgumentType", bound.target->span,
                     "{} changes properties of a Node or Relationship, but this is {}", word,
                     DescribeWithArticle(bound.target->kinds));
  }
  return bound;
}

Result<std::vector<ExpressionPtr>> QueryBinder::BindComputedLabels(
    const std::vector<ast::LabelComputed>& labels, std::string_view word) {
  const Swap<Place> guard(place_, Place{Place::Aggregates::kForbidden, word});
  std::vector<ExpressionPtr> bound;
  for (const auto& computed : labels) {
    if (computed.any) {
      return BindError("UnexpectedSyntax", computed.names->span,
                       "{} takes all labels that are given, there is no choice", word)
          .Hint("write $(…) without ANY");
    }
    KB_ASSIGN(ExpressionPtr names, BindComputed(computed));
    bound.push_back(std::move(names));
  }
  return bound;
}

Result<std::vector<SetItem>> QueryBinder::BindSetItems(const std::vector<ast::SetItem>& items) {
  std::vector<SetItem> bound;
  for (const auto& item : items) {
    if (const auto* property = std::get_if<ast::SetProperty>(&item)) {
      KB_ASSIGN(SetProperty set, BindPropertyTarget(*property->target, "SET"));
      if (set.dynamic_key) {
        names_.WrittenByValue(UnknownName::Sort::kKey);
      } else {
        names_.Written(UnknownName::Sort::kKey, set.key);
      }
      KB_ASSIGN(set.value, BindPlain(*property->value, "SET"));
      bound.emplace_back(std::move(set));
    } else if (const auto* variable = std::get_if<ast::SetVariable>(&item)) {
      SetProperties set{nullptr, nullptr, variable->merge};
      names_.WrittenByValue(UnknownName::Sort::kKey);
      KB_ASSIGN(set.target, BindEntity(variable->variable, kEntityKinds, "SET"));
      KB_ASSIGN(set.value, BindPlain(*variable->value, "SET"));
      if (IsNever(set.value->kinds, kMapKind | kEntityKinds)) {
        return BindError("InvalidArgumentType", set.value->span,
                         "all properties are set from a Map, Node or Relationship, but this is {}",
                         DescribeWithArticle(set.value->kinds));
      }
      bound.emplace_back(std::move(set));
    } else if (const auto* labels = std::get_if<ast::SetLabels>(&item)) {
      KB_ASSIGN(ExpressionPtr target, BindEntity(labels->variable, kNodeKind, "SET of a label"));
      SetLabels set{std::get_if<SlotRef>(&target->node)->slot, TextOf(labels->labels)};
      for (const auto& label : set.labels) names_.Written(UnknownName::Sort::kLabel, label);
      if (!labels->computed.empty()) names_.WrittenByValue(UnknownName::Sort::kLabel);
      KB_ASSIGN(set.computed, BindComputedLabels(labels->computed, "SET"));
      bound.emplace_back(std::move(set));
    }
  }
  return bound;
}

Result<Set> QueryBinder::BindSet(const ast::Set& set) {
  Set bound;
  KB_ASSIGN(bound.items, BindSetItems(set.items));
  KB_ASSIGN(bound.evidence, BindEvidence(set.evidence, "SET"));
  return bound;
}

Result<Set> QueryBinder::BindRemove(const ast::Remove& remove) {
  Set bound;
  for (const auto& item : remove.items) {
    if (const auto* property = std::get_if<ast::RemoveProperty>(&item)) {
      KB_ASSIGN(SetProperty set, BindPropertyTarget(*property->target, "REMOVE"));
      if (const auto* named = std::get_if<ast::Property>(&property->target->node)) {
        names_.Read(UnknownName::Sort::kKey, named->key);
      }
      set.value = MakeConstant(Value::Null(), property->target->span);
      bound.items.emplace_back(std::move(set));
    } else if (const auto* labels = std::get_if<ast::RemoveLabels>(&item)) {
      KB_ASSIGN(ExpressionPtr target, BindEntity(labels->variable, kNodeKind, "REMOVE of a label"));
      RemoveLabels remove_labels{std::get_if<SlotRef>(&target->node)->slot, TextOf(labels->labels)};
      for (const auto& label : labels->labels) names_.Read(UnknownName::Sort::kLabel, label);
      KB_ASSIGN(remove_labels.computed, BindComputedLabels(labels->computed, "REMOVE"));
      bound.items.emplace_back(std::move(remove_labels));
    }
  }
  return bound;
}

Result<Delete> QueryBinder::BindDelete(const ast::Delete& clause) {
  Delete bound{clause.detach, {}};
  for (const auto& expression : clause.expressions) {
    if (std::holds_alternative<ast::HasLabels>(expression->node)) {
      return BindError("InvalidDelete", expression->span, "DELETE removes whole nodes, no labels")
          .Hint("REMOVE n:Label takes a label away");
    }
    KB_ASSIGN(ExpressionPtr target, BindPlain(*expression, "DELETE"));
    if (IsNever(target->kinds, kEntityKinds | kPathKind)) {
      return BindError("InvalidArgumentType", target->span,
                       "DELETE removes a Node, Relationship or Path, but this is {}",
                       DescribeWithArticle(target->kinds));
    }
    bound.expressions.push_back(std::move(target));
  }
  return bound;
}

Result<Foreach> QueryBinder::BindForeach(const ast::Foreach& foreach) {
  const Swap<Place> place_guard(place_, Place{Place::Aggregates::kForbidden, "FOREACH"});
  Foreach bound{kNoSlot, nullptr, {}};
  KB_ASSIGN(bound.list, BindIteratedList(*foreach.list, "FOREACH"));
  Scope inner(scope_);
  const Swap<Scope*> scope_guard(scope_, &inner);
  KB_ASSIGN(bound.variable,
            Declare(foreach.variable, ElementKinds(*bound.list), functions::kAnyKind));
  for (const auto& clause : foreach.body) {
    if (!CanStandInForeach(*clause)) {
      return BindError("InvalidClauseComposition", clause->span,
                       "FOREACH holds only clauses that write")
          .Hint("use UNWIND to read for each element");
    }
    KB_TRY(BindClause(*clause, &bound.body));
  }
  return bound;
}

}  // namespace kb::query::bind
