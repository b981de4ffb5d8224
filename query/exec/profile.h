// A plan as a tree of text, with the figures of the operators that carried it out (PROFILE) or
// without (EXPLAIN).
#pragma once

#include "query/engine.h"
#include "query/exec/operator.h"

namespace kb::query::exec {

PlanText Describe(const plan::Plan& plan, const plan::Operator& op);
/// Times are those of an operator with its inputs, memory is its own. Read after the rows are
/// through.
PlanText Describe(const plan::Plan& plan, const Operator& op);

}  // namespace kb::query::exec
