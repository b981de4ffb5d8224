// Check finds what it says it finds: a case is damaged behind the store's back, key by key.
#include <gtest/gtest.h>

#include <vector>

#include "storage/check_evidence.h"
#include "storage/codec.h"
#include "storage/dump.h"
#include "storage/erasure.h"
#include "storage/evidence.h"
#include "storage/history.h"
#include "storage/identity.h"
#include "storage/image/editor.h"
#include "storage/key.h"
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

/// A case with everything that evidence and time leave behind.
class CheckEvidenceTest : public CheckTest {
 protected:
  void SetUp() override {
    CheckTest::SetUp();
    auto store = Store::Open(path_, {}).value();
    auto txn = store->Begin().value();
    EvidenceWriter& evidence = EvidenceOf(*txn);
    const KeyId key = txn->Key("k").value();
    Testimony testimony;
    testimony.source = evidence.Source("file").value();
    testimony.grade = ParseGrade("B2").value();
    evidence.Testify(&testimony);
    const std::vector<std::pair<KeyId, Value>> properties{{key, Value::Integer(6)}};
    const NodeId c = txn->CreateNode({}, properties).value();
    evidence.Testify(nullptr);
    ASSERT_TRUE(evidence.Judge(true, NodeId{0}, NodeId{1}, "alike", "").ok());
    ASSERT_TRUE(evidence.SetRule({Criterion::kGrade}).ok());
    const NodeId gone = txn->CreateNode({}, properties).value();
    ASSERT_TRUE(txn->Commit().ok());
    txn = store->Begin().value();
    ASSERT_TRUE(EvidenceOf(*txn).Erase(Entity::Of(gone), "asked for").ok());
    ASSERT_TRUE(EvidenceOf(*txn).Erase(Entity::Of(c), key, "asked for").ok());
    ASSERT_TRUE(txn->Commit().ok());
  }

  /// The first, or the last, key of a kind with its value.
  std::pair<std::string, std::string> KeyOf(KeyKind kind, bool last = false) {
    auto rocks = Rocks::Open(path_, {true, false, 0, nullptr}).value();
    std::pair<std::string, std::string> found;
    Rocks::Scan scan = rocks->ScanPrefix(Family::kMeta, KindPrefix(kind));
    for (; scan.Valid(); scan.Next()) {
      if (scan.value().empty()) continue;
      if (found.first.empty() || last) found = {std::string(scan.key()), std::string(scan.value())};
    }
    return found;
  }
  /// The whole error of opening.
  std::string Opening() {
    const auto store = Store::Open(path_, {});
    return store.ok() ? "opens" : store.error().Format();
  }
};

TEST_F(CheckEvidenceTest, AnUndamagedCaseIsClean) {
  EXPECT_EQ(Check(), "");
  auto store = Store::Open(path_, {.read_only = true}).value();
  EXPECT_TRUE(store->Check().value().findings.empty());
}

TEST_F(CheckEvidenceTest, BytesThatAreNoStatementAreAnErrorOfOpeningThatNamesIt) {
  const auto [key, value] = KeyOf(KeyKind::kStatement);
  Damage(key, "no statement");
  EXPECT_NE(Opening().find("statement 1:"), std::string::npos) << Opening();
  EXPECT_NE(Opening().find("go back to a backup"), std::string::npos) << Opening();
}

TEST_F(CheckEvidenceTest, AStatementUnderTheNumberOfAnotherIsAnErrorOfOpening) {
  Damage(StatementKey(900), KeyOf(KeyKind::kStatement).second);
  EXPECT_NE(Opening().find("statement 900: the value belongs to number 1"), std::string::npos)
      << Opening();
}

TEST_F(CheckEvidenceTest, BytesThatAreNoMarkOfAnErasureAreAnErrorOfOpening) {
  Damage(KeyOf(KeyKind::kErasure).first, "no mark");
  EXPECT_NE(Opening().find("erasure 1:"), std::string::npos) << Opening();
}

TEST_F(CheckEvidenceTest, BytesThatAreNoRuleAreAnErrorOfOpening) {
  Damage(MetaKey("rule"), "no rule");
  EXPECT_NE(Opening().find("rule:"), std::string::npos) << Opening();
}

TEST_F(CheckEvidenceTest, AJudgementAboutOneNodeIsFound) {
  Statement judgement = DecodeStatement(KeyOf(KeyKind::kStatement, true).second).value();
  ASSERT_TRUE(IsJudgement(judgement));
  judgement.fact.name = schema::Raw(judgement.entity.node);
  Damage(StatementKey(judgement.id), EncodeStatement(judgement));
  EXPECT_NE(Check().find(fmt::format("statement {} is no judgement", judgement.id)),
            std::string::npos)
      << Check();
}

TEST_F(CheckEvidenceTest, AStatementOfASourceThatNeverWasIsFound) {
  Statement statement = DecodeStatement(KeyOf(KeyKind::kStatement).second).value();
  statement.testimony.source = NodeId{1'000'000};
  statement.plain = false;
  Damage(StatementKey(statement.id), EncodeStatement(statement));
  EXPECT_NE(Check().find("statement 1 has a source that never was"), std::string::npos) << Check();
}

TEST_F(CheckEvidenceTest, AValueThatItsStatementsDoNotComeToIsFound) {
  Statement statement = DecodeStatement(KeyOf(KeyKind::kStatement).second).value();
  statement.entity = Entity::Of(NodeId{0});
  statement.fact = {FactKind::kProperty, 0};
  statement.value = Value::Integer(77);
  Damage(StatementKey(statement.id), EncodeStatement(statement));
  EXPECT_NE(Check().find("node 0 has 5 as k, but its statements come to 77"), std::string::npos)
      << Check();
}

TEST_F(CheckEvidenceTest, ANodeThatTheHistoryMakesTwiceIsFound) {
  const auto [key, value] = KeyOf(KeyKind::kHistory);
  Change change;
  change.kind = Change::Kind::kNodeMade;
  change.node = NodeId{0};
  std::string twice = value;
  PutChange(&twice, change);
  Damage(key, twice);
  EXPECT_NE(Check().find("the history makes node 0 again"), std::string::npos) << Check();
}

TEST_F(CheckEvidenceTest, AHistoryThatSpeaksOfWhatWasErasedIsFound) {
  const auto [key, value] = KeyOf(KeyKind::kHistory);
  const Erasure erasure = DecodeErasure(KeyOf(KeyKind::kErasure).second).value();
  ASSERT_EQ(erasure.kind, Erasure::Kind::kNode);
  Change change;
  change.kind = Change::Kind::kNodeMade;
  change.node = erasure.entity.node;
  std::string more = value;
  PutChange(&more, change);
  Damage(key, more);
  EXPECT_NE(Check().find("which was erased"), std::string::npos) << Check();
  EXPECT_NE(Check().find("there, but it is not there"), std::string::npos) << Check();
}

TEST_F(CheckEvidenceTest, BytesThatAreNoHistoryAreFoundByTheirTime) {
  const auto [key, value] = KeyOf(KeyKind::kHistory);
  Damage(key, "no changes");
  EXPECT_NE(Check().find(DumpKey(key) + ":"), std::string::npos) << Check();
}

TEST_F(CheckEvidenceTest, AMissingPartOfACommitIsFound) {
  const auto [key, value] = KeyOf(KeyKind::kHistory);
  Damage(key, "");
  Damage(HistoryKey(ParseKey(key)->time, 1), value);
  EXPECT_NE(Check().find("a part before it is missing"), std::string::npos) << Check();
}

TEST_F(CheckEvidenceTest, AJoinedGraphIsComparedWithItsRecords) {
  auto store = Store::Open(path_, {}).value();
  const View joined = store->Present();
  ASSERT_NE(joined.root().records, nullptr);
  const auto findings = [](const std::shared_ptr<const Root>& root) {
    std::vector<std::string> found;
    EXPECT_TRUE(CheckIdentity(*root, nullptr, &found).ok());
    std::string all;
    for (const std::string& finding : found) all += finding + "\n";
    return all;
  };
  EXPECT_EQ(findings(joined.shared_root()), "");
  Editor editor(std::make_shared<Root>(joined.root()));
  editor.Isolate();
  editor.SetProperty(NodeId{0}, KeyId{0}, Value::Integer(8));
  EXPECT_NE(findings(editor.Share()).find("node 0 has 8 as k, but its records come to 5"),
            std::string::npos);
  editor.SetProperty(NodeId{0}, KeyId{0}, Value::Integer(5));
  editor.SetLabels(NodeId{0}, {});
  EXPECT_NE(findings(editor.Share()).find("node 0 has other labels"), std::string::npos);
  editor.InsertNode(NodeId{1}, {});
  const std::string all = findings(editor.Share());
  EXPECT_NE(all.find("node 1 appears beside what it is one with"), std::string::npos) << all;
  EXPECT_NE(all.find("do not appear by themselves"), std::string::npos) << all;
  EXPECT_TRUE(editor.RemoveEdge({TypeId{0}, EdgeId{0}, NodeId{0}, NodeId{0}}));
  const std::string without = findings(editor.Share());
  EXPECT_NE(without.find("relationship 0 does not lead from node 0 to node 0"), std::string::npos)
      << without;
  EXPECT_NE(without.find("0 relationships of type T, but 1 are recorded"), std::string::npos)
      << without;
}

}  // namespace
}  // namespace kb::storage
