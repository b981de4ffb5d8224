// LIMIT above a sort (with SKIP between, perhaps): the sort keeps only as many rows as can matter.
#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"

namespace kb::query::optimize {
namespace {

void PushDown(OperatorPtr& op) {
  const auto* limit = As<plan::Limit>(op);
  if (limit == nullptr) return;
  ExpressionPtr count = limit->count;
  Operator* below = op->inputs[0].get();
  if (const auto* skip = As<plan::Skip>(*below)) {
    count = plan::MakeExpression(bind::Binary{ast::BinaryOperator::kAdd, count, skip->count},
                                 count->span);
    below = below->inputs[0].get();
  }
  if (auto* sort = As<plan::Sort>(*below)) sort->limit = count;
}

}  // namespace

Result<void> PushDownLimit(Context& context) {
  ForEachTree(context.plan, [](OperatorPtr& root) { BottomUp(root, PushDown); });
  return {};
}

}  // namespace kb::query::optimize
