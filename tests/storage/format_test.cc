// Cases of older formats open, and become cases of this one when they are first written to; cases
// of newer formats are left alone.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <vector>

#include "storage/codec.h"
#include "storage/evidence.h"
#include "storage/key.h"
#include "storage/rocks.h"
#include "storage/store.h"
#include "tests/storage/scratch.h"

namespace kb::storage {
namespace {

class FormatTest : public ::testing::Test {
 protected:
  /// A case as programs of an older format have left it: two nodes and a relationship, from format
  /// 2 on with their history and a statement.
  void MakeCase(int format) {
    {
      auto store = Store::Open(path_, {}).value();
      auto txn = store->Begin().value();
      const std::vector<LabelId> labels{txn->Label("L").value()};
      const KeyId key = txn->Key("k").value();
      const std::vector<std::pair<KeyId, Value>> properties{{key, Value::Integer(5)}};
      const NodeId a = txn->CreateNode(labels, properties).value();
      const NodeId b = txn->CreateNode(labels, {}).value();
      ASSERT_TRUE(txn->CreateRelationship(a, txn->Type("T").value(), b, {}).ok());
      if (format > 1) {
        Testimony testimony;
        testimony.source = EvidenceOf(*txn).Source("file").value();
        const TestifyScope testifying(EvidenceOf(*txn), testimony);
        ASSERT_TRUE(txn->SetProperty(b, key, Value::Integer(6)).ok());
      }
      ASSERT_TRUE(txn->Commit().ok());
    }
    auto rocks = Rocks::Open(path_, {}).value();
    rocksdb::WriteBatch batch;
    if (format == 1) {
      Rocks::Scan scan = rocks->ScanPrefix(Family::kMeta, KindPrefix(KeyKind::kHistory));
      for (; scan.Valid(); scan.Next()) rocks->Delete(&batch, std::string(scan.key()));
      ASSERT_TRUE(rocks->Write(&batch, true).ok());
    }
    rocks.reset();
    Mark(format);
  }
  void Mark(int format) { std::ofstream(path_ + "/KB") << "kb case, format " << format << "\n"; }
  std::string Marker() {
    std::stringstream text;
    text << std::ifstream(path_ + "/KB").rdbuf();
    return text.str();
  }

  const Scratch scratch_;
  const std::string path_ = scratch_ / "case";
  const std::string current_ = "kb case, format " + std::to_string(kFormatVersion) + "\n";
};

TEST_F(FormatTest, ANewCaseHasTheFormatOfThisProgram) {
  { Store::Open(path_, {}).value(); }
  EXPECT_EQ(Marker(), current_);
}

TEST_F(FormatTest, OlderCasesAreReadWithoutBecomingNewer) {
  for (const int format : {1, 2}) {
    std::filesystem::remove_all(path_);
    MakeCase(format);
    auto store = Store::Open(path_, {.read_only = true}).value();
    EXPECT_EQ(store->Present().NodeCount(), format == 1 ? 2u : 3u);
    EXPECT_EQ(store->Present().RelationshipCount(TypeId{0}), 1u);
    EXPECT_EQ(store->Present().Property(NodeId{1}, KeyId{0}).is_null(), format == 1);
    const CheckReport report = store->Check().value();
    EXPECT_TRUE(report.findings.empty()) << report.findings.front();
    EXPECT_EQ(Marker(), "kb case, format " + std::to_string(format) + "\n");
  }
}

TEST_F(FormatTest, OlderCasesBecomeNewerWhenTheyAreWritten) {
  for (const int format : {1, 2}) {
    std::filesystem::remove_all(path_);
    MakeCase(format);
    {
      auto store = Store::Open(path_, {}).value();
      auto txn = store->Begin().value();
      ASSERT_TRUE(EvidenceOf(*txn).Judge(true, NodeId{0}, NodeId{1}, "alike", "").ok());
      ASSERT_TRUE(EvidenceOf(*txn).SetRule({Criterion::kGrade}).ok());
      ASSERT_TRUE(txn->Commit().ok());
      EXPECT_EQ(Marker(), current_);
    }
    auto store = Store::Open(path_, {}).value();
    EXPECT_EQ(RecordsOf(store->Present()).NodeCount(), format == 1 ? 2u : 3u);
    EXPECT_EQ(ClusterOf(store->Present(), NodeId{0}).size(), 2u);
    const CheckReport report = store->Check().value();
    EXPECT_TRUE(report.findings.empty()) << report.findings.front();
    // What no history tells of was always there.
    ViewRequest request;
    request.system_time = 0;
    EXPECT_EQ(DeriveView(store->Present(), request).value().NodeCount(), format == 1 ? 2u : 0u);
  }
}

TEST_F(FormatTest, ACaseOfTheNextFormatIsRefusedAndLeftAlone) {
  MakeCase(2);
  Mark(kFormatVersion + 1);
  const std::string before = Marker();
  for (const bool read_only : {true, false}) {
    const auto store = Store::Open(path_, {.read_only = read_only});
    ASSERT_FALSE(store.ok());
    EXPECT_EQ(store.error().code(), ErrorCode::kUnsupported);
    EXPECT_EQ(store.error().hint(), "open it with a newer kb");
  }
  EXPECT_EQ(Marker(), before);
}

}  // namespace
}  // namespace kb::storage
