#include "query/exec/profile.h"

#include "query/plan/planner.h"

namespace kb::query::exec {
namespace {

PlanText OneLine(const plan::Plan& plan, const plan::Operator& op) {
  PlanText text;
  std::tie(text.op, text.details) = plan::Describe(op, plan);
  text.estimated_rows = op.estimated_rows;
  return text;
}

}  // namespace

PlanText Describe(const plan::Plan& plan, const plan::Operator& op) {
  PlanText text = OneLine(plan, op);
  for (const auto& input : op.inputs) text.children.push_back(Describe(plan, *input));
  return text;
}

PlanText Describe(const plan::Plan& plan, const Operator& op) {
  PlanText text = OneLine(plan, op.plan());
  text.rows = op.row_count();
  text.time_us = op.nanos() / 1000;
  text.memory_bytes = op.peak_bytes();
  for (const auto& input : op.inputs()) text.children.push_back(Describe(plan, *input));
  return text;
}

}  // namespace kb::query::exec
