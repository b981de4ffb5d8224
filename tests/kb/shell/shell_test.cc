// The shell without a person: scripts, commands, settings, where results and errors go.
#include "kb/shell/shell.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kb::shell {
namespace {

class ShellTest : public testing::Test {
 protected:
  ShellTest() {
    Settings settings;
    settings.format = io::FindFormat("csv");
    shell_ = Shell::Start(":memory:", {}, settings).value();
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
  }
  ~ShellTest() override { std::filesystem::remove_all(folder_); }

  /// What running the text writes to standard output; failures are counted.
  std::string Run(std::string_view text) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    if (!shell_->RunText(text, "")) ++failure_count_;
    std::fflush(stdout);
    errors_ = testing::internal::GetCapturedStderr();
    return testing::internal::GetCapturedStdout();
  }

  std::string Path(std::string_view name) const { return (folder_ / name).string(); }
  static std::string ReadFile(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  std::unique_ptr<Shell> shell_;
  std::filesystem::path folder_;
  std::string errors_;
  int failure_count_ = 0;
};

TEST_F(ShellTest, RunsStatementsInOrderAndPrintsTheirRows) {
  EXPECT_EQ(Run("CREATE (:A {x: 1}); MATCH (a:A) RETURN a.x AS x; RETURN 2 AS y"), "x\n1\ny\n2\n");
}

TEST_F(ShellTest, StopsAtTheFirstErrorAndSaysWhere) {
  EXPECT_EQ(Run("RETURN 1 AS a; RETURN nope; RETURN 2 AS b;"), "a\n1\n");
  EXPECT_EQ(failure_count_, 1);
  EXPECT_NE(errors_.find("SyntaxError: variable `nope` is not defined"), std::string::npos);
  EXPECT_NE(errors_.find("^^^^"), std::string::npos);
}

TEST_F(ShellTest, GoesOnAfterAnErrorWhereItIsToFailAtTheEnd) {
  shell_->settings().fail_at_end = true;
  EXPECT_EQ(Run("RETURN nope; RETURN 2 AS b;"), "b\n2\n");
  EXPECT_EQ(failure_count_, 1);
}

TEST_F(ShellTest, CommandsWorkWithColonsAndDots) {
  EXPECT_EQ(Run(":mode jsonlines\nRETURN 1 AS x;\n.mode csv\nRETURN 1 AS x;"),
            "{\"x\": 1}\nx\n1\n");
}

TEST_F(ShellTest, AnUnknownCommandIsAnErrorWithASuggestion) {
  Run(":mod csv");
  EXPECT_EQ(failure_count_, 1);
  EXPECT_NE(errors_.find("did you mean :mode?"), std::string::npos);
}

TEST_F(ShellTest, ParametersAreExpressionsOfTheLanguage) {
  EXPECT_EQ(Run(":param x => 40 + 2\nRETURN $x AS x;"), "x\n42\n");
  EXPECT_EQ(Run(":param {y: [1, 2], z: 'a'}\nRETURN size($y) AS n, $z AS z;"), "n,z\n2,a\n");
  EXPECT_EQ(Run(":param x: 7\n:params"), "parameter,value\n$x,7\n$y,\"[1, 2]\"\n$z,'a'\n");
}

TEST_F(ShellTest, OnceWritesOneResultInTheFormatOfTheFile) {
  EXPECT_EQ(Run(":once " + Path("x.json") + "\nRETURN 1 AS x; RETURN 2 AS x;"), "x\n2\n");
  EXPECT_EQ(ReadFile(Path("x.json")), "[\n{\"x\": 1}\n]\n");
}

TEST_F(ShellTest, OutputSendsResultsToAFileUntilItIsTakenBack) {
  EXPECT_EQ(Run(":output " + Path("x.csv") +
                "\nRETURN 1 AS x;\nRETURN 2 AS y;\n:output\nRETURN 3 "
                "AS z;"),
            "z\n3\n");
  EXPECT_EQ(ReadFile(Path("x.csv")), "x\n1\ny\n2\n");
}

TEST_F(ShellTest, DotDrawsAFileByItsExtension) {
  Run("CREATE (:A {name: 'one'})-[:T]->(:B {name: 'two'});");
  Run(":dot " + Path("x.dot") + " MATCH p = (:A)-->(:B) RETURN p");
  Run(":dot " + Path("x.svg") + " MATCH p = (:A)-->(:B) RETURN p");
  EXPECT_NE(ReadFile(Path("x.dot")).find("label=\"one\""), std::string::npos);
  EXPECT_NE(ReadFile(Path("x.svg")).find("<svg"), std::string::npos);
}

TEST_F(ShellTest, AFailedStatementUsesUpItsOnce) {
  Run(":once " + Path("x.csv") + "\nRETURN nope;");
  EXPECT_EQ(Run("RETURN 1 AS x;"), "x\n1\n");
}

TEST_F(ShellTest, FilesMayReadFilesButNotThemselvesForEver) {
  std::ofstream(Path("a.cypher")) << ":read " << Path("b.cypher") << "\nRETURN 2 AS x;\n";
  std::ofstream(Path("b.cypher")) << "RETURN 1 AS x;";
  std::ofstream(Path("loop.cypher")) << ":read " << Path("loop.cypher") << "\n";
  EXPECT_EQ(Run(":read " + Path("a.cypher")), "x\n1\nx\n2\n");
  Run(":read " + Path("loop.cypher"));
  EXPECT_EQ(failure_count_, 1);
  EXPECT_NE(errors_.find("LimitError"), std::string::npos);
  Run(":read " + Path("none.cypher"));
  EXPECT_NE(errors_.find("cannot be read"), std::string::npos);
}

TEST_F(ShellTest, TransactionsAreRolledBackAndCommitted) {
  Run(":begin\nCREATE (:A);\n:rollback\n:begin\nCREATE (:B);\n:commit");
  EXPECT_EQ(Run(":labels"), "label,count\nB,1\n");
}

TEST_F(ShellTest, SchemaListsWhatMatches) {
  Run("CREATE (:Person {name: 'x'})-[:KNOWS]->(:Place); CREATE INDEX FOR (p:Person) ON (p.name);");
  EXPECT_EQ(Run(":schema person"), "kind,name,count\nlabel,:Person,1\nindex,:Person(name),\n");
  EXPECT_EQ(Run(":types"), "type,count\nKNOWS,1\n");
}

TEST_F(ShellTest, ALongStatementEndsAtItsTimeLimit) {
  Run(":timeout 50ms");
  Run("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a + b);");
  EXPECT_EQ(failure_count_, 1);
  EXPECT_NE(errors_.find("ran longer than its time limit"), std::string::npos);
  EXPECT_EQ(Run(":timeout off\nRETURN 1 AS x;"), "x\n1\n");
}

TEST_F(ShellTest, OpenLeavesTheOldCaseWhereTheNewOneCannotBeOpened) {
  Run("CREATE (:A);");
  std::ofstream(Path("file")) << "no case";
  Run(":open " + Path("file"));
  EXPECT_EQ(failure_count_, 1);
  EXPECT_EQ(Run("MATCH (n) RETURN count(n) AS n;"), "n\n1\n");
  EXPECT_EQ(Run(":open " + Path("case") + "\nMATCH (n) RETURN count(n) AS n;").substr(0, 0), "");
  EXPECT_EQ(shell_->path(), Path("case"));
}

TEST_F(ShellTest, ExplainShowsThePlanAndNoRows) {
  const std::string plan = Run("EXPLAIN MATCH (n:A) RETURN n;");
  EXPECT_TRUE(plan.starts_with("plan,estimated rows\n")) << plan;
}

TEST_F(ShellTest, HelpKnowsCommandsClausesAndFunctions) {
  EXPECT_NE(Run(":help").find(":max_rows"), std::string::npos);
  EXPECT_NE(Run(":help match").find("MATCH"), std::string::npos);
  EXPECT_NE(Run(":help toUpper").find("toUpper("), std::string::npos);
  EXPECT_EQ(failure_count_, 0);
  Run(":help nothingofthekind");
  EXPECT_EQ(failure_count_, 1);
}

TEST_F(ShellTest, QuitEndsTheScript) {
  EXPECT_EQ(Run("RETURN 1 AS x;\n:quit\nRETURN 2 AS x;"), "x\n1\n");
}

}  // namespace
}  // namespace kb::shell
