#include <gtest/gtest.h>

#include "storage/evidence.h"
#include "storage/store.h"
#include "tests/storage/scratch.h"

namespace kb::storage {
namespace {

/// Two sources say 1, one of them well graded, and a later one says 2; the writer says 3.
class RuleTest : public testing::Test {
 protected:
  RuleTest() {
    Add(1, 'B', 1, false);
    Add(1, 'C', 2, false);
    Add(2, 'A', 3, false);
    Add(3, 'A', 0, true);
  }
  void Add(std::int64_t value, char grade, std::uint32_t source, bool plain) {
    Statement statement;
    statement.id = statements_.size() + 1;
    statement.fact = {FactKind::kProperty, 1};
    statement.value = Value::Integer(value);
    statement.plain = plain;
    statement.testimony.source = NodeId{source};
    if (!plain) {
      statement.testimony.grade = {static_cast<std::uint8_t>(grade - 'A' + 1), 1};
    }
    statement.recorded = static_cast<std::int64_t>(statements_.size()) + 10;
    statements_.push_back(statement);
  }
  std::int64_t Decided(const Rule& rule) const {
    std::vector<const Statement*> all;
    for (const Statement& statement : statements_) all.push_back(&statement);
    return Decide(all, rule)->integer();
  }
  std::vector<Statement> statements_;
};

TEST_F(RuleTest, CriteriaAreTriedInTheirOrder) {
  EXPECT_EQ(Decided(DefaultRule()), 3);
  EXPECT_EQ(Decided({Criterion::kGrade}), 2);
  EXPECT_EQ(Decided({Criterion::kSources}), 1);
  EXPECT_EQ(Decided({Criterion::kLatest}), 3);
  EXPECT_EQ(Decided({Criterion::kEarliest}), 1);
  EXPECT_EQ(Decided({Criterion::kSources, Criterion::kEarliest}), 1);
  EXPECT_FALSE(Decide({}, DefaultRule()));
}

TEST_F(RuleTest, BytesAreReadBackAndDamageIsNoticed) {
  const Rule rule = {Criterion::kEarliest, Criterion::kAsserted, Criterion::kSources};
  const auto read = DecodeRule(EncodeRule(rule));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, rule);
  EXPECT_FALSE(DecodeRule("\x09").ok());
}

TEST_F(RuleTest, ACaseKeepsItsRuleWhenItIsClosed) {
  const Scratch scratch;
  const Rule rule = {Criterion::kLatest};
  {
    auto store = Store::Open(scratch / "case", {});
    ASSERT_TRUE(store.ok());
    auto transaction = (*store)->Begin();
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE(EvidenceOf(**transaction).SetRule(rule).ok());
    ASSERT_TRUE((*transaction)->Commit().ok());
    // One that is taken back leaves it as it was.
    auto other = (*store)->Begin();
    ASSERT_TRUE(EvidenceOf(**other).SetRule({Criterion::kGrade}).ok());
    (*other)->Rollback();
    EXPECT_EQ(RuleOf((*store)->Present()), rule);
  }
  const auto store = Store::Open(scratch / "case", {});
  ASSERT_TRUE(store.ok());
  EXPECT_EQ(RuleOf((*store)->Present()), rule);
}

}  // namespace
}  // namespace kb::storage
