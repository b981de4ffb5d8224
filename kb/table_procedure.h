// Procedures backed by a table of rows (machine protocol): signature parsing and matching.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "kb/session.h"
#include "query/algo/procedure.h"

namespace kb {

/// Errors: kArgument when the signature cannot be read or a row has the wrong number of values.
Result<std::shared_ptr<const query::bind::Procedure>> MakeTableProcedure(TableProcedure procedure);

std::shared_ptr<const query::bind::Procedure> FindTableProcedure(
    const std::vector<std::shared_ptr<const query::bind::Procedure>>& procedures,
    std::string_view name);

}  // namespace kb
