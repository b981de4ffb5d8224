// CALL of procedures and of subqueries, and LOAD CSV: what brings rows in from elsewhere.
#include "query/parse/reader_inline.h"

namespace kb::query::parse {

decltype(ast::Clause::node) Reader::Call(bool optional) {
  if (PeekSymbol("{") || PeekSymbol("(")) return CallSubquery(optional);
  ast::CallProcedure call = CallProcedure();
  call.optional = optional;
  return call;
}

ast::CallProcedure Reader::CallProcedure() {
  ast::CallProcedure call;
  SkipSpace();
  const std::uint32_t begin = Here();
  call.name = NeedName("a procedure's name", true);
  while (Symbol(".")) call.name.text += "." + NeedName("a procedure's name", true).text;
  call.name.span = From(begin);
  if (Symbol("(")) call.arguments = ExpressionList(")");
  if (!Keyword("YIELD")) return call;
  if (Symbol("*")) {
    call.yield_all = true;
  } else if (Symbol("-")) {
    call.yields.emplace();
  } else {
    call.yields = Yields();
  }
  if (Keyword("WHERE")) call.where = Expression();
  return call;
}

std::vector<ast::CallProcedure::Yield> Reader::Yields() {
  std::vector<ast::CallProcedure::Yield> yields;
  do {
    ast::CallProcedure::Yield yield;
    yield.field = NeedName("an output of the procedure");
    if (Keyword("AS")) yield.alias = NeedName("a variable");
    yields.push_back(std::move(yield));
  } while (Symbol(","));
  return yields;
}

ast::CallSubquery Reader::CallSubquery(bool optional) {
  ast::CallSubquery call;
  call.optional = optional;
  if (Symbol("(")) {
    if (Symbol("*")) {
      call.imports_all = true;
    } else {
      call.imports.emplace();
      if (!PeekSymbol(")")) {
        do {
          call.imports->push_back(NeedName("a variable"));
        } while (Symbol(","));
      }
    }
    NeedSymbol(")");
  }
  NeedSymbol("{");
  call.query = std::make_shared<const ast::Query>(Query());
  NeedSymbol("}");
  if (Keyword("IN")) call.transactions = InTransactions();
  return call;
}

ast::InTransactions Reader::InTransactions() {
  ast::InTransactions in;
  if (!PeekKeyword("TRANSACTIONS") && !PeekKeyword("CONCURRENT")) {
    Expect("TRANSACTIONS");
    in.concurrency = Expression();
    NeedKeyword("CONCURRENT");
  } else {
    Keyword("CONCURRENT");
  }
  NeedKeyword("TRANSACTIONS");
  while (true) {
    if (!in.rows && Keyword("OF")) {
      in.rows = Expression();
      if (!Keyword("ROWS")) NeedKeyword("ROW");
    } else if (Keywords("ON", "ERROR")) {
      // A case has one writer: nothing fails that would not fail again.
      if (Keyword("RETRY")) {
        if (Keyword("FOR")) {
          Expression();
          if (!Keyword("SECONDS") && !Keyword("SECOND")) Keyword("SEC");
        }
        if (!Keyword("THEN")) continue;
      }
      if (Keyword("CONTINUE")) {
        in.on_error = ast::OnError::kContinue;
      } else if (Keyword("BREAK")) {
        in.on_error = ast::OnError::kBreak;
      } else {
        NeedKeyword("FAIL");
      }
    } else if (!in.status && Keywords("REPORT", "STATUS")) {
      NeedKeyword("AS");
      in.status = NeedName("a variable");
    } else {
      return in;
    }
  }
}

ast::LoadCsv Reader::LoadCsv() {
  ast::LoadCsv load;
  load.with_headers = Keywords("WITH", "HEADERS");
  NeedKeyword("FROM");
  load.source = Expression();
  NeedKeyword("AS");
  load.variable = NeedName("a variable");
  if (Keyword("FIELDTERMINATOR")) load.field_terminator = Expression();
  return load;
}

}  // namespace kb::query::parse
