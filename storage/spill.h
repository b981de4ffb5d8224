// Where rows of a statement can go that are too many for memory. Included by query/exec.
#pragma once

#include <memory>

#include "storage/graph.h"
#include "storage/image/paged.h"

namespace kb::storage {

/// The paged memory of the case that a view belongs to, or null: memory is not limited, or the case
/// is in memory itself.
std::shared_ptr<PagedMemory> SpillMemory(const View& view);

}  // namespace kb::storage
