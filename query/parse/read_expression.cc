// Expressions by binding power:
//   OR < XOR < AND < NOT < comparison < IN, IS NULL, STARTS WITH … < + - || < * / % < ^ < sign < suffix
#include <array>

#include "query/parse/keywords.h"
#include "query/parse/reader_inline.h"

namespace kb::query::parse {
namespace {

using ast::BinaryOperator;
using ast::ComparisonOperator;

}  // namespace

ast::ExpressionPtr Reader::Make(decltype(ast::Expression::node) node, std::uint32_t begin) {
  ast::Expression expression;
  expression.node = std::move(node);
  expression.span = From(begin);
  return std::make_shared<const ast::Expression>(std::move(expression));
}

ast::ExpressionPtr Reader::Expression() {
  const Nesting nesting(*this);
  return Operators(0);
}

// power 0: OR, 1: XOR, 2: AND, 3: NOT and what binds tighter
ast::ExpressionPtr Reader::Operators(int power) {
  SkipSpace();
  const std::uint32_t begin = Here();
  if (power == 3) {
    int negations = 0;
    while (Keyword("NOT")) ++negations;
    ast::ExpressionPtr operand = Comparisons();
    for (; negations > 0; --negations) {
      operand = Make(ast::Unary{ast::UnaryOperator::kNot, operand}, begin);
    }
    return operand;
  }
  static constexpr std::array<std::string_view, 3> kWords = {"OR", "XOR", "AND"};
  static constexpr std::array kOperators = {BinaryOperator::kOr, BinaryOperator::kXor,
                                            BinaryOperator::kAnd};
  const auto level = static_cast<std::size_t>(power);
  ast::ExpressionPtr left = Operators(power + 1);
  while (Keyword(kWords[level])) {
    ast::ExpressionPtr right = Operators(power + 1);
    left = Make(ast::Binary{kOperators[level], left, right}, begin);
  }
  return left;
}

ast::ExpressionPtr Reader::Comparisons() {
  SkipSpace();
  const std::uint32_t begin = Here();
  ast::Comparison chain;
  chain.operands.push_back(Suffixes(Unary()));
  while (true) {
    ComparisonOperator op{};
    if (PeekSymbol("=~")) break;
    if (Symbol("<>")) {
      op = ComparisonOperator::kNotEqual;
    } else if (Symbol("<=")) {
      op = ComparisonOperator::kLessEqual;
    } else if (Symbol(">=")) {
      op = ComparisonOperator::kGreaterEqual;
    } else if (Symbol("=")) {
      op = ComparisonOperator::kEqual;
    } else if (Symbol("<")) {
      op = ComparisonOperator::kLess;
    } else if (Symbol(">")) {
      op = ComparisonOperator::kGreater;
    } else {
      break;
    }
    chain.operators.push_back(op);
    chain.operands.push_back(Suffixes(Unary()));
  }
  if (chain.operators.empty()) return chain.operands[0];
  return Make(std::move(chain), begin);
}

namespace {

/// Binding powers of the arithmetic operators.
constexpr int kAdditive = 0;
constexpr int kMultiplicative = 1;
constexpr int kPower = 2;

}  // namespace

ast::ExpressionPtr Reader::Unary() { return Arithmetic(kAdditive); }

ast::ExpressionPtr Reader::Arithmetic(int power) {
  SkipSpace();
  const std::uint32_t begin = Here();
  if (power > kPower) return Sign();
  ast::ExpressionPtr left = Arithmetic(power + 1);
  while (true) {
    BinaryOperator op{};
    if (power == kAdditive && Symbol("||")) {
      op = BinaryOperator::kConcatenate;
    } else if (power == kAdditive && Symbol("+")) {
      op = BinaryOperator::kAdd;
    } else if (power == kAdditive && Symbol("-")) {
      op = BinaryOperator::kSubtract;
    } else if (power == kMultiplicative && Symbol("*")) {
      op = BinaryOperator::kMultiply;
    } else if (power == kMultiplicative && Symbol("/")) {
      op = BinaryOperator::kDivide;
    } else if (power == kMultiplicative && Symbol("%")) {
      op = BinaryOperator::kModulo;
    } else if (power == kPower && Symbol("^")) {
      op = BinaryOperator::kPower;
    } else {
      return left;
    }
    ast::ExpressionPtr right = Arithmetic(power + 1);
    left = Make(ast::Binary{op, left, right}, begin);
  }
}

ast::ExpressionPtr Reader::Sign() {
  SkipSpace();
  const std::uint32_t begin = Here();
  std::vector<ast::UnaryOperator> signs;
  while (true) {
    if (Symbol("-")) {
      signs.push_back(ast::UnaryOperator::kMinus);
    } else if (Symbol("+")) {
      signs.push_back(ast::UnaryOperator::kPlus);
    } else {
      break;
    }
  }
  ast::ExpressionPtr operand = Postfix();
  for (auto sign = signs.rbegin(); sign != signs.rend(); ++sign) {
    operand = Make(ast::Unary{*sign, operand}, begin);
  }
  return operand;
}

/// IS NULL, IN, STARTS WITH …: between comparison and arithmetic, from left to right.
ast::ExpressionPtr Reader::Suffixes(ast::ExpressionPtr operand) {
  const std::uint32_t begin = operand->span.begin;
  while (true) {
    if (Symbol("=~")) {
      operand = Make(ast::Binary{BinaryOperator::kRegex, operand, Unary()}, begin);
    } else if (Keyword("IN")) {
      operand = Make(ast::Binary{BinaryOperator::kIn, operand, Unary()}, begin);
    } else if (Keywords("STARTS", "WITH")) {
      operand = Make(ast::Binary{BinaryOperator::kStartsWith, operand, Unary()}, begin);
    } else if (Keywords("ENDS", "WITH")) {
      operand = Make(ast::Binary{BinaryOperator::kEndsWith, operand, Unary()}, begin);
    } else if (Keyword("CONTAINS")) {
      operand = Make(ast::Binary{BinaryOperator::kContains, operand, Unary()}, begin);
    } else if (Keyword("IS")) {
      const bool negated = Keyword("NOT");
      if (Keyword("NULL")) {
        operand = Make(ast::IsNull{operand, negated}, begin);
        continue;
      }
      Keyword("LABELED");
      ast::LabelExpressionPtr labels = LabelOr(false);
      operand = Make(ast::HasLabels{operand, std::move(labels)}, begin);
      if (negated) operand = Make(ast::Unary{ast::UnaryOperator::kNot, operand}, begin);
    } else {
      return operand;
    }
  }
}

ast::ExpressionPtr Reader::Postfix() {
  SkipSpace();
  const std::uint32_t begin = Here();
  ast::ExpressionPtr operand = Atom();
  while (true) {
    if (PeekSymbol("..")) return operand;
    if (Symbol(".")) {
      ast::Name key = NeedName("a property name", true);
      operand = Make(ast::Property{operand, std::move(key)}, begin);
    } else if (Symbol("[")) {
      const Nesting nesting(*this);
      ast::ExpressionPtr from;
      if (!PeekSymbol("..")) from = Expression();
      if (Symbol("..")) {
        ast::ExpressionPtr to;
        if (!PeekSymbol("]")) to = Expression();
        NeedSymbol("]");
        operand = Make(ast::Slice{operand, from, to}, begin);
      } else {
        NeedSymbol("]");
        operand = Make(ast::Subscript{operand, from}, begin);
      }
    } else if (PeekSymbol(":") && !PeekSymbol("::")) {
      Symbol(":");
      ast::LabelExpressionPtr labels = LabelOr(false);
      while (Symbol(":")) labels = JoinLabels(labels, LabelOr(false));
      operand = Make(ast::HasLabels{operand, std::move(labels)}, begin);
    } else {
      return operand;
    }
  }
}

std::vector<ast::ExpressionPtr> Reader::ExpressionList(std::string_view close) {
  std::vector<ast::ExpressionPtr> items;
  if (Symbol(close)) return items;
  do {
    items.push_back(Expression());
  } while (Symbol(","));
  NeedSymbol(close);
  return items;
}

}  // namespace kb::query::parse
