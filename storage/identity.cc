#include "storage/identity.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "storage/evidence.h"
#include "storage/image/editor.h"

namespace kb::storage {

/// Joins nodes judgement by judgement (union and find), and knows which groups must stay apart.
class Clusters::Maker {
 public:
  std::uint32_t Find(std::uint32_t node) {
    std::uint32_t root = node;
    while (Parent(root) != root) root = Parent(root);
    while (Parent(node) != root) node = std::exchange(parents_[node], root);
    return root;
  }

  void KeepApart(NodeId a, NodeId b) {
    apart_[schema::Raw(a)].push_back(schema::Raw(b));
    apart_[schema::Raw(b)].push_back(schema::Raw(a));
  }

  /// False if that would bring two together that must stay apart.
  bool Join(NodeId a, NodeId b) {
    std::uint32_t x = Find(schema::Raw(a));
    std::uint32_t y = Find(schema::Raw(b));
    if (x == y) return true;
    if (apart_[x].size() > apart_[y].size()) std::swap(x, y);
    for (const std::uint32_t other : apart_[x]) {
      if (Find(other) == y) return false;
    }
    auto& more = apart_[y];
    more.insert(more.end(), apart_[x].begin(), apart_[x].end());
    apart_.erase(x);
    parents_[x] = y;
    return true;
  }

 private:
  std::uint32_t& Parent(std::uint32_t node) {
    return parents_.try_emplace(node, node).first->second;
  }

  std::unordered_map<std::uint32_t, std::uint32_t> parents_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> apart_;
};

std::shared_ptr<const Clusters> Clusters::Of(const Root& records) {
  auto made = std::make_shared<Clusters>();
  if (!records.evidence) return made;
  const Evidence& evidence = *records.evidence;
  const std::int64_t until = records.statements_until();
  Maker maker;
  std::map<std::uint32_t, std::int64_t> ages;
  std::vector<Judgement> same;
  for (const std::uint64_t id : evidence.judgements()) {
    const Statement* statement = evidence.Find(id);
    if (statement == nullptr || !statement->StandsAt(until)) continue;
    Judgement judgement = JudgementOf(*statement);
    if (judgement.same) {
      ages[schema::Raw(judgement.a)] = judgement.made_a;
      ages[schema::Raw(judgement.b)] = judgement.made_b;
      same.push_back(std::move(judgement));
    } else {
      maker.KeepApart(judgement.a, judgement.b);
      made->distinct_.push_back(std::move(judgement));
    }
  }
  for (const Judgement& judgement : same) {
    if (maker.Join(judgement.a, judgement.b)) made->in_force_.insert(judgement.id);
  }
  std::map<std::uint32_t, std::vector<std::tuple<std::int64_t, NodeId>>> groups;
  for (const auto& [raw, age] : ages) {
    const std::uint32_t group = maker.Find(raw);
    made->group_of_[raw] = group;
    if (records.Exists(NodeId{raw})) groups[group].emplace_back(age, NodeId{raw});
  }
  for (auto& entry : groups) {
    if (entry.second.size() < 2) continue;
    std::sort(entry.second.begin(), entry.second.end());
    std::vector<NodeId> list;
    for (const auto& member : entry.second) {
      made->list_of_[schema::Raw(std::get<1>(member))] =
          static_cast<std::uint32_t>(made->lists_.size());
      list.push_back(std::get<1>(member));
    }
    made->lists_.push_back(std::move(list));
  }
  return made;
}

std::span<const NodeId> Clusters::Members(NodeId node) const {
  const auto found = list_of_.find(schema::Raw(node));
  if (found == list_of_.end()) return {};
  return lists_[found->second];
}

NodeId Clusters::Representative(NodeId node) const {
  const std::span<const NodeId> members = Members(node);
  return members.empty() ? node : members.front();
}

std::optional<std::uint64_t> Clusters::KeptApartBy(NodeId a, NodeId b) const {
  const auto group = [&](NodeId node) {
    const auto found = group_of_.find(schema::Raw(node));
    return found == group_of_.end() ? schema::Raw(node) : found->second;
  };
  const std::uint32_t x = group(a);
  const std::uint32_t y = group(b);
  for (const Judgement& judgement : distinct_) {
    const std::uint32_t u = group(judgement.a);
    const std::uint32_t v = group(judgement.b);
    if ((u == x && v == y) || (u == y && v == x)) return judgement.id;
  }
  return std::nullopt;
}

namespace {

/// Makes one node of a list of them, on a root of its own.
class Joiner {
 public:
  Joiner(Editor* editor, std::span<const NodeId> members)
      : editor_(*editor), members_(members), head_(members.front()) {}

  void Join() {
    Relationships();
    std::vector<LabelId> labels = LabelsOf(head_);
    for (const NodeId member : members_.subspan(1)) {
      const std::vector<LabelId> more = LabelsOf(member);
      labels.insert(labels.end(), more.begin(), more.end());
      // Its values stay where they are: who holds the node (cluster()) can read them.
      editor_.SetLabels(member, {});
      editor_.RemoveNode(member);
    }
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    editor_.SetLabels(head_, labels);
    for (std::size_t raw = 0; raw < editor_.root().node_columns.size(); ++raw) {
      Complete(KeyId{static_cast<std::uint32_t>(raw)});
    }
  }

 private:
  std::vector<LabelId> LabelsOf(NodeId node) const {
    const auto labels = editor_.root().LabelsOf(node)->labels();
    return {labels.begin(), labels.end()};
  }

  void Complete(KeyId key) {
    for (const NodeId member : members_) {
      const Value value = PropertyOf(editor_.root(), member, key);
      if (value.is_null()) continue;
      if (member != head_) editor_.SetProperty(head_, key, value);
      return;
    }
  }

  void Relationships() {
    for (const NodeId member : members_.subspan(1)) {
      for (const RelationshipRef& ref : AttachedTo(View(editor_.Share()), member)) {
        RelationshipRef moved = ref;
        if (moved.source == member) moved.source = head_;
        if (moved.target == member) moved.target = head_;
        editor_.RemoveEdge(ref);
        editor_.InsertEdge(moved);
      }
    }
  }

  Editor& editor_;
  const std::span<const NodeId> members_;
  const NodeId head_;
};

}  // namespace

std::shared_ptr<const Root> Identify(std::shared_ptr<const Root> records,
                                     std::shared_ptr<const Clusters> clusters) {
  if (!records->evidence || records->evidence->judgements().empty()) return records;
  if (clusters == nullptr) clusters = Clusters::Of(*records);
  if (clusters->empty()) return records;
  Editor editor(std::make_shared<Root>(*records));
  editor.Isolate();
  for (const std::vector<NodeId>& members : clusters->lists()) Joiner(&editor, members).Join();
  editor.SetIdentity(std::move(records), std::move(clusters));
  return editor.Share();
}

std::shared_ptr<const Root> Identifier::operator()(
    const std::shared_ptr<const Root>& records) const {
  if (!records->evidence || records->evidence->judgements().empty()) return records;
  const std::lock_guard lock(mutex_);
  if (records_ != records) {
    identified_ = Identify(records);
    records_ = records;
  }
  return identified_;
}

}  // namespace kb::storage
