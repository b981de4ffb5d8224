// Bound expressions as text, for plans and fingerprints.
#include <fmt/format.h>

#include "query/plan/planner.h"
#include "schema/base/text.h"

namespace kb::query::plan {
namespace {

using bind::Expression;

std::string Join(const std::vector<ExpressionPtr>& items) {
  std::string text;
  for (const auto& item : items) {
    if (!text.empty()) text += ", ";
    text += Print(*item);
  }
  return text;
}

std::string_view Symbol(ast::BinaryOperator op) {
  switch (op) {
    case ast::BinaryOperator::kOr:
      return "OR";
    case ast::BinaryOperator::kXor:
      return "XOR";
    case ast::BinaryOperator::kAnd:
      return "AND";
    case ast::BinaryOperator::kAdd:
      return "+";
    case ast::BinaryOperator::kSubtract:
      return "-";
    case ast::BinaryOperator::kMultiply:
      return "*";
    case ast::BinaryOperator::kDivide:
      return "/";
    case ast::BinaryOperator::kModulo:
      return "%";
    case ast::BinaryOperator::kPower:
      return "^";
    case ast::BinaryOperator::kConcatenate:
      return "||";
    case ast::BinaryOperator::kStartsWith:
      return "STARTS WITH";
    case ast::BinaryOperator::kEndsWith:
      return "ENDS WITH";
    case ast::BinaryOperator::kContains:
      return "CONTAINS";
    case ast::BinaryOperator::kRegex:
      return "=~";
    case ast::BinaryOperator::kIn:
      return "IN";
  }
  return "?";
}

std::string_view Symbol(ast::ComparisonOperator op) {
  switch (op) {
    case ast::ComparisonOperator::kEqual:
      return "=";
    case ast::ComparisonOperator::kNotEqual:
      return "<>";
    case ast::ComparisonOperator::kLess:
      return "<";
    case ast::ComparisonOperator::kLessEqual:
      return "<=";
    case ast::ComparisonOperator::kGreater:
      return ">";
    case ast::ComparisonOperator::kGreaterEqual:
      return ">=";
  }
  return "?";
}

/// Operators inside operators are put in brackets; everything else reads well bare.
std::string Operand(const ExpressionPtr& expression) {
  const bool compound = std::holds_alternative<bind::Binary>(expression->node) ||
                        std::holds_alternative<bind::Comparison>(expression->node) ||
                        std::holds_alternative<bind::Unary>(expression->node) ||
                        std::holds_alternative<bind::IsNull>(expression->node);
  return compound ? "(" + Print(*expression) + ")" : Print(*expression);
}

std::string Entries(const std::vector<std::pair<std::string, ExpressionPtr>>& entries) {
  std::string text;
  for (const auto& [key, value] : entries) {
    if (!text.empty()) text += ", ";
    text += text::QuoteName(key) + ": " + Print(*value);
  }
  return text;
}

std::string Variable(Slot slot) { return fmt::format("x{}", slot); }

struct Printer {
  std::string operator()(const bind::Constant& e) const { return e.value.ToText(); }
  std::string operator()(const bind::Parameter& e) const { return "$" + text::QuoteName(e.name); }
  std::string operator()(const bind::SlotRef& e) const {
    return e.name.empty() ? fmt::format("_{}", e.slot) : text::QuoteName(e.name);
  }
  std::string operator()(const bind::Property& e) const {
    return Operand(e.subject) + "." + text::QuoteName(e.key);
  }
  std::string operator()(const bind::Subscript& e) const {
    return Operand(e.subject) + "[" + Print(*e.index) + "]";
  }
  std::string operator()(const bind::Slice& e) const {
    return Operand(e.subject) + "[" + (e.from ? Print(*e.from) : "") + ".." +
           (e.to ? Print(*e.to) : "") + "]";
  }
  std::string operator()(const bind::ListOf& e) const { return "[" + Join(e.items) + "]"; }
  std::string operator()(const bind::MapOf& e) const { return "{" + Entries(e.entries) + "}"; }
  std::string operator()(const bind::MapProjection& e) const {
    const std::string all = e.all_properties ? (e.entries.empty() ? ".*" : ".*, ") : "";
    return Operand(e.subject) + " {" + all + Entries(e.entries) + "}";
  }
  std::string operator()(const bind::Unary& e) const {
    switch (e.op) {
      case ast::UnaryOperator::kNot:
        return "NOT " + Operand(e.operand);
      case ast::UnaryOperator::kPlus:
        return "+" + Operand(e.operand);
      case ast::UnaryOperator::kMinus:
        return "-" + Operand(e.operand);
    }
    return {};
  }
  std::string operator()(const bind::Binary& e) const {
    return fmt::format("{} {} {}", Operand(e.left), Symbol(e.op), Operand(e.right));
  }
  std::string operator()(const bind::Comparison& e) const {
    return fmt::format("{} {} {}", Operand(e.left), Symbol(e.op), Operand(e.right));
  }
  std::string operator()(const bind::IsNull& e) const {
    return Operand(e.operand) + (e.negated ? " IS NOT NULL" : " IS NULL");
  }
  std::string operator()(const bind::HasLabels& e) const {
    return Operand(e.operand) + ":" + Print(*e.test);
  }
  std::string operator()(const bind::Call& e) const {
    return std::string(e.function->name) + "(" + Join(e.arguments) + ")";
  }
  std::string operator()(const bind::Case& e) const {
    std::string text = "CASE";
    if (e.subject) text += " " + Print(*e.subject);
    for (const auto& [condition, value] : e.branches) {
      text += " WHEN " + Print(*condition) + " THEN " + Print(*value);
    }
    if (e.otherwise) text += " ELSE " + Print(*e.otherwise);
    return text + " END";
  }
  std::string operator()(const bind::ListComprehension& e) const {
    return "[" + Variable(e.variable) + " IN " + Print(*e.list) +
           (e.predicate ? " WHERE " + Print(*e.predicate) : "") +
           (e.projection ? " | " + Print(*e.projection) : "") + "]";
  }
  std::string operator()(const bind::Quantifier& e) const {
    static constexpr std::string_view kNames[] = {"all", "any", "none", "single"};
    return fmt::format("{}({} IN {} WHERE {})", kNames[static_cast<int>(e.kind)],
                       Variable(e.variable), Print(*e.list), Print(*e.predicate));
  }
  std::string operator()(const bind::Reduce& e) const {
    return fmt::format("{}({} = {}, {} IN {} | {}{})", e.predicate ? "allReduce" : "reduce",
                       Variable(e.accumulator), Print(*e.initial), Variable(e.variable),
                       Print(*e.list), Print(*e.step),
                       e.predicate ? ", " + Print(*e.predicate) : "");
  }
  std::string operator()(const bind::PathOf& e) const {
    std::string text = "path(";
    for (std::size_t i = 0; i < e.parts.size(); ++i) {
      text += (i == 0 ? "" : ", ") + fmt::format("_{}", e.parts[i].slot);
    }
    return text + ")";
  }
  std::string operator()(const bind::Subquery& e) const {
    static constexpr std::string_view kNames[] = {"EXISTS", "COUNT", "COLLECT"};
    return fmt::format("{} {{ … }}", kNames[static_cast<int>(e.kind)]);
  }
  std::string operator()(const bind::Aggregate& e) const {
    if (e.function == nullptr) return "count(*)";
    return std::string(e.function->name) + (e.distinct ? "(DISTINCT " : "(") + Join(e.arguments) +
           ")";
  }
};

}  // namespace

std::string Print(const Expression& expression) { return std::visit(Printer{}, expression.node); }

std::string Print(const bind::LabelTest& test) {
  using Op = bind::LabelTest::Op;
  const auto joined = [&](std::string_view separator) {
    std::string text;
    for (const auto& operand : test.operands) {
      const bool nested = operand->op == Op::kAnd || operand->op == Op::kOr;
      if (!text.empty()) text += separator;
      text += nested ? "(" + Print(*operand) + ")" : Print(*operand);
    }
    return text;
  };
  switch (test.op) {
    case Op::kName:
      return text::QuoteName(test.name);
    case Op::kAny:
      return "%";
    case Op::kNot:
      return "!" + joined("");
    case Op::kAnd:
      return joined("&");
    case Op::kOr:
      return joined("|");
  }
  return {};
}

}  // namespace kb::query::plan
