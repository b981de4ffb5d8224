// Makers of the operators, one a file of the same name. Each takes the plan node that it carries
// out and its inputs; those with a subplan take the rows that the subplan's Argument gives.
#pragma once

#include <memory>

#include "query/exec/operator.h"

namespace kb::query::exec {

OperatorPtr MakeArgument(Runtime& runtime, const plan::Operator& op, const ArgumentRows* rows);
OperatorPtr MakeEmpty(Runtime& runtime, const plan::Operator& op);
OperatorPtr MakeNodeScan(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
/// IndexSeek, IndexRange and IdSeek.
OperatorPtr MakeSeek(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeExpand(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeExpandVariable(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
/// ExpandVariable of a route; MakeExpandVariable sees to it.
OperatorPtr MakePathSearch(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
/// ExpandVariable with plan::IsReach.
OperatorPtr MakeReach(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
/// ExpandVariable with tests of steps, or with a length.
OperatorPtr MakeExpandLevels(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
/// ExpandVariable with count_only.
OperatorPtr MakeCountWalks(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeShortestPath(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeCountMatches(Runtime& runtime, const plan::Operator& op, OperatorPtr input,
                             const ArgumentRows* argument);
OperatorPtr MakeFilter(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeProject(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeUnwind(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
/// Unwind with `csv`; MakeUnwind calls it.
OperatorPtr MakeLoadCsv(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeAggregate(Runtime& runtime, const plan::Operator& op, OperatorPtr input,
                          const ArgumentRows* argument);
OperatorPtr MakeDistinct(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeSort(Runtime& runtime, const plan::Operator& op, OperatorPtr input,
                     const ArgumentRows* argument);
OperatorPtr MakeSkip(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeLimit(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeUnion(Runtime& runtime, const plan::Operator& op, OperatorPtr left,
                      OperatorPtr right);
OperatorPtr MakeApply(Runtime& runtime, const plan::Operator& op, OperatorPtr left,
                      OperatorPtr right, std::unique_ptr<ArgumentRows> argument);
/// Apply with `transactions`; MakeApply calls it.
OperatorPtr MakeApplyInTransactions(Runtime& runtime, const plan::Operator& op, OperatorPtr left,
                                    OperatorPtr right, std::unique_ptr<ArgumentRows> argument);
OperatorPtr MakeHashJoin(Runtime& runtime, const plan::Operator& op, OperatorPtr left,
                         OperatorPtr right);
OperatorPtr MakeEager(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeCreate(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeMerge(Runtime& runtime, const plan::Operator& op, OperatorPtr left,
                      OperatorPtr right, std::unique_ptr<ArgumentRows> argument);
OperatorPtr MakeSet(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeDelete(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeForeach(Runtime& runtime, const plan::Operator& op, OperatorPtr left,
                        OperatorPtr right, std::unique_ptr<ArgumentRows> argument);
OperatorPtr MakeCall(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeAmend(Runtime& runtime, const plan::Operator& op, OperatorPtr input);
OperatorPtr MakeResult(Runtime& runtime, const plan::Operator& op, OperatorPtr input);

}  // namespace kb::query::exec
