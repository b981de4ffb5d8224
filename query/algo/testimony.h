// Procedures that say what CREATE, SET, WITHDRAW, ASSERT and ERASE do, for programs that write
// plain openCypher; and the rule by which a case decides among contradicting statements.
#pragma once

#include "query/algo/algorithms.h"

namespace kb::query::algo {

Result<void> State(const Call& call);
Result<void> MakeNode(const Call& call);
Result<void> MakeRelationship(const Call& call);
Result<void> WithdrawStatement(const Call& call);
Result<void> AssertSame(const Call& call);
Result<void> AssertDistinct(const Call& call);
Result<void> WithdrawJudgement(const Call& call);
Result<void> EraseElement(const Call& call);
Result<void> EraseStatement(const Call& call);
Result<void> ShowRule(const Call& call);
Result<void> ChangeRule(const Call& call);

}  // namespace kb::query::algo
