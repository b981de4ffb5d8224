#include "query/optimize/count_pattern.h"

#include <algorithm>
#include <limits>

#include "query/optimize/count_condition.h"
#include "query/optimize/count_conflict.h"

namespace kb::query::optimize {
namespace {

using plan::CountGroup;
using plan::CountLink;

/// Rows expected of a core that an equality selects.
constexpr double kSelectedRows = 16;

/// Of any length or shape, not one relationship.
bool IsWalk(const bind::PatternRelationship& r) { return r.variable_length || r.route; }

class Analysis {
 public:
  /// `apart` gets what the split rests on; null: it may rest on nothing.
  Analysis(const plan::MatchPattern& match, const SlotSet& needed, const plan::Plan& plan,
           const Cost& cost, std::vector<plan::LabelsApart>* apart)
      : match_(match),
        pattern_(match.pattern),
        cost_(cost),
        node_core_(pattern_.nodes.size()),
        relationship_core_(pattern_.relationships.size()) {
    for (const auto& predicate : match.predicates) {
      conditions_.push_back(ReadCondition(*predicate, pattern_, plan, cost));
    }
    MakeGraph();
    if (apart != nullptr) FindApart(apart);
    MarkNeeded(needed);
    MarkConditions();
    Spread();
  }

  bool IsSimple() const {
    return std::all_of(pattern_.paths.begin(), pattern_.paths.end(), [](const auto& path) {
      return path.shortest == ast::ShortestForm::kNone && !path.selector && !path.mode &&
             !path.predicate && path.named.empty();
    });
  }

  bool Hang(const std::vector<HangingGroup>& hanging) {
    for (const HangingGroup& group : hanging) {
      std::vector<std::size_t> on;
      for (const Slot slot : group.on) {
        std::size_t node = FindNode(slot);
        if (node == kNowhere) {
          // Known from before this pattern.
          node = graph_.nodes.size();
          graph_.nodes.push_back({slot, nullptr, nullptr, 1, true});
        }
        on.push_back(node);
      }
      graph_.hanging.push_back({group.group, std::move(on)});
    }
    return !hanging.empty();
  }

  /// Gives each part of the pattern that has no core node one.
  void ChooseRoots() {
    for (std::size_t i = 0; i < pattern_.nodes.size(); ++i) {
      const std::vector<std::size_t> part = PartOf(i);
      if (std::any_of(part.begin(), part.end(), [&](std::size_t n) { return node_core_[n]; })) {
        continue;
      }
      node_core_[BestRoot(part)] = true;
      Spread();
    }
  }

  bool AllCore() const {
    return std::all_of(node_core_.begin(), node_core_.end(), [](bool core) { return core; });
  }
  /// Whether the core is no more than the nodes that were bound.
  bool OnlyBoundCore() const {
    for (std::size_t i = 0; i < node_core_.size(); ++i) {
      if (node_core_[i] != pattern_.nodes[i].bound) return false;
      if (node_core_[i] && pattern_.nodes[i].labels) return false;
    }
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
      if (StaysWithRows(conditions_[i])) return false;
    }
    return std::none_of(relationship_core_.begin(), relationship_core_.end(),
                        [](bool core) { return core; });
  }

  std::optional<CountTree> Tree(double rows) {
    for (std::size_t i = 0; i < node_core_.size(); ++i) graph_.nodes[i].known = node_core_[i];
    for (std::size_t i = 0; i < relationship_core_.size(); ++i) {
      graph_.links[i].known = relationship_core_[i];
    }
    CountGraph graph = graph_;
    AddConditions(&graph);
    return MakeCountTree(graph, cost_, rows);
  }

  double CoreRows(double input_rows) const {
    double rows = input_rows;
    for (std::size_t i = 0; i < node_core_.size(); ++i) {
      if (node_core_[i] && !pattern_.nodes[i].bound) {
        rows = std::max(rows, NodesOf(i) * graph_.nodes[i].share);
      }
    }
    return selective_ ? std::min(rows, input_rows * kSelectedRows) : rows;
  }

  plan::MatchPattern Core() const {
    plan::MatchPattern core;
    core.pattern.different_relationships = pattern_.different_relationships;
    std::vector<std::size_t> place(pattern_.nodes.size(), kNowhere);
    for (std::size_t i = 0; i < pattern_.nodes.size(); ++i) {
      if (!node_core_[i]) continue;
      place[i] = core.pattern.nodes.size();
      core.pattern.nodes.push_back(pattern_.nodes[i]);
    }
    std::vector<std::size_t> relationship_place(pattern_.relationships.size(), kNowhere);
    for (std::size_t i = 0; i < pattern_.relationships.size(); ++i) {
      if (!relationship_core_[i]) continue;
      relationship_place[i] = core.pattern.relationships.size();
      core.pattern.relationships.push_back(pattern_.relationships[i]);
      core.clauses.push_back(match_.ClauseOf(i));
      auto& r = core.pattern.relationships.back();
      r.left = place[r.left];
      r.right = place[r.right];
    }
    for (const auto& path : pattern_.paths) {
      if (path.slot == bind::kNoSlot || !PathIsCore(path)) continue;
      bind::PatternPath kept = path;
      for (auto& index : kept.relationships) index = relationship_place[index];
      for (auto& index : kept.nodes) index = place[index];
      core.pattern.paths.push_back(std::move(kept));
    }
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
      if (StaysWithRows(conditions_[i])) core.predicates.push_back(match_.predicates[i]);
    }
    return core;
  }

 private:
  // --- What the pattern says -------------------------------------------------------------------

  std::size_t FindNode(Slot slot) const { return NodeOf(pattern_, slot); }

  void MakeGraph() {
    for (const auto& node : pattern_.nodes) {
      graph_.nodes.push_back({node.slot, node.labels, nullptr, 1, false});
    }
    for (std::size_t i = 0; i < pattern_.relationships.size(); ++i) {
      const auto& r = pattern_.relationships[i];
      // Where relationships may repeat, each is as if alone in its MATCH.
      const std::uint32_t clause =
          pattern_.different_relationships ? match_.ClauseOf(i) : static_cast<std::uint32_t>(i);
      graph_.links.push_back(
          {r.left, r.right, r.direction, r.types, CountLink::Use::kTimes, clause, false});
    }
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
      const Condition& condition = conditions_[i];
      if (condition.form == Condition::Form::kDifferent) {
        graph_.different.emplace_back(condition.nodes[0], condition.nodes[1]);
      } else if (condition.form == Condition::Form::kNode) {
        graph_.nodes[condition.nodes[0]].share *= cost_.Selectivity(*match_.predicates[i]);
      }
    }
  }

  /// Looks for links that cannot be the same relationship because labels of their ends never meet.
  void FindApart(std::vector<plan::LabelsApart>* found) {
    for (std::size_t i = 0; i < graph_.links.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const CountGraph::Link& a = graph_.links[i];
        const CountGraph::Link& b = graph_.links[j];
        if (!MayBeSame(a, b)) continue;
        for (const auto& [x, y] : {std::pair(a.left, b.left), std::pair(a.left, b.right),
                                   std::pair(a.right, b.left), std::pair(a.right, b.right)}) {
          SetApart(x, y, found);
        }
      }
    }
  }

  void SetApart(std::size_t a, std::size_t b, std::vector<plan::LabelsApart>* found) {
    if (std::find(graph_.apart.begin(), graph_.apart.end(), std::pair(a, b)) !=
        graph_.apart.end()) {
      return;
    }
    for (const std::string& first : RequiredNames(graph_.nodes[a].labels)) {
      for (const std::string& second : RequiredNames(graph_.nodes[b].labels)) {
        if (!cost_.NeverMeet(first, second)) continue;
        graph_.apart.emplace_back(a, b);
        found->push_back({first, second});
        return;
      }
    }
  }

  // --- The core ---------------------------------------------------------------------------------

  void MarkNeeded(const SlotSet& needed) {
    for (std::size_t i = 0; i < pattern_.nodes.size(); ++i) {
      const auto& node = pattern_.nodes[i];
      if (node.bound || needed.contains(node.slot)) node_core_[i] = true;
    }
    for (std::size_t i = 0; i < pattern_.relationships.size(); ++i) {
      const auto& r = pattern_.relationships[i];
      bool group = false;
      bind::ForEachGroupSlot(r, [&](Slot slot) { group = group || needed.contains(slot); });
      if (r.bound || IsWalk(r) || r.type_test || group || needed.contains(r.slot)) {
        relationship_core_[i] = true;
      }
    }
    for (const auto& path : pattern_.paths) {
      if (path.slot == bind::kNoSlot || !needed.contains(path.slot)) continue;
      for (const std::size_t i : path.relationships) relationship_core_[i] = true;
      for (const std::size_t i : path.nodes) node_core_[i] = true;
    }
  }

  void MarkConditions() {
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
      const Condition& condition = conditions_[i];
      const bool equality = condition.form == Condition::Form::kNode && condition.equality;
      selective_ = selective_ || equality;
      if (condition.form == Condition::Form::kRows || equality) MarkCore(condition);
    }
    const bool few = selective_ || std::any_of(pattern_.nodes.begin(), pattern_.nodes.end(),
                                               [](const auto& node) { return node.bound; });
    if (!few) return;
    // A test of every node of a label does not pay for the few that will be met.
    for (const Condition& condition : conditions_) {
      if (condition.form == Condition::Form::kNode) MarkCore(condition);
    }
  }

  void MarkCore(const Condition& condition) {
    for (const std::size_t node : condition.nodes) node_core_[node] = true;
    for (const std::size_t r : condition.relationships) relationship_core_[r] = true;
  }

  /// Closes the core: ends of its relationships, relationships between its nodes, ways between its
  /// parts, and relationships that would have to be compared with others one by one.
  void Spread() {
    bool changed = true;
    while (changed) {
      changed = false;
      const auto take = [&](std::vector<bool>& core, std::size_t at) {
        if (core[at]) return;
        core[at] = true;
        changed = true;
      };
      for (std::size_t i = 0; i < relationship_core_.size(); ++i) {
        const auto& r = pattern_.relationships[i];
        if (relationship_core_[i]) take(node_core_, r.left), take(node_core_, r.right);
        if (node_core_[r.left] && node_core_[r.right]) take(relationship_core_, i);
      }
      for (std::size_t i = 0; i < relationship_core_.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          if (relationship_core_[i] && relationship_core_[j]) continue;
          if (!IsUnclear(i, j)) continue;
          take(relationship_core_, i);
          take(relationship_core_, j);
        }
      }
      if (!changed) changed = LinkCore();
    }
  }

  bool IsUnclear(std::size_t i, std::size_t j) const {
    if (!pattern_.different_relationships) return false;
    const Conflict conflict = ConflictOf(graph_, graph_.links[i], graph_.links[j]);
    if (conflict != Conflict::kCheck) return conflict == Conflict::kUnclear;
    return IsWalk(pattern_.relationships[i]) || IsWalk(pattern_.relationships[j]);
  }

  /// Nodes that can be reached from `start`, each with the node before it; through nodes outside
  /// the core only, if so wanted.
  std::vector<std::size_t> Search(const std::vector<std::size_t>& start, bool outside) const {
    std::vector<std::size_t> before(pattern_.nodes.size(), kNowhere);
    std::vector<std::size_t> queue = start;
    for (const std::size_t node : start) before[node] = node;
    for (std::size_t at = 0; at < queue.size(); ++at) {
      const std::size_t node = queue[at];
      const bool is_start = before[node] == node;
      if (outside && node_core_[node] && !is_start) continue;
      for (const auto& r : pattern_.relationships) {
        if (r.left != node && r.right != node) continue;
        const std::size_t other = r.left == node ? r.right : r.left;
        if (before[other] != kNowhere) continue;
        before[other] = node;
        queue.push_back(other);
      }
    }
    return before;
  }

  std::vector<std::size_t> PartOf(std::size_t node) const {
    const auto before = Search({node}, false);
    std::vector<std::size_t> part;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i] != kNowhere) part.push_back(i);
    }
    return part;
  }

  /// The core nodes that hang together with `node` by relationships of the core.
  std::vector<std::size_t> CorePartOf(std::size_t node) const {
    std::vector<std::size_t> part = {node};
    for (std::size_t at = 0; at < part.size(); ++at) {
      for (std::size_t i = 0; i < relationship_core_.size(); ++i) {
        const auto& r = pattern_.relationships[i];
        if (!relationship_core_[i] || (r.left != part[at] && r.right != part[at])) continue;
        const std::size_t other = r.left == part[at] ? r.right : r.left;
        if (std::find(part.begin(), part.end(), other) == part.end()) part.push_back(other);
      }
    }
    return part;
  }

  /// Takes in the shortest way between two parts of the core, if there is one.
  bool LinkCore() {
    for (std::size_t i = 0; i < node_core_.size(); ++i) {
      if (!node_core_[i] || IsAllBound()) continue;
      const std::vector<std::size_t> part = CorePartOf(i);
      const auto before = Search(part, true);
      for (std::size_t to = 0; to < before.size(); ++to) {
        const bool own = std::find(part.begin(), part.end(), to) != part.end();
        if (!node_core_[to] || own || before[to] == kNowhere) continue;
        for (std::size_t at = before[to]; !node_core_[at]; at = before[at]) node_core_[at] = true;
        // A way without nodes of its own is a relationship that Spread has taken in before.
        return true;
      }
    }
    return false;
  }

  /// Bound nodes need no way between them: every row has them.
  bool IsAllBound() const {
    for (std::size_t i = 0; i < node_core_.size(); ++i) {
      if (node_core_[i] && !pattern_.nodes[i].bound) return false;
    }
    return true;
  }

  double NodesOf(std::size_t node) const {
    double nodes = cost_.Nodes();
    for (const auto& label : RequiredNames(pattern_.nodes[node].labels)) {
      nodes = std::min(nodes, cost_.Nodes(label));
    }
    return nodes;
  }

  /// Long work is shared among threads row by row: the fewer rows, the longer the last one works
  /// when the others are done.
  static double Uneven(double steps, double rows) {
    constexpr double kLong = 200'000;
    constexpr double kRowsAtTheEnd = 16;
    constexpr double kShareMax = 0.25;
    return steps < kLong ? steps : steps * (1 + std::min(kShareMax, kRowsAtTheEnd / rows));
  }

  std::size_t BestRoot(const std::vector<std::size_t>& part) {
    std::size_t best = part.front();
    double least = std::numeric_limits<double>::infinity();
    const std::vector<bool> core = node_core_;
    const std::vector<bool> relationships = relationship_core_;
    for (const std::size_t root : part) {
      // Other parts are taken as known: nothing links them to this one.
      node_core_.assign(node_core_.size(), true);
      for (const std::size_t node : part) node_core_[node] = node == root;
      for (std::size_t i = 0; i < relationship_core_.size(); ++i) {
        const auto& r = pattern_.relationships[i];
        relationship_core_[i] = node_core_[r.left] && node_core_[r.right];
      }
      const auto tree = Tree(NodesOf(root) * graph_.nodes[root].share);
      const double steps = tree ? Uneven(tree->cost + NodesOf(root), NodesOf(root)) : least;
      if (steps < least) best = root, least = steps;
    }
    node_core_ = core;
    relationship_core_ = relationships;
    return best;
  }

  // --- What comes of it -------------------------------------------------------------------------

  bool StaysWithRows(const Condition& condition) const {
    if (condition.form == Condition::Form::kRows) return true;
    return std::all_of(condition.nodes.begin(), condition.nodes.end(),
                       [&](std::size_t node) { return node_core_[node]; });
  }

  bool PathIsCore(const bind::PatternPath& path) const {
    return std::all_of(path.nodes.begin(), path.nodes.end(),
                       [&](std::size_t node) { return node_core_[node]; }) &&
           std::all_of(path.relationships.begin(), path.relationships.end(),
                       [&](std::size_t r) { return relationship_core_[r]; });
  }

  void AddConditions(CountGraph* graph) const {
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
      const Condition& condition = conditions_[i];
      if (StaysWithRows(condition)) continue;
      switch (condition.form) {
        case Condition::Form::kNode: {
          ExpressionPtr& predicate = graph->nodes[condition.nodes[0]].predicate;
          predicate =
              predicate ? plan::Conjoin({predicate, match_.predicates[i]}) : match_.predicates[i];
          break;
        }
        case Condition::Form::kLink:
          graph->links.push_back(condition.link);
          break;
        case Condition::Form::kHanging:
          graph->hanging.push_back({condition.group, condition.nodes});
          break;
        case Condition::Form::kDifferent:  // in the graph from the start
        case Condition::Form::kRows:
          break;
      }
    }
  }

  const plan::MatchPattern& match_;
  const bind::Pattern& pattern_;
  const Cost& cost_;
  CountGraph graph_;
  std::vector<Condition> conditions_;
  std::vector<bool> node_core_;
  std::vector<bool> relationship_core_;
  bool selective_ = false;
};

}  // namespace

std::optional<SplitPattern> SplitForCounting(const plan::MatchPattern& match, const SlotSet& needed,
                                             const std::vector<HangingGroup>& hanging,
                                             const plan::Plan& plan, const Cost& cost,
                                             double rows) {
  std::vector<plan::LabelsApart> apart;
  Analysis analysis(match, needed, plan, cost, &apart);
  if (!analysis.IsSimple()) return std::nullopt;
  const bool hangs = analysis.Hang(hanging);
  analysis.ChooseRoots();
  if (analysis.AllCore() && !hangs) return std::nullopt;
  auto tree = analysis.Tree(analysis.CoreRows(rows));
  if (!tree || tree->groups.empty()) return std::nullopt;
  return SplitPattern{analysis.Core(), std::move(tree->groups), std::move(apart)};
}

std::optional<HangingGroup> CountWhole(const plan::MatchPattern& match, CountGroup::Use use,
                                       const plan::Plan& plan, const Cost& cost) {
  Analysis analysis(match, {}, plan, cost, nullptr);
  if (!analysis.IsSimple() || !analysis.OnlyBoundCore() || analysis.AllCore()) return std::nullopt;
  auto tree = analysis.Tree(1);
  if (!tree) return std::nullopt;
  HangingGroup hanging;
  hanging.group.use = use;
  for (CountGroup& group : tree->groups) {
    // Parts of a product: what is optional or excluded is the product.
    if (group.use != CountGroup::Use::kTimes) return std::nullopt;
    for (plan::CountNode& node : group.nodes) hanging.group.nodes.push_back(std::move(node));
  }
  for (const auto& node : match.pattern.nodes) {
    if (node.bound) hanging.on.push_back(node.slot);
  }
  return hanging;
}

}  // namespace kb::query::optimize
