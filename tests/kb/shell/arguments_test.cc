// The command line is read as conventions have it.
#include "kb/shell/arguments.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace kb::shell {
namespace {

Arguments Parse(std::vector<std::string> words) {
  Arguments arguments;
  CLI::App app;
  DefineArguments(app, &arguments);
  std::reverse(words.begin(), words.end());  // As CLI11 wants them.
  app.parse(words);
  return arguments;
}

TEST(ArgumentsTest, ACaseAndAQuery) {
  const Arguments arguments = Parse({"case.kb", "RETURN 1", "-m", "json", "-r"});
  EXPECT_EQ(arguments.action, Arguments::Action::kShell);
  EXPECT_EQ(arguments.path, "case.kb");
  EXPECT_EQ(arguments.query, "RETURN 1");
  EXPECT_EQ(arguments.mode, "json");
  EXPECT_TRUE(arguments.read_only);
}

TEST(ArgumentsTest, CommandsFilesAndParametersMayBeRepeated) {
  const Arguments arguments =
      Parse({"-c", "RETURN 1", "-c", "RETURN 2", "-f", "a.cypher", "-P", "x: 1", "case.kb"});
  EXPECT_EQ(arguments.commands, (std::vector<std::string>{"RETURN 1", "RETURN 2"}));
  EXPECT_EQ(arguments.files, (std::vector<std::string>{"a.cypher"}));
  EXPECT_EQ(arguments.parameters, (std::vector<std::string>{"x: 1"}));
  EXPECT_EQ(arguments.path, "case.kb");
}

TEST(ArgumentsTest, ImportTakesGroupsInOrder) {
  const Arguments arguments =
      Parse({"import", "case.kb", "--nodes", "A:B=a.csv", "--nodes=c.csv,d.csv", "--relationships",
             "T=t.csv", "--delimiter", "|", "--skip-bad-relationships"});
  EXPECT_EQ(arguments.action, Arguments::Action::kImport);
  EXPECT_EQ(arguments.nodes, (std::vector<std::string>{"A:B=a.csv", "c.csv,d.csv"}));
  EXPECT_EQ(arguments.relationships, (std::vector<std::string>{"T=t.csv"}));
  EXPECT_EQ(arguments.delimiter, "|");
  EXPECT_TRUE(arguments.skip_bad_relationships);
}

TEST(ArgumentsTest, PipeAndCheckNeedACase) {
  EXPECT_EQ(Parse({"pipe", ":memory:", "--threads", "2"}).threads, "2");
  EXPECT_EQ(Parse({"check", "case.kb"}).action, Arguments::Action::kCheck);
  EXPECT_THROW(Parse({"pipe"}), CLI::ParseError);
}

TEST(ArgumentsTest, UnknownOptionsAreRefused) {
  EXPECT_THROW(Parse({"case.kb", "--colour"}), CLI::ParseError);
}

}  // namespace
}  // namespace kb::shell
