// Route: a path pattern of any shape, compiled to a small automaton that one search operator walks
// (query/exec/path_search.cc), from either end.
//
// States are positions in the pattern: what must hold of the node there. Steps lead from state to
// state over one relationship; moves lead on at the same node: into a quantified part, round it
// again, out of it, past it. State 0 and state 1 are the pattern's nodes at both ends, which are
// matched outside. Example, `(a) ((x)-[r]->(y)-[s]->(z) WHERE …){2,5} (b)`:
//
//   0 --enter--> 2(x) --r--> 3(y) --s--> 4(z) --leave--> 1
//                  ^--------again---------'
//
// Scopes are the brackets that moves open and close; they have conditions over what was walked
// inside, path modes and path variables. One count is enough for a walk, since quantifiers do not
// nest.
#pragma once

#include "query/bind/bound.h"

namespace kb::query::bind {

/// What CHRONOLOGICAL says: consecutive elements have times in order.
struct Chronology {
  ast::Chronology::Over over = ast::Chronology::Over::kNodes;
  std::string key;
  bool possibly = false;
  bool descending = false;
  ExpressionPtr within;  ///< Knows no variables; may be null.
};

struct Route {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  static constexpr std::size_t kStart = 0, kEnd = 1;

  struct Variable {
    enum class Kind : std::uint8_t { kNode, kRelationship, kPath };
    Kind kind = Kind::kNode;
    std::string name;
    Slot inner = kNoSlot;            ///< Holds the one at hand while conditions are tested.
    Slot slot = kNoSlot;             ///< What a row gets: the same, or a list.
    bool is_list = false;            ///< Inside a quantified part.
    std::size_t hard = kNone;        ///< The innermost hard scope around it.
    std::size_t quantified = kNone;  ///< The quantified scope around it.
  };
  struct State {
    LabelTestPtr labels;      ///< May be null.
    ExpressionPtr predicate;  ///< Over `inner` and the row; may be null.
    Slot inner = kNoSlot;     ///< Of the node here, if a condition asks for it.
    std::size_t variable = kNone;
  };
  struct Step {
    std::size_t from, to;
    /// One relationship: types, direction and what a step must satisfy by itself.
    PatternRelationship relationship;
    std::size_t variable = kNone;
  };
  enum class Count : std::uint8_t { kKeep, kEnter, kAgain, kLeave };
  struct Move {
    std::size_t from, to;
    Count count = Count::kKeep;
    std::uint64_t min = 0;
    std::optional<std::uint64_t> max;
    std::size_t closes = kNone, opens = kNone;  ///< Scopes.
  };
  struct Scope {
    std::optional<ast::PathMode> mode;
    std::size_t path = kNone;        ///< The variable that gets the path walked inside.
    bool is_counted = false;         ///< An alternative of `|+|`: each makes a match of its own.
    bool is_hard = false;            ///< Quantified, optional or an alternative: may be left out.
    std::size_t quantified = kNone;  ///< The quantified scope that this is, or is in.
    ExpressionPtr predicate;  ///< Over the variables of this scope and the row; only if hard.
    std::optional<Chronology> chronology{};
  };

  std::vector<State> states;
  std::vector<Step> steps;
  std::vector<Move> moves;
  std::vector<Scope> scopes;
  std::vector<Variable> variables;
  ast::PathMode mode = ast::PathMode::kTrail;  ///< Of the whole walk.
  std::optional<Chronology> chronology;        ///< Of the whole walk.
  /// The selector prefers the walk whose weakest grade is best, and only then the shorter one.
  bool by_grade = false;
  ExpressionPtr predicate;   ///< Of the whole, over everything in it; may be null.
  Slot path_slot = kNoSlot;  ///< Holds the whole path while `predicate` is tested.
  bool is_distinct = false;  ///< Alternatives with `|`: equal matches count once.
};

/// Calls `visit(Slot)` for each slot that finding the relationship fills beside its own and its
/// ends.
template <typename Visit>
void ForEachGroupSlot(const PatternRelationship& relationship, const Visit& visit) {
  for (const auto& group : relationship.groups) visit(group.list);
  if (!relationship.route) return;
  for (const auto& variable : relationship.route->variables) visit(variable.slot);
}

/// Calls `visit(Slot)` for each slot that holds a part of the route while conditions are tested
/// (kNoSlot among them).
template <typename Visit>
void ForEachInnerSlot(const Route& route, const Visit& visit) {
  for (const auto& variable : route.variables) visit(variable.inner);
  for (const auto& state : route.states) visit(state.inner);
  for (const auto& step : route.steps) {
    visit(step.relationship.step_relationship);
    for (const auto& group : step.relationship.groups) visit(group.inner);
  }
}
template <typename Visit>
void ForEachInnerSlot(const PatternRelationship& relationship, const Visit& visit) {
  for (const auto& group : relationship.groups) visit(group.inner);
  visit(relationship.step_relationship);
  if (relationship.route) ForEachInnerSlot(*relationship.route, visit);
}

/// Calls `visit(ExpressionPtr&)` (const if the route is) for each condition of a route but the one
/// of the whole; null ones are skipped.
template <typename AnyRoute, typename Visit>
void ForEachRouteCondition(AnyRoute& route, const Visit& visit) {
  const auto if_set = [&](auto& expression) {
    if (expression) visit(expression);
  };
  for (auto& state : route.states) if_set(state.predicate);
  for (auto& step : route.steps) if_set(step.relationship.step_predicate);
  for (auto& scope : route.scopes) {
    if_set(scope.predicate);
    if (scope.chronology) if_set(scope.chronology->within);
  }
  if (route.chronology) if_set(route.chronology->within);
}

/// A single variable-length or quantified relationship as a route of its own.
std::shared_ptr<const Route> MakeRoute(const PatternRelationship& relationship, ast::PathMode mode);

}  // namespace kb::query::bind
