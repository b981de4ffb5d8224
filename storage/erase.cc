#include "storage/erase.h"

#include <algorithm>

#include "storage/codec.h"
#include "storage/image/root.h"

namespace kb::storage {

void HistoryEraser::Add(const Erasure& erasure) {
  switch (erasure.kind) {
    case Erasure::Kind::kNode:
      nodes_.insert(erasure.entity.node);
      entities_.insert(erasure.entity.id());
      return;
    case Erasure::Kind::kRelationship:
      entities_.insert(erasure.entity.id());
      return;
    case Erasure::Kind::kProperty:
      values_.emplace(erasure.entity.id(), erasure.key);
      return;
    case Erasure::Kind::kStatement:
      return;
  }
}

void HistoryEraser::AddStatement(Statement erased, std::vector<Statement> rest) {
  Restated restated;
  restated.entity = erased.entity;
  restated.fact = erased.fact;
  restated.rest = std::move(rest);
  restated.first = erased.recorded;
  restated.turns = {erased.recorded, erased.withdrawn};
  for (const Statement& other : restated.rest) {
    restated.first = std::min(restated.first, other.recorded);
    restated.turns.insert(other.recorded);
    restated.turns.insert(other.withdrawn);
  }
  // Others of the same fact may have been erased with it.
  for (Restated& known : restated_) {
    if (known.entity.id() != restated.entity.id() || !(known.fact == restated.fact)) continue;
    known.first = std::min(known.first, restated.first);
    known.turns.merge(restated.turns);
    known.rest = std::move(restated.rest);
    return;
  }
  restated_.push_back(std::move(restated));
}

bool HistoryEraser::Erases(const Entity& entity) const {
  if (entities_.contains(entity.id())) return true;
  return entity.is_relationship && (nodes_.contains(entity.relationship.source) ||
                                    nodes_.contains(entity.relationship.target));
}

namespace {

/// What a change is about; of a load, nothing.
std::optional<Entity> EntityOf(const Change& change) {
  switch (change.kind) {
    case Change::Kind::kNodeMade:
    case Change::Kind::kNodeDeleted:
    case Change::Kind::kLabels:
    case Change::Kind::kNodeProperty:
      return Entity::Of(change.node);
    case Change::Kind::kEdgeMade:
    case Change::Kind::kEdgeDeleted:
    case Change::Kind::kEdgeProperty:
      return Entity::Of(change.ref);
    case Change::Kind::kNodesLoaded:
    case Change::Kind::kEdgesLoaded:
    case Change::Kind::kRule:
      break;
  }
  return std::nullopt;
}

bool IsOfValue(const Change& change) {
  return change.kind == Change::Kind::kNodeProperty || change.kind == Change::Kind::kEdgeProperty;
}

/// Whether a load made the entity.
bool Loads(const Change& change, const Entity& entity) {
  if (change.kind == Change::Kind::kNodesLoaded && !entity.is_relationship) {
    const std::uint64_t first = schema::Raw(change.node);
    const std::uint64_t id = schema::Raw(entity.node);
    return id >= first && id - first < change.count;
  }
  if (change.kind != Change::Kind::kEdgesLoaded || !entity.is_relationship) return false;
  const std::uint64_t first = schema::Raw(change.ref.edge);
  const std::uint64_t id = schema::Raw(entity.relationship.edge);
  return change.ref.type == entity.relationship.type && id >= first && id - first < change.count;
}

void PutLabel(std::vector<LabelId>* labels, LabelId label, bool is_so) {
  const auto at = std::lower_bound(labels->begin(), labels->end(), label);
  const bool has = at != labels->end() && *at == label;
  if (is_so && !has) labels->insert(at, label);
  if (!is_so && has) labels->erase(at);
}

}  // namespace

const Rule& HistoryEraser::RuleAt(std::int64_t time) const {
  for (const auto& [until, former] : rules_) {
    if (time < until) return former;
  }
  return rule_;
}

Value HistoryEraser::Decided(const Restated& fact, std::int64_t time) const {
  std::vector<const Statement*> standing;
  for (const Statement& statement : fact.rest) {
    if (statement.StandsAt(time)) standing.push_back(&statement);
  }
  return Decide(standing, RuleAt(time)).value_or(Value::Null());
}

bool HistoryEraser::Drops(const Change& change) const {
  const std::optional<Entity> entity = EntityOf(change);
  return entity && Erases(*entity);
}

bool HistoryEraser::IsErasedValue(const Change& change) const {
  return IsOfValue(change) && values_.contains({EntityOf(change)->id(), change.key});
}

/// What the fact was before a time, put into the changes of that time; and where no change of the
/// fact stands, but without the erased statement there would have been one, such a change.
void HistoryEraser::Patch(Restated* fact, std::int64_t time, bool is_first_part,
                          std::vector<Change>* changes) const {
  const bool of_label = fact->fact.kind == FactKind::kLabel;
  const LabelId label{static_cast<std::uint16_t>(fact->fact.name)};
  const Value before = Decided(*fact, time - 1);
  const bool was_so = before.is_boolean() && before.boolean();
  for (std::size_t i = changes->size(); i-- > 0;) {
    Change& change = (*changes)[i];
    const std::optional<Entity> entity = EntityOf(change);
    if (!entity || entity->id() != fact->entity.id()) continue;
    const bool has_labels =
        change.kind == Change::Kind::kLabels || change.kind == Change::Kind::kNodeDeleted;
    if (of_label && has_labels) {
      if (time > fact->first) PutLabel(&change.labels, label, was_so);
      fact->labels = change.labels;
    } else if (!of_label && IsOfValue(change) && schema::Raw(change.key) == fact->fact.name) {
      if (time > fact->first) change.former = before;
    }
  }
  const bool turns = is_first_part && fact->turns.contains(time) && time > fact->first &&
                     EncodeValue(before) != EncodeValue(Decided(*fact, time));
  const bool lived = fact->made < time && (fact->deleted < 0 || fact->deleted >= time);
  if (!turns || !lived) return;
  Change change;
  change.node = fact->entity.node;
  change.ref = fact->entity.relationship;
  if (of_label) {
    change.kind = Change::Kind::kLabels;
    PutLabel(&fact->labels, label, was_so);
    change.labels = fact->labels;
  } else {
    change.kind =
        fact->entity.is_relationship ? Change::Kind::kEdgeProperty : Change::Kind::kNodeProperty;
    change.key = KeyId{fact->fact.name};
    change.former = before;
  }
  changes->insert(changes->begin(), std::move(change));
}

void HistoryEraser::Restate(const Root& present,
                            std::vector<std::pair<Record*, std::vector<Change>>>* all) {
  rule_ = present.rule;
  for (const auto& [record, changes] : *all) {
    for (const Change& change : changes) {
      if (change.kind != Change::Kind::kRule) continue;
      if (rules_.empty() || rules_.back().first != record->time) {
        rules_.emplace_back(record->time, change.rule);
      }
    }
  }
  for (Restated& fact : restated_) {
    for (const auto& rule : rules_) fact.turns.insert(rule.first);
    const KeyId key{fact.fact.name};
    const bool of_value = fact.fact.kind == FactKind::kProperty;
    if (Erases(fact.entity) || (of_value && values_.contains({fact.entity.id(), key}))) continue;
    for (const auto& [record, changes] : *all) {
      for (const Change& change : changes) {
        const std::optional<Entity> entity = EntityOf(change);
        const bool concerned = entity && entity->id() == fact.entity.id();
        if (Loads(change, fact.entity) || (concerned && (change.kind == Change::Kind::kNodeMade ||
                                                         change.kind == Change::Kind::kEdgeMade))) {
          fact.made = record->time;
        } else if (concerned && (change.kind == Change::Kind::kNodeDeleted ||
                                 change.kind == Change::Kind::kEdgeDeleted)) {
          fact.deleted = record->time;
        }
      }
    }
    if (!fact.entity.is_relationship && present.Exists(fact.entity.node)) {
      const auto labels = present.LabelsOf(fact.entity.node)->labels();
      fact.labels.assign(labels.begin(), labels.end());
    }
    for (std::size_t i = all->size(); i-- > 0;) {
      Patch(&fact, (*all)[i].first->time, (*all)[i].first->part == 0, &(*all)[i].second);
    }
  }
}

Result<void> HistoryEraser::Rewrite(const Root& present, std::size_t own,
                                    std::vector<Record>* records) {
  std::vector<std::pair<Record*, std::vector<Change>>> all;
  for (std::size_t i = 0; i < records->size(); ++i) {
    KB_ASSIGN(std::vector<Change> changes, DecodeChanges((*records)[i].bytes));
    std::erase_if(changes, [&](const Change& change) {
      return Drops(change) || (i < own && IsErasedValue(change));
    });
    for (Change& change : changes) {
      if (IsErasedValue(change)) change.former = Value::Null();
    }
    all.emplace_back(&(*records)[i], std::move(changes));
  }
  Restate(present, &all);
  for (auto& [record, changes] : all) {
    std::string bytes;
    for (const Change& change : changes) PutChange(&bytes, change);
    record->changed = bytes != record->bytes;
    record->bytes = std::move(bytes);
  }
  return {};
}

}  // namespace kb::storage
