// Views answer as the graphs that they show: random patterns are counted on a state of the past,
// without a source, with nodes that are one joined or held apart, at a valid time and on all of
// these at once, with every pass left out in its turn, and compared with a plain search of the
// graph that the view must come to.
#include "schema/edtf.h"
#include "storage/evidence.h"
#include "storage/image/root.h"
#include "tests/query/optimize/count_patterns.h"

namespace kb::query {
namespace {

using storage::NodeId;

/// What hides a graph, so that a view must be asked to see it.
struct Disguise {
  std::string name;
  bool split = false;    ///< Some nodes are several records that are judged to be one.
  bool merged = false;   ///< Nodes are judged to be one that are not: RAW.
  bool sourced = false;  ///< A source adds what is not so.
  bool dated = false;    ///< A source says what holds at another time only.
  bool later = false;    ///< It has changed since.
};

class CountViewTest : public CountAsking {
 protected:
  /// The text of the view, and its parameters.
  struct Asked {
    std::string head;
    ParameterList parameters;
  };

  Asked Hide(const Graph& graph, const Disguise& disguise) {
    store_ = storage::Store::InMemory();
    records_.clear();
    transaction_ = std::move(store_->Begin()).value();
    WriteGraph(graph, disguise.split);
    if (disguise.merged) Merge();
    Asked asked;
    if (disguise.sourced) {
      Add({});
      asked.head += "EXCLUDING SOURCES $sources ";
      asked.parameters.emplace_back("sources", Value::List({Value::Node(records_[0].front())}));
    }
    if (disguise.dated) {
      Add(Value::Of(schema::ParseEdtf("1990/1991").value()));
      asked.head += "FOR VALID_TIME AS OF date('2020-05-05') ";
    }
    if (disguise.merged) asked.head += "RAW ";
    EXPECT_TRUE(transaction_->Commit().ok());
    if (!disguise.later) return asked;
    const std::int64_t then = storage::RecordsOf(store_->Present()).root().recorded;
    transaction_ = std::move(store_->Begin()).value();
    Change(graph);
    EXPECT_TRUE(transaction_->Commit().ok());
    asked.head += "FOR SYSTEM_TIME AS OF $then ";
    asked.parameters.emplace_back(
        "then", Value::Of(schema::DateTime{
                    then / 1'000'000, static_cast<std::int32_t>(then % 1'000'000 * 1000), 0, {}}));
    return asked;
  }

 private:
  NodeId RecordOf(int node) {
    const auto& all = records_[static_cast<std::size_t>(node)];
    return all[static_cast<std::size_t>(Pick(static_cast<int>(all.size())))];
  }
  NodeId AnyRecord() { return RecordOf(Pick(static_cast<int>(records_.size()))); }

  void WriteGraph(const Graph& graph, bool split) {
    for (const auto& node : graph.nodes) {
      std::vector<NodeId> parts;
      const int count = split && Chance(40) ? 2 + Pick(2) : 1;
      for (int i = 0; i < count; ++i) parts.push_back(transaction_->CreateNode({}, {}).value());
      records_.push_back(parts);
      const auto any = [&] { return parts[static_cast<std::size_t>(Pick(count))]; };
      for (const char label : node.labels) {
        const auto id = transaction_->Label(std::string(1, label)).value();
        EXPECT_TRUE(transaction_->AddLabel(any(), id).ok());
      }
      const auto key = transaction_->Key("v").value();
      if (!node.v) continue;
      EXPECT_TRUE(transaction_->SetProperty(any(), key, Value::Integer(*node.v)).ok());
    }
    for (const auto& edge : graph.edges)
      AddEdge(edge.type, RecordOf(edge.source), RecordOf(edge.target));
    for (const auto& parts : records_) {
      for (std::size_t i = 1; i < parts.size(); ++i) {
        EXPECT_TRUE(evidence().Judge(true, parts[i - 1], parts[i], "one", "").ok());
      }
    }
  }

  void AddEdge(char name, NodeId from, NodeId to) {
    const auto type = transaction_->Type(std::string(1, name)).value();
    EXPECT_TRUE(transaction_->CreateRelationship(from, type, to, {}).ok());
  }

  void Merge() {
    for (int i = 0; i < 3; ++i) {
      const NodeId a = AnyRecord();
      const NodeId b = AnyRecord();
      if (a == b) continue;
      EXPECT_TRUE(evidence().Judge(true, a, b, "alike", "").ok());
    }
  }

  /// Says with a source what is not in the graph: relationships, nodes, labels, values.
  void Add(Value valid) {
    storage::Testimony testimony;
    testimony.source = records_[0].front();
    testimony.valid = std::move(valid);
    const storage::TestifyScope testifying(evidence(), testimony);
    for (int i = 0; i < 4; ++i) AddEdge(Chance(60) ? 'A' : 'B', AnyRecord(), AnyRecord());
    const auto label = transaction_->Label("P").value();
    const auto key = transaction_->Key("v").value();
    const std::vector<std::pair<storage::KeyId, Value>> properties{{key, Value::Integer(Pick(5))}};
    const NodeId made = transaction_->CreateNode(std::vector{label}, properties).value();
    AddEdge('A', made, AnyRecord());
    // Where the writer asserts something himself, a source changes nothing that is shown.
    EXPECT_TRUE(transaction_->AddLabel(AnyRecord(), label).ok());
    EXPECT_TRUE(transaction_->SetProperty(AnyRecord(), key, Value::Integer(Pick(5))).ok());
  }

  /// Anything may happen afterwards.
  void Change(const Graph& graph) {
    const auto key = transaction_->Key("v").value();
    const auto label = transaction_->Label("Q").value();
    for (int i = 0; i < 3; ++i) {
      AddEdge(Chance(50) ? 'A' : 'B', AnyRecord(), AnyRecord());
      EXPECT_TRUE(transaction_->SetProperty(AnyRecord(), key, Value::Integer(Pick(5))).ok());
      EXPECT_TRUE(transaction_->AddLabel(AnyRecord(), label).ok());
      EXPECT_TRUE(transaction_->RemoveLabel(AnyRecord(), label).ok());
    }
    const NodeId gone = RecordOf(static_cast<int>(graph.nodes.size()) - 1);
    for (const auto& ref : AttachedTo(transaction_->view(), gone)) {
      EXPECT_TRUE(transaction_->DeleteRelationship(ref).ok());
    }
    const NodeId a = AnyRecord();
    if (a != gone) IgnoreError(evidence().Judge(true, a, gone, "alike", ""), "they may be apart");
    if (Chance(50)) IgnoreError(evidence().Judge(false, a, gone, "not", ""), "they may be one");
  }

  static std::vector<storage::RelationshipRef> AttachedTo(const storage::View& view, NodeId node) {
    std::vector<storage::RelationshipRef> all;
    for (std::uint32_t raw = 0; raw < view.catalog().type_count(); ++raw) {
      const storage::TypeId type{static_cast<std::uint16_t>(raw)};
      const storage::Slice out = view.Neighbours(type, storage::Direction::kOut, node);
      for (std::uint32_t i = 0; i < out.size; ++i) {
        all.push_back({type, out.edges[i], node, out.nodes[i]});
      }
    }
    return all;
  }

  storage::EvidenceWriter& evidence() { return storage::EvidenceOf(*transaction_); }

  std::unique_ptr<storage::Transaction> transaction_;
  std::vector<std::vector<NodeId>> records_;  ///< Of each node of the graph.
};

TEST_F(CountViewTest, EveryPassLeavesTheCountsOnViewsAsTheyAre) {
  const Engines engines;
  const std::vector<Disguise> disguises = {
      {.name = "a state of the past", .later = true},
      {.name = "without a source", .sourced = true},
      {.name = "at a valid time", .dated = true},
      {.name = "joined", .split = true},
      {.name = "raw", .merged = true},
      {.name = "joined in the past, without a source, at a valid time",
       .split = true,
       .sourced = true,
       .dated = true,
       .later = true},
      {.name = "raw in the past, without a source", .merged = true, .sourced = true, .later = true},
  };
  for (int round = 0; round < 6; ++round) {
    for (const Disguise& disguise : disguises) {
      const Graph graph = RandomGraph();
      const Asked asked = Hide(graph, disguise);
      for (int i = 0; i < 5; ++i) {
        const Question question = RandomQuestion();
        const std::string text = asked.head + TextOf(question);
        const auto expected = Answer(graph, question);
        for (std::size_t e = 0; e < engines.all.size(); ++e) {
          ASSERT_EQ(Ask(*engines.all[e], text, store_->Present(), asked.parameters), expected)
              << disguise.name << ", round " << round << ", without " << engines.left_out[e]
              << ":\n"
              << text;
        }
      }
    }
  }
}

}  // namespace
}  // namespace kb::query
