#include "query/algo/evidence.h"

#include <map>
#include <set>
#include <tuple>

#include "query/algo/view_map.h"
#include "query/functions/statement_values.h"
#include "storage/evidence.h"

namespace kb::query::algo {
namespace {

using functions::SourceOf;
using functions::TextOrNull;
using functions::TimeOf;
using schema::Value;
using storage::Entity;
using storage::FactKind;
using storage::Statement;

Value ElementOf(const Entity& entity) {
  return entity.is_relationship ? Value::Relationship(entity.relationship)
                                : Value::Node(entity.node);
}

std::string_view KindOf(storage::Difference::Kind kind) {
  switch (kind) {
    case storage::Difference::Kind::kNode:
      return "node";
    case storage::Difference::Kind::kRelationship:
      return "relationship";
    case storage::Difference::Kind::kLabel:
      return "label";
    case storage::Difference::Kind::kProperty:
      return "property";
  }
  return "";
}

/// "added", "removed" or "changed".
std::string_view ChangeOf(const storage::Difference& difference) {
  const auto absent = [](const Value& value) {
    return value.is_null() || (value.is_boolean() && !value.boolean());
  };
  const bool is_value = difference.kind == storage::Difference::Kind::kProperty;
  const bool was = is_value ? !difference.before.is_null() : !absent(difference.before);
  const bool is = is_value ? !difference.after.is_null() : !absent(difference.after);
  if (was && is) return "changed";
  return is ? "added" : "removed";
}

}  // namespace

Result<void> DifferencesBetween(const Call& call) {
  KB_ASSIGN(const std::int64_t from, SystemTimeOf(call.arguments[0], "`from` of kb.diff"));
  KB_ASSIGN(const std::int64_t to, SystemTimeOf(call.arguments[1], "`to` of kb.diff"));
  return storage::CompareViews(
      call.view, from, to, [&](const storage::Difference& difference) -> Result<void> {
        const bool is_value = difference.kind == storage::Difference::Kind::kProperty;
        return call.emit(
            {Value::String(ChangeOf(difference)), Value::String(KindOf(difference.kind)),
             Value::Integer(static_cast<std::int64_t>(difference.entity.is_relationship
                                                          ? difference.entity.relationship.id()
                                                          : schema::Raw(difference.entity.node))),
             difference.name.empty() ? Value::Null() : Value::String(difference.name),
             is_value ? difference.before : Value::Null(),
             is_value ? difference.after : Value::Null()});
      });
}

Result<void> SingleSourced(const Call& call) {
  struct Hanging {
    const Statement* statement = nullptr;
    bool on_one = true;
  };
  std::map<std::tuple<std::uint64_t, FactKind, std::uint32_t>, Hanging> facts;
  storage::ForEachStatement(call.view, false, [&](const Statement& s) {
    Hanging& hanging = facts[{s.entity.id(), s.fact.kind, s.fact.name}];
    if (s.plain || (hanging.statement != nullptr &&
                    hanging.statement->testimony.source != s.testimony.source)) {
      hanging.on_one = false;
    }
    hanging.statement = &s;
  });
  const storage::View records = storage::RecordsOf(call.view);
  for (const auto& entry : facts) {
    const Statement& s = *entry.second.statement;
    const bool is_there = s.entity.is_relationship ? records.Exists(s.entity.relationship)
                                                   : records.Exists(s.entity.node);
    if (!entry.second.on_one || !is_there) continue;
    Value key;
    if (s.fact.kind == FactKind::kProperty) {
      key = Value::String(call.view.catalog().Name(storage::KeyId{s.fact.name}));
    } else if (s.fact.kind == FactKind::kLabel) {
      const storage::LabelId label{static_cast<std::uint16_t>(s.fact.name)};
      key = Value::String(":" + std::string(call.view.catalog().Name(label)));
    }
    KB_TRY(call.emit(
        {ElementOf(storage::AsSeen(call.view, s.entity)), std::move(key), SourceOf(call.view, s)}));
  }
  return {};
}

Result<void> Erasures(const Call& call) {
  Result<void> outcome;
  storage::ForEachErasure(call.view, [&](const storage::Erasure& erasure) {
    if (!outcome.ok()) return;
    const bool of_statement = erasure.kind == storage::Erasure::Kind::kStatement;
    const bool of_value = erasure.kind == storage::Erasure::Kind::kProperty;
    const std::uint64_t element = erasure.entity.is_relationship
                                      ? erasure.entity.relationship.id()
                                      : std::uint64_t{schema::Raw(erasure.entity.node)};
    outcome =
        call.emit({Value::Integer(static_cast<std::int64_t>(erasure.id)),
                   Value::String(storage::NameOf(erasure.kind)),
                   Value::Integer(static_cast<std::int64_t>(element)),
                   of_value ? Value::String(call.view.catalog().Name(erasure.key)) : Value::Null(),
                   of_statement ? Value::Integer(static_cast<std::int64_t>(erasure.statement))
                                : Value::Null(),
                   TimeOf(erasure.recorded), TextOrNull(erasure.because)});
  });
  return outcome;
}

Result<void> Judgements(const Call& call) {
  Result<void> outcome;
  storage::ForEachJudgement(call.view, true, [&](const Statement& statement, bool in_force) {
    if (!outcome.ok()) return;
    const storage::Judgement judgement = storage::JudgementOf(statement);
    outcome = call.emit(
        {Value::Integer(static_cast<std::int64_t>(judgement.id)),
         Value::String(judgement.same ? "same" : "distinct"), Value::Node(judgement.a),
         Value::Node(judgement.b), TextOrNull(judgement.because), TextOrNull(judgement.by),
         SourceOf(call.view, statement), Value::Boolean(in_force), TimeOf(statement.recorded),
         TimeOf(statement.withdrawn), TextOrNull(statement.because)});
  });
  return outcome;
}

Result<void> WhySame(const Call& call) {
  if (!call.arguments[0].is_node() || !call.arguments[1].is_node()) return {};
  const auto chain =
      storage::WhySame(call.view, call.arguments[0].node(), call.arguments[1].node());
  for (const Statement* statement : chain) {
    const storage::Judgement judgement = storage::JudgementOf(*statement);
    KB_TRY(call.emit({Value::Integer(static_cast<std::int64_t>(judgement.id)),
                      Value::Node(judgement.a), Value::Node(judgement.b),
                      TextOrNull(judgement.because), TextOrNull(judgement.by),
                      SourceOf(call.view, *statement), TimeOf(statement->recorded)}));
  }
  return {};
}

}  // namespace kb::query::algo
