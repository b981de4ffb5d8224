// Procedures that list what there is: names in use, indexes, functions, procedures, the program.
#pragma once

#include <string>

#include "query/algo/algorithms.h"

namespace kb::query::algo {

Result<void> Labels(const Call& call);
Result<void> RelationshipTypes(const Call& call);
Result<void> PropertyKeys(const Call& call);
Result<void> Indexes(const Call& call);
Result<void> Constraints(const Call& call);
Result<void> Functions(const Call& call);
Result<void> Procedures(const Call& call);
Result<void> Transactions(const Call& call);
Result<void> Parts(const Call& call);
// schema_lists.cc
Result<void> NodeTypeProperties(const Call& call);
Result<void> RelationshipTypeProperties(const Call& call);
Result<void> Visualization(const Call& call);

/// `name(input :: TYPE, …) :: (output :: TYPE, …)`
std::string Signature(const bind::Procedure& procedure);

}  // namespace kb::query::algo
