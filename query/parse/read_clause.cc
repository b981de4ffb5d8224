// Clauses.
#include "query/ast/keywords.h"
#include "query/parse/reader_inline.h"

namespace kb::query::parse {
namespace {

ast::Projection Everything() {
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
  if (Keyword("CREATE") || Keyword("INSERT")) return add(CreateClause());
  if (Keyword("MERGE")) return add(Merge());
  if (Keyword("SET")) return add(SetClause());
  if (auto amend = Amend()) return add(*std::move(amend));
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
  return LinearClause(begin, clauses);
}

/// The clauses of GQL that are WITH and UNWIND in other words.
bool Reader::LinearClause(std::uint32_t begin, std::vector<ast::Clause>* clauses) {
  const auto add = [&](decltype(ast::Clause::node) node) {
    clauses->push_back({std::move(node), From(begin)});
    return true;
  };
  ast::With with{Everything(), nullptr};
  if (Keyword("FILTER")) {
    Keyword("WHERE");
    with.where = Expression();
  } else if (Keyword("LET")) {
    do {
      ast::ProjectionItem item;
      item.alias = NeedName("a variable");
      NeedSymbol("=");
      item.expression = Expression();
      with.projection.items.push_back(std::move(item));
    } while (Symbol(","));
  } else if (Keyword("FOR")) {
    ast::Unwind unwind;
    unwind.variable = NeedName("a variable");
    NeedKeyword("IN");
    unwind.list = Expression();
    return add(std::move(unwind));
  } else {
    ProjectionTail(&with.projection);
    if (Here() == begin) return RefuseForeign(), false;
  }
  with.projection.span = From(begin);
  return add(std::move(with));
}

void Reader::RefuseForeign() {
  const std::string_view word = PeekWord();
  const Span span{Here(), static_cast<std::uint32_t>(Here() + word.size())};
  if (ast::EqualsIgnoringCase(word, "USE")) {
    StopWith(UnsupportedError("a session asks one case: there is no other graph to USE")
                 .At(span)
                 .Hint("open the other case with :open PATH, or with kb PATH"));
  }
  if (ast::EqualsIgnoringCase(word, "SEARCH")) {
    StopWith(UnsupportedError("vector and full-text indexes are not offered, so none is searched")
                 .At(span)
                 .Hint("ORDER BY vector.similarity.cosine(n.key, $v) DESC LIMIT 10 compares all"));
  }
  if (ast::EqualsIgnoringCase(word, "WHERE")) {
    StopWith(SyntaxError("WHERE belongs to MATCH, WITH or YIELD and cannot stand alone")
                 .At(span)
                 .Hint("FILTER condition keeps the rows for which a condition holds"));
  }
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
  SkipPlannerHints();
  if (Keyword("WHERE")) match.where = Expression();
  return match;
}

void Reader::SkipPlannerHints() {
  const auto variables = [&] {
    do {
      NeedName("a variable");
    } while (Symbol(","));
  };
  while (PeekKeyword("USING")) {
    Keyword("USING");
    if (Keywords("JOIN", "ON")) {
      variables();
      continue;
    }
    const bool scan = Keyword("SCAN");
    if (!scan) {
      if (!Keyword("RANGE") && !Keyword("TEXT")) Keyword("POINT");
      NeedKeyword("INDEX");
      Keyword("SEEK");
    }
    NeedName("a variable");
    NeedSymbol(":");
    NeedName(scan ? "a label" : "a label or a type", true);
    if (scan) continue;
    NeedSymbol("(");
    do {
      NeedName("a property name", true);
    } while (Symbol(","));
    NeedSymbol(")");
  }
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
  merge.evidence = EvidenceTail();
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
        if (PeekSymbol(":")) {
          ast::SetLabels set{*std::move(name), {}};
          LabelNames(&set.labels, &set.computed);
          return set;
        }
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

void Reader::LabelNames(std::vector<ast::Name>* labels, std::vector<ast::LabelComputed>* computed) {
  while (Symbol(":") || (!(labels->empty() && computed->empty()) && Symbol("&"))) {
    if (auto given = ComputedLabel()) {
      computed->push_back(*std::move(given));
    } else {
      labels->push_back(NeedName("a label", true));
    }
  }
}

ast::Remove Reader::Remove() {
  ast::Remove remove;
  do {
    if (auto labels = Attempt([&]() -> std::optional<ast::RemoveLabels> {
          auto name = Name(false);
          if (!name || !PeekSymbol(":")) return std::nullopt;
          ast::RemoveLabels taken{*std::move(name), {}};
          LabelNames(&taken.labels, &taken.computed);
          return taken;
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

}  // namespace kb::query::parse
