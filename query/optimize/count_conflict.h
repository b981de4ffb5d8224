// Relationships of one MATCH must differ: which of the links of a pattern that is counted could be
// the same one.
#pragma once

#include "query/optimize/count_tree.h"

namespace kb::query::optimize {

/// Whether two links of one clause could be the same relationship, as far as types go.
bool MayBeSame(const CountGraph::Link& a, const CountGraph::Link& b);

/// Which relationships of a MATCH must be kept apart.
enum class Conflict : std::uint8_t {
  kNone,    ///< They cannot be the same one: by type, or because their ends differ.
  kCheck,   ///< The same where their ends are the same, which CountConflict sees to.
  kUnclear  ///< Neither: they cannot be counted.
};
Conflict ConflictOf(const CountGraph& graph, const CountGraph::Link& a, const CountGraph::Link& b);

bool SameTypes(const plan::NameList& a, const plan::NameList& b);

}  // namespace kb::query::optimize
