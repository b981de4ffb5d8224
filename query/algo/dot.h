// A view, or a part of it, as GraphViz DOT.
#pragma once

#include <string>

#include "storage/selection.h"

namespace kb::query::algo {

/// A digraph: nodes with their labels and name (`name`, else `title`, else `id`), edges with their
/// types. Text is escaped; ids are the nodes' own, so two pictures can be compared.
std::string ToDot(const storage::Selection& selection);

}  // namespace kb::query::algo
