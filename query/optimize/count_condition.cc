#include "query/optimize/count_condition.h"

#include <algorithm>

#include "query/optimize/count_pattern.h"

namespace kb::query::optimize {
namespace {

using plan::CountGroup;
using plan::CountLink;
using Form = Condition::Form;

bool IsEquality(const bind::Expression& e) {
  const auto* comparison = std::get_if<bind::Comparison>(&e.node);
  return comparison != nullptr && comparison->op == ast::ComparisonOperator::kEqual;
}

/// Values whose reading cannot fail.
bool IsSafeValue(const bind::Expression& e) {
  if (const auto* property = std::get_if<bind::Property>(&e.node)) {
    return std::holds_alternative<bind::SlotRef>(property->subject->node);
  }
  return std::holds_alternative<bind::Constant>(e.node) ||
         std::holds_alternative<bind::Parameter>(e.node);
}

/// Conditions that give true, false or null on any node, and no error: comparisons of properties
/// and constants, and what is made of them by AND, OR and NOT.
bool IsSafe(const bind::Expression& e) {
  if (const auto* comparison = std::get_if<bind::Comparison>(&e.node)) {
    return IsSafeValue(*comparison->left) && IsSafeValue(*comparison->right);
  }
  if (const auto* is_null = std::get_if<bind::IsNull>(&e.node)) {
    return IsSafeValue(*is_null->operand);
  }
  if (const auto* labels = std::get_if<bind::HasLabels>(&e.node)) {
    return std::holds_alternative<bind::SlotRef>(labels->operand->node);
  }
  if (const auto* unary = std::get_if<bind::Unary>(&e.node)) {
    return unary->op == ast::UnaryOperator::kNot && IsSafe(*unary->operand);
  }
  const auto* binary = std::get_if<bind::Binary>(&e.node);
  if (binary == nullptr) return false;
  using Op = ast::BinaryOperator;
  if (binary->op == Op::kAnd || binary->op == Op::kOr || binary->op == Op::kXor) {
    return IsSafe(*binary->left) && IsSafe(*binary->right);
  }
  const bool text =
      binary->op == Op::kStartsWith || binary->op == Op::kEndsWith || binary->op == Op::kContains;
  return text && IsSafeValue(*binary->left) && IsSafeValue(*binary->right);
}

/// The pattern of a subquery that is nothing but a pattern.
const plan::MatchPattern* PatternOf(const bind::Subquery& subquery, const plan::Plan& plan) {
  for (const auto& planned : plan.subqueries) {
    if (planned.query != subquery.query.get() || !planned.root) continue;
    const Operator* op = planned.root.get();
    if (std::holds_alternative<plan::Result>(op->node)) op = op->inputs[0].get();
    const auto* match = std::get_if<plan::MatchPattern>(&op->node);
    const bool alone =
        match != nullptr && std::holds_alternative<plan::Argument>(op->inputs[0]->node);
    return alone ? match : nullptr;
  }
  return nullptr;
}

/// Whether a pattern is one relationship between two nodes that are known, and no more.
bool IsOneLink(const plan::MatchPattern& match) {
  const bind::Pattern& pattern = match.pattern;
  if (pattern.relationships.size() != 1 || !match.predicates.empty()) return false;
  const bind::PatternRelationship& r = pattern.relationships[0];
  return !r.variable_length && !r.route && !r.bound && !r.type_test &&
         std::all_of(pattern.nodes.begin(), pattern.nodes.end(),
                     [](const auto& node) { return node.bound && !node.labels; });
}

class Reader {
 public:
  Reader(const bind::Pattern& pattern, const plan::Plan& plan, const Cost& cost)
      : pattern_(pattern), plan_(plan), cost_(cost) {}

  Condition Read(const bind::Expression& predicate) {
    FindMentioned(plan::SlotsOf(predicate));
    if (!condition_.relationships.empty()) return std::move(condition_);
    if (plan::ContainsSubquery(predicate)) {
      ReadPattern(predicate);
    } else if (all_slots_ == 1 && condition_.nodes.size() == 1) {
      condition_.equality = IsEquality(predicate);
      if (condition_.equality || IsSafe(predicate)) condition_.form = Form::kNode;
    } else if (const auto* c = std::get_if<bind::Comparison>(&predicate.node)) {
      const bool two = c->op == ast::ComparisonOperator::kNotEqual && IsNode(*c->left) &&
                       IsNode(*c->right) && condition_.nodes.size() == 2;
      if (two) condition_.form = Form::kDifferent;
    }
    return std::move(condition_);
  }

 private:
  void FindMentioned(const SlotSet& slots) {
    all_slots_ = slots.size();
    for (std::size_t i = 0; i < pattern_.nodes.size(); ++i) {
      if (slots.contains(pattern_.nodes[i].slot)) condition_.nodes.push_back(i);
    }
    for (std::size_t i = 0; i < pattern_.relationships.size(); ++i) {
      const auto& r = pattern_.relationships[i];
      bool group = false;
      bind::ForEachGroupSlot(r, [&](Slot slot) { group = group || slots.contains(slot); });
      if (group || slots.contains(r.slot)) condition_.relationships.push_back(i);
    }
    for (const auto& path : pattern_.paths) {
      if (path.slot == bind::kNoSlot || !slots.contains(path.slot)) continue;
      auto& relationships = condition_.relationships;
      relationships.insert(relationships.end(), path.relationships.begin(),
                           path.relationships.end());
      condition_.nodes.insert(condition_.nodes.end(), path.nodes.begin(), path.nodes.end());
    }
  }

  bool IsNode(const bind::Expression& e) const {
    const auto* ref = std::get_if<bind::SlotRef>(&e.node);
    return ref != nullptr && NodeOf(pattern_, ref->slot) != kNowhere;
  }

  /// EXISTS { pattern }, NOT pattern.
  void ReadPattern(const bind::Expression& predicate) {
    const bind::Expression* e = &predicate;
    bool negated = false;
    while (const auto* unary = std::get_if<bind::Unary>(&e->node)) {
      if (unary->op != ast::UnaryOperator::kNot) return;
      negated = !negated;
      e = unary->operand.get();
    }
    const auto* subquery = std::get_if<bind::Subquery>(&e->node);
    if (subquery == nullptr || subquery->kind != ast::SubqueryKind::kExists) return;
    const plan::MatchPattern* match = PatternOf(*subquery, plan_);
    if (match == nullptr) return;
    for (const auto& node : match->pattern.nodes) {
      if (node.bound && NodeOf(pattern_, node.slot) == kNowhere) return;
    }
    if (IsOneLink(*match)) {
      const auto& r = match->pattern.relationships[0];
      condition_.form = Form::kLink;
      condition_.link.left = NodeOf(pattern_, match->pattern.nodes[r.left].slot);
      condition_.link.right = NodeOf(pattern_, match->pattern.nodes[r.right].slot);
      condition_.link.direction = r.direction;
      condition_.link.types = r.types;
      condition_.link.use = negated ? CountLink::Use::kNone : CountLink::Use::kExists;
      return;
    }
    const auto use = negated ? CountGroup::Use::kNone : CountGroup::Use::kExists;
    auto whole = CountWhole(*match, use, plan_, cost_);
    if (!whole) return;
    condition_.form = Form::kHanging;
    condition_.group = std::move(whole->group);
  }

  const bind::Pattern& pattern_;
  const plan::Plan& plan_;
  const Cost& cost_;
  Condition condition_;
  std::size_t all_slots_ = 0;
};

}  // namespace

std::size_t NodeOf(const bind::Pattern& pattern, plan::Slot slot) {
  for (std::size_t i = 0; i < pattern.nodes.size(); ++i) {
    if (pattern.nodes[i].slot == slot) return i;
  }
  return kNowhere;
}

Condition ReadCondition(const bind::Expression& predicate, const bind::Pattern& pattern,
                        const plan::Plan& plan, const Cost& cost) {
  return Reader(pattern, plan, cost).Read(predicate);
}

}  // namespace kb::query::optimize
