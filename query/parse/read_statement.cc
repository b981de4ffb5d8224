// Statements: queries with UNION and NEXT, WHEN … THEN … ELSE, EXPLAIN and PROFILE.
#include <algorithm>
#include <iterator>

#include "query/parse/reader_inline.h"

namespace kb::query::parse {

std::shared_ptr<const ast::Statement> Reader::Statement() {
  auto statement = std::make_shared<ast::Statement>();
  SkipSpace();
  const std::uint32_t begin = Here();
  // Every version of the language is read alike, and planners of other systems have settings.
  if (Keyword("CYPHER")) {
    bool any = Match<tokens::version>().has_value();
    while (Match<tokens::setting>()) any = true;
    if (!any) {
      Expect("the version of the language, such as 25");
      Fail();
    }
  }
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
  ast::Query query = Union();
  SkipSpace();
  std::uint32_t begin = Here();
  while (Keyword("NEXT")) {
    const Span next = From(begin);
    ast::Query right = Union();
    query = Chain(std::move(query), std::move(right), next);
    SkipSpace();
    begin = Here();
  }
  return query;
}

ast::Query Reader::Union() {
  SkipSpace();
  const std::uint32_t begin = Here();
  ast::Query query;
  query.view = ViewHead();
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

namespace {

/// UNIONs behind NEXT double what is bound.
constexpr int kUnionsChainedMax = 6;

bool IsConstant(const ast::ExpressionPtr& expression) {
  if (!expression) return true;
  const auto& node = expression->node;
  if (const auto* list = std::get_if<ast::ListLiteral>(&node)) {
    return std::all_of(list->items.begin(), list->items.end(), IsConstant);
  }
  if (const auto* map = std::get_if<ast::MapLiteral>(&node)) {
    return std::all_of(map->entries.begin(), map->entries.end(),
                       [](const auto& entry) { return IsConstant(entry.second); });
  }
  if (const auto* call = std::get_if<ast::FunctionCall>(&node)) {
    return std::all_of(call->arguments.begin(), call->arguments.end(), IsConstant);
  }
  if (const auto* unary = std::get_if<ast::Unary>(&node)) return IsConstant(unary->operand);
  return std::holds_alternative<ast::NullLiteral>(node) ||
         std::holds_alternative<ast::BooleanLiteral>(node) ||
         std::holds_alternative<ast::IntegerLiteral>(node) ||
         std::holds_alternative<ast::FloatLiteral>(node) ||
         std::holds_alternative<ast::StringLiteral>(node) ||
         std::holds_alternative<ast::Parameter>(node);
}

bool IsConstant(const ast::LabelExpressionPtr& labels) {
  if (!labels) return true;
  if (const auto* computed = std::get_if<ast::LabelComputed>(&labels->node)) {
    return IsConstant(computed->names);
  }
  const auto* both = std::get_if<ast::LabelAnd>(&labels->node);
  return both == nullptr || std::all_of(both->operands.begin(), both->operands.end(),
                                        [](const auto& operand) { return IsConstant(operand); });
}

/// Whether what a pattern makes does not depend on what was made before it.
bool ReadsNothing(const ast::Pattern& pattern) {
  for (const auto& part : pattern.parts) {
    for (const auto& element : part.path.elements) {
      const auto* node = std::get_if<ast::NodePattern>(&element);
      const auto* relationship = std::get_if<ast::RelationshipPattern>(&element);
      if (node != nullptr && !(IsConstant(node->properties) && IsConstant(node->labels))) {
        return false;
      }
      if (relationship != nullptr &&
          !(IsConstant(relationship->properties) && IsConstant(relationship->types))) {
        return false;
      }
      if (node == nullptr && relationship == nullptr) return false;
    }
  }
  return true;
}

bool MayWrite(const ast::Query& query) {
  for (const auto& part : query.parts) {
    for (const auto& clause : part.clauses) {
      if (const auto* call = std::get_if<ast::CallSubquery>(&clause.node)) {
        if (MayWrite(*call->query)) return true;
      } else if (std::holds_alternative<ast::Create>(clause.node) ||
                 std::holds_alternative<ast::Merge>(clause.node) ||
                 std::holds_alternative<ast::Set>(clause.node) ||
                 std::holds_alternative<ast::Remove>(clause.node) ||
                 std::holds_alternative<ast::Delete>(clause.node) ||
                 std::holds_alternative<ast::Foreach>(clause.node) ||
                 std::holds_alternative<ast::Conditional>(clause.node)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

ast::Query Reader::Chain(ast::Query left, ast::Query right, Span next) {
  for (const auto& part : left.parts) {
    const auto& last = part.clauses.back().node;
    if (std::holds_alternative<ast::Return>(last) ||
        std::holds_alternative<ast::Conditional>(last)) {
      continue;
    }
    StopWith(SyntaxError("NEXT hands on what RETURN gives, but the query before it has none")
                 .Detail("InvalidClauseComposition")
                 .At(next)
                 .Hint("end it with RETURN"));
  }
  // Each part of a UNION sees all rows: the query on the left stands before each of them.
  if (right.parts.size() > 1 && MayWrite(left)) {
    StopWith(UnsupportedError("a query that writes cannot be followed by NEXT and a UNION")
                 .At(next)
                 .Hint("put the UNION into CALL (*) { … }"));
  }
  if (right.parts.size() > 1 && ++unions_chained_ > kUnionsChainedMax) {
    StopWith(LimitError("more than {} NEXT have a UNION behind them", kUnionsChainedMax)
                 .At(next)
                 .Hint("put the UNIONs into CALL (*) { … }"));
  }
  std::vector<ast::Clause> before;
  auto& last = left.parts[0].clauses.back();
  if (auto* result = std::get_if<ast::Return>(&last.node); result && left.parts.size() == 1) {
    ast::With with{std::move(result->projection), nullptr};
    for (auto& item : with.projection.items) {
      // Columns go on under the names that a result shows.
      const bool named = item.alias || std::holds_alternative<ast::Variable>(item.expression->node);
      if (!named) item.alias = ast::Name{item.text, item.expression->span};
    }
    last.node = std::move(with);
    before = std::move(left.parts[0].clauses);
  } else {
    ast::CallSubquery call;
    call.imports_all = true;
    const Span span = left.span;
    call.query = std::make_shared<const ast::Query>(std::move(left));
    before.push_back({std::move(call), span});
  }
  for (auto& part : right.parts) {
    std::vector<ast::Clause> clauses = before;
    std::move(part.clauses.begin(), part.clauses.end(), std::back_inserter(clauses));
    part.clauses = std::move(clauses);
  }
  right.span.begin = left.span.begin;
  return right;
}

ast::SingleQuery Reader::SingleQuery() {
  SkipSpace();
  const std::uint32_t begin = Here();
  ast::SingleQuery single;
  if (PeekKeyword("WHEN")) {
    ast::Conditional conditional = Conditional();
    single.clauses.push_back({std::move(conditional), From(begin)});
    single.span = From(begin);
    return single;
  }
  bool joinable = false;
  while (Clause(&single.clauses)) {
    joinable = JoinCreates(joinable, &single.clauses);
    if (single.clauses.size() > limits::kClausesMax) {
      StopWith(LimitError("the query has more than {} clauses", limits::kClausesMax)
                   .At(single.clauses.back().span)
                   .Hint("make several statements of it, in one transaction if need be"));
    }
  }
  if (single.clauses.empty()) {
    Expect("MATCH");
    Fail();
  }
  single.span = From(begin);
  return single;
}

bool Reader::JoinCreates(bool joinable, std::vector<ast::Clause>* clauses) const {
  auto& last = clauses->back();
  auto* more = std::get_if<ast::Create>(&last.node);
  // Evidence speaks of the clause that it ends, and of no other.
  if (more == nullptr || more->evidence || !ReadsNothing(more->pattern)) return false;
  if (!joinable) return true;
  auto& before = clauses->at(clauses->size() - 2);
  ast::Pattern& pattern = std::get_if<ast::Create>(&before.node)->pattern;
  pattern.parts.insert(pattern.parts.end(), std::make_move_iterator(more->pattern.parts.begin()),
                       std::make_move_iterator(more->pattern.parts.end()));
  pattern.span.end = more->pattern.span.end;
  before.span.end = last.span.end;
  clauses->pop_back();
  return true;
}

ast::Conditional Reader::Conditional() {
  const Nesting nesting(*this);
  ast::Conditional conditional;
  while (Keyword("WHEN")) {
    ast::ExpressionPtr condition = Expression();
    NeedKeyword("THEN");
    conditional.branches.emplace_back(std::move(condition), Branch());
  }
  if (Keyword("ELSE")) conditional.otherwise = Branch();
  return conditional;
}

ast::QueryPtr Reader::Branch() {
  if (Symbol("{")) {
    auto query = std::make_shared<const ast::Query>(Query());
    NeedSymbol("}");
    return query;
  }
  ast::Query query;
  query.parts.push_back(SingleQuery());
  query.span = query.parts[0].span;
  return std::make_shared<const ast::Query>(std::move(query));
}

}  // namespace kb::query::parse
