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
  PipeTest() : database_(Database::InMemory().value()), session_(database_.NewSession()) {}

  std::string Ask(std::string_view line) {
    std::string out;
    AnswerRequest(session_, line, &out);
    EXPECT_EQ(out.find('\n'), out.size() - 1);
    return out;
  }

  static bool Has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }

  Database database_;
  Session session_;
};

TEST_F(PipeTest, RowsAreTypedAndFieldsNamed) {
  const std::string answer = Ask(R"j({"statement": "RETURN 1 AS one, 'x' AS text"})j");
  EXPECT_TRUE(answer.starts_with(
      R"j({"data":{"fields":["one","text"],"values":[[{"$type":"Integer","_value":"1"},)j"
      R"j({"$type":"String","_value":"x"}]]},"counters":{"nodesCreated":0,)j"))
      << answer;
  EXPECT_TRUE(Has(answer, R"j("timing":{"parse_us":)j"));
}

TEST_F(PipeTest, ParametersArePlainOrTyped) {
  const std::string answer =
      Ask(R"j({"statement": "RETURN $a + $1 AS x", "parameters": {"a": 40, )j"
          R"j("1": {"$type": "Integer", "_value": "2"}}})j");
  EXPECT_TRUE(Has(answer, R"j("_value":"42")j")) << answer;
}

TEST_F(PipeTest, WritesAreCounted) {
  const std::string answer = Ask(R"j({"statement": "CREATE (:A {x: 1})-[:T]->(:B)"})j");
  EXPECT_TRUE(answer.starts_with(R"j({"data":{"fields":[],"values":[]},)j")) << answer;
  EXPECT_TRUE(Has(answer, R"j("nodesCreated":2,)j"));
  EXPECT_TRUE(Has(answer, R"j("relationshipsCreated":1,)j"));
}

TEST_F(PipeTest, AnErrorHasTypePhaseDetailAndPlace) {
  const std::string answer = Ask(R"j({"statement": "MATCH (é)\nRETURN m"})j");
  EXPECT_TRUE(Has(answer,
                  R"j("code":"Neo.ClientError.Statement.SyntaxError","type":"SyntaxError",)j"
                  R"j("phase":"compile","detail":"UndefinedVariable")j"))
      << answer;
  EXPECT_TRUE(Has(answer, R"j("position":{"offset":18,"line":2,"column":8})j")) << answer;
}

TEST_F(PipeTest, NoticesStandBesideTheResult) {
  Ask(R"j({"statement": "CREATE (:Person {name: 'Ada'})"})j");
  const std::string request = R"j({"statement": "MATCH (p:Persn) RETURN p"})j";
  const std::string answer = Ask(request);
  EXPECT_TRUE(answer.starts_with(R"j({"data":{"fields":["p"],"values":[]},)j")) << answer;
  EXPECT_TRUE(Has(answer, R"j("code":"Neo.ClientNotification.Statement.UnknownLabelWarning")j"))
      << answer;
  EXPECT_TRUE(Has(answer, R"j("hint":"did you mean Person?","position":{"offset":9,)j")) << answer;
  EXPECT_FALSE(Has(Ask(R"j({"statement": "MATCH (p:Person) RETURN p"})j"), "notifications"));
}

TEST_F(PipeTest, AnErrorAfterTheFirstRowsTakesThemBack) {
  const std::string answer = Ask(R"j({"statement": "UNWIND [1, 0] AS x RETURN 1 / x AS y"})j");
  EXPECT_TRUE(answer.starts_with(R"j({"errors":[{)j")) << answer;
  EXPECT_FALSE(Has(answer, "data"));
}

TEST_F(PipeTest, LinesThatAreNoRequestGetAProtocolErrorAndTheSessionGoesOn) {
  for (const std::string_view line :
       {"", "nonsense", "[]", "{}", "{\"statement\": 1}", "{\"statement\": \"RETURN 1\"",
        "{\"statement\": \"RETURN 1\", \"parameters\": []}",
        "{\"statement\": \"RETURN $x\", \"parameters\": {\"x\": "
        "99999999999999999999}}",
        "{\"statement\": \"RETURN 1\", \"procedure\": {}}", "{\"procedure\": {\"rows\": []}}",
        "{\"statement\": \"\xff\"}"}) {
    EXPECT_TRUE(Has(Ask(line), R"j("type":"ProtocolError")j")) << line;
  }
  EXPECT_TRUE(Has(Ask(R"j({"statement": "RETURN 1 AS x"})j"), R"j("fields":["x"])j"));
}

TEST_F(PipeTest, ResetEmptiesACaseInMemory) {
  Ask(R"j({"statement": "CREATE (:A)"})j");
  EXPECT_EQ(Ask(R"j({"statement": ":reset"})j"), "{\"data\":{\"fields\":[],\"values\":[]}}\n");
  EXPECT_TRUE(
      Has(Ask(R"j({"statement": "MATCH (n) RETURN count(n) AS n"})j"), R"j("_value":"0")j"));
}

TEST_F(PipeTest, ProceduresAreBackedByTheirTable) {
  const std::string registered =
      Ask(R"j({"procedure": {"signature": "t.p(id :: INTEGER?) :: (city :: STRING?)", )j"
          R"j("rows": [[1, "Berlin"], [2, "Riga"]]}})j");
  EXPECT_EQ(registered, "{\"data\":{\"fields\":[],\"values\":[]}}\n");
  const std::string answer = Ask(R"j({"statement": "CALL t.p(2)"})j");
  EXPECT_TRUE(Has(answer, R"j("fields":["city"])j")) << answer;
  EXPECT_TRUE(Has(answer, "Riga"));
}

TEST_F(PipeTest, ExplainAnswersWithThePlanBesideNoRows) {
  const std::string answer = Ask(R"j({"statement": "EXPLAIN MATCH (n) RETURN n"})j");
  EXPECT_TRUE(Has(answer, R"j("values":[])j")) << answer;
  EXPECT_TRUE(Has(answer, R"j("plan":{"operator":")j")) << answer;
  EXPECT_TRUE(Has(answer, R"j("children":[)j"));
}

TEST_F(PipeTest, TransactionsSpanRequests) {
  Ask(R"j({"statement": "BEGIN"})j");
  Ask(R"j({"statement": "CREATE (:A)"})j");
  Ask(R"j({"statement": "ROLLBACK"})j");
  const std::string answer = Ask(R"j({"statement": "MATCH (n) RETURN count(n) AS n"})j");
  EXPECT_TRUE(Has(answer, R"j("_value":"0")j")) << answer;
}

TEST_F(PipeTest, ServesLinesUntilTheInputEnds) {
  int requests[2];
  int answers[2];
  ASSERT_EQ(pipe(requests), 0);
  ASSERT_EQ(pipe(answers), 0);
  const std::string_view lines =
      "{\"statement\": \"RETURN 1 AS x\"}\r\nwrong\n{\"statement\": \"RETURN 2 "
      "AS y\"}";
  ASSERT_EQ(write(requests[1], lines.data(), lines.size()), static_cast<ssize_t>(lines.size()));
  close(requests[1]);
  EXPECT_EQ(ServePipe(session_, requests[0], answers[1]), 0);
  close(answers[1]);
  char buffer[4096];
  const ssize_t count = read(answers[0], buffer, sizeof buffer);
  const std::string text(buffer, static_cast<std::size_t>(count > 0 ? count : 0));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_TRUE(Has(text, R"j("fields":["y"])j"));
  close(requests[0]);
  close(answers[0]);
}

}  // namespace
}  // namespace kb::shell
