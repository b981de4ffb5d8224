// Check finds what it says it finds: a case is damaged behind the store's back, key by key.
#include <gtest/gtest.h>

#include <vector>

#include "storage/codec.h"
#include "storage/rocks.h"
#include "storage/store.h"
#include "tests/storage/scratch.h"

namespace kb::storage {
namespace {

class CheckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = Store::Open(path_, {}).value();
    auto txn = store->Begin().value();
    const std::vector<LabelId> labels{txn->Label("L").value()};
    const TypeId type = txn->Type("T").value();
    const std::vector<std::pair<KeyId, Value>> properties{
        {txn->Key("k").value(), Value::Integer(5)}};
    const NodeId a = txn->CreateNode(labels, properties).value();
    const NodeId b = txn->CreateNode(labels, properties).value();
    ASSERT_TRUE(txn->CreateRelationship(a, type, b, properties).ok());
    ASSERT_TRUE(txn->Commit().ok());
  }
  /// Writes, or with an empty value deletes, a key of the closed case.
  void Damage(const std::string& key, const std::string& value) {
    auto rocks = Rocks::Open(path_, {}).value();
    rocksdb::WriteBatch batch;
    if (value.empty()) {
      rocks->Delete(&batch, key);
    } else {
      rocks->Put(&batch, key, value);
    }
    ASSERT_TRUE(rocks->Write(&batch, true).ok());
  }
  /// What check says, one finding a line, or the error.
  std::string Check() {
    auto store = Store::Open(path_, {});
    if (!store.ok()) return store.error().message();
    const auto report = (*store)->Check();
    if (!report.ok()) return report.error().message();
    std::string all;
    for (const std::string& finding : report->findings) all += finding + "\n";
    return all;
  }

  const Scratch scratch_;
  const std::string path_ = scratch_ / "case";
};

TEST_F(CheckTest, AnUndamagedCaseIsClean) { EXPECT_EQ(Check(), ""); }

TEST_F(CheckTest, ARelationshipKnownAtOneEndIsFound) {
  Damage(LeafKey(TypeId{0}, Direction::kIn, 0), "");
  Damage(LeafEdgesKey(TypeId{0}, Direction::kIn, 0), "");
  EXPECT_NE(Check().find("is known at one end only"), std::string::npos) << Check();
}

TEST_F(CheckTest, ARelationshipOfANodeThatDoesNotExistIsFound) {
  Damage(LabelsKey(0), "");
  const std::string findings = Check();
  EXPECT_NE(findings.find("does not exist but has relationships"), std::string::npos) << findings;
  EXPECT_NE(findings.find("the counter of nodes says 2, but there are 0"), std::string::npos);
  EXPECT_NE(findings.find("which does not exist"), std::string::npos);
}

TEST_F(CheckTest, APartThatNobodyKnowsIsFound) {
  Damage(NodeColumnKey(KeyId{0}, 9), EncodeValue(Value::Integer(1)));
  EXPECT_NE(Check(), "");
}

TEST_F(CheckTest, BytesThatAreNoLeafAreAnError) {
  Damage(LeafKey(TypeId{0}, Direction::kOut, 0), "no leaf at all");
  auto store = Store::Open(path_, {}).value();
  EXPECT_EQ(store->Check().error().code(), ErrorCode::kCorruption);
  // A reader gets nothing and is told; a writer cannot make it worse.
  const View view = store->Present();
  EXPECT_EQ(view.Neighbours(TypeId{0}, Direction::kOut, NodeId{0}).size, 0u);
  EXPECT_EQ(view.Status().error().code(), ErrorCode::kCorruption);
  auto txn = store->Begin().value();
  ASSERT_TRUE(txn->CreateNode({}, {}).ok());
  EXPECT_EQ(txn->Commit().error().code(), ErrorCode::kCorruption);
}

TEST_F(CheckTest, BytesThatAreNoStateAreAnErrorOfOpening) {
  Damage(MetaKey("state"), "no state at all");
  EXPECT_EQ(Store::Open(path_, {}).error().code(), ErrorCode::kCorruption);
}

}  // namespace
}  // namespace kb::storage
