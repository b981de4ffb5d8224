// Reading evidence from a view: statements, sources, judgements, marks of erasures.
#include "storage/evidence.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

#include "storage/identity.h"
#include "storage/image/index.h"
#include "storage/image/root.h"

namespace kb::storage {

void ForEachStatement(const View& view, const Entity& entity, bool all,
                      const std::function<void(const Statement&)>& visit) {
  const Root& root = view.root();
  if (!root.evidence) return;
  const std::int64_t until = root.statements_until();
  const auto consider = [&](const Statement& statement) {
    if (IsJudgement(statement)) return;
    if (all ? statement.recorded <= until : statement.StandsAt(until)) visit(statement);
  };
  std::span<const NodeId> members;
  if (root.records && !entity.is_relationship) members = root.clusters->Members(entity.node);
  if (members.empty() || members.front() != entity.node) {
    return root.evidence->ForEachOf(entity, consider);
  }
  std::vector<const Statement*> found;
  for (const NodeId member : members) {
    root.evidence->ForEachOf(Entity::Of(member),
                             [&](const Statement& statement) { found.push_back(&statement); });
  }
  std::sort(found.begin(), found.end(),
            [](const Statement* a, const Statement* b) { return a->id < b->id; });
  for (const Statement* statement : found) consider(*statement);
}

void ForEachStatement(const View& view, bool all,
                      const std::function<void(const Statement&)>& visit) {
  const Root& root = view.root();
  if (!root.evidence) return;
  const std::int64_t until = root.statements_until();
  root.evidence->ForEach([&](const Statement& statement) {
    if (IsJudgement(statement)) return;
    if (all ? statement.recorded <= until : statement.StandsAt(until)) visit(statement);
  });
}

void ForEachErasure(const View& view, const std::function<void(const Erasure&)>& visit) {
  const Root& root = view.root();
  if (!root.evidence) return;
  for (const Erasure& erasure : root.evidence->erasures()) {
    if (erasure.recorded <= root.statements_until()) visit(erasure);
  }
}

std::optional<Grade> GradeOfExistence(const View& view, const Entity& entity) {
  std::optional<Grade> best;
  bool plain = false;
  ForEachStatement(view, entity, false, [&](const Statement& statement) {
    if (statement.fact.kind != FactKind::kExistence) return;
    plain = plain || statement.plain;
    const Grade grade = statement.testimony.grade;
    if (!best || IsBetter(grade, *best)) best = grade;
  });
  return plain ? std::nullopt : best;
}

const Rule& RuleOf(const View& view) { return view.root().rule; }

std::optional<NodeId> FindSource(const View& shown, std::string_view id) {
  const View view = RecordsOf(shown);
  const auto label = view.catalog().FindLabel("Source");
  const auto key = view.catalog().FindKey("id");
  if (!label || !key) return std::nullopt;
  const Root& root = view.root();
  if (root.sources) {
    const Value value = Value::String(id);
    const std::vector<NodeId> found =
        root.sources->Ask(root, [&](const IndexTree& tree) { return SeekIndex(tree, value); });
    return found.empty() ? std::nullopt : std::optional(found.front());
  }
  std::vector<NodeId> nodes(kBlockSize);
  for (std::uint32_t block = 0; block < view.block_count(); ++block) {
    const std::uint32_t count = view.ScanBlock(block, *label, nodes.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      const Value value = view.Property(nodes[i], *key);
      if (value.is_string() && value.string() == id) return nodes[i];
    }
  }
  return std::nullopt;
}

Value SourceId(const View& shown, NodeId source) {
  const View view = RecordsOf(shown);
  const auto label = view.catalog().FindLabel("Source");
  const auto key = view.catalog().FindKey("id");
  if (!label || !key || !view.HasLabel(source, *label)) return Value::Null();
  Value value = view.Property(source, *key);
  return value.is_string() ? value : Value::Null();
}

View RecordsOf(const View& view) { return View(RecordsOf(view.shared_root())); }

View ViewWith(const View& view, NodeId node) {
  const Root& root = view.root();
  return root.records && !root.Exists(node) ? View(root.records) : view;
}

Entity AsSeen(const View& view, const Entity& entity) {
  const Root& root = view.root();
  if (!root.records || !entity.is_relationship) return entity;
  RelationshipRef seen = entity.relationship;
  seen.source = root.clusters->Representative(seen.source);
  seen.target = root.clusters->Representative(seen.target);
  return Entity::Of(seen);
}

std::vector<NodeId> ClusterOf(const View& view, NodeId node) {
  const Root& root = view.root();
  const auto members = root.clusters ? root.clusters->Members(node) : std::span<const NodeId>();
  if (members.empty()) return {node};
  return {members.begin(), members.end()};
}

void ForEachJudgement(const View& view, bool all,
                      const std::function<void(const Statement&, bool)>& visit) {
  const Root& root = view.root();
  if (!root.evidence || root.evidence->judgements().empty()) return;
  const std::int64_t until = root.statements_until();
  const std::shared_ptr<const Clusters> clusters =
      root.clusters ? root.clusters : Clusters::Of(root);
  for (const std::uint64_t id : root.evidence->judgements()) {
    const Statement& statement = *root.evidence->Find(id);
    const bool stands = statement.StandsAt(until);
    if (!stands && !(all && statement.recorded <= until)) continue;
    const bool same = statement.fact.kind == FactKind::kSame;
    visit(statement, stands && (!same || clusters->InForce(id)));
  }
}

std::vector<const Statement*> WhySame(const View& view, NodeId a, NodeId b) {
  using Link = std::pair<NodeId, const Statement*>;
  std::unordered_map<std::uint32_t, std::vector<Link>> links;
  ForEachJudgement(view, false, [&](const Statement& statement, bool in_force) {
    if (!in_force || statement.fact.kind != FactKind::kSame) return;
    const Judgement judgement = JudgementOf(statement);
    links[schema::Raw(judgement.a)].emplace_back(judgement.b, &statement);
    links[schema::Raw(judgement.b)].emplace_back(judgement.a, &statement);
  });
  // From b to a, so that following the way back leads from a to b.
  std::unordered_map<std::uint32_t, Link> came;
  std::deque<NodeId> next{b};
  came.emplace(schema::Raw(b), Link{b, nullptr});
  while (!next.empty() && !came.contains(schema::Raw(a))) {
    const NodeId node = next.front();
    next.pop_front();
    for (const auto& [other, statement] : links[schema::Raw(node)]) {
      if (came.emplace(schema::Raw(other), Link{node, statement}).second) next.push_back(other);
    }
  }
  std::vector<const Statement*> chain;
  for (NodeId at = a; at != b && came.contains(schema::Raw(at));) {
    const Link& link = came.at(schema::Raw(at));
    chain.push_back(link.second);
    at = link.first;
  }
  return chain;
}

}  // namespace kb::storage
