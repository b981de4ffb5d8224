#include "storage/identity.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "storage/codec.h"
#include "storage/evidence.h"
#include "storage/image/editor.h"

namespace kb::storage {

namespace {

RelationshipRef SeenAs(const RelationshipRef& ref, const Clusters& clusters) {
  return {ref.type, ref.edge, clusters.Representative(ref.source),
          clusters.Representative(ref.target)};
}

/// Makes nodes and relationships of a graph of joined nodes what records and clusters come to.
class Joiner {
 public:
  Joiner(Editor* editor, const View& records, const Clusters& before, const Clusters& now)
      : editor_(*editor), view_(records), records_(records.root()), before_(before), now_(now) {}

  /// `nodes` have records, clusters or members of clusters that differ, `moving` another cluster.
  void Run(const Edits& edits, std::span<const NodeId> moving) {
    TakeOut(edits, moving);
    std::set<NodeId> nodes(moving.begin(), moving.end());
    for (const NodeId node : edits.nodes) {
      nodes.insert({node, now_.Representative(node), before_.Representative(node)});
    }
    for (const NodeId node : nodes) Settle(node);
    for (const auto& [id, ref] : edges_) {
      if (HasEdge(records_, ref)) editor_.InsertEdge(SeenAs(ref, now_));
    }
    std::set<std::pair<TypeId, EdgeId>> valued(edits.values.begin(), edits.values.end());
    for (const RelationshipRef& ref : edits.edges) valued.emplace(ref.type, ref.edge);
    for (const auto& [type, edge] : valued) Values(type, edge);
  }

 private:
  /// All relationships that are not where they belong, or may not be.
  void TakeOut(const Edits& edits, std::span<const NodeId> moving) {
    for (const RelationshipRef& ref : edits.edges) edges_.emplace(ref.id(), ref);
    for (const NodeId node : moving) {
      if (!records_.Exists(node)) continue;
      for (const RelationshipRef& ref : AttachedTo(view_, node)) edges_.emplace(ref.id(), ref);
    }
    for (auto at = edges_.begin(); at != edges_.end();) {
      const RelationshipRef was = SeenAs(at->second, before_);
      const RelationshipRef now = SeenAs(at->second, now_);
      const bool stays = was.source == now.source && was.target == now.target &&
                         HasEdge(records_, at->second) && HasEdge(editor_.root(), was);
      if (!stays) editor_.RemoveEdge(was);
      at = stays ? edges_.erase(at) : std::next(at);
    }
  }

  /// Existence, labels and values of a node. Its relationships are what it keeps at most.
  void Settle(NodeId node) {
    const std::span<const NodeId> members = now_.Members(node);
    const bool exists = records_.Exists(node);
    const bool appears = exists && (members.empty() || members.front() == node);
    const NodeId alone[] = {node};
    // What does not appear keeps its values: who holds the node (cluster()) can read them.
    const auto all = appears && !members.empty() ? members : std::span<const NodeId>(alone);
    if (exists) editor_.InsertNode(node, {});
    const std::size_t keys =
        std::max(records_.node_columns.size(), editor_.root().node_columns.size());
    for (std::size_t raw = 0; raw < keys; ++raw) {
      const KeyId key{static_cast<std::uint32_t>(raw)};
      Value value;
      for (std::size_t i = 0; exists && i < all.size() && value.is_null(); ++i) {
        value = PropertyOf(records_, all[i], key);
      }
      if (AreSame(PropertyOf(editor_.root(), node, key), value)) continue;
      editor_.SetProperty(node, key, value);
    }
    std::vector<LabelId> labels;
    for (std::size_t i = 0; appears && i < all.size(); ++i) {
      const auto more = records_.LabelsOf(all[i])->labels();
      labels.insert(labels.end(), more.begin(), more.end());
    }
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    editor_.SetLabels(node, labels);
    if (!appears) editor_.RemoveNode(node);
  }

  void Values(TypeId type, EdgeId edge) {
    std::set<KeyId> keys;
    for (const Root* root : {&records_, &editor_.root()}) {
      const TypeImage* image = root->FindType(type);
      if (image == nullptr) continue;
      for (const auto& entry : image->columns) keys.insert(entry.first);
    }
    for (const KeyId key : keys) {
      const Value value = PropertyOf(records_, type, edge, key);
      if (AreSame(PropertyOf(editor_.root(), type, edge, key), value)) continue;
      editor_.SetProperty(type, edge, key, value);
    }
  }

  static bool AreSame(const Value& a, const Value& b) {
    if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
    return a.kind() == b.kind() && EncodeValue(a) == EncodeValue(b);
  }

  Editor& editor_;
  const View& view_;
  const Root& records_;
  const Clusters& before_;
  const Clusters& now_;
  std::map<std::uint64_t, RelationshipRef> edges_;
};

/// Indexes cannot be put right by edits of elements.
bool HaveSameIndexes(const Root& a, const Root& b) {
  const auto& one = a.catalog->indexes();
  const auto& other = b.catalog->indexes();
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](const auto& x, const auto& y) { return x.id == y.id; }) &&
         static_cast<bool>(a.sources) == static_cast<bool>(b.sources);
}

}  // namespace

Identified Join(std::shared_ptr<const Root> records, std::shared_ptr<const Clusters> clusters) {
  Identified joined{records, records, std::move(clusters), 0};
  if (!records->evidence || records->evidence->judgements().empty()) return joined;
  if (joined.clusters == nullptr) joined.clusters = Clusters::Of(*records);
  if (joined.clusters->empty()) return joined;
  Editor editor(std::make_shared<Root>(*records));
  editor.Isolate();
  std::vector<NodeId> moving;
  for (const auto& members : joined.clusters->lists()) {
    moving.insert(moving.end(), members.begin(), members.end());
  }
  const Clusters none;
  Joiner(&editor, View(records), none, *joined.clusters).Run({}, moving);
  editor.SetIdentity(std::move(records), joined.clusters);
  joined.seen = editor.Share();
  return joined;
}

Identified Rejoin(const Identified& from, std::shared_ptr<const Root> records, const Edits& edits,
                  std::shared_ptr<const Clusters> clusters, std::span<const NodeId> changed) {
  // What has been edited is no longer shared with the records: now and then all is joined anew.
  const std::size_t limit = 1000 + 8 * (clusters == nullptr ? 0 : clusters->size());
  const std::size_t sum = from.edits + edits.size() + changed.size();
  const bool is_joined = from.seen->records != nullptr;
  if (!is_joined || sum > limit || clusters == nullptr || clusters->empty() ||
      !HaveSameIndexes(*from.seen, *records)) {
    return Join(std::move(records), std::move(clusters));
  }
  Editor editor(std::make_shared<Root>(*from.seen));
  editor.Isolate();
  Joiner(&editor, View(records), *from.clusters, *clusters).Run(edits, changed);
  editor.SetIdentity(records, clusters);
  return {std::move(records), editor.Share(), std::move(clusters), sum};
}

Identified Identifier::At(const std::shared_ptr<const Root>& records) const {
  if (!records->evidence || records->evidence->judgements().empty()) {
    return {records, records, nullptr, 0};
  }
  const std::lock_guard lock(mutex_);
  for (const Identified& known : recent_) {
    if (known.records == records) return known;
  }
  Identified found;
  Edits edits;
  const Identified* from = Nearest(*records);
  if (from != nullptr && Collect(from->records->recorded, records->recorded, &edits)) {
    const Clusters::Step step = Clusters::After(from->clusters, *records, edits.nodes);
    found = Rejoin(*from, records, edits, step.clusters, step.changed);
  } else {
    found = Join(records);
  }
  // One for the readers, one for the writer, and the one before.
  constexpr std::size_t kRecentMax = 3;
  if (recent_.size() == kRecentMax) recent_.erase(recent_.begin());
  recent_.push_back(found);
  Trim();
  return found;
}

const Identified* Identifier::Nearest(const Root& records) const {
  const Identified* nearest = nullptr;
  for (const Identified& known : recent_) {
    if (known.clusters == nullptr || known.records->recorded > records.recorded) continue;
    if (nearest == nullptr || known.records->recorded >= nearest->records->recorded) {
      nearest = &known;
    }
  }
  return nearest;
}

bool Identifier::Collect(std::int64_t after, std::int64_t until, Edits* edits) const {
  for (const Noted& noted : noted_) {
    if (after == until) break;
    if (noted.until <= after) continue;
    if (noted.after != after || noted.until > until) return false;
    edits->Append(*noted.edits);
    after = noted.until;
  }
  return after == until;
}

void Identifier::Trim() const {
  std::int64_t oldest = recent_.front().records->recorded;
  for (const Identified& known : recent_) oldest = std::min(oldest, known.records->recorded);
  while (!noted_.empty() && noted_.front().until <= oldest) noted_.pop_front();
}

void Identifier::Note(const Root& base, const Root& root, std::shared_ptr<const Edits> edits) {
  const std::lock_guard lock(mutex_);
  constexpr std::size_t kNotedMax = 10'000;
  if (edits == nullptr || noted_.size() == kNotedMax) {
    recent_.clear();
    noted_.clear();
  }
  if (edits == nullptr || recent_.empty() || root.recorded == base.recorded) return;
  noted_.push_back({base.recorded, root.recorded, std::move(edits)});
}

}  // namespace kb::storage
