// Where an aggregate counts rows, nodes and relationships that it does not read need no rows: their
// number is worked out from the adjacency lists (plan::CountMatches), and each row that is left
// stands for so many (Batch::multiplicity). OPTIONAL MATCH of which nothing is read counts as often
// as it matches, and once where it does not. So do EXISTS and COUNT, for which rows are all that
// counts.
//
// Only operators that treat every row by itself may stand between the aggregate and the pattern.
#include <algorithm>

#include "query/optimize/count_pattern.h"
#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"
#include "query/plan/plan_query.h"

namespace kb::query::optimize {
namespace {

/// Rows expected from an input of which nothing is known yet.
constexpr double kInputRows = 1000;

bool WorksAhead(const std::vector<plan::CountGroup>& groups) {
  return std::any_of(groups.begin(), groups.end(), [](const plan::CountGroup& group) {
    return std::any_of(group.nodes.begin(), group.nodes.end(), [](const plan::CountNode& node) {
      return node.ahead || WorksAhead(node.groups);
    });
  });
}

class PushDown {
 public:
  /// Without an aggregate: the rows of a subquery, which are only counted.
  PushDown(Context& context, plan::Aggregate* aggregate, OperatorPtr* below)
      : context_(context), cost_(context.view), aggregate_(aggregate), at_(below) {}

  /// Slots that are read above.
  void Need(const SlotSet& slots) { needed_.insert(slots.begin(), slots.end()); }

  void Run() {
    while (Descend()) {
    }
    if (auto* match = As<plan::MatchPattern>(*at_)) {
      if (Split(*match)) return;
    }
    if (hanging_.empty()) return;
    // What the groups hang on is in the rows as they come.
    plan::CountMatches counted;
    for (auto& hanging : hanging_) counted.groups.push_back(std::move(hanging.group));
    *at_ = plan::MakeOperator(std::move(counted), std::move(*at_));
  }

 private:
  /// Steps over one operator; false where that is not possible.
  bool Descend() {
    Operator& op = **at_;
    if (!IsDeterministic(op)) return false;  // equal rows become different there
    if (std::holds_alternative<plan::Filter>(op.node) ||
        std::holds_alternative<plan::Project>(op.node) ||
        std::holds_alternative<plan::Unwind>(op.node)) {
      Need(ReadSlots(op));
      at_ = &op.inputs[0];
      return true;
    }
    const auto* apply = As<plan::Apply>(op);
    if (apply == nullptr || apply->kind != plan::ApplyKind::kOptional || !aggregate_) return false;
    if (TakeOptional(*apply, op)) {
      OperatorPtr left = std::move(op.inputs[0]);
      *at_ = std::move(left);
      return true;
    }
    if (!AreAllDeterministic(*op.inputs[1])) return false;
    NeedAll(*op.inputs[1]);
    at_ = &op.inputs[0];
    return true;
  }

  static bool AreAllDeterministic(Operator& op) {
    return IsDeterministic(op) &&
           std::all_of(op.inputs.begin(), op.inputs.end(),
                       [](const OperatorPtr& input) { return AreAllDeterministic(*input); });
  }

  void NeedAll(Operator& op) {
    Need(ReadSlots(op));
    for (auto& input : op.inputs) NeedAll(*input);
  }

  SlotSet NeededByAggregate() const {
    SlotSet slots;
    if (aggregate_ == nullptr) return slots;
    for (const auto& key : aggregate_->keys) plan::CollectSlots(*key.second, &slots);
    for (const auto& item : aggregate_->aggregates) {
      for (const auto& argument : item.call.arguments) plan::CollectSlots(*argument, &slots);
    }
    return slots;
  }

  bool TakeOptional(const plan::Apply& apply, Operator& op) {
    auto* match = As<plan::MatchPattern>(*op.inputs[1]);
    if (match == nullptr || As<plan::Argument>(op.inputs[1]->inputs[0]) == nullptr) return false;
    const SlotSet counted = NeededByAggregate();
    for (const Slot slot : apply.nulls) {
      if (needed_.contains(slot) || counted.contains(slot)) return false;
    }
    auto whole = CountWhole(*match, plan::CountGroup::Use::kOptional, context_.plan, cost_);
    if (!whole) return false;
    hanging_.push_back(std::move(*whole));
    return true;
  }

  /// count(x) of what every row has is count(*).
  void CountRows(const bind::Pattern& pattern) {
    SlotSet found;
    for (const auto& node : pattern.nodes) {
      if (!node.bound) found.insert(node.slot);
    }
    for (const auto& r : pattern.relationships) {
      if (!r.bound) found.insert(r.slot);
    }
    for (auto& item : aggregate_->aggregates) {
      if (item.call.function == nullptr || item.call.function->name != "count") continue;
      if (item.call.distinct || item.call.arguments.size() != 1) continue;
      const auto* ref = std::get_if<bind::SlotRef>(&item.call.arguments[0]->node);
      if (ref == nullptr || !found.contains(ref->slot)) continue;
      item.call.function = nullptr;
      item.call.arguments.clear();
    }
  }

  bool Split(const plan::MatchPattern& match) {
    if (aggregate_ != nullptr) CountRows(match.pattern);
    SlotSet needed = needed_;
    needed.merge(NeededByAggregate());
    const bool first = As<plan::Argument>((*at_)->inputs[0]) != nullptr;
    auto split =
        SplitForCounting(match, needed, hanging_, context_.plan, cost_, first ? 1.0 : kInputRows);
    if (!split) return false;
    // How often a subquery is asked is not known here: a table may be far too much.
    if (aggregate_ == nullptr && WorksAhead(split->groups)) return false;
    auto& apart = context_.plan.labels_apart;
    apart.insert(apart.end(), split->labels_apart.begin(), split->labels_apart.end());
    OperatorPtr core = std::move((*at_)->inputs[0]);
    if (!split->core.pattern.nodes.empty()) {
      core = plan::MakeOperator(std::move(split->core), std::move(core));
    }
    *at_ = plan::MakeOperator(plan::CountMatches{std::move(split->groups)}, std::move(core));
    return true;
  }

  Context& context_;
  Cost cost_;
  plan::Aggregate* aggregate_;  ///< May be null.
  OperatorPtr* at_;
  SlotSet needed_;
  std::vector<HangingGroup> hanging_;
};

void CollectSubqueries(const bind::Expression& e, std::vector<const bind::Subquery*>* found) {
  if (const auto* subquery = std::get_if<bind::Subquery>(&e.node)) found->push_back(subquery);
  plan::ForEachChild(e, [&](const ExpressionPtr& child) { CollectSubqueries(*child, found); });
}

std::vector<const bind::Subquery*> UsedSubqueries(plan::Plan& plan) {
  std::vector<const bind::Subquery*> used;
  ForEachTree(plan, [&](OperatorPtr& root) {
    BottomUp(root, [&](OperatorPtr& op) {
      ForEachExpression(*op, [&](ExpressionPtr& e) { CollectSubqueries(*e, &used); });
    });
  });
  return used;
}

std::vector<const bind::Query*> UsedQueries(plan::Plan& plan) {
  std::vector<const bind::Query*> used;
  for (const auto* subquery : UsedSubqueries(plan)) used.push_back(subquery->query.get());
  return used;
}

/// EXISTS and COUNT ask how many rows there are and for nothing in them.
void PushIntoSubqueries(Context& context) {
  for (const auto* subquery : UsedSubqueries(context.plan)) {
    if (subquery->kind == ast::SubqueryKind::kCollect) continue;
    for (plan::SubqueryPlan& planned : context.plan.subqueries) {
      if (planned.query != subquery->query.get()) continue;
      PushDown push(context, nullptr, &planned.root->inputs[0]);
      push.Need(ReadSlots(*planned.root));
      push.Run();
    }
  }
}

/// Subqueries that have become part of a count are asked by nobody any more.
void DropUnused(const std::vector<const bind::Query*>& before, plan::Plan& plan) {
  const std::vector<const bind::Query*> after = UsedQueries(plan);
  const auto in = [](const auto& queries, const bind::Query* query) {
    return std::find(queries.begin(), queries.end(), query) != queries.end();
  };
  std::erase_if(plan.subqueries, [&](const plan::SubqueryPlan& subquery) {
    return in(before, subquery.query) && !in(after, subquery.query);
  });
}

}  // namespace

Result<void> PushDownAggregate(Context& context) {
  // Tables made ahead of the rows would not see what the statement itself writes.
  if (context.plan.writes) return {};
  std::vector<const bind::Query*> before;
  if (!context.plan.subqueries.empty()) before = UsedQueries(context.plan);
  ForEachTree(context.plan, [&](OperatorPtr& root) {
    BottomUp(root, [&](OperatorPtr& op) {
      if (auto* aggregate = As<plan::Aggregate>(op)) {
        PushDown(context, aggregate, &op->inputs[0]).Run();
      }
    });
  });
  if (!before.empty()) DropUnused(before, context.plan);
  PushIntoSubqueries(context);
  return {};
}

}  // namespace kb::query::optimize
