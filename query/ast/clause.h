// Clauses as written.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "query/ast/expression.h"
#include "query/ast/pattern.h"

namespace kb::query::ast {

/// `FROM SOURCE … GRADE … AT … BY … VALID …` behind a clause that writes. Only the source must be.
struct Evidence {
  ExpressionPtr source, grade, at, by, valid;
};
using EvidencePtr = std::shared_ptr<const Evidence>;

/// The view that a statement, or the subquery of a CALL, reads: what stands at its head.
struct ViewClause {
  ExpressionPtr system_time;  ///< FOR SYSTEM_TIME AS OF …
  ExpressionPtr valid_from;   ///< FOR VALID_TIME AS OF …, or FROM …
  ExpressionPtr valid_to;     ///< … TO …
  bool possibly = false;
  ExpressionPtr sources;  ///< EXCLUDING SOURCES …, or with `only` ONLY SOURCES …
  bool only = false;
  bool raw = false;  ///< RAW: before judgements of identity.
  Span span;
};
using ViewClausePtr = std::shared_ptr<const ViewClause>;

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
  EvidencePtr evidence{};
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
  std::vector<LabelComputed> computed{};
};  // n:A:B
using SetItem = std::variant<SetProperty, SetVariable, SetLabels>;
struct Set {
  std::vector<SetItem> items;
  EvidencePtr evidence{};
};

struct RemoveProperty {
  ExpressionPtr target;
};
struct RemoveLabels {
  Name variable;
  std::vector<Name> labels;
  std::vector<LabelComputed> computed{};
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
  EvidencePtr evidence{};
};

/// What a clause does to what was said: WITHDRAW takes it back, ERASE removes it from the past too,
/// ASSERT judges whether two nodes are one.
enum class AmendKind {
  kWithdrawStatement,
  kWithdrawJudgement,
  kErase,  ///< A node, a relationship, or the property of one.
  kEraseStatement,
  kAssertSame,
  kAssertDistinct,
};
/// `WITHDRAW STATEMENT id BECAUSE text`, `ERASE n.key BECAUSE text`, `ASSERT SAME (a), (b) …`
struct Amend {
  AmendKind kind{};
  ExpressionPtr subject;   ///< A number, an element, a property, or the first of a pair.
  ExpressionPtr other;     ///< The second of a pair; otherwise null.
  ExpressionPtr because;   ///< May be null.
  ExpressionPtr by;        ///< Of a judgement; may be null.
  EvidencePtr evidence{};  ///< What a judgement rests on; may be null.
};

struct Clause;
struct Foreach {
  Name variable;
  ExpressionPtr list;
  std::vector<std::shared_ptr<const Clause>> body;
};

/// `CALL name(args) YIELD a AS b WHERE …`
struct CallProcedure {
  bool optional = false;
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
/// What happens after a transaction of IN TRANSACTIONS has failed and been taken back.
enum class OnError { kFail, kContinue, kBreak };
/// `IN 4 CONCURRENT TRANSACTIONS OF 1000 ROWS ON ERROR CONTINUE REPORT STATUS AS s`
struct InTransactions {
  ExpressionPtr concurrency;  ///< May be null.
  ExpressionPtr rows;         ///< Null: the usual number.
  OnError on_error = OnError::kFail;
  std::optional<Name> status;
};
/// `CALL (x) { … }`, `CALL { … }`, with IN TRANSACTIONS.
struct CallSubquery {
  bool optional = false;
  std::optional<std::vector<Name>> imports;  ///< Absent: the older form (leading WITH imports).
  bool imports_all = false;                  ///< CALL (*)
  QueryPtr query;
  std::optional<InTransactions> transactions;
};
/// `WHEN condition THEN query … ELSE query`: for each row the query of the first condition that is
/// true. Always the whole of its query.
struct Conditional {
  std::vector<std::pair<ExpressionPtr, QueryPtr>> branches;
  QueryPtr otherwise;  ///< May be null: then no rows.
};

struct LoadCsv {
  bool with_headers = false;
  ExpressionPtr source;
  Name variable;
  ExpressionPtr field_terminator;
};

struct Clause {
  std::variant<Match, Unwind, With, Return, Finish, Create, Set, Remove, Delete, Merge, Foreach,
               CallProcedure, CallSubquery, Conditional, LoadCsv, Amend>
      node;
  Span span;
};

}  // namespace kb::query::ast
