// Notices: names in a statement that nothing in the case has.
#pragma once

#include <vector>

#include "query/bind/bound.h"
#include "schema/base/notice.h"
#include "storage/graph.h"

namespace kb::query {

/// What the statement reads and the view does not know, each with the nearest name that it has. A
/// prepared statement may be older than the view: it is looked again. None for a case without
/// nodes, where every name is new.
std::vector<Notice> FindNotices(const bind::Statement& statement, const storage::View& view);

}  // namespace kb::query
