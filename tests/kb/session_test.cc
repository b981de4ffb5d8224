// Sessions: statements, transactions, cursors, and what is left after errors.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>

#include "kb/kb.h"
#include "tests/kb/asking.h"

namespace kb {
namespace {

using Rows = std::vector<std::string>;

class SessionTest : public testing::Test {
 protected:
  SessionTest() { Open({}); }

  void Open(const Options& options) {
    sessions_.clear();
    database_.reset();
    auto opened = Database::InMemory(options);
    EXPECT_TRUE(opened.ok());
    database_ = std::make_unique<Database>(std::move(opened).value());
    sessions_.push_back(database_->NewSession());
    sessions_.push_back(database_->NewSession());
  }

  Session& first() { return sessions_[0]; }
  Session& second() { return sessions_[1]; }

  std::unique_ptr<Database> database_;
  std::vector<Session> sessions_;
};

TEST_F(SessionTest, RowsHaveColumnsAndEndOnce) {
  auto cursor = first().Run("UNWIND [1, 2] AS n RETURN n, n * n AS square");
  ASSERT_TRUE(cursor.ok());
  EXPECT_EQ(cursor->columns(), (Rows{"n", "square"}));
  ASSERT_TRUE(cursor->Next());
  EXPECT_EQ(cursor->row()[1].integer(), 1);
  ASSERT_TRUE(cursor->Next());
  EXPECT_EQ(cursor->row()[1].integer(), 4);
  EXPECT_FALSE(cursor->Next());
  EXPECT_FALSE(cursor->Next());
  EXPECT_TRUE(cursor->status().ok());
}

TEST_F(SessionTest, AStatementOfItsOwnIsSeenByOthersAtOnce) {
  Ask(first(), "CREATE (:City {name: 'Riga'})");
  EXPECT_EQ(Ask(second(), "MATCH (c:City) RETURN c.name"), Rows{"Riga"});
}

TEST_F(SessionTest, AWritingStatementIsDoneWhenRunReturns) {
  { ASSERT_TRUE(first().Run("UNWIND range(1, 5000) AS n CREATE (:Page {n: n}) RETURN n").ok()); }
  EXPECT_EQ(AskNumber(second(), "MATCH (p:Page) RETURN count(p)"), 5000);
}

TEST_F(SessionTest, ATransactionIsSeenByOthersOnlyAfterCommit) {
  ASSERT_TRUE(first().Begin().ok());
  Ask(first(), "CREATE (:City)");
  EXPECT_EQ(AskNumber(first(), "MATCH (c:City) RETURN count(c)"), 1);
  EXPECT_EQ(AskNumber(second(), "MATCH (c:City) RETURN count(c)"), 0);
  ASSERT_TRUE(first().Commit().ok());
  EXPECT_FALSE(first().in_transaction());
  EXPECT_EQ(AskNumber(second(), "MATCH (c:City) RETURN count(c)"), 1);
}

TEST_F(SessionTest, RollbackTakesEverythingBack) {
  Ask(first(), "CREATE (:City {name: 'Riga'})-[:ON]->(:River {name: 'Daugava'})");
  Ask(first(), "BEGIN");
  EXPECT_TRUE(first().in_transaction());
  Ask(first(), "MATCH (c:City) SET c.name = 'Paris', c:Capital");
  Ask(first(), "MATCH (c:City)-[on:ON]->() DELETE on");
  Ask(first(), "CREATE (:City)");
  Ask(first(), "ROLLBACK");
  EXPECT_FALSE(first().in_transaction());
  EXPECT_EQ(Ask(first(), "MATCH (c:City)-[:ON]->(r) RETURN c.name, labels(c), r.name"),
            Rows{"Riga | ['City'] | Daugava"});
  EXPECT_EQ(AskNumber(first(), "MATCH (n) RETURN count(n)"), 2);
}

TEST_F(SessionTest, AStatementThatFailsLeavesNoTrace) {
  EXPECT_EQ(ErrorOf(first(), "UNWIND [1, 0] AS d CREATE (:Page {n: 1 / d})"), "ArithmeticError");
  EXPECT_EQ(AskNumber(second(), "MATCH (p:Page) RETURN count(p)"), 0);
}

TEST_F(SessionTest, AStatementThatFailsTakesBackItselfNotTheTransaction) {
  ASSERT_TRUE(first().Begin().ok());
  Ask(first(), "CREATE (:City {name: 'Riga'})");
  EXPECT_EQ(ErrorOf(first(),
                    "MATCH (c:City) SET c.name = 'Paris' "
                    "WITH c UNWIND [1, 0] AS d CREATE (:Page {n: 1 / d})"),
            "ArithmeticError");
  EXPECT_TRUE(first().in_transaction());
  EXPECT_EQ(Ask(first(), "MATCH (c:City) RETURN c.name"), Rows{"Riga"});
  EXPECT_EQ(AskNumber(first(), "MATCH (p:Page) RETURN count(p)"), 0);
  Ask(first(), "CREATE (:City {name: 'Oslo'})");
  ASSERT_TRUE(first().Commit().ok());
  EXPECT_EQ(Ask(second(), "MATCH (c:City) RETURN c.name ORDER BY c.name"), (Rows{"Oslo", "Riga"}));
}

TEST_F(SessionTest, ATextThatIsNoStatementLeavesTheTransactionOpen) {
  ASSERT_TRUE(first().Begin().ok());
  Ask(first(), "CREATE (:City)");
  EXPECT_EQ(ErrorOf(first(), "CREATE (:City"), "SyntaxError");
  EXPECT_EQ(ErrorOf(first(), "RETURN missing"), "SyntaxError");
  ASSERT_TRUE(first().Commit().ok());
  EXPECT_EQ(AskNumber(first(), "MATCH (c:City) RETURN count(c)"), 1);
}

TEST_F(SessionTest, TheTransactionOfASessionThatGoesIsRolledBack) {
  {
    Session gone = database_->NewSession();
    ASSERT_TRUE(gone.Begin().ok());
    Ask(gone, "CREATE (:City)");
  }
  EXPECT_EQ(AskNumber(first(), "MATCH (c:City) RETURN count(c)"), 0);
  Ask(first(), "CREATE (:City)");  // the writer's turn is free again
  EXPECT_EQ(AskNumber(first(), "MATCH (c:City) RETURN count(c)"), 1);
}

TEST_F(SessionTest, TransactionsDoNotNestAndEndOnce) {
  EXPECT_EQ(first().Commit().error().code(), ErrorCode::kConflict);
  EXPECT_EQ(first().Rollback().error().code(), ErrorCode::kConflict);
  ASSERT_TRUE(first().Begin().ok());
  EXPECT_EQ(first().Begin().error().code(), ErrorCode::kConflict);
  EXPECT_EQ(ErrorOf(first(), "BEGIN"), "TransactionError");
  ASSERT_TRUE(first().Commit().ok());
  EXPECT_EQ(ErrorOf(first(), "COMMIT"), "TransactionError");
}

TEST_F(SessionTest, AReadOnlyTransactionKeepsItsView) {
  Ask(first(), "CREATE (:City)");
  ASSERT_TRUE(first().Begin(true).ok());
  Ask(second(), "CREATE (:City)");
  EXPECT_EQ(AskNumber(first(), "MATCH (c:City) RETURN count(c)"), 1);
  ASSERT_TRUE(first().Commit().ok());
  EXPECT_EQ(AskNumber(first(), "MATCH (c:City) RETURN count(c)"), 2);
}

TEST_F(SessionTest, AReadOnlyTransactionRefusesToWriteAndGoesOn) {
  ASSERT_TRUE(first().Begin(true).ok());
  EXPECT_EQ(ErrorOf(first(), "CREATE (:City)"), "ReadOnlyError");
  EXPECT_EQ(ErrorOf(first(), "CREATE INDEX FOR (c:City) ON (c.name)"), "ReadOnlyError");
  EXPECT_EQ(AskNumber(first(), "MATCH (c:City) RETURN count(c)"), 0);
  EXPECT_TRUE(first().Rollback().ok());
}

TEST_F(SessionTest, ACursorKeepsItsViewWhileOthersWrite) {
  Ask(first(), "UNWIND range(1, 10000) AS n CREATE (:Page {n: n})");
  auto cursor = first().Run("MATCH (p:Page) RETURN p.n");
  ASSERT_TRUE(cursor.ok());
  ASSERT_TRUE(cursor->Next());
  Ask(second(), "MATCH (p:Page) DETACH DELETE p");
  int rows = 1;
  while (cursor->Next()) ++rows;
  EXPECT_TRUE(cursor->status().ok());
  EXPECT_EQ(rows, 10000);
}

TEST_F(SessionTest, AnotherStatementEndsAnUnreadCursorWithAnError) {
  Ask(first(), "UNWIND range(1, 10000) AS n CREATE (:Page {n: n})");
  auto cursor = first().Run("MATCH (p:Page) RETURN p.n");
  ASSERT_TRUE(cursor.ok());
  ASSERT_TRUE(cursor->Next());
  Ask(first(), "RETURN 1");
  EXPECT_FALSE(cursor->Next());
  ASSERT_FALSE(cursor->status().ok());
  EXPECT_EQ(cursor->status().error().code(), ErrorCode::kConflict);
}

TEST_F(SessionTest, ACursorOutlivesItsSessionWithAnError) {
  std::optional<Result<Cursor>> cursor;
  {
    Session gone = database_->NewSession();
    cursor.emplace(gone.Run("UNWIND range(1, 10000) AS n RETURN n"));
    ASSERT_TRUE(cursor->ok());
    ASSERT_TRUE(cursor->value().Next());
  }
  EXPECT_FALSE(cursor->value().Next());
  EXPECT_FALSE(cursor->value().status().ok());
}

TEST_F(SessionTest, ReadRowsAreWholeWithoutTheirCase) {
  Value kept;
  {
    auto database = Database::InMemory();
    ASSERT_TRUE(database.ok());
    Session session = database->NewSession();
    auto cursor =
        session.Run("CREATE (c:City {name: 'a name of more than fourteen bytes'}) RETURN c");
    ASSERT_TRUE(cursor.ok() && cursor->Next());
    kept = cursor->row()[0];
  }
  EXPECT_EQ(kept.ToText(), "(:City {name: 'a name of more than fourteen bytes'})");
}

TEST_F(SessionTest, ParametersAreValuesNotText) {
  EXPECT_EQ(Ask(first(), "RETURN $a + 1, $b",
                {{"a", Value::Integer(41)}, {"b", Value::String("') RETURN 1 //")}}),
            Rows{"42 | ') RETURN 1 //"});
  EXPECT_EQ(ErrorOf(first(), "RETURN $a"), "ParameterMissing");
}

TEST_F(SessionTest, TheSummaryCountsWhatChanged) {
  auto cursor = first().Run("CREATE (:City {name: 'Riga'})-[:ON {since: 1201}]->(:River)");
  ASSERT_TRUE(cursor.ok());
  const Counters& counters = cursor->summary().counters;
  EXPECT_EQ(counters.nodes_created, 2u);
  EXPECT_EQ(counters.relationships_created, 1u);
  EXPECT_EQ(counters.properties_set, 2u);
  EXPECT_EQ(counters.labels_added, 2u);
  EXPECT_EQ(counters.nodes_deleted, 0u);
}

TEST_F(SessionTest, ErrorsKnowTheirPlace) {
  const std::string_view text = "MATCH (n)\nRETURN n.name, m.name";
  auto cursor = first().Run(text);
  ASSERT_FALSE(cursor.ok());
  const Span span = cursor.error().span();
  EXPECT_EQ(text.substr(span.begin, span.end - span.begin), "m");
  EXPECT_EQ(cursor.error().detail(), "UndefinedVariable");
}

TEST_F(SessionTest, ExplainPlansAndDoesNotRun) {
  auto cursor = first().Run("EXPLAIN CREATE (:City)");
  ASSERT_TRUE(cursor.ok());
  while (cursor->Next()) {
  }
  EXPECT_TRUE(cursor->summary().plan.has_value());
  EXPECT_EQ(AskNumber(first(), "MATCH (c:City) RETURN count(c)"), 0);
}

TEST_F(SessionTest, ProfileCountsTheRowsOfEachOperator) {
  Ask(first(), "UNWIND range(1, 7) AS n CREATE (:Page {n: n})");
  auto cursor = first().Run("PROFILE MATCH (p:Page) RETURN p.n");
  ASSERT_TRUE(cursor.ok());
  while (cursor->Next()) {
  }
  ASSERT_TRUE(cursor->summary().plan.has_value());
  EXPECT_EQ(cursor->summary().plan->rows, 7u);
}

TEST_F(SessionTest, PlansForgetAnIndexThatWasRolledBack) {
  const std::string_view question = "MATCH (c:City) WHERE c.name = 'Riga' RETURN count(c)";
  Ask(first(), "CREATE (:City {name: 'Riga'}), (:River {name: 'Daugava'})");
  ASSERT_TRUE(first().Begin().ok());
  Ask(first(), "CREATE INDEX FOR (c:City) ON (c.name)");
  EXPECT_EQ(AskNumber(first(), question), 1);
  ASSERT_TRUE(first().Rollback().ok());
  EXPECT_EQ(AskNumber(first(), question), 1);
  Ask(first(), "CREATE INDEX FOR (r:River) ON (r.name)");
  EXPECT_EQ(AskNumber(first(), question), 1);
}

TEST_F(SessionTest, AStatementEndsAtItsTimeLimit) {
  Options options;
  options.timeout = std::chrono::milliseconds(20);
  Open(options);
  EXPECT_EQ(ErrorOf(first(),
                    "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b "
                    "RETURN count(*)"),
            "CancelledError");
  EXPECT_EQ(AskNumber(first(), "RETURN 1"), 1);
}

TEST_F(SessionTest, WaitingForTheOtherWriterEndsAtTheTimeLimit) {
  Options options;
  options.timeout = std::chrono::milliseconds(20);
  Open(options);
  ASSERT_TRUE(first().Begin().ok());
  EXPECT_EQ(ErrorOf(second(), "CREATE (:City)"), "CancelledError");
  EXPECT_EQ(second().Begin().error().code(), ErrorCode::kCancelled);
  EXPECT_EQ(AskNumber(second(), "MATCH (n) RETURN count(n)"), 0);  // readers do not wait
  ASSERT_TRUE(first().Rollback().ok());
  EXPECT_TRUE(second().Begin().ok());
}

TEST_F(SessionTest, AnInterruptOfNothingDoesNotStopTheNextStatement) {
  first().Interrupt();
  EXPECT_EQ(AskNumber(first(), "RETURN 1"), 1);
  first().Interrupt();
  EXPECT_TRUE(first().Begin().ok());
}

TEST_F(SessionTest, ResetEmptiesACaseInMemory) {
  Ask(first(), "CREATE (:City)");
  ASSERT_TRUE(first().Begin().ok());
  ASSERT_TRUE(first().Reset().ok());
  EXPECT_FALSE(first().in_transaction());
  EXPECT_EQ(AskNumber(first(), "MATCH (n) RETURN count(n)"), 0);
  EXPECT_EQ(database_->Schema().node_count, 0u);
}

TEST_F(SessionTest, AProcedureOfATableAnswersForItsInputs) {
  TableProcedure procedure{"test.capital(country :: STRING?) :: (city :: STRING?)",
                           {{Value::String("Latvia"), Value::String("Riga")},
                            {Value::String("Norway"), Value::String("Oslo")}}};
  ASSERT_TRUE(first().RegisterProcedure(procedure).ok());
  EXPECT_EQ(Ask(first(), "CALL test.capital('Norway') YIELD city RETURN city"), Rows{"Oslo"});
  EXPECT_EQ(ErrorOf(second(), "CALL test.capital('Norway') YIELD city RETURN city"),
            "ProcedureError");
  first().DropProcedures();
  EXPECT_EQ(ErrorOf(first(), "CALL test.capital('Norway') YIELD city RETURN city"),
            "ProcedureError");
}

}  // namespace
}  // namespace kb
