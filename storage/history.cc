#include "storage/history.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "storage/codec.h"
#include "storage/disk.h"
#include "storage/image/editor.h"
#include "storage/key.h"

namespace kb::storage {

namespace {

constexpr std::size_t kRecordBytes = 64 << 10;
constexpr std::size_t kRootsMax = 8;

void PutKind(std::string* out, Change::Kind kind) { out->push_back(static_cast<char>(kind)); }

void PutLabels(std::string* out, std::span<const LabelId> labels) {
  PutVarint(out, labels.size());
  for (const LabelId label : labels) PutVarint(out, schema::Raw(label));
}

void PutRef(std::string* out, const RelationshipRef& ref) {
  PutVarint(out, schema::Raw(ref.type));
  PutVarint(out, schema::Raw(ref.edge));
  PutVarint(out, schema::Raw(ref.source));
  PutVarint(out, schema::Raw(ref.target));
}

std::uint32_t ReadId(ByteReader* in) {
  return static_cast<std::uint32_t>(in->VarintUpTo(0xFFFF'FFFFu));
}

RelationshipRef ReadRef(ByteReader* in) {
  RelationshipRef ref;
  ref.type = TypeId{static_cast<std::uint16_t>(in->VarintUpTo(0xFFFF))};
  ref.edge = EdgeId{ReadId(in)};
  ref.source = NodeId{ReadId(in)};
  ref.target = NodeId{ReadId(in)};
  return ref;
}

std::vector<LabelId> ReadLabels(ByteReader* in) {
  std::vector<LabelId> labels(static_cast<std::size_t>(in->VarintUpTo(in->remaining())));
  for (LabelId& label : labels) label = LabelId{static_cast<std::uint16_t>(in->VarintUpTo(0xFFFF))};
  return labels;
}

}  // namespace

std::int64_t NowMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// --- Writing ---

void ChangeLog::AddTo(Ranges* ranges, std::uint32_t id) {
  auto at = ranges->upper_bound(id);
  if (at != ranges->begin() && std::prev(at)->second == id) {
    std::prev(at)->second = id + 1;
  } else {
    ranges->emplace_hint(at, id, id + 1);
  }
}

bool ChangeLog::IsIn(const Ranges& ranges, std::uint32_t id) {
  const auto at = ranges.upper_bound(id);
  return at != ranges.begin() && id < std::prev(at)->second;
}

bool ChangeLog::Made(const RelationshipRef& ref) const {
  const auto found = edges_.find(ref.type);
  return found != edges_.end() && IsIn(found->second, schema::Raw(ref.edge));
}

void ChangeLog::Cut() {
  const std::size_t begin = cuts_.empty() ? 0 : cuts_.back();
  if (bytes_.size() - begin > kRecordBytes) cuts_.push_back(bytes_.size());
}

void ChangeLog::NodeMade(NodeId node) {
  Cut();
  AddTo(&nodes_, schema::Raw(node));
  PutKind(&bytes_, Change::Kind::kNodeMade);
  PutVarint(&bytes_, schema::Raw(node));
}

void ChangeLog::NodeDeleted(NodeId node, std::span<const LabelId> labels) {
  Cut();
  PutKind(&bytes_, Change::Kind::kNodeDeleted);
  PutVarint(&bytes_, schema::Raw(node));
  PutLabels(&bytes_, labels);
}

void ChangeLog::LabelsChanged(NodeId node, std::span<const LabelId> former) {
  if (IsIn(nodes_, schema::Raw(node))) return;
  Cut();
  PutKind(&bytes_, Change::Kind::kLabels);
  PutVarint(&bytes_, schema::Raw(node));
  PutLabels(&bytes_, former);
}

void ChangeLog::PropertyChanged(NodeId node, KeyId key, const Value& former) {
  if (IsIn(nodes_, schema::Raw(node))) return;
  Cut();
  PutKind(&bytes_, Change::Kind::kNodeProperty);
  PutVarint(&bytes_, schema::Raw(node));
  PutVarint(&bytes_, schema::Raw(key));
  PutValue(&bytes_, former);
}

void ChangeLog::EdgeMade(const RelationshipRef& ref) {
  Cut();
  AddTo(&edges_[ref.type], schema::Raw(ref.edge));
  PutKind(&bytes_, Change::Kind::kEdgeMade);
  PutRef(&bytes_, ref);
}

void ChangeLog::EdgeDeleted(const RelationshipRef& ref) {
  Cut();
  PutKind(&bytes_, Change::Kind::kEdgeDeleted);
  PutRef(&bytes_, ref);
}

void ChangeLog::PropertyChanged(const RelationshipRef& ref, KeyId key, const Value& former) {
  if (Made(ref)) return;
  Cut();
  PutKind(&bytes_, Change::Kind::kEdgeProperty);
  PutRef(&bytes_, ref);
  PutVarint(&bytes_, schema::Raw(key));
  PutValue(&bytes_, former);
}

void ChangeLog::RuleChanged(const Rule& former) {
  Cut();
  PutKind(&bytes_, Change::Kind::kRule);
  PutBytes(&bytes_, EncodeRule(former));
}

void ChangeLog::NodesLoaded(NodeId first, std::uint32_t count) {
  Cut();
  PutKind(&bytes_, Change::Kind::kNodesLoaded);
  PutVarint(&bytes_, schema::Raw(first));
  PutVarint(&bytes_, count);
}

void ChangeLog::EdgesLoaded(TypeId type, EdgeId first, std::uint64_t count) {
  Cut();
  PutKind(&bytes_, Change::Kind::kEdgesLoaded);
  PutRef(&bytes_, {type, first, {}, {}});
  PutVarint(&bytes_, count);
}

void ChangeLog::Truncate(std::size_t mark) {
  bytes_.resize(mark);
  while (!cuts_.empty() && cuts_.back() >= mark) cuts_.pop_back();
}

std::vector<std::string> ChangeLog::Take() {
  std::vector<std::string> records;
  if (bytes_.empty()) return records;
  std::size_t begin = 0;
  for (const std::size_t cut : cuts_) {
    records.push_back(bytes_.substr(begin, cut - begin));
    begin = cut;
  }
  records.push_back(begin == 0 ? std::move(bytes_) : bytes_.substr(begin));
  bytes_.clear();
  cuts_.clear();
  return records;
}

void PutChange(std::string* out, const Change& change) {
  PutKind(out, change.kind);
  switch (change.kind) {
    case Change::Kind::kNodeMade:
      return PutVarint(out, schema::Raw(change.node));
    case Change::Kind::kNodeDeleted:
    case Change::Kind::kLabels:
      PutVarint(out, schema::Raw(change.node));
      return PutLabels(out, change.labels);
    case Change::Kind::kNodeProperty:
      PutVarint(out, schema::Raw(change.node));
      PutVarint(out, schema::Raw(change.key));
      return PutValue(out, change.former);
    case Change::Kind::kEdgeMade:
    case Change::Kind::kEdgeDeleted:
      return PutRef(out, change.ref);
    case Change::Kind::kEdgeProperty:
      PutRef(out, change.ref);
      PutVarint(out, schema::Raw(change.key));
      return PutValue(out, change.former);
    case Change::Kind::kNodesLoaded:
      PutVarint(out, schema::Raw(change.node));
      return PutVarint(out, change.count);
    case Change::Kind::kEdgesLoaded:
      PutRef(out, change.ref);
      return PutVarint(out, change.count);
    case Change::Kind::kRule:
      return PutBytes(out, EncodeRule(change.rule));
  }
}

// --- Reading ---

Result<std::vector<Change>> DecodeChanges(std::string_view record) {
  std::vector<Change> changes;
  ByteReader in(record);
  while (in.remaining() > 0 && !in.failed()) {
    Change change;
    change.kind = static_cast<Change::Kind>(in.Byte());
    switch (change.kind) {
      case Change::Kind::kNodeMade:
        change.node = NodeId{ReadId(&in)};
        break;
      case Change::Kind::kNodeDeleted:
      case Change::Kind::kLabels:
        change.node = NodeId{ReadId(&in)};
        change.labels = ReadLabels(&in);
        break;
      case Change::Kind::kNodeProperty:
        change.node = NodeId{ReadId(&in)};
        change.key = KeyId{ReadId(&in)};
        change.former = ReadValue(&in);
        break;
      case Change::Kind::kEdgeMade:
      case Change::Kind::kEdgeDeleted:
        change.ref = ReadRef(&in);
        break;
      case Change::Kind::kEdgeProperty:
        change.ref = ReadRef(&in);
        change.key = KeyId{ReadId(&in)};
        change.former = ReadValue(&in);
        break;
      case Change::Kind::kNodesLoaded:
        change.node = NodeId{ReadId(&in)};
        change.count = in.VarintUpTo(0xFFFF'FFFFu);
        break;
      case Change::Kind::kEdgesLoaded:
        change.ref = ReadRef(&in);
        change.count = in.VarintUpTo(0xFFFF'FFFFu);
        break;
      case Change::Kind::kRule: {
        KB_ASSIGN(change.rule, DecodeRule(in.Bytes()));
        break;
      }
      default:
        in.Fail();
    }
    changes.push_back(std::move(change));
  }
  KB_TRY(in.Finish("a record of the history"));
  return changes;
}

namespace {

/// Takes back changes on a root of its own.
class Undoer {
 public:
  explicit Undoer(const Root& root) : editor_(std::make_shared<Root>(root)) { editor_.Isolate(); }

  void Undo(const Change& change) {
    switch (change.kind) {
      case Change::Kind::kNodeMade:
        RemoveNode(change.node);
        return;
      case Change::Kind::kNodeDeleted:
        editor_.InsertNode(change.node, change.labels);
        return;
      case Change::Kind::kLabels:
        editor_.SetLabels(change.node, change.labels);
        return;
      case Change::Kind::kNodeProperty:
        editor_.SetProperty(change.node, change.key, change.former);
        return;
      case Change::Kind::kEdgeMade:
        RemoveEdge(change.ref);
        return;
      case Change::Kind::kEdgeDeleted:
        editor_.InsertEdge(change.ref);
        return;
      case Change::Kind::kEdgeProperty:
        editor_.SetProperty(change.ref.type, change.ref.edge, change.key, change.former);
        return;
      case Change::Kind::kNodesLoaded:
        for (std::uint64_t i = 0; i < change.count; ++i) {
          RemoveNode(NodeId{static_cast<std::uint32_t>(schema::Raw(change.node) + i)});
        }
        return;
      case Change::Kind::kEdgesLoaded:
        RemoveLoaded(change);
        return;
      case Change::Kind::kRule:
        editor_.SetRule(change.rule);
        return;
    }
  }

  /// Without its history: what the history keeps must not keep the history.
  std::shared_ptr<const Root> Finish(std::int64_t time) {
    editor_.SetRecorded(time);
    editor_.SetPast(nullptr);
    return editor_.Share();
  }

 private:
  void RemoveNode(NodeId node) {
    if (!editor_.root().Exists(node)) return;
    for (std::size_t raw = 0; raw < editor_.root().node_columns.size(); ++raw) {
      editor_.SetProperty(node, KeyId{static_cast<std::uint32_t>(raw)}, Value::Null());
    }
    editor_.RemoveNode(node);
  }

  void RemoveEdge(const RelationshipRef& ref) {
    const TypeImage* type = editor_.root().FindType(ref.type);
    if (type == nullptr) return;
    std::vector<KeyId> keys;
    for (const auto& column : type->columns) keys.push_back(column.first);
    for (const KeyId key : keys) editor_.SetProperty(ref.type, ref.edge, key, Value::Null());
    editor_.RemoveEdge(ref);
  }

  void RemoveLoaded(const Change& change) {
    const TypeImage* type = editor_.root().FindType(change.ref.type);
    if (type == nullptr || !type->adjacency[0]) return;
    const std::uint64_t first = schema::Raw(change.ref.edge);
    std::vector<RelationshipRef> loaded;
    type->adjacency[0]->ForEach([&](std::uint32_t number, const Leaf& leaf) {
      for (std::uint32_t row = 0; row < kLeafNodes; ++row) {
        const Slice& list = leaf[row];
        for (std::uint32_t i = list.size; i-- > 0;) {
          const std::uint64_t edge = schema::Raw(list.edges[i]);
          if (edge < first || edge >= first + change.count) continue;
          loaded.push_back(
              {change.ref.type, list.edges[i], NodeId{number * kLeafNodes + row}, list.nodes[i]});
        }
      }
    });
    for (const RelationshipRef& ref : loaded) RemoveEdge(ref);
  }

  Editor editor_;
};

}  // namespace

/// An index that was made later than the kept root is added to it, unbuilt.
std::shared_ptr<const Root> Revive(const Root& kept, const Root& present) {
  auto root = std::make_shared<Root>(kept);
  root->past = present.past;
  if (root->records) root->records = Revive(*root->records, present);
  if (root->catalog == present.catalog) return root;
  root->catalog = present.catalog;
  root->indexes.assign(present.indexes.size(), {});
  for (const schema::IndexDefinition& index : present.catalog->indexes()) {
    root->indexes[schema::Raw(index.id)].Reset(std::make_shared<Index>(index.subject));
  }
  return root;
}

void Past::Keep(std::int64_t time, std::vector<std::string> records) {
  const std::lock_guard lock(mutex_);
  for (std::string& record : records) records_.emplace_back(time, std::move(record));
}

Result<std::vector<Past::Record>> Past::RecordsBetween(std::int64_t after,
                                                       std::int64_t until) const {
  std::vector<Record> records;
  if (gate_ == nullptr) {
    const std::lock_guard lock(mutex_);
    const auto begin =
        std::upper_bound(records_.begin(), records_.end(), after,
                         [](std::int64_t time, const Record& r) { return time < r.first; });
    for (auto at = begin; at != records_.end() && at->first <= until; ++at) records.push_back(*at);
    return records;
  }
  const std::shared_lock lock(gate_->mutex);
  if (gate_->rocks == nullptr) return ConflictError("the case was closed while it was being read");
  if (after >= until) return records;
  Rocks::Scan scan =
      gate_->rocks->ScanRange(Family::kMeta, HistoryKey(std::max<std::int64_t>(after, -1) + 1, 0),
                              HistoryKey(std::max<std::int64_t>(until, -1) + 1, 0));
  for (; scan.Valid(); scan.Next()) {
    const auto key = ParseKey(scan.key());
    if (!key) return CorruptionError("the history has a key that no version writes");
    records.emplace_back(key->time, std::string(scan.value()));
  }
  KB_TRY(scan.status());
  return records;
}

std::shared_ptr<const Root> Past::Nearest(std::int64_t time, std::int64_t limit) const {
  const auto found = roots_.lower_bound(time);
  return found == roots_.end() || found->first >= limit ? nullptr : found->second;
}

void Past::Replace(std::vector<Record> records) {
  const std::lock_guard lock(mutex_);
  records_ = std::move(records);
}

void Past::Forget(std::size_t erasures) {
  const std::lock_guard lock(mutex_);
  if (erasures <= erasures_) return;
  erasures_ = erasures;
  roots_.clear();
  derived_.clear();
}

namespace {

std::size_t ErasuresIn(const Root& root) {
  return root.evidence ? root.evidence->erasures().size() : 0;
}

}  // namespace

Result<std::shared_ptr<const Root>> Past::At(const std::shared_ptr<const Root>& root,
                                             std::int64_t time) {
  if (root->base) return At(root->base, time);  // What is not committed is not recorded yet.
  if (time >= root->recorded) return root;
  std::shared_ptr<const Root> start;
  {
    const std::lock_guard lock(mutex_);
    if (ErasuresIn(*root) == erasures_) start = Nearest(time, root->recorded);
  }
  if (start == nullptr) start = root;
  KB_ASSIGN(const std::vector<Record> records, RecordsBetween(time, start->recorded));
  if (records.empty()) return Revive(*start, *root);
  Undoer undoer(*start);
  for (std::size_t i = records.size(); i-- > 0;) {
    KB_ASSIGN(const std::vector<Change> changes, DecodeChanges(records[i].second));
    for (std::size_t c = changes.size(); c-- > 0;) undoer.Undo(changes[c]);
  }
  std::shared_ptr<const Root> past = undoer.Finish(time);
  {
    const std::lock_guard lock(mutex_);
    // A root from before an erasure may show what was erased: it is for its reader alone.
    if (ErasuresIn(*root) == erasures_) roots_[time] = past;
    if (roots_.size() > kRootsMax) roots_.erase(std::prev(roots_.end(), 2));
  }
  return Revive(*past, *root);
}

Result<void> Past::ForEachChange(std::int64_t after, std::int64_t until, const Visit& visit) const {
  KB_ASSIGN(const std::vector<Record> records, RecordsBetween(after, until));
  for (const auto& [time, bytes] : records) {
    KB_ASSIGN(const std::vector<Change> changes, DecodeChanges(bytes));
    for (const Change& change : changes) KB_TRY(visit(time, change));
  }
  return {};
}

std::shared_ptr<const Root> Past::FindDerived(const std::string& how, const Root& present) const {
  const std::lock_guard lock(mutex_);
  if (ErasuresIn(present) != erasures_) return nullptr;
  for (const auto& [known, root] : derived_) {
    if (known == how) return Revive(*root, present);
  }
  return nullptr;
}

void Past::KeepDerived(const std::string& how, const Root& derived) {
  auto root = std::make_shared<Root>(derived);
  root->past = nullptr;
  if (root->records) {
    auto records = std::make_shared<Root>(*root->records);
    records->past = nullptr;
    root->records = std::move(records);
  }
  const std::lock_guard lock(mutex_);
  if (ErasuresIn(derived) != erasures_) return;
  derived_.emplace_back(how, std::move(root));
  if (derived_.size() > kRootsMax) derived_.erase(derived_.begin());
}

}  // namespace kb::storage
