// Expressions by binding power:
//   OR < XOR < AND < NOT < comparison < IN, IS NULL, STARTS WITH … < + - || < * / % < ^ < sign <
//   suffix
#include <algorithm>
#include <array>

#include "query/ast/keywords.h"
#include "query/parse/reader_inline.h"

namespace kb::query::parse {
namespace {

using ast::BinaryOperator;
using ast::ComparisonOperator;

/// Height of the highest expression that gives labels.
std::uint32_t HeightOf(const ast::LabelExpression& labels) {
  const auto highest = [](const std::vector<ast::LabelExpressionPtr>& operands) {
    std::uint32_t height = 0;
    for (const auto& operand : operands) height = std::max(height, HeightOf(*operand));
    return height;
  };
  if (const auto* computed = std::get_if<ast::LabelComputed>(&labels.node)) {
    return computed->names->height;
  }
  if (const auto* operand = std::get_if<ast::LabelNot>(&labels.node)) {
    return HeightOf(*operand->operand);
  }
  if (const auto* both = std::get_if<ast::LabelAnd>(&labels.node)) return highest(both->operands);
  if (const auto* either = std::get_if<ast::LabelOr>(&labels.node)) {
    return highest(either->operands);
  }
  return 0;
}

/// Height of the highest operand of an operator; nothing for what is no operator.
struct OperandHeight {
  using Height = std::optional<std::uint32_t>;

  Height operator()(const ast::Unary& node) const { return node.operand->height; }
  Height operator()(const ast::Binary& node) const {
    return std::max(node.left->height, node.right->height);
  }
  Height operator()(const ast::Comparison& node) const {
    std::uint32_t height = 0;
    for (const auto& operand : node.operands) height = std::max(height, operand->height);
    return height;
  }
  Height operator()(const ast::IsNull& node) const { return node.operand->height; }
  Height operator()(const ast::IsTyped& node) const { return node.operand->height; }
  Height operator()(const ast::HasLabels& node) const {
    return std::max(node.operand->height, HeightOf(*node.labels));
  }
  Height operator()(const ast::Property& node) const { return node.subject->height; }
  Height operator()(const ast::Subscript& node) const {
    return std::max(node.subject->height, node.index->height);
  }
  Height operator()(const ast::Slice& node) const {
    return std::max(
        {node.subject->height, node.from ? node.from->height : 0, node.to ? node.to->height : 0});
  }
  template <typename Node>
  Height operator()(const Node&) const {
    return std::nullopt;
  }
};

/// Chains up to this long keep the shape in which they were written.
constexpr std::size_t kPlainChainMax = 16;

}  // namespace

ast::ExpressionPtr Reader::Make(decltype(ast::Expression::node) node, std::uint32_t begin) {
  return MakeAt(std::move(node), From(begin));
}

ast::ExpressionPtr Reader::MakeAt(decltype(ast::Expression::node) node, Span span) {
  ast::Expression expression;
  expression.height = std::visit(OperandHeight(), node).value_or(highest_) + 1;
  if (expression.height > limits::kExpressionHeightMax) {
    StopWith(LimitError("the expression has more than {} operators one inside another",
                        limits::kExpressionHeightMax)
                 .At(span)
                 .Hint("split it with WITH, or use a list and reduce()"));
  }
  expression.node = std::move(node);
  expression.span = span;
  return std::make_shared<const ast::Expression>(std::move(expression));
}

ast::ExpressionPtr Reader::Join(BinaryOperator op, std::span<const ast::ExpressionPtr> operands) {
  ast::ExpressionPtr joined;
  if (operands.size() > kPlainChainMax) {
    const std::size_t half = operands.size() / 2;
    joined = Join(op, operands.first(half));
    operands = operands.subspan(half);
    ast::ExpressionPtr right = Join(op, operands);
    const Span span{joined->span.begin, right->span.end};
    return MakeAt(ast::Binary{op, std::move(joined), std::move(right)}, span);
  }
  for (const auto& operand : operands) {
    if (!joined) {
      joined = operand;
      continue;
    }
    const Span span{joined->span.begin, operand->span.end};
    joined = MakeAt(ast::Binary{op, std::move(joined), operand}, span);
  }
  return joined;
}

ast::ExpressionPtr Reader::Expression() {
  const Nesting nesting(*this);
  ast::ExpressionPtr expression = Operators(0);
  highest_ = std::max(highest_, expression->height);
  return expression;
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
  std::vector<ast::ExpressionPtr> operands{Operators(power + 1)};
  while (Keyword(kWords[level])) operands.push_back(Operators(power + 1));
  return Join(kOperators[level], operands);
}

ast::ExpressionPtr Reader::Comparisons() { return Compared(Suffixes(Unary())); }

ast::ExpressionPtr Reader::Compared(ast::ExpressionPtr operand) {
  const std::uint32_t begin = operand->span.begin;
  ast::Comparison chain;
  chain.operands.push_back(std::move(operand));
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
      operand = Is(std::move(operand), begin);
    } else if (Symbol("::")) {
      operand = Make(ast::IsTyped{operand, TypeName(), false}, begin);
    } else {
      return operand;
    }
  }
}

ast::ExpressionPtr Reader::Is(ast::ExpressionPtr operand, std::uint32_t begin) {
  const bool negated = Keyword("NOT");
  if (Keyword("NULL")) return Make(ast::IsNull{std::move(operand), negated}, begin);
  if (Symbol("::") || Keyword("TYPED")) {
    return Make(ast::IsTyped{std::move(operand), TypeName(), negated}, begin);
  }
  static constexpr std::array<std::string_view, 4> kForms = {"NFC", "NFD", "NFKC", "NFKD"};
  ast::ExpressionPtr test;
  for (const std::string_view form : kForms) {
    if (!Keywords(form, "NORMALIZED") && !(form == "NFC" && Keyword("NORMALIZED"))) continue;
    // It is what normalize() makes of it.
    ast::FunctionCall call;
    call.name = {"normalize", From(begin)};
    call.arguments = {operand, Make(ast::StringLiteral{std::string(form)}, begin)};
    ast::Comparison same;
    same.operands = {Make(std::move(call), begin), operand};
    same.operators = {ComparisonOperator::kEqual};
    test = Make(std::move(same), begin);
    break;
  }
  if (!test) {
    Keyword("LABELED");
    ast::LabelExpressionPtr labels = LabelOr(false);
    test = Make(ast::HasLabels{std::move(operand), std::move(labels)}, begin);
  }
  return negated ? Make(ast::Unary{ast::UnaryOperator::kNot, std::move(test)}, begin) : test;
}

schema::Type Reader::TypeName() {
  SkipSpace();
  const std::uint32_t begin = Here();
  std::size_t length = 0;
  if (AtEnd()) {
    Expect("a type such as INTEGER");
    Fail();
  }
  Result<schema::Type> type = schema::ReadType(text_.substr(begin), &length);
  if (!type.ok()) {
    const Error& inner = type.error();
    const Span span{begin + inner.span().begin, begin + inner.span().end};
    StopWith(Error(inner.code(), inner.message()).At(span).Hint(inner.hint()));
  }
  GoTo(begin + static_cast<std::uint32_t>(length));
  last_end_ = Here();
  return std::move(type).value();
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
      operand = Make(ast::HasLabels{operand, LabelChain()}, begin);
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
