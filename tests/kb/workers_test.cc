// A statement on several threads gives the rows that it gives on one, in the same order, whatever
// the optimiser leaves out. The graph is large enough for threads to be worth their while, tables
// of pairs to be made, and lists to be long and short.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "kb/kb.h"
#include "tests/kb/asking.h"
#include "tests/storage/scratch.h"

namespace kb {
namespace {

using Rows = std::vector<std::string>;

/// Read on one thread and on four, with and without counting instead of enumerating.
constexpr const char* kStatements[] = {
    "MATCH (n) RETURN count(*) AS n",
    "MATCH (n:Item) WHERE n.v % 3 = 1 AND n.i < 50000 RETURN count(*) AS n, sum(n.v) AS s",
    "MATCH (n:Item) RETURN n.v % 7 AS k, count(*) AS c, sum(n.v) AS s, avg(n.v) AS a, "
    "min(n.name) AS least, max(n.i) AS most",
    "MATCH (n:Item) RETURN n.name AS name, n.v % 2 AS odd, count(*) AS c",
    "MATCH (n:Item) RETURN count(DISTINCT n.v) AS v, count(DISTINCT n.name) AS names, "
    "count(n.rare) AS rare, min(n.rare) AS first",
    "MATCH (n:Item) RETURN n.v % 5 AS k, count(DISTINCT n.v % 50) AS v, count(DISTINCT n) AS n",
    "MATCH (n:Item) RETURN n.rare AS rare, avg(n.rare) AS a, sum(n.i) AS s",
    "MATCH (n:Item) RETURN n.i % 3 AS k, sum(duration({days: n.v % 4})) AS d, "
    "avg(duration({hours: n.v % 4})) AS h",
    "MATCH (a:Item)-[r:TO]->(b:Item) WHERE b.v > a.v RETURN a.v % 3 AS k, count(*) AS n, "
    "sum(b.i) AS s",
    "MATCH (a:Item)-[r:TO]->(b) UNWIND [a.v, b.v] AS v RETURN v % 4 AS k, count(*) AS n",
    "MATCH (n:Item) RETURN n.i AS i, n.v AS v ORDER BY v DESC LIMIT 300",
    "MATCH (n:Item) RETURN n.i AS i, n.name AS name ORDER BY name, n.v % 10 SKIP 90 LIMIT 90",
    "MATCH (a:Item)-[:TO]->(b) RETURN a.i AS x, b.i AS y ORDER BY a.v + b.v LIMIT 50",
    "MATCH (n:Item) RETURN n.i AS i ORDER BY n.rare LIMIT 100",
    "MATCH (h:Hub)-[:HAS]->(a:Item)-[:TO]->(b:Item) WHERE a.v < b.v RETURN count(*) AS n",
    "MATCH (h:Hub)-[:HAS]->(a:Item)-[:TO]->(b:Item)<-[:HAS]-(h) RETURN count(*) AS n",
    "MATCH (a:Item)-[:TO]->(b:Item)-[:TO]->(c:Item)-[:TO]->(a) RETURN count(*) AS n",
    "MATCH (a:Item)-[:TO]-(b:Item)-[:TO]-(c:Item)-[:TO]-(a) RETURN count(*) AS n",
    "MATCH (t:Tag)<-[:IS]-(a:Item)-[:TO]->(b:Item)-[:IS]->(u:Tag) WHERE t <> u "
    "RETURN count(*) AS n",
    "MATCH (t:Tag)<-[:IS]-(a:Item)-[:TO]->(b:Item)-[:IS]->(u:Tag) "
    "WHERE NOT (b)-[:IS]->(t) AND t <> u RETURN count(*) AS n",
    "MATCH (t:Tag)<-[:IS]-(a:Item)-[:TO]->(b:Item)-[:IS]->(u:Tag) "
    "WHERE (b)-[:IS]->(t) AND t <> u RETURN count(*) AS n",
    "MATCH (h:Hub)-[:HAS]->(a:Item)-[:IS]->(t:Tag)<-[:IS]-(b:Item)<-[:HAS]-(h) "
    "WHERE a.v = 1 RETURN count(*) AS n",
};

class WorkersTest : public testing::Test {
 protected:
  WorkersTest() {
    Open({});
    Session session = database_->NewSession();
    Ask(session,
        "UNWIND range(0, 59999) AS i CREATE (:Item {i: i, v: (i * 7919) % 1009, "
        "name: 'n' + toString(i % 23)})");
    Ask(session, "MATCH (n:Item) WHERE n.i % 997 = 5 SET n.rare = n.i / 7.0");
    Ask(session, "UNWIND range(0, 39) AS i CREATE (:Hub {i: i}), (:Tag {i: i})");
    Ask(session, "CREATE INDEX FOR (n:Item) ON (n.i)");
    Ask(session,
        "MATCH (h:Hub) UNWIND range(0, 29) AS k "
        "MATCH (n:Item {i: (h.i * h.i * 41 + k * 613) % 60000}) CREATE (h)-[:HAS]->(n)");
    // Most ends are among the first: cycles, loops, lists that repeat, and a few long ones.
    Ask(session,
        "UNWIND range(0, 19999) AS k MATCH (a:Item {i: (k * k + 3 * k) % 1500}), "
        "(b:Item {i: (k * 31 + k / 7) % 1200}) CREATE (a)-[:TO {k: k}]->(b)");
    Ask(session,
        "UNWIND range(0, 9999) AS k MATCH (a:Item {i: k % 3000}), (t:Tag {i: (k * k) % 40}) "
        "CREATE (a)-[:IS]->(t)");
  }

  void Open(const Options& options) {
    database_.reset();
    auto opened = Database::Open(scratch_ / "case", options);
    ASSERT_TRUE(opened.ok()) << opened.error().Format();
    database_ = std::make_unique<Database>(std::move(opened).value());
  }

  /// The rows of all statements; order is part of them.
  std::vector<Rows> Answers(std::size_t threads, std::vector<std::string> disabled_passes) {
    Options options;
    options.threads = threads;
    options.disabled_passes = std::move(disabled_passes);
    Open(options);
    Session session = database_->NewSession();
    std::vector<Rows> answers;
    for (const char* statement : kStatements) answers.push_back(Ask(session, statement));
    return answers;
  }

  storage::Scratch scratch_;
  std::unique_ptr<Database> database_;
};

TEST_F(WorkersTest, ManyThreadsGiveTheRowsOfOneInTheSameOrder) {
  const auto one = Answers(1, {});
  const auto four = Answers(4, {});
  for (std::size_t i = 0; i < std::size(kStatements); ++i) {
    EXPECT_FALSE(one[i].empty()) << kStatements[i];
    EXPECT_EQ(one[i], four[i]) << kStatements[i];
  }
}

TEST_F(WorkersTest, CountingGivesWhatEnumeratingGives) {
  const auto counted = Answers(4, {});
  const auto enumerated = Answers(4, {"push_down_aggregate"});
  for (std::size_t i = 0; i < std::size(kStatements); ++i) {
    Rows a = counted[i];
    Rows b = enumerated[i];
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    EXPECT_EQ(a, b) << kStatements[i];
  }
}

TEST_F(WorkersTest, AnErrorOfOneThreadIsTheErrorOfTheStatement) {
  Options options;
  options.threads = 4;
  Open(options);
  Session session = database_->NewSession();
  auto cursor = session.Run("MATCH (n:Item) RETURN sum(1 / (n.i - 41234)) AS n");
  ASSERT_TRUE(cursor.ok());
  EXPECT_FALSE(cursor->Next());
  ASSERT_FALSE(cursor->status().ok());
  EXPECT_EQ(cursor->status().error().code(), ErrorCode::kArithmetic);
  EXPECT_EQ(Ask(session, "MATCH (n:Item) RETURN count(*) AS n"), Rows{"60000"});
}

}  // namespace
}  // namespace kb
