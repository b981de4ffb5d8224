// The built-in case, asked: its size, its shape, and that what it says hangs together.
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "kb/kb.h"
#include "tests/kb/asking.h"

namespace kb {
namespace {

using Rows = std::vector<std::string>;

class SampleTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto opened = Database::Open(":sample:");
    ASSERT_TRUE(opened.ok()) << opened.error().Format();
    database_ = std::make_unique<Database>(std::move(opened).value());
  }
  static void TearDownTestSuite() { database_.reset(); }

  void SetUp() override { ASSERT_NE(database_, nullptr); }

  Rows Asked(std::string_view query) {
    Session session = database_->NewSession();
    return Ask(session, query);
  }
  std::int64_t Number(std::string_view query) {
    Session session = database_->NewSession();
    return AskNumber(session, query);
  }

  static std::unique_ptr<Database> database_;
};

std::unique_ptr<Database> SampleTest::database_;

TEST_F(SampleTest, HasItsSize) {
  const SchemaSummary schema = database_->Schema();
  EXPECT_EQ(schema.node_count, 185u);
  EXPECT_EQ(schema.relationship_count, 425u);
  std::map<std::string, std::uint64_t> labels;
  for (const auto& label : schema.labels) labels[label.name] = label.count;
  const std::map<std::string, std::uint64_t> expected = {
      {"Country", 4}, {"Document", 61},    {"Event", 70},     {"Facility", 19},
      {"Person", 6},  {"LegalEntity", 1},  {"Place", 8},      {"Position", 2},
      {"Quote", 7},   {"Organization", 3}, {"PublicBody", 4},
  };
  EXPECT_EQ(labels, expected);
  EXPECT_EQ(schema.relationship_types.size(), 19u);
}

TEST_F(SampleTest, IsSoundBelow) {
  const auto check = database_->Check();
  ASSERT_TRUE(check.ok());
  EXPECT_TRUE(check->findings.empty()) << check->findings.front();
}

TEST_F(SampleTest, EveryNodeHasAnIdOfItsOwnAndAName) {
  EXPECT_EQ(Number("MATCH (n) RETURN count(DISTINCT n.id)"), 185);
  EXPECT_EQ(Number("MATCH (n) WHERE n.name IS NULL RETURN count(*)"), 0);
  EXPECT_EQ(Number("MATCH (n) WHERE NOT (n)--() RETURN count(*)"), 0);
}

TEST_F(SampleTest, HasThirtyEventsOfTheArticleAndFortyDatedOnes) {
  EXPECT_EQ(Number("MATCH (e:Event) WHERE e.id STARTS WITH 'e' RETURN count(*)"), 30);
  EXPECT_EQ(Number("MATCH (e:Event) WHERE e.id STARTS WITH 'h' RETURN count(*)"), 40);
}

TEST_F(SampleTest, EveryEventAndQuoteHasAProof) {
  EXPECT_EQ(Asked("MATCH (e) WHERE (e:Event OR e:Quote) AND NOT (e)-[:PROOF]->(:Document) "
                  "RETURN e.id"),
            Rows{});
}

TEST_F(SampleTest, WhatTheArticleSaysIsFoundInItsParagraph) {
  EXPECT_EQ(Asked("MATCH (e:Event)-[r]->() WHERE e.id STARTS WITH 'e' "
                  "AND type(r) <> 'SUMMARISES' AND (r.para IS NULL OR r.offset IS NULL) "
                  "RETURN e.id, type(r)"),
            Rows{});
  EXPECT_EQ(Asked("MATCH ()-[r:PROOF]->(d:Document) WHERE r.para IS NOT NULL "
                  "RETURN DISTINCT d.id"),
            Rows{"d-article"});
}

TEST_F(SampleTest, FirstBoundsOfDatesAreNotAfterLastOnes) {
  EXPECT_EQ(Asked("MATCH (e:Event) WHERE e.dateMin > e.dateMax RETURN e.id"), Rows{});
  EXPECT_EQ(Asked("MATCH (e:Event) WHERE e.id STARTS WITH 'h' "
                  "AND (e.dateMin IS NULL OR e.dateMax IS NULL) RETURN e.id"),
            Rows{});
}

TEST_F(SampleTest, NoAnswerComesBeforeWhatItAnswers) {
  EXPECT_EQ(Asked("MATCH (answer:Event)-[:IN_RESPONSE_TO]->(cause:Event) "
                  "WHERE answer.dateMin < cause.dateMin RETURN answer.id, cause.id"),
            Rows{});
}

TEST_F(SampleTest, WhoClosedWhichFacility) {
  const Rows expected = {
      "2016-12-30 | United States | f-brookville",
      "2016-12-30 | United States | f-pioneer",
      "2017-08-01 | Russia | f-dacha",
      "2017-08-01 | Russia | f-warehouse",
      "2017-08-31 | United States | f-dc-annex",
      "2017-08-31 | United States | f-ny-annex",
      "2017-08-31 | United States | f-sfo",
      "2018-03-17 | Russia | f-bc",
      "2018-03-17 | Russia | f-gb-stp",
      "2018-03-26 | United States | f-sea",
      "2018-03-29 | Russia | f-us-stp",
      "2018-04-25 | United States | f-sea-res",
      "2020-12-10 | United States | f-us-vlad",
      "2020-12-10 | United States | f-us-yek",
  };
  EXPECT_EQ(Asked("MATCH (c:Country)<-[:ACTOR]-(e:Event)-[:FACILITY {effect: 'closed'}]->"
                  "(f:Facility) WHERE e.id STARTS WITH 'h' "
                  "RETURN e.dateMin AS day, c.name, f.id ORDER BY day, f.id"),
            expected);
}

TEST_F(SampleTest, OnlyTheConsulatesOfTheEastWereClosedByTheirOwnSide) {
  EXPECT_EQ(Asked("MATCH (c:Country)<-[:ACTOR]-(:Event)-[:FACILITY {effect: 'closed'}]->"
                  "(f:Facility)-[:OPERATOR]->(c) RETURN f.id ORDER BY f.id"),
            (Rows{"f-us-vlad", "f-us-yek"}));
}

TEST_F(SampleTest, EveryFacilityHasOneOperator) {
  EXPECT_EQ(Asked("MATCH (f:Facility) OPTIONAL MATCH (f)-[:OPERATOR]->(c:Country) "
                  "WITH f, count(c) AS operators WHERE operators <> 1 RETURN f.id, operators"),
            Rows{});
}

TEST_F(SampleTest, ChainsOfTheDatedEventsInOrderOfTime) {
  const Rows expected = {
      "h01 > h04 > h08 > h10",
      "h01 > h04 > h08 > h19",
      "h01 > h05 > h09",
      "h02 > h03",
      "h07 > h08 > h10",
      "h07 > h08 > h19",
      "h07 > h09",
      "h11 > h12 > h13",
      "h11 > h14 > h16",
      "h11 > h15 > h17",
      "h01b > h21 > h22",
      "h01b > h21 > h23",
      "h01b > h21 > h24",
      "h01b > h21 > h25",
      "h20 > h21 > h22",
      "h20 > h21 > h23",
      "h20 > h21 > h24",
      "h20 > h21 > h25",
      "h26 > h28 > h29",
      "h26 > h27",
      "h31 > h32",
      "h33 > h34",
  };
  EXPECT_EQ(Asked("MATCH p = (root:Event)<-[:IN_RESPONSE_TO*1..8]-(last:Event) "
                  "WHERE root.id STARTS WITH 'h' AND NOT (root)-[:IN_RESPONSE_TO]->() "
                  "AND NOT (last)<-[:IN_RESPONSE_TO]-() "
                  "WITH root, length(p) AS answers, reduce(text = '', e IN nodes(p) | "
                  "  text + CASE text WHEN '' THEN '' ELSE ' > ' END + e.id) AS chain "
                  "RETURN chain ORDER BY root.dateMin, answers DESC, chain"),
            expected);
}

TEST_F(SampleTest, TheSingleActsOfTheArticleMakeItsOverHundred) {
  EXPECT_EQ(Number("MATCH (e:Event {eventType: 'expel-diplomats'})-[:ACTOR]->(:Person) "
                   "WHERE e.id STARTS WITH 'e' AND e.aggregate IS NULL RETURN sum(e.count)"),
            117);
  EXPECT_EQ(Asked("MATCH (all:Event {id: 'e03'})-[:SUMMARISES]->(act:Event) "
                  "WHERE act.id STARTS WITH 'e' "
                  "RETURN all.count, sum(act.count)"),
            Rows{"100 | 117"});
}

TEST_F(SampleTest, SummariesLeadToDatedEventsOrToSingleActs) {
  EXPECT_EQ(Asked("MATCH (a:Event)-[:SUMMARISES]->(b:Event) "
                  "WHERE NOT a.id STARTS WITH 'e' RETURN a.id, b.id"),
            Rows{});
  EXPECT_EQ(Asked("MATCH (h:Event) WHERE h.id STARTS WITH 'h' AND NOT ()-[:SUMMARISES]->(h) "
                  "RETURN h.id ORDER BY h.id"),
            (Rows{"h01b", "h02", "h06", "h07", "h08", "h09", "h12", "h13", "h24", "h27", "h35",
                  "h38", "h39"}));
}

TEST_F(SampleTest, WhatHasNotHappenedIsMarked) {
  EXPECT_EQ(Asked("MATCH (e:Event) WHERE e.status IN ['possible', 'expected'] "
                  "RETURN e.id, e.status ORDER BY e.id"),
            (Rows{"e21 | possible", "e22 | expected", "e23 | possible", "e24 | possible",
                  "e25 | possible"}));
}

TEST_F(SampleTest, IsACopyOfItsOwnEachTime) {
  auto other = Database::Open(":sample:");
  ASSERT_TRUE(other.ok());
  Session session = other->NewSession();
  Ask(session, "MATCH (n) DETACH DELETE n");
  EXPECT_EQ(other->Schema().node_count, 0u);
  EXPECT_EQ(database_->Schema().node_count, 185u);
}

}  // namespace
}  // namespace kb
