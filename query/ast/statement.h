// Statements as written: queries, schema commands, transaction control.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "query/ast/clause.h"

namespace kb::query::ast {

/// Clauses in order, between UNIONs.
struct SingleQuery {
  std::vector<Clause> clauses;
  Span span;
};
struct Query {
  std::vector<SingleQuery> parts;  ///< At least one.
  std::vector<bool> union_all;     ///< One fewer than parts: true for UNION ALL.
  Span span;
};

struct CreateIndex {
  std::optional<Name> name;
  bool if_not_exists = false;
  Name variable;
  Name label;
  std::vector<ExpressionPtr> properties;  ///< Each a Property of the variable.
};
struct DropIndex {
  Name name;
  bool if_exists = false;
};
enum class ShowKind { kIndexes, kFunctions, kProcedures, kConstraints, kTransactions };
struct Show {
  ShowKind kind;
};
enum class TransactionCommand { kBegin, kBeginReadOnly, kCommit, kRollback };

enum class ExplainMode { kNone, kExplain, kProfile };

struct Statement {
  ExplainMode explain = ExplainMode::kNone;
  std::variant<Query, CreateIndex, DropIndex, Show, TransactionCommand> node;
  Span span;
};

}  // namespace kb::query::ast
