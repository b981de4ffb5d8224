// Clauses as written.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "query/ast/expression.h"
#include "query/ast/pattern.h"

namespace kb::query::ast {

enum class MatchMode { kDifferentRelationships, kRepeatableElements };
struct Match {
  bool optional = false;
  MatchMode mode = MatchMode::kDifferentRelationships;
  Pattern pattern;
  ExpressionPtr where;  ///< May be null.
};

struct Unwind {
  ExpressionPtr list;
  Name variable;
};

struct SortItem {
  ExpressionPtr expression;
  bool descending = false;
};
/// One item of WITH or RETURN. `text` is the expression as written, the name of the column when
/// there is no alias.
struct ProjectionItem {
  ExpressionPtr expression;
  std::optional<Name> alias;
  std::string text;
};
/// The common body of WITH and RETURN.
struct Projection {
  bool distinct = false;
  bool all = false;  ///< `*` stands first.
  std::vector<ProjectionItem> items;
  std::vector<SortItem> order_by;
  ExpressionPtr skip;
  ExpressionPtr limit;
  Span span;
};
struct With {
  Projection projection;
  ExpressionPtr where;
};
struct Return {
  Projection projection;
};
struct Finish {};

struct Create {
  Pattern pattern;
};

struct SetProperty {
  ExpressionPtr target;
  ExpressionPtr value;
};  // n.x = e (target: Property or Subscript)
struct SetVariable {
  Name variable;
  ExpressionPtr value;
  bool merge;
};  // n = e, n += e
struct SetLabels {
  Name variable;
  std::vector<Name> labels;
};  // n:A:B
using SetItem = std::variant<SetProperty, SetVariable, SetLabels>;
struct Set {
  std::vector<SetItem> items;
};

struct RemoveProperty {
  ExpressionPtr target;
};
struct RemoveLabels {
  Name variable;
  std::vector<Name> labels;
};
struct Remove {
  std::vector<std::variant<RemoveProperty, RemoveLabels>> items;
};

struct Delete {
  bool detach = false;
  std::vector<ExpressionPtr> expressions;
};

struct Merge {
  PatternPart pattern;
  std::vector<SetItem> on_create;
  std::vector<SetItem> on_match;
};

struct Clause;
struct Foreach {
  Name variable;
  ExpressionPtr list;
  std::vector<std::shared_ptr<const Clause>> body;
};

/// `CALL name(args) YIELD a AS b WHERE …`
struct CallProcedure {
  struct Yield {
    Name field;
    std::optional<Name> alias;
  };
  Name name;
  std::optional<std::vector<ExpressionPtr>>
      arguments;                             ///< Absent: taken from parameters of those names.
  bool yield_all = false;                    ///< YIELD *
  std::optional<std::vector<Yield>> yields;  ///< Absent: no YIELD; empty: YIELD -
  ExpressionPtr where;
};
/// `CALL (x) { … }`, `CALL { … }`, with IN TRANSACTIONS.
struct CallSubquery {
  bool optional = false;
  std::optional<std::vector<Name>> imports;  ///< Absent: the older form (leading WITH imports).
  bool imports_all = false;                  ///< CALL (*)
  QueryPtr query;
  bool in_transactions = false;
  ExpressionPtr batch_size;
};

struct LoadCsv {
  bool with_headers = false;
  ExpressionPtr source;
  Name variable;
  ExpressionPtr field_terminator;
};

struct Clause {
  std::variant<Match, Unwind, With, Return, Finish, Create, Set, Remove, Delete, Merge, Foreach,
               CallProcedure, CallSubquery, LoadCsv>
      node;
  Span span;
};

}  // namespace kb::query::ast
