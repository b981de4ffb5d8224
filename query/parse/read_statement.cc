// Statements: queries with UNION, commands, EXPLAIN and PROFILE.
#include "query/parse/reader_inline.h"

namespace kb::query::parse {

std::shared_ptr<const ast::Statement> Reader::Statement() {
  auto statement = std::make_shared<ast::Statement>();
  SkipSpace();
  const std::uint32_t begin = Here();
  if (Keyword("EXPLAIN")) {
    statement->explain = ast::ExplainMode::kExplain;
  } else if (Keyword("PROFILE")) {
    statement->explain = ast::ExplainMode::kProfile;
  }
  if (auto command = Command()) {
    statement->node = *std::move(command);
  } else {
    statement->node = Query();
  }
  Symbol(";");
  if (!AtEnd()) {
    Expect("the end of the statement");
    Fail();
  }
  statement->span = From(begin);
  return statement;
}

ast::Query Reader::Query() {
  const Nesting nesting(*this);
  SkipSpace();
  const std::uint32_t begin = Here();
  ast::Query query;
  query.parts.push_back(SingleQuery());
  while (Keyword("UNION")) {
    const bool all = Keyword("ALL");
    if (!all) Keyword("DISTINCT");
    query.union_all.push_back(all);
    query.parts.push_back(SingleQuery());
  }
  query.span = From(begin);
  return query;
}

ast::SingleQuery Reader::SingleQuery() {
  SkipSpace();
  const std::uint32_t begin = Here();
  ast::SingleQuery single;
  while (Clause(&single.clauses)) {
  }
  if (single.clauses.empty()) {
    Expect("MATCH");
    Fail();
  }
  single.span = From(begin);
  return single;
}

std::optional<decltype(ast::Statement::node)> Reader::Command() {
  using Command = ast::TransactionCommand;
  const auto transaction = [&] { return Keyword("TRANSACTION") || Keyword("WORK"); };
  if (Keyword("BEGIN") || Keywords("START", "TRANSACTION")) {
    transaction();
    if (Keywords("READ", "ONLY")) return Command::kBeginReadOnly;
    Keywords("READ", "WRITE");
    return Command::kBegin;
  }
  if (Keyword("COMMIT")) return transaction(), Command::kCommit;
  if (Keyword("ROLLBACK")) return transaction(), Command::kRollback;
  if (Keywords("DROP", "INDEX")) return DropIndex();
  if (Keyword("SHOW")) {
    Keyword("ALL");
    if (Keyword("INDEXES") || Keyword("INDEX")) return ast::Show{ast::ShowKind::kIndexes};
    if (Keyword("FUNCTIONS") || Keyword("FUNCTION")) return ast::Show{ast::ShowKind::kFunctions};
    if (Keyword("PROCEDURES") || Keyword("PROCEDURE")) return ast::Show{ast::ShowKind::kProcedures};
    if (Keyword("CONSTRAINTS") || Keyword("CONSTRAINT")) {
      return ast::Show{ast::ShowKind::kConstraints};
    }
    if (Keyword("TRANSACTIONS") || Keyword("TRANSACTION")) {
      return ast::Show{ast::ShowKind::kTransactions};
    }
    Fail();
  }
  if (Keywords("CREATE", "INDEX")) return CreateIndex();
  const std::uint32_t begin = Here();
  if (Keywords("CREATE", "RANGE")) {
    if (Keyword("INDEX")) return CreateIndex();
    GoTo(begin);
  }
  return std::nullopt;
}

ast::CreateIndex Reader::CreateIndex() {
  ast::CreateIndex index;
  if (!PeekKeyword("FOR") && !PeekKeyword("IF")) index.name = NeedName("a name for the index");
  if (Keyword("IF")) {
    NeedKeyword("NOT");
    NeedKeyword("EXISTS");
    index.if_not_exists = true;
  }
  NeedKeyword("FOR");
  NeedSymbol("(");
  index.variable = NeedName("a variable");
  NeedSymbol(":");
  index.label = NeedName("a label", true);
  NeedSymbol(")");
  NeedKeyword("ON");
  NeedSymbol("(");
  index.properties = ExpressionList(")");
  return index;
}

ast::DropIndex Reader::DropIndex() {
  ast::DropIndex drop;
  drop.name = NeedName("the index's name");
  if (Keyword("IF")) {
    NeedKeyword("EXISTS");
    drop.if_exists = true;
  }
  return drop;
}

}  // namespace kb::query::parse
