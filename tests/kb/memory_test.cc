// Statements under a budget of memory: what can leave the heap does, what cannot ends the
// statement.
#include "schema/base/memory.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "kb/kb.h"
#include "tests/kb/asking.h"
#include "tests/storage/scratch.h"

#if defined(__has_feature)
#define KB_HAS_FEATURE(name) __has_feature(name)
#else
#define KB_HAS_FEATURE(name) 0
#endif

namespace kb {
namespace {

/// Sanitizers keep freed memory and shadows of it: there the program has no size to speak of.
constexpr bool kMeasurable =
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    KB_HAS_FEATURE(address_sanitizer) || KB_HAS_FEATURE(thread_sanitizer)
    false;
#else
    true;
#endif

class MemoryTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!kMeasurable || MeasureMemory().own == 0) GTEST_SKIP() << "memory cannot be measured";
  }
  /// A case that may use so many bytes beyond what the program has already.
  std::unique_ptr<Database> Open(std::uint64_t room) {
    Options options;
    options.memory = MeasureMemory().own + room;
    auto opened = Database::Open(scratch_ / "case", options);
    EXPECT_TRUE(opened.ok()) << opened.error().Format();
    return opened.ok() ? std::make_unique<Database>(std::move(opened).value()) : nullptr;
  }

  storage::Scratch scratch_;
};

TEST_F(MemoryTest, AStatementThatNeedsTooMuchEndsAndTheCaseGoesOn) {
  const auto database = Open(60'000'000);
  Session session = database->NewSession();
  EXPECT_EQ(ErrorOf(session, "CREATE (:Kept {n: 1})"), "none");
  auto cursor = session.Run(
      "UNWIND range(1, 3000000) AS x "
      "WITH collect(toString(x) + ' is a text that does not fit beside a number') AS all "
      "RETURN size(all)");
  ASSERT_TRUE(cursor.ok()) << cursor.error().Format();
  EXPECT_FALSE(cursor->Next());
  ASSERT_FALSE(cursor->status().ok());
  EXPECT_EQ(cursor->status().error().code(), ErrorCode::kLimit);
  EXPECT_EQ(cursor->status().error().detail(), "MemoryLimit");
  EXPECT_EQ(AskNumber(session, "MATCH (k:Kept) RETURN k.n"), 1);

  // A writing statement ends likewise and leaves nothing.
  EXPECT_EQ(ErrorOf(session,
                    "UNWIND range(1, 3000000) AS x "
                    "WITH collect(toString(x) + ' is a text that does not fit beside it') AS all "
                    "CREATE (:Lost {n: size(all)})"),
            "LimitError");
  EXPECT_EQ(AskNumber(session, "MATCH (n) RETURN count(n)"), 1);
}

TEST_F(MemoryTest, ASortOfMoreRowsThanMemoryHoldsGivesAllInOrder) {
  const auto database = Open(90'000'000);
  Session session = database->NewSession();
  auto cursor = session.Run(
      "UNWIND range(1, 1200000) AS x "
      "WITH x, (x * 7919) % 1200007 AS k, 'the text of row number ' + toString(x % 1000) AS t "
      "ORDER BY k DESC RETURN x, k, t");
  ASSERT_TRUE(cursor.ok()) << cursor.error().Format();
  std::int64_t rows = 0;
  std::int64_t sum = 0;
  std::int64_t last = 1'200'008;
  bool is_right = true;
  while (cursor->Next()) {
    const auto row = cursor->row();
    const std::int64_t x = row[0].integer();
    is_right = is_right && row[1].integer() < last && row[1].integer() == x * 7919 % 1'200'007 &&
               row[2].string() == "the text of row number " + std::to_string(x % 1000);
    last = row[1].integer();
    sum += x;
    ++rows;
  }
  EXPECT_TRUE(cursor->status().ok()) << cursor->status().error().Format();
  EXPECT_TRUE(is_right);
  EXPECT_EQ(rows, 1'200'000);
  EXPECT_EQ(sum, std::int64_t{1'200'000} * 1'200'001 / 2);
}

TEST_F(MemoryTest, GroupsAndDistinctRowsBeyondMemoryAreAllThere) {
  const auto database = Open(80'000'000);
  Session session = database->NewSession();
  // 600,000 groups of two rows, told apart by a text.
  EXPECT_EQ(Ask(session,
                "UNWIND range(0, 1199999) AS x "
                "WITH 'the text of the group with the number ' + toString(x % 600000) AS k, "
                "count(*) AS n, sum(x) AS s "
                "RETURN count(k), sum(n), sum(s), min(n), max(n)"),
            (std::vector<std::string>{"600000 | 1200000 | 719999400000 | 2 | 2"}));
  EXPECT_EQ(Ask(session,
                "UNWIND range(0, 1199999) AS x "
                "WITH DISTINCT 'the text of the row with the number ' + toString(x % 500000) AS k "
                "RETURN count(k), min(k), max(k)"),
            (std::vector<std::string>{"500000 | the text of the row with the number 0 | "
                                      "the text of the row with the number 99999"}));
}

TEST_F(MemoryTest, AJoinOfMoreRowsThanMemoryHoldsFindsAllPairs) {
  {
    auto filled = Database::Open(scratch_ / "case");
    ASSERT_TRUE(filled.ok()) << filled.error().Format();
    Session session = filled->NewSession();
    Ask(session, "UNWIND range(0, 399999) AS i CREATE (:A {k: i}), (:B {k: 399999 - i / 2})");
  }
  const auto database = Open(90'000'000);
  Session session = database->NewSession();
  // Every key from 200,000 on has two partners on the right; the keys alone take 60 MB.
  const std::string join =
      "MATCH (a:A), (b:B) WHERE $long + a.k = $long + b.k "
      "RETURN count(*), sum(a.k), sum(b.k), min(a.k), count(DISTINCT a.k % 1000)";
  EXPECT_EQ(Ask(session, join, {{"long", Value::String(std::string(300, 'k'))}}),
            (std::vector<std::string>{"400000 | 119999800000 | 119999800000 | 200000 | 1000"}));
  // The other half of the left side goes on alone, each once.
  const std::string optional =
      "MATCH (a:A) OPTIONAL MATCH (b:B) WHERE $long + a.k = $long + b.k "
      "RETURN count(*), count(b), sum(a.k), sum(b.k), min(a.k), min(b.k)";
  EXPECT_EQ(
      Ask(session, optional, {{"long", Value::String(std::string(300, 'k'))}}),
      (std::vector<std::string>{"600000 | 400000 | 139999700000 | 119999800000 | 0 | 200000"}));
}

TEST_F(MemoryTest, ListsOfManyGroupsBeyondMemoryAreWhatTheyAreWithoutALimit) {
  const auto database = Open(60'000'000);
  Session session = database->NewSession();
  const Parameters parameters = {{"long", Value::String(std::string(400, 't'))}};
  // Lists keep the order of rows; other aggregates stand beside them.
  EXPECT_EQ(
      Ask(session,
          "UNWIND range(0, 199999) AS x WITH x, x % 2000 AS k "
          "WITH k, collect($long + (1000000 + x)) AS l, count(*) AS n, sum(x) AS s "
          "RETURN count(k), sum(n), sum(s), min(size(l)), max(size(l)), "
          "count(CASE WHEN all(i IN range(0, 99) WHERE l[i] = $long + (1000000 + k + i * 2000))"
          " THEN 1 END)",
          parameters),
      (std::vector<std::string>{"2000 | 200000 | 19999900000 | 100 | 100 | 2000"}));
  // The first of equal values stays in its place; percentiles keep their values as well.
  EXPECT_EQ(
      Ask(session,
          "UNWIND range(0, 199999) AS x WITH x, x % 1000 AS k "
          "WITH k, collect(DISTINCT $long + (1000000 + x % 100000)) AS l, "
          "percentileDisc(x, 0.5) AS p "
          "RETURN count(k), sum(size(l)), sum(p), "
          "count(CASE WHEN all(i IN range(0, 99) WHERE l[i] = $long + (1000000 + k + i * 1000))"
          " THEN 1 END)",
          parameters),
      (std::vector<std::string>{"1000 | 100000 | 99499500 | 1000"}));
  // More groups than memory holds, each with a list.
  EXPECT_EQ(Ask(session,
                "UNWIND range(0, 199999) AS x WITH x % 100000 AS k, collect($long + x) AS l "
                "RETURN count(k), sum(size(l)), count(CASE WHEN l[0] = $long + k AND "
                "l[1] = $long + (k + 100000) THEN 1 END)",
                parameters),
            (std::vector<std::string>{"100000 | 200000 | 100000"}));
}

TEST_F(MemoryTest, DistinctValuesBeyondMemoryAreCountedAndSummedOnce) {
  const auto database = Open(60'000'000);
  Session session = database->NewSession();
  const Parameters parameters = {{"long", Value::String(std::string(400, 't'))}};
  EXPECT_EQ(
      Ask(session,
          "UNWIND range(0, 299999) AS x RETURN count(DISTINCT $long + (x % 200000)), count(*)",
          parameters),
      (std::vector<std::string>{"200000 | 300000"}));
  EXPECT_EQ(
      Ask(session,
          "UNWIND range(0, 299999) AS x "
          "WITH x % 5 AS k, count(DISTINCT $long + (x % 200000)) AS n, "
          "sum(DISTINCT x % 150000) AS s, avg(DISTINCT x % 150000) AS a, count(*) AS all "
          "RETURN k, n, s, a, all ORDER BY k",
          parameters),
      (std::vector<std::string>{
          "0 | 40000 | 2249925000 | 74997.5 | 60000", "1 | 40000 | 2249955000 | 74998.5 | 60000",
          "2 | 40000 | 2249985000 | 74999.5 | 60000", "3 | 40000 | 2250015000 | 75000.5 | 60000",
          "4 | 40000 | 2250045000 | 75001.5 | 60000"}));
}

TEST_F(MemoryTest, AListThatDoesNotFitEndsTheStatementAndTheCaseGoesOn) {
  const auto database = Open(60'000'000);
  Session session = database->NewSession();
  EXPECT_EQ(ErrorOf(session,
                    "UNWIND range(1, 400000) AS x "
                    "WITH x % 2 AS k, collect($long + x) AS l RETURN k, size(l)",
                    {{"long", Value::String(std::string(500, 't'))}}),
            "LimitError");
  EXPECT_EQ(AskNumber(session, "UNWIND range(1, 10) AS x RETURN size(collect(x))"), 10);
}

}  // namespace
}  // namespace kb
