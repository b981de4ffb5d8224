#include "storage/clusters.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

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
  made->Note(records);
  const Evidence& evidence = *records.evidence;
  const std::int64_t until = records.statements_until();
  Maker maker;
  std::map<NodeId, std::int64_t> ages;
  std::vector<Judgement> same;
  for (const std::uint64_t id : evidence.judgements()) {
    const Statement* statement = evidence.Find(id);
    if (statement == nullptr || !statement->StandsAt(until)) continue;
    Judgement judgement = JudgementOf(*statement);
    if (judgement.same) {
      ages[judgement.a] = judgement.made_a;
      ages[judgement.b] = judgement.made_b;
      same.push_back(std::move(judgement));
    } else {
      maker.KeepApart(judgement.a, judgement.b);
      made->distinct_.push_back(std::move(judgement));
    }
  }
  for (const Judgement& judgement : same) {
    if (!maker.Join(judgement.a, judgement.b)) made->overridden_.insert(judgement.id);
  }
  std::map<std::uint32_t, std::vector<Aged>> groups;
  for (const auto& [node, age] : ages)
    groups[maker.Find(schema::Raw(node))].emplace_back(age, node);
  std::vector<NodeId> ignored;
  for (auto& entry : groups) made->Put(MakeGroup(std::move(entry.second), records), {}, &ignored);
  return made;
}

Clusters::Step Clusters::After(const std::shared_ptr<const Clusters>& before, const Root& records,
                               std::span<const NodeId> touched) {
  Step step{before, {}};
  std::shared_ptr<Clusters> after;
  const auto edit = [&]() -> Clusters& {
    if (!after) step.clusters = after = std::make_shared<Clusters>(*before);
    return *after;
  };
  for (const NodeId node : touched) {
    const Group* group = step.clusters->Find(node);
    if (group == nullptr) continue;
    const bool listed =
        std::find(group->members.begin(), group->members.end(), node) != group->members.end();
    if (listed == records.Exists(node)) continue;
    const GroupPtr fresh = MakeGroup(group->all, records);
    edit().Put(fresh, std::array{group}, &step.changed);
  }
  if (!records.evidence) return step;
  const Evidence& evidence = *records.evidence;
  const auto& judgements = evidence.judgements();
  bool all_new = evidence.altered() == before->altered_ && judgements.size() >= before->judged_;
  for (std::size_t i = before->judged_; all_new && i < judgements.size(); ++i) {
    const Judgement judgement = JudgementOf(*evidence.Find(judgements[i]));
    if (judgement.same) {
      edit().Add(judgement, records, &step.changed);
      continue;
    }
    // What one judgement after another has joined would have to be joined anew without it.
    const Group* group = step.clusters->Find(judgement.a);
    all_new = group == nullptr || group != step.clusters->Find(judgement.b);
    if (all_new) edit().distinct_.push_back(judgement);
  }
  if (all_new) {
    if (judgements.size() != before->judged_) edit().Note(records);
    return step;
  }
  step.clusters = Of(records);
  step.changed.clear();
  for (const Clusters* one : {before.get(), step.clusters.get()}) {
    const Clusters& other = one == before.get() ? *step.clusters : *before;
    one->buckets_.ForEach([&](std::uint32_t, const Bucket& bucket) {
      for (const auto& entry : bucket.groups) {
        const auto mine = one->Members(entry.first);
        const auto theirs = other.Members(entry.first);
        if (!std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end())) {
          step.changed.push_back(entry.first);
        }
      }
    });
  }
  return step;
}

void Clusters::Note(const Root& records) {
  judged_ = records.evidence->judgements().size();
  altered_ = records.evidence->altered();
}

Clusters::GroupPtr Clusters::MakeGroup(std::vector<Aged> all, const Root& records) {
  auto group = std::make_shared<Group>();
  std::sort(all.begin(), all.end());
  for (const Aged& aged : all) {
    if (records.Exists(aged.second)) group->members.push_back(aged.second);
  }
  group->all = std::move(all);
  return group;
}

void Clusters::Put(const GroupPtr& group, std::span<const Group* const> was,
                   std::vector<NodeId>* changed) {
  const auto note = [&](const Group& one) {
    changed->insert(changed->end(), one.members.begin(), one.members.end());
    return one.members.size() > 1 ? std::size_t{1} : std::size_t{0};
  };
  for (const Group* former : was) count_ -= note(*former);
  count_ += note(*group);
  for (const Aged& aged : group->all) {
    auto& groups = buckets_.Slot(schema::Raw(aged.second) % kBuckets).Edit().groups;
    const auto found = std::find_if(groups.begin(), groups.end(),
                                    [&](const auto& entry) { return entry.first == aged.second; });
    if (found != groups.end()) {
      found->second = group;
    } else {
      groups.emplace_back(aged.second, group);
    }
  }
}

void Clusters::Add(const Judgement& judgement, const Root& records, std::vector<NodeId>* changed) {
  // The groups are held while others take their place.
  const auto hold = [this](NodeId node) -> GroupPtr {
    const Bucket* bucket = buckets_.Find(schema::Raw(node) % kBuckets);
    if (bucket == nullptr) return nullptr;
    for (const auto& entry : bucket->groups) {
      if (entry.first == node) return entry.second;
    }
    return nullptr;
  };
  const auto put = [&](std::vector<Aged> all, std::vector<const Group*> was) {
    for (Aged& aged : all) {
      if (aged.second == judgement.a) aged.first = judgement.made_a;
      if (aged.second == judgement.b) aged.first = judgement.made_b;
    }
    Put(MakeGroup(std::move(all), records), was, changed);
  };
  const GroupPtr a = hold(judgement.a);
  const GroupPtr b = hold(judgement.b);
  const auto all_of = [](const GroupPtr& group, NodeId node) {
    return group ? group->all : std::vector<Aged>{{0, node}};
  };
  const auto former = [](const GroupPtr& group) {
    return group ? std::vector<const Group*>{group.get()} : std::vector<const Group*>();
  };
  if (a && a == b) return put(a->all, former(a));
  if (KeptApartBy(judgement.a, judgement.b)) {
    overridden_.insert(judgement.id);
    put(all_of(a, judgement.a), former(a));
    return put(all_of(b, judgement.b), former(b));
  }
  std::vector<Aged> all = all_of(a, judgement.a);
  const std::vector<Aged> more = all_of(b, judgement.b);
  all.insert(all.end(), more.begin(), more.end());
  std::vector<const Group*> was = former(a);
  if (b) was.push_back(b.get());
  put(std::move(all), std::move(was));
}

const Clusters::Group* Clusters::Find(NodeId node) const {
  const Bucket* bucket = buckets_.Find(schema::Raw(node) % kBuckets);
  if (bucket == nullptr) return nullptr;
  for (const auto& [known, group] : bucket->groups) {
    if (known == node) return group.get();
  }
  return nullptr;
}

std::vector<std::vector<NodeId>> Clusters::lists() const {
  std::vector<std::vector<NodeId>> lists;
  buckets_.ForEach([&](std::uint32_t, const Bucket& bucket) {
    for (const auto& [node, group] : bucket.groups) {
      if (group->members.size() > 1 && group->members.front() == node) {
        lists.push_back(group->members);
      }
    }
  });
  std::sort(lists.begin(), lists.end());
  return lists;
}

std::span<const NodeId> Clusters::Members(NodeId node) const {
  const Group* group = Find(node);
  if (group == nullptr || group->members.size() < 2) return {};
  const bool exists =
      std::find(group->members.begin(), group->members.end(), node) != group->members.end();
  return exists ? std::span<const NodeId>(group->members) : std::span<const NodeId>();
}

NodeId Clusters::Representative(NodeId node) const {
  const std::span<const NodeId> members = Members(node);
  return members.empty() ? node : members.front();
}

std::optional<std::uint64_t> Clusters::KeptApartBy(NodeId a, NodeId b) const {
  if (distinct_.empty()) return std::nullopt;
  const auto are_one = [this](NodeId x, NodeId y) {
    if (x == y) return true;
    const Group* group = Find(x);
    return group != nullptr && group == Find(y);
  };
  for (const Judgement& judgement : distinct_) {
    if ((are_one(judgement.a, a) && are_one(judgement.b, b)) ||
        (are_one(judgement.a, b) && are_one(judgement.b, a))) {
      return judgement.id;
    }
  }
  return std::nullopt;
}

}  // namespace kb::storage
