// Procedures that run queries: in another view, and the path searches that have words of their own
// in this language (CHRONOLOGICAL, SHORTEST … BY GRADE), for programs that write plain openCypher.
#pragma once

#include "query/algo/algorithms.h"

namespace kb::query::algo {

Result<void> AskView(const Call& call);
Result<void> Chains(const Call& call);
Result<void> ShortestByGrade(const Call& call);

}  // namespace kb::query::algo
