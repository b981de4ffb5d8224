// Procedures about evidence and time: what changed between two times, what hangs on one source.
#pragma once

#include "query/algo/algorithms.h"

namespace kb::query::algo {

Result<void> DifferencesBetween(const Call& call);
Result<void> SingleSourced(const Call& call);

}  // namespace kb::query::algo
