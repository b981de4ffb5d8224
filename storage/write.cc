#include "storage/write.h"

#include <algorithm>
#include <utility>

#include "schema/base/text.h"
#include "storage/catalog_store.h"
#include "storage/codec.h"
#include "storage/key.h"

namespace kb::storage {

namespace {

template <typename T>
Error Deleted(std::string_view what, T id) {
  return NotFoundError("{} {} does not exist (any more)", what, id).Detail("DeletedEntityAccess");
}

/// Whether storing one value where the other is would change anything.
bool IsSame(const Value& a, const Value& b) {
  return a.kind() == b.kind() && EncodeValue(a) == EncodeValue(b);
}

}  // namespace

TransactionImpl::TransactionImpl(const std::shared_ptr<const Root>& base, Allocator* allocator,
                                 bool logged, Ends ends)
    : editor_(std::make_shared<Root>(*base)),
      former_catalog_(base->catalog),
      allocator_(allocator),
      logged_(logged),
      ends_(std::move(ends)) {
  editor_.SetBase(base);
  notes_all_ = base->evidence && !base->evidence->judgements().empty();
  if (notes_all_) editor_.Watch(&edits_);
}

TransactionImpl::~TransactionImpl() { Rollback(); }

Result<void> TransactionImpl::CheckOpen() const {
  if (open_) return {};
  return ConflictError("the transaction is over").Hint("begin a new one");
}

Result<void> TransactionImpl::CheckNode(NodeId node) const {
  KB_TRY(CheckOpen());
  if (!editor_.root().Exists(node)) return Deleted("node", schema::Raw(node));
  return {};
}

// --- Names ---

void TransactionImpl::Adopt(schema::Catalog changed) {
  editor_.SetCatalog(std::make_shared<const schema::Catalog>(std::move(changed)));
}

Result<LabelId> TransactionImpl::Label(std::string_view name) {
  if (const auto found = catalog().FindLabel(name)) return *found;
  KB_TRY(CheckOpen());
  schema::Catalog changed = CopyCatalog();
  KB_ASSIGN(const LabelId id, changed.AddLabel(name));
  Adopt(std::move(changed));
  return id;
}

Result<TypeId> TransactionImpl::Type(std::string_view name) {
  if (const auto found = catalog().FindType(name)) return *found;
  KB_TRY(CheckOpen());
  schema::Catalog changed = CopyCatalog();
  KB_ASSIGN(const TypeId id, changed.AddType(name));
  Adopt(std::move(changed));
  return id;
}

Result<KeyId> TransactionImpl::Key(std::string_view name) {
  if (const auto found = catalog().FindKey(name)) return *found;
  KB_TRY(CheckOpen());
  schema::Catalog changed = CopyCatalog();
  KB_ASSIGN(const KeyId id, changed.AddKey(name));
  Adopt(std::move(changed));
  return id;
}

Result<void> TransactionImpl::CreateIndex(std::string name, LabelId label, KeyId key) {
  schema::IndexDefinition definition;
  definition.name = std::move(name);
  definition.subject.label = label;
  definition.subject.keys = {key};
  return CreateIndex(std::move(definition));
}

Result<void> TransactionImpl::CreateIndex(schema::IndexDefinition definition) {
  KB_TRY(CheckOpen());
  schema::Catalog changed = CopyCatalog();
  KB_ASSIGN(definition.id, changed.AddIndex(definition));
  Adopt(std::move(changed));
  editor_.AddIndex(definition);
  ++counters_.indexes_added;
  return {};
}

Result<void> TransactionImpl::DropIndex(std::string_view name) {
  KB_TRY(CheckOpen());
  schema::Catalog changed = CopyCatalog();
  const schema::IndexDefinition* definition = catalog().FindIndex(name);
  const IndexId id = definition == nullptr ? IndexId{} : definition->id;
  KB_TRY(changed.DropIndex(name));
  Adopt(std::move(changed));
  editor_.DropIndex(id);
  ++counters_.indexes_removed;
  return {};
}

Result<void> TransactionImpl::CreateConstraint(schema::ConstraintDefinition definition) {
  KB_TRY(CheckOpen());
  schema::Catalog changed = CopyCatalog();
  KB_TRY(changed.AddConstraint(definition));
  KB_TRY(VerifyConstraint(editor_.root(), definition));
  Adopt(std::move(changed));
  if (definition.IsUnique()) editor_.AddIndex(*catalog().FindIndex(definition.name));
  ++counters_.constraints_added;
  return {};
}

Result<void> TransactionImpl::DropConstraint(std::string_view name) {
  KB_TRY(CheckOpen());
  schema::Catalog changed = CopyCatalog();
  const schema::IndexDefinition* index = catalog().FindIndex(name);
  const std::optional<IndexId> id = index == nullptr ? std::nullopt : std::optional(index->id);
  KB_TRY(changed.DropConstraint(name));
  Adopt(std::move(changed));
  if (id) editor_.DropIndex(*id);
  ++counters_.constraints_removed;
  return {};
}

Result<void> TransactionImpl::CheckConstraints() {
  const Changed changed = std::exchange(touched_, {});
  if (changed.empty() || catalog().constraints().empty()) return {};
  return VerifyChanged(editor_.root(), changed);
}

// --- The log: absolute states ---

void TransactionImpl::LogNode(NodeId node) {
  if (!logged_) return;
  const LabelSet* labels = editor_.root().LabelsOf(node);
  log_.entries.emplace_back(NodeDeltaKey(node), labels == nullptr
                                                    ? EncodeNodeState(false, {})
                                                    : EncodeNodeState(true, labels->labels()));
}

void TransactionImpl::LogEdge(const RelationshipRef& ref, bool exists) {
  if (!logged_) return;
  log_.entries.emplace_back(EdgeDeltaKey(ref.type, ref.source, ref.target, ref.edge),
                            EncodeEdgeState(exists));
}

void TransactionImpl::PutProperty(NodeId node, KeyId key, const Value& value) {
  const Value former = PropertyOf(editor_.root(), node, key);
  // What is there already is not written again: a commit that changes nothing costs no sync.
  if (!value.is_null() && IsSame(former, value)) {
    ++counters_.properties_set;
    return;
  }
  if (!editor_.SetProperty(node, key, value)) return;
  Touch(node);
  ++counters_.properties_set;
  changes_.PropertyChanged(node, key, former);
  if (logged_) log_.entries.emplace_back(NodePropertyDeltaKey(node, key), EncodeValue(value));
}

void TransactionImpl::PutFirst(NodeId node, KeyId key, const Value& value) {
  if (!editor_.SetProperty(node, key, value)) return;
  ++counters_.properties_set;
  if (logged_) log_.entries.emplace_back(NodePropertyDeltaKey(node, key), EncodeValue(value));
}

void TransactionImpl::PutFirst(const RelationshipRef& ref, KeyId key, const Value& value) {
  if (!editor_.SetProperty(ref.type, ref.edge, key, value)) return;
  ++counters_.properties_set;
  if (logged_) {
    log_.entries.emplace_back(EdgePropertyDeltaKey(ref.type, ref.edge, key), EncodeValue(value));
  }
}

void TransactionImpl::PutProperty(const RelationshipRef& ref, KeyId key, const Value& value) {
  const Value former = PropertyOf(editor_.root(), ref.type, ref.edge, key);
  // What is there already is not written again: a commit that changes nothing costs no sync.
  if (!value.is_null() && IsSame(former, value)) {
    ++counters_.properties_set;
    return;
  }
  if (!editor_.SetProperty(ref.type, ref.edge, key, value)) return;
  Touch(ref);
  ++counters_.properties_set;
  changes_.PropertyChanged(ref, key, former);
  if (logged_) {
    log_.entries.emplace_back(EdgePropertyDeltaKey(ref.type, ref.edge, key), EncodeValue(value));
  }
}

// --- Nodes ---

Result<NodeId> TransactionImpl::CreateNode(std::span<const LabelId> labels,
                                           std::span<const std::pair<KeyId, Value>> properties) {
  KB_TRY(CheckOpen());
  for (const auto& property : properties) KB_TRY(CheckStorable(property.second));
  labels_.assign(labels.begin(), labels.end());
  std::sort(labels_.begin(), labels_.end());
  labels_.erase(std::unique(labels_.begin(), labels_.end()), labels_.end());
  KB_ASSIGN(const NodeId node, allocator_->NextNode(labels_));
  editor_.InsertNode(node, labels_);
  Touch(node);
  changes_.NodeMade(node);
  LogNode(node);
  ++counters_.nodes_created;
  counters_.labels_added += labels_.size();
  if (testimony_) {
    const Entity entity = Entity::Of(node);
    KB_TRY(State(entity, {FactKind::kExistence, 0}, Value::Boolean(true), true));
    const std::vector<LabelId> made = labels_;
    for (const LabelId label : made) {
      const Fact fact{FactKind::kLabel, schema::Raw(label)};
      KB_TRY(State(entity, fact, Value::Boolean(true), true));
    }
  }
  for (const auto& [key, value] : properties) {
    if (testimony_) {
      KB_TRY(SetProperty(node, key, value));
    } else {
      PutFirst(node, key, value);
    }
  }
  return node;
}

bool TransactionImpl::IsConnected(NodeId node) const {
  for (const Cow<TypeImage>& type : editor_.root().types) {
    for (std::size_t side = 0; type && side < 2; ++side) {
      if (type->adjacency[side] && FindSlice(*type->adjacency[side], node).size != 0) return true;
    }
  }
  return false;
}

Result<void> TransactionImpl::DeleteNode(NodeId node) {
  KB_TRY(CheckOpen());
  const std::vector<NodeId> records = RecordsOf(node);
  for (const NodeId record : records) {
    if (!IsConnected(record)) continue;
    return ConstraintError("node {} still has relationships", schema::Raw(node))
        .Detail("DeleteConnectedNode")
        .Hint("delete them first, or use DETACH DELETE");
  }
  for (const NodeId record : records) KB_TRY(DeleteRecord(record));
  return {};
}

/// The node has no relationships.
Result<void> TransactionImpl::DeleteRecord(NodeId node) {
  if (!editor_.root().Exists(node)) return {};
  const Counters before = counters_;
  for (std::size_t raw = 0; raw < editor_.root().node_columns.size(); ++raw) {
    PutProperty(node, KeyId{static_cast<std::uint32_t>(raw)}, Value::Null());
  }
  counters_ = before;
  const auto labels = editor_.root().LabelsOf(node)->labels();
  changes_.NodeDeleted(node, std::vector<LabelId>(labels.begin(), labels.end()));
  Assert(Entity::Of(node), {FactKind::kExistence, 0}, Value::Boolean(false));
  editor_.RemoveNode(node);
  LogNode(node);
  ++counters_.nodes_deleted;
  return {};
}

Result<void> TransactionImpl::SetProperty(NodeId node, KeyId key, const Value& value) {
  KB_TRY(CheckNode(node));
  KB_TRY(CheckStorable(value));
  const Fact fact{FactKind::kProperty, schema::Raw(key)};
  if (testimony_) return State(Entity::Of(node), fact, value, false);
  // What is removed must not show again as the value of another record.
  for (const NodeId record : value.is_null() ? RecordsOf(node) : std::vector<NodeId>{node}) {
    if (Assert(Entity::Of(record), fact, value)) {
      KB_TRY(Redecide(Entity::Of(record), fact));
    } else {
      PutProperty(record, key, value);
    }
  }
  return {};
}

void TransactionImpl::ChangeLabels(NodeId node, LabelId label, bool add) {
  const auto old = editor_.root().LabelsOf(node)->labels();
  labels_.assign(old.begin(), old.end());
  const auto at = std::lower_bound(labels_.begin(), labels_.end(), label);
  const bool has = at != labels_.end() && *at == label;
  if (has == add) return;
  const std::vector<LabelId> former = labels_;
  if (add) {
    labels_.insert(at, label);
    ++counters_.labels_added;
  } else {
    labels_.erase(at);
    ++counters_.labels_removed;
  }
  editor_.SetLabels(node, labels_);
  Touch(node);
  changes_.LabelsChanged(node, former);
  LogNode(node);
}

Result<void> TransactionImpl::AddLabel(NodeId node, LabelId label) {
  KB_TRY(CheckNode(node));
  const Fact fact{FactKind::kLabel, schema::Raw(label)};
  if (testimony_) return State(Entity::Of(node), fact, Value::Boolean(true), false);
  if (Assert(Entity::Of(node), fact, Value::Boolean(true))) {
    return Redecide(Entity::Of(node), fact);
  }
  ChangeLabels(node, label, true);
  return {};
}

Result<void> TransactionImpl::RemoveLabel(NodeId node, LabelId label) {
  KB_TRY(CheckNode(node));
  const Fact fact{FactKind::kLabel, schema::Raw(label)};
  for (const NodeId record : RecordsOf(node)) {
    if (Assert(Entity::Of(record), fact, Value::Boolean(false))) {
      KB_TRY(Redecide(Entity::Of(record), fact));
    } else {
      ChangeLabels(record, label, false);
    }
  }
  return {};
}

// --- Relationships ---

Result<RelationshipRef> TransactionImpl::CreateRelationship(
    NodeId source, TypeId type, NodeId target,
    std::span<const std::pair<KeyId, Value>> properties) {
  KB_TRY(CheckNode(source));
  KB_TRY(CheckNode(target));
  for (const auto& property : properties) KB_TRY(CheckStorable(property.second));
  KB_ASSIGN(const EdgeId edge, allocator_->NextEdge(type));
  const RelationshipRef ref{type, edge, source, target};
  editor_.InsertEdge(ref);
  Touch(ref);
  changes_.EdgeMade(ref);
  LogEdge(ref, true);
  ++counters_.relationships_created;
  if (testimony_) {
    KB_TRY(State(Entity::Of(ref), {FactKind::kExistence, 0}, Value::Boolean(true), true));
  }
  for (const auto& [key, value] : properties) {
    if (testimony_) {
      KB_TRY(SetProperty(ref, key, value));
    } else {
      PutFirst(ref, key, value);
    }
  }
  return AsSeen(ref);
}

Result<void> TransactionImpl::SetProperty(const RelationshipRef& seen, KeyId key,
                                          const Value& value) {
  KB_TRY(CheckOpen());
  const RelationshipRef ref = RecordOf(seen);
  if (!HasEdge(editor_.root(), ref)) return Deleted("relationship", ref.id());
  KB_TRY(CheckStorable(value));
  const Fact fact{FactKind::kProperty, schema::Raw(key)};
  if (testimony_) return State(Entity::Of(ref), fact, value, false);
  if (Assert(Entity::Of(ref), fact, value)) return Redecide(Entity::Of(ref), fact);
  PutProperty(ref, key, value);
  return {};
}

Result<void> TransactionImpl::DeleteRelationship(const RelationshipRef& seen) {
  KB_TRY(CheckOpen());
  const RelationshipRef ref = RecordOf(seen);
  if (!HasEdge(editor_.root(), ref)) return {};
  const Counters before = counters_;
  std::vector<KeyId> keys;
  for (const auto& column : editor_.root().FindType(ref.type)->columns) {
    keys.push_back(column.first);
  }
  for (const KeyId key : keys) PutProperty(ref, key, Value::Null());
  counters_ = before;
  changes_.EdgeDeleted(ref);
  Assert(Entity::Of(ref), {FactKind::kExistence, 0}, Value::Boolean(false));
  editor_.RemoveEdge(ref);
  LogEdge(ref, false);
  ++counters_.relationships_deleted;
  return {};
}

// --- Ends ---

void TransactionImpl::RollbackTo(const Savepoint& savepoint) {
  if (!open_) return;
  editor_.Reset(savepoint.root);
  log_.entries.resize(savepoint.edit_count);
  changes_.Truncate(savepoint.change_mark);
  statements_.resize(savepoint.statement_count);
  testimony_.reset();
  StartAgain();
  counters_ = savepoint.counters;
}

Result<void> TransactionImpl::Commit() {
  KB_TRY(CheckOpen());
  if (const Result<void> kept = CheckConstraints(); !kept.ok()) {
    Rollback();
    return kept.error();
  }
  open_ = false;
  const bool names_changed = editor_.root().catalog != former_catalog_;
  if (names_changed && logged_) {
    log_.entries.emplace_back(MetaKey("catalog"), EncodeCatalog(catalog()));
  }
  const std::shared_ptr<const Root> base = editor_.root().base;
  const bool recorded = !changes_.empty() || !statements_.empty() || HasErased();
  if (recorded) {
    // Later than every commit before, whatever the clock does.
    const std::int64_t time = std::max(NowMicros(), base->recorded + 1);
    LogStatements(time);
    log_.records = changes_.Take();
    if (HasErased()) {
      if (Result<void> finished = FinishErasures(time); !finished.ok()) {
        ends_.rollback();
        return finished;
      }
    }
    // A commit that only states things has a time too, which must be found again.
    if (log_.records.empty()) log_.records.emplace_back();
    if (logged_) {
      for (std::size_t i = 0; i < log_.records.size(); ++i) {
        log_.entries.emplace_back(HistoryKey(time, static_cast<std::uint32_t>(i)), log_.records[i]);
      }
      log_.records.clear();
    }
    editor_.SetRecorded(time);
    if (logged_ && HasErased()) LogErasures();
  }
  editor_.SetBase(nullptr);
  log_.base = base;
  if (notes_all_) log_.edits = std::make_shared<const Edits>(std::move(edits_));
  return ends_.commit(editor_.Share(), log_, names_changed || recorded || counters_.any());
}

void TransactionImpl::Rollback() {
  if (!open_) return;
  open_ = false;
  ends_.rollback();
}

}  // namespace kb::storage
