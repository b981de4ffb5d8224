// Expressions as text.
#include <array>

#include "query/ast/keywords.h"
#include "query/ast/printer.h"
#include "schema/base/text.h"

namespace kb::query::ast {
namespace {

/// An operator of two operands: its spelling, how tightly it binds, and what its operands need.
struct BinarySpelling {
  std::string_view text;
  Binding binding;
  Binding left;
  Binding right;
};

BinarySpelling Spelling(BinaryOperator op) {
  using enum Binding;
  switch (op) {
    case BinaryOperator::kOr:
      return {"OR", kOr, kOr, kXor};
    case BinaryOperator::kXor:
      return {"XOR", kXor, kXor, kAnd};
    case BinaryOperator::kAnd:
      return {"AND", kAnd, kAnd, kNot};
    case BinaryOperator::kAdd:
      return {"+", kAdd, kAdd, kMultiply};
    case BinaryOperator::kSubtract:
      return {"-", kAdd, kAdd, kMultiply};
    case BinaryOperator::kConcatenate:
      return {"||", kAdd, kAdd, kMultiply};
    case BinaryOperator::kMultiply:
      return {"*", kMultiply, kMultiply, kPower};
    case BinaryOperator::kDivide:
      return {"/", kMultiply, kMultiply, kPower};
    case BinaryOperator::kModulo:
      return {"%", kMultiply, kMultiply, kPower};
    case BinaryOperator::kPower:
      return {"^", kPower, kPower, kSign};
    case BinaryOperator::kStartsWith:
      return {"STARTS WITH", kPredicate, kPredicate, kAdd};
    case BinaryOperator::kEndsWith:
      return {"ENDS WITH", kPredicate, kPredicate, kAdd};
    case BinaryOperator::kContains:
      return {"CONTAINS", kPredicate, kPredicate, kAdd};
    case BinaryOperator::kRegex:
      return {"=~", kPredicate, kPredicate, kAdd};
    case BinaryOperator::kIn:
      return {"IN", kPredicate, kPredicate, kAdd};
  }
  return {"?", kAtom, kAtom, kAtom};
}

std::string_view Spelling(ComparisonOperator op) {
  switch (op) {
    case ComparisonOperator::kEqual:
      return "=";
    case ComparisonOperator::kNotEqual:
      return "<>";
    case ComparisonOperator::kLess:
      return "<";
    case ComparisonOperator::kLessEqual:
      return "<=";
    case ComparisonOperator::kGreater:
      return ">";
    case ComparisonOperator::kGreaterEqual:
      return ">=";
  }
  return "?";
}

std::string_view Spelling(QuantifierKind kind) {
  switch (kind) {
    case QuantifierKind::kAll:
      return "all";
    case QuantifierKind::kAny:
      return "any";
    case QuantifierKind::kNone:
      return "none";
    case QuantifierKind::kSingle:
      return "single";
  }
  return "?";
}

struct BindingOf {
  Binding operator()(const Unary& unary) const {
    return unary.op == UnaryOperator::kNot ? Binding::kNot : Binding::kSign;
  }
  Binding operator()(const Binary& binary) const { return Spelling(binary.op).binding; }
  Binding operator()(const Comparison&) const { return Binding::kComparison; }
  Binding operator()(const IsNull&) const { return Binding::kPredicate; }
  Binding operator()(const IsTyped&) const { return Binding::kPredicate; }
  Binding operator()(const HasLabels&) const { return Binding::kSuffix; }
  Binding operator()(const Property&) const { return Binding::kSuffix; }
  Binding operator()(const Subscript&) const { return Binding::kSuffix; }
  Binding operator()(const Slice&) const { return Binding::kSuffix; }
  template <typename Atom>
  Binding operator()(const Atom&) const {
    return Binding::kAtom;
  }
};

/// AND, OR, XOR: a chain of one of them is one tree however its operands are grouped.
bool IsChain(BinaryOperator op) {
  return op == BinaryOperator::kAnd || op == BinaryOperator::kOr || op == BinaryOperator::kXor;
}

/// Words that mean something of their own where a variable or a function could stand too.
bool IsSpecialWord(std::string_view word) {
  static constexpr std::array<std::string_view, 15> kWords = {"ALL",
                                                              "ANY",
                                                              "NONE",
                                                              "SINGLE",
                                                              "EXISTS",
                                                              "COUNT",
                                                              "COLLECT",
                                                              "REDUCE",
                                                              "ALLREDUCE",
                                                              "SHORTEST",
                                                              "WALK",
                                                              "SHORTESTPATH",
                                                              "ALLSHORTESTPATHS",
                                                              "REPEATABLE",
                                                              "DIFFERENT"};
  for (const std::string_view special : kWords) {
    if (EqualsIgnoringCase(word, special)) return true;
  }
  return false;
}

std::string Backquoted(std::string_view name) {
  std::string out = "`";
  for (const char c : name) {
    if (c == '`') out += '`';
    out += c;
  }
  return out + '`';
}

}  // namespace

void Printer::KeyName(std::string_view name) { Add(text::QuoteName(name)); }

void Printer::VariableName(std::string_view name) {
  Add(IsReserved(name) || IsSpecialWord(name) ? Backquoted(name) : text::QuoteName(name));
}

void Printer::DottedName(std::string_view name) {
  for (bool first = true; !name.empty(); first = false) {
    const std::size_t dot = name.find('.');
    const std::string_view part = name.substr(0, dot);
    if (!first) Add(".");
    Add(first && IsReserved(part) ? Backquoted(part) : text::QuoteName(part));
    if (dot == std::string_view::npos) return;
    name.remove_prefix(dot + 1);
  }
}

void Printer::Write(const Expression& expression) {
  if (expression.parenthesized) Add("(");
  std::visit(*this, expression.node);
  if (expression.parenthesized) Add(")");
}

void Printer::Operand(const Expression& expression, Binding least) {
  const bool brackets =
      !expression.parenthesized && std::visit(BindingOf(), expression.node) < least;
  if (brackets) Add("(");
  Write(expression);
  if (brackets) Add(")");
}

void Printer::operator()(const StringLiteral& literal) { Add(text::Quote(literal.value)); }

void Printer::operator()(const ListLiteral& list) {
  Add("[");
  bool first = true;
  for (const ExpressionPtr& item : list.items) {
    if (!first) Add(", ");
    // `[x IN e]` is a comprehension: a list of one test needs brackets.
    const auto* in = std::get_if<Binary>(&item->node);
    const bool test = first && in != nullptr && in->op == BinaryOperator::kIn;
    Operand(*item, test ? Binding::kAdd : Binding::kOr);
    first = false;
  }
  Add("]");
}

void Printer::operator()(const MapLiteral& map) {
  Add("{");
  List(map.entries, [&](const auto& entry) {
    KeyName(entry.first.text);
    Add(": ");
    Write(*entry.second);
  });
  Add("}");
}

void Printer::operator()(const Parameter& parameter) {
  Add("$");
  const bool digits = parameter.name.find_first_not_of("0123456789") == std::string::npos;
  if (digits && !parameter.name.empty()) {
    Add(parameter.name);
  } else {
    KeyName(parameter.name);
  }
}

void Printer::operator()(const Unary& unary) {
  switch (unary.op) {
    case UnaryOperator::kNot:
      Add("NOT ");
      return Operand(*unary.operand, Binding::kNot);
    case UnaryOperator::kPlus:
      Add("+");
      break;
    case UnaryOperator::kMinus:
      Add("-");
      break;
  }
  Operand(*unary.operand, Binding::kSign);
}

void Printer::operator()(const Binary& binary) {
  const BinarySpelling spelling = Spelling(binary.op);
  const auto* right = std::get_if<Binary>(&binary.right->node);
  const bool chained = right != nullptr && right->op == binary.op && IsChain(binary.op);
  Operand(*binary.left, spelling.left);
  Add(" ");
  Add(spelling.text);
  Add(" ");
  Operand(*binary.right, chained ? spelling.binding : spelling.right);
}

void Printer::operator()(const Comparison& comparison) {
  for (std::size_t i = 0; i < comparison.operands.size(); ++i) {
    if (i > 0) {
      Add(" ");
      Add(Spelling(comparison.operators[i - 1]));
      Add(" ");
    }
    Operand(*comparison.operands[i], Binding::kPredicate);
  }
}

void Printer::operator()(const IsNull& test) {
  Operand(*test.operand, Binding::kPredicate);
  Add(test.negated ? " IS NOT NULL" : " IS NULL");
}

void Printer::operator()(const IsTyped& test) {
  Operand(*test.operand, Binding::kPredicate);
  Add(test.negated ? " IS NOT :: " : " IS :: ");
  Add(test.type.ToText());
}

void Printer::operator()(const HasLabels& test) {
  Operand(*test.operand, Binding::kSuffix);
  Add(":");
  Write(*test.labels, true);
}

void Printer::operator()(const Property& property) {
  Operand(*property.subject, Binding::kSuffix);
  Add(".");
  KeyName(property.key.text);
}

void Printer::operator()(const Subscript& subscript) {
  Operand(*subscript.subject, Binding::kSuffix);
  Add("[");
  Write(*subscript.index);
  Add("]");
}

void Printer::operator()(const Slice& slice) {
  Operand(*slice.subject, Binding::kSuffix);
  Add("[");
  if (slice.from) Write(*slice.from);
  Add(" .. ");
  if (slice.to) Write(*slice.to);
  Add("]");
}

void Printer::operator()(const FunctionCall& call) {
  DottedName(call.name.text);
  Add(call.distinct ? "(DISTINCT " : "(");
  Expressions(call.arguments);
  Add(")");
}

void Printer::operator()(const MapProjection& projection) {
  VariableName(projection.subject.text);
  Add(" {");
  List(projection.items, [&](const auto& item) {
    if (const auto* key = std::get_if<MapProjection::PropertyItem>(&item)) {
      Add(".");
      KeyName(key->key.text);
    } else if (const auto* entry = std::get_if<MapProjection::EntryItem>(&item)) {
      KeyName(entry->key.text);
      Add(": ");
      Write(*entry->value);
    } else if (const auto* variable = std::get_if<MapProjection::VariableItem>(&item)) {
      VariableName(variable->variable.text);
    } else {
      Add(".*");
    }
  });
  Add("}");
}

void Printer::operator()(const Case& expression) {
  Add("CASE");
  if (expression.subject) {
    Add(" ");
    Write(*expression.subject);
  }
  for (const auto& [condition, value] : expression.branches) {
    Add(" WHEN ");
    Write(*condition);
    Add(" THEN ");
    Write(*value);
  }
  if (expression.otherwise) {
    Add(" ELSE ");
    Write(*expression.otherwise);
  }
  Add(" END");
}

void Printer::operator()(const ListComprehension& comprehension) {
  Add("[");
  VariableName(comprehension.variable.text);
  Add(" IN ");
  Operand(*comprehension.list, Binding::kAdd);
  Where(comprehension.predicate);
  if (comprehension.projection) {
    Add(" | ");
    Write(*comprehension.projection);
  }
  Add("]");
}

void Printer::operator()(const Quantifier& quantifier) {
  Add(Spelling(quantifier.kind));
  Add("(");
  VariableName(quantifier.variable.text);
  Add(" IN ");
  Write(*quantifier.list);
  Where(quantifier.predicate);
  Add(")");
}

void Printer::operator()(const Reduce& reduce) {
  Add(reduce.predicate ? "allReduce(" : "reduce(");
  VariableName(reduce.accumulator.text);
  Add(" = ");
  Write(*reduce.initial);
  Add(", ");
  VariableName(reduce.variable.text);
  Add(" IN ");
  Write(*reduce.list);
  Add(" | ");
  Write(*reduce.step);
  if (reduce.predicate) {
    Add(", ");
    Write(*reduce.predicate);
  }
  Add(")");
}

void Printer::operator()(const PatternComprehension& comprehension) {
  Add("[");
  Write(*comprehension.pattern);
  Where(comprehension.predicate);
  Add(" | ");
  Write(*comprehension.projection);
  Add("]");
}

void Printer::operator()(const SubqueryExpression& subquery) {
  switch (subquery.kind) {
    case SubqueryKind::kExists:
      Add("EXISTS { ");
      break;
    case SubqueryKind::kCount:
      Add("COUNT { ");
      break;
    case SubqueryKind::kCollect:
      Add("COLLECT { ");
      break;
  }
  Write(*subquery.query);
  Add(" }");
}

}  // namespace kb::query::ast
