// Label expressions, of nodes and (as types) of relationships.
#include "query/parse/reader_inline.h"

namespace kb::query::parse {

ast::LabelExpressionPtr Reader::Labels(bool types) {
  if (!Keyword("IS")) NeedSymbol(":");
  return types ? LabelOr(true) : LabelChain();
}

ast::LabelExpressionPtr Reader::LabelChain() {
  SkipSpace();
  const std::uint32_t begin = Here();
  std::vector<ast::LabelExpressionPtr> operands = {LabelOr(false)};
  while (!PeekSymbol("::") && Symbol(":")) operands.push_back(LabelOr(false));
  if (operands.size() == 1) return operands[0];
  return std::make_shared<const ast::LabelExpression>(
      ast::LabelExpression{ast::LabelAnd{std::move(operands)}, From(begin)});
}

ast::LabelExpressionPtr Reader::LabelOr(bool types) {
  const Nesting nesting(*this);
  SkipSpace();
  const std::uint32_t begin = Here();
  std::vector<ast::LabelExpressionPtr> operands = {LabelAnd(types)};
  while (bar_ends_ == 0 && PeekSymbol("|") && !PeekSymbol("||")) {
    Symbol("|");
    Symbol(":");
    operands.push_back(LabelAnd(types));
  }
  if (operands.size() == 1) return operands[0];
  return std::make_shared<const ast::LabelExpression>(
      ast::LabelExpression{ast::LabelOr{std::move(operands)}, From(begin)});
}

ast::LabelExpressionPtr Reader::LabelAnd(bool) {
  SkipSpace();
  const std::uint32_t begin = Here();
  std::vector<ast::LabelExpressionPtr> operands = {LabelAtom()};
  while (Symbol("&")) operands.push_back(LabelAtom());
  if (operands.size() == 1) return operands[0];
  return std::make_shared<const ast::LabelExpression>(
      ast::LabelExpression{ast::LabelAnd{std::move(operands)}, From(begin)});
}

ast::LabelExpressionPtr Reader::LabelAtom() {
  const Nesting nesting(*this);
  SkipSpace();
  const std::uint32_t begin = Here();
  ast::LabelExpression label;
  if (Symbol("!")) {
    label.node = ast::LabelNot{LabelAtom()};
  } else if (Symbol("%")) {
    label.node = ast::LabelWildcard{};
  } else if (Symbol("(")) {
    const int bars = std::exchange(bar_ends_, 0);
    ast::LabelExpressionPtr inner = LabelOr(false);
    bar_ends_ = bars;
    NeedSymbol(")");
    return inner;
  } else if (auto computed = ComputedLabel()) {
    label.node = *std::move(computed);
  } else {
    label.node = ast::LabelName{NeedName("a label", true)};
  }
  label.span = From(begin);
  return std::make_shared<const ast::LabelExpression>(std::move(label));
}

std::optional<ast::LabelComputed> Reader::ComputedLabel() {
  if (!PeekSymbol("$")) return std::nullopt;
  Symbol("$");
  ast::LabelComputed label;
  label.any = PeekKeyword("ANY");
  if (label.any || PeekKeyword("ALL")) Keyword(label.any ? "ANY" : "ALL");
  Expect("brackets, such as $($name)");
  NeedSymbol("(");
  const int bars = std::exchange(bar_ends_, 0);
  label.names = Expression();
  bar_ends_ = bars;
  NeedSymbol(")");
  return label;
}

}  // namespace kb::query::parse
