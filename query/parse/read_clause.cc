// Clauses.
#include "query/ast/keywords.h"
#include "query/parse/reader_inline.h"

namespace kb::query::parse {
namespace {

ast::Projection EverythingWhere() {
  ast::Projection projection;
  projection.all = true;
  return projection;
}

}  // namespace

/// Reads one clause, adding it to `clauses`; false where none begins here.
bool Reader::Clause(std::vector<ast::Clause>* clauses) {
  SkipSpace();
  const std::uint32_t begin = Here();
  const auto add = [&](decltype(ast::Clause::node) node) {
    clauses->push_back({std::move(node), From(begin)});
    return true;
  };
  if (Keywords("OPTIONAL", "MATCH")) return add(Match(true));
  if (Keywords("OPTIONAL", "CALL")) return add(Call(true));
  if (Keyword("MATCH")) return add(Match(false));
  if (Keyword("UNWIND")) {
    ast::Unwind unwind;
    unwind.list = Expression();
    NeedKeyword("AS");
    unwind.variable = NeedName("a variable");
    return add(std::move(unwind));
  }
  if (Keyword("WITH")) {
    ast::With with;
    with.projection = Projection(begin);
    if (Keyword("WHERE")) with.where = Expression();
    return add(std::move(with));
  }
  if (Keyword("RETURN")) return add(ast::Return{Projection(begin)});
  if (Keyword("CREATE") || Keyword("INSERT")) return add(ast::Create{Pattern()});
  if (Keyword("MERGE")) return add(Merge());
  if (Keyword("SET")) return add(ast::Set{SetItems()});
  if (Keyword("REMOVE")) return add(Remove());
  const bool detach = Keywords("DETACH", "DELETE");
  if (detach || Keyword("NODETACH") || PeekKeyword("DELETE")) {
    if (!detach) NeedKeyword("DELETE");
    ast::Delete clause;
    clause.detach = detach;
    do {
      clause.expressions.push_back(Expression());
    } while (Symbol(","));
    return add(std::move(clause));
  }
  if (Keyword("FOREACH")) return add(Foreach());
  if (Keyword("CALL")) return add(Call(false));
  if (Keywords("LOAD", "CSV")) return add(LoadCsv());
  if (Keyword("FINISH")) return add(ast::Finish{});
  if (Keyword("FILTER")) {
    Keyword("WHERE");
    ast::With with{EverythingWhere(), Expression()};
    with.projection.span = From(begin);
    return add(std::move(with));
  }
  if (Keyword("LET")) {
    ast::With with{EverythingWhere(), nullptr};
    do {
      ast::ProjectionItem item;
      item.alias = NeedName("a variable");
      NeedSymbol("=");
      item.expression = Expression();
      with.projection.items.push_back(std::move(item));
    } while (Symbol(","));
    with.projection.span = From(begin);
    return add(std::move(with));
  }
  if (Keyword("FOR")) {
    ast::Unwind unwind;
    unwind.variable = NeedName("a variable");
    NeedKeyword("IN");
    unwind.list = Expression();
    return add(std::move(unwind));
  }
  return false;
}

ast::Match Reader::Match(bool optional) {
  ast::Match match;
  match.optional = optional;
  if (Keyword("REPEATABLE")) {
    if (!Keyword("ELEMENTS")) NeedKeyword("ELEMENT");
    Keyword("BINDINGS");
    match.mode = ast::MatchMode::kRepeatableElements;
  } else if (Keyword("DIFFERENT")) {
    if (!Keyword("RELATIONSHIPS") && !Keyword("RELATIONSHIP") && !Keyword("EDGES")) {
      NeedKeyword("EDGE");
    }
    Keyword("BINDINGS");
  }
  match.pattern = Pattern();
  if (PeekKeyword("KEEP")) {
    Keyword("KEEP");
    Keep(&match.pattern);
  }
  if (Keyword("WHERE")) match.where = Expression();
  return match;
}

ast::Projection Reader::Projection(std::uint32_t begin) {
  ast::Projection projection;
  projection.distinct = Keyword("DISTINCT");
  bool more = true;
  if (Symbol("*")) {
    projection.all = true;
    more = Symbol(",");
  }
  while (more) {
    ast::ProjectionItem item;
    item.expression = Expression();
    const Span span = item.expression->span;
    item.text = text_.substr(span.begin, span.end - span.begin);
    if (Keyword("AS")) item.alias = NeedName("a name for the column");
    projection.items.push_back(std::move(item));
    more = Symbol(",");
  }
  ProjectionTail(&projection);
  projection.span = From(begin);
  return projection;
}

void Reader::ProjectionTail(ast::Projection* projection) {
  if (Keywords("ORDER", "BY")) {
    do {
      ast::SortItem item;
      item.expression = Expression();
      if (Keyword("DESCENDING") || Keyword("DESC")) {
        item.descending = true;
      } else if (!Keyword("ASCENDING")) {
        Keyword("ASC");
      }
      projection->order_by.push_back(std::move(item));
    } while (Symbol(","));
  }
  if (Keyword("SKIP") || Keyword("OFFSET")) projection->skip = Expression();
  if (Keyword("LIMIT")) projection->limit = Expression();
}

ast::Merge Reader::Merge() {
  ast::Merge merge;
  merge.pattern = PatternPart();
  while (Keyword("ON")) {
    const bool create = Keyword("CREATE");
    if (!create) NeedKeyword("MATCH");
    NeedKeyword("SET");
    auto items = SetItems();
    auto& into = create ? merge.on_create : merge.on_match;
    std::move(items.begin(), items.end(), std::back_inserter(into));
  }
  return merge;
}

std::vector<ast::SetItem> Reader::SetItems() {
  std::vector<ast::SetItem> items;
  do {
    items.push_back(SetItem());
  } while (Symbol(","));
  return items;
}

ast::SetItem Reader::SetItem() {
  if (auto whole = Attempt([&]() -> std::optional<ast::SetItem> {
        auto name = Name(false);
        if (!name) return std::nullopt;
        if (PeekSymbol(":")) return ast::SetLabels{*std::move(name), LabelNames()};
        if (Keyword("IS")) return ast::SetLabels{*std::move(name), {NeedName("a label", true)}};
        if (Symbol("+=")) return ast::SetVariable{*std::move(name), Expression(), true};
        if (Symbol("=")) return ast::SetVariable{*std::move(name), Expression(), false};
        return std::nullopt;
      })) {
    return *std::move(whole);
  }
  ast::ExpressionPtr target = Postfix();
  if (!std::holds_alternative<ast::Property>(target->node) &&
      !std::holds_alternative<ast::Subscript>(target->node)) {
    Expect("a property such as n.name");
    Fail();
  }
  NeedSymbol("=");
  return ast::SetProperty{std::move(target), Expression()};
}

std::vector<ast::Name> Reader::LabelNames() {
  std::vector<ast::Name> labels;
  while (Symbol(":") || (!labels.empty() && Symbol("&"))) {
    labels.push_back(NeedName("a label", true));
  }
  return labels;
}

ast::Remove Reader::Remove() {
  ast::Remove remove;
  do {
    if (auto labels = Attempt([&]() -> std::optional<ast::RemoveLabels> {
          auto name = Name(false);
          if (name && PeekSymbol(":")) return ast::RemoveLabels{*std::move(name), LabelNames()};
          return std::nullopt;
        })) {
      remove.items.emplace_back(*std::move(labels));
      continue;
    }
    ast::ExpressionPtr target = Postfix();
    if (!std::holds_alternative<ast::Property>(target->node) &&
        !std::holds_alternative<ast::Subscript>(target->node)) {
      Expect("a property such as n.name");
      Fail();
    }
    remove.items.emplace_back(ast::RemoveProperty{std::move(target)});
  } while (Symbol(","));
  return remove;
}

ast::Foreach Reader::Foreach() {
  const Nesting nesting(*this);
  ast::Foreach clause;
  NeedSymbol("(");
  clause.variable = NeedName("a variable");
  NeedKeyword("IN");
  const int bars = std::exchange(bar_ends_, 1);
  clause.list = Expression();
  bar_ends_ = bars;
  NeedSymbol("|");
  std::vector<ast::Clause> body;
  while (!PeekSymbol(")") && Clause(&body)) {
  }
  NeedSymbol(")");
  for (auto& inner : body) {
    clause.body.push_back(std::make_shared<const ast::Clause>(std::move(inner)));
  }
  return clause;
}

decltype(ast::Clause::node) Reader::Call(bool optional) {
  if (PeekSymbol("{") || PeekSymbol("(")) return CallSubquery(optional);
  return CallProcedure();
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
    call.yields.emplace();
    do {
      ast::CallProcedure::Yield yield;
      yield.field = NeedName("an output of the procedure");
      if (Keyword("AS")) yield.alias = NeedName("a variable");
      call.yields->push_back(std::move(yield));
    } while (Symbol(","));
  }
  if (Keyword("WHERE")) call.where = Expression();
  return call;
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
  if (Keyword("IN")) {
    if (PeekSymbol("$") || !PeekKeyword("TRANSACTIONS")) {
      if (!Keyword("CONCURRENT")) Expression();
      Keyword("CONCURRENT");
    }
    NeedKeyword("TRANSACTIONS");
    call.in_transactions = true;
    if (Keyword("OF")) {
      call.batch_size = Expression();
      if (!Keyword("ROWS")) NeedKeyword("ROW");
    }
  }
  return call;
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
