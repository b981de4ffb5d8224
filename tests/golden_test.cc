// Runs the scripts below tests/golden: statements, and what they must answer.
//
// golden_script.h says what a script is. With KB_UPDATE_GOLDEN set in the environment the
// expectations are rewritten instead of checked.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "kb/kb.h"
#include "query/bind/binder.h"
#include "query/optimize/passes.h"
#include "query/parse/parser.h"
#include "query/plan/planner.h"
#include "storage/store.h"
#include "tests/golden_script.h"

namespace kb {
namespace {

using golden::Command;
using golden::Script;

std::string Counts(const Counters& c) {
  std::string text;
  const auto add = [&](std::uint64_t count, const char* noun, const char* done) {
    if (count == 0) return;
    text += fmt::format("{}{} {}{} {}", text.empty() ? "" : ", ", count, noun,
                        count == 1                                       ? ""
                        : noun[std::string_view(noun).size() - 1] == 'y' ? ""
                                                                         : "s",
                        done);
  };
  add(c.nodes_created, "node", "created");
  add(c.nodes_deleted, "node", "deleted");
  add(c.relationships_created, "relationship", "created");
  add(c.relationships_deleted, "relationship", "deleted");
  add(c.properties_set, "value", "set");
  add(c.labels_added, "label", "added");
  add(c.labels_removed, "label", "removed");
  add(c.indexes_added, "index", "added");
  add(c.indexes_removed, "index", "removed");
  add(c.constraints_added, "constraint", "added");
  add(c.constraints_removed, "constraint", "removed");
  return text;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> RunStatement(Session& session, const std::string& text) {
  Result<Cursor> cursor = session.Run(text);
  if (!cursor.ok()) return Lines(cursor.error().Format(text));
  std::vector<std::string> answer;
  std::vector<std::string> rows;
  while (cursor->Next()) {
    std::string row;
    for (const auto& value : cursor->row()) row += (row.empty() ? "" : " | ") + value.ToText();
    rows.push_back(row);
  }
  if (!cursor->status().ok()) return Lines(cursor->status().error().Format(text));
  if (!cursor->columns().empty()) {
    std::string header;
    for (const auto& column : cursor->columns()) header += (header.empty() ? "" : " | ") + column;
    answer.push_back(header);
    if (text.find("ORDER BY") == std::string::npos) std::sort(rows.begin(), rows.end());
    answer.insert(answer.end(), rows.begin(), rows.end());
  }
  if (std::string counts = Counts(cursor->summary().counters); !counts.empty()) {
    answer.push_back(std::move(counts));
  }
  for (const Notice& notice : cursor->summary().notices) {
    for (auto& line : Lines(notice.Format(text))) answer.push_back(std::move(line));
  }
  return answer;
}

Result<std::vector<std::string>> Plans(Database& database, const std::string& text, bool each) {
  const storage::View view = database.store().Present();
  KB_ASSIGN(const auto parsed, query::parse::Parse(text));
  query::bind::Environment environment{&view.catalog(), query::algo::FindProcedure};
  KB_ASSIGN(auto bound, query::bind::Bind(*parsed, environment));
  KB_ASSIGN(auto plan, query::plan::MakePlan(std::move(bound)));
  std::vector<std::string> lines;
  std::string last = query::plan::Print(plan);
  const auto add = [&](std::string_view title, const std::string& tree) {
    lines.push_back(std::string(title) + ":");
    for (const auto& line : Lines(tree)) lines.push_back("  " + line);
  };
  if (each) add("plan", last);
  query::optimize::Options options;
  options.after_pass = [&](const query::optimize::Pass& pass, const query::plan::Plan& now) {
    const std::string tree = query::plan::Print(now);
    if (each && tree != last) add(pass.name, tree);
    last = tree;
  };
  KB_TRY(query::optimize::Run(plan, view, options));
  return each ? lines : Lines(last);
}

std::vector<std::string> Answer(Database& database, Session& session, const Command& command) {
  if (command.tag.empty()) return RunStatement(session, command.statement);
  auto plans = Plans(database, command.statement, command.tag == "pass");
  return plans.ok() ? *plans : Lines(plans.error().Format(command.statement));
}

/// Comments and blank lines stand between commands; they are kept, and are not part of an answer.
std::vector<std::string> OnlyAnswer(const std::vector<std::string>& lines) {
  std::vector<std::string> answer;
  for (const auto& line : lines) {
    if (line.empty() || line.starts_with("#")) break;
    answer.push_back(line);
  }
  return answer;
}

class GoldenTest : public testing::Test {
 public:
  explicit GoldenTest(std::filesystem::path path) : path_(std::move(path)) {}

  void TestBody() override {
    Options options;
    options.import_folder = KB_GOLDEN_DIR;  // where scripts keep files for LOAD CSV
    auto database = Database::InMemory(options);
    ASSERT_TRUE(database.ok());
    Session session = database->NewSession();
    const Script script = golden::ReadScript(path_);
    ASSERT_FALSE(script.commands.empty()) << path_ << " has no command";
    const bool update = std::getenv("KB_UPDATE_GOLDEN") != nullptr;
    std::string rewritten;
    for (const auto& line : script.head) rewritten += line + "\n";
    for (const Command& command : script.commands) {
      const std::vector<std::string> answer = Answer(*database, session, command);
      const std::vector<std::string> expected = OnlyAnswer(command.expected);
      if (!update) {
        EXPECT_EQ(Join(answer), Join(expected)) << path_.string() << ":" << command.line;
      }
      rewritten += command.tag.empty() ? "> " : "[" + command.tag + "]> ";
      for (const char c : command.statement)
        rewritten += c == '\n' ? std::string("\n. ") : std::string(1, c);
      rewritten += "\n" + Join(answer);
      for (std::size_t i = expected.size(); i < command.expected.size(); ++i) {
        rewritten += command.expected[i] + "\n";
      }
    }
    if (update) std::ofstream(path_) << rewritten;
  }

 private:
  static std::string Join(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
  }

  std::filesystem::path path_;
};

}  // namespace
}  // namespace kb

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const std::filesystem::path root = KB_GOLDEN_DIR;
  for (const auto& path : kb::golden::Scripts(root)) {
    std::string folder = path.parent_path().lexically_relative(root).string();
    std::string name = path.stem().string();
    testing::RegisterTest(
        folder.c_str(), name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
        [path]() -> testing::Test* { return std::make_unique<kb::GoldenTest>(path).release(); });
  }
  return RUN_ALL_TESTS();
}
