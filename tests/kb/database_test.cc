// Databases: opening, what survives closing, copies, and refusals.
#include "kb/database.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "kb/kb.h"
#include "tests/kb/asking.h"
#include "tests/storage/scratch.h"

namespace kb {
namespace {

namespace fs = std::filesystem;
using Rows = std::vector<std::string>;

class DatabaseTest : public testing::Test {
 protected:
  static std::unique_ptr<Database> Open(const std::string& path, const Options& options = {}) {
    auto opened = Database::Open(path, options);
    EXPECT_TRUE(opened.ok()) << opened.error().Format();
    return opened.ok() ? std::make_unique<Database>(std::move(opened).value()) : nullptr;
  }
  static ErrorCode OpenError(const std::string& path, const Options& options = {}) {
    auto opened = Database::Open(path, options);
    if (opened.ok()) return ErrorCode::kInternal;
    EXPECT_NE(opened.error().message().find(path), std::string::npos)
        << "the message names the case: " << opened.error().message();
    return opened.error().code();
  }
  static Options ReadOnly() {
    Options options;
    options.read_only = true;
    return options;
  }

  storage::Scratch scratch_;
};

void Do(Database& database, std::string_view statement) {
  Session session = database.NewSession();
  Ask(session, statement);
}

std::int64_t Count(Database& database, std::string_view query = "MATCH (n) RETURN count(n)") {
  Session session = database.NewSession();
  return AskNumber(session, query);
}

TEST_F(DatabaseTest, CasesInMemoryAreApart) {
  const auto one = Open(":memory:");
  const auto two = Open(":memory:");
  Do(*one, "CREATE (:City)");
  EXPECT_EQ(Count(*one), 1);
  EXPECT_EQ(Count(*two), 0);
}

TEST_F(DatabaseTest, WhatWasCommittedIsThereAfterReopening) {
  const std::string path = scratch_ / "case";
  {
    const auto database = Open(path);
    Do(*database, "CREATE INDEX city_name FOR (c:City) ON (c.name)");
    Do(*database, "CREATE (:City {name: 'Riga', since: date('1201-01-01')})-[:ON]->(:River)");
    Session session = database->NewSession();
    ASSERT_TRUE(session.Begin().ok());
    Ask(session, "CREATE (:City {name: 'Oslo'})");  // not committed
  }
  const auto database = Open(path);
  Session session = database->NewSession();
  EXPECT_EQ(Ask(session, "MATCH (c:City)-[:ON]->(r:River) RETURN c.name, c.since"),
            Rows{"Riga | 1201-01-01"});
  EXPECT_EQ(Count(*database), 2);
  const SchemaSummary schema = database->Schema();
  ASSERT_EQ(schema.indexes.size(), 1u);
  EXPECT_EQ(schema.indexes[0].name, "city_name");
}

/// What was read from the disk lies in arrays of its own; what has been edited since does not.
TEST_F(DatabaseTest, AStatementSeesWhatItWroteInACaseThatWasRead) {
  const std::string path = scratch_ / "case";
  Do(*Open(path), "UNWIND range(1, 5000) AS i CREATE (:X {i: i})-[:R {t: i}]->(:Y {i: i})");
  const auto database = Open(path);
  const std::string count = "MATCH (x:X)-[:R]->(y:Y) RETURN count(*)";
  const std::string sum = "MATCH (x:X)-[r:R]->(y:Y) RETURN sum(y.i) + sum(r.t)";
  EXPECT_EQ(Count(*database, count), 5'000);
  EXPECT_EQ(Count(*database, sum), 2 * 12'502'500);
  EXPECT_EQ(Count(*database,
                  "MATCH (x:X {i: 1}), (y:Y {i: 2}) CREATE (x)-[:R {t: 1}]->(y) WITH count(*) AS n "
                  "MATCH (x:X)-[:R]->(y:Y) RETURN count(*)"),
            5'001);
  EXPECT_EQ(Count(*database,
                  "MATCH (x:X)-[r:R]->(y:Y) SET y.i = y.i + 1, r.t = r.t + 1 WITH count(*) AS n "
                  "MATCH (x:X)-[r:R]->(y:Y) RETURN sum(y.i) + sum(r.t)"),
            2 * 12'502'500 + 3 + 5'003 + 5'001);
  EXPECT_EQ(Count(*database,
                  "MATCH (x:X {i: 7})-[r:R]->() DELETE r WITH count(*) AS n "
                  "MATCH (x:X)-[:R]->(y:Y) RETURN count(*)"),
            5'000);
  EXPECT_EQ(Count(*database, count), 5'000);
}

TEST_F(DatabaseTest, OpeningSaysWhatIsWrong) {
  Options no_creating;
  no_creating.create_if_missing = false;
  EXPECT_EQ(OpenError(scratch_ / "missing", no_creating), ErrorCode::kNotFound);
  EXPECT_EQ(OpenError(scratch_ / "missing", ReadOnly()), ErrorCode::kNotFound);
  EXPECT_FALSE(fs::exists(scratch_ / "missing"));

  std::ofstream(scratch_ / "file") << "text";
  EXPECT_EQ(OpenError(scratch_ / "file"), ErrorCode::kArgument);

  fs::create_directories(scratch_ / "photos");
  std::ofstream(scratch_ / "photos/one.jpg") << "x";
  EXPECT_EQ(OpenError(scratch_ / "photos"), ErrorCode::kArgument);
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch_ / "photos"), {}), 1);

  fs::create_directories(scratch_ / "newer");
  std::ofstream(scratch_ / "newer/KB") << "kb case, format 1000\n";
  EXPECT_EQ(OpenError(scratch_ / "newer"), ErrorCode::kUnsupported);
}

TEST_F(DatabaseTest, ACaseHasOneWritingProcess) {
  const std::string path = scratch_ / "case";
  const auto database = Open(path);
  EXPECT_EQ(OpenError(path), ErrorCode::kConflict);
}

TEST_F(DatabaseTest, ACaseOpenForReadingTakesNoWrites) {
  const std::string path = scratch_ / "case";
  { Do(*Open(path), "CREATE (:City)"); }
  const auto database = Open(path, ReadOnly());
  Session session = database->NewSession();
  EXPECT_EQ(ErrorOf(session, "CREATE (:City)"), "ReadOnlyError");
  EXPECT_EQ(session.Begin().error().code(), ErrorCode::kReadOnly);
  EXPECT_TRUE(session.Begin(true).ok());
  EXPECT_EQ(AskNumber(session, "MATCH (c:City) RETURN count(c)"), 1);
}

TEST_F(DatabaseTest, ACaseOnDiskIsNotReset) {
  const auto database = Open(scratch_ / "case");
  Do(*database, "CREATE (:City)");
  Session session = database->NewSession();
  EXPECT_EQ(session.Reset().error().code(), ErrorCode::kReadOnly);
  EXPECT_EQ(Count(*database), 1);
}

TEST_F(DatabaseTest, ABackupIsACaseOfItsOwn) {
  const auto database = Open(scratch_ / "case");
  Do(*database, "CREATE (:City {name: 'Riga'})");
  ASSERT_TRUE(database->Backup(scratch_ / "copy").ok());
  Do(*database, "CREATE (:City {name: 'Oslo'})");
  const auto copy = Open(scratch_ / "copy");
  EXPECT_EQ(Count(*copy), 1);
  Do(*copy, "MATCH (c:City) DELETE c");
  EXPECT_EQ(Count(*database), 2);
  EXPECT_FALSE(database->Backup(scratch_ / "copy").ok());
}

TEST_F(DatabaseTest, ACaseInMemoryHasNothingToCopy) {
  const auto refused = Open(":memory:")->Backup(scratch_ / "copy");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kUnsupported);
  EXPECT_FALSE(fs::exists(scratch_ / "copy"));
}

TEST_F(DatabaseTest, FoldingChangesNoAnswer) {
  const std::string path = scratch_ / "case";
  {
    const auto database = Open(path);
    Do(*database, "UNWIND range(1, 5000) AS n CREATE (:Page {n: n})-[:IN]->(:Book {n: n % 7})");
    Do(*database, "MATCH (p:Page) WHERE p.n % 3 = 0 DETACH DELETE p");
    ASSERT_TRUE(database->Fold().ok());
    EXPECT_EQ(Count(*database, "MATCH (p:Page)-[:IN]->(b {n: 1}) RETURN count(*)"), 477);
    const auto check = database->Check();
    ASSERT_TRUE(check.ok());
    EXPECT_TRUE(check->findings.empty()) << check->findings.front();
  }
  EXPECT_EQ(Count(*Open(path), "MATCH (p:Page)-[:IN]->(b {n: 1}) RETURN count(*)"), 477);
}

TEST_F(DatabaseTest, TheSchemaSaysNamesAndNumbers) {
  const auto database = Open(":memory:");
  Do(*database, "CREATE (:City {name: 'Riga'})-[:ON]->(:River), (:City)");
  const SchemaSummary schema = database->Schema();
  ASSERT_EQ(schema.labels.size(), 2u);
  EXPECT_EQ(schema.labels[0].name, "City");
  EXPECT_EQ(schema.labels[0].count, 2u);
  ASSERT_EQ(schema.relationship_types.size(), 1u);
  EXPECT_EQ(schema.relationship_types[0].count, 1u);
  EXPECT_EQ(schema.property_keys, Rows{"name"});
  EXPECT_EQ(schema.node_count, 3u);
}

TEST_F(DatabaseTest, ADatabaseMayMoveWhileSessionsLive) {
  auto opened = Database::InMemory();
  ASSERT_TRUE(opened.ok());
  Session session = opened->NewSession();
  const Database moved = std::move(opened).value();
  Ask(session, "CREATE (:City)");
  EXPECT_EQ(moved.Schema().node_count, 1u);
}

}  // namespace
}  // namespace kb
