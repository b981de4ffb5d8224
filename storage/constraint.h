// Constraints: whether the data keep what the catalog's definitions demand.
//
// A writer's changes are verified element by element (VerifyChanged, with the index that a UNIQUE
// or KEY constraint owns); what was not written by transactions (data from before the constraint,
// bulk loads) as a whole (VerifyConstraint).
#pragma once

#include <vector>

#include "schema/base/result.h"
#include "storage/graph.h"
#include "storage/image/root.h"

namespace kb::storage {

/// What has been written: elements may be named more than once, and be gone.
struct Changed {
  std::vector<NodeId> nodes;
  std::vector<RelationshipRef> relationships;

  bool empty() const { return nodes.empty() && relationships.empty(); }
};

/// Error kConstraint naming constraint, element and value, for the first that breaks one.
Result<void> VerifyChanged(const Root& root, Changed changed);
/// The same for all elements and one constraint, which need not be in the catalog yet.
Result<void> VerifyConstraint(const Root& root, const schema::ConstraintDefinition& constraint);

}  // namespace kb::storage
