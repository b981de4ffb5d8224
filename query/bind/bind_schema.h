// Schema commands: indexes and constraints.
#pragma once

#include "query/ast/statement.h"
#include "query/bind/bound.h"
#include "schema/base/result.h"

namespace kb::query::bind {

/// CREATE and DROP of indexes and constraints, into `bound->node`. Without a name they get one made
/// of label and properties.
Result<void> BindSchema(const ast::Statement& statement, Statement* bound);

}  // namespace kb::query::bind
