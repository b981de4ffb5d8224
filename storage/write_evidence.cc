// The evidence side of a transaction: statements are added, never overwritten, and what holds is
// decided anew for the fact they are about.
#include <algorithm>
#include <utility>

#include "storage/codec.h"
#include "storage/key.h"
#include "storage/write.h"

namespace kb::storage {

EvidenceWriter& EvidenceOf(Transaction& transaction) {
  return static_cast<TransactionImpl&>(transaction);
}

void TransactionImpl::Testify(const Testimony* testimony) {
  testimony_ = testimony == nullptr ? std::nullopt : std::optional<Testimony>(*testimony);
}

Result<NodeId> TransactionImpl::Source(std::string_view id) {
  KB_TRY(CheckOpen());
  KB_ASSIGN(const LabelId label, Label("Source"));
  KB_ASSIGN(const KeyId key, Key("id"));
  editor_.IndexSources();
  if (const auto found = FindSource(View(editor_.Share()), id)) return *found;
  const auto testimony = std::exchange(testimony_, std::nullopt);
  const std::vector<LabelId> labels{label};
  const std::vector<std::pair<KeyId, Value>> properties{{key, Value::String(id)}};
  auto made = CreateNode(labels, properties);
  testimony_ = testimony;
  return made;
}

bool TransactionImpl::HasStatements(const Entity& entity) const {
  const auto& evidence = editor_.root().evidence;
  return evidence && evidence->HasAny(entity);
}

std::vector<const Statement*> TransactionImpl::StatementsOf(const Entity& entity,
                                                            const Fact& fact) const {
  std::vector<const Statement*> found;
  const auto& evidence = editor_.root().evidence;
  if (!evidence) return found;
  evidence->ForEachOf(entity, [&](const Statement& statement) {
    if (statement.fact == fact && statement.withdrawn == 0) found.push_back(&statement);
  });
  return found;
}

std::optional<Value> TransactionImpl::HoldsNow(const Entity& entity, const Fact& fact) const {
  const Root& root = editor_.root();
  Value value;
  switch (fact.kind) {
    case FactKind::kExistence:
      value = Value::Boolean(true);
      break;
    case FactKind::kLabel:
      if (root.LabelsOf(entity.node)->Has(LabelId{static_cast<std::uint16_t>(fact.name)})) {
        value = Value::Boolean(true);
      }
      break;
    case FactKind::kSame:
    case FactKind::kDistinct:
      break;
    case FactKind::kProperty:
      value = entity.is_relationship ? PropertyOf(root, entity.relationship.type,
                                                  entity.relationship.edge, KeyId{fact.name})
                                     : PropertyOf(root, entity.node, KeyId{fact.name});
      break;
  }
  if (value.is_null()) return std::nullopt;
  return value;
}

void TransactionImpl::AddStatement(const Entity& entity, const Fact& fact, const Value& value,
                                   const Testimony* testimony) {
  auto statement = std::make_shared<Statement>();
  statement->entity = entity;
  statement->fact = fact;
  statement->value = value;
  statement->plain = testimony == nullptr;
  if (testimony != nullptr) statement->testimony = *testimony;
  PutNewStatement(std::move(statement));
}

void TransactionImpl::PutNewStatement(std::shared_ptr<Statement> statement) {
  const auto& evidence = editor_.root().evidence;
  statement->id = evidence ? evidence->next_id() : 1;
  statement->recorded = std::max(NowMicros(), editor_.root().recorded + 1);
  editor_.PutStatement(statement);
  statements_.push_back(std::move(statement));
}

void TransactionImpl::EndStatement(const Statement& ended, std::string_view because) {
  auto statement = std::make_shared<Statement>(ended);
  statement->withdrawn = std::max(NowMicros(), statement->recorded + 1);
  statement->because = because;
  editor_.PutStatement(statement);
  statements_.push_back(std::move(statement));
}

Result<void> TransactionImpl::State(const Entity& entity, const Fact& fact, const Value& value,
                                    bool is_new) {
  const Testimony testimony = *testimony_;
  if (!testimony.at.is_null()) {
    for (const auto& entry : testimony.at.map()) KB_TRY(CheckStorable(entry.second));
  }
  if (!editor_.root().Exists(testimony.source)) {
    return NotFoundError("the source of a statement does not exist (any more)")
        .Detail("DeletedEntityAccess");
  }
  // What held until now without a statement is its writer's assertion, and stays one.
  if (!is_new && StatementsOf(entity, fact).empty()) {
    if (const auto held = HoldsNow(entity, fact)) AddStatement(entity, fact, *held, nullptr);
  }
  AddStatement(entity, fact, value, &testimony);
  return Redecide(entity, fact);
}

bool TransactionImpl::Assert(const Entity& entity, const Fact& fact, const Value& value) {
  if (!HasStatements(entity)) return false;
  const std::vector<const Statement*> statements = StatementsOf(entity, fact);
  if (statements.empty()) return false;
  for (const Statement* statement : statements) {
    if (statement->plain) EndStatement(*statement, {});
  }
  AddStatement(entity, fact, value, nullptr);
  return true;
}

Result<void> TransactionImpl::StateExistence(const Entity& entity) {
  KB_TRY(CheckOpen());
  if (!testimony_) return {};
  return State(RecordOf(entity), {FactKind::kExistence, 0}, Value::Boolean(true), false);
}

Result<void> TransactionImpl::Redecide(const Entity& entity, const Fact& fact) {
  const std::optional<Value> decided = Decide(StatementsOf(entity, fact), editor_.root().rule);
  const bool is_so = decided && decided->is_boolean() && decided->boolean();
  switch (fact.kind) {
    case FactKind::kExistence:
      return is_so ? Result<void>() : RemoveEntity(entity);
    case FactKind::kLabel:
      ChangeLabels(entity.node, LabelId{static_cast<std::uint16_t>(fact.name)}, is_so);
      return {};
    case FactKind::kSame:
    case FactKind::kDistinct:
      return {};
    case FactKind::kProperty:
      break;
  }
  const Value value = decided.value_or(Value::Null());
  const auto held = HoldsNow(entity, fact);
  if (held && decided && EncodeValue(*held) == EncodeValue(value)) return {};
  if (entity.is_relationship) {
    PutProperty(entity.relationship, KeyId{fact.name}, value);
  } else {
    PutProperty(entity.node, KeyId{fact.name}, value);
  }
  return {};
}

/// Nothing says any more that it exists: it goes, with the relationships that hang on it.
Result<void> TransactionImpl::RemoveEntity(const Entity& entity) {
  if (entity.is_relationship) return DeleteRelationship(entity.relationship);
  for (const RelationshipRef& ref : AttachedTo(View(editor_.Share()), entity.node))
    KB_TRY(DeleteRelationship(ref));
  return DeleteNode(entity.node);
}

Result<void> TransactionImpl::Withdraw(std::uint64_t id, std::string_view because) {
  KB_TRY(CheckOpen());
  const auto& evidence = editor_.root().evidence;
  const Statement* found = evidence ? evidence->Find(id) : nullptr;
  if (found == nullptr || found->plain || IsJudgement(*found)) {
    return NotFoundError("there is no statement {}", id)
        .Hint("statements(n) lists those about n, with their numbers");
  }
  if (found->withdrawn != 0) return {};
  const Entity entity = found->entity;
  const Fact fact = found->fact;
  EndStatement(*found, because);
  const bool is_there = entity.is_relationship ? HasEdge(editor_.root(), entity.relationship)
                                               : editor_.root().Exists(entity.node);
  return is_there ? Redecide(entity, fact) : Result<void>();
}

Result<std::uint64_t> TransactionImpl::SetRule(Rule rule) {
  KB_TRY(CheckOpen());
  if (logged_) log_.entries.emplace_back(MetaKey("rule"), EncodeRule(rule));
  changes_.RuleChanged(editor_.root().rule);
  editor_.SetRule(std::move(rule));
  std::uint64_t count = 0;
  const Cow<Evidence> evidence = editor_.root().evidence;
  if (!evidence) return count;
  // Once for each fact that has several statements: with the first of them.
  std::vector<std::pair<Entity, Fact>> argued;
  evidence->ForEach([&](const Statement& statement) {
    if (statement.withdrawn != 0 || IsJudgement(statement)) return;
    const auto all = StatementsOf(statement.entity, statement.fact);
    if (all.size() > 1 && all.front()->id == statement.id) {
      argued.emplace_back(statement.entity, statement.fact);
    }
  });
  for (const auto& [entity, fact] : argued) {
    const bool is_there = entity.is_relationship ? HasEdge(editor_.root(), entity.relationship)
                                                 : editor_.root().Exists(entity.node);
    if (!is_there) continue;
    ++count;
    KB_TRY(Redecide(entity, fact));
  }
  return count;
}

void TransactionImpl::LogStatements(std::int64_t time) {
  for (const auto& statement : statements_) {
    // Those of this transaction are recorded, or withdrawn, when it commits. An earlier copy of a
    // statement that was changed here again has been replaced.
    if (statement->recorded > editor_.root().recorded) statement->recorded = time;
    if (statement->withdrawn != 0) statement->withdrawn = time;
  }
  if (!logged_) return;
  for (const auto& statement : statements_) {
    if (editor_.root().evidence->Find(statement->id) == nullptr) continue;  // Erased since.
    log_.entries.emplace_back(StatementKey(statement->id), EncodeStatement(*statement));
  }
}

}  // namespace kb::storage
