#include "query/ast/print.h"

#include "query/ast/printer.h"

namespace kb::query::ast {
namespace {

template <typename Node>
std::string PrintNode(const Node& node) {
  Printer printer;
  printer.Write(node);
  return printer.Take();
}

}  // namespace

std::string Print(const Statement& statement) { return PrintNode(statement); }
std::string Print(const Query& query) { return PrintNode(query); }
std::string Print(const Expression& expression) { return PrintNode(expression); }
std::string Print(const PatternPart& part) { return PrintNode(part); }

void Printer::Write(const Statement& statement) {
  switch (statement.explain) {
    case ExplainMode::kNone:
      break;
    case ExplainMode::kExplain:
      Add("EXPLAIN ");
      break;
    case ExplainMode::kProfile:
      Add("PROFILE ");
      break;
  }
  std::visit(*this, statement.node);
}

void Printer::Write(const Query& query) {
  for (std::size_t i = 0; i < query.parts.size(); ++i) {
    if (i > 0) Add(query.union_all[i - 1] ? " UNION ALL " : " UNION ");
    Write(query.parts[i]);
  }
}

void Printer::Write(const SingleQuery& query) {
  bool first = true;
  for (const Clause& clause : query.clauses) {
    if (!first) Add(" ");
    first = false;
    Write(clause);
  }
}

void Printer::operator()(const CreateIndex& index) {
  Add("CREATE INDEX ");
  if (index.name) {
    VariableName(index.name->text);
    Add(" ");
  }
  if (index.if_not_exists) Add("IF NOT EXISTS ");
  Add("FOR (");
  VariableName(index.variable.text);
  Add(":");
  KeyName(index.label.text);
  Add(") ON (");
  Expressions(index.properties);
  Add(")");
}

void Printer::operator()(const DropIndex& index) {
  Add("DROP INDEX ");
  VariableName(index.name.text);
  if (index.if_exists) Add(" IF EXISTS");
}

void Printer::operator()(const Show& show) {
  switch (show.kind) {
    case ShowKind::kIndexes:
      return Add("SHOW INDEXES");
    case ShowKind::kFunctions:
      return Add("SHOW FUNCTIONS");
    case ShowKind::kProcedures:
      return Add("SHOW PROCEDURES");
    case ShowKind::kConstraints:
      return Add("SHOW CONSTRAINTS");
    case ShowKind::kTransactions:
      return Add("SHOW TRANSACTIONS");
  }
}

void Printer::operator()(TransactionCommand command) {
  switch (command) {
    case TransactionCommand::kBegin:
      return Add("BEGIN");
    case TransactionCommand::kBeginReadOnly:
      return Add("BEGIN TRANSACTION READ ONLY");
    case TransactionCommand::kCommit:
      return Add("COMMIT");
    case TransactionCommand::kRollback:
      return Add("ROLLBACK");
  }
}

}  // namespace kb::query::ast
