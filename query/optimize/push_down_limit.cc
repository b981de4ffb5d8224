// LIMIT above a sort (with SKIP between, perhaps): the sort keeps only as many rows as can matter.
// And what is projected below the sort, properties of what it sorts, is projected above it, for the
// rows that are kept: m.id need not be read of all messages for the ids of the latest ten.
#include <algorithm>

#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"

namespace kb::query::optimize {
namespace {

/// Reading it fails on no row: it may be read of fewer.
bool CannotFail(const bind::Expression& e) {
  constexpr bind::KindSet kEntities =
      functions::Set(schema::Kind::kNode, schema::Kind::kRelationship);
  if (const auto* property = std::get_if<bind::Property>(&e.node)) {
    return std::holds_alternative<bind::SlotRef>(property->subject->node) &&
           (property->subject->kinds & ~kEntities) == 0;
  }
  return std::holds_alternative<bind::SlotRef>(e.node) ||
         std::holds_alternative<bind::Constant>(e.node);
}

/// Whether the slots that are projected are others than those that are read for it, so that each
/// means one thing below and above.
bool GivesNewSlots(const plan::Project& project) {
  SlotSet read;
  for (const auto& item : project.items) plan::CollectSlots(*item.second, &read);
  return std::none_of(project.items.begin(), project.items.end(),
                      [&](const auto& item) { return read.contains(item.first); });
}

/// Puts a projection below a sort above it.
void ProjectLate(OperatorPtr& op) {
  auto& sort = *As<plan::Sort>(op);
  const auto* project = As<plan::Project>(op->inputs[0]);
  if (project == nullptr || !GivesNewSlots(*project)) return;
  const bool are_safe = std::all_of(project->items.begin(), project->items.end(),
                                    [](const auto& item) { return CannotFail(*item.second); });
  const bool are_plain = std::none_of(sort.keys.begin(), sort.keys.end(), [](const auto& key) {
    return plan::ContainsSubquery(*key.expression);
  });
  if (!are_safe || !are_plain) return;
  const std::function<ExpressionPtr(const ExpressionPtr&)> rewrite =
      [&](const ExpressionPtr& e) -> ExpressionPtr {
    const auto* slot = std::get_if<bind::SlotRef>(&e->node);
    if (slot == nullptr) return plan::RewriteChildren(e, rewrite);
    for (const auto& item : project->items) {
      if (item.first == slot->slot) return item.second;
    }
    return e;
  };
  for (auto& key : sort.keys) key.expression = rewrite(key.expression);
  OperatorPtr above = std::move(op->inputs[0]);
  op->inputs[0] = std::move(above->inputs[0]);
  above->estimated_rows = op->estimated_rows;
  above->inputs[0] = std::move(op);
  op = std::move(above);
}

void PushDown(OperatorPtr& op) {
  const auto* limit = As<plan::Limit>(op);
  if (limit == nullptr) return;
  ExpressionPtr count = limit->count;
  OperatorPtr* below = &op->inputs[0];
  if (const auto* skip = As<plan::Skip>(*below)) {
    count = plan::MakeExpression(bind::Binary{ast::BinaryOperator::kAdd, count, skip->count},
                                 count->span);
    below = &(*below)->inputs[0];
  }
  auto* sort = As<plan::Sort>(*below);
  if (sort == nullptr) return;
  sort->limit = count;
  ProjectLate(*below);
}

}  // namespace

Result<void> PushDownLimit(Context& context) {
  ForEachTree(context.plan, [](OperatorPtr& root) { BottomUp(root, PushDown); });
  return {};
}

}  // namespace kb::query::optimize
