// First pass of RouteBuilder: the shape of the automaton and its variables.
#include "query/bind/bind_route.h"

#include <algorithm>

namespace kb::query::bind {
namespace {

bool HasRelationship(const ast::PathPattern& path) {
  return std::any_of(path.elements.begin(), path.elements.end(), [](const auto& element) {
    if (std::holds_alternative<ast::RelationshipPattern>(element)) return true;
    const auto* inner = std::get_if<ast::ParenthesizedPath>(&element);
    if (inner == nullptr || (inner->quantifier && inner->quantifier->min == 0)) return false;
    return HasRelationship(*inner->path) &&
           std::all_of(inner->others.begin(), inner->others.end(),
                       [](const auto& other) { return HasRelationship(*other); });
  });
}

/// A mode that says more than that relationships differ, which holds anyway.
std::optional<ast::PathMode> Restriction(const std::optional<ast::PathMode>& mode) {
  if (!mode || *mode == ast::PathMode::kWalk || *mode == ast::PathMode::kTrail) return {};
  return mode;
}

}  // namespace

RouteBuilder::RouteBuilder(PatternBinder& patterns, ast::PathMode mode)
    : patterns_(patterns), binder_(patterns.binder_) {
  route_.mode = mode;
  route_.states.resize(2);
}

Result<void> RouteBuilder::Declare(const Elements& elements, std::size_t begin, std::size_t end,
                                   bool has_left_node) {
  KB_ASSIGN(const std::size_t last,
            Sequence(elements, begin, end, Route::kStart, has_left_node, {}));
  AddMove(last, Route::kEnd, kNone, kNone);
  return {};
}

void RouteBuilder::Require(ast::ExpressionPtr condition) {
  const Span span = condition->span;
  pending_.push_back(
      {Home::kWhole, 0, {}, std::move(condition), nullptr, kNoSlot, kNoSlot, {}, span});
}

void RouteBuilder::CollectTypes(NameList* types) const {
  types->clear();
  for (const auto& step : route_.steps) {
    if (step.relationship.types.empty()) {
      types->clear();
      return;
    }
    for (const auto& type : step.relationship.types) {
      if (std::find(types->begin(), types->end(), type) == types->end()) types->push_back(type);
    }
  }
}

std::size_t RouteBuilder::NewState() {
  route_.states.emplace_back();
  return route_.states.size() - 1;
}

std::size_t RouteBuilder::NewScope(bool is_hard, const Around& around) {
  route_.scopes.emplace_back();
  route_.scopes.back().is_hard = is_hard;
  scope_notes_.push_back({around.hard, kNone});
  return route_.scopes.size() - 1;
}

void RouteBuilder::AddMove(std::size_t from, std::size_t to, std::size_t closes,
                           std::size_t opens) {
  route_.moves.push_back({from, to, Route::Count::kKeep, 0, {}, closes, opens});
}

Result<std::size_t> RouteBuilder::Sequence(const Elements& elements, std::size_t begin,
                                           std::size_t end, std::size_t state, bool has_node,
                                           const Around& around) {
  for (std::size_t i = begin; i < end; ++i) {
    if (const auto* node = std::get_if<ast::NodePattern>(&elements[i])) {
      if (has_node) return SideBySide(node->span);
      KB_TRY(SetNode(state, *node, around));
      has_node = true;
      continue;
    }
    if (const auto* relationship = std::get_if<ast::RelationshipPattern>(&elements[i])) {
      KB_ASSIGN(state, Relationship(*relationship, state, around));
    } else if (const auto* brackets = std::get_if<ast::ParenthesizedPath>(&elements[i])) {
      KB_ASSIGN(state, Brackets(*brackets, state, around));
    }
    has_node = false;
  }
  return state;
}

Result<void> RouteBuilder::CheckQuantifier(const std::optional<std::uint64_t>& max,
                                           std::uint64_t min, Span span, const Around& around) {
  if (around.quantified != kNone) {
    return BindError("InvalidRelationshipPattern", span,
                     "a quantified part cannot hold another quantifier");
  }
  KB_TRY(CheckSteps(min, max, span));
  if (!max && !unbounded_) unbounded_ = span;
  return {};
}

std::size_t RouteBuilder::AddRepeats(std::size_t state, std::size_t first, std::size_t last,
                                     std::size_t scope, std::uint64_t min,
                                     std::optional<std::uint64_t> max) {
  const std::size_t after = NewState();
  using Count = Route::Count;
  route_.moves.push_back({state, first, Count::kEnter, min, max, kNone, scope});
  route_.moves.push_back({last, first, Count::kAgain, min, max, scope, scope});
  route_.moves.push_back({last, after, Count::kLeave, min, max, scope, kNone});
  if (min == 0) AddMove(state, after, kNone, kNone);
  return after;
}

Result<std::size_t> RouteBuilder::Relationship(const ast::RelationshipPattern& written,
                                               std::size_t state, const Around& around) {
  if (!written.length && !written.quantifier) {
    const std::size_t to = NewState();
    KB_TRY(AddStep(state, to, written, around));
    return to;
  }
  const std::uint64_t min =
      written.length ? written.length->min.value_or(1) : written.quantifier->min;
  const std::optional<std::uint64_t> max =
      written.length ? written.length->max : written.quantifier->max;
  if (written.length && max && *max < std::max<std::uint64_t>(min, 1)) {
    // The older form may ask for what cannot be, or for no step at all.
    KB_TRY(CheckQuantifier(1, 0, written.span, around));
    if (min == 0) {
      const std::size_t after = NewState();
      AddMove(state, after, kNone, kNone);
      return after;
    }
  } else {
    KB_TRY(CheckQuantifier(max, min, written.quantifier ? written.quantifier->span : written.span,
                           around));
  }
  const std::size_t scope = NewScope(true, around);
  route_.scopes[scope].quantified = scope;
  const std::size_t first = NewState();
  const std::size_t last = NewState();
  KB_TRY(AddStep(first, last, written, {scope, scope}));
  return AddRepeats(state, first, last, scope, min, max);
}

Result<std::size_t> RouteBuilder::Brackets(const ast::ParenthesizedPath& brackets,
                                           std::size_t state, const Around& around) {
  const bool question = brackets.quantifier && brackets.quantifier->is_question;
  const bool quantified = brackets.quantifier && !question;
  if (quantified) {
    KB_TRY(CheckQuantifier(brackets.quantifier->max, brackets.quantifier->min,
                           brackets.quantifier->span, around));
    bool moves = HasRelationship(*brackets.path);
    for (const auto& other : brackets.others) moves = moves && HasRelationship(*other);
    if (!moves) {
      return BindError("InvalidRelationshipPattern", brackets.span,
                       "a quantified part needs a relationship");
    }
  }
  const std::size_t scope = NewScope(quantified || question, around);
  Around inner = around;
  if (quantified || question) inner.hard = scope;
  if (quantified) inner.quantified = scope;
  route_.scopes[scope].mode = Restriction(brackets.mode);
  if (brackets.chronology) Restrict(brackets.chronology, scope);
  route_.scopes[scope].quantified = inner.quantified;
  if (brackets.path_variable) {
    KB_ASSIGN(const Named path, Declare(*brackets.path_variable, Kind::kPath, inner));
    route_.scopes[scope].path = path.variable;
  }
  const std::size_t first = NewState();
  KB_ASSIGN(const std::size_t last, Inside(brackets, first, inner));
  if (brackets.predicate) {
    pending_.push_back({Home::kScope,
                        scope,
                        inner,
                        brackets.predicate,
                        nullptr,
                        kNoSlot,
                        kNoSlot,
                        {},
                        brackets.predicate->span});
  }
  if (quantified) {
    return AddRepeats(state, first, last, scope, brackets.quantifier->min,
                      brackets.quantifier->max);
  }
  const std::size_t after = NewState();
  AddMove(state, first, kNone, scope);
  AddMove(last, after, scope, kNone);
  if (question) AddMove(state, after, kNone, kNone);
  return after;
}

Result<std::size_t> RouteBuilder::Inside(const ast::ParenthesizedPath& brackets, std::size_t first,
                                         const Around& around) {
  const auto& elements = brackets.path->elements;
  if (brackets.others.empty()) {
    return Sequence(elements, 0, elements.size(), first, false, around);
  }
  if (brackets.union_kind == ast::UnionKind::kDistinct) route_.is_distinct = true;
  const std::size_t union_id = union_count_++;
  const std::size_t last = NewState();
  const auto add = [&](const ast::PathPattern& path) -> Result<void> {
    const std::size_t scope = NewScope(true, around);
    scope_notes_[scope].union_id = union_id;
    route_.scopes[scope].is_counted = brackets.union_kind == ast::UnionKind::kAll;
    route_.scopes[scope].quantified = around.quantified;
    const std::size_t begin = NewState();
    AddMove(first, begin, kNone, scope);
    KB_ASSIGN(const std::size_t end, Sequence(path.elements, 0, path.elements.size(), begin, false,
                                              {scope, around.quantified}));
    AddMove(end, last, scope, kNone);
    return {};
  };
  KB_TRY(add(*brackets.path));
  for (const auto& other : brackets.others) KB_TRY(add(*other));
  return last;
}

Result<void> RouteBuilder::SetNode(std::size_t state, const ast::NodePattern& node,
                                   const Around& around) {
  KB_TRY(NeedNames(node.labels, "a path that is searched as a whole"));
  patterns_.NoteNames(UnknownName::Sort::kLabel, node.labels);
  route_.states[state].labels = MakeLabelTest(node.labels);
  Named named;
  if (node.variable) {
    KB_ASSIGN(named, Declare(*node.variable, Kind::kNode, around));
  } else if (node.properties || node.predicate) {
    named.inner = binder_.NewSlot({}, kNodeKind);
  }
  route_.states[state].inner = named.inner;
  route_.states[state].variable = named.variable;
  Note(Home::kState, state, named, around, node.variable, node.properties, node.predicate);
  return {};
}

Result<void> RouteBuilder::AddStep(std::size_t from, std::size_t to,
                                   const ast::RelationshipPattern& written, const Around& around) {
  Route::Step step{from, to, {}, kNone};
  step.relationship.direction = written.direction;
  step.relationship.slot = kNoSlot;
  KB_TRY(NeedNames(written.types, "a path that is searched as a whole"));
  patterns_.NoteNames(UnknownName::Sort::kType, written.types);
  SetTypes(written.types, &step.relationship);
  Named named;
  if (written.variable) {
    KB_ASSIGN(named, Declare(*written.variable, Kind::kRelationship, around));
  } else if (written.properties || written.predicate) {
    named.inner = binder_.NewSlot({}, kRelationshipKind);
  }
  step.relationship.step_relationship = named.inner;
  step.variable = named.variable;
  route_.steps.push_back(std::move(step));
  Note(Home::kStep, route_.steps.size() - 1, named, around, written.variable, written.properties,
       written.predicate);
  return {};
}

void RouteBuilder::Note(Home home, std::size_t index, const Named& named, const Around& around,
                        const std::optional<ast::Name>& name, const ast::ExpressionPtr& properties,
                        const ast::ExpressionPtr& predicate) {
  const std::string text = name ? name->text : std::string();
  if (named.equals != kNoSlot) {
    pending_.push_back(
        {home, index, around, nullptr, nullptr, named.equals, named.inner, text, name->span});
  }
  if (properties) {
    pending_.push_back(
        {home, index, around, nullptr, properties, kNoSlot, named.inner, text, properties->span});
  }
  if (predicate) {
    pending_.push_back(
        {home, index, around, predicate, nullptr, kNoSlot, named.inner, text, predicate->span});
  }
}

Result<RouteBuilder::Named> RouteBuilder::Declare(const ast::Name& name, Kind kind,
                                                  const Around& around) {
  for (std::size_t i = 0; i < route_.variables.size(); ++i) {
    if (route_.variables[i].name == name.text) return Repeated(name, kind, i, around);
  }
  if (patterns_.Find(name.text) != nullptr) return DeclareKnown(name, kind, around);
  if (patterns_.use_ == PatternUse::kPredicate) KB_TRY(patterns_.Undefined(name));
  const KindSet kinds = kind == Kind::kNode           ? kNodeKind
                        : kind == Kind::kRelationship ? kRelationshipKind
                                                      : kPathKind;
  Route::Variable variable;
  variable.kind = kind;
  variable.name = name.text;
  variable.hard = around.hard;
  variable.quantified = around.quantified;
  variable.is_list = around.quantified != kNone;
  variable.slot = binder_.NewSlot(name.text, variable.is_list ? kinds : functions::kAnyKind);
  variable.inner = variable.is_list ? binder_.NewSlot(name.text) : variable.slot;
  const bool may_lack = !variable.is_list && around.hard != kNone;
  patterns_.fresh_.Add({name.text, variable.slot,
                        variable.is_list ? kListKind
                        : may_lack       ? kinds | kNullKind
                                         : kinds});
  route_.variables.push_back(variable);
  return Named{variable.inner, route_.variables.size() - 1, kNoSlot};
}

Result<RouteBuilder::Named> RouteBuilder::DeclareKnown(const ast::Name& name, Kind kind,
                                                       const Around& around) {
  if (around.quantified != kNone) return BecomesList(name);
  const Variable* known = patterns_.Find(name.text);
  const bool is_fresh = patterns_.IsFresh(name.text);
  if (!is_fresh) {
    KB_ASSIGN(known, binder_.Resolve(name.text, name.span));
  }
  if (kind == Kind::kPath) return AlreadyBound(name.text, name.span, ", so it cannot name a path");
  const bool is_node = kind == Kind::kNode;
  if (IsNever(known->kinds, is_node ? kNodeKind : kRelationshipKind)) {
    return Conflict(name.text, known->kinds, is_node ? "a node" : "a relationship", name.span);
  }
  if (!is_node && is_fresh) return StandsTwice(name);
  return Named{binder_.NewSlot(name.text), kNone, known->slot};
}

Result<RouteBuilder::Named> RouteBuilder::Repeated(const ast::Name& name, Kind kind,
                                                   std::size_t known, const Around& around) {
  const Route::Variable& variable = route_.variables[known];
  if (variable.quantified != around.quantified) return BecomesList(name);
  if (kind == Kind::kPath || variable.kind == Kind::kPath) {
    return AlreadyBound(name.text, name.span, ", so it cannot name a path");
  }
  if (variable.kind != kind) {
    return Conflict(name.text, variable.kind == Kind::kNode ? kNodeKind : kRelationshipKind,
                    kind == Kind::kNode ? "a node" : "a relationship", name.span);
  }
  if (AreAlternatives(variable.hard, around.hard)) return Named{variable.inner, known, kNoSlot};
  if (kind == Kind::kRelationship) return StandsTwice(name);
  if (!IsWithin(around.hard, variable.hard)) {
    return AlreadyBound(name.text, name.span, " in a part that a path may leave out")
        .Hint("give it a name of its own and compare in WHERE");
  }
  return Named{binder_.NewSlot(name.text), kNone, variable.inner};
}

bool RouteBuilder::IsWithin(std::size_t scope, std::size_t outer) const {
  while (scope != outer && scope != kNone) scope = scope_notes_[scope].parent;
  return scope == outer;
}

bool RouteBuilder::AreAlternatives(std::size_t one, std::size_t other) const {
  for (std::size_t a = one; a != kNone; a = scope_notes_[a].parent) {
    for (std::size_t b = other; b != kNone; b = scope_notes_[b].parent) {
      const std::size_t id = scope_notes_[a].union_id;
      if (a != b && id != kNone && id == scope_notes_[b].union_id) return true;
    }
  }
  return false;
}

}  // namespace kb::query::bind
