#include "query/ast/print.h"

#include <array>

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
  Write(query.view);
  for (std::size_t i = 0; i < query.parts.size(); ++i) {
    if (i > 0) Add(query.union_all[i - 1] ? " UNION ALL " : " UNION ");
    Write(query.parts[i]);
  }
}

void Printer::Write(const SingleQuery& query) {
  for (std::size_t i = 0; i < query.clauses.size(); ++i) {
    if (i > 0) Add(" ");
    const auto* with = std::get_if<With>(&query.clauses[i].node);
    const bool before_when = with != nullptr && i + 1 < query.clauses.size() &&
                             std::holds_alternative<Conditional>(query.clauses[i + 1].node);
    if (before_when) {  // WHEN begins a statement: what stands before it ends with NEXT
      Add("RETURN ");
      Write(with->projection);
      Add(" NEXT");
    } else {
      Write(query.clauses[i]);
    }
  }
}

void Printer::Named(const std::optional<Name>& name, bool if_not_exists) {
  if (name) {
    VariableName(name->text);
    Add(" ");
  }
  if (if_not_exists) Add("IF NOT EXISTS ");
}

void Printer::SchemaElement(bool on_relationships, const Name& variable, const Name& label) {
  Add(on_relationships ? "FOR ()-[" : "FOR (");
  VariableName(variable.text);
  if (!label.text.empty()) {
    Add(":");
    KeyName(label.text);
  }
  Add(on_relationships ? "]-()" : ")");
}

void Printer::operator()(const CreateIndex& index) {
  Add("CREATE ");
  switch (index.kind) {
    case IndexKind::kRange:
      break;
    case IndexKind::kText:
      Add("TEXT ");
      break;
    case IndexKind::kPoint:
      Add("POINT ");
      break;
    case IndexKind::kLookup:
      Add("LOOKUP ");
      break;
  }
  Add("INDEX ");
  Named(index.name, index.if_not_exists);
  SchemaElement(index.on_relationships, index.variable, index.label);
  if (index.kind == IndexKind::kLookup) {
    Add(index.on_relationships ? " ON EACH type(" : " ON EACH labels(");
    VariableName(index.variable.text);
  } else {
    Add(" ON (");
    Expressions(index.properties);
  }
  Add(")");
}

void Printer::operator()(const DropIndex& index) {
  Add("DROP INDEX ");
  VariableName(index.name.text);
  if (index.if_exists) Add(" IF EXISTS");
}

void Printer::operator()(const CreateConstraint& constraint) {
  Add("CREATE CONSTRAINT ");
  Named(constraint.name, constraint.if_not_exists);
  SchemaElement(constraint.on_relationships, constraint.variable, constraint.label);
  Add(" REQUIRE (");
  Expressions(constraint.properties);
  switch (constraint.kind) {
    case ConstraintKind::kUnique:
      return Add(") IS UNIQUE");
    case ConstraintKind::kKey:
      return Add(") IS KEY");
    case ConstraintKind::kNotNull:
      return Add(") IS NOT NULL");
    case ConstraintKind::kType:
      Add(") IS :: ");
      return Add(constraint.type->ToText());
  }
}

void Printer::operator()(const DropConstraint& constraint) {
  Add("DROP CONSTRAINT ");
  VariableName(constraint.name.text);
  if (constraint.if_exists) Add(" IF EXISTS");
}

void Printer::operator()(const Show& show) {
  static constexpr std::array<std::string_view, 5> kWords = {"INDEXES", "FUNCTIONS", "PROCEDURES",
                                                             "CONSTRAINTS", "TRANSACTIONS"};
  Add("SHOW ");
  if (!show.filter.empty()) {
    Add(show.filter);
    Add(" ");
  }
  Add(kWords[static_cast<std::size_t>(show.kind)]);
  if (show.yield_all) Add(" YIELD *");
  if (show.yields) {
    Add(" YIELD ");
    Yields(*show.yields);
  }
  Tail(show.selection.projection);
  Where(show.selection.where);
  if (!show.result) return;
  Add(" ");
  (*this)(*show.result);
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
