// Patterns as written: nodes, relationships, paths, quantified parts, selectors and modes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "query/ast/expression.h"
#include "schema/ids.h"

namespace kb::query::ast {

/// `(n:Person&!Ghost {name: 'x'} WHERE n.age > 3)`
struct NodePattern {
  std::optional<Name> variable;
  LabelExpressionPtr labels;  ///< May be null.
  ExpressionPtr properties;   ///< A map literal or a parameter; may be null.
  ExpressionPtr predicate;    ///< Inline WHERE; may be null.
  Span span;
};

/// `*`, `*2`, `*1..3`, `*..5` of the older form.
struct VariableLength {
  std::optional<std::uint64_t> min;
  std::optional<std::uint64_t> max;
};
/// `+`, `*`, `{2}`, `{1,3}` after a relationship or a parenthesised path; `?` after the latter.
struct PathQuantifier {
  std::uint64_t min = 0;
  std::optional<std::uint64_t> max;
  bool is_question = false;  ///< `?` is {0,1}, but its variables stay single ones.
  Span span;
};

/// `-[r:A|B*1..3 {since: 2016} WHERE …]->`
struct RelationshipPattern {
  std::optional<Name> variable;
  LabelExpressionPtr types;  ///< May be null: any type.
  std::optional<VariableLength> length;
  std::optional<PathQuantifier> quantifier;
  ExpressionPtr properties;
  ExpressionPtr predicate;
  schema::Direction direction = schema::Direction::kBoth;  ///< kOut is left to right.
  Span span;
};

enum class PathMode { kWalk, kTrail, kAcyclic, kSimple };
/// Between alternatives: `|` gives each match once, `|+|` once for each alternative.
enum class UnionKind { kNone, kDistinct, kAll };

/// `CHRONOLOGICAL POSSIBLY DESCENDING BY NODES date WITHIN duration('P90D')`: where a mode stands,
/// and beside one.
struct Chronology {
  enum class Over : std::uint8_t { kNodes, kRelationships };
  Over over = Over::kNodes;
  Name key;
  bool possibly = false;  ///< In order for all that is known; otherwise certainly.
  bool descending = false;
  ExpressionPtr within;  ///< The longest gap between one and the next; may be null.
  Span span;
};
using ChronologyPtr = std::shared_ptr<const Chronology>;

struct PathPattern;
/// `(TRAIL (a)-[r]->(b) WHERE …){1,3}`, or, without quantifier, just brackets.
struct ParenthesizedPath {
  std::shared_ptr<const PathPattern> path;
  /// Further alternatives: `((a)-->(b) | (a)<--(c))`.
  std::vector<std::shared_ptr<const PathPattern>> others;
  UnionKind union_kind = UnionKind::kNone;
  std::optional<Name> path_variable;
  std::optional<PathMode> mode;
  ChronologyPtr chronology;  ///< May be null.
  ExpressionPtr predicate;
  std::optional<PathQuantifier> quantifier;
  Span span;
};

/// A chain of elements as written. In the plain form nodes and relationships alternate; quantified
/// parts stand between (or beside) nodes.
struct PathPattern {
  std::vector<std::variant<NodePattern, RelationshipPattern, ParenthesizedPath>> elements;
  Span span;
};

enum class SelectorKind { kAll, kAny, kAllShortest, kAnyShortest, kShortest, kShortestGroups };
struct Selector {
  SelectorKind kind = SelectorKind::kAll;
  ExpressionPtr count;    ///< k: an integer literal or a parameter; null means 1.
  bool by_grade = false;  ///< By the weakest grade on the path first, then by length.
};
/// The functions shortestPath(…) and allShortestPaths(…) around a path.
enum class ShortestForm { kNone, kSingle, kAll };

/// One comma-separated part of a pattern: `p = ANY SHORTEST TRAIL (a)-[*]->(b)`.
struct PatternPart {
  std::optional<Name> path_variable;
  std::optional<Selector> selector;
  std::optional<PathMode> mode;
  ChronologyPtr chronology;  ///< May be null.
  ShortestForm shortest = ShortestForm::kNone;
  PathPattern path;
  Span span;
};

struct Pattern {
  std::vector<PatternPart> parts;
  Span span;
};

}  // namespace kb::query::ast
