// Statements as written: queries, schema commands, transaction control.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "query/ast/clause.h"
#include "schema/type.h"

namespace kb::query::ast {

/// Clauses in order, between UNIONs.
struct SingleQuery {
  std::vector<Clause> clauses;
  Span span;
};
struct Query {
  std::vector<SingleQuery> parts;  ///< At least one.
  std::vector<bool> union_all;     ///< One fewer than parts: true for UNION ALL.
  ViewClausePtr view{};            ///< May be null: the present.
  Span span;
};

enum class IndexKind { kRange, kText, kPoint, kLookup };
/// `CREATE RANGE INDEX name FOR (n:Label) ON (n.a, n.b)`; on relationships `FOR ()-[r:TYPE]-()`.
struct CreateIndex {
  IndexKind kind = IndexKind::kRange;
  std::optional<Name> name;
  bool if_not_exists = false;
  bool on_relationships = false;
  Name variable;
  Name label;  ///< Or type. Empty for lookup indexes, which are over all.
  std::vector<ExpressionPtr> properties;  ///< Each a Property of the variable.
  Span span;
};
struct DropIndex {
  Name name;
  bool if_exists = false;
};

enum class ConstraintKind { kUnique, kKey, kNotNull, kType };
/// `CREATE CONSTRAINT name FOR (n:Label) REQUIRE (n.a, n.b) IS KEY`
struct CreateConstraint {
  ConstraintKind kind = ConstraintKind::kUnique;
  std::optional<Name> name;
  bool if_not_exists = false;
  bool on_relationships = false;
  Name variable;
  Name label;
  std::vector<ExpressionPtr> properties;
  std::optional<schema::Type> type;  ///< Of kType.
  Span span;
};
struct DropConstraint {
  Name name;
  bool if_exists = false;
};

enum class ShowKind { kIndexes, kFunctions, kProcedures, kConstraints, kTransactions };
/// `SHOW RANGE INDEXES YIELD name ORDER BY name WHERE … RETURN …`
struct Show {
  ShowKind kind;
  std::string filter;      ///< The words before the kind, in capitals: "RANGE", "NODE KEY"; or "".
  bool yield_all = false;  ///< YIELD *
  std::optional<std::vector<CallProcedure::Yield>> yields;
  With selection;  ///< ORDER BY, SKIP, LIMIT and WHERE.
  std::optional<Return> result;
};
enum class TransactionCommand { kBegin, kBeginReadOnly, kCommit, kRollback };

enum class ExplainMode { kNone, kExplain, kProfile };

struct Statement {
  ExplainMode explain = ExplainMode::kNone;
  std::variant<Query, CreateIndex, DropIndex, CreateConstraint, DropConstraint, Show,
               TransactionCommand>
      node;
  Span span;
};

}  // namespace kb::query::ast
