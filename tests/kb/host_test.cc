// What statements ask of the session around them: files below one folder, who does what, and
// transactions that are committed on the way.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "kb/kb.h"

namespace kb {
namespace {

namespace fs = std::filesystem;

class HostTest : public testing::Test {
 protected:
  HostTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    root_ =
        fs::temp_directory_path() / ("kb-host-" + std::to_string(getpid()) + "-" + test->name());
    fs::remove_all(root_);
    fs::create_directories(root_ / "import" / "deep");
    Write("import/a.csv", "x\n1\n2\n");
    Write("import/deep/b c.csv", "x\n3\n");
    Write("secret.csv", "x\n4\n");
  }
  ~HostTest() override { fs::remove_all(root_); }

  void Write(const std::string& name, std::string_view text) const {
    std::ofstream(root_ / name, std::ios::binary) << text;
  }
  Database Open() const {
    Options options;
    options.import_folder = (root_ / "import").string();
    return Database::InMemory(options).value();
  }
  /// The number of records, or the error's message.
  static std::string Count(Session& session, const std::string& file) {
    auto cursor =
        session.Run("LOAD CSV FROM $file AS line RETURN count(*)", {{"file", Value::String(file)}});
    if (!cursor.ok()) return cursor.error().message();
    if (!cursor->Next()) return cursor->status().error().message();
    return cursor->row()[0].ToText();
  }

  fs::path root_;
};

TEST_F(HostTest, LoadCsvReadsBelowItsFolder) {
  Database database = Open();
  Session session = database.NewSession();
  EXPECT_EQ(Count(session, "a.csv"), "3");
  EXPECT_EQ(Count(session, "file:///a.csv"), "3");
  EXPECT_EQ(Count(session, "/a.csv"), "3");
  EXPECT_EQ(Count(session, "deep/../a.csv"), "3");
  EXPECT_EQ(Count(session, "file:///deep/b%20c.csv"), "2");
}

TEST_F(HostTest, LoadCsvReachesNothingElse) {
  fs::create_symlink(root_ / "secret.csv", root_ / "import" / "link.csv");
  fs::create_directory_symlink(root_, root_ / "import" / "up");
  Database database = Open();
  Session session = database.NewSession();
  for (const std::string file : {"../secret.csv", "file:///../secret.csv", "deep/../../secret.csv",
                                 "file:///%2e%2e/secret.csv", "link.csv", "up/secret.csv"}) {
    EXPECT_NE(Count(session, file).find("is not below the import folder"), std::string::npos)
        << file;
  }
  const std::string outside = (root_ / "secret.csv").string();
  EXPECT_NE(Count(session, outside), "2");
  EXPECT_NE(Count(session, "file://host/a.csv").find("another machine"), std::string::npos);
  EXPECT_NE(Count(session, "http://host/a.csv").find("local files"), std::string::npos);
}

TEST_F(HostTest, WithoutAFolderNothingIsRead) {
  Database database = Database::InMemory().value();
  Session session = database.NewSession();
  EXPECT_EQ(Count(session, "a.csv"), "LOAD CSV may not read files here");
}

TEST_F(HostTest, TextThatIsNotUtf8IsAnErrorWithItsPlace) {
  Write("import/latin.csv", "x\n\xE4\n");
  Database database = Open();
  Session session = database.NewSession();
  EXPECT_EQ(Count(session, "latin.csv"), "latin.csv:2:1: the field is not valid UTF-8");
}

TEST_F(HostTest, OpenTransactionsOfAllSessionsAreListed) {
  Database database = Open();
  Session one = database.NewSession();
  Session two = database.NewSession();
  ASSERT_TRUE(one.Begin().ok());
  ASSERT_TRUE(one.Run("CREATE (:A)").ok());
  const auto list = [&] {
    auto cursor = two.Run("SHOW TRANSACTIONS YIELD currentQuery, status, explicit");
    std::string text;
    while (cursor->Next()) {
      for (const Value& value : cursor->row()) text += value.ToText() + " ";
      text += "\n";
    }
    return text;
  };
  const std::string own =
      "'SHOW TRANSACTIONS YIELD currentQuery, status, explicit' 'Running' false \n";
  EXPECT_EQ(list(), "'' 'Open' true \n" + own);
  ASSERT_TRUE(one.Commit().ok());
  EXPECT_EQ(list(), own);
}

TEST_F(HostTest, OthersSeeWhatWasCommittedOnTheWay) {
  Database database = Open();
  Session session = database.NewSession();
  auto cursor = session.Run(
      "UNWIND [1, 2, 0] AS x CALL (x) { CREATE (:A {x: 1 / x}) } IN TRANSACTIONS OF 1 ROW");
  ASSERT_FALSE(cursor.ok());
  Session other = database.NewSession();
  auto count = other.Run("MATCH (a:A) RETURN count(*)");
  ASSERT_TRUE(count->Next());
  EXPECT_EQ(count->row()[0].integer(), 2);
  auto rest = session.Run("UNWIND range(1, 2500) AS x CALL (x) { CREATE (:B) } IN TRANSACTIONS");
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(rest->summary().counters.nodes_created, 2500u);
}

}  // namespace
}  // namespace kb
