#include "query/optimize/count_tree.h"

#include <algorithm>
#include <limits>
#include <set>

#include "query/optimize/count_conflict.h"

namespace kb::query::optimize {
namespace {

using plan::CountGroup;
using plan::CountLink;
using plan::CountNode;
using schema::Direction;
using Link = CountGraph::Link;

/// Builds one tree.
class Builder {
 public:
  Builder(const CountGraph& graph, const Cost& cost, double rows)
      : graph_(graph), cost_(cost), rows_(rows), position_(graph.nodes.size(), kUnplaced) {}

  std::optional<CountTree> Build() {
    CollectScopes();
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (!graph_.nodes[i].known) left_.insert(i);
    }
    TrimLeaves();
    if (!OrderTangled()) return std::nullopt;
    order_.insert(order_.end(), trimmed_.rbegin(), trimmed_.rend());
    for (std::size_t i = 0; i < order_.size(); ++i) position_[order_[i]] = i;
    FindParents();
    MakeNodes();
    AttachGroups();
    CountTree tree;
    CostOfChildren(kRoot, rows_, rows_);
    Decide();
    tree.groups = TakeGroups(kRoot);
    tree.cost = cost_sum_;
    return tree;
  }

 private:
  static constexpr std::size_t kUnplaced = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t kRoot = kUnplaced;
  /// Working a table out ahead is worth it when at least this share of it is asked for.
  static constexpr double kAheadShare = 0.3;

  /// Reading a list somewhere in memory, against the next one.
  static constexpr double kFarCost = 4;

  struct Planned {
    CountNode node;
    std::size_t parent = kRoot;     ///< In the tree.
    std::set<std::size_t> depends;  ///< The nodes above that its number depends on.
    std::size_t from = 0;           ///< Index of the node that its link comes from.
    std::vector<std::size_t> closing_from;
    double asked = 0;  ///< How often a candidate for it is looked at.
    double steps = 0;
  };

  void CollectScopes() {
    for (std::size_t i = 0; i < graph_.links.size(); ++i) {
      const Link& link = graph_.links[i];
      if (!link.known) scopes_.push_back({link.left, link.right});
      for (std::size_t j = 0; j < i; ++j) {
        const Link& other = graph_.links[j];
        if (link.known && other.known) continue;
        if (ConflictOf(graph_, link, other) == Conflict::kCheck) {
          scopes_.push_back({link.left, link.right, other.left, other.right});
        }
      }
    }
    for (const auto& [a, b] : graph_.different) {
      if (!DifferAnyway(a, b) && !DifferAnyway(b, a)) scopes_.push_back({a, b});
    }
    for (const auto& hanging : graph_.hanging) {
      scopes_.emplace_back(hanging.on.begin(), hanging.on.end());
    }
  }

  /// Whether some node is known not to be linked to `a` as it is to `b`.
  bool DifferAnyway(std::size_t a, std::size_t b) const {
    const auto seen = [](const Link& link, std::size_t node) {
      return link.left == node ? std::pair(link.right, Seen(link, link.right))
                               : std::pair(link.left, Seen(link, link.left));
    };
    const auto is_at = [](const Link& link, std::size_t node) {
      return (link.left == node || link.right == node) && link.left != link.right;
    };
    return std::any_of(graph_.links.begin(), graph_.links.end(), [&](const Link& none) {
      if (none.use != CountLink::Use::kNone || !is_at(none, a)) return false;
      return std::any_of(graph_.links.begin(), graph_.links.end(), [&](const Link& link) {
        return link.use == CountLink::Use::kTimes && is_at(link, b) &&
               seen(link, b) == seen(none, a) && SameTypes(link.types, none.types);
      });
    });
  }

  /// The others, placed or not, that share a factor with a node.
  std::set<std::size_t> Neighbours(std::size_t node) const {
    std::set<std::size_t> others;
    for (const auto& scope : scopes_) {
      if (!scope.contains(node)) continue;
      for (const std::size_t other : scope) {
        const bool there = graph_.nodes[other].known || left_.contains(other);
        if (other != node && there) others.insert(other);
      }
    }
    return others;
  }

  bool IsLinked(std::size_t a, std::size_t b) const {
    return std::any_of(graph_.links.begin(), graph_.links.end(), [&](const Link& link) {
      return !link.known && link.use == CountLink::Use::kTimes &&
             ((link.left == a && link.right == b) || (link.left == b && link.right == a));
    });
  }

  void TrimLeaves() {
    bool found = true;
    while (found) {
      found = false;
      for (auto at = left_.begin(); at != left_.end();) {
        const auto others = Neighbours(*at);
        if (others.size() != 1 || !IsLinked(*at, *others.begin())) {
          ++at;
          continue;
        }
        trimmed_.push_back(*at);
        at = left_.erase(at);
        found = true;
      }
    }
  }

  bool IsPlaced(std::size_t node) const {
    return graph_.nodes[node].known ||
           std::find(order_.begin(), order_.end(), node) != order_.end();
  }

  /// Candidates for `node` over those that are placed: the least degree, thinned by other links.
  double Branching(std::size_t node) const {
    double least = std::numeric_limits<double>::infinity();
    double thin = 1;
    std::size_t count = 0;
    for (const Link& link : graph_.links) {
      const bool is_left = link.left == node;
      if (link.known || link.use != CountLink::Use::kTimes || link.left == link.right) continue;
      if (!is_left && link.right != node) continue;
      const std::size_t from = is_left ? link.right : link.left;
      if (!IsPlaced(from)) continue;
      const double degree = DegreeOf(link, from, node) * SkewOf(link, from, node);
      least = std::min(least, degree);
      thin *= std::min(1.0, degree / std::max(1.0, NodesOf(node)));
      ++count;
    }
    if (count > 1) least *= thin / std::min(1.0, least / std::max(1.0, NodesOf(node)));
    return least * graph_.nodes[node].share;
  }

  bool OrderTangled() {
    while (!left_.empty()) {
      std::size_t best = kUnplaced;
      double best_branching = std::numeric_limits<double>::infinity();
      for (const std::size_t node : left_) {
        const double branching = Branching(node);
        if (branching < best_branching) best = node, best_branching = branching;
      }
      if (best == kUnplaced) return false;
      order_.push_back(best);
      left_.erase(best);
    }
    return true;
  }

  /// The node of `scope` that is worked out last, or kRoot.
  std::size_t Latest(const std::set<std::size_t>& scope) const {
    std::size_t latest = kRoot;
    for (const std::size_t node : scope) {
      if (graph_.nodes[node].known) continue;
      if (latest == kRoot || position_[node] > position_[latest]) latest = node;
    }
    return latest;
  }

  void FindParents() {
    planned_.resize(graph_.nodes.size());
    std::vector<std::set<std::size_t>> scopes = scopes_;
    for (auto at = order_.rbegin(); at != order_.rend(); ++at) {
      std::set<std::size_t> above;
      for (const auto& scope : scopes) {
        if (Latest(scope) == *at) above.insert(scope.begin(), scope.end());
      }
      above.erase(*at);
      planned_[*at].parent = Latest(above);
      planned_[*at].depends = above;
      scopes.push_back(std::move(above));
    }
  }

  double NodesOf(std::size_t node) const {
    double nodes = cost_.Nodes();
    for (const auto& label : RequiredNames(graph_.nodes[node].labels)) {
      nodes = std::min(nodes, cost_.Nodes(label));
    }
    return nodes;
  }

  static Direction Seen(const Link& link, std::size_t from) {
    return link.left == from ? link.direction : Reverse(link.direction);
  }

  double DegreeOf(const Link& link, std::size_t from, std::size_t to) const {
    return cost_.Degree(link.types, Seen(link, from), RequiredNames(graph_.nodes[from].labels),
                        RequiredNames(graph_.nodes[to].labels));
  }

  /// A node that has been met by one relationship of a kind is met more often the more it has.
  double SkewOf(const Link& link, std::size_t from, std::size_t to) const {
    const bool is_met_by_another =
        std::any_of(graph_.links.begin(), graph_.links.end(), [&](const Link& other) {
          if (&other == &link || other.use != CountLink::Use::kTimes) return false;
          if (other.left != from && other.right != from) return false;
          const std::size_t end = other.left == from ? other.right : other.left;
          return end != to && IsBefore(end, to) && Seen(other, from) == Seen(link, from) &&
                 SameTypes(other.types, link.types);
        });
    if (!is_met_by_another) return 1;
    return cost_.Skew(link.types, Seen(link, from), RequiredNames(graph_.nodes[from].labels));
  }

  /// Whether `node` is known when candidates for `later` are looked for.
  bool IsBefore(std::size_t node, std::size_t later) const {
    if (graph_.nodes[node].known) return true;
    return position_[later] == kUnplaced ? IsPlaced(node) : position_[node] < position_[later];
  }

  /// Where a link's later end is worked out; known links come before all.
  std::size_t LaterEnd(const Link& link) const { return Latest({link.left, link.right}); }

  CountLink Seen(const Link& link, std::size_t from, std::size_t to) const {
    return {graph_.nodes[from].slot,
            graph_.nodes[to].slot,
            Seen(link, from),
            link.types,
            link.use,
            false};
  }

  void MakeNodes() {
    for (const std::size_t node : order_) {
      Planned& planned = planned_[node];
      planned.node.node = graph_.nodes[node].slot;
      planned.node.labels = graph_.nodes[node].labels;
      planned.node.predicate = graph_.nodes[node].predicate;
      std::vector<const Link*> links = LinksOf(node);
      for (std::size_t i = 0; i < links.size(); ++i) {
        const std::size_t from = links[i]->left == node ? links[i]->right : links[i]->left;
        const CountLink seen = Seen(*links[i], from, node);
        if (i == 0) {
          planned.node.link = seen;
          planned.from = from;
        } else {
          planned.node.closing.push_back(seen);
          planned.closing_from.push_back(from);
        }
        AddConflicts(links, i, &planned.node);
      }
      for (const auto& [a, b] : graph_.different) {
        if (Latest({a, b}) != node || DifferAnyway(a, b) || DifferAnyway(b, a)) continue;
        planned.node.different.push_back(graph_.nodes[a == node ? b : a].slot);
      }
    }
  }

  /// The links that are decided at a node, the one to walk by first.
  std::vector<const Link*> LinksOf(std::size_t node) const {
    std::vector<const Link*> links;
    const Link* walked = nullptr;
    double least = std::numeric_limits<double>::infinity();
    for (const Link& link : graph_.links) {
      if (link.known || LaterEnd(link) != node) continue;
      links.push_back(&link);
      if (link.use != CountLink::Use::kTimes || link.left == link.right) continue;
      const double degree = DegreeOf(link, link.left == node ? link.right : link.left, node);
      if (degree < least) walked = &link, least = degree;
    }
    const auto at = std::find(links.begin(), links.end(), walked);
    if (at != links.end()) std::rotate(links.begin(), at, at + 1);
    return links;
  }

  /// Relationships chosen before links[at] that it must not be.
  void AddConflicts(const std::vector<const Link*>& links, std::size_t at, CountNode* node) const {
    for (const Link& other : graph_.links) {
      if (&other == links[at]) continue;
      const auto here = std::find(links.begin(), links.end(), &other);
      const bool before = here != links.end()
                              ? here < links.begin() + static_cast<std::ptrdiff_t>(at)
                              : IsBefore(other, *links[at]);
      if (!before || ConflictOf(graph_, *links[at], other) != Conflict::kCheck) continue;
      node->conflicts.push_back(
          {at, graph_.nodes[other.left].slot, graph_.nodes[other.right].slot, other.direction});
    }
  }

  bool IsBefore(const Link& other, const Link& link) const {
    if (other.known) return true;
    return position_[LaterEnd(other)] < position_[LaterEnd(link)];
  }

  void AttachGroups() {
    for (const auto& hanging : graph_.hanging) {
      const std::size_t at = Latest(std::set<std::size_t>(hanging.on.begin(), hanging.on.end()));
      if (at == kRoot) {
        root_groups_.push_back(hanging.group);
      } else {
        planned_[at].node.groups.push_back(hanging.group);
      }
    }
  }

  /// Whether its ends are worth the same wherever it stands, so that a list's sum can be kept.
  bool IsSum(std::size_t node) const {
    if (!planned_[node].node.closing.empty()) return false;
    return std::all_of(order_.begin(), order_.end(), [&](std::size_t other) {
      return planned_[other].parent != node || IsMessage(other);
    });
  }

  /// Whether nothing but the node its link comes from decides a node's number.
  bool IsMessage(std::size_t node) const {
    return planned_[node].depends.size() == 1 &&
           planned_[node].depends.contains(planned_[node].from);
  }

  /// A number that is the length of a list.
  bool IsDegree(std::size_t node) const {
    const Planned& planned = planned_[node];
    return planned.node.groups.empty() && !HasChildren(node) && !planned.node.predicate &&
           planned.node.closing.empty();
  }

  /// The share of the rows that have the relationships that must be there, but for those to
  /// `except`: what costs a look is looked at before anything is walked.
  double ShareOfRows(std::size_t except) const {
    double share = 1;
    for (const std::size_t node : order_) {
      const std::size_t from = planned_[node].from;
      const Link& link = *LinksOf(node).front();
      if (node == except || !graph_.nodes[from].known || link.use != CountLink::Use::kTimes) {
        continue;
      }
      share *=
          cost_.Presence(link.types, Seen(link, from), RequiredNames(graph_.nodes[from].labels));
    }
    return share;
  }

  /// How often the nodes that hang on `parent` are asked for: those that depend on it alone, and
  /// others.
  void CostOfChildren(std::size_t parent, double message_visits, double other_visits) {
    for (const std::size_t node : order_) {
      Planned& planned = planned_[node];
      if (planned.parent != parent) continue;
      const double visits = IsMessage(node) ? message_visits : other_visits;
      const Link& link = *LinksOf(node).front();
      const double degree = DegreeOf(link, planned.from, node) *
                            (IsMessage(node) ? 1 : SkewOf(link, planned.from, node));
      double looked = visits * degree;
      // A sum under corrections is worked out once for each node that the link comes from.
      if (IsSum(node) && planned.from != parent) {
        looked = std::min(looked, BindingsOf(planned.from) * degree);
      }
      planned.asked = looked;
      const double all = NodesOf(node);
      const bool simple = IsDegree(node);
      planned.node.ahead =
          planned.node.predicate != nullptr ||
          (!simple && HasMessages(node) &&
           looked * (parent == kRoot ? ShareOfRows(node) : 1) >= kAheadShare * all);
      cost_sum_ += visits * FetchCost(planned.from) + (simple ? 0 : looked);
      double onward = looked * graph_.nodes[node].share;
      for (std::size_t i = 0; i < planned.closing_from.size(); ++i) {
        onward *= 0.1 + 0.9 * std::min(1.0, degree / std::max(1.0, all));
      }
      if (planned.node.ahead) cost_sum_ += all;
      bindings_.emplace_back(node, onward);
      CostOfChildren(node, planned.node.ahead ? all : onward, onward);
    }
  }

  /// Lists of nodes that come with the rows are met in order, others anywhere in memory.
  double FetchCost(std::size_t from) const { return graph_.nodes[from].known ? 1 : kFarCost; }

  bool HasChildren(std::size_t node) const {
    return std::any_of(order_.begin(), order_.end(),
                       [&](std::size_t other) { return planned_[other].parent == node; });
  }
  bool HasMessages(std::size_t node) const {
    return !planned_[node].node.groups.empty() ||
           std::any_of(order_.begin(), order_.end(), [&](std::size_t other) {
             return planned_[other].parent == node && IsMessage(other);
           });
  }

  double BindingsOf(std::size_t node) const {
    for (const auto& [bound, visits] : bindings_) {
      if (bound == node) return visits;
    }
    return rows_;
  }

  /// Which links are asked by a table of marks: where more candidates are looked at under one
  /// binding of the far node than it has neighbours.
  void Decide() {
    for (const std::size_t node : order_) {
      Planned& planned = planned_[node];
      for (std::size_t i = 0; i < planned.closing_from.size(); ++i) {
        const std::size_t from = planned.closing_from[i];
        CountLink& link = planned.node.closing[i];
        const double degree =
            cost_.Degree(link.types, link.direction, RequiredNames(graph_.nodes[from].labels));
        const double looked = planned.asked / std::max(1.0, BindingsOf(from));
        link.marks = from != node && looked > 2 * degree;
        link.pairs =
            !link.marks && planned.asked > cost_.Relationships(link.types, link.direction, "");
        cost_sum_ += link.marks ? BindingsOf(from) * degree : planned.asked * 4;
      }
    }
  }

  /// The groups under a node, those that are cheap to refute first.
  std::vector<CountGroup> TakeGroups(std::size_t parent) {
    std::vector<CountGroup> groups;
    std::vector<std::size_t> children;
    for (const std::size_t node : order_) {
      if (planned_[node].parent == parent) children.push_back(node);
    }
    std::stable_sort(children.begin(), children.end(), [&](std::size_t a, std::size_t b) {
      return planned_[a].asked < planned_[b].asked;
    });
    for (const std::size_t node : children) {
      std::vector<CountGroup> inner = TakeGroups(node);
      auto& own = planned_[node].node.groups;
      own.insert(own.end(), std::make_move_iterator(inner.begin()),
                 std::make_move_iterator(inner.end()));
      CountGroup group;
      group.nodes.push_back(std::move(planned_[node].node));
      groups.push_back(std::move(group));
    }
    if (parent == kRoot) {
      groups.insert(groups.end(), std::make_move_iterator(root_groups_.begin()),
                    std::make_move_iterator(root_groups_.end()));
    }
    return groups;
  }

  const CountGraph& graph_;
  const Cost& cost_;
  const double rows_;
  std::vector<std::set<std::size_t>> scopes_;
  std::set<std::size_t> left_;  ///< Not placed yet.
  std::vector<std::size_t> trimmed_;
  std::vector<std::size_t> order_;
  std::vector<std::size_t> position_;
  std::vector<Planned> planned_;
  std::vector<CountGroup> root_groups_;
  std::vector<std::pair<std::size_t, double>> bindings_;
  double cost_sum_ = 0;
};

}  // namespace

std::optional<CountTree> MakeCountTree(const CountGraph& graph, const Cost& cost, double rows) {
  return Builder(graph, cost, rows).Build();
}

}  // namespace kb::query::optimize
