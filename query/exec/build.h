// Build: a logical plan to operators that run. One operator a node; no choice is made here.
#pragma once

#include "query/exec/operator.h"
#include "query/exec/runtime.h"

namespace kb::query::exec {

/// Operators for a tree whose Argument leaves give `argument`'s rows. All three are borrowed for
/// the life of the result. The tree must have been through the optimiser (no MatchPattern is left).
OperatorPtr Build(Runtime& runtime, const plan::Operator& op, const ArgumentRows* argument);

}  // namespace kb::query::exec
