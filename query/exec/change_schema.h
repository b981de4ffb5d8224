// CREATE and DROP of indexes and constraints: no plan, one call.
#pragma once

#include "query/bind/bound.h"
#include "schema/base/result.h"
#include "storage/graph.h"

namespace kb::query::exec {

/// Carries out a statement that is no query. Errors: those of the catalog with the statement's
/// place, and kConstraint where the data break the rule.
Result<void> ChangeSchema(const bind::Statement& statement, storage::Transaction& transaction);

}  // namespace kb::query::exec
