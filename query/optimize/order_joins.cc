// Replaces each MatchPattern by scans, seeks, expansions and filters, in the order that JoinOrder
// chose; every predicate is tested as soon as the slots it mentions are there.
#include <algorithm>

#include "query/optimize/cost.h"
#include "query/optimize/join_order.h"
#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"
#include "query/plan/plan_query.h"

namespace kb::query::optimize {
namespace {

using schema::Direction;
using schema::Kind;

bool MayShareTypes(const bind::PatternRelationship& a, const bind::PatternRelationship& b) {
  if (a.types.empty() || b.types.empty()) return true;
  return std::any_of(a.types.begin(), a.types.end(), [&](const std::string& type) {
    return std::find(b.types.begin(), b.types.end(), type) != b.types.end();
  });
}

/// Turns one pattern into operators over `tree`.
class Lowering {
 public:
  Lowering(Context& context, plan::MatchPattern match, OperatorPtr tree)
      : context_(context),
        cost_(context.view),
        match_(std::move(match)),
        pattern_(match_.pattern),
        tree_(std::move(tree)) {}

  Result<OperatorPtr> Run() {
    for (const auto& node : pattern_.nodes) waiting_.insert(node.slot);
    for (const auto& r : pattern_.relationships) {
      waiting_.insert(r.slot);
      bind::ForEachGroupSlot(r, [&](Slot slot) { waiting_.insert(slot); });
    }
    for (const auto& path : pattern_.paths) {
      if (path.slot != bind::kNoSlot) waiting_.insert(path.slot);
      for (const auto& named : path.named) waiting_.insert(named.slot);
    }
    for (const auto& predicate : match_.predicates) {
      predicates_.push_back({predicate, plan::SlotsOf(*predicate), false});
    }
    rows_ = std::max(1.0, tree_->estimated_rows);
    TakeBound();
    for (const JoinStep& step : OrderPattern(match_, cost_, rows_, context_.plain)) {
      if (step.kind == JoinStep::Kind::kLeaf) {
        Leaf(step);
      } else {
        Expand(step);
      }
      Flush();
    }
    if (expanded_.size() < pattern_.relationships.size()) return WaitForEachOther();
    for (const auto& path : pattern_.paths) {
      BuildPath(path.slot, path.path);
      for (const auto& named : path.named) BuildPath(named.slot, named.path);
    }
    Flush();
    return std::move(tree_);
  }

 private:
  struct Pending {
    ExpressionPtr expression;
    SlotSet slots;
    bool done;
  };

  /// No part is left that could be found next.
  Error WaitForEachOther() const {
    Span span;
    for (std::size_t i = 0; i < pattern_.relationships.size() && span.empty(); ++i) {
      if (std::find(expanded_.begin(), expanded_.end(), i) != expanded_.end()) continue;
      plan::ForEachExpression(pattern_.relationships[i], [&](const ExpressionPtr& condition) {
        if (span.empty()) span = condition->span;
      });
    }
    return SyntaxError("conditions in two quantified parts ask for each other's variables")
        .Detail("InvalidRelationshipPattern")
        .At(span)
        .During(Phase::kCompile)
        .Hint("move one of the conditions to a WHERE behind the pattern");
  }

  void Put(decltype(Operator::node) node) {
    tree_ = plan::MakeOperator(std::move(node), std::move(tree_));
    tree_->estimated_rows = rows_;
  }

  /// What comes from the input: its nodes' labels are tested, and a relationship that is known
  /// leads to its left end.
  void TakeBound() {
    for (std::size_t i = 0; i < pattern_.nodes.size(); ++i) {
      if (!pattern_.nodes[i].bound) continue;
      waiting_.erase(pattern_.nodes[i].slot);
      AddLabelPredicate(pattern_.nodes[i], {});
      if (IsLonely(i)) AddNotNull(pattern_.nodes[i].slot, pattern_.nodes[i].name);
    }
    for (const auto& r : pattern_.relationships) {
      if (!r.bound) continue;
      waiting_.erase(r.slot);
      if (!r.variable_length && waiting_.contains(pattern_.nodes[r.left].slot)) FindLeftEnd(r);
    }
    Flush();
  }

  bool IsLonely(std::size_t node) const {
    return std::none_of(pattern_.relationships.begin(), pattern_.relationships.end(),
                        [&](const auto& r) { return r.left == node || r.right == node; });
  }

  void AddNotNull(Slot slot, const std::string& name) {
    AddPredicate(plan::MakeExpression(bind::IsNull{plan::MakeSlot(slot, name), true}, {},
                                      functions::Set(Kind::kBoolean)));
  }

  void FindLeftEnd(const bind::PatternRelationship& r) {
    const bind::PatternNode& left = pattern_.nodes[r.left];
    const ExpressionPtr subject =
        plan::MakeSlot(r.slot, r.name, functions::Set(Kind::kRelationship));
    const auto end = [&](std::string_view function) {
      return plan::MakeExpression(bind::Call{functions::Find(function), {subject}}, {},
                                  functions::Set(Kind::kNode));
    };
    AddNotNull(r.slot, r.name);
    Flush();
    if (r.direction == Direction::kBoth) {
      // A loop has one end, not two.
      const ExpressionPtr same = plan::MakeExpression(
          bind::Comparison{ast::ComparisonOperator::kEqual, end("startNode"), end("endNode")});
      const ExpressionPtr one = plan::MakeExpression(bind::ListOf{{end("startNode")}});
      const ExpressionPtr two =
          plan::MakeExpression(bind::ListOf{{end("startNode"), end("endNode")}});
      Put(plan::Unwind{plan::MakeExpression(bind::Case{nullptr, {{same, one}}, two}), left.slot});
    } else {
      const bool out = r.direction == Direction::kOut;
      Put(plan::Project{{{left.slot, end(out ? "startNode" : "endNode")}}});
    }
    NodeFound(r.left, {});
  }

  void AddPredicate(ExpressionPtr expression) {
    SlotSet slots = plan::SlotsOf(*expression);
    predicates_.push_back({std::move(expression), std::move(slots), false});
  }

  /// The node's labels as a predicate, but for one that has been tested already.
  void AddLabelPredicate(const bind::PatternNode& node, const std::string& tested) {
    if (!node.labels) return;
    bind::LabelTestPtr test = node.labels;
    if (!tested.empty() && IsConjunction(test)) {
      auto rest = std::make_shared<bind::LabelTest>();
      rest->op = bind::LabelTest::Op::kAnd;
      for (const auto& name : RequiredNames(test)) {
        if (name == tested) continue;
        auto operand = std::make_shared<bind::LabelTest>();
        operand->name = name;
        rest->operands.push_back(std::move(operand));
      }
      if (rest->operands.empty()) return;
      test = rest->operands.size() == 1 ? rest->operands[0] : rest;
    }
    AddPredicate(plan::MakeExpression(
        bind::HasLabels{plan::MakeSlot(node.slot, node.name, functions::Set(Kind::kNode)), test},
        {}, functions::Set(Kind::kBoolean)));
  }

  void NodeFound(std::size_t index, const std::string& tested_label) {
    waiting_.erase(pattern_.nodes[index].slot);
    AddLabelPredicate(pattern_.nodes[index], tested_label);
  }

  void Leaf(const JoinStep& step) {
    const bind::PatternNode& node = pattern_.nodes[step.index];
    rows_ = step.rows;
    if (step.seek >= 0) {
      const plan::Seek& seek = match_.seeks[static_cast<std::size_t>(step.seek)];
      std::visit([&](const auto& leaf) { Put(leaf); }, seek.leaf);
      for (const std::size_t answered : seek.predicates) predicates_[answered].done = true;
      std::string tested;
      if (const auto* s = std::get_if<plan::IndexSeek>(&seek.leaf)) tested = s->label;
      if (const auto* s = std::get_if<plan::IndexRange>(&seek.leaf)) tested = s->label;
      NodeFound(step.index, tested);
      return;
    }
    std::string label;
    double fewest = 0;
    for (const auto& name : RequiredNames(node.labels)) {
      const double nodes = cost_.Nodes(name);
      if (label.empty() || nodes < fewest) label = name, fewest = nodes;
    }
    Put(plan::NodeScan{node.slot, label});
    NodeFound(step.index, label);
  }

  std::vector<Slot> DifferentFrom(std::size_t index) {
    std::vector<Slot> slots;
    if (!pattern_.different_relationships) return slots;
    for (const std::size_t other : expanded_) {
      if (match_.ClauseOf(index) == match_.ClauseOf(other) &&
          MayShareTypes(pattern_.relationships[index], pattern_.relationships[other])) {
        slots.push_back(pattern_.relationships[other].slot);
      }
    }
    return slots;
  }

  void Expand(const JoinStep& step) {
    const bind::PatternRelationship& r = pattern_.relationships[step.index];
    const std::size_t from = step.from_left ? r.left : r.right;
    const std::size_t to = step.from_left ? r.right : r.left;
    const bool into = !waiting_.contains(pattern_.nodes[to].slot);
    rows_ = step.rows;
    const bool selected = IsSelected(pattern_, step.index);
    if (IsShortest(pattern_, step.index) || (selected && into && !r.route)) {
      Shortest(step.index);
    } else if (r.route || selected) {
      SearchPaths(step.index, from, to, into, step.from_left);
    } else if (r.variable_length) {
      ExpandVariable(step.index, from, to, into, step.from_left);
    } else {
      ExpandSingle(step.index, from, to, into, step.from_left);
    }
    expanded_.push_back(step.index);
    waiting_.erase(r.slot);
    bind::ForEachGroupSlot(r, [&](Slot slot) { waiting_.erase(slot); });
  }

  void ExpandSingle(std::size_t index, std::size_t from, std::size_t to, bool into,
                    bool from_left) {
    const bind::PatternRelationship& r = pattern_.relationships[index];
    plan::Expand expand;
    expand.from = pattern_.nodes[from].slot;
    expand.relationship = r.slot;
    expand.to = pattern_.nodes[to].slot;
    expand.direction = from_left ? r.direction : Reverse(r.direction);
    expand.types = r.types;
    expand.into = into;
    expand.relationship_bound = r.bound;
    expand.different_from = DifferentFrom(index);
    std::string tested;
    if (!into) {
      const std::vector<std::string> names = RequiredNames(pattern_.nodes[to].labels);
      if (!names.empty()) {
        tested = names[0];
        if (!context_.plain && cost_.EndAlways(r.types, expand.direction, tested)) {
          context_.plan.assumptions.push_back({r.types, expand.direction, tested});
        } else {
          expand.to_label = tested;
        }
      }
    }
    Put(std::move(expand));
    if (!into) NodeFound(to, tested);
    if (r.type_test) {
      AddPredicate(plan::MakeExpression(bind::HasLabels{
          plan::MakeSlot(r.slot, r.name, functions::Set(Kind::kRelationship)), r.type_test}));
    }
  }

  void ExpandVariable(std::size_t index, std::size_t from, std::size_t to, bool into,
                      bool from_left) {
    plan::ExpandVariable expand;
    expand.pattern = pattern_.relationships[index];
    expand.from = pattern_.nodes[from].slot;
    expand.to = pattern_.nodes[to].slot;
    expand.reversed = !from_left;
    expand.into = into;
    expand.different_from = DifferentFrom(index);
    expand.mode = ModeOf(index);
    const Slot given = expand.pattern.slot;
    if (expand.pattern.bound) {
      // The list is known: walk anew and keep the walk that equals it.
      expand.pattern.bound = false;
      expand.pattern.slot = plan::NewSlot(&context_.plan);
      AddPredicate(plan::MakeExpression(bind::Comparison{ast::ComparisonOperator::kEqual,
                                                         plan::MakeSlot(expand.pattern.slot),
                                                         plan::MakeSlot(given)}));
    }
    Put(std::move(expand));
    if (!into) NodeFound(to, LabelOfEveryEnd(index, to, from_left));
  }

  /// A label that is asked of `to` and that every end of such a walk has; "" if there is none.
  std::string LabelOfEveryEnd(std::size_t index, std::size_t to, bool from_left) {
    const bind::PatternRelationship& r = pattern_.relationships[index];
    const std::vector<std::string> names = RequiredNames(pattern_.nodes[to].labels);
    if (names.empty() || r.min == 0 || context_.plain) return {};
    const Direction direction = from_left ? r.direction : Reverse(r.direction);
    if (!cost_.EndAlways(r.types, direction, names[0])) return {};
    context_.plan.assumptions.push_back({r.types, direction, names[0]});
    return names[0];
  }

  void SearchPaths(std::size_t index, std::size_t from, std::size_t to, bool into, bool from_left) {
    plan::ExpandVariable search;
    search.pattern = pattern_.relationships[index];
    search.from = pattern_.nodes[from].slot;
    search.to = pattern_.nodes[to].slot;
    search.reversed = !from_left;
    search.into = into;
    const bind::PatternPath* path = PathOf(pattern_, index);
    if (IsSelected(pattern_, index)) {
      search.selector = *path->selector;
      search.count = path->selector_count;
    } else {
      search.different_from = DifferentFrom(index);
    }
    if (!search.pattern.route) {
      auto route = std::make_shared<bind::Route>(*bind::MakeRoute(search.pattern, ModeOf(index)));
      route->predicate = path->predicate;
      route->path_slot = path->slot;
      search.pattern.route = std::move(route);
      search.pattern.groups.clear();
    }
    if (!into) {
      search.end_labels = pattern_.nodes[to].labels;
      search.end_predicate = TakeEndPredicates(pattern_.nodes[to].slot);
    }
    Put(std::move(search));
    if (!into) waiting_.erase(pattern_.nodes[to].slot);
  }

  /// Conditions that lack nothing but the node that is searched for are tested in the search.
  ExpressionPtr TakeEndPredicates(Slot end) {
    std::vector<ExpressionPtr> taken;
    for (auto& pending : predicates_) {
      const bool ready = std::all_of(pending.slots.begin(), pending.slots.end(), [&](Slot slot) {
        return slot == end || !waiting_.contains(slot);
      });
      if (pending.done || !ready || !pending.slots.contains(end)) continue;
      pending.done = true;
      taken.push_back(pending.expression);
    }
    return plan::Conjoin(taken);
  }

  ast::PathMode ModeOf(std::size_t relationship) const {
    if (!pattern_.different_relationships) return ast::PathMode::kWalk;
    const bind::PatternPath* path = PathOf(pattern_, relationship);
    const bool walks = path != nullptr && path->mode && *path->mode != ast::PathMode::kWalk;
    return walks ? *path->mode : ast::PathMode::kTrail;
  }

  void Shortest(std::size_t index) {
    const bind::PatternRelationship& r = pattern_.relationships[index];
    plan::ShortestPath search;
    search.pattern = r;
    search.from = pattern_.nodes[r.left].slot;
    search.to = pattern_.nodes[r.right].slot;
    const bind::PatternPath& path = *PathOf(pattern_, index);
    search.path_parts = path.path;
    if (path.shortest != ast::ShortestForm::kNone) {
      search.selector = path.shortest == ast::ShortestForm::kSingle
                            ? ast::SelectorKind::kAnyShortest
                            : ast::SelectorKind::kAllShortest;
      TakePathPredicates(path, r, &search);
    } else {
      search.selector = *path.selector;
      search.count = path.selector_count;
    }
    if (path.predicate) {
      search.path = path.slot;
      search.predicates.push_back(path.predicate);
    }
    Put(std::move(search));
  }

  /// In the older form WHERE says which paths count: predicates over the path are part of the
  /// search.
  void TakePathPredicates(const bind::PatternPath& path, const bind::PatternRelationship& r,
                          plan::ShortestPath* search) {
    search->path = path.slot;
    for (auto& pending : predicates_) {
      const bool mentions = pending.slots.contains(r.slot) ||
                            (path.slot != bind::kNoSlot && pending.slots.contains(path.slot));
      const bool ready = std::all_of(pending.slots.begin(), pending.slots.end(), [&](Slot slot) {
        return slot == r.slot || slot == path.slot || !waiting_.contains(slot);
      });
      if (!pending.done && mentions && ready) {
        search->predicates.push_back(pending.expression);
        pending.done = true;
      }
    }
  }

  /// A path variable's value, once its parts are there.
  void BuildPath(Slot slot, const bind::PathOf& path) {
    if (slot == bind::kNoSlot) return;
    Put(plan::Project{{{slot, plan::MakeExpression(path, {}, functions::Set(Kind::kPath))}}});
    waiting_.erase(slot);
  }

  /// Tests every predicate whose slots are all there.
  void Flush() {
    std::vector<ExpressionPtr> ready;
    for (auto& pending : predicates_) {
      if (pending.done) continue;
      const bool waits = std::any_of(pending.slots.begin(), pending.slots.end(),
                                     [&](Slot slot) { return waiting_.contains(slot); });
      if (waits) continue;
      pending.done = true;
      ready.push_back(pending.expression);
    }
    if (!ready.empty()) Put(plan::Filter{plan::Conjoin(ready)});
  }

  Context& context_;
  Cost cost_;
  plan::MatchPattern match_;
  const bind::Pattern& pattern_;
  OperatorPtr tree_;
  double rows_ = 1;
  SlotSet waiting_;  ///< Slots of the pattern that are not there yet.
  std::vector<Pending> predicates_;
  std::vector<std::size_t> expanded_;
};

/// Operators that do not come from a pattern pass their input's estimate on.
void Estimate(Operator& op) {
  if (op.estimated_rows != 0) return;
  if (op.inputs.empty()) {
    op.estimated_rows = 1;
    return;
  }
  op.estimated_rows = op.inputs.back()->estimated_rows;
  if (As<plan::Unwind>(op) != nullptr) op.estimated_rows *= 10;
  if (const auto* aggregate = As<plan::Aggregate>(op)) {
    op.estimated_rows = aggregate->keys.empty() ? 1 : std::max(1.0, op.estimated_rows / 10);
  }
}

}  // namespace

Result<void> OrderJoins(Context& context) {
  Result<void> outcome;
  ForEachTree(context.plan, [&](OperatorPtr& root) {
    BottomUp(root, [&](OperatorPtr& op) {
      if (!outcome.ok()) return;
      auto* match = As<plan::MatchPattern>(op);
      if (match == nullptr) return Estimate(*op);
      Result<OperatorPtr> lowered =
          Lowering(context, std::move(*match), std::move(op->inputs[0])).Run();
      if (lowered.ok()) {
        op = std::move(lowered).value();
      } else {
        outcome = std::move(lowered).error();
      }
    });
  });
  return outcome;
}

}  // namespace kb::query::optimize
