// kb.algo.betweenness: how often a node lies on the shortest paths between others (Brandes),
// relationships read in their direction. Exact, so its time grows with nodes times relationships.
#include <boost/graph/betweenness_centrality.hpp>

#include "query/algo/algorithms.h"
#include "query/algo/stoppable.h"

namespace kb::query::algo {

Result<void> Betweenness(const Call& call) {
  KB_ASSIGN(const auto options, ReadConfiguration(call));
  const auto selection = storage::Selection::Of(call.view, options);
  const storage::ViewGraph graph(selection);
  std::vector<double> score(num_vertices(graph));
  std::uint32_t looks = 0;
  const StoppableIndex index(get(boost::vertex_index, graph), call.cancellation, &looks);
  KB_TRY(RunStoppable([&] {
    boost::brandes_betweenness_centrality(
        graph, boost::centrality_map(boost::make_iterator_property_map(score.begin(), index))
                   .vertex_index_map(index));
  }));
  const std::vector<schema::NodeId> nodes = selection.Nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    KB_TRY(call.emit({schema::Value::Node(nodes[i]), schema::Value::Float(score[i])}));
  }
  return {};
}

}  // namespace kb::query::algo
