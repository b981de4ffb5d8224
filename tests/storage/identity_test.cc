// However a state has come about, in a transaction or commit by commit, its joined graph is the one
// that its records and judgements come to.
#include "storage/identity.h"

#include <gtest/gtest.h>

#include <random>

#include "storage/check_evidence.h"
#include "storage/evidence.h"
#include "storage/image/editor.h"
#include "storage/store.h"

namespace kb::storage {
namespace {

class IdentityTest : public ::testing::TestWithParam<unsigned> {
 protected:
  std::size_t Pick(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
  }
  NodeId Any() { return nodes_[Pick(nodes_.size())]; }

  static std::string Findings(const View& view) {
    std::vector<std::string> found;
    EXPECT_TRUE(CheckIdentity(view.root(), nullptr, &found).ok());
    std::string all;
    for (const std::string& finding : found) all += finding + "\n";
    return all;
  }

  /// Some edit or judgement; what cannot be is refused, and changes nothing.
  void Do(Transaction& txn) {
    EvidenceWriter& evidence = EvidenceOf(txn);
    const KeyId key = txn.Key(Pick(2) == 0 ? "k" : "l").value();
    const LabelId label = txn.Label(Pick(2) == 0 ? "A" : "B").value();
    const TypeId type = txn.Type(Pick(2) == 0 ? "R" : "S").value();
    const Value value = Pick(4) == 0 ? Value::Null() : Value::Integer(static_cast<int>(Pick(9)));
    switch (Pick(12)) {
      case 0:
        nodes_.push_back(txn.CreateNode(std::vector{label}, {}).value());
        return;
      case 1:
      case 2: {
        const std::vector<std::pair<KeyId, Value>> properties{{key, Value::Integer(1)}};
        const auto made = txn.CreateRelationship(Any(), type, Any(), properties);
        if (made.ok()) edges_.push_back(*made);
        return;
      }
      case 3:
      case 4:
        return IgnoreError(txn.SetProperty(Any(), key, value), "it may be deleted");
      case 5:
        return IgnoreError(txn.AddLabel(Any(), label), "it may be deleted");
      case 6:
        return IgnoreError(txn.RemoveLabel(Any(), label), "it may be deleted");
      case 7:
        if (edges_.empty()) return;
        if (Pick(2) == 0) {
          return IgnoreError(txn.SetProperty(edges_[Pick(edges_.size())], key, value),
                             "may be gone");
        }
        return IgnoreError(txn.DeleteRelationship(edges_[Pick(edges_.size())]), "may be gone");
      case 8: {
        const NodeId node = Any();
        for (const RelationshipRef& ref : AttachedTo(txn.view(), node)) {
          IgnoreError(txn.DeleteRelationship(ref), "it may be gone");
        }
        return IgnoreError(txn.DeleteNode(node), "it may be gone");
      }
      case 9:
      case 10:
        return IgnoreError(evidence.Judge(Pick(5) != 0, Any(), Any(), "", ""), "may be refused");
      default:
        return Withdraw(txn);
    }
  }

  void Withdraw(Transaction& txn) {
    std::vector<std::uint64_t> all;
    ForEachJudgement(txn.view(), false,
                     [&](const Statement& statement, bool) { all.push_back(statement.id); });
    if (all.empty()) return;
    EXPECT_TRUE(EvidenceOf(txn).WithdrawJudgement(all[Pick(all.size())], "").ok());
  }

  std::mt19937 random_{GetParam()};
  std::vector<NodeId> nodes_;
  std::vector<RelationshipRef> edges_;
};

TEST_P(IdentityTest, EveryStateIsJoinedAsIfAllWereJoinedAnew) {
  auto store = Store::InMemory();
  auto txn = store->Begin().value();
  for (int i = 0; i < 12; ++i) nodes_.push_back(txn->CreateNode({}, {}).value());
  ASSERT_TRUE(txn->CreateIndex("i", txn->Label("A").value(), txn->Key("k").value()).ok());
  ASSERT_TRUE(txn->Commit().ok());
  for (int round = 0; round < 60; ++round) {
    txn = store->Begin().value();
    for (std::size_t step = Pick(8); step > 0; --step) {
      const Savepoint before = txn->Save();
      const bool takes_back = Pick(6) == 0;
      Do(*txn);
      if (Pick(2) == 0) {
        ASSERT_EQ(Findings(txn->view()), "") << "round " << round;
      }
      if (takes_back) txn->RollbackTo(before);
    }
    ASSERT_EQ(Findings(txn->view()), "") << "round " << round;
    if (Pick(5) == 0) {
      txn->Rollback();
    } else {
      ASSERT_TRUE(txn->Commit().ok());
    }
    if (Pick(3) == 0) continue;
    ASSERT_EQ(Findings(store->Present()), "") << "after round " << round;
    if (Pick(4) != 0) continue;
    const CheckReport report = store->Check().value();
    ASSERT_TRUE(report.findings.empty())
        << "after round " << round << ": " << report.findings.front();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, IdentityTest, ::testing::Range(1u, 31u));

}  // namespace
}  // namespace kb::storage
