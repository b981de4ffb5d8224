#include "storage/change_index.h"

#include <algorithm>

#include "schema/order.h"
#include "storage/image/editor.h"
#include "storage/image/root.h"

namespace kb::storage {

// --- Makings ---

void Makings::Add(std::uint32_t first, std::uint64_t count, std::uint32_t record) {
  last_ = record + 1;
  if (first < end_) {
    late_.push_back({first, first + count, record});
    return;
  }
  if (firsts_.empty() || firsts_.back().record != record) firsts_.push_back({record, first});
  end_ = first + count;
}

std::uint64_t Makings::LimitAt(RecordSpan span) const {
  const auto at = std::partition_point(
      firsts_.begin(), firsts_.end(), [&](const First& first) { return first.record < span.from; });
  return at == firsts_.end() ? ~std::uint64_t{0} : at->id;
}

bool Makings::IsLate(std::uint32_t id, RecordSpan span) const {
  return std::any_of(late_.begin(), late_.end(), [&](const Late& late) {
    return late.record >= span.from && id >= late.first && id < late.end;
  });
}

std::vector<std::pair<std::uint32_t, std::uint64_t>> Makings::LateIn(RecordSpan span) const {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> ids;
  for (const Late& late : late_) {
    if (late.record >= span.from) ids.emplace_back(late.first, late.end);
  }
  return ids;
}

// --- Parts ---

namespace {

bool IsBefore(const Place& a, const Place& b) {
  return a.row != b.row ? a.row < b.row : a.record < b.record;
}

}  // namespace

void PartChanges::Add(const Place& place) {
  // Rows that are written one after the other, as by a statement over many nodes, need no merging.
  if (tail_.empty() && (sorted_.empty() || !IsBefore(place, sorted_.back()))) {
    sorted_.push_back(place);
    return;
  }
  tail_.push_back(place);
  if (tail_.size() > std::max<std::size_t>(64, sorted_.size() / 8)) Merge();
}

void PartChanges::Merge() {
  const auto middle = static_cast<std::ptrdiff_t>(sorted_.size());
  std::stable_sort(tail_.begin(), tail_.end(), IsBefore);
  sorted_.insert(sorted_.end(), tail_.begin(), tail_.end());
  std::inplace_merge(sorted_.begin(), sorted_.begin() + middle, sorted_.end(), IsBefore);
  tail_.clear();
}

const Place* PartChanges::First(std::uint32_t row, RecordSpan span) const {
  const auto at =
      std::lower_bound(sorted_.begin(), sorted_.end(), Place{row, span.from, 0}, IsBefore);
  if (at != sorted_.end() && at->row == row) return at->record < span.until ? &*at : nullptr;
  for (const Place& place : tail_) {
    if (place.row == row && place.record >= span.from) {
      return place.record < span.until ? &place : nullptr;
    }
  }
  return nullptr;
}

namespace {

/// The first place from `at` on that is not before another, found in steps that grow: mostly it is
/// near.
template <typename Iterator>
Iterator Advance(Iterator at, Iterator end, const Place& place) {
  std::ptrdiff_t step = 1;
  while (end - at > step && IsBefore(at[step], place)) {
    at += step;
    step *= 2;
  }
  return std::lower_bound(at, end - at > step ? at + step : end, place, IsBefore);
}

}  // namespace

std::vector<Place> PartChanges::Firsts(RecordSpan span) const {
  std::vector<Place> firsts;
  for (auto at = sorted_.begin(); at != sorted_.end();) {
    const std::uint32_t row = at->row;
    at = Advance(at, sorted_.end(), {row, span.from, 0});
    if (at == sorted_.end() || at->row != row) continue;
    firsts.push_back(*at);
    at = Advance(at, sorted_.end(), {row + 1, 0, 0});
  }
  const auto middle = static_cast<std::ptrdiff_t>(firsts.size());
  for (const Place& place : tail_) {
    if (place.record >= span.from) firsts.push_back(place);
  }
  std::stable_sort(firsts.begin() + middle, firsts.end(), IsBefore);
  std::inplace_merge(firsts.begin(), firsts.begin() + middle, firsts.end(), IsBefore);
  const auto same_row = [](const Place& a, const Place& b) { return a.row == b.row; };
  firsts.erase(std::unique(firsts.begin(), firsts.end(), same_row), firsts.end());
  const auto behind = [&](const Place& place) { return place.record >= span.until; };
  firsts.erase(std::remove_if(firsts.begin(), firsts.end(), behind), firsts.end());
  return firsts;
}

void LeafChanges::Add(const Place& place) {
  if (places_.size() % kRun == 0) least_.push_back(place.row);
  least_.back() = std::min(least_.back(), place.row);
  places_.push_back(place);
}

std::vector<Place> LeafChanges::Find(RecordSpan span, std::uint64_t limit) const {
  std::vector<Place> found;
  const auto begin = std::partition_point(
      places_.begin(), places_.end(), [&](const Place& place) { return place.record < span.from; });
  for (auto at = static_cast<std::size_t>(begin - places_.begin()); at < places_.size(); ++at) {
    if (at % kRun == 0 && least_[at / kRun] >= limit) {
      at += kRun - 1;
      continue;
    }
    if (places_[at].record >= span.until) break;
    if (places_[at].row < limit) found.push_back(places_[at]);
  }
  return found;
}

// --- Adding ---

Result<void> ChangeIndex::Add(std::vector<Record> records, std::int64_t until) {
  const std::lock_guard lock(mutex_);
  for (Record& record : records) {
    const auto number = static_cast<std::uint32_t>(records_.size());
    records_.push_back(std::move(record));
    KB_TRY(ForEachChangeOf(*records_.back().bytes,
                           [&](const Change& change) { AddChange(change, number); }));
  }
  until_ = std::max(until_, until);
  return {};
}

std::uint32_t ChangeIndex::NumberOf(const std::vector<LabelId>& labels) {
  const auto [at, is_new] =
      numbers_.emplace(labels, static_cast<std::uint32_t>(label_sets_.size()));
  if (is_new) label_sets_.push_back(labels);
  return at->second;
}

void ChangeIndex::AddNodes(std::uint32_t first, std::uint64_t count, std::uint32_t record) {
  last_made_ = record + 1;
  for (std::uint64_t id = first; id < first + count;) {
    const auto block = static_cast<std::uint32_t>(id / kBlockSize);
    const std::uint64_t end =
        std::min<std::uint64_t>(first + count, (std::uint64_t{block} + 1) * kBlockSize);
    if (block >= node_makings_.size()) node_makings_.resize(block + std::size_t{1});
    node_makings_[block].Add(static_cast<std::uint32_t>(id), end - id, record);
    id = end;
  }
}

void ChangeIndex::AddChange(const Change& change, std::uint32_t record) {
  const std::uint32_t node = schema::Raw(change.node);
  const std::uint32_t edge = schema::Raw(change.ref.edge);
  const auto type = [&]() -> TypeChanges& {
    const std::size_t raw = schema::Raw(change.ref.type);
    if (raw >= types_.size()) types_.resize(raw + 1);
    if (!types_[raw]) types_[raw] = std::make_unique<TypeChanges>();
    return *types_[raw];
  };
  switch (change.kind) {
    case Change::Kind::kNodeMade:
      return AddNodes(node, 1, record);
    case Change::Kind::kNodesLoaded:
      return AddNodes(node, change.count, record);
    case Change::Kind::kNodeDeleted:
    case Change::Kind::kLabels:
      return nodes_.Add(node / kBlockSize, {node % kBlockSize, record, NumberOf(change.labels)});
    case Change::Kind::kNodeProperty: {
      const std::size_t raw = schema::Raw(change.key);
      if (raw >= columns_.size()) columns_.resize(raw + 1);
      return columns_[raw].Add(node / kBlockSize, {node % kBlockSize, record, change.former_at});
    }
    case Change::Kind::kEdgeMade:
      return type().makings.Add(edge, 1, record);
    case Change::Kind::kEdgesLoaded:
      return type().makings.Add(edge, change.count, record);
    case Change::Kind::kEdgeDeleted:
      type().leaves[0].Add(LeafOf(change.ref.source), {edge, record, change.former_at});
      return type().leaves[1].Add(LeafOf(change.ref.target), {edge, record, change.former_at});
    case Change::Kind::kEdgeProperty:
      return type().columns[change.key].Add(edge / kBlockSize,
                                            {edge % kBlockSize, record, change.former_at});
    case Change::Kind::kRule:
      rules_.emplace_back(record, change.rule);
      return;
  }
}

std::int64_t ChangeIndex::until() const {
  const std::shared_lock lock(mutex_);
  return until_;
}

RecordSpan ChangeIndex::Between(std::int64_t after, std::int64_t until) const {
  const std::shared_lock lock(mutex_);
  const auto behind = [&](std::int64_t time) {
    const auto at = std::partition_point(records_.begin(), records_.end(),
                                         [&](const Record& r) { return r.time <= time; });
    return static_cast<std::uint32_t>(at - records_.begin());
  };
  return {behind(after), behind(until)};
}

// --- Reading ---

std::vector<std::vector<LabelId>> ChangeIndex::LabelSetsOf() const {
  const std::shared_lock lock(mutex_);
  return label_sets_;
}

std::optional<Rule> ChangeIndex::RuleBefore(RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  for (const auto& [record, rule] : rules_) {
    if (record >= span.from && record < span.until) return rule;
  }
  return std::nullopt;
}

std::uint32_t ChangeIndex::key_limit() const {
  const std::shared_lock lock(mutex_);
  return static_cast<std::uint32_t>(columns_.size());
}

std::uint32_t ChangeIndex::type_limit() const {
  const std::shared_lock lock(mutex_);
  return static_cast<std::uint32_t>(types_.size());
}

const ChangeIndex::TypeChanges* ChangeIndex::FindType(TypeId type) const {
  const std::uint32_t raw = schema::Raw(type);
  return raw < types_.size() ? types_[raw].get() : nullptr;
}

bool ChangeIndex::ChangesNodes(RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  return last_made_ > span.from || nodes_.AnyIn(span);
}

bool ChangeIndex::ChangesColumn(KeyId key, RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  const std::uint32_t raw = schema::Raw(key);
  return last_made_ > span.from || (raw < columns_.size() && columns_[raw].AnyIn(span));
}

bool ChangeIndex::ChangesEdges(TypeId type, RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  const TypeChanges* changes = FindType(type);
  return changes != nullptr && (changes->makings.AnyIn(span) || changes->leaves[0].AnyIn(span));
}

bool ChangeIndex::ChangesColumn(TypeId type, KeyId key, RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  const TypeChanges* changes = FindType(type);
  if (changes == nullptr) return false;
  const auto found = changes->columns.find(key);
  return changes->makings.AnyIn(span) ||
         (found != changes->columns.end() && found->second.AnyIn(span));
}

std::vector<KeyId> ChangeIndex::KeysOf(TypeId type) const {
  const std::shared_lock lock(mutex_);
  std::vector<KeyId> keys;
  const TypeChanges* changes = FindType(type);
  if (changes == nullptr) return keys;
  for (const auto& column : changes->columns) keys.push_back(column.first);
  return keys;
}

LaterIds ChangeIndex::LaterNodes(std::uint32_t block, RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  return block < node_makings_.size() ? LaterIds(node_makings_[block], span) : LaterIds();
}

LaterIds ChangeIndex::LaterEdges(TypeId type, RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  const TypeChanges* changes = FindType(type);
  return changes == nullptr ? LaterIds() : LaterIds(changes->makings, span);
}

std::vector<Place> ChangeIndex::NodesIn(std::uint32_t block, RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  const PartChanges* part = nodes_.Find(block);
  return part == nullptr ? std::vector<Place>() : part->Firsts(span);
}

ChangeIndex::Values ChangeIndex::Decode(const PartChanges* part, RecordSpan span) const {
  Values values;
  if (part == nullptr) return values;
  const std::vector<Place> firsts = part->Firsts(span);
  values.reserve(firsts.size());
  for (const Place& place : firsts) {
    values.emplace_back(place.row, FormerValue(BytesOf(place), place.at));
  }
  return values;
}

ChangeIndex::Values ChangeIndex::ValuesIn(KeyId key, std::uint32_t block, RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  const std::uint32_t raw = schema::Raw(key);
  return Decode(raw < columns_.size() ? columns_[raw].Find(block) : nullptr, span);
}

ChangeIndex::Values ChangeIndex::ValuesIn(TypeId type, KeyId key, std::uint32_t block,
                                          RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  const TypeChanges* changes = FindType(type);
  if (changes == nullptr) return {};
  const auto found = changes->columns.find(key);
  return Decode(found == changes->columns.end() ? nullptr : found->second.Find(block), span);
}

std::vector<RelationshipRef> ChangeIndex::EdgesIn(TypeId type, Direction direction,
                                                  std::uint32_t leaf, RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  std::vector<RelationshipRef> edges;
  const TypeChanges* changes = FindType(type);
  if (changes == nullptr) return edges;
  const LeafChanges* part = changes->leaves[Side(direction)].Find(leaf);
  if (part == nullptr) return edges;
  for (const Place& place : part->Find(span, changes->makings.LimitAt(span))) {
    if (changes->makings.IsLater(place.row, span)) continue;
    edges.push_back(FormerEdge(BytesOf(place), place.at));
  }
  return edges;
}

bool ChangeIndex::Existed(NodeId node, RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  const std::uint32_t block = BlockOf(node);
  return block >= node_makings_.size() || !node_makings_[block].IsLater(schema::Raw(node), span);
}

bool ChangeIndex::Existed(TypeId type, EdgeId edge, RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  const TypeChanges* changes = FindType(type);
  return changes == nullptr || !changes->makings.IsLater(schema::Raw(edge), span);
}

std::optional<Value> ChangeIndex::ValueBefore(NodeId node, KeyId key, RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  const std::uint32_t raw = schema::Raw(key);
  const PartChanges* part = raw < columns_.size() ? columns_[raw].Find(BlockOf(node)) : nullptr;
  if (part == nullptr) return std::nullopt;
  const Place* place = part->First(schema::Raw(node) % kBlockSize, span);
  if (place == nullptr) return std::nullopt;
  return FormerValue(BytesOf(*place), place->at);
}

std::optional<Value> ChangeIndex::ValueBefore(TypeId type, EdgeId edge, KeyId key,
                                              RecordSpan span) const {
  const std::shared_lock lock(mutex_);
  const TypeChanges* changes = FindType(type);
  if (changes == nullptr) return std::nullopt;
  const auto found = changes->columns.find(key);
  if (found == changes->columns.end()) return std::nullopt;
  const PartChanges* part = found->second.Find(schema::Raw(edge) / kBlockSize);
  if (part == nullptr) return std::nullopt;
  const Place* place = part->First(schema::Raw(edge) % kBlockSize, span);
  if (place == nullptr) return std::nullopt;
  return FormerValue(BytesOf(*place), place->at);
}

// --- Former values ---

namespace {

std::vector<IndexEntry> Unique(std::vector<IndexEntry> entries) {
  const auto same = [](const IndexEntry& a, const IndexEntry& b) {
    return a.node == b.node && schema::Order(a.value, b.value) == 0;
  };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  return entries;
}

}  // namespace

void ChangeIndex::Extend(Former* former, std::uint32_t until, const Root& present) const {
  const KeyId key = former->subject.keys[0];
  const LabelId label = former->subject.label;
  std::vector<IndexEntry> entries;
  const auto lose = [&](NodeId node, std::uint32_t record) {
    // With the label goes the value that the node had then.
    const std::optional<Value> then = ValueBefore(node, key, {record, until});
    Value value = then ? *then : PropertyOf(present, node, key);
    if (!value.is_null()) entries.push_back({std::move(value), node});
  };
  // Changes of labels before which a node had this one; if it had it afterwards as well, the next
  // of them or the end will say so.
  std::unordered_map<std::uint32_t, std::uint32_t> pending;
  std::vector<Record> records;
  {
    const std::shared_lock lock(mutex_);
    records.assign(records_.begin() + former->until, records_.begin() + until);
  }
  for (std::uint32_t i = 0; i < records.size(); ++i) {
    const auto look = [&](const Change& change) {
      if (change.kind == Change::Kind::kNodeProperty && change.key == key) {
        if (!change.former.is_null()) entries.push_back({change.former, change.node});
        return;
      }
      if (change.kind != Change::Kind::kLabels && change.kind != Change::Kind::kNodeDeleted) return;
      const auto found = pending.find(schema::Raw(change.node));
      const bool had = std::binary_search(change.labels.begin(), change.labels.end(), label);
      if (!had && found != pending.end()) lose(change.node, found->second);
      if (found != pending.end()) pending.erase(found);
      // The values of what is deleted go before, as changes of their own.
      if (!had || change.kind == Change::Kind::kNodeDeleted) return;
      pending.emplace(schema::Raw(change.node), former->until + i);
    };
    IgnoreError(ForEachChangeOf(*records[i].bytes, look), "it was read whole when it was added");
  }
  for (const auto& [raw, record] : pending) {
    const LabelSet* labels = present.LabelsOf(NodeId{raw});
    if (labels == nullptr || !labels->Has(label)) lose(NodeId{raw}, record);
  }
  if (former->until == 0) {
    former->tree.Assign(Unique(SortedEntries(std::move(entries))));
  } else {
    for (const IndexEntry& entry : entries) {
      former->tree.Erase(entry.value, entry.node);
      former->tree.Insert(entry.value, entry.node);
    }
  }
  former->until = until;
}

std::vector<NodeId> ChangeIndex::AskFormer(const schema::Subject& subject, RecordSpan span,
                                           const Root& present,
                                           const IndexQuestion& question) const {
  const std::lock_guard lock(former_mutex_);
  const auto found = std::find_if(formers_.begin(), formers_.end(),
                                  [&](const auto& former) { return former->subject == subject; });
  Former* former = found == formers_.end() ? nullptr : found->get();
  if (former == nullptr) {
    formers_.push_back(std::make_unique<Former>());
    former = formers_.back().get();
    former->subject = subject;
  }
  if (former->until < span.until) Extend(former, span.until, present);
  return question(former->tree);
}

}  // namespace kb::storage
