// From a view as the statement says it to what storage derives.
#pragma once

#include "query/bind/bound.h"
#include "query/eval/evaluate.h"
#include "schema/base/result.h"
#include "storage/evidence.h"

namespace kb::query::exec {

/// The view that a row of `batch` asks for, derived from `context.view`. Errors: a time that is
/// null or not exact, sources that are neither texts nor nodes; those of storage::DeriveView.
Result<storage::View> DeriveView(const bind::ViewClause& clause, const Batch& batch,
                                 std::uint32_t row, eval::EvalContext& context);

}  // namespace kb::query::exec
