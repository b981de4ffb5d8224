// kb.algo.components: which nodes hang together, relationships read either way.
#include <boost/graph/connected_components.hpp>

#include "query/algo/algorithms.h"
#include "query/algo/stoppable.h"

namespace kb::query::algo {

Result<void> Components(const Call& call) {
  KB_ASSIGN(const auto options, ReadConfiguration(call));
  const auto selection = storage::Selection::Of(call.view, options);
  const storage::UndirectedViewGraph graph(selection);
  std::vector<std::uint32_t> component(num_vertices(graph));
  std::uint32_t looks = 0;
  const StoppableIndex index(get(boost::vertex_index, graph), call.cancellation, &looks);
  KB_TRY(RunStoppable([&] {
    boost::connected_components(graph, boost::make_iterator_property_map(component.begin(), index),
                                boost::vertex_index_map(index));
  }));
  const std::vector<schema::NodeId> nodes = selection.Nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    KB_TRY(call.emit({schema::Value::Node(nodes[i]), schema::Value::Integer(component[i])}));
  }
  return {};
}

}  // namespace kb::query::algo
