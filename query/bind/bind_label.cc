// Labels and types: tests by name, and those whose names an expression gives, `:$(expression)`.
#include <algorithm>

#include "query/bind/query_binder.h"
#include "schema/base/assert.h"

namespace kb::query::bind {
namespace {

bool IsComputed(const ast::LabelExpression& labels) {
  const auto any = [](const std::vector<ast::LabelExpressionPtr>& operands) {
    return std::any_of(operands.begin(), operands.end(),
                       [](const auto& operand) { return IsComputed(*operand); });
  };
  if (const auto* operand = std::get_if<ast::LabelNot>(&labels.node)) {
    return IsComputed(*operand->operand);
  }
  if (const auto* both = std::get_if<ast::LabelAnd>(&labels.node)) return any(both->operands);
  if (const auto* either = std::get_if<ast::LabelOr>(&labels.node)) return any(either->operands);
  return std::holds_alternative<ast::LabelComputed>(labels.node);
}

/// All tests joined by AND or OR, in a tree that stays low however many there are.
ExpressionPtr Join(ast::BinaryOperator op, std::span<const ExpressionPtr> tests, Span span) {
  if (tests.size() == 1) return tests[0];
  const std::size_t half = (tests.size() + 1) / 2;
  return MakeExpression(
      Binary{op, Join(op, tests.first(half), span), Join(op, tests.subspan(half), span)}, span,
      kBooleanKind);
}

}  // namespace

LabelTestPtr MakeLabelTest(const ast::LabelExpressionPtr& labels) {
  struct Visitor {
    LabelTest operator()(const ast::LabelName& node) const {
      return {LabelTest::Op::kName, node.name.text, {}};
    }
    LabelTest operator()(const ast::LabelWildcard&) const { return {LabelTest::Op::kAny, {}, {}}; }
    LabelTest operator()(const ast::LabelComputed&) const {
      KB_ASSERT(false);  // SplitLabels has put it elsewhere
      return {LabelTest::Op::kAny, {}, {}};
    }
    LabelTest operator()(const ast::LabelNot& node) const {
      return {LabelTest::Op::kNot, {}, {MakeLabelTest(node.operand)}};
    }
    LabelTest operator()(const ast::LabelAnd& node) const {
      return Many(LabelTest::Op::kAnd, node.operands);
    }
    LabelTest operator()(const ast::LabelOr& node) const {
      return Many(LabelTest::Op::kOr, node.operands);
    }
    static LabelTest Many(LabelTest::Op op, const std::vector<ast::LabelExpressionPtr>& operands) {
      LabelTest test{op, {}, {}};
      for (const auto& operand : operands) test.operands.push_back(MakeLabelTest(operand));
      return test;
    }
  };
  if (!labels) return nullptr;
  return std::make_shared<const LabelTest>(std::visit(Visitor{}, labels->node));
}

LabelParts SplitLabels(const ast::LabelExpressionPtr& labels) {
  if (!labels) return {};
  if (!IsComputed(*labels)) return {labels, {}};
  const auto* both = std::get_if<ast::LabelAnd>(&labels->node);
  if (both == nullptr) return {nullptr, {labels}};
  LabelParts parts;
  std::vector<ast::LabelExpressionPtr> named;
  for (const auto& operand : both->operands) {
    LabelParts inner = SplitLabels(operand);
    if (inner.named) named.push_back(std::move(inner.named));
    std::move(inner.computed.begin(), inner.computed.end(), std::back_inserter(parts.computed));
  }
  if (named.size() == 1) {
    parts.named = named[0];
  } else if (!named.empty()) {
    parts.named = std::make_shared<const ast::LabelExpression>(
        ast::LabelExpression{ast::LabelAnd{std::move(named)}, labels->span});
  }
  return parts;
}

Result<void> NeedNames(const ast::LabelExpressionPtr& labels, std::string_view where,
                       std::string_view hint) {
  if (!labels || !IsComputed(*labels)) return {};
  return UnsupportedError("{} takes names, no expression that gives them", where)
      .At(labels->span)
      .During(Phase::kCompile)
      .Hint(std::string(hint));
}

Result<ExpressionPtr> QueryBinder::BindComputed(const ast::LabelComputed& labels) {
  KB_ASSIGN(ExpressionPtr names, BindExpression(*labels.names));
  if (IsNever(names->kinds, kStringKind | kListKind)) {
    return BindError("InvalidArgumentType", names->span,
                     "labels and types are given by a String or a List of them, but this is {}",
                     DescribeWithArticle(names->kinds));
  }
  return names;
}

Result<ExpressionPtr> QueryBinder::BindLabelTest(const ExpressionPtr& subject,
                                                 const ast::LabelExpressionPtr& labels) {
  const Span span = labels->span;
  if (!IsComputed(*labels)) {
    return MakeExpression(HasLabels{subject, MakeLabelTest(labels)}, span, kBooleanKind);
  }
  if (const auto* computed = std::get_if<ast::LabelComputed>(&labels->node)) {
    KB_ASSIGN(ExpressionPtr names, BindComputed(*computed));
    const auto* function = functions::Find(computed->any ? "hasAnyLabel" : "hasLabels");
    return MakeExpression(Call{function, {subject, std::move(names)}}, span, kBooleanKind);
  }
  if (const auto* operand = std::get_if<ast::LabelNot>(&labels->node)) {
    KB_ASSIGN(ExpressionPtr test, BindLabelTest(subject, operand->operand));
    return MakeExpression(Unary{ast::UnaryOperator::kNot, std::move(test)}, span, kBooleanKind);
  }
  const auto* both = std::get_if<ast::LabelAnd>(&labels->node);
  const auto& operands =
      both != nullptr ? both->operands : std::get_if<ast::LabelOr>(&labels->node)->operands;
  const auto op = both != nullptr ? ast::BinaryOperator::kAnd : ast::BinaryOperator::kOr;
  std::vector<ExpressionPtr> tests;
  for (const auto& operand : operands) {
    KB_ASSIGN(ExpressionPtr test, BindLabelTest(subject, operand));
    tests.push_back(std::move(test));
  }
  return Join(op, tests, span);
}

Result<ExpressionPtr> QueryBinder::BindHasLabels(const ast::HasLabels& test, Span span) {
  KB_ASSIGN(ExpressionPtr operand, BindExpression(*test.operand));
  if (IsNever(operand->kinds, kEntityKinds)) {
    return BindError("InvalidArgumentType", operand->span,
                     "only a Node or Relationship has labels or a type, but this is {}",
                     DescribeWithArticle(operand->kinds));
  }
  using Sort = UnknownName::Sort;
  names_.Read(operand->kinds == kNodeKind           ? Sort::kLabel
              : operand->kinds == kRelationshipKind ? Sort::kType
                                                    : Sort::kLabelOrType,
              test.labels);
  if (IsComputed(*test.labels)) return BindLabelTest(operand, test.labels);
  return MakeExpression(HasLabels{std::move(operand), MakeLabelTest(test.labels)}, span,
                        kBooleanKind);
}

}  // namespace kb::query::bind
