// The erasing side of a transaction. What is erased leaves the root at once, like what is deleted;
// the past is put right when the transaction commits.
#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "storage/codec.h"
#include "storage/erase.h"
#include "storage/key.h"
#include "storage/write.h"

namespace kb::storage {

std::size_t TransactionImpl::FormerErasures() const {
  const auto& base = editor_.root().base;
  return base && base->evidence ? base->evidence->erasures().size() : 0;
}

bool TransactionImpl::HasErased() const {
  const auto& evidence = editor_.root().evidence;
  return evidence && evidence->erasures().size() > FormerErasures();
}

void TransactionImpl::MarkErased(Erasure erasure, std::string_view because) {
  const auto& evidence = editor_.root().evidence;
  erasure.id = evidence ? evidence->erasures().size() + 1 : 1;
  erasure.because = because;
  erasure.recorded = std::max(NowMicros(), editor_.root().recorded + 1);
  editor_.AddErasure(std::move(erasure));
}

void TransactionImpl::DropStatements(const Entity& entity, const std::optional<Fact>& fact) {
  std::vector<std::uint64_t> dropped;
  if (editor_.root().evidence) {
    editor_.root().evidence->ForEachOf(entity, [&](const Statement& statement) {
      if (!fact || statement.fact == *fact) dropped.push_back(statement.id);
    });
  }
  for (const std::uint64_t id : dropped) editor_.RemoveStatement(id);
}

Result<void> TransactionImpl::Erase(const Entity& entity, std::string_view because) {
  KB_TRY(CheckOpen());
  if (entity.is_relationship) return EraseRecord(RecordOf(entity), because);
  for (const NodeId record : RecordsOf(entity.node)) {
    KB_TRY(EraseRecord(Entity::Of(record), because));
  }
  return {};
}

Result<void> TransactionImpl::EraseRecord(const Entity& entity, std::string_view because) {
  DropStatements(entity, std::nullopt);
  Erasure erasure;
  erasure.entity = entity;
  if (entity.is_relationship) {
    KB_TRY(DeleteRelationship(entity.relationship));
    erasure.kind = Erasure::Kind::kRelationship;
  } else {
    for (const RelationshipRef& ref : AttachedTo(View(editor_.Share()), entity.node)) {
      DropStatements(Entity::Of(ref), std::nullopt);
      KB_TRY(DeleteRelationship(ref));
    }
    KB_TRY(DeleteRecord(entity.node));
    erasure.kind = Erasure::Kind::kNode;
  }
  MarkErased(std::move(erasure), because);
  return {};
}

Result<void> TransactionImpl::Erase(const Entity& entity, KeyId key, std::string_view because) {
  KB_TRY(CheckOpen());
  if (entity.is_relationship) {
    const RelationshipRef record = RecordOf(entity.relationship);
    PutProperty(record, key, Value::Null());
    EraseValue(Entity::Of(record), key, because);
    return {};
  }
  std::vector<NodeId> records = RecordsOf(entity.node);
  if (records.size() > 1) {
    // Marks say what was erased, so a record that never had such a value gets none.
    std::vector<NodeId> concerned;
    for (const NodeId record : records) {
      KB_ASSIGN(const bool had, HadValue(record, key));
      if (had) concerned.push_back(record);
    }
    if (concerned.empty()) concerned.push_back(records.front());
    records = std::move(concerned);
  }
  for (const NodeId record : records) {
    PutProperty(record, key, Value::Null());
    EraseValue(Entity::Of(record), key, because);
  }
  return {};
}

/// Whether a record ever had the value: it has it, something was said of it, or it was taken away.
Result<bool> TransactionImpl::HadValue(NodeId record, KeyId key) {
  if (!PropertyOf(editor_.root(), record, key).is_null()) return true;
  const Fact fact{FactKind::kProperty, schema::Raw(key)};
  bool had = false;
  if (const auto& evidence = editor_.root().evidence) {
    evidence->ForEachOf(Entity::Of(record),
                        [&](const Statement& statement) { had = had || statement.fact == fact; });
  }
  if (had) return true;
  const auto note = [key](std::set<NodeId>* nodes) {
    return [key, nodes](const Change& change) {
      const bool lost = change.kind == Change::Kind::kNodeProperty && !change.former.is_null();
      if (lost && change.key == key) nodes->insert(change.node);
    };
  };
  // In this transaction: the log has it even if the record was made here.
  if (logged_) {
    const std::string wanted = NodePropertyDeltaKey(record, key);
    had = std::any_of(log_.entries.begin(), log_.entries.end(),
                      [&](const auto& entry) { return entry.first == wanted; });
  } else {
    std::set<NodeId> here;
    KB_TRY(changes_.ForEach(note(&here)));
    had = here.count(record) != 0;
  }
  if (had) return true;
  const auto [known, is_new] = had_.try_emplace(key);
  if (is_new) {
    KB_TRY(ends_.drain());  // What was committed before must be where the history is read from.
    const auto visit = note(&known->second);
    const Root& base = *editor_.root().base;
    KB_TRY(base.past->ForEachChange(-1, base.recorded,
                                    [&](std::int64_t, const Change& change) -> Result<void> {
                                      visit(change);
                                      return {};
                                    }));
  }
  return known->second.count(record) != 0;
}

void TransactionImpl::EraseValue(const Entity& entity, KeyId key, std::string_view because) {
  DropStatements(entity, Fact{FactKind::kProperty, schema::Raw(key)});
  Erasure erasure;
  erasure.kind = Erasure::Kind::kProperty;
  erasure.entity = entity;
  erasure.key = key;
  MarkErased(std::move(erasure), because);
}

Result<void> TransactionImpl::EraseStatement(std::uint64_t id, std::string_view because) {
  KB_TRY(CheckOpen());
  const auto& evidence = editor_.root().evidence;
  const Statement* found = evidence ? evidence->Find(id) : nullptr;
  if (found == nullptr || (found->plain && !IsJudgement(*found))) {
    return NotFoundError("there is no statement {}", id)
        .Hint("statements(n) lists those about n, with their numbers");
  }
  const Statement erased = *found;
  editor_.RemoveStatement(id);
  Erasure erasure;
  erasure.kind = Erasure::Kind::kStatement;
  erasure.entity = erased.entity;
  erasure.statement = id;
  MarkErased(std::move(erasure), because);
  if (IsJudgement(erased)) return {};
  bool stated = false;
  editor_.root().evidence->ForEachOf(
      erased.entity, [&](const Statement& other) { stated = stated || other.fact == erased.fact; });
  if (erased.fact.kind == FactKind::kExistence) {
    if (!stated) return EraseRecord(erased.entity, because);
  } else {
    erased_.push_back(erased);
  }
  const bool is_there = erased.entity.is_relationship
                            ? HasEdge(editor_.root(), erased.entity.relationship)
                            : editor_.root().Exists(erased.entity.node);
  return is_there && erased.withdrawn == 0 ? Redecide(erased.entity, erased.fact) : Result<void>();
}

Result<void> TransactionImpl::FinishErasures(std::int64_t time) {
  KB_TRY(ends_.drain());  // What was committed before must be where the history is read from.
  const std::size_t former = FormerErasures();
  editor_.StampErasures(former, time);
  HistoryEraser eraser;
  const std::vector<Erasure>& marks = editor_.root().evidence->erasures();
  for (std::size_t i = former; i < marks.size(); ++i) eraser.Add(marks[i]);

  // What was said of relationships that an erased node had once, and of its identity, goes too.
  std::vector<std::uint64_t> dropped;
  editor_.root().evidence->ForEach([&](const Statement& statement) {
    const bool of_other =
        IsJudgement(statement) && eraser.Erases(Entity::Of(NodeId{statement.fact.name}));
    if (of_other || eraser.Erases(statement.entity)) dropped.push_back(statement.id);
  });
  for (const std::uint64_t id : dropped) editor_.RemoveStatement(id);

  for (const Statement& erased : erased_) {
    const bool marked = std::any_of(
        marks.begin() + static_cast<std::ptrdiff_t>(former), marks.end(), [&](const Erasure& mark) {
          return mark.kind == Erasure::Kind::kStatement && mark.statement == erased.id;
        });
    if (!marked) continue;  // It was taken back.
    std::vector<Statement> rest;
    editor_.root().evidence->ForEachOf(erased.entity, [&](const Statement& other) {
      if (other.fact == erased.fact) rest.push_back(other);
    });
    eraser.AddStatement(erased, std::move(rest));
  }

  const Root& base = *editor_.root().base;
  KB_ASSIGN(auto history, base.past->Everything(base.recorded));
  std::vector<HistoryEraser::Record> records;
  for (auto& [recorded, bytes] : history) {
    const bool goes_on = !records.empty() && records.back().time == recorded;
    records.push_back({recorded, goes_on ? records.back().part + 1 : 0, std::move(bytes)});
  }
  const std::size_t own = records.size();
  for (std::size_t i = 0; i < log_.records.size(); ++i) {
    records.push_back({time, static_cast<std::uint32_t>(i), std::move(log_.records[i])});
  }
  KB_TRY(eraser.Rewrite(editor_.root(), own, &records));
  log_.records.clear();
  for (std::size_t i = 0; i < records.size(); ++i) {
    HistoryEraser::Record& record = records[i];
    if (i >= own) {
      log_.records.push_back(std::move(record.bytes));
    } else if (!logged_) {
      log_.history.emplace_back(record.time, std::move(record.bytes));
    } else if (record.changed) {
      log_.entries.emplace_back(HistoryKey(record.time, record.part), std::move(record.bytes));
    }
  }
  log_.erasures = marks.size();
  return {};
}

/// The marks, and the ends of statements; of each key only what it comes to, since what it was on
/// the way may have been erased.
void TransactionImpl::LogErasures() {
  const Evidence& evidence = *editor_.root().evidence;
  const auto& marks = evidence.erasures();
  for (std::size_t i = FormerErasures(); i < marks.size(); ++i) {
    log_.entries.emplace_back(ErasureKey(marks[i].id), EncodeErasure(marks[i]));
  }
  const auto& base = editor_.root().base->evidence;
  for (std::uint64_t id = 1; id < evidence.next_id(); ++id) {
    const bool was = base && base->Find(id) != nullptr;
    if (evidence.Find(id) == nullptr && (was || !base || id >= base->next_id())) {
      log_.entries.emplace_back(StatementKey(id), std::string());
    }
  }
  log_.entries.emplace_back(MetaKey("purge"), "1");
  std::unordered_map<std::string, std::size_t> last;
  for (std::size_t i = 0; i < log_.entries.size(); ++i) last[log_.entries[i].first] = i;
  std::vector<std::pair<std::string, std::string>> kept;
  for (std::size_t i = 0; i < log_.entries.size(); ++i) {
    if (last[log_.entries[i].first] == i) kept.push_back(std::move(log_.entries[i]));
  }
  log_.entries = std::move(kept);
}

}  // namespace kb::storage
