// The engine: cache, parameters, limits, cancellation, profile.
#include "query/engine.h"

#include "schema/base/memory.h"
#include "tests/query/exec/ask.h"

namespace kb::query {
namespace {

class EngineTest : public Asking {
 protected:
  PlanText Profile(std::string_view statement) {
    const auto prepared = *engine_.Prepare(statement, store_->Present());
    const ParameterList none;
    const auto stream =
        std::move(engine_.Start(prepared, {store_->Present(), nullptr, &none, nullptr})).value();
    std::vector<std::vector<Value>> rows;
    while (*stream->Next(&rows)) {
    }
    return stream->Profile();
  }
};

TEST_F(EngineTest, SecondPreparationComesFromTheCache) {
  const auto first = engine_.Prepare("RETURN 1 AS x", store_->Present());
  const auto second = engine_.Prepare("RETURN 1 AS x", store_->Present());
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ((*first)->plan, (*second)->plan);
  EXPECT_EQ((*second)->parse_us + (*second)->plan_us, 0u);
}

TEST_F(EngineTest, IndexesMakePlansAnew) {
  Do("CREATE (:N {i: 1})");
  const std::string_view text = "MATCH (n:N {i: 1}) RETURN n";
  const auto before = *engine_.Prepare(text, store_->Present());
  Do("CREATE INDEX FOR (n:N) ON (n.i)");
  const auto after = *engine_.Prepare(text, store_->Present());
  EXPECT_NE(before->plan, after->plan);
}

TEST_F(EngineTest, MissingParameterIsAnError) {
  EXPECT_EQ(One("RETURN $x"), "ParameterMissing MissingParameter");
  EXPECT_EQ(One("RETURN $x", {{"x", Value::Integer(4)}}), "4");
}

TEST_F(EngineTest, SkipAndLimitWantCountingNumbers) {
  EXPECT_EQ(One("UNWIND [1, 2] AS x RETURN x LIMIT $n", {{"n", Value::Integer(-1)}}),
            "SyntaxError NegativeIntegerArgument");
  EXPECT_EQ(One("UNWIND [1, 2] AS x RETURN x SKIP $n", {{"n", Value::Float(1.5)}}),
            "SyntaxError InvalidArgumentType");
}

TEST_F(EngineTest, CancellationEndsALongStatement) {
  cancellation_.Request();
  EXPECT_EQ(One("UNWIND range(1, 1000000) AS x UNWIND range(1, 1000000) AS y RETURN count(*)"),
            "CancelledError ");
}

TEST_F(EngineTest, ProfileCountsRows) {
  Do("UNWIND range(1, 10) AS i CREATE (:N {i: i})");
  const PlanText text = Profile("PROFILE MATCH (n:N) WHERE n.i > 4 RETURN n.i");
  EXPECT_EQ(text.op, "Result");
  EXPECT_EQ(text.rows, 6u);
}

TEST_F(EngineTest, ProfileSaysWhoHoldsTheMemory) {
  if (HeapInUse() == 0) GTEST_SKIP() << "this allocator does not say (a sanitizer's)";
  Do("UNWIND range(1, 20000) AS i CREATE (:N {i: i})");
  const PlanText result = Profile("PROFILE MATCH (n:N) RETURN n.i AS i ORDER BY i");
  ASSERT_EQ(result.children.at(0).op, "Sort");
  const PlanText& sort = result.children[0];
  EXPECT_GT(sort.memory_bytes, 20000u * 8);
  EXPECT_LT(sort.children.at(0).memory_bytes, sort.memory_bytes / 2);  // it passes batches on
}

TEST_F(EngineTest, ErrorsOfPreparingAreCompileTimeErrors) {
  const auto prepared = engine_.Prepare("RETURN x", store_->Present());
  ASSERT_FALSE(prepared.ok());
  EXPECT_EQ(prepared.error().phase(), Phase::kCompile);
}

TEST_F(EngineTest, IndexSeeksAnswerLikeScans) {
  Do("UNWIND [1, 2.0, 'a', 'ab', null, 3, true] AS v CREATE (:N {v: v})");
  const Lines texts = {"MATCH (n:N) WHERE n.v = 2 RETURN n.v",
                       "MATCH (n:N) WHERE n.v IN [1, 1.0, 'a', null] RETURN n.v",
                       "MATCH (n:N) WHERE n.v > 1 RETURN n.v",
                       "MATCH (n:N) WHERE n.v >= 'a' AND n.v < 'b' RETURN n.v",
                       "MATCH (n:N) WHERE n.v STARTS WITH 'a' RETURN n.v",
                       "MATCH (n:N) WHERE 1 < n.v < 'b' RETURN n.v"};
  std::vector<Lines> scanned;
  for (const auto& text : texts) scanned.push_back(Sorted(text));
  Do("CREATE INDEX FOR (n:N) ON (n.v)");
  for (std::size_t i = 0; i < texts.size(); ++i)
    EXPECT_EQ(Sorted(texts[i]), scanned[i]) << texts[i];
}

}  // namespace
}  // namespace kb::query
