// Counting without rows equals counting rows, and both equal a search that knows nothing of plans.
//
// Random patterns are asked of random multigraphs, before and after edits that are not committed
// yet; every pass is left out in its turn.
#include "tests/query/optimize/count_patterns.h"

namespace kb::query {
namespace {

class CountTest : public CountAsking {
 protected:
  /// Writes the graph into an open transaction: first some of it, which is committed, then the rest
  /// and a few relationships too many, which are deleted again.
  std::unique_ptr<storage::Transaction> Write(const Graph& graph) {
    store_ = storage::Store::InMemory();
    std::vector<schema::NodeId> ids;
    auto transaction = std::move(store_->Begin()).value();
    for (const auto& node : graph.nodes) {
      std::vector<schema::LabelId> labels;
      for (const char label : node.labels) {
        labels.push_back(transaction->Label(std::string(1, label)).value());
      }
      std::vector<std::pair<schema::KeyId, Value>> properties;
      if (node.v) properties.emplace_back(transaction->Key("v").value(), Value::Integer(*node.v));
      ids.push_back(transaction->CreateNode(labels, properties).value());
    }
    const auto add = [&](const Graph::Edge& edge) {
      const auto type = transaction->Type(std::string(1, edge.type)).value();
      return transaction
          ->CreateRelationship(ids[static_cast<std::size_t>(edge.source)], type,
                               ids[static_cast<std::size_t>(edge.target)], {})
          .value();
    };
    const std::size_t half = graph.edges.size() / 2;
    for (std::size_t i = 0; i < half; ++i) add(graph.edges[i]);
    EXPECT_TRUE(transaction->Commit().ok());
    transaction = std::move(store_->Begin()).value();
    std::vector<schema::RelationshipRef> extra;
    for (std::size_t i = half; i < graph.edges.size(); ++i) {
      if (Chance(30)) extra.push_back(add(RandomEdge(graph)));
      add(graph.edges[i]);
    }
    for (const auto& ref : extra) EXPECT_TRUE(transaction->DeleteRelationship(ref).ok());
    return transaction;
  }
};

TEST_F(CountTest, EveryPassLeavesTheCountsOfRandomPatternsAsTheyAre) {
  const Engines engines;
  for (int round = 0; round < 60; ++round) {
    const Graph graph = RandomGraph();
    const auto transaction = Write(graph);
    for (int i = 0; i < 8; ++i) {
      const Question question = RandomQuestion();
      const std::string text = TextOf(question);
      const auto expected = Answer(graph, question);
      for (std::size_t e = 0; e < engines.all.size(); ++e) {
        ASSERT_EQ(Ask(*engines.all[e], text, transaction->view()), expected)
            << "round " << round << ", without " << engines.left_out[e] << ":\n"
            << text;
      }
    }
    transaction->Rollback();
  }
}

TEST_F(CountTest, CountsThatDoNotFitIn64BitsAreAnError) {
  Do("CREATE (h:H) WITH h UNWIND range(1, 3000) AS i CREATE (h)-[:A]->(:L)");
  std::string text = "MATCH (h:H)-[:A]->()";
  for (int i = 0; i < 6; ++i) text += " MATCH (h)-[:A]->()";
  EXPECT_EQ(Rows(text + " RETURN count(*)"), std::vector<std::string>{"ArithmeticError "});
}

}  // namespace
}  // namespace kb::query
