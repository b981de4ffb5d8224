// Procedures about evidence and time: what changed between two times, what hangs on one source,
// what was erased, who is one with whom and why.
#pragma once

#include "query/algo/algorithms.h"

namespace kb::query::algo {

Result<void> DifferencesBetween(const Call& call);
Result<void> SingleSourced(const Call& call);
Result<void> Erasures(const Call& call);
Result<void> Judgements(const Call& call);
Result<void> WhySame(const Call& call);

}  // namespace kb::query::algo
