// Second pass of RouteBuilder: conditions, and where each is tested.
#include <algorithm>

#include "query/bind/bind_route.h"

namespace kb::query::bind {
namespace {

void SplitAnd(const ast::ExpressionPtr& condition, std::vector<ast::ExpressionPtr>* conjuncts) {
  const auto* both = std::get_if<ast::Binary>(&condition->node);
  if (both == nullptr || both->op != ast::BinaryOperator::kAnd) {
    conjuncts->push_back(condition);
    return;
  }
  SplitAnd(both->left, conjuncts);
  SplitAnd(both->right, conjuncts);
}

void AddTo(ExpressionPtr* all, const ExpressionPtr& condition) {
  *all = Conjoin(std::move(*all), condition);
}

}  // namespace

Result<std::shared_ptr<const Route>> RouteBuilder::Finish(std::vector<ExpressionPtr>* predicates) {
  for (const Pending& pending : pending_) {
    // Inside a quantified part a name means the one at hand, not the list.
    Scope inner(binder_.scope_pointer());
    if (pending.around.quantified != kNone) {
      for (const auto& variable : route_.variables) {
        if (variable.quantified != pending.around.quantified) continue;
        const KindSet kinds = variable.kind == Kind::kNode           ? kNodeKind
                              : variable.kind == Kind::kRelationship ? kRelationshipKind
                                                                     : kPathKind;
        inner.Add({variable.name, variable.inner, kinds});
      }
    }
    const Swap<Scope*> guard(binder_.scope_pointer(), &inner);
    KB_TRY(Fill(pending, predicates));
  }
  SetStepSlots();
  for (const PendingChronology& pending : chronologies_) KB_TRY(FillChronology(pending));
  KB_TRY(CheckFinite());
  return std::make_shared<const Route>(std::move(route_));
}

/// A search for walks among those that may repeat everything knows when there are no more, unless
/// something is asked of them that distances do not know.
Result<void> RouteBuilder::CheckFinite() const {
  if (route_.mode != ast::PathMode::kWalk || !unbounded_) return {};
  const bool looks_back =
      route_.predicate ||
      std::any_of(route_.scopes.begin(), route_.scopes.end(), [](const Route::Scope& scope) {
        return scope.predicate != nullptr || scope.chronology;
      });
  if (!looks_back) return {};
  return BindError("InvalidRelationshipPattern", *unbounded_,
                   "with REPEATABLE ELEMENTS a condition on more than one step needs an upper "
                   "bound, since walks can go round for ever")
      .Hint("write it, such as {1,10}");
}

Result<void> RouteBuilder::FillChronology(const PendingChronology& pending) {
  const ast::Chronology& written = *pending.written;
  binder_.names().Read(UnknownName::Sort::kKey, written.key);
  Chronology chronology{written.over, written.key.text, written.possibly, written.descending, {}};
  if (written.within) {
    const UseLog log(binder_.uses());
    KB_ASSIGN(chronology.within, binder_.BindPlain(*written.within, "WITHIN"));
    if (!log.uses().empty()) {
      return BindError("NonConstantExpression", written.within->span,
                       "the longest gap of a chain cannot depend on variables")
          .Hint("write a duration such as duration('P90D'), or a parameter");
    }
  }
  auto& place =
      pending.scope == kNone ? route_.chronology : route_.scopes[pending.scope].chronology;
  place = std::move(chronology);
  return {};
}

Result<void> RouteBuilder::Fill(const Pending& pending, std::vector<ExpressionPtr>* predicates) {
  if (pending.properties) return FillProperties(pending, predicates);
  if (pending.equals != kNoSlot) {
    ExpressionPtr same = MakeExpression(
        Comparison{ast::ComparisonOperator::kEqual,
                   MakeExpression(SlotRef{pending.inner, pending.name}, pending.span),
                   MakeExpression(SlotRef{pending.equals, pending.name}, pending.span)},
        pending.span, kBooleanKind);
    return Assign(std::move(same), {{pending.equals, pending.name, pending.span}}, pending,
                  predicates);
  }
  std::vector<ast::ExpressionPtr> conjuncts;
  SplitAnd(pending.condition, &conjuncts);
  for (const auto& conjunct : conjuncts) {
    const UseLog log(binder_.uses());
    KB_ASSIGN(ExpressionPtr condition, binder_.BindCondition(*conjunct, "WHERE"));
    KB_TRY(Assign(std::move(condition), log.uses(), pending, predicates));
  }
  return {};
}

Result<void> RouteBuilder::FillProperties(const Pending& pending,
                                          std::vector<ExpressionPtr>* predicates) {
  const UseLog log(binder_.uses());
  std::vector<std::pair<std::string, ExpressionPtr>> properties;
  ExpressionPtr map;
  KB_TRY(patterns_.BindProperties(pending.properties, &properties, &map));
  for (auto& [key, value] : properties) {
    const Span span = value->span;
    const KindSet kinds = pending.home == Home::kState ? kNodeKind : kRelationshipKind;
    ExpressionPtr subject = MakeExpression(SlotRef{pending.inner, pending.name}, span, kinds);
    ExpressionPtr property = MakeExpression(Property{std::move(subject), key}, span);
    KB_TRY(Assign(MakeExpression(Comparison{ast::ComparisonOperator::kEqual, std::move(property),
                                            std::move(value)},
                                 span, kBooleanKind),
                  log.uses(), pending, predicates));
  }
  return {};
}

std::size_t RouteBuilder::VariableOf(Slot slot) const {
  for (std::size_t i = 0; i < route_.variables.size(); ++i) {
    if (route_.variables[i].inner == slot || route_.variables[i].slot == slot) return i;
  }
  return kNone;
}

Result<void> RouteBuilder::Assign(ExpressionPtr condition, const std::vector<Use>& uses,
                                  const Pending& pending, std::vector<ExpressionPtr>* predicates) {
  std::vector<std::size_t> mentioned;
  bool asks_for_path = false;
  for (const Use& use : uses) {
    if (use.slot == route_.path_slot && use.slot != kNoSlot) {
      if (pending.around.hard != kNone) return UnknownPath(use.span);
      asks_for_path = true;
    } else {
      KB_TRY(patterns_.RefusePaths({use}));
    }
    const std::size_t variable = VariableOf(use.slot);
    if (variable == kNone) continue;
    const Route::Variable& known = route_.variables[variable];
    const std::size_t hard = pending.around.hard;
    const bool sees = hard == kNone ||
                      (known.quantified == pending.around.quantified && IsWithin(known.hard, hard));
    if (!sees) {
      return BindError("UndefinedVariable", use.span,
                       "inside these brackets {} of the same path is not known", Quoted(use.name))
          .Hint("ask for it in a WHERE behind the whole pattern, or match it in a MATCH before");
    }
    if (std::find(mentioned.begin(), mentioned.end(), variable) == mentioned.end()) {
      mentioned.push_back(variable);
    }
  }
  if (!asks_for_path && AssignLocally(condition, mentioned, pending)) return {};
  if (pending.around.hard == kNone) {
    if (mentioned.empty() && !asks_for_path && pending.home != Home::kState &&
        pending.home != Home::kStep) {
      predicates->push_back(std::move(condition));
    } else {
      AddTo(&route_.predicate, condition);
    }
    return {};
  }
  AddTo(&route_.scopes[pending.around.hard].predicate, condition);
  return {};
}

bool RouteBuilder::AssignLocally(const ExpressionPtr& condition,
                                 const std::vector<std::size_t>& mentioned,
                                 const Pending& pending) {
  const auto only = [&](std::initializer_list<std::size_t> allowed) {
    return std::all_of(mentioned.begin(), mentioned.end(), [&](std::size_t variable) {
      return std::find(allowed.begin(), allowed.end(), variable) != allowed.end() &&
             variable != kNone;
    });
  };
  // In an optional part or an alternative the test belongs to its own state alone.
  const auto at_home = [&](std::size_t variable) {
    return variable == kNone || route_.variables[variable].hard == pending.around.hard;
  };
  const auto of_whole_lists = [&] {
    return std::any_of(mentioned.begin(), mentioned.end(), [&](std::size_t variable) {
      return route_.variables[variable].quantified != pending.around.quantified;
    });
  };
  if (of_whole_lists()) return false;
  for (std::size_t s = 2; s < route_.states.size(); ++s) {
    Route::State& state = route_.states[s];
    const bool is_home = pending.home == Home::kState && pending.index == s;
    const bool is_named = !mentioned.empty() && state.variable != kNone &&
                          (pending.home == Home::kScope || pending.home == Home::kWhole) &&
                          at_home(state.variable);
    if ((!is_home && !is_named) || !only({state.variable})) continue;
    AddTo(&state.predicate, condition);
    return true;
  }
  for (std::size_t t = 0; t < route_.steps.size(); ++t) {
    Route::Step& step = route_.steps[t];
    const std::size_t from = route_.states[step.from].variable;
    const std::size_t to = route_.states[step.to].variable;
    const bool is_home = pending.home == Home::kStep && pending.index == t;
    const bool is_named = !mentioned.empty() && at_home(step.variable) && at_home(from) &&
                          at_home(to) && pending.home != Home::kStep;
    if ((!is_home && !is_named) || !only({step.variable, from, to})) continue;
    if (pending.home == Home::kState && pending.index != step.from && pending.index != step.to) {
      continue;
    }
    AddTo(&step.relationship.step_predicate, condition);
    return true;
  }
  return false;
}

void RouteBuilder::SetStepSlots() {
  for (auto& step : route_.steps) {
    if (!step.relationship.step_predicate) continue;
    for (const bool is_left : {true, false}) {
      const Slot inner = route_.states[is_left ? step.from : step.to].inner;
      if (inner != kNoSlot) {
        step.relationship.groups.push_back({inner, kNoSlot, true, is_left});
      }
    }
  }
}

std::shared_ptr<const Route> MakeRoute(const PatternRelationship& relationship,
                                       ast::PathMode mode) {
  Route route;
  route.mode = mode;
  route.states.resize(4);
  route.scopes.push_back({{}, Route::kNone, false, true, 0, nullptr, {}});
  Route::Step step{2, 3, relationship, Route::kNone};
  step.relationship.route = nullptr;
  route.steps.push_back(std::move(step));
  for (const auto& group : relationship.groups) {
    if (!group.is_node) continue;
    route.states[group.is_left ? 2 : 3].inner = group.inner;
    route.states[group.is_left ? 2 : 3].variable = route.variables.size();
    route.variables.push_back(
        {Route::Variable::Kind::kNode, {}, group.inner, group.list, true, 0, 0});
  }
  using Count = Route::Count;
  const auto min = relationship.min;
  const auto max = relationship.max;
  constexpr std::size_t kNone = Route::kNone;
  route.moves.push_back({0, 2, Count::kEnter, min, max, kNone, 0});
  route.moves.push_back({3, 2, Count::kAgain, min, max, 0, 0});
  route.moves.push_back({3, 1, Count::kLeave, min, max, 0, kNone});
  if (min == 0) route.moves.push_back({0, 1, Count::kKeep, 0, {}, kNone, kNone});
  return std::make_shared<const Route>(std::move(route));
}

}  // namespace kb::query::bind
