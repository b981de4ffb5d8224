// A view as a Boost.Graph graph, without copying it: what graph_traits asks for, over a Selection.
//
//   const auto selection = storage::Selection::Of(view);
//   const storage::UndirectedViewGraph graph(selection);
//   std::vector<int> component(num_vertices(graph));
//   boost::connected_components(graph, boost::make_iterator_property_map(
//       component.begin(), get(boost::vertex_index, graph)));
//
// Two types, because BGL chooses algorithms by a graph's type: ViewGraph is directed and
// bidirectional, UndirectedViewGraph reads every relationship both ways (a loop once). In both,
// edges(g) gives each relationship once. A vertex is a NodeId; vertex_index numbers the vertices
// from 0. An edge knows the end it was reached from, so source and target are right in either
// reading. Both graphs are VertexList, EdgeList, Adjacency and Bidirectional graphs. Functions are
// named as BGL names them.
//
// This header is for query/algo and kb/bgl.h: nothing else of kb sees Boost.Graph.
#pragma once

#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <utility>

#include "storage/selection.h"

namespace kb::storage {

/// A relationship as an edge. Identity is the relationship's.
struct ViewEdge {
  RelationshipRef relationship;
  NodeId source = schema::kNoNode;
  NodeId target = schema::kNoNode;

  friend bool operator==(const ViewEdge& a, const ViewEdge& b) {
    return a.relationship == b.relationship;
  }
  friend bool operator!=(const ViewEdge& a, const ViewEdge& b) { return !(a == b); }
  friend bool operator<(const ViewEdge& a, const ViewEdge& b) {
    return a.relationship.id() < b.relationship.id();
  }
};

/// The nodes of a selection in the order of their ids.
class ViewVertexIterator : public boost::iterator_facade<ViewVertexIterator, NodeId,
                                                         boost::forward_traversal_tag, NodeId> {
 public:
  ViewVertexIterator() = default;
  ViewVertexIterator(const Selection* selection, NodeId node)
      : selection_(selection), node_(node) {}

 private:
  friend class boost::iterator_core_access;
  NodeId dereference() const { return node_; }
  bool equal(const ViewVertexIterator& other) const { return node_ == other.node_; }
  void increment() { node_ = selection_->NextFrom(NodeId{schema::Raw(node_) + 1}); }

  const Selection* selection_ = nullptr;
  NodeId node_ = schema::kNoNode;
};

/// How the relationships of a node are read.
enum class Reading : std::uint8_t { kOut, kIn, kBoth };

/// The relationships of one node: a slice for each type and direction, those left out whose other
/// end is not selected. Under kBoth a loop comes once; under kIn the node is the target of what is
/// given.
template <Reading kReading>
class ViewEdgeIterator : public boost::iterator_facade<ViewEdgeIterator<kReading>, ViewEdge,
                                                       boost::forward_traversal_tag, ViewEdge> {
 public:
  ViewEdgeIterator() = default;
  /// The first of `node`, or, with kNoNode, nothing to come.
  ViewEdgeIterator(const Selection* selection, NodeId node) : selection_(selection), node_(node) {
    if (node != schema::kNoNode) Settle();
  }
  /// The place behind the last of `node`.
  static ViewEdgeIterator End(const Selection* selection, NodeId node) {
    ViewEdgeIterator end;
    end.selection_ = selection;
    end.node_ = node;
    end.lane_ = LaneCount(*selection);
    return end;
  }

 private:
  friend class boost::iterator_core_access;
  static std::size_t LaneCount(const Selection& selection) {
    return selection.types().size() * (kReading == Reading::kBoth ? 2 : 1);
  }
  TypeId type() const {
    return selection_->types()[kReading == Reading::kBoth ? lane_ / 2 : lane_];
  }
  bool is_out() const {
    return kReading == Reading::kOut || (kReading == Reading::kBoth && lane_ % 2 == 0);
  }

  ViewEdge dereference() const {
    const NodeId other = slice_.nodes[at_];
    const RelationshipRef ref{type(), slice_.edges[at_], is_out() ? node_ : other,
                              is_out() ? other : node_};
    const bool node_is_source = kReading != Reading::kIn;
    return {ref, node_is_source ? node_ : other, node_is_source ? other : node_};
  }
  bool equal(const ViewEdgeIterator& other) const {
    return lane_ == other.lane_ && at_ == other.at_ && node_ == other.node_;
  }
  void increment() {
    ++at_;
    Settle();
  }
  /// Moves on to the first place from here on that holds a relationship.
  void Settle() {
    const std::size_t lanes = LaneCount(*selection_);
    while (lane_ < lanes) {
      if (!is_open_) {
        slice_ = selection_->view().Neighbours(type(), is_out() ? Direction::kOut : Direction::kIn,
                                               node_);
        is_open_ = true;
      }
      for (; at_ < slice_.size; ++at_) {
        const NodeId other = slice_.nodes[at_];
        if (kReading == Reading::kBoth && !is_out() && other == node_) continue;
        if (!selection_->is_partial() || selection_->Has(other)) return;
      }
      at_ = 0;
      is_open_ = false;
      ++lane_;
    }
  }

  const Selection* selection_ = nullptr;
  NodeId node_ = schema::kNoNode;
  std::size_t lane_ = 0;
  std::uint32_t at_ = 0;
  bool is_open_ = false;
  Slice slice_;
};

/// The other ends, as adjacency_vertices gives them.
template <Reading kReading>
class ViewNeighbourIterator : public boost::iterator_facade<ViewNeighbourIterator<kReading>, NodeId,
                                                            boost::forward_traversal_tag, NodeId> {
 public:
  ViewNeighbourIterator() = default;
  explicit ViewNeighbourIterator(ViewEdgeIterator<kReading> at) : at_(at) {}

 private:
  friend class boost::iterator_core_access;
  NodeId dereference() const { return (*at_).target; }
  bool equal(const ViewNeighbourIterator& other) const { return at_ == other.at_; }
  void increment() { ++at_; }

  ViewEdgeIterator<kReading> at_;
};

/// Every relationship once: the outgoing ones of node after node.
class ViewEdgeListIterator : public boost::iterator_facade<ViewEdgeListIterator, ViewEdge,
                                                           boost::forward_traversal_tag, ViewEdge> {
 public:
  ViewEdgeListIterator() = default;
  ViewEdgeListIterator(const Selection* selection, NodeId node)
      : selection_(selection), node_(node) {
    Open();
  }

 private:
  friend class boost::iterator_core_access;
  using Edges = ViewEdgeIterator<Reading::kOut>;

  ViewEdge dereference() const { return *at_; }
  bool equal(const ViewEdgeListIterator& other) const {
    return node_ == other.node_ && (node_ == schema::kNoNode || at_ == other.at_);
  }
  void increment() {
    if (++at_ != end_) return;
    node_ = selection_->NextFrom(NodeId{schema::Raw(node_) + 1});
    Open();
  }
  void Open() {
    while (node_ != schema::kNoNode) {
      at_ = Edges(selection_, node_);
      end_ = Edges::End(selection_, node_);
      if (at_ != end_) return;
      node_ = selection_->NextFrom(NodeId{schema::Raw(node_) + 1});
    }
  }

  const Selection* selection_ = nullptr;
  NodeId node_ = schema::kNoNode;
  Edges at_, end_;
};

/// Borrows the selection, which must outlive it. A small value; thread-safe.
template <bool kDirected>
class BasicViewGraph {
 public:
  static constexpr Reading kReading = kDirected ? Reading::kOut : Reading::kBoth;

  using vertex_descriptor = NodeId;
  using edge_descriptor = ViewEdge;
  using vertex_iterator = ViewVertexIterator;
  using edge_iterator = ViewEdgeListIterator;
  using out_edge_iterator = ViewEdgeIterator<kReading>;
  using in_edge_iterator =
      std::conditional_t<kDirected, ViewEdgeIterator<Reading::kIn>, ViewEdgeIterator<kReading>>;
  using adjacency_iterator = ViewNeighbourIterator<kReading>;
  using vertices_size_type = std::uint32_t;
  using edges_size_type = std::uint64_t;
  using degree_size_type = std::uint32_t;
  using directed_category =
      std::conditional_t<kDirected, boost::bidirectional_tag, boost::undirected_tag>;
  using edge_parallel_category = boost::allow_parallel_edge_tag;
  struct traversal_category : boost::bidirectional_graph_tag,
                              boost::adjacency_graph_tag,
                              boost::vertex_list_graph_tag,
                              boost::edge_list_graph_tag {};

  static vertex_descriptor null_vertex() { return schema::kNoNode; }

  explicit BasicViewGraph(const Selection& selection) : selection_(&selection) {}
  const Selection& selection() const { return *selection_; }

 private:
  const Selection* selection_;
};

using ViewGraph = BasicViewGraph<true>;
using UndirectedViewGraph = BasicViewGraph<false>;

template <bool kDirected>
std::pair<ViewVertexIterator, ViewVertexIterator> vertices(const BasicViewGraph<kDirected>& g) {
  return {{&g.selection(), g.selection().NextFrom(NodeId{0})}, {&g.selection(), schema::kNoNode}};
}

template <bool kDirected>
std::uint32_t num_vertices(const BasicViewGraph<kDirected>& g) {
  return g.selection().size();
}

template <bool kDirected>
std::pair<ViewEdgeListIterator, ViewEdgeListIterator> edges(const BasicViewGraph<kDirected>& g) {
  const Selection* selection = &g.selection();
  return {{selection, selection->NextFrom(NodeId{0})}, {selection, schema::kNoNode}};
}

/// Counted for a part of the nodes, else known.
template <bool kDirected>
std::uint64_t num_edges(const BasicViewGraph<kDirected>& g) {
  std::uint64_t count = 0;
  if (!g.selection().is_partial()) {
    for (const TypeId type : g.selection().types()) {
      count += g.selection().view().RelationshipCount(type);
    }
    return count;
  }
  const auto range = edges(g);
  for (auto at = range.first; at != range.second; ++at) ++count;
  return count;
}

template <bool kDirected>
auto out_edges(NodeId node, const BasicViewGraph<kDirected>& g) {
  using Iterator = typename BasicViewGraph<kDirected>::out_edge_iterator;
  return std::pair(Iterator(&g.selection(), node), Iterator::End(&g.selection(), node));
}

/// In an undirected graph the node is the target of its incoming edges, as BGL has it.
template <bool kDirected>
auto in_edges(NodeId node, const BasicViewGraph<kDirected>& g) {
  using Iterator = typename BasicViewGraph<kDirected>::in_edge_iterator;
  return std::pair(Iterator(&g.selection(), node), Iterator::End(&g.selection(), node));
}

template <bool kDirected>
auto adjacent_vertices(NodeId node, const BasicViewGraph<kDirected>& g) {
  using Iterator = typename BasicViewGraph<kDirected>::adjacency_iterator;
  const auto range = out_edges(node, g);
  return std::pair(Iterator(range.first), Iterator(range.second));
}

template <typename Range>
std::uint32_t CountRange(const Range& range) {
  std::uint32_t count = 0;
  for (auto at = range.first; at != range.second; ++at) ++count;
  return count;
}

template <bool kDirected>
std::uint32_t out_degree(NodeId node, const BasicViewGraph<kDirected>& g) {
  if (g.selection().is_partial()) return CountRange(out_edges(node, g));
  std::uint32_t degree = 0;
  for (const TypeId type : g.selection().types()) {
    degree +=
        g.selection().view().Degree(type, kDirected ? Direction::kOut : Direction::kBoth, node);
  }
  return degree;
}

template <bool kDirected>
std::uint32_t in_degree(NodeId node, const BasicViewGraph<kDirected>& g) {
  return kDirected ? CountRange(in_edges(node, g)) : out_degree(node, g);
}

template <bool kDirected>
std::uint32_t degree(NodeId node, const BasicViewGraph<kDirected>& g) {
  return kDirected ? out_degree(node, g) + in_degree(node, g) : out_degree(node, g);
}

template <bool kDirected>
NodeId source(const ViewEdge& edge, const BasicViewGraph<kDirected>& /*g*/) {
  return edge.source;
}

template <bool kDirected>
NodeId target(const ViewEdge& edge, const BasicViewGraph<kDirected>& /*g*/) {
  return edge.target;
}

/// The property map vertex_index: a node's number in the selection.
class ViewVertexIndex {
 public:
  using key_type = NodeId;
  using value_type = std::uint32_t;
  using reference = std::uint32_t;
  using category = boost::readable_property_map_tag;

  ViewVertexIndex() = default;
  explicit ViewVertexIndex(const Selection* selection) : selection_(selection) {}
  std::uint32_t operator[](NodeId node) const { return selection_->NumberOf(node); }
  friend std::uint32_t get(const ViewVertexIndex& map, NodeId node) { return map[node]; }

 private:
  const Selection* selection_ = nullptr;
};

template <bool kDirected>
ViewVertexIndex get(boost::vertex_index_t, const BasicViewGraph<kDirected>& g) {
  return ViewVertexIndex(&g.selection());
}
template <bool kDirected>
std::uint32_t get(boost::vertex_index_t, const BasicViewGraph<kDirected>& g, NodeId node) {
  return g.selection().NumberOf(node);
}

}  // namespace kb::storage

namespace boost {
template <bool kDirected>
struct property_map<kb::storage::BasicViewGraph<kDirected>, vertex_index_t> {
  using type = kb::storage::ViewVertexIndex;
  using const_type = kb::storage::ViewVertexIndex;
};
}  // namespace boost
