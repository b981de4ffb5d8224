// Two parts of a pattern (or a pattern and what comes before it) that only an equality ties
// together are joined by a table of keys: without it each row of the one meets each row of the
// other.
//
// Behind order_joins such a pair is a Filter over a chain of operators that starts anew from a scan
// or a seek, and whose other operators read nothing but the chain's own slots:
//
//   Filter a.x = c.y AND c.z > 1             Filter rest
//   └─ Expand (b)-->(c)                      └─ HashJoin a.x = c.y
//      └─ NodeScan b                            ├─ rows of a
//         └─ rows of a                          └─ Filter c.z > 1 … NodeScan b, over Argument
//
// OPTIONAL MATCH is the right side of an Apply that begins with such a chain, where equalities are
// all that reads the left side: conditions on both sides would have to be tried on each pair before
// it is known whether there is one. A condition on the left side alone is an equality with true.
//
//   OptionalApply                            OptionalHashJoin a.x = c.y AND a.z = true
//   ├─ rows of a                             ├─ rows of a
//   └─ Filter a.x = c.y                      └─ NodeScan c, over Argument
//      └─ NodeScan c
//         └─ Filter a.z, over Argument
//
// An index that answers the equality shows as a seek that reads the other side, and stays.
#include <algorithm>

#include "query/optimize/cost.h"
#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"
#include "query/plan/plan_query.h"

namespace kb::query::optimize {
namespace {

/// Pairs that it takes to pay for the table, against the rows of both sides.
constexpr double kPairsPerRow = 4;

bool IsSource(const Operator& op) {
  return std::holds_alternative<plan::NodeScan>(op.node) ||
         std::holds_alternative<plan::IndexSeek>(op.node) ||
         std::holds_alternative<plan::IndexRange>(op.node) ||
         std::holds_alternative<plan::IdSeek>(op.node);
}

bool MayStandInChain(const Operator& op) {
  return std::holds_alternative<plan::Expand>(op.node) ||
         std::holds_alternative<plan::ExpandVariable>(op.node) ||
         std::holds_alternative<plan::Filter>(op.node);
}

bool WritesSomewhere(const Operator& op) {
  return Writes(op) || std::any_of(op.inputs.begin(), op.inputs.end(),
                                   [](const auto& input) { return WritesSomewhere(*input); });
}

class Joining {
 public:
  explicit Joining(OperatorPtr& top) : top_(top) {}

  /// Replaces the tree if it is a chain under an equality, and the join pays.
  void Run() {
    if (As<plan::Filter>(top_) == nullptr || !FindSource(top_)) return;
    const OperatorPtr& before = Source()->inputs[0];
    if (As<plan::Argument>(before) != nullptr || WritesSomewhere(*before) || !ReadsOwn()) return;
    CollectKeys();
    const double left = std::max(1.0, before->estimated_rows);
    if (keys_.empty() || !Pays(left, Source()->estimated_rows / left)) return;
    Rewrite();
  }

  /// The same for an Apply whose right side is such a chain.
  void RunOptional() {
    const auto* apply = As<plan::Apply>(top_);
    if (apply == nullptr || apply->kind != plan::ApplyKind::kOptional || apply->view ||
        apply->transactions || !FindSource(top_->inputs[1])) {
      return;
    }
    OperatorPtr* before = &Source()->inputs[0];
    for (; const auto* filter = As<plan::Filter>(*before); before = &(*before)->inputs[0]) {
      plan::SplitConjuncts(filter->predicate, &above_);
    }
    const bool is_alone = As<plan::Argument>(*before) != nullptr;
    if (!is_alone || WritesSomewhere(*top_->inputs[0]) || !ReadsOwn()) return;
    CollectKeys();
    if (keys_.empty()) return;
    for (const ExpressionPtr& conjunct : above_) {
      const bool is_boolean = conjunct->kinds == functions::Set(schema::Kind::kBoolean);
      if (!is_boolean || !IsForeign(plan::SlotsOf(*conjunct))) return;
      keys_.emplace_back(conjunct, plan::MakeConstant(schema::Value::Boolean(true)));
    }
    const double left = std::max(1.0, top_->inputs[0]->estimated_rows);
    if (!Pays(left, Source()->estimated_rows)) return;
    OperatorPtr argument = std::move(*before);
    Source()->inputs[0] = std::move(argument);
    for (auto op = chain_.rbegin(); op != chain_.rend(); ++op) KeepOwnConjuncts(*op);
    top_->node = plan::HashJoin{keys_, true, apply->nulls};
  }

 private:
  /// Whether nothing but filters reads slots of others.
  bool ReadsOwn() const {
    return std::all_of(chain_.begin(), chain_.end(), [&](const OperatorPtr* op) {
      return As<plan::Filter>(*op) != nullptr || IsOwn(ReadSlots(**op));
    });
  }

  /// Fills chain_, from the top down to the source.
  bool FindSource(OperatorPtr& top) {
    for (OperatorPtr* op = &top;; op = &(*op)->inputs[0]) {
      if (!IsSource(**op) && !MayStandInChain(**op)) return false;
      chain_.push_back(op);
      for (const Slot slot : ProducedSlots(**op)) own_.insert(slot);
      if (IsSource(**op)) return true;
    }
  }
  Operator* Source() { return chain_.back()->get(); }

  bool IsOwn(const SlotSet& slots) const {
    return std::all_of(slots.begin(), slots.end(), [&](Slot slot) { return own_.contains(slot); });
  }
  bool IsForeign(const SlotSet& slots) const {
    return std::none_of(slots.begin(), slots.end(), [&](Slot slot) { return own_.contains(slot); });
  }

  void CollectKeys() {
    for (const OperatorPtr* op : chain_) {
      const auto* filter = As<plan::Filter>(*op);
      if (filter == nullptr) continue;
      std::vector<ExpressionPtr> conjuncts;
      plan::SplitConjuncts(filter->predicate, &conjuncts);
      for (ExpressionPtr& conjunct : conjuncts) {
        if (!IsOwn(plan::SlotsOf(*conjunct)) && !AddKey(*conjunct)) above_.push_back(conjunct);
      }
    }
  }

  bool AddKey(const bind::Expression& conjunct) {
    const auto* equal = std::get_if<bind::Comparison>(&conjunct.node);
    if (equal == nullptr || equal->op != ast::ComparisonOperator::kEqual) return false;
    const SlotSet left = plan::SlotsOf(*equal->left);
    const SlotSet right = plan::SlotsOf(*equal->right);
    if (left.empty() || right.empty()) return false;
    if (IsForeign(left) && IsOwn(right)) {
      keys_.emplace_back(equal->left, equal->right);
    } else if (IsOwn(left) && IsForeign(right)) {
      keys_.emplace_back(equal->right, equal->left);
    } else {
      return false;
    }
    return true;
  }

  static bool Pays(double left, double right) {
    left = std::max(1.0, left);
    right = std::max(1.0, right);
    return left * right > kPairsPerRow * (left + right);
  }

  void Rewrite() {
    const double pairs = top_->estimated_rows;
    OperatorPtr left = std::move(Source()->inputs[0]);
    const double rows = std::max(1.0, left->estimated_rows);
    Source()->inputs[0] = plan::MakeOperator(plan::Argument{});
    Source()->inputs[0]->estimated_rows = 1;
    for (auto op = chain_.rbegin(); op != chain_.rend(); ++op) {
      (**op)->estimated_rows /= rows;
      KeepOwnConjuncts(*op);
    }
    top_ = plan::MakeOperator(plan::HashJoin{keys_}, std::move(left), std::move(top_));
    top_->estimated_rows = pairs;
    if (above_.empty()) return;
    top_ = plan::MakeOperator(plan::Filter{plan::Conjoin(above_)}, std::move(top_));
    top_->estimated_rows = pairs;
  }

  void KeepOwnConjuncts(OperatorPtr* op) const {
    auto* filter = As<plan::Filter>(*op);
    if (filter == nullptr) return;
    std::vector<ExpressionPtr> conjuncts;
    plan::SplitConjuncts(filter->predicate, &conjuncts);
    std::erase_if(conjuncts, [&](const auto& c) { return !IsOwn(plan::SlotsOf(*c)); });
    if (!conjuncts.empty()) {
      filter->predicate = plan::Conjoin(conjuncts);
      return;
    }
    OperatorPtr input = std::move((*op)->inputs[0]);
    *op = std::move(input);
  }

  OperatorPtr& top_;
  std::vector<OperatorPtr*> chain_;
  SlotSet own_;  ///< Slots that the chain makes.
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> keys_;
  std::vector<ExpressionPtr> above_;  ///< Other conjuncts that read both sides.
};

}  // namespace

Result<void> JoinByHash(Context& context) {
  ForEachTree(context.plan, [](OperatorPtr& root) {
    BottomUp(root, [](OperatorPtr& op) {
      Joining(op).Run();
      Joining(op).RunOptional();
    });
  });
  return {};
}

}  // namespace kb::query::optimize
