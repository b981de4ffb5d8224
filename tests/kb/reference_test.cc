// The reference cannot rot: the README of the functions is what the tables say, and its examples
// run.
#include "query/reference.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "kb/kb.h"
#include "query/algo/procedure.h"
#include "query/functions/function.h"

namespace kb {
namespace {

TEST(ReferenceTest, TheReadmeOfTheFunctionsIsWhatTheTablesSay) {
  const std::string path = std::string(KB_SOURCE_DIR) + "/query/functions/README.md";
  if (std::getenv("KB_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << query::ReferenceText();
  std::stringstream committed;
  committed << std::ifstream(path).rdbuf();
  EXPECT_EQ(committed.str(), query::ReferenceText())
      << "KB_UPDATE_GOLDEN=1 kb_tests --gtest_filter='Reference*' writes it anew";
}

TEST(ReferenceTest, ExamplesOfFunctionsOfTheGraphGiveTheirResults) {
  for (const auto* function : query::functions::All()) {
    if (!function->example.starts_with("CREATE ")) continue;
    auto database = Database::InMemory();
    ASSERT_TRUE(database.ok());
    Session session = database->NewSession();
    auto cursor = session.Run(function->example);
    ASSERT_TRUE(cursor.ok()) << function->example << "\n" << cursor.error().Format();
    ASSERT_TRUE(cursor->Next()) << function->example;
    EXPECT_EQ(cursor->row()[0].ToText(), function->result) << function->example;
  }
}

TEST(ReferenceTest, ExamplesOfProceduresRunOnTheSample) {
  auto database = Database::Open(":sample:");
  ASSERT_TRUE(database.ok());
  Session session = database->NewSession();
  for (const auto& procedure : query::algo::AllProcedures()) {
    EXPECT_FALSE(procedure->doc.empty()) << procedure->name;
    auto cursor = session.Run(procedure->example);
    ASSERT_TRUE(cursor.ok()) << procedure->example << "\n" << cursor.error().Format();
    while (cursor->Next()) {
    }
    EXPECT_TRUE(cursor->status().ok()) << procedure->example;
  }
}

}  // namespace
}  // namespace kb
