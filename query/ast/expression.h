// Expressions as written: plain structs, one variant, every node with the bytes it came from.
//
// The tree is immutable once built. Nodes are shared because the parser's memo may hand the same
// node to two attempts at reading one text; nobody edits them. A stage that changes something
// builds a tree of its own (query/bind/bound.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "schema/base/error.h"
#include "schema/type.h"

namespace kb::query::ast {

struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;
struct PatternPart;
struct Query;
using QueryPtr = std::shared_ptr<const Query>;

/// A name with its place: variable, property key, label, alias.
struct Name {
  std::string text;
  Span span;
};

// --- Atoms --------------------------------------------------------------------------------------
struct NullLiteral {};
struct BooleanLiteral {
  bool value;
};
/// The digits as written (decimal, 0x…, 0o…), without sign: the binder checks the range, because
/// only it knows whether a minus stands before.
struct IntegerLiteral {
  std::string text;
};
struct FloatLiteral {
  std::string text;
};
/// Escapes are resolved.
struct StringLiteral {
  std::string value;
};
struct ListLiteral {
  std::vector<ExpressionPtr> items;
};
struct MapLiteral {
  std::vector<std::pair<Name, ExpressionPtr>> entries;
};
struct Parameter {
  std::string name;
};
struct Variable {
  std::string name;
};
/// `*` in count(*).
struct Star {};

// --- Operators ----------------------------------------------------------------------------------
enum class UnaryOperator { kNot, kPlus, kMinus };
struct Unary {
  UnaryOperator op;
  ExpressionPtr operand;
};

enum class BinaryOperator {
  kOr,
  kXor,
  kAnd,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kConcatenate,  // ||
  kStartsWith,
  kEndsWith,
  kContains,
  kRegex,
  kIn,
};
struct Binary {
  BinaryOperator op;
  ExpressionPtr left;
  ExpressionPtr right;
};

enum class ComparisonOperator { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
/// `a < b <= c`: one chain; each neighbouring pair must hold.
struct Comparison {
  std::vector<ExpressionPtr> operands;  ///< One more than operators.
  std::vector<ComparisonOperator> operators;
};
struct IsNull {
  ExpressionPtr operand;
  bool negated;
};

/// `x IS [NOT] :: INTEGER NOT NULL`, `x IS TYPED DATE`.
struct IsTyped {
  ExpressionPtr operand;
  schema::Type type;
  bool negated;
};

/// `n:A|B&!C`, `n IS LABELED A`; also inside node and relationship patterns.
struct LabelExpression;
using LabelExpressionPtr = std::shared_ptr<const LabelExpression>;
struct LabelName {
  Name name;
};
struct LabelWildcard {};  // %
/// `$(expression)`: a text or a list of texts; all of them, or with `$any(…)` one of them.
struct LabelComputed {
  ExpressionPtr names;
  bool any = false;
};
struct LabelNot {
  LabelExpressionPtr operand;
};
struct LabelAnd {
  std::vector<LabelExpressionPtr> operands;
};
struct LabelOr {
  std::vector<LabelExpressionPtr> operands;
};
struct LabelExpression {
  std::variant<LabelName, LabelWildcard, LabelComputed, LabelNot, LabelAnd, LabelOr> node;
  Span span;
};
struct HasLabels {
  ExpressionPtr operand;
  LabelExpressionPtr labels;
};

// --- Access and calls ---------------------------------------------------------------------------
struct Property {
  ExpressionPtr subject;
  Name key;
};
struct Subscript {
  ExpressionPtr subject;
  ExpressionPtr index;
};
struct Slice {
  ExpressionPtr subject;
  ExpressionPtr from;
  ExpressionPtr to;
};  // from, to may be null
/// `name` is the dotted name as written (`duration.between`).
struct FunctionCall {
  Name name;
  std::vector<ExpressionPtr> arguments;
  bool distinct = false;
};
/// `n {.name, .*, age: 3, other}`
struct MapProjection {
  struct PropertyItem {
    Name key;
  };
  struct AllPropertiesItem {};
  struct EntryItem {
    Name key;
    ExpressionPtr value;
  };
  struct VariableItem {
    Name variable;
  };
  Name subject;
  std::vector<std::variant<PropertyItem, AllPropertiesItem, EntryItem, VariableItem>> items;
};

/// `CASE subject WHEN … THEN … ELSE … END`; subject and otherwise may be null.
struct Case {
  ExpressionPtr subject;
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> branches;
  ExpressionPtr otherwise;
};
/// `[x IN list WHERE p | e]`; predicate and projection may be null.
struct ListComprehension {
  Name variable;
  ExpressionPtr list;
  ExpressionPtr predicate;
  ExpressionPtr projection;
};
enum class QuantifierKind { kAll, kAny, kNone, kSingle };
struct Quantifier {
  QuantifierKind kind;
  Name variable;
  ExpressionPtr list;
  ExpressionPtr predicate;  ///< May be null: then the element itself is the condition.
};
/// `reduce(acc = init, x IN list | step)`; with `predicate`, allReduce.
struct Reduce {
  Name accumulator;
  ExpressionPtr initial;
  Name variable;
  ExpressionPtr list;
  ExpressionPtr step;
  ExpressionPtr predicate;
};
/// `(a)-->(b)` as a predicate.
struct PatternExpression {
  std::shared_ptr<const PatternPart> pattern;
};
/// `[p = (a)-->(b) WHERE … | e]`
struct PatternComprehension {
  std::shared_ptr<const PatternPart> pattern;
  ExpressionPtr predicate;
  ExpressionPtr projection;
};
enum class SubqueryKind { kExists, kCount, kCollect };
/// `EXISTS { … }`: a whole query, or a bare pattern with WHERE (then a Match clause without
/// RETURN).
struct SubqueryExpression {
  SubqueryKind kind;
  QueryPtr query;
};
/// shortestPath(…) or allShortestPaths(…) as an expression.
struct ShortestPathExpression {
  std::shared_ptr<const PatternPart> pattern;
};

struct Expression {
  std::variant<NullLiteral, BooleanLiteral, IntegerLiteral, FloatLiteral, StringLiteral,
               ListLiteral, MapLiteral, Parameter, Variable, Star, Unary, Binary, Comparison,
               IsNull, IsTyped, HasLabels, Property, Subscript, Slice, FunctionCall, MapProjection,
               Case, ListComprehension, Quantifier, Reduce, PatternExpression, PatternComprehension,
               SubqueryExpression, ShortestPathExpression>
      node;
  Span span;
  bool parenthesized = false;  ///< `(a)`: matters to the text of an unnamed column only.
  /// Levels of expressions from here down, at most limits::kExpressionHeightMax.
  std::uint32_t height = 1;
};

}  // namespace kb::query::ast
