// Atoms: literals, names, calls, brackets of every kind.
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include "query/ast/keywords.h"
#include "query/parse/escapes.h"
#include "query/parse/reader_inline.h"

namespace kb::query::parse {

ast::ExpressionPtr Reader::Atom() {
  SkipSpace();
  const std::uint32_t begin = Here();
  if (const auto known = expressions_.find(begin); known != expressions_.end()) {
    GoTo(known->second.end);
    last_end_ = known->second.last_end;
    return known->second.node;
  }
  // Its own parts decide its height, not what stands before it.
  const std::uint32_t around = std::exchange(highest_, 0);
  ast::ExpressionPtr atom;
  if (trying_ > 0) {
    if (no_atom_.contains(begin)) Fail();
    try {
      atom = NewAtom();
    } catch (const Retreat&) {
      no_atom_.insert(begin);
      throw;
    }
    expressions_[begin] = {Here(), last_end_, atom};
  } else {
    atom = NewAtom();
  }
  highest_ = around;
  return atom;
}

ast::ExpressionPtr Reader::NewAtom() {
  if (PeekSymbol("(")) return Parentheses();
  if (PeekSymbol("[")) return Brackets();
  if (PeekSymbol("{")) return MapLiteral();
  if (PeekSymbol("$")) return Parameter();
  if (PeekSymbol("'") || PeekSymbol("\"")) return StringLiteral();
  const char next = input_.empty() ? '\0' : *input_.current();
  if ((next >= '0' && next <= '9') || (next == '.' && !PeekSymbol(".."))) return Number();
  return WordAtom();
}

ast::ExpressionPtr Reader::Number() {
  SkipSpace();
  const std::uint32_t begin = Here();
  ast::ExpressionPtr number;
  if (const auto text = Match<tokens::float_number>()) {
    number = Make(ast::FloatLiteral{std::string(*text)}, begin);
  } else if (const auto digits = Match<tokens::integer_number>()) {
    number = Make(ast::IntegerLiteral{std::string(*digits)}, begin);
  }
  const std::uint32_t end = Here();
  const auto rest = Match<tao::pegtl::plus<tokens::name_rest>>();
  if (!number || rest) {
    if (!rest && !number) Match<tao::pegtl::any>();
    StopWith(SyntaxError("{} is not a number", text_.substr(begin, Here() - begin))
                 .Detail("InvalidNumberLiteral")
                 .At({begin, std::max(Here(), end)}));
  }
  return number;
}

ast::ExpressionPtr Reader::StringLiteral() {
  SkipSpace();
  const std::uint32_t begin = Here();
  const auto quoted = Match<tokens::string_text>();
  if (!quoted) {
    StopWith(SyntaxError("the text is not closed")
                 .At({begin, begin + 1})
                 .Hint("end it with the quote it began with"));
  }
  Result<std::string> value = ResolveEscapes(quoted->substr(1, quoted->size() - 2), begin + 1);
  if (!value.ok()) StopWith(std::move(value).error());
  return Make(ast::StringLiteral{std::move(value).value()}, begin);
}

ast::ExpressionPtr Reader::Parameter() {
  SkipSpace();
  const std::uint32_t begin = Here();
  NeedSymbol("$");
  if (const auto digits = Match<tao::pegtl::plus<tao::pegtl::digit>>()) {
    return Make(ast::Parameter{std::string(*digits)}, begin);
  }
  ast::Name name = NeedName("a parameter's name", true);
  return Make(ast::Parameter{std::move(name.text)}, begin);
}

ast::ExpressionPtr Reader::Parentheses() {
  SkipSpace();
  const std::uint32_t begin = Here();
  if (ast::ExpressionPtr pattern = TryPatternExpression()) return pattern;
  const int bars = std::exchange(bar_ends_, 0);
  NeedSymbol("(");
  ast::ExpressionPtr inner = Expression();
  NeedSymbol(")");
  bar_ends_ = bars;
  ast::Expression outer = *inner;
  outer.span = From(begin);
  outer.parenthesized = true;
  return std::make_shared<const ast::Expression>(std::move(outer));
}

/// A list, a list comprehension or a pattern comprehension: they begin alike, and what was read
/// first tells which it is once `|`, WHERE or `]` follows.
ast::ExpressionPtr Reader::Brackets() {
  SkipSpace();
  const std::uint32_t begin = Here();
  NeedSymbol("[");
  const int bars = bar_ends_;
  ++bar_ends_;
  if (Symbol("]")) {
    bar_ends_ = bars;
    return Make(ast::ListLiteral{}, begin);
  }
  ast::ListLiteral list;
  list.items.push_back(Expression());
  const ast::Expression& first = *list.items[0];
  const auto* in = std::get_if<ast::Binary>(&first.node);
  const auto* pattern = std::get_if<ast::PatternExpression>(&first.node);
  const auto* named = std::get_if<ast::Comparison>(&first.node);
  const bool ends = PeekSymbol("|") || PeekKeyword("WHERE");
  const auto tail = [&](ast::ExpressionPtr* predicate, ast::ExpressionPtr* projection) {
    if (Keyword("WHERE")) *predicate = Expression();
    if (Symbol("|")) *projection = Expression();
    NeedSymbol("]");
    bar_ends_ = bars;
  };
  if (in != nullptr && in->op == ast::BinaryOperator::kIn && !first.parenthesized &&
      std::holds_alternative<ast::Variable>(in->left->node) && (ends || PeekSymbol("]"))) {
    ast::ListComprehension comprehension;
    comprehension.variable = {std::get<ast::Variable>(in->left->node).name, in->left->span};
    comprehension.list = in->right;
    tail(&comprehension.predicate, &comprehension.projection);
    return Make(std::move(comprehension), begin);
  }
  ast::PatternComprehension comprehension;
  if (pattern != nullptr && ends && !first.parenthesized) {
    comprehension.pattern = pattern->pattern;
  } else if (named != nullptr && ends && named->operators.size() == 1 &&
             named->operators[0] == ast::ComparisonOperator::kEqual &&
             std::holds_alternative<ast::Variable>(named->operands[0]->node) &&
             std::holds_alternative<ast::PatternExpression>(named->operands[1]->node)) {
    auto part = std::make_shared<ast::PatternPart>(
        *std::get<ast::PatternExpression>(named->operands[1]->node).pattern);
    part->path_variable = {std::get<ast::Variable>(named->operands[0]->node).name,
                           named->operands[0]->span};
    comprehension.pattern = std::move(part);
  }
  if (comprehension.pattern) {
    tail(&comprehension.predicate, &comprehension.projection);
    if (!comprehension.projection) {
      Expect("|");
      Fail();
    }
    return Make(std::move(comprehension), begin);
  }
  while (Symbol(",")) list.items.push_back(Expression());
  NeedSymbol("]");
  bar_ends_ = bars;
  return Make(std::move(list), begin);
}

ast::ExpressionPtr Reader::MapLiteral() {
  SkipSpace();
  const std::uint32_t begin = Here();
  const int bars = std::exchange(bar_ends_, 0);
  NeedSymbol("{");
  ast::MapLiteral map;
  if (!Symbol("}")) {
    do {
      ast::Name key = NeedName("a property name", true, true);
      NeedSymbol(":");
      map.entries.emplace_back(std::move(key), Expression());
    } while (Symbol(","));
    NeedSymbol("}");
  }
  bar_ends_ = bars;
  return Make(std::move(map), begin);
}

ast::ExpressionPtr Reader::MapProjection(const ast::Name& subject, std::uint32_t begin) {
  ast::MapProjection projection;
  projection.subject = subject;
  NeedSymbol("{");
  const int bars = std::exchange(bar_ends_, 0);
  if (!Symbol("}")) {
    do {
      if (Symbol(".")) {
        if (Symbol("*")) {
          projection.items.emplace_back(ast::MapProjection::AllPropertiesItem{});
        } else {
          projection.items.emplace_back(
              ast::MapProjection::PropertyItem{NeedName("a property name", true)});
        }
        continue;
      }
      ast::Name name = NeedName("a property name", true);
      if (Symbol(":")) {
        projection.items.emplace_back(ast::MapProjection::EntryItem{std::move(name), Expression()});
      } else {
        projection.items.emplace_back(ast::MapProjection::VariableItem{std::move(name)});
      }
    } while (Symbol(","));
    NeedSymbol("}");
  }
  bar_ends_ = bars;
  return Make(std::move(projection), begin);
}

/// What begins with a word.
ast::ExpressionPtr Reader::WordAtom() {
  SkipSpace();
  const std::uint32_t begin = Here();
  const std::string_view word = PeekWord();
  const auto is = [&](std::string_view upper) { return ast::EqualsIgnoringCase(word, upper); };
  if (is("NULL")) return Keyword("NULL"), Make(ast::NullLiteral{}, begin);
  if (is("TRUE")) return Keyword("TRUE"), Make(ast::BooleanLiteral{true}, begin);
  if (is("FALSE")) return Keyword("FALSE"), Make(ast::BooleanLiteral{false}, begin);
  if (is("CASE")) return Case();
  if (ast::ExpressionPtr special = SpecialCall(word, begin)) return special;
  std::optional<ast::Name> name = Name(false);
  if (!name) {
    Expect("an expression");
    Fail();
  }
  // A dotted name is a function's only if `(` follows: else it is a variable and its properties.
  if (ast::ExpressionPtr call = TryCall(*name, begin)) return call;
  if (PeekSymbol("{")) {
    if (auto projection =
            Attempt([&]() -> ast::ExpressionPtr { return MapProjection(*name, begin); })) {
      return projection;
    }
  }
  return Make(ast::Variable{std::move(name->text)}, begin);
}

ast::ExpressionPtr Reader::SpecialCall(std::string_view word, std::uint32_t begin) {
  const auto is = [&](std::string_view upper) { return ast::EqualsIgnoringCase(word, upper); };
  const auto followed_by = [&](std::string_view symbol) {
    input_.bump(word.size());
    const bool follows = PeekSymbol(symbol);
    GoTo(begin);
    return follows;
  };
  using Kind = ast::QuantifierKind;
  static constexpr std::array<std::pair<std::string_view, Kind>, 4> kQuantifiers = {
      {{"ALL", Kind::kAll}, {"ANY", Kind::kAny}, {"NONE", Kind::kNone}, {"SINGLE", Kind::kSingle}}};
  for (const auto& quantifier : kQuantifiers) {
    if (is(quantifier.first) && BeginsQuantifier()) return Quantifier(quantifier.second);
  }
  if (is("EXISTS") && followed_by("{")) return Subquery(ast::SubqueryKind::kExists);
  if (is("COUNT") && followed_by("{")) return Subquery(ast::SubqueryKind::kCount);
  if (is("COLLECT") && followed_by("{")) return Subquery(ast::SubqueryKind::kCollect);
  if (is("SHORTESTPATH") && followed_by("(")) return ShortestPath(false);
  if (is("ALLSHORTESTPATHS") && followed_by("(")) return ShortestPath(true);
  if (is("REDUCE") && followed_by("(")) return Reduce(false);
  if (is("ALLREDUCE") && followed_by("(")) return Reduce(true);
  return nullptr;
}

/// Whether `all(x IN` stands here: with anything else in its brackets it is an ordinary function's
/// name. Looks no further, so that nothing is read twice.
bool Reader::BeginsQuantifier() {
  const std::uint32_t begin = Here();
  const std::uint32_t end = last_end_;
  input_.bump(PeekWord().size());
  const bool begins = PeekSymbol("(") && Symbol("(") && Name(false) && PeekKeyword("IN");
  GoTo(begin);
  last_end_ = end;
  return begins;
}

ast::ExpressionPtr Reader::TryCall(const ast::Name& first, std::uint32_t begin) {
  const std::uint32_t back = Here();
  const std::uint32_t back_end = last_end_;
  ast::Name name = first;
  while (PeekSymbol(".") && !PeekSymbol("..")) {
    Symbol(".");
    auto part = Name(true);
    if (!part) break;
    name.text += "." + part->text;
    name.span = From(begin);
  }
  if (PeekSymbol("(")) return Call(name, begin);
  GoTo(back);
  last_end_ = back_end;
  return nullptr;
}

ast::ExpressionPtr Reader::Call(const ast::Name& name, std::uint32_t begin) {
  const int bars = std::exchange(bar_ends_, 0);
  NeedSymbol("(");
  if (ast::EqualsIgnoringCase(name.text, "TRIM")) {
    if (ast::ExpressionPtr trim = Trim(name, begin)) return bar_ends_ = bars, trim;
  }
  ast::FunctionCall call;
  call.name = name;
  call.distinct = Keyword("DISTINCT");
  if (PeekSymbol("*")) {
    SkipSpace();
    const std::uint32_t star = Here();
    Symbol("*");
    call.arguments.push_back(Make(ast::Star{}, star));
    NeedSymbol(")");
  } else {
    call.arguments = ExpressionList(")");
  }
  bar_ends_ = bars;
  return Make(std::move(call), begin);
}

ast::ExpressionPtr Reader::Trim(const ast::Name& name, std::uint32_t begin) {
  if (PeekSymbol(")") || PeekSymbol("*") || PeekKeyword("DISTINCT")) return nullptr;
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kSides = {
      {{"BOTH", "btrim"}, {"LEADING", "ltrim"}, {"TRAILING", "rtrim"}}};
  const std::uint32_t inside = Here();
  const std::uint32_t end = last_end_;
  ast::FunctionCall call;
  call.name = name;
  bool sided = false;
  for (const auto& side : kSides) {
    if (!PeekKeyword(side.first)) continue;
    input_.bump(side.first.size());
    SkipSpace();
    // Otherwise it is a variable of that name.
    const char next = input_.empty() ? ')' : *input_.current();
    sided = next == '\'' || next == '"' || next == '$' || next == '`' || !PeekWord().empty();
    if (sided) {
      call.name.text = side.second;
    } else {
      GoTo(inside);
      last_end_ = end;
    }
    break;
  }
  const bool blanks = sided && Keyword("FROM");
  call.arguments.push_back(Expression());
  if (!blanks && (sided || PeekKeyword("FROM"))) {
    // What to cut off stands first here.
    NeedKeyword("FROM");
    call.arguments.insert(call.arguments.begin(), Expression());
  } else if (!sided) {
    while (Symbol(",")) call.arguments.push_back(Expression());
  }
  NeedSymbol(")");
  return Make(std::move(call), begin);
}

ast::ExpressionPtr Reader::Quantifier(ast::QuantifierKind kind) {
  SkipSpace();
  const std::uint32_t begin = Here();
  NeedName("a quantifier", true);
  NeedSymbol("(");
  const int bars = std::exchange(bar_ends_, 0);
  ast::Quantifier quantifier;
  quantifier.kind = kind;
  quantifier.variable = NeedName("a variable");
  NeedKeyword("IN");
  quantifier.list = Expression();
  if (Keyword("WHERE")) quantifier.predicate = Expression();
  NeedSymbol(")");
  bar_ends_ = bars;
  return Make(std::move(quantifier), begin);
}

ast::ExpressionPtr Reader::Reduce(bool all) {
  SkipSpace();
  const std::uint32_t begin = Here();
  NeedName("reduce", true);
  NeedSymbol("(");
  const int bars = bar_ends_;
  ++bar_ends_;
  ast::Reduce reduce;
  reduce.accumulator = NeedName("a variable");
  NeedSymbol("=");
  reduce.initial = Expression();
  NeedSymbol(",");
  reduce.variable = NeedName("a variable");
  NeedKeyword("IN");
  reduce.list = Expression();
  NeedSymbol("|");
  reduce.step = Expression();
  if (all) {
    NeedSymbol(",");
    reduce.predicate = Expression();
  }
  NeedSymbol(")");
  bar_ends_ = bars;
  return Make(std::move(reduce), begin);
}

/// A query in braces; a bare pattern with WHERE is MATCH without the word.
ast::ExpressionPtr Reader::Subquery(ast::SubqueryKind kind) {
  SkipSpace();
  const std::uint32_t begin = Here();
  const int bars = std::exchange(bar_ends_, 0);
  const int trying = std::exchange(trying_, 0);
  NeedName("a subquery", true);
  NeedSymbol("{");
  SkipSpace();
  const std::uint32_t inside = Here();
  ast::Query query;
  ast::SingleQuery single;
  // A view stands before a query only; its words are no reserved ones.
  const bool view = PeekKeyword("FOR") || PeekKeyword("EXCLUDING") || PeekKeyword("ONLY");
  if (PeekSymbol("(") || (!view && !ast::IsReserved(PeekWord()))) {
    ast::Match match;
    match.pattern = Pattern();
    if (Keyword("WHERE")) match.where = Expression();
    single.clauses.push_back({std::move(match), From(inside)});
    single.span = From(inside);
    query.parts.push_back(std::move(single));
    query.span = From(inside);
  } else {
    query = Query();
  }
  NeedSymbol("}");
  bar_ends_ = bars;
  trying_ = trying;
  return Make(ast::SubqueryExpression{kind, std::make_shared<const ast::Query>(std::move(query))},
              begin);
}

ast::ExpressionPtr Reader::ShortestPath(bool all) {
  SkipSpace();
  const std::uint32_t begin = Here();
  NeedName("shortestPath", true);
  NeedSymbol("(");
  auto part = std::make_shared<ast::PatternPart>();
  part->shortest = all ? ast::ShortestForm::kAll : ast::ShortestForm::kSingle;
  part->path = Path();
  NeedSymbol(")");
  part->span = From(begin);
  return Make(ast::ShortestPathExpression{std::move(part)}, begin);
}

}  // namespace kb::query::parse
