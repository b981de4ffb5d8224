// Plan: the bound tree to one logical operator tree. No choice is made here: patterns become
// MatchPattern, and the passes of query/optimize order them.
#pragma once

#include "query/bind/bound.h"
#include "query/plan/plan.h"
#include "schema/base/result.h"

namespace kb::query::plan {

/// Only for statements that are queries (not CREATE INDEX …).
::kb::Result<Plan> MakePlan(std::shared_ptr<const bind::Statement> statement);

/// The tree as text, one operator a line, as EXPLAIN shows it.
std::string Print(const Plan& plan);
/// Name and details of one operator, as in the text: {"Expand", "(p)-[:KNOWS]->(q)"}.
std::pair<std::string, std::string> Describe(const Operator& op, const Plan& plan);
/// A bound expression as text.
std::string Print(const bind::Expression& expression);
/// A label or type test as text: `A|(B&!C)`.
std::string Print(const bind::LabelTest& test);

}  // namespace kb::query::plan
