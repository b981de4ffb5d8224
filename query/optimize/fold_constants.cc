// Computes expressions without slots, parameters or the graph once, at planning. An expression that
// fails stays as it is, so that the error comes when, and only if, a row needs it.
#include "query/eval/evaluate.h"
#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"

namespace kb::query::optimize {
namespace {

bool IsConstant(const bind::Expression& e) {
  return std::holds_alternative<bind::Constant>(e.node);
}

bool IsFoldable(const bind::Expression& e) {
  if (const auto* call = std::get_if<bind::Call>(&e.node)) {
    // What a short text can make long (range) is for the run, which can be stopped.
    return call->function->deterministic && !call->function->reads_graph &&
           (e.kinds & functions::Set(schema::Kind::kList)) == 0;
  }
  return std::holds_alternative<bind::Unary>(e.node) ||
         std::holds_alternative<bind::Binary>(e.node) ||
         std::holds_alternative<bind::Comparison>(e.node) ||
         std::holds_alternative<bind::IsNull>(e.node) ||
         std::holds_alternative<bind::ListOf>(e.node) ||
         std::holds_alternative<bind::MapOf>(e.node) ||
         std::holds_alternative<bind::Subscript>(e.node) ||
         std::holds_alternative<bind::Slice>(e.node);
}

ExpressionPtr Fold(const ExpressionPtr& expression) {
  ExpressionPtr folded = plan::RewriteChildren(expression, Fold);
  if (!IsFoldable(*folded)) return folded;
  bool constant = true;
  plan::ForEachChild(
      *folded, [&](const ExpressionPtr& child) { constant = constant && IsConstant(*child); });
  if (!constant) return folded;
  eval::EvalContext context;
  Result<schema::Value> value = eval::EvaluateConstant(*folded, context);
  if (!value.ok()) return folded;
  ExpressionPtr result = plan::MakeConstant(std::move(value).value());
  return plan::MakeExpression(result->node, folded->span, folded->kinds);
}

/// A filter that always holds goes.
void SimplifyFilter(OperatorPtr& op) {
  const auto* filter = As<plan::Filter>(op);
  if (filter == nullptr) return;
  const auto* constant = std::get_if<bind::Constant>(&filter->predicate->node);
  if (constant == nullptr) return;
  if (constant->value.is_boolean() && constant->value.boolean()) {
    OperatorPtr input = std::move(op->inputs[0]);
    op = std::move(input);
  }
}

}  // namespace

Result<void> FoldConstants(Context& context) {
  ForEachTree(context.plan, [](OperatorPtr& root) {
    BottomUp(root, [](OperatorPtr& op) {
      ForEachExpression(*op, [](ExpressionPtr& e) { e = Fold(e); });
      if (auto* match = As<plan::MatchPattern>(op)) {
        std::erase_if(match->predicates, [](const ExpressionPtr& e) {
          const auto* constant = std::get_if<bind::Constant>(&e->node);
          return constant != nullptr && constant->value.is_boolean() && constant->value.boolean();
        });
      }
      SimplifyFilter(op);
    });
  });
  return {};
}

}  // namespace kb::query::optimize
