// The adaptor models BGL's concepts, and reads what the view holds.
#include "storage/view_bgl.h"

#include <gtest/gtest.h>

#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/graph_concepts.hpp>
#include <set>

#include "storage/store.h"

namespace kb::storage {
namespace {

BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<ViewGraph>));
BOOST_CONCEPT_ASSERT((boost::EdgeListGraphConcept<ViewGraph>));
BOOST_CONCEPT_ASSERT((boost::BidirectionalGraphConcept<ViewGraph>));
BOOST_CONCEPT_ASSERT((boost::AdjacencyGraphConcept<ViewGraph>));
BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<UndirectedViewGraph>));
BOOST_CONCEPT_ASSERT((boost::EdgeListGraphConcept<UndirectedViewGraph>));
BOOST_CONCEPT_ASSERT((boost::BidirectionalGraphConcept<UndirectedViewGraph>));
BOOST_CONCEPT_ASSERT((boost::AdjacencyGraphConcept<UndirectedViewGraph>));
static_assert(boost::is_directed_graph<ViewGraph>::value);
static_assert(boost::is_undirected_graph<UndirectedViewGraph>::value);

/// a -R-> b, a -R-> b (parallel), b -S-> b (loop), b -S-> c, and d alone, with a hole between.
class ViewBglTest : public testing::Test {
 protected:
  void SetUp() override {
    auto transaction = std::move(store_->Begin()).value();
    const LabelId person = *transaction->Label("Person");
    const LabelId place = *transaction->Label("Place");
    const TypeId r = *transaction->Type("R");
    const TypeId s = *transaction->Type("S");
    const auto node = [&](LabelId label) {
      return *transaction->CreateNode(std::span(&label, 1), {});
    };
    a_ = node(person);
    const NodeId gone = node(person);
    b_ = node(person);
    c_ = node(place);
    d_ = node(place);
    for (const auto& [from, type, to] : {std::tuple(a_, r, b_), std::tuple(a_, r, b_),
                                         std::tuple(b_, s, b_), std::tuple(b_, s, c_)}) {
      ASSERT_TRUE(transaction->CreateRelationship(from, type, to, {}).ok());
    }
    ASSERT_TRUE(transaction->DeleteNode(gone).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }

  template <typename Range>
  static std::size_t Count(const Range& range) {
    return static_cast<std::size_t>(std::distance(range.first, range.second));
  }

  std::unique_ptr<Store> store_ = Store::InMemory();
  NodeId a_{}, b_{}, c_{}, d_{};
};

TEST_F(ViewBglTest, VerticesAreTheNodesNumberedDensely) {
  const Selection selection = Selection::Of(store_->Present());
  const ViewGraph graph(selection);
  EXPECT_EQ(num_vertices(graph), 4u);
  std::set<std::uint32_t> numbers;
  const auto range = vertices(graph);
  for (auto at = range.first; at != range.second; ++at) {
    numbers.insert(get(boost::vertex_index, graph, *at));
  }
  EXPECT_EQ(numbers, (std::set<std::uint32_t>{0, 1, 2, 3}));
}

TEST_F(ViewBglTest, EdgesComeOnceInEitherReading) {
  const Selection selection = Selection::Of(store_->Present());
  EXPECT_EQ(Count(edges(ViewGraph(selection))), 4u);
  EXPECT_EQ(Count(edges(UndirectedViewGraph(selection))), 4u);
  EXPECT_EQ(num_edges(ViewGraph(selection)), 4u);
}

TEST_F(ViewBglTest, DegreesFollowTheReading) {
  const Selection selection = Selection::Of(store_->Present());
  const ViewGraph directed(selection);
  EXPECT_EQ(out_degree(b_, directed), 2u);
  EXPECT_EQ(in_degree(b_, directed), 3u);
  EXPECT_EQ(Count(out_edges(b_, directed)), 2u);
  EXPECT_EQ(Count(in_edges(b_, directed)), 3u);
  const UndirectedViewGraph undirected(selection);
  EXPECT_EQ(Count(out_edges(b_, undirected)), 4u) << "the loop counts once";
  EXPECT_EQ(Count(adjacent_vertices(c_, undirected)), 1u);
  EXPECT_EQ(*adjacent_vertices(c_, undirected).first, b_);
}

TEST_F(ViewBglTest, EndsOfAnEdgeAreThoseItWasReachedBy) {
  const Selection selection = Selection::Of(store_->Present());
  const UndirectedViewGraph graph(selection);
  const ViewEdge edge = *out_edges(c_, graph).first;
  EXPECT_EQ(source(edge, graph), c_);
  EXPECT_EQ(target(edge, graph), b_);
  EXPECT_EQ(edge.relationship.source, b_);
  const ViewGraph directed(selection);
  const ViewEdge incoming = *in_edges(c_, directed).first;
  EXPECT_EQ(source(incoming, directed), b_);
  EXPECT_EQ(target(incoming, directed), c_);
}

TEST_F(ViewBglTest, SelectionLeavesOutNodesAndTypes) {
  const Selection selection =
      Selection::Of(store_->Present(), {.labels = {"Person"}, .types = {"S"}});
  const ViewGraph graph(selection);
  EXPECT_EQ(num_vertices(graph), 2u);
  EXPECT_EQ(num_edges(graph), 1u) << "only the loop";
  EXPECT_EQ(out_degree(b_, graph), 1u);
  EXPECT_EQ(num_vertices(ViewGraph(Selection::Of(store_->Present(), {.labels = {"Nobody"}}))), 0u);
}

TEST_F(ViewBglTest, AnAlgorithmOfBoostRunsOnIt) {
  const Selection selection = Selection::Of(store_->Present());
  const ViewGraph graph(selection);
  const auto index = get(boost::vertex_index, graph);
  std::vector<int> distance(num_vertices(graph), -1);
  distance[index[a_]] = 0;
  std::vector<boost::default_color_type> color(num_vertices(graph));
  auto distances = boost::make_iterator_property_map(distance.begin(), index);
  boost::breadth_first_search(
      graph, a_,
      boost::visitor(
          boost::make_bfs_visitor(boost::record_distances(distances, boost::on_tree_edge())))
          .color_map(boost::make_iterator_property_map(color.begin(), index)));
  EXPECT_EQ(distance[index[b_]], 1);
  EXPECT_EQ(distance[index[c_]], 2);
  EXPECT_EQ(distance[index[d_]], -1);
}

}  // namespace
}  // namespace kb::storage
