// Constraints hold for whatever is written, by whatever door, and are there after opening again.
#include "storage/constraint.h"

#include <gtest/gtest.h>

#include <vector>

#include "storage/bulk.h"
#include "storage/store.h"
#include "tests/storage/scratch.h"

namespace kb::storage {
namespace {

using schema::ConstraintDefinition;
using schema::ConstraintKind;

class ConstraintTest : public ::testing::Test {
 protected:
  void Begin() {
    txn = store->Begin().value();
    person = txn->Label("Person").value();
    name = txn->Key("name").value();
    born = txn->Key("born").value();
  }
  ConstraintDefinition Rule(ConstraintKind kind, std::vector<KeyId> keys) const {
    ConstraintDefinition rule;
    rule.name = "rule";
    rule.kind = kind;
    rule.subject.label = person;
    rule.subject.keys = std::move(keys);
    return rule;
  }
  NodeId Node(std::vector<std::pair<KeyId, Value>> properties) {
    return txn->CreateNode(std::vector{person}, properties).value();
  }
  static Value Text(std::string_view text) { return Value::String(text); }

  std::unique_ptr<Store> store = Store::InMemory();
  std::unique_ptr<Transaction> txn;
  LabelId person{};
  KeyId name{}, born{};
};

TEST_F(ConstraintTest, AUniqueValueMayMoveWithinOneStatement) {
  Begin();
  ASSERT_TRUE(txn->CreateConstraint(Rule(ConstraintKind::kUnique, {name})).ok());
  const NodeId a = Node({{name, Text("a")}});
  const NodeId b = Node({{name, Text("b")}});
  ASSERT_TRUE(txn->CheckConstraints().ok());
  ASSERT_TRUE(txn->SetProperty(a, name, Text("b")).ok());
  ASSERT_TRUE(txn->SetProperty(b, name, Text("a")).ok());
  EXPECT_TRUE(txn->CheckConstraints().ok());
  ASSERT_TRUE(txn->SetProperty(b, name, Text("b")).ok());
  const auto broken = txn->CheckConstraints();
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code(), ErrorCode::kConstraint);
  EXPECT_EQ(broken.error().message(),
            "constraint rule: node 1 (:Person) has name = 'b', and so has node 0 (:Person)");
}

TEST_F(ConstraintTest, ACommitThatBreaksARuleLeavesNothing) {
  Begin();
  ASSERT_TRUE(txn->CreateConstraint(Rule(ConstraintKind::kNotNull, {name})).ok());
  ASSERT_TRUE(txn->Commit().ok());
  Begin();
  Node({});
  EXPECT_EQ(txn->Commit().error().code(), ErrorCode::kConstraint);
  EXPECT_EQ(store->Present().NodeCount(), 0u);
  Begin();
  Node({{name, Text("a")}});
  EXPECT_TRUE(txn->Commit().ok());
}

TEST_F(ConstraintTest, AKeyOverSeveralPropertiesIsTheirCombination) {
  Begin();
  ASSERT_TRUE(txn->CreateConstraint(Rule(ConstraintKind::kKey, {name, born})).ok());
  const NodeId first = Node({{name, Text("a")}, {born, Value::Integer(1)}});
  Node({{name, Text("a")}, {born, Value::Integer(2)}});
  EXPECT_TRUE(txn->CheckConstraints().ok());
  const Savepoint before = txn->Save();
  Node({{name, Text("a")}});
  EXPECT_FALSE(txn->CheckConstraints().ok());
  txn->RollbackTo(before);
  Node({{name, Text("a")}, {born, Value::Float(2)}});
  EXPECT_FALSE(txn->CheckConstraints().ok());
  txn->RollbackTo(before);
  ASSERT_TRUE(txn->DeleteNode(first).ok());
  Node({{name, Text("a")}, {born, Value::Integer(1)}});
  EXPECT_TRUE(txn->CheckConstraints().ok());
}

TEST_F(ConstraintTest, ALoadThatBreaksARuleLeavesNothing) {
  const Scratch scratch;
  StoreOptions options;
  options.sync = false;
  for (const bool on_disk : {false, true}) {
    txn.reset();
    store = on_disk ? Store::Open(scratch / "case", options).value() : Store::InMemory();
    Begin();
    ASSERT_TRUE(txn->CreateConstraint(Rule(ConstraintKind::kUnique, {name})).ok());
    ASSERT_TRUE(txn->Commit().ok());
    txn.reset();
    const auto load = [&](const char* second) -> Result<void> {
      KB_ASSIGN(auto loader, BulkLoader::Start(*store));
      BulkColumn column;
      column.key = "name";
      column.type = BulkColumn::Type::kValue;
      column.values = {Text("a"), Text(second)};
      KB_TRY(loader->AddNodes(std::vector<std::string>{"Person"}, 2, {column}));
      return loader->Finish();
    };
    EXPECT_EQ(load("a").error().code(), ErrorCode::kConstraint);
    EXPECT_EQ(store->Present().NodeCount(), 0u);
    EXPECT_TRUE(load("b").ok());
    EXPECT_EQ(store->Present().NodeCount(), 2u);
    EXPECT_TRUE(store->Check()->findings.empty());
    EXPECT_FALSE(load("b").ok()) << "what was there before counts too";
    EXPECT_EQ(store->Present().NodeCount(), 2u);
  }
}

TEST_F(ConstraintTest, RulesAreThereAfterOpeningAgain) {
  const Scratch scratch;
  const std::string path = scratch / "case";
  StoreOptions options;
  options.sync = false;
  {
    store = Store::Open(path, options).value();
    Begin();
    ASSERT_TRUE(txn->CreateConstraint(Rule(ConstraintKind::kKey, {name, born})).ok());
    ConstraintDefinition type = Rule(ConstraintKind::kType, {born});
    type.name = "type";
    type.type = schema::ParseType("DATE | INTEGER").value();
    ASSERT_TRUE(txn->CreateConstraint(std::move(type)).ok());
    schema::IndexDefinition index;
    index.name = "text";
    index.kind = schema::IndexKind::kText;
    index.subject.label = person;
    index.subject.keys = {name};
    ASSERT_TRUE(txn->CreateIndex(std::move(index)).ok());
    ASSERT_TRUE(txn->CreateIndex("plain", person, born).ok());
    Node({{name, Text("a")}, {born, Value::Integer(1)}});
    ASSERT_TRUE(txn->Commit().ok());
    txn.reset();
    store.reset();
  }
  store = Store::Open(path, options).value();
  EXPECT_TRUE(store->Check()->findings.empty());
  const View view = store->Present();
  ASSERT_EQ(view.catalog().constraints().size(), 2u);
  EXPECT_EQ(view.catalog().FindConstraint("type")->type->ToText(), "DATE | INTEGER");
  EXPECT_EQ(view.catalog().FindIndex("text")->kind, schema::IndexKind::kText);
  EXPECT_EQ(view.catalog().FindIndex("rule")->constraint, "rule");
  EXPECT_EQ(view.catalog().FindIndex("plain")->subject.keys.size(), 1u);
  Begin();
  Node({{name, Text("a")}, {born, Value::Integer(1)}});
  EXPECT_FALSE(txn->CheckConstraints().ok());
  txn->Rollback();
  Begin();
  Node({{name, Text("b")}, {born, Text("x")}});
  EXPECT_FALSE(txn->CheckConstraints().ok());
  txn.reset();
}

}  // namespace
}  // namespace kb::storage
