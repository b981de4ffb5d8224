// The machine protocol: every line gets one answer, and a wrong one ends
// nothing.
#include "kb/shell/pipe.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "kb/database.h"

namespace kb::shell {
namespace {

class PipeTest : public testing::Test {
protected:
  PipeTest()
      : database_(Database::InMemory().value()),
        session_(database_.NewSession()) {}

  std::string Ask(std::string_view line) {
    std::string out;
    AnswerRequest(session_, line, &out);
    EXPECT_EQ(out.find('\n'), out.size() - 1);
    return out;
  }

  static bool Has(const std::string &text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }

  Database database_;
  Session session_;
};

TEST_F(PipeTest, RowsAreTypedAndFieldsNamed) {
  const std::string answer =
      Ask(R"({"statement": "RETURN 1 AS one, 'x' AS text"})");
  EXPECT_TRUE(answer.starts_with(
      R"({"data":{"fields":["one","text"],"values":[[{"$type":"Integer","_value":"1"},)"
      R"({"$type":"String","_value":"x"}]]},"counters":{"nodesCreated":0,)"))
      << answer;
  EXPECT_TRUE(Has(answer, R"("timing":{"parse_us":)"));
}

TEST_F(PipeTest, ParametersArePlainOrTyped) {
  const std::string answer = Ask(
      R"({"statement": "RETURN $a + $1 AS x", "parameters": {"a": 40, "1": {"$type": "Integer", "_value": "2"}}})");
  EXPECT_TRUE(Has(answer, R"("_value":"42")")) << answer;
}

TEST_F(PipeTest, WritesAreCounted) {
  const std::string answer = Ask(R"({"statement": "CREATE (:A {x: 1})-[:T]->(:B)"})");
  EXPECT_TRUE(answer.starts_with(R"({"data":{"fields":[],"values":[]},)")) << answer;
EXPECT_TRUE(Has(answer, R"("nodesCreated":2,)"));
EXPECT_TRUE(Has(answer, R"("relationshipsCreated":1,)"));
}

TEST_F(PipeTest, AnErrorHasTypePhaseDetailAndPlace) {
  const std::string answer = Ask(R"({"statement": "MATCH (é)\nRETURN m"})");
  EXPECT_TRUE(Has(
      answer,
      R"("code":"Neo.ClientError.Statement.SyntaxError","type":"SyntaxError",)"
      R"("phase":"compile","detail":"UndefinedVariable")"))
      << answer;
  EXPECT_TRUE(Has(answer, R"("position":{"offset":18,"line":2,"column":8})"))
      << answer;
}

TEST_F(PipeTest, AnErrorAfterTheFirstRowsTakesThemBack) {
  const std::string answer =
      Ask(R"({"statement": "UNWIND [1, 0] AS x RETURN 1 / x AS y"})");
  EXPECT_TRUE(answer.starts_with(R"({"errors":[{)")) << answer;
  EXPECT_FALSE(Has(answer, "data"));
}

TEST_F(PipeTest, LinesThatAreNoRequestGetAProtocolErrorAndTheSessionGoesOn) {
  for (const std::string_view line :
       {"", "nonsense", "[]", "{}", "{\"statement\": 1}",
        "{\"statement\": \"RETURN 1\"",
        "{\"statement\": \"RETURN 1\", \"parameters\": []}",
        "{\"statement\": \"RETURN $x\", \"parameters\": {\"x\": "
        "99999999999999999999}}",
        "{\"statement\": \"RETURN 1\", \"procedure\": {}}",
        "{\"procedure\": {\"rows\": []}}", "{\"statement\": \"\xff\"}"}) {
    EXPECT_TRUE(Has(Ask(line), R"("type":"ProtocolError")")) << line;
  }
  EXPECT_TRUE(
      Has(Ask(R"({"statement": "RETURN 1 AS x"})"), R"("fields":["x"])"));
}

TEST_F(PipeTest, ResetEmptiesACaseInMemory) {
  Ask(R"({"statement": "CREATE (:A)"})");
  EXPECT_EQ(Ask(R"({"statement": ":reset"})"), "{\"data\":{\"fields\":[],\"values\":[]}}\n");
EXPECT_TRUE(Has(Ask(R"({"statement": "MATCH (n) RETURN count(n) AS n"})"),
                R"("_value":"0")"));
}

TEST_F(PipeTest, ProceduresAreBackedByTheirTable) {
  Ask(R"({"procedure": {"signature": "t.p(id :: INTEGER?) :: (city :: STRING?)",
          "rows": [[1, "Berlin"], [2, "Riga"]]
}
})");
  EXPECT_TRUE(Has(Ask(R"({"statement": "CALL t.p(2)"
})"), R"("fields":["city"])"));
  EXPECT_TRUE(Has(Ask(R"({"statement": "CALL t.p(2)"
})"), "Riga"));
}

TEST_F(PipeTest, ExplainAnswersWithThePlanBesideNoRows) {
  const std::string answer =
      Ask(R"({"statement": "EXPLAIN MATCH (n) RETURN n"})");
  EXPECT_TRUE(Has(answer, R"("values":[])")) << answer;
  EXPECT_TRUE(Has(answer, R"("plan":{"operator":")")) << answer;
  EXPECT_TRUE(Has(answer, R"("children":[)"));
}

TEST_F(PipeTest, TransactionsSpanRequests) {
  Ask(R"({"statement": "BEGIN"})");
  Ask(R"({"statement": "CREATE (:A)"
})");
  Ask(R"({"statement": "ROLLBACK"})");
EXPECT_TRUE(Has(Ask(R"({"statement": "MATCH (n) RETURN count(n) AS n"})"),
                R"("_value":"0")"));
}

TEST_F(PipeTest, ServesLinesUntilTheInputEnds) {
  int requests[2];
  int answers[2];
  ASSERT_EQ(pipe(requests), 0);
  ASSERT_EQ(pipe(answers), 0);
  const std::string_view lines =
      "{\"statement\": \"RETURN 1 AS x\"}\r\nwrong\n{\"statement\": \"RETURN 2 "
      "AS y\"}";
  ASSERT_EQ(write(requests[1], lines.data(), lines.size()),
            static_cast<ssize_t>(lines.size()));
  close(requests[1]);
  EXPECT_EQ(ServePipe(session_, requests[0], answers[1]), 0);
  close(answers[1]);
  char buffer[4096];
  const ssize_t count = read(answers[0], buffer, sizeof buffer);
  const std::string text(buffer,
                         static_cast<std::size_t>(count > 0 ? count : 0));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_TRUE(Has(text, R"("fields":["y"])"));
  close(requests[0]);
  close(answers[0]);
}

} // namespace
} // namespace kb::shell
