// The passes, one function and one file each (see passes.cc for the order and what they do).
#pragma once

#include "query/optimize/passes.h"

namespace kb::query::optimize {

Result<void> FoldConstants(Context& context);
Result<void> MergeMatches(Context& context);
Result<void> PushDownFilter(Context& context);
Result<void> InferLabels(Context& context);
Result<void> UseIndex(Context& context);
Result<void> OrderJoins(Context& context);
Result<void> JoinByHash(Context& context);
Result<void> PushDownLimit(Context& context);
Result<void> InsertEager(Context& context);
Result<void> PruneColumns(Context& context);
Result<void> PushDownAggregate(Context& context);
Result<void> ReachOnly(Context& context);
Result<void> TestSteps(Context& context);
Result<void> CountWalks(Context& context);

}  // namespace kb::query::optimize
