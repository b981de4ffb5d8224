// What is said about a statement that has run: changes, times, the plan as rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kb/cursor.h"

namespace kb::shell {

/// "created 2 nodes, set 3 properties"; "" if nothing changed.
std::string ChangesText(const Counters& counters);
/// "12 µs", "3.4 ms", "1.25 s".
std::string TimeText(std::uint64_t microseconds);

/// A plan as a table: the tree drawn in the first column.
std::vector<std::string> PlanColumns(bool profiled);
std::vector<std::vector<schema::Value>> PlanRows(const PlanNode& plan, bool profiled);

}  // namespace kb::shell
