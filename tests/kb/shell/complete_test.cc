// What Tab offers where.
#include "kb/shell/complete.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace kb::shell {
namespace {

using Words = std::vector<std::string>;

Vocabulary MakeVocabulary() {
  Vocabulary vocabulary;
  vocabulary.schema.labels = {{"Person", 3}, {"Place", 1}, {"two words", 1}};
  vocabulary.schema.relationship_types = {{"KNOWS", 2}, {"PART_OF", 1}};
  vocabulary.schema.property_keys = {"name", "nickname", "age"};
  vocabulary.commands = {"mode", "max_rows", "help"};
  vocabulary.formats = {"box", "csv"};
  vocabulary.functions = {"count", "coalesce"};
  return vocabulary;
}

Words Offer(std::string_view line, std::string_view before = "") {
  return Complete(MakeVocabulary(), before, line).candidates;
}

bool Has(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

TEST(CompleteTest, LabelsInNodesAndTypesInRelationships) {
  EXPECT_EQ(Offer("MATCH (p:P"), (Words{"Person", "Place"}));
  EXPECT_EQ(Offer("MATCH (p)-[:K"), (Words{"KNOWS"}));
  EXPECT_EQ(Offer("MATCH (p)-[:KNOWS|"), (Words{"KNOWS", "PART_OF"}));
}

TEST(CompleteTest, NamesThatNeedItComeInBackquotes) {
  EXPECT_EQ(Offer("MATCH (p:tw"), (Words{"`two words`"}));
}

TEST(CompleteTest, PropertiesAfterADotAndInMaps) {
  EXPECT_EQ(Offer("RETURN p.n"), (Words{"name", "nickname"}));
  EXPECT_EQ(Offer("MATCH (p {a"), (Words{"age"}));
}

TEST(CompleteTest, KeywordsFollowTheCaseOfWhatIsTyped) {
  EXPECT_TRUE(Has(Offer("MAT"), "MATCH"));
  EXPECT_TRUE(Has(Offer("mat"), "match"));
}

TEST(CompleteTest, FunctionsOpenTheirBracket) {
  EXPECT_TRUE(Has(Offer("RETURN coa"), "coalesce("));
}

TEST(CompleteTest, CommandsAtTheStartOfAStatementOnly) {
  EXPECT_EQ(Offer(":m"), (Words{"max_rows", "mode"}));
  EXPECT_EQ(Offer(".mo"), (Words{"mode"}));
  EXPECT_EQ(Offer(":mode c"), (Words{"csv"}));
  EXPECT_TRUE(Offer(":mo", "MATCH (n)\n").empty());
}

TEST(CompleteTest, AfterACommandThatTakesAStatementItsWordsAreOffered) {
  EXPECT_EQ(Offer(":explain MATCH (p:P"), (Words{"Person", "Place"}));
}

TEST(CompleteTest, NothingIsOfferedInsideTextAndComments) {
  EXPECT_TRUE(Offer("RETURN 'mat").empty());
  EXPECT_TRUE(Offer("mat", "/* a comment\n").empty());
  EXPECT_TRUE(Offer("RETURN 1 // mat").empty());
}

TEST(CompleteTest, VariablesOfTheStatementAreOffered) {
  EXPECT_TRUE(Has(Offer("RETURN per", "MATCH (person:Person)\n"), "person"));
}

TEST(CompleteTest, TheWordUnderTheCursorIsWhatIsReplaced) {
  EXPECT_EQ(Complete(MakeVocabulary(), "", "MATCH (p:Pe").begin, 9u);
}

}  // namespace
}  // namespace kb::shell
