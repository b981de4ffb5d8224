#include "storage/change.h"

#include <utility>

#include "storage/codec.h"

namespace kb::storage {

namespace {

constexpr std::size_t kRecordBytes = 64 << 10;

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

namespace {

/// The change that comes next in a record, into an object that may have held another.
Result<void> ReadChange(std::string_view record, ByteReader* in, Change* change) {
  const auto at = [&] { return static_cast<std::uint32_t>(record.size() - in->remaining()); };
  change->kind = static_cast<Change::Kind>(in->Byte());
  switch (change->kind) {
    case Change::Kind::kNodeMade:
      change->node = NodeId{ReadId(in)};
      return {};
    case Change::Kind::kNodeDeleted:
    case Change::Kind::kLabels:
      change->node = NodeId{ReadId(in)};
      change->former_at = at();
      change->labels = ReadLabels(in);
      return {};
    case Change::Kind::kNodeProperty:
      change->node = NodeId{ReadId(in)};
      change->key = KeyId{ReadId(in)};
      change->former_at = at();
      change->former = ReadValue(in);
      return {};
    case Change::Kind::kEdgeMade:
    case Change::Kind::kEdgeDeleted:
      change->former_at = at();
      change->ref = ReadRef(in);
      return {};
    case Change::Kind::kEdgeProperty:
      change->ref = ReadRef(in);
      change->key = KeyId{ReadId(in)};
      change->former_at = at();
      change->former = ReadValue(in);
      return {};
    case Change::Kind::kNodesLoaded:
      change->node = NodeId{ReadId(in)};
      change->count = in->VarintUpTo(0xFFFF'FFFFu);
      return {};
    case Change::Kind::kEdgesLoaded:
      change->ref = ReadRef(in);
      change->count = in->VarintUpTo(0xFFFF'FFFFu);
      return {};
    case Change::Kind::kRule: {
      KB_ASSIGN(change->rule, DecodeRule(in->Bytes()));
      return {};
    }
  }
  in->Fail();
  return {};
}

}  // namespace

Result<void> ForEachChangeOf(std::string_view record,
                             const std::function<void(const Change&)>& visit) {
  ByteReader in(record);
  Change change;
  while (in.remaining() > 0) {
    KB_TRY(ReadChange(record, &in, &change));
    if (in.failed()) break;
    visit(change);
  }
  return in.Finish("a record of the history");
}

Result<std::vector<Change>> DecodeChanges(std::string_view record) {
  std::vector<Change> changes;
  KB_TRY(ForEachChangeOf(record, [&](const Change& change) { changes.push_back(change); }));
  return changes;
}

Value FormerValue(std::string_view record, std::uint32_t at) {
  ByteReader in(record.substr(at));
  return ReadValue(&in);
}

RelationshipRef FormerEdge(std::string_view record, std::uint32_t at) {
  ByteReader in(record.substr(at));
  return ReadRef(&in);
}

}  // namespace kb::storage
