// For users of Boost.Graph: the present state of a case as a graph that BGL's algorithms take,
// without copying it. Include it only where BGL is used; it needs Boost's headers.
//
//   const auto selection = kb::Select(database, {.labels = {"Person"}, .types = {"KNOWS"}});
//   const kb::DirectedGraph graph(selection);
//   std::vector<double> rank(num_vertices(graph));
//   boost::graph::page_rank(graph, boost::make_iterator_property_map(
//       rank.begin(), get(boost::vertex_index, graph)));
//
// The selection holds the state it was made from: later writes do not change it.
#pragma once

#include "kb/database.h"
#include "storage/selection.h"
#include "storage/store.h"
#include "storage/view_bgl.h"

namespace kb {

using DirectedGraph = storage::ViewGraph;
using UndirectedGraph = storage::UndirectedViewGraph;

/// Everything committed before the call.
inline storage::Selection Select(Database& database,
                                 const storage::SelectionOptions& options = {}) {
  return storage::Selection::Of(database.store().Present(), options);
}

}  // namespace kb
