// The algorithms on graphs whose answers are known.
#include <gtest/gtest.h>

#include <map>

#include "query/algo/dot.h"
#include "query/algo/procedure.h"
#include "storage/selection.h"
#include "storage/store.h"

namespace kb::query::algo {
namespace {

using schema::NodeId;
using schema::Value;

/// Nodes 0 … n-1 labelled N (the last also Odd), relationships of type R.
class AlgorithmsTest : public testing::Test {
 protected:
  void Make(std::uint32_t nodes, const std::vector<std::pair<int, int>>& relationships) {
    auto transaction = std::move(store_->Begin()).value();
    const auto label = *transaction->Label("N");
    const auto type = *transaction->Type("R");
    const auto name = *transaction->Key("name");
    for (std::uint32_t i = 0; i < nodes; ++i) {
      std::vector<schema::LabelId> labels = {label};
      if (i + 1 == nodes) labels.push_back(*transaction->Label("Odd"));
      const std::pair<schema::KeyId, Value> property(name, Value::String("\"" + std::to_string(i)));
      ids_.push_back(*transaction->CreateNode(labels, std::span(&property, 1)));
    }
    for (const auto& [from, to] : relationships) {
      ASSERT_TRUE(transaction->CreateRelationship(Id(from), type, Id(to), {}).ok());
    }
    ASSERT_TRUE(transaction->Commit().ok());
  }
  NodeId Id(int i) const { return ids_[static_cast<std::size_t>(i)]; }

  /// Runs a procedure of (node, figure) rows; by position of the node.
  std::map<std::size_t, double> Run(std::string_view name, std::vector<Value> arguments = {}) {
    const auto procedure = FindProcedure(name);
    std::map<std::size_t, double> figures;
    const storage::View view = store_->Present();
    const auto emit = [&](std::vector<Value> row) -> Result<void> {
      const auto at = std::find(ids_.begin(), ids_.end(), row[0].node()) - ids_.begin();
      figures[static_cast<std::size_t>(at)] = row[1].number();
      return {};
    };
    const auto outcome = procedure->run({view, arguments, emit, nullptr});
    EXPECT_TRUE(outcome.ok()) << outcome.error().message();
    return figures;
  }

  std::unique_ptr<storage::Store> store_ = storage::Store::InMemory();
  std::vector<NodeId> ids_;
};

TEST_F(AlgorithmsTest, ComponentsIgnoreDirections) {
  Make(6, {{0, 1}, {2, 1}, {3, 4}, {4, 4}});
  const auto found = Run("kb.algo.components");
  EXPECT_EQ(found.at(0), found.at(1));
  EXPECT_EQ(found.at(0), found.at(2));
  EXPECT_EQ(found.at(3), found.at(4));
  EXPECT_NE(found.at(0), found.at(3));
  EXPECT_NE(found.at(5), found.at(0));
  EXPECT_NE(found.at(5), found.at(3));
}

TEST_F(AlgorithmsTest, StrongComponentsNeedAWayBack) {
  Make(4, {{0, 1}, {1, 2}, {2, 0}, {2, 3}});
  const auto found = Run("kb.algo.strongComponents");
  EXPECT_EQ(found.at(0), found.at(1));
  EXPECT_EQ(found.at(0), found.at(2));
  EXPECT_NE(found.at(0), found.at(3));
}

TEST_F(AlgorithmsTest, BetweennessCountsShortestPathsThroughANode) {
  Make(5, {{0, 1}, {1, 2}, {2, 3}, {3, 4}});
  const auto found = Run("gds.betweenness");
  EXPECT_DOUBLE_EQ(found.at(0), 0);
  EXPECT_DOUBLE_EQ(found.at(1), 3);
  EXPECT_DOUBLE_EQ(found.at(2), 4);
  EXPECT_DOUBLE_EQ(found.at(4), 0);
}

TEST_F(AlgorithmsTest, PageRankSumsToOneAndFavoursTheReferredTo) {
  Make(4, {{0, 3}, {1, 3}, {2, 3}, {3, 0}});
  const auto found = Run("kb.algo.pageRank");
  double sum = 0;
  for (const auto& [node, rank] : found) sum += rank;
  EXPECT_NEAR(sum, 1, 1e-6);
  EXPECT_GT(found.at(3), found.at(0));
  EXPECT_GT(found.at(0), found.at(1));
}

TEST_F(AlgorithmsTest, ConfigurationSelectsNodesByLabel) {
  Make(3, {{0, 1}, {1, 2}});
  const auto found =
      Run("kb.algo.components", {Value::Map({{"labels", Value::List({Value::String("Odd")})}})});
  EXPECT_EQ(found.size(), 1u);
  EXPECT_TRUE(found.contains(2));
}

TEST_F(AlgorithmsTest, UnknownOptionIsAnArgumentError) {
  Make(1, {});
  const std::vector<Value> arguments = {Value::Map({{"label", Value::List({})}})};
  const auto outcome = FindProcedure("kb.algo.components")
                           ->run({store_->Present(), arguments,
                                  [](std::vector<Value>) -> Result<void> { return {}; }, nullptr});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code(), ErrorCode::kArgument);
}

TEST_F(AlgorithmsTest, CancellationStopsBetweenness) {
  std::vector<std::pair<int, int>> ring;
  for (int i = 0; i < 600; ++i) ring.emplace_back(i, (i + 1) % 600);
  Make(600, ring);
  Cancellation cancellation;
  cancellation.Request();
  const auto outcome = FindProcedure("kb.algo.betweenness")
                           ->run({store_->Present(),
                                  {},
                                  [](std::vector<Value>) -> Result<void> { return {}; },
                                  &cancellation});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code(), ErrorCode::kCancelled);
}

TEST_F(AlgorithmsTest, DotEscapesNamesAndKeepsIds) {
  Make(2, {{0, 1}});
  const std::string dot = ToDot(storage::Selection::Of(store_->Present()));
  EXPECT_NE(dot.find("label=\"N\\n\\\"0\""), std::string::npos) << dot;
  EXPECT_NE(dot.find("->n"), std::string::npos) << dot;
  EXPECT_NE(dot.find("[label=\"R\"]"), std::string::npos) << dot;
}

TEST(ProceduresTest, NamesAreFoundWithoutCaseAndByAlias) {
  EXPECT_NE(FindProcedure("DB.LABELS"), nullptr);
  EXPECT_EQ(FindProcedure("gds.wcc"), FindProcedure("kb.algo.components"));
  EXPECT_EQ(FindProcedure("gds.components"), FindProcedure("kb.algo.components"));
  EXPECT_EQ(FindProcedure("no.such"), nullptr);
}

}  // namespace
}  // namespace kb::query::algo
