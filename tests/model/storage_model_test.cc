// Random operations against a graph of std::maps: whatever happens, the store says what the model
// says.
//
// Nodes, relationships, properties, labels; savepoints and rollbacks; folds, reopening, checks. The
// seed is printed; KB_MODEL_SEED repeats a run, KB_MODEL_STEPS makes it longer.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "schema/order.h"
#include "storage/store.h"
#include "tests/storage/scratch.h"

namespace kb::storage {
namespace {

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

struct ModelNode {
  std::set<LabelId> labels;
  std::map<KeyId, Value> properties;
};
struct ModelEdge {
  RelationshipRef ref;
  std::map<KeyId, Value> properties;
};
struct Model {
  std::map<NodeId, ModelNode> nodes;
  std::map<std::uint64_t, ModelEdge> edges;
};

class ModelTest : public ::testing::Test {
 protected:
  std::size_t Below(std::size_t bound) { return random_() % bound; }
  Value RandomValue();
  NodeId AnyNode() {
    auto at = model_.nodes.lower_bound(NodeId{static_cast<std::uint32_t>(Below(last_node_ + 1))});
    return at == model_.nodes.end() ? model_.nodes.begin()->first : at->first;
  }
  ModelEdge& AnyEdge() {
    auto at = model_.edges.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(Below(model_.edges.size())));
    return at->second;
  }
  void Step(Transaction& txn);
  void Create(Transaction& txn);
  void Delete(Transaction& txn);
  void RunTransaction(Store& store);
  void Compare(const View& view);
  void CompareNode(const View& view, NodeId id, const ModelNode& node);
  void CompareLists(const View& view);
  void CompareIndex(const View& view);

  std::mt19937_64 random_;
  Model model_;
  std::uint32_t last_node_ = 0;
  std::vector<LabelId> labels_;
  std::vector<TypeId> types_;
  std::vector<KeyId> keys_;
};

Value ModelTest::RandomValue() {
  switch (Below(10)) {
    case 0:
      return Value();
    case 1:
      return Value::Float(static_cast<double>(Below(100)) / 4);
    case 2:
      return Value::String(std::string(Below(40), 'x'));
    case 3:
      return Value::Boolean(Below(2) == 0);
    case 4:
      return Value::Of(schema::Date{static_cast<std::int64_t>(Below(1000))});
    case 5:
      return Value::List({Value::Integer(1), Value::String("two")});
    default:
      return Value::Integer(static_cast<std::int64_t>(Below(50)));
  }
}

void ModelTest::Create(Transaction& txn) {
  const KeyId key = keys_[Below(keys_.size())];
  const Value value = RandomValue();
  const std::vector<std::pair<KeyId, Value>> properties{{key, value}};
  if (model_.nodes.size() < 3 || Below(3) == 0) {
    std::vector<LabelId> labels;
    for (const LabelId label : labels_) {
      if (Below(3) == 0) labels.push_back(label);
    }
    const NodeId id = txn.CreateNode(labels, properties).value();
    ASSERT_EQ(model_.nodes.count(id), 0u);
    last_node_ = std::max(last_node_, schema::Raw(id));
    ModelNode& node = model_.nodes[id];
    node.labels.insert(labels.begin(), labels.end());
    if (!value.is_null()) node.properties[key] = value;
    return;
  }
  // A few nodes get most of the relationships.
  const NodeId source = Below(4) == 0 ? model_.nodes.begin()->first : AnyNode();
  const NodeId target = Below(8) == 0 ? source : AnyNode();
  const TypeId type = types_[Below(types_.size())];
  const RelationshipRef ref = txn.CreateRelationship(source, type, target, properties).value();
  ASSERT_EQ(model_.edges.count(ref.id()), 0u);
  ModelEdge& edge = model_.edges[ref.id()];
  edge.ref = ref;
  if (!value.is_null()) edge.properties[key] = value;
}

void ModelTest::Delete(Transaction& txn) {
  if (Below(2) == 0 && !model_.edges.empty()) {
    const RelationshipRef ref = AnyEdge().ref;
    ASSERT_TRUE(txn.DeleteRelationship(ref).ok());
    model_.edges.erase(ref.id());
    return;
  }
  if (model_.nodes.empty()) return;
  const NodeId node = AnyNode();
  const bool connected = std::any_of(model_.edges.begin(), model_.edges.end(), [&](const auto& e) {
    return e.second.ref.source == node || e.second.ref.target == node;
  });
  ASSERT_EQ(txn.DeleteNode(node).ok(), !connected);
  if (!connected) model_.nodes.erase(node);
}

void ModelTest::Step(Transaction& txn) {
  const std::size_t what = Below(10);
  if (what < 4 || model_.nodes.empty()) return Create(txn);
  if (what == 4) return Delete(txn);
  const KeyId key = keys_[Below(keys_.size())];
  const Value value = RandomValue();
  if (what == 5 && !model_.edges.empty()) {
    ModelEdge& edge = AnyEdge();
    ASSERT_TRUE(txn.SetProperty(edge.ref, key, value).ok());
    edge.properties.erase(key);
    if (!value.is_null()) edge.properties[key] = value;
    return;
  }
  const NodeId id = AnyNode();
  ModelNode& node = model_.nodes[id];
  const LabelId label = labels_[Below(labels_.size())];
  if (what == 6) {
    ASSERT_TRUE(txn.AddLabel(id, label).ok());
    node.labels.insert(label);
  } else if (what == 7) {
    ASSERT_TRUE(txn.RemoveLabel(id, label).ok());
    node.labels.erase(label);
  } else {
    ASSERT_TRUE(txn.SetProperty(id, key, value).ok());
    node.properties.erase(key);
    if (!value.is_null()) node.properties[key] = value;
  }
}

void ModelTest::RunTransaction(Store& store) {
  const Model before = model_;
  auto txn = store.Begin().value();
  std::optional<std::pair<Savepoint, Model>> savepoint;
  const std::size_t steps = 1 + Below(60);
  for (std::size_t i = 0; i < steps; ++i) {
    if (Below(20) == 0) savepoint.emplace(txn->Save(), model_);
    if (savepoint && Below(30) == 0) {
      txn->RollbackTo(savepoint->first);
      model_ = savepoint->second;
    }
    ASSERT_NO_FATAL_FAILURE(Step(*txn));
    if (Below(200) == 0) Compare(txn->view());
    if (Below(50) == 0) CompareIndex(txn->view());
  }
  if (Below(8) == 0) {
    txn->Rollback();
    model_ = before;
  } else {
    ASSERT_TRUE(txn->Commit().ok());
  }
}

void ModelTest::CompareNode(const View& view, NodeId id, const ModelNode& node) {
  ASSERT_TRUE(view.Exists(id));
  const auto labels = view.Labels(id);
  ASSERT_EQ(std::set<LabelId>(labels.begin(), labels.end()), node.labels);
  const auto properties = view.Properties(id);
  ASSERT_EQ(properties.size(), node.properties.size()) << schema::Raw(id);
  for (const auto& [key, value] : properties) {
    ASSERT_TRUE(schema::Equivalent(value, node.properties.at(key)));
  }
}

void ModelTest::CompareLists(const View& view) {
  using Entry = std::tuple<TypeId, NodeId, NodeId, EdgeId>;
  std::set<Entry> wanted;
  for (const auto& [id, edge] : model_.edges) {
    wanted.insert({edge.ref.type, edge.ref.source, edge.ref.target, edge.ref.edge});
    ASSERT_TRUE(view.Exists(edge.ref));
    const auto properties = view.Properties(edge.ref);
    ASSERT_EQ(properties.size(), edge.properties.size());
    for (const auto& [key, value] : properties) {
      ASSERT_TRUE(schema::Equivalent(value, edge.properties.at(key)));
    }
  }
  std::set<Entry> out;
  std::set<Entry> in;
  for (const TypeId type : types_) {
    for (const auto& entry : model_.nodes) {
      const NodeId node = entry.first;
      const Slice to = view.Neighbours(type, Direction::kOut, node);
      for (std::uint32_t i = 0; i < to.size; ++i) {
        out.insert({type, node, to.nodes[i], to.edges[i]});
      }
      const Slice from = view.Neighbours(type, Direction::kIn, node);
      for (std::uint32_t i = 0; i < from.size; ++i) {
        in.insert({type, from.nodes[i], node, from.edges[i]});
      }
    }
  }
  ASSERT_EQ(out, wanted);
  ASSERT_EQ(in, wanted);
}

void ModelTest::CompareIndex(const View& view) {
  const auto& definition = view.catalog().indexes()[0];
  const Value wanted = Value::Integer(static_cast<std::int64_t>(Below(50)));
  std::vector<NodeId> expected;
  for (const auto& [id, node] : model_.nodes) {
    const auto at = node.properties.find(definition.subject.keys[0]);
    if (at == node.properties.end() || node.labels.count(definition.subject.label) == 0) continue;
    if (schema::Equal(at->second, wanted) == schema::Truth(true)) expected.push_back(id);
  }
  ASSERT_EQ(view.IndexSeek(definition.id, wanted), expected);
}

void ModelTest::Compare(const View& view) {
  ASSERT_EQ(view.NodeCount(), model_.nodes.size());
  ASSERT_EQ(view.RelationshipCount(), model_.edges.size());
  for (const auto& [id, node] : model_.nodes) CompareNode(view, id, node);
  CompareLists(view);
  CompareIndex(view);
}

TEST_F(ModelTest, TheStoreSaysWhatTheModelSays) {
  const std::uint64_t seed = FromEnvironment("KB_MODEL_SEED", std::random_device()());
  const std::uint64_t steps = FromEnvironment("KB_MODEL_STEPS", 300);
  RecordProperty("seed", std::to_string(seed));
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  random_.seed(seed);

  const Scratch scratch;
  StoreOptions options;
  options.sync = false;
  options.fold_keys = 3000;
  auto store = Store::Open(scratch / "case", options).value();
  {
    auto txn = store->Begin().value();
    for (const char* name : {"A", "B", "C"}) labels_.push_back(txn->Label(name).value());
    for (const char* name : {"R", "S"}) types_.push_back(txn->Type(name).value());
    for (const char* name : {"x", "y", "z"}) keys_.push_back(txn->Key(name).value());
    ASSERT_TRUE(txn->CreateIndex("index", labels_[0], keys_[0]).ok());
    ASSERT_TRUE(txn->Commit().ok());
  }
  for (std::uint64_t i = 0; i < steps && !HasFatalFailure(); ++i) {
    const View former = store->Present();
    const std::uint64_t count = former.NodeCount();
    RunTransaction(*store);
    ASSERT_EQ(former.NodeCount(), count);
    if (Below(25) == 0) {
      ASSERT_TRUE(store->Fold().ok());
    }
    if (Below(25) == 0) Compare(store->Present());
    if (Below(40) == 0) {
      auto report = store->Check();
      ASSERT_TRUE(report.ok()) << report.error().message();
      ASSERT_EQ(report->findings, std::vector<std::string>());
    }
    if (Below(40) == 0) {
      store.reset();
      store = Store::Open(scratch / "case", options).value();
      Compare(store->Present());
    }
  }
  Compare(store->Present());
}

}  // namespace
}  // namespace kb::storage
