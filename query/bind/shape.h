// The shape of patterns as written: what kind of search a path needs.
#pragma once

#include <optional>
#include <vector>

#include "query/ast/pattern.h"

namespace kb::query::bind {

/// ANY, SHORTEST and their kin; ALL selects nothing.
bool Selects(const ast::PatternPart& part);
/// The same, or shortestPath() and allShortestPaths().
bool HasSelector(const ast::PatternPart& part);

bool IsVariableLength(const ast::RelationshipPattern& relationship);

/// A mode that says more than that relationships differ, which holds anyway.
bool IsRestriction(const std::optional<ast::PathMode>& mode);

/// Brackets that could as well be left out.
bool IsPlain(const ast::ParenthesizedPath& brackets);
/// Quantified `(node relationship node)`: what one search step can do.
bool IsSingleStep(const ast::ParenthesizedPath& brackets);
/// A path of two nodes and one relationship (or quantified step) of variable length between them.
bool IsSimple(const ast::PathPattern& path);

/// Whether some brackets of the path have a shape that only a Route has.
bool NeedsRoute(const ast::PathPattern& path);
/// Whether a match can hold a relationship.
bool HasRelationship(const ast::PathPattern& path);
/// Whether every match holds a node, so that there is no empty path.
bool HasElement(const ast::PathPattern& path);

/// What is in brackets around a whole path, and what those brackets say.
struct Unwrapped {
  const ast::PathPattern* path;
  std::vector<const ast::ParenthesizedPath*> brackets;
  std::optional<ast::PathMode> mode;
  ast::ChronologyPtr chronology;
};
Unwrapped Unwrap(const ast::PatternPart& part);

}  // namespace kb::query::bind
