// The running statement as a stream of rows for the user.
#pragma once

#include <memory>

#include "query/engine.h"

namespace kb::query::exec {

/// Builds the operators and gives the rows that come out of them, described. A statement without
/// columns is carried out as a whole by the first Next.
std::unique_ptr<ResultStream> MakeStream(std::shared_ptr<const Prepared> prepared,
                                         RunContext context);

}  // namespace kb::query::exec
