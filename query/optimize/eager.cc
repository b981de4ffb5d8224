// Clauses see the graph as the clause before left it. Operators work batch by batch, so where one
// that writes stands below or above one that looks at the graph, all rows are gathered in between.
#include "query/optimize/pass_list.h"
#include "query/optimize/rewrite.h"
#include "query/plan/plan_query.h"

namespace kb::query::optimize {
namespace {

/// What a tree does to the graph.
struct Effects {
  bool reads = false;
  bool writes = false;
};

void Gather(OperatorPtr& input, const char* reason) {
  if (As<plan::Eager>(input) != nullptr) return;
  input = plan::MakeOperator(plan::Eager{reason}, std::move(input));
}

Effects Visit(OperatorPtr& op, bool plain) {
  Effects below;
  Effects below_left;
  for (auto& input : op->inputs) {
    const Effects effects = Visit(input, plain);
    if (&input == &op->inputs[0]) below_left = effects;
    below.reads = below.reads || effects.reads;
    below.writes = below.writes || effects.writes;
  }
  // A right side with effects (CALL { } or FOREACH that writes) makes the operator a writing one.
  bool writes = Writes(*op);
  bool reads = ReadsGraph(*op);
  if (op->inputs.size() == 2 && below.writes) writes = true;
  if (op->inputs.empty()) return {reads, writes};
  // Rows for IN TRANSACTIONS that do not come from the graph need not wait for one another.
  const auto* apply = As<plan::Apply>(op);
  const bool in_transactions = apply != nullptr && apply->transactions && !below_left.reads;
  const bool streams = std::holds_alternative<plan::Create>(op->node) && !reads && !below.reads;
  if (writes && (below.reads || plain) && !in_transactions) Gather(op->inputs[0], "before writing");
  if (below.writes && (reads || (writes && !streams)) && op->inputs.size() == 1) {
    Gather(op->inputs[0], "after writing");
  }
  if (below.writes && op->inputs.size() == 2 && !in_transactions) {
    Gather(op->inputs[0], "after writing");
  }
  return {below.reads || reads, below.writes || writes};
}

}  // namespace

Result<void> InsertEager(Context& context) {
  if (!context.plan.writes) return {};
  Visit(context.plan.root, context.plain);
  return {};
}

}  // namespace kb::query::optimize
