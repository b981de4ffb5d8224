// Conditions on every step of a walk, such as
//
//   all(x IN r WHERE x.open)
//   all(i IN range(1, size(r) - 1) WHERE r[i - 1].at < r[i].at)
//   all(i IN range(1, length(p)) WHERE nodes(p)[i].at - nodes(p)[i - 1].at < $window)
//
// are tested while the walk of (a)-[r*]->(b) grows, so that a walk that fails is not continued:
// what fails of a walk fails of all that begin with it. And where only the length of a walk is
// read, size(r) or length(p), that is kept as a number, and neither list nor path is made.
#include <algorithm>

#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"
#include "query/plan/plan_query.h"

namespace kb::query::optimize {
namespace {

using StepTest = plan::ExpandVariable::StepTest;

bool IsCall(const bind::Expression& e, std::string_view name, std::size_t arguments) {
  const auto* call = std::get_if<bind::Call>(&e.node);
  return call != nullptr && call->function->name == name && call->arguments.size() == arguments;
}

bool IsSlot(const ExpressionPtr& e, Slot slot) {
  const auto* ref = std::get_if<bind::SlotRef>(&e->node);
  return ref != nullptr && slot != bind::kNoSlot && ref->slot == slot;
}

bool IsInteger(const ExpressionPtr& e, std::int64_t number) {
  const auto* constant = std::get_if<bind::Constant>(&e->node);
  return constant != nullptr && constant->value.is_integer() && constant->value.integer() == number;
}

/// `e - 1`; null if it is not that.
ExpressionPtr OneLess(const ExpressionPtr& e) {
  const auto* binary = std::get_if<bind::Binary>(&e->node);
  const bool is = binary != nullptr && binary->op == ast::BinaryOperator::kSubtract &&
                  IsInteger(binary->right, 1);
  return is ? binary->left : nullptr;
}

/// One walk: its list, and its path if there is one that consists of nothing else.
struct WalkNames {
  Slot list = bind::kNoSlot;
  Slot path = bind::kNoSlot;

  bool IsList(const ExpressionPtr& e) const {
    return IsSlot(e, list) || (IsCall(*e, "relationships", 1) && IsSlot(ArgumentOf(*e), path));
  }
  bool IsNodes(const ExpressionPtr& e) const {
    return IsCall(*e, "nodes", 1) && IsSlot(ArgumentOf(*e), path);
  }
  bool IsLength(const ExpressionPtr& e) const {
    return (IsCall(*e, "size", 1) && IsList(ArgumentOf(*e))) ||
           (IsCall(*e, "length", 1) && IsSlot(ArgumentOf(*e), path));
  }
  static const ExpressionPtr& ArgumentOf(const bind::Expression& e) {
    return std::get<bind::Call>(e.node).arguments[0];
  }
};

/// Reads one condition on all steps.
class TestReader {
 public:
  TestReader(const WalkNames& names, plan::Plan* plan) : names_(names), plan_(plan) {}

  std::optional<StepTest> Read(const bind::Expression& condition) {
    const auto* all = std::get_if<bind::Quantifier>(&condition.node);
    if (all == nullptr || all->kind != ast::QuantifierKind::kAll) return std::nullopt;
    if (plan::ContainsSubquery(*all->predicate)) return std::nullopt;
    variable_ = all->variable;
    if (names_.IsList(all->list)) {
      test_.relationship = variable_;
      test_.predicate = all->predicate;
    } else if (IsCall(*all->list, "range", 2)) {
      const auto& range = std::get<bind::Call>(all->list->node).arguments;
      if (!IsInteger(range[0], 1)) return std::nullopt;
      const ExpressionPtr less = OneLess(range[1]);
      over_nodes_ = names_.IsLength(range[1]);
      if (!over_nodes_ && !(less && names_.IsLength(less))) return std::nullopt;
      test_.predicate = Rewrite(all->predicate);
    }
    if (!test_.predicate || !ReadsOnlyStep()) return std::nullopt;
    return std::move(test_);
  }

 private:
  /// Elements at i and i - 1 become slots.
  ExpressionPtr Rewrite(const ExpressionPtr& e) {
    const auto* element = std::get_if<bind::Subscript>(&e->node);
    if (element == nullptr) {
      return plan::RewriteChildren(e,
                                   [this](const ExpressionPtr& child) { return Rewrite(child); });
    }
    const ExpressionPtr less = OneLess(element->index);
    const bool at = IsSlot(element->index, variable_);
    const bool before = less && IsSlot(less, variable_);
    const bool nodes = over_nodes_ && names_.IsNodes(element->subject);
    const bool list = !over_nodes_ && names_.IsList(element->subject);
    if ((!at && !before) || (!nodes && !list)) return e;
    Slot& slot =
        nodes ? (at ? test_.right : test_.left) : (at ? test_.relationship : test_.earlier);
    if (slot == bind::kNoSlot) slot = plan::NewSlot(plan_);
    const auto kind = nodes ? schema::Kind::kNode : schema::Kind::kRelationship;
    return plan::MakeSlot(slot, {}, functions::Set(kind));
  }

  /// Whether nothing of the row, nor the position, is left in the condition. A pair's condition
  /// must read the earlier one, or else the first step would have to be left out for no reason
  /// that shows.
  bool ReadsOnlyStep() const {
    const Slot own[] = {test_.earlier, test_.relationship, test_.left, test_.right};
    const SlotSet slots = plan::SlotsOf(*test_.predicate);
    const bool only = std::all_of(slots.begin(), slots.end(), [&](Slot slot) {
      return std::find(std::begin(own), std::end(own), slot) != std::end(own);
    });
    const bool is_pair = !over_nodes_ && test_.relationship != variable_;
    return only && (!is_pair || test_.earlier != bind::kNoSlot);
  }

  const WalkNames& names_;
  plan::Plan* plan_;
  Slot variable_ = bind::kNoSlot;
  bool over_nodes_ = false;
  StepTest test_;
};

bool IsPlain(const plan::ExpandVariable& expand) {
  const bind::PatternRelationship& r = expand.pattern;
  return !r.route && !r.step_predicate && !r.step_left && !r.step_right && r.groups.empty() &&
         expand.different_from.empty() && !r.properties_map && r.properties.empty() &&
         (expand.mode == ast::PathMode::kTrail || expand.mode == ast::PathMode::kWalk);
}

class StepTests {
 public:
  explicit StepTests(Context& context) : context_(context) {}

  /// `chain`: what is above, nearest last; all of it takes rows from its first input.
  void Visit(OperatorPtr& op, std::vector<Operator*>* chain) {
    if (As<plan::ExpandVariable>(op) != nullptr) Improve(*op, *chain);
    if (auto* shortest = As<plan::ShortestPath>(op)) {
      const Slot list = shortest->pattern.slot;
      KeepLength({list, PathOver(list, *chain)}, *chain, &shortest->length);
    }
    if (op->inputs.empty()) return;
    chain->push_back(op.get());
    Visit(op->inputs[0], chain);
    chain->pop_back();
    for (std::size_t i = 1; i < op->inputs.size(); ++i) {
      // The right side of an OPTIONAL may be null as a whole: it is left as it is.
      const auto* apply = As<plan::Apply>(op);
      if (apply != nullptr && apply->kind == plan::ApplyKind::kOptional) continue;
      const auto* join = As<plan::HashJoin>(op);
      if (join != nullptr && join->is_optional) continue;
      std::vector<Operator*> own;
      Visit(op->inputs[i], &own);
    }
  }

 private:
  void Improve(Operator& op, const std::vector<Operator*>& chain) {
    auto& expand = *As<plan::ExpandVariable>(op);
    if (!IsPlain(expand)) return;
    WalkNames names{expand.pattern.slot, PathOver(expand.pattern.slot, chain)};
    for (auto above = chain.rbegin(); above != chain.rend(); ++above) {
      if (auto* filter = As<plan::Filter>(**above)) TakeTests(names, filter, &expand);
      if (!LetsTestsThrough(**above)) break;
    }
    KeepLength(names, chain, &expand.length);
  }

  static bool LetsTestsThrough(const Operator& op) {
    return std::holds_alternative<plan::Filter>(op.node) ||
           std::holds_alternative<plan::Project>(op.node) ||
           std::holds_alternative<plan::Expand>(op.node);
  }

  /// The path that is this walk between two nodes.
  static Slot PathOver(Slot list, const std::vector<Operator*>& chain) {
    for (const Operator* op : chain) {
      const auto* project = std::get_if<plan::Project>(&op->node);
      if (project == nullptr) continue;
      for (const auto& [slot, expression] : project->items) {
        const auto* path = std::get_if<bind::PathOf>(&expression->node);
        const bool is = path != nullptr && path->parts.size() == 3 && path->parts[1].is_list &&
                        path->parts[1].slot == list;
        if (is) return slot;
      }
    }
    return bind::kNoSlot;
  }

  void TakeTests(const WalkNames& names, plan::Filter* filter, plan::ExpandVariable* expand) {
    std::vector<ExpressionPtr> conjuncts;
    std::vector<ExpressionPtr> stay;
    plan::SplitConjuncts(filter->predicate, &conjuncts);
    for (const ExpressionPtr& conjunct : conjuncts) {
      auto test = TestReader(names, &context_.plan).Read(*conjunct);
      if (test) {
        expand->tests.push_back(*std::move(test));
      } else {
        stay.push_back(conjunct);
      }
    }
    if (stay.size() == conjuncts.size()) return;
    filter->predicate =
        stay.empty() ? plan::MakeConstant(schema::Value::Boolean(true)) : plan::Conjoin(stay);
  }

  /// Replaces what reads the length only by a slot of its own.
  void KeepLength(const WalkNames& names, const std::vector<Operator*>& chain, Slot* length) {
    const std::function<ExpressionPtr(const ExpressionPtr&)> rewrite =
        [&](const ExpressionPtr& e) -> ExpressionPtr {
      if (!names.IsLength(e)) return plan::RewriteChildren(e, rewrite);
      if (*length == bind::kNoSlot) *length = plan::NewSlot(&context_.plan);
      return plan::MakeExpression(bind::SlotRef{*length, {}}, e->span,
                                  functions::Set(schema::Kind::kInteger));
    };
    for (auto above = chain.rbegin(); above != chain.rend(); ++above) {
      const bool aggregates = std::holds_alternative<plan::Aggregate>((*above)->node);
      if (!aggregates && !PassesSlotsOn(**above)) return;
      ForEachExpression(**above, [&](ExpressionPtr& e) { e = rewrite(e); });
      if (aggregates) return;
    }
  }

  static bool PassesSlotsOn(const Operator& op) {
    return LetsTestsThrough(op) || std::holds_alternative<plan::Unwind>(op.node) ||
           std::holds_alternative<plan::ExpandVariable>(op.node) ||
           std::holds_alternative<plan::ShortestPath>(op.node) ||
           std::holds_alternative<plan::CountMatches>(op.node) ||
           std::holds_alternative<plan::Sort>(op.node) ||
           std::holds_alternative<plan::Skip>(op.node) ||
           std::holds_alternative<plan::Limit>(op.node);
  }

  Context& context_;
};

void DropTrueFilters(OperatorPtr& op) {
  const auto* filter = As<plan::Filter>(op);
  const auto* constant =
      filter == nullptr ? nullptr : std::get_if<bind::Constant>(&filter->predicate->node);
  if (constant == nullptr || !constant->value.is_boolean() || !constant->value.boolean()) return;
  OperatorPtr input = std::move(op->inputs[0]);
  op = std::move(input);
}

}  // namespace

Result<void> TestSteps(Context& context) {
  if (context.plan.writes) return {};
  ForEachTree(context.plan, [&](OperatorPtr& root) {
    std::vector<Operator*> chain;
    StepTests(context).Visit(root, &chain);
    BottomUp(root, DropTrueFilters);
  });
  return {};
}

}  // namespace kb::query::optimize
