// The algorithms, each a procedure body in a file of its own; procedures.cc lists them.
#pragma once

#include "query/algo/procedure.h"
#include "storage/selection.h"

namespace kb::query::algo {

using Call = bind::Procedure::Call;

/// The optional argument of every algorithm: {labels: [...], types: [...]}; empty or absent lists
/// mean all. Errors: a name that is not an option, a value that is no list of strings.
Result<storage::SelectionOptions> ReadConfiguration(const Call& call);

Result<void> Betweenness(const Call& call);
Result<void> Components(const Call& call);
Result<void> PageRank(const Call& call);
Result<void> StrongComponents(const Call& call);

}  // namespace kb::query::algo
