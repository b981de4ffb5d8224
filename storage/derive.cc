// Deriving views: a private root, isolated from the writer's memory, on which the facts that differ
// are put right. The order is that of ViewRequest: time, sources, validity.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "schema/edtf.h"
#include "storage/codec.h"
#include "storage/evidence.h"
#include "storage/history.h"
#include "storage/identity.h"
#include "storage/image/editor.h"
#include "storage/image/root.h"

namespace kb::storage {

namespace {

/// Which statements count in a view.
class Selection {
 public:
  Selection(const ViewRequest& request, std::int64_t until) : request_(request), until_(until) {
    if (request.sources) sources_.insert(request.sources->begin(), request.sources->end());
  }

  bool Counts(const Statement& statement) const {
    return statement.StandsAt(until_) && Keeps(statement);
  }
  bool Stands(const Statement& statement) const { return statement.StandsAt(until_); }
  /// Whether it is among the statements of the view at all, standing or withdrawn.
  bool Keeps(const Statement& statement) const {
    return statement.plain ||
           (Allows(statement.testimony.source) && Holds(statement.testimony.valid));
  }

 private:
  bool Allows(NodeId source) const {
    return !request_.sources || sources_.contains(source) == request_.only_sources;
  }
  bool Holds(const Value& valid) const {
    if (valid.is_null() || request_.valid_from.is_null()) return true;
    const schema::Truth holds =
        request_.valid_to.is_null()
            ? schema::HoldsAt(valid, request_.valid_from)
            : schema::HoldsWithin(valid, request_.valid_from, request_.valid_to);
    return holds.value_or(request_.possibly);
  }

  const ViewRequest& request_;
  const std::int64_t until_;
  std::set<NodeId> sources_;
};

/// One fact of which some statement stands in the root but does not count, with those that do.
struct Argued {
  Entity entity;
  Fact fact;
  std::vector<const Statement*> counting;
};

/// What a request changes in the evidence of a root.
struct Differing {
  std::vector<Argued> facts;
  std::vector<std::uint64_t> dropped;  ///< Statements that are none in this view.
};

/// Calls `visit` for the statements that may not count: where only sources are left out, theirs.
void ForEachCandidate(const Evidence& evidence, const ViewRequest& request,
                      const std::function<void(const Statement&)>& visit) {
  if (!request.sources || !request.valid_from.is_null()) return evidence.ForEach(visit);
  if (!request.only_sources) {
    const std::set<NodeId> excluded(request.sources->begin(), request.sources->end());
    for (const NodeId source : excluded) evidence.ForEachOfSource(source, visit);
    return;
  }
  evidence.ForEachSource([&](NodeId source) {
    const bool is_kept = std::find(request.sources->begin(), request.sources->end(), source) !=
                         request.sources->end();
    if (!is_kept) evidence.ForEachOfSource(source, visit);
  });
}

Differing FindDiffering(const Evidence& evidence, const ViewRequest& request,
                        const Selection& selection) {
  Differing differing;
  std::map<std::tuple<std::uint64_t, FactKind, std::uint32_t>, Argued> facts;
  ForEachCandidate(evidence, request, [&](const Statement& statement) {
    if (selection.Keeps(statement)) return;
    differing.dropped.push_back(statement.id);
    if (IsJudgement(statement) || !selection.Stands(statement)) return;
    Argued& argued = facts[{statement.entity.id(), statement.fact.kind, statement.fact.name}];
    argued.entity = statement.entity;
    argued.fact = statement.fact;
  });
  for (auto& [name, argued] : facts) {
    evidence.ForEachOf(argued.entity, [&fact = argued, &selection](const Statement& statement) {
      if (statement.fact == fact.fact && selection.Counts(statement)) {
        fact.counting.push_back(&statement);
      }
    });
    differing.facts.push_back(std::move(argued));
  }
  return differing;
}

/// Puts facts right on a root of its own.
class Corrector {
 public:
  explicit Corrector(const Root& root) : editor_(std::make_shared<Root>(root)) {
    editor_.Isolate();
  }

  void Correct(const Argued& argued) {
    const Entity& entity = argued.entity;
    const bool is_there = entity.is_relationship ? HasEdge(editor_.root(), entity.relationship)
                                                 : editor_.root().Exists(entity.node);
    if (!is_there) return;
    const std::optional<Value> decided = Decide(argued.counting, editor_.root().rule);
    const bool is_so = decided && decided->is_boolean() && decided->boolean();
    switch (argued.fact.kind) {
      case FactKind::kExistence:
        if (!is_so && entity.is_relationship) RemoveEdge(entity.relationship);
        if (!is_so && !entity.is_relationship) RemoveNode(entity.node);
        return;
      case FactKind::kLabel:
        SetLabel(entity.node, LabelId{static_cast<std::uint16_t>(argued.fact.name)}, is_so);
        return;
      case FactKind::kSame:
      case FactKind::kDistinct:
        return;
      case FactKind::kProperty:
        break;
    }
    const Value value = decided.value_or(Value::Null());
    if (entity.is_relationship) {
      editor_.SetProperty(entity.relationship.type, entity.relationship.edge,
                          KeyId{argued.fact.name}, value);
    } else {
      editor_.SetProperty(entity.node, KeyId{argued.fact.name}, value);
    }
  }

  std::shared_ptr<const Root> Finish(Evidence evidence) {
    editor_.SetEvidence(std::move(evidence));
    return editor_.Share();
  }

 private:
  void SetLabel(NodeId node, LabelId label, bool is_so) {
    const auto old = editor_.root().LabelsOf(node)->labels();
    std::vector<LabelId> labels(old.begin(), old.end());
    const auto at = std::lower_bound(labels.begin(), labels.end(), label);
    const bool has = at != labels.end() && *at == label;
    if (has == is_so) return;
    if (is_so) {
      labels.insert(at, label);
    } else {
      labels.erase(at);
    }
    editor_.SetLabels(node, labels);
  }

  void RemoveEdge(const RelationshipRef& ref) {
    std::vector<KeyId> keys;
    for (const auto& column : editor_.root().FindType(ref.type)->columns) {
      keys.push_back(column.first);
    }
    for (const KeyId key : keys) editor_.SetProperty(ref.type, ref.edge, key, Value::Null());
    editor_.RemoveEdge(ref);
  }

  void RemoveNode(NodeId node) {
    const auto attached = AttachedTo(View(editor_.Share()), node);
    for (const RelationshipRef& ref : attached) RemoveEdge(ref);
    for (std::size_t raw = 0; raw < editor_.root().node_columns.size(); ++raw) {
      editor_.SetProperty(node, KeyId{static_cast<std::uint32_t>(raw)}, Value::Null());
    }
    editor_.RemoveNode(node);
  }

  Editor editor_;
};

/// What tells derived views of one root apart.
std::string NameOf(const Root& root, const ViewRequest& request) {
  std::string name = fmt::format("{} {} {} by", root.recorded, request.possibly, request.raw);
  for (const Criterion criterion : root.rule) name += fmt::format(" {}", NameOf(criterion));
  if (request.sources) {
    name += request.only_sources ? " only" : " without";
    for (const NodeId source : *request.sources) name += fmt::format(" {}", schema::Raw(source));
  }
  if (!request.valid_from.is_null()) name += " from " + request.valid_from.ToText();
  if (!request.valid_to.is_null()) name += " to " + request.valid_to.ToText();
  return name;
}

/// The facts that hold when some statements do not count.
std::shared_ptr<const Root> Select(const Root& root, const ViewRequest& request) {
  const Selection selection(request, root.statements_until());
  const Differing differing = FindDiffering(*root.evidence, request, selection);
  Corrector corrector(root);
  // Values and labels first: what goes takes its own with it.
  for (const bool existence : {false, true}) {
    for (const Argued& argued : differing.facts) {
      if ((argued.fact.kind == FactKind::kExistence) == existence) corrector.Correct(argued);
    }
  }
  Evidence evidence = *root.evidence;
  evidence.Remove(differing.dropped);
  return corrector.Finish(std::move(evidence));
}

}  // namespace

Result<View> DeriveView(const View& view, const ViewRequest& request,
                        const Cancellation* cancellation) {
  std::shared_ptr<const Root> root = RecordsOf(view.shared_root());
  const std::shared_ptr<Past> past = root->past;
  if (past == nullptr) return InternalError("a view has no history");
  if (request.system_time) {
    KB_ASSIGN(root, past->At(root, *request.system_time));
    KB_TRY(root->health->Get());
  }
  if (cancellation != nullptr) KB_TRY(cancellation->Check());
  const bool selects = request.sources || !request.valid_from.is_null();
  const bool judges = root->evidence && !root->evidence->judgements().empty();
  if (!root->evidence || (!selects && !judges)) return View(std::move(root));
  // What was recorded until a time is one state, whichever root shows it.
  const std::string name = NameOf(*root, request);
  const bool committed = root->base == nullptr;
  if (auto known = committed ? past->FindDerived(name, *root) : nullptr) {
    return View(std::move(known));
  }
  if (selects) root = Select(*root, request);
  if (judges && !request.raw) root = Identify(std::move(root));
  if (judges && request.raw) {
    auto shown = std::make_shared<Root>(*root);
    shown->clusters = Clusters::Of(*root);
    root = std::move(shown);
  }
  KB_TRY(root->health->Get());
  if (committed) past->KeepDerived(name, *root);
  return View(std::move(root));
}

namespace {

/// What may differ between two states: every fact that a change between them touches.
struct Touchings {
  std::map<std::uint64_t, Entity> existence;
  std::map<std::pair<std::uint64_t, KeyId>, Entity> values;
  std::map<std::uint64_t, Entity> labels;

  void Add(const Change& change) {
    const Entity node = Entity::Of(change.node);
    const Entity relationship = Entity::Of(change.ref);
    switch (change.kind) {
      case Change::Kind::kNodeMade:
      case Change::Kind::kNodeDeleted:
        existence.emplace(node.id(), node);
        return;
      case Change::Kind::kLabels:
        labels.emplace(node.id(), node);
        return;
      case Change::Kind::kNodeProperty:
        values.emplace(std::pair(node.id(), change.key), node);
        return;
      case Change::Kind::kEdgeMade:
      case Change::Kind::kEdgeDeleted:
        existence.emplace(relationship.id(), relationship);
        return;
      case Change::Kind::kEdgeProperty:
        values.emplace(std::pair(relationship.id(), change.key), relationship);
        return;
      case Change::Kind::kNodesLoaded:
        for (std::uint64_t i = 0; i < change.count; ++i) {
          const auto raw = static_cast<std::uint32_t>(schema::Raw(change.node) + i);
          existence.emplace(raw, Entity::Of(NodeId{raw}));
        }
        return;
      case Change::Kind::kEdgesLoaded:
        return;  // Found below, where their ends are known.
      case Change::Kind::kRule:
        return;  // What it decided otherwise are changes of their own.
    }
  }
};

bool IsThere(const View& view, const Entity& entity) {
  return entity.is_relationship ? view.Exists(entity.relationship) : view.Exists(entity.node);
}

Value ValueIn(const View& view, const Entity& entity, KeyId key) {
  return entity.is_relationship ? view.Property(entity.relationship, key)
                                : view.Property(entity.node, key);
}

/// The relationships of a load, by what the later state has.
void AddLoaded(const View& after, const Change& change, Touchings* touched) {
  const TypeId type = change.ref.type;
  const std::uint64_t first = schema::Raw(change.ref.edge);
  std::vector<NodeId> nodes(kBlockSize);
  for (std::uint32_t block = 0; block < after.block_count(); ++block) {
    const std::uint32_t count = after.ScanBlock(block, std::nullopt, nodes.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      const Slice list = after.Neighbours(type, Direction::kOut, nodes[i]);
      for (std::uint32_t at = 0; at < list.size; ++at) {
        const std::uint64_t edge = schema::Raw(list.edges[at]);
        if (edge < first || edge >= first + change.count) continue;
        const auto entity =
            Entity::Of(RelationshipRef{type, list.edges[at], nodes[i], list.nodes[at]});
        touched->existence.emplace(entity.id(), entity);
      }
    }
  }
}

class Comparison {
 public:
  Comparison(View before, View after, const std::function<Result<void>(const Difference&)>& visit)
      : before_(std::move(before)), after_(std::move(after)), visit_(visit) {}

  Result<void> Existence(const Entity& entity) {
    const bool was = IsThere(before_, entity);
    const bool is = IsThere(after_, entity);
    if (was == is) return was ? Contents(entity) : Result<void>();
    Difference difference;
    difference.entity = entity;
    difference.before = Value::Boolean(was);
    difference.after = Value::Boolean(is);
    difference.kind =
        entity.is_relationship ? Difference::Kind::kRelationship : Difference::Kind::kNode;
    if (entity.is_relationship) difference.name = after_.catalog().Name(entity.relationship.type);
    return visit_(difference);
  }

  Result<void> Labels(const Entity& entity) {
    if (!IsThere(before_, entity) || !IsThere(after_, entity)) return {};
    const auto was = before_.Labels(entity.node);
    const auto is = after_.Labels(entity.node);
    std::set<LabelId> all(was.begin(), was.end());
    all.insert(is.begin(), is.end());
    for (const LabelId label : all) {
      const bool had = before_.HasLabel(entity.node, label);
      const bool has = after_.HasLabel(entity.node, label);
      if (had == has) continue;
      KB_TRY(visit_({Difference::Kind::kLabel, entity, std::string(after_.catalog().Name(label)),
                     Value::Boolean(had), Value::Boolean(has)}));
    }
    return {};
  }

  Result<void> OneValue(const Entity& entity, KeyId key) {
    if (!IsThere(before_, entity) || !IsThere(after_, entity)) return {};
    Value was = ValueIn(before_, entity, key);
    Value is = ValueIn(after_, entity, key);
    if (EncodeValue(was) == EncodeValue(is)) return {};
    return visit_({Difference::Kind::kProperty, entity, std::string(after_.catalog().Name(key)),
                   std::move(was), std::move(is)});
  }

 private:
  /// Of something that went and came again.
  Result<void> Contents(const Entity& entity) {
    if (!entity.is_relationship) KB_TRY(Labels(entity));
    for (std::uint32_t raw = 0; raw < after_.catalog().key_count(); ++raw) {
      KB_TRY(OneValue(entity, KeyId{raw}));
    }
    return {};
  }

  const View before_, after_;
  const std::function<Result<void>(const Difference&)>& visit_;
};

}  // namespace

Result<void> CompareViews(const View& view, std::int64_t from, std::int64_t to,
                          const std::function<Result<void>(const Difference&)>& visit) {
  ViewRequest request;
  request.raw = true;  // What was recorded; how nodes are joined is another question.
  request.system_time = from;
  KB_ASSIGN(View before, DeriveView(view, request));
  request.system_time = to;
  KB_ASSIGN(View after, DeriveView(view, request));
  Touchings touched;
  const auto note = [&](std::int64_t, const Change& change) -> Result<void> {
    touched.Add(change);
    if (change.kind == Change::Kind::kEdgesLoaded) AddLoaded(after, change, &touched);
    return {};
  };
  KB_TRY(view.root().past->ForEachChange(std::min(from, to), std::max(from, to), note));
  Comparison comparison(before, after, visit);
  for (const auto& entry : touched.existence) KB_TRY(comparison.Existence(entry.second));
  for (const auto& [id, entity] : touched.labels) {
    if (!touched.existence.contains(id)) KB_TRY(comparison.Labels(entity));
  }
  for (const auto& [id, entity] : touched.values) {
    if (!touched.existence.contains(id.first)) KB_TRY(comparison.OneValue(entity, id.second));
  }
  return {};
}

}  // namespace kb::storage
