// Parts of a pattern that are searched as a whole: selectors, modes, and brackets of any shape.
#include <algorithm>

#include "query/bind/bind_route.h"
#include "query/bind/shape.h"

namespace kb::query::bind {

Result<void> PatternBinder::CheckParts(const ast::Pattern& pattern) const {
  const auto selects = [](const ast::PatternPart& part) {
    return Selects(part) && HasRelationship(part.path);
  };
  for (const auto& part : pattern.parts) {
    if (part.chronology && part.shortest != ast::ShortestForm::kNone) {
      return BindError("InvalidRelationshipPattern", part.chronology->span,
                       "CHRONOLOGICAL does not go with shortestPath()")
          .Hint("write ANY SHORTEST or ALL SHORTEST instead");
    }
    if (part.chronology && !HasRelationship(part.path)) {
      return BindError("InvalidRelationshipPattern", part.chronology->span,
                       "CHRONOLOGICAL orders what a path goes through, but this one goes nowhere")
          .Hint("write a relationship, such as (a)-->+(b)");
    }
    if (!pattern_.different_relationships && part.mode && *part.mode != ast::PathMode::kWalk) {
      return BindError("InvalidRelationshipPattern", part.span,
                       "REPEATABLE ELEMENTS lets a path repeat what it likes, so it takes no mode "
                       "but WALK")
          .Hint("leave out REPEATABLE ELEMENTS, or the mode");
    }
    if (!pattern_.different_relationships || !selects(part)) continue;
    for (const auto& other : pattern.parts) {
      if (&other == &part || !HasRelationship(other.path)) continue;
      return BindError("InvalidRelationshipPattern", part.span,
                       "a path with a selector stands alone in its MATCH, since its relationships "
                       "would have to differ from those of the other paths")
          .Hint("match the other path in a MATCH of its own, or say REPEATABLE ELEMENTS");
    }
  }
  return {};
}

ast::PathMode PatternBinder::WalkMode(const std::optional<ast::PathMode>& mode) const {
  if (!pattern_.different_relationships) return ast::PathMode::kWalk;
  return IsRestriction(mode) ? *mode : ast::PathMode::kTrail;
}

bool PatternBinder::IsSearchedWhole(const ast::PatternPart& part) const {
  if (part.shortest != ast::ShortestForm::kNone || !HasRelationship(part.path)) return false;
  const Unwrapped whole = Unwrap(part);
  if (whole.chronology || (part.selector && part.selector->by_grade)) return true;
  const bool simple = IsSimple(*whole.path);
  if (Selects(part)) {
    return !simple || IsRestriction(whole.mode) || !pattern_.different_relationships;
  }
  return IsRestriction(whole.mode) && !simple;
}

Result<void> PatternBinder::CheckBounds(const ast::PatternPart& part,
                                        const PatternPath& path) const {
  for (const std::size_t index : path.relationships) {
    const PatternRelationship& relationship = pattern_.relationships[index];
    if (!Selects(part) || !relationship.bound) continue;
    return AlreadyBound(relationship.name, part.span, ", so there is nothing to select")
        .Hint("give the relationships a name of their own and compare in WHERE");
  }
  if (pattern_.different_relationships || HasSelector(part)) return {};
  const auto is_unbounded = [&](std::size_t index) {
    const PatternRelationship& relationship = pattern_.relationships[index];
    for (const auto& pending : routes_) {
      if (pending.index == index) return pending.builder->unbounded().has_value();
    }
    return relationship.variable_length && !relationship.max;
  };
  if (std::none_of(path.relationships.begin(), path.relationships.end(), is_unbounded)) return {};
  return BindError("InvalidRelationshipPattern", part.span,
                   "with REPEATABLE ELEMENTS a path of any length could go round for ever")
      .Hint("write an upper bound, such as {1,10}, or a selector such as ANY SHORTEST");
}

Result<void> PatternBinder::CheckSelection(const ast::PatternPart& part, PatternPath* path) {
  if (path->relationships.size() != 1) {
    return BindError(
        "InvalidRelationshipPattern", part.span,
        "{}() takes a path of two nodes and one relationship",
        part.shortest == ast::ShortestForm::kSingle ? "shortestPath" : "allShortestPaths");
  }
  // One relationship of fixed length is searched for as a walk of one step.
  PatternRelationship& relationship = pattern_.relationships[path->relationships[0]];
  if (relationship.variable_length) return {};
  if (!relationship.name.empty()) {
    return BindError("InvalidRelationshipPattern", part.span,
                     "a shortest path needs a relationship of variable length, but {} is a single "
                     "one",
                     Quoted(relationship.name))
        .Hint("write its length, such as -[r*1..3]->");
  }
  relationship.variable_length = true;
  for (auto& step : path->path.parts) {
    if (step.slot == relationship.slot) step.is_list = true;
  }
  return {};
}

void PatternBinder::AddRoute(std::unique_ptr<RouteBuilder> builder, Walk* walk) {
  PatternRelationship relationship;
  relationship.slot = binder_.NewSlot({}, kRelationshipKind);
  relationship.variable_length = true;
  builder->CollectTypes(&relationship.types);
  pattern_.relationships.push_back(std::move(relationship));
  const std::size_t index = pattern_.relationships.size() - 1;
  routes_.push_back({std::move(builder), index});
  StepOntoRelationship(index, walk);
}

Result<void> PatternBinder::DeclareSegment(const ast::ParenthesizedPath& brackets, Walk* walk) {
  auto builder = std::make_unique<RouteBuilder>(*this, WalkMode({}));
  const Elements elements = {brackets};
  KB_TRY(builder->Declare(elements, 0, 1, false));
  AddRoute(std::move(builder), walk);
  return {};
}

Result<void> PatternBinder::DeclareWhole(const ast::PatternPart& part, Walk* walk) {
  const Unwrapped whole = Unwrap(part);
  const Elements& elements = whole.path->elements;
  const auto* left = std::get_if<ast::NodePattern>(&elements.front());
  const auto* right = std::get_if<ast::NodePattern>(&elements.back());
  auto builder = std::make_unique<RouteBuilder>(*this, WalkMode(whole.mode));
  if (part.selector && part.selector->by_grade) builder->OrderByGrade();
  if (whole.chronology) {
    builder->Restrict(whole.chronology);
    // Whoever joins patterns or counts matches leaves a path with a mode alone.
    if (!walk->path->mode) walk->path->mode = ast::PathMode::kTrail;
  }
  const auto end = [&](const ast::NodePattern* node) -> Result<std::size_t> {
    if (node == nullptr) return AddAnonymousNode();
    return DeclareNode(*node);
  };
  KB_ASSIGN(const std::size_t first, end(left));
  StepOntoNode(first, walk);
  KB_ASSIGN(const std::size_t last, end(right));
  KB_TRY(builder->Declare(elements, left != nullptr ? 1 : 0,
                          elements.size() - (right != nullptr ? 1 : 0), left != nullptr));
  for (const auto* brackets : whole.brackets) {
    if (brackets->path_variable) {
      if (walk->path_variable) {
        walk->more_names.push_back(&*brackets->path_variable);
      } else {
        walk->path_variable = brackets->path_variable;
      }
    }
    if (brackets->predicate) builder->Require(brackets->predicate);
  }
  if (walk->path_variable) {
    walk->path->name = walk->path_variable->text;
    KB_ASSIGN(walk->path->slot, DeclarePathVariable(*walk->path_variable));
    builder->SetPathSlot(walk->path->slot);
  }
  AddRoute(std::move(builder), walk);
  StepOntoNode(last, walk);
  return {};
}

}  // namespace kb::query::bind
