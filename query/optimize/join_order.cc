#include "query/optimize/join_order.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "query/plan/walk.h"

namespace kb::query::optimize {
namespace {

using schema::Direction;

/// More first nodes than this are not all tried: the cheapest leaves are.
constexpr std::size_t kStartsMax = 24;

/// What of a pattern has been found, and at what cost.
class Walk {
 public:
  Walk(const plan::MatchPattern& match, const Cost& cost, double rows, bool plain)
      : match_(match), pattern_(match.pattern), cost_(cost), rows_(rows), plain_(plain) {
    node_done_.resize(pattern_.nodes.size());
    relationship_done_.resize(pattern_.relationships.size());
    for (std::size_t i = 0; i < pattern_.nodes.size(); ++i) {
      node_done_[i] = pattern_.nodes[i].bound;
    }
    // A relationship that is known leads to its ends without a scan.
    for (const auto& r : pattern_.relationships) {
      if (r.bound && !r.variable_length) node_done_[r.left] = true;
    }
    for (const auto& node : pattern_.nodes) pattern_slots_.insert(node.slot);
    for (const auto& r : pattern_.relationships) {
      pattern_slots_.insert(r.slot);
      bind::ForEachGroupSlot(r, [&](plan::Slot slot) { pattern_slots_.insert(slot); });
    }
    for (std::size_t i = 0; i < pattern_.relationships.size(); ++i) needs_.push_back(Needs(i));
  }

  bool AnyNode() const {
    return std::find(node_done_.begin(), node_done_.end(), true) != node_done_.end();
  }

  void TakeLeaf(std::size_t node) {
    const auto [seek, rows] = BestLeaf(node);
    rows_ = std::max(rows_ * rows, 0.01);
    total_ += rows_;
    node_done_[node] = true;
    steps_.push_back({JoinStep::Kind::kLeaf, node, seek, true, rows_});
  }

  /// Takes steps until everything is found.
  void Finish() {
    while (true) {
      const std::optional<JoinStep> expand = BestExpand();
      const std::optional<std::size_t> leaf = BestFreeLeaf();
      if (!expand && !leaf) return;
      const bool by_leaf = !expand || (leaf && !plain_ && SeeksCheaply(*leaf) &&
                                       rows_ * BestLeaf(*leaf).second < expand->rows);
      if (by_leaf) {
        TakeLeaf(*leaf);
      } else {
        rows_ = std::max(expand->rows, 0.01);
        total_ += rows_;
        const auto& r = pattern_.relationships[expand->index];
        node_done_[r.left] = node_done_[r.right] = true;
        relationship_done_[expand->index] = true;
        steps_.push_back(*expand);
      }
    }
  }

  double total() const { return total_; }
  std::vector<JoinStep> Take() { return std::move(steps_); }

  /// The cheapest way to find a node by itself: a seek whose values are known, or a scan.
  std::pair<int, double> BestLeaf(std::size_t node) const {
    double best = cost_.Nodes();
    for (const auto& label : RequiredNames(pattern_.nodes[node].labels)) {
      best = std::min(best, cost_.Nodes(label));
    }
    const double scan = best;
    best *= Selectivity(node, -1);
    int chosen = -1;
    double chosen_work = scan;
    for (std::size_t i = 0; i < match_.seeks.size(); ++i) {
      const plan::Seek& seek = match_.seeks[i];
      if (seek.node != node || !CanSeek(seek)) continue;
      if (seek.rows < chosen_work) {
        chosen = static_cast<int>(i);
        chosen_work = seek.rows;
        best = seek.rows * Selectivity(node, chosen);
      }
    }
    return {chosen, std::max(best, 0.001)};
  }

 private:
  bool CanSeek(const plan::Seek& seek) const {
    plan::SlotSet slots;
    const auto add = [&](const plan::ExpressionPtr& e) {
      if (e) plan::CollectSlots(*e, &slots);
    };
    if (const auto* s = std::get_if<plan::IndexSeek>(&seek.leaf)) add(s->value);
    if (const auto* s = std::get_if<plan::IdSeek>(&seek.leaf)) add(s->value);
    if (const auto* s = std::get_if<plan::IndexRange>(&seek.leaf)) {
      add(s->lower), add(s->upper), add(s->prefix);
    }
    for (const auto slot : slots) {
      if (pattern_slots_.contains(slot) && !SlotDone(slot)) return false;
    }
    // A range for each of many rows finds a part of all nodes each time; a table of keys the few.
    constexpr double kFewRows = 4;
    const bool is_range_a_row =
        std::holds_alternative<plan::IndexRange>(seek.leaf) && !slots.empty() && rows_ > kFewRows;
    return !is_range_a_row || !IsTiedByEquality(pattern_.nodes[seek.node].slot);
  }

  /// Whether something of the node must equal something that is known: join_by_hash can use it.
  bool IsTiedByEquality(plan::Slot node) const {
    const auto is_known = [&](plan::Slot slot) {
      return !pattern_slots_.contains(slot) || SlotDone(slot);
    };
    const auto reads_node_alone = [&](const plan::SlotSet& slots) {
      return slots.size() == 1 && slots.contains(node);
    };
    const auto reads_others = [&](const plan::SlotSet& slots) {
      return !slots.empty() && !slots.contains(node) &&
             std::all_of(slots.begin(), slots.end(), is_known);
    };
    return std::any_of(match_.predicates.begin(), match_.predicates.end(),
                       [&](const auto& predicate) {
                         const auto* equal = std::get_if<bind::Comparison>(&predicate->node);
                         if (equal == nullptr || equal->op != ast::ComparisonOperator::kEqual)
                           return false;
                         const plan::SlotSet left = plan::SlotsOf(*equal->left);
                         const plan::SlotSet right = plan::SlotsOf(*equal->right);
                         return (reads_node_alone(left) && reads_others(right)) ||
                                (reads_node_alone(right) && reads_others(left));
                       });
  }

  bool SlotDone(plan::Slot slot) const {
    for (std::size_t i = 0; i < pattern_.nodes.size(); ++i) {
      if (pattern_.nodes[i].slot == slot) return node_done_[i];
    }
    for (std::size_t i = 0; i < pattern_.relationships.size(); ++i) {
      const auto& r = pattern_.relationships[i];
      bool is_own = r.slot == slot;
      bind::ForEachGroupSlot(r, [&](plan::Slot group) { is_own = is_own || group == slot; });
      if (is_own) return r.bound || relationship_done_[i];
    }
    return true;
  }

  /// What the conditions within a relationship of variable length or a route ask for elsewhere in
  /// the pattern: it must be found before.
  plan::SlotSet Needs(std::size_t index) const {
    const auto& r = pattern_.relationships[index];
    plan::SlotSet needs;
    if (!r.variable_length) return needs;
    const auto add = [&](const plan::ExpressionPtr& e) { plan::CollectSlots(*e, &needs); };
    if (r.route) {
      // The condition of the whole is tested when both ends are there.
      if (r.route->predicate) add(r.route->predicate);
      needs.erase(r.route->path_slot);
      needs.erase(pattern_.nodes[r.left].slot), needs.erase(pattern_.nodes[r.right].slot);
      bind::ForEachRouteCondition(*r.route, add);
    } else {
      plan::ForEachExpression(r, add);
      const bind::PatternPath* path = PathOf(pattern_, index);
      if (path != nullptr && path->predicate) {
        add(path->predicate);
        needs.erase(path->slot), needs.erase(r.slot);
        needs.erase(pattern_.nodes[r.left].slot), needs.erase(pattern_.nodes[r.right].slot);
      }
    }
    bind::ForEachInnerSlot(r, [&](plan::Slot slot) { needs.erase(slot); });
    bind::ForEachGroupSlot(r, [&](plan::Slot slot) { needs.erase(slot); });
    std::erase_if(needs, [&](plan::Slot slot) { return !pattern_slots_.contains(slot); });
    return needs;
  }

  bool IsReady(std::size_t index) const {
    return std::all_of(needs_[index].begin(), needs_[index].end(),
                       [&](plan::Slot slot) { return SlotDone(slot); });
  }

  /// The share of a node's candidates that its own predicates keep.
  double Selectivity(std::size_t node, int seek) const {
    double share = 1;
    const auto slot = pattern_.nodes[node].slot;
    for (std::size_t p = 0; p < match_.predicates.size(); ++p) {
      if (seek >= 0) {
        const auto& used = match_.seeks[static_cast<std::size_t>(seek)].predicates;
        if (std::find(used.begin(), used.end(), p) != used.end()) continue;
      }
      const plan::SlotSet slots = plan::SlotsOf(*match_.predicates[p]);
      if (slots.size() == 1 && slots.contains(slot)) {
        share *= cost_.Selectivity(*match_.predicates[p]);
      }
    }
    return share;
  }

  bool SeeksCheaply(std::size_t node) const {
    const auto [seek, rows] = BestLeaf(node);
    return seek >= 0 && rows <= 8;
  }

  std::optional<std::size_t> BestFreeLeaf() const {
    std::optional<std::size_t> best;
    double best_rows = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < node_done_.size(); ++i) {
      if (node_done_[i]) continue;
      const double rows = plain_ ? static_cast<double>(i) : BestLeaf(i).second;
      if (rows < best_rows) best = i, best_rows = rows;
    }
    return best;
  }

  std::optional<JoinStep> BestExpand() const {
    std::optional<JoinStep> best;
    for (std::size_t i = 0; i < pattern_.relationships.size(); ++i) {
      const auto& r = pattern_.relationships[i];
      if (relationship_done_[i]) continue;
      const bool left = node_done_[r.left];
      const bool right = node_done_[r.right];
      if (!left && !right) continue;
      if (IsShortest(pattern_, i) && !(left && right)) continue;
      if (!IsReady(i)) continue;
      for (const bool from_left : {true, false}) {
        if (!(from_left ? left : right)) continue;
        const JoinStep step{JoinStep::Kind::kExpand, i, -1, from_left, Estimate(i, from_left)};
        if (!best || (!plain_ && step.rows < best->rows)) best = step;
      }
    }
    return best;
  }

  double Estimate(std::size_t index, bool from_left) const {
    const auto& r = pattern_.relationships[index];
    const std::size_t from = from_left ? r.left : r.right;
    const std::size_t to = from_left ? r.right : r.left;
    const Direction direction = from_left ? r.direction : Reverse(r.direction);
    double factor = cost_.Degree(r.types, direction, RequiredNames(pattern_.nodes[from].labels));
    if (r.variable_length) {
      const double onward = std::max(1.0, cost_.Degree(r.types, direction, {}));
      factor *= std::pow(onward, std::max(0.0, Steps(r) - 1));
    }
    if (IsSelected(pattern_, index)) factor = std::min(factor, cost_.Nodes());
    if (r.bound) factor = std::min(factor, 1.0);
    if (node_done_[to]) {
      // Both ends are known: the chance that they are linked.
      return rows_ * std::min(1.0, factor / std::max(1.0, LabelNodes(to)));
    }
    for (const auto& label : RequiredNames(pattern_.nodes[to].labels)) {
      factor *= cost_.EndShare(r.types, direction, label);
    }
    return rows_ * factor * Selectivity(to, -1);
  }

  /// How many relationships a walk of variable length has, for an estimate.
  static double Steps(const bind::PatternRelationship& r) {
    if (!r.route) {
      const double longest = static_cast<double>(std::min<std::uint64_t>(r.max.value_or(4), 6));
      return std::max(longest, static_cast<double>(r.min));
    }
    double steps = static_cast<double>(r.route->steps.size());
    for (const auto& move : r.route->moves) {
      if (move.count == bind::Route::Count::kAgain && move.max != 1) steps += 3;
    }
    return std::min(steps, 8.0);
  }

  double LabelNodes(std::size_t node) const {
    double nodes = cost_.Nodes();
    for (const auto& label : RequiredNames(pattern_.nodes[node].labels)) {
      nodes = std::min(nodes, cost_.Nodes(label));
    }
    return nodes;
  }

  const plan::MatchPattern& match_;
  const bind::Pattern& pattern_;
  const Cost& cost_;
  double rows_;
  bool plain_;
  double total_ = 0;
  std::vector<bool> node_done_;
  std::vector<bool> relationship_done_;
  plan::SlotSet pattern_slots_;
  std::vector<plan::SlotSet> needs_;
  std::vector<JoinStep> steps_;
};

}  // namespace

const bind::PatternPath* PathOf(const bind::Pattern& pattern, std::size_t relationship) {
  for (const auto& path : pattern.paths) {
    if (std::find(path.relationships.begin(), path.relationships.end(), relationship) !=
        path.relationships.end()) {
      return &path;
    }
  }
  return nullptr;
}

bool IsShortest(const bind::Pattern& pattern, std::size_t relationship) {
  const bind::PatternPath* path = PathOf(pattern, relationship);
  return path != nullptr && path->shortest != ast::ShortestForm::kNone;
}

bool IsSelected(const bind::Pattern& pattern, std::size_t relationship) {
  const bind::PatternPath* path = PathOf(pattern, relationship);
  return path != nullptr && path->selector && *path->selector != ast::SelectorKind::kAll;
}

std::vector<JoinStep> OrderPattern(const plan::MatchPattern& match, const Cost& cost,
                                   double input_rows, bool plain) {
  Walk known(match, cost, input_rows, plain);
  if (known.AnyNode() || plain) {
    known.Finish();
    return known.Take();
  }
  std::vector<std::pair<double, std::size_t>> starts;
  for (std::size_t i = 0; i < match.pattern.nodes.size(); ++i) {
    starts.emplace_back(known.BestLeaf(i).second, i);
  }
  std::sort(starts.begin(), starts.end());
  if (starts.size() > kStartsMax) starts.resize(kStartsMax);
  std::vector<JoinStep> best;
  double best_total = std::numeric_limits<double>::infinity();
  for (const auto& [rows, node] : starts) {
    Walk walk(match, cost, input_rows, plain);
    walk.TakeLeaf(node);
    walk.Finish();
    if (walk.total() < best_total) {
      best_total = walk.total();
      best = walk.Take();
    }
  }
  return best;
}

}  // namespace kb::query::optimize
