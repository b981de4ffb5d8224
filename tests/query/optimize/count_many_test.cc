// Counting over many rows, in a graph that was loaded and then edited a little: lists that follow
// each other, tables of pairs, marks and nodes that lead to one other only come into play. Every
// count is the same with each pass left out, and on one thread or two.
#include "storage/bulk.h"
#include "tests/query/optimize/each_pass.h"

namespace kb::query {
namespace {

using storage::NodeId;

class CountManyTest : public EachPass {
 protected:
  /// Messages that answer each other, made by persons, who live in cities of countries and know
  /// each other, with tags; some persons twice, or themselves.
  void Load() {
    store_ = storage::Store::InMemory();
    auto loader = storage::BulkLoader::Start(*store_).value();
    const auto add = [&](std::vector<std::string> labels, std::uint32_t count) {
      return std::pair(loader->AddNodes(labels, count, {}).value(), count);
    };
    const auto persons = add({"Person"}, 300);
    const auto cities = add({"City"}, 40);
    const auto countries = add({"Country"}, 6);
    const auto tags = add({"Tag"}, 50);
    const auto posts = add({"Post", "Message"}, 2500);
    const auto comments = add({"Comment", "Message"}, 2600);
    const auto any = [&](const std::pair<NodeId, std::uint32_t>& of) {
      return NodeId{schema::Raw(of.first) +
                    static_cast<std::uint32_t>(Pick(static_cast<int>(of.second)))};
    };
    const auto each = [](const std::pair<NodeId, std::uint32_t>& of, std::uint32_t i) {
      return NodeId{schema::Raw(of.first) + i};
    };
    const auto relate = [&](const std::string& type, const auto& make) {
      std::vector<NodeId> sources;
      std::vector<NodeId> targets;
      make([&](NodeId source, NodeId target) {
        sources.push_back(source), targets.push_back(target);
      });
      ASSERT_TRUE(loader->AddRelationships(type, sources, targets, {}).ok());
    };
    relate("LIVES_IN", [&](const auto& link) {
      for (std::uint32_t i = 0; i < persons.second; ++i) {
        if (!Chance(5)) link(each(persons, i), any(cities));
        if (Chance(5)) link(each(persons, i), any(cities));
        if (Chance(5)) link(each(persons, i), any(countries));
      }
    });
    relate("PART_OF", [&](const auto& link) {
      for (std::uint32_t i = 0; i < cities.second; ++i) {
        if (!Chance(5)) link(each(cities, i), any(countries));
        if (Chance(5)) link(each(cities, i), any(countries));
      }
    });
    relate("KNOWS", [&](const auto& link) {
      for (int i = 0; i < 1200; ++i) link(any(persons), any(persons));
      for (int i = 0; i < 40; ++i) link(each(persons, 7), any(persons));
      for (int i = 0; i < 300; ++i) link(each(persons, 8), any(persons));
    });
    relate("MADE_BY", [&](const auto& link) {
      for (std::uint32_t i = 0; i < posts.second; ++i) link(each(posts, i), any(persons));
      for (std::uint32_t i = 0; i < comments.second; ++i) link(each(comments, i), any(persons));
    });
    relate("ANSWERS", [&](const auto& link) {
      for (std::uint32_t i = 0; i < comments.second; ++i) {
        link(each(comments, i), Chance(50) ? any(posts) : any(comments));
      }
    });
    relate("HAS_TAG", [&](const auto& link) {
      for (int i = 0; i < 1500; ++i) link(Chance(50) ? any(posts) : any(comments), any(tags));
      // As many as a byte can say, and more.
      for (std::uint32_t i = 0; i < 6; ++i) {
        for (std::uint32_t n = 0; n < 252 + i; ++n) link(each(posts, 100 * i), any(tags));
      }
    });
    ASSERT_TRUE(loader->Finish().ok());
  }

  void Edit() {
    Do("MATCH (p:Person)-[r:KNOWS]->() WITH r LIMIT 30 DELETE r");
    Do("MATCH (c:Comment) WITH c LIMIT 300 MATCH (t:Tag) WITH c, t LIMIT 200 "
       "CREATE (c)-[:HAS_TAG]->(t)");
    Do("MATCH (c:Comment) WITH c LIMIT 3 SET c:Post");
  }

  void ExpectAlike() {
    const std::vector<std::string> patterns = {
        "MATCH (:Tag)<-[:HAS_TAG]-(m:Message)-[:MADE_BY]->(:Person), (m)<-[:ANSWERS]-(:Comment)",
        "MATCH (:Tag)<-[:HAS_TAG]-(m:Message) OPTIONAL MATCH (m)<-[:ANSWERS]-(c:Comment)",
        "MATCH (:Tag)<-[:HAS_TAG]-(m:Message)-[:MADE_BY]->(), (m)<-[:ANSWERS]-(), "
        "(m)-[:HAS_TAG]->() OPTIONAL MATCH (m)-[:ANSWERS]->(o)",
        "MATCH (:Tag)<-[:HAS_TAG]-(m:Message) WHERE (m)<-[:ANSWERS]-() AND NOT (m)-[:ANSWERS]->()",
        "MATCH (m:Post) WHERE (m)-[:HAS_TAG]->() AND NOT (m)<-[:ANSWERS]-()",
        "MATCH (p:Person) WHERE NOT (p)<-[:MADE_BY]-(:Post)-[:HAS_TAG]->()",
        "MATCH (p:Person) WHERE COUNT { (p)-[:KNOWS]-(:Person)-[:LIVES_IN]->(:City) } > 20",
        "MATCH (p:Person) WHERE COUNT { MATCH (p)-[:KNOWS]-(q) WHERE q <> p RETURN q } > 9",
        "MATCH (p:Person) WHERE COUNT { MATCH (p)-[:KNOWS]-(q) RETURN DISTINCT q } > 9",
        "MATCH (p:Person)-[:LIVES_IN]->(c:City) WHERE EXISTS { (p)-[:KNOWS]-()-[:LIVES_IN]->(c) }",
        "MATCH (p:Person) WHERE EXISTS { (p)<-[:MADE_BY]-()<-[:ANSWERS]-(:Comment)-[:MADE_BY]->(p) "
        "}",
        "MATCH (t:Tag) WHERE EXISTS { (t)<-[:HAS_TAG]-(m:Post) WHERE EXISTS { (m)<-[:ANSWERS]-() } "
        "}",
        "MATCH (t:Tag)<-[:HAS_TAG]-(m:Message)<-[:ANSWERS]-(c:Comment)-[:HAS_TAG]->(u:Tag) "
        "WHERE t <> u",
        "MATCH (t:Tag)<-[:HAS_TAG]-(m:Message)<-[:ANSWERS]-(c:Comment)-[:HAS_TAG]->(u:Tag) "
        "WHERE NOT (c)-[:HAS_TAG]->(t) AND t <> u",
        "MATCH (p:Person)-[:KNOWS]-(q:Person), (p)<-[:MADE_BY]-(c:Comment)-[:ANSWERS]->(o:Post)"
        "-[:MADE_BY]->(q)",
        "MATCH (p:Person)<-[:MADE_BY]-(m:Message)<-[:ANSWERS]-(c:Comment)-[:MADE_BY]->(p)",
        "MATCH (p:Person)-[:KNOWS]-(q:Person)-[:KNOWS]-(r:Person)-[:LIVES_IN]->(:City) "
        "WHERE p <> r",
        "MATCH (p:Person)-[:KNOWS]-(q:Person)-[:KNOWS]-(r:Person)-[:LIVES_IN]->(:City)",
        "MATCH (p:Person)-[:KNOWS]->(q:Person), (p)-[:KNOWS]->(r:Person) WHERE q <> r",
        "MATCH (p:Person)-[:KNOWS]-(q:Person)-[:KNOWS]-(r:Person) "
        "WHERE NOT (p)-[:KNOWS]-(r) AND p <> r",
        "MATCH (p:Person)-[:KNOWS]-(q:Person)-[:KNOWS]-(r:Person) WHERE (p)-[:KNOWS]-(r)",
        "MATCH (c:Country) MATCH (p:Person)-[:LIVES_IN]->(:City)-[:PART_OF]->(c) "
        "MATCH (q:Person)-[:LIVES_IN]->(:City)-[:PART_OF]->(c) "
        "MATCH (r:Person)-[:LIVES_IN]->(:City)-[:PART_OF]->(c) "
        "MATCH (p)-[:KNOWS]-(q)-[:KNOWS]-(r)-[:KNOWS]-(p)",
    };
    const Engines engines;
    EngineOptions alone;
    alone.threads = 1;
    Engine one(alone);
    EngineOptions pair;
    pair.threads = 2;
    Engine two(pair);
    for (const std::string& pattern : patterns) {
      const std::string text = pattern + " RETURN count(*)";
      const auto expected = Ask(one, text, store_->Present());
      ASSERT_EQ(expected.size(), 1u);
      EXPECT_NE(expected[0], "0") << text;
      EXPECT_EQ(Ask(two, text, store_->Present()), expected) << text;
      for (std::size_t e = 0; e < engines.all.size(); ++e) {
        EXPECT_EQ(Ask(*engines.all[e], text, store_->Present()), expected)
            << "without " << engines.left_out[e] << ": " << text;
      }
    }
  }
};

TEST_F(CountManyTest, CountsOfALoadedAndThenOfAnEditedGraph) {
  Load();
  ExpectAlike();
  Edit();
  ExpectAlike();
}

/// A plan that takes two labels to be apart is not used once a node has both.
TEST_F(CountManyTest, LabelsThatMeetLaterAreSeen) {
  Do("CREATE (a:A)-[:T]->(x:X), (b:B)-[:T]->(x), (b)-[:S]->(a)");
  Engine engine;
  const std::string text = "MATCH (a:A)-[:T]->(x:X)<-[:T]-(b:B)-[:S]->(a) RETURN count(*)";
  EXPECT_EQ(Ask(engine, text, store_->Present()), std::vector<std::string>{"1"});
  Do("MATCH (a:A) SET a:B CREATE (a)-[:S]->(a)");
  // The loop at a would need the one T of a twice.
  EXPECT_EQ(Ask(engine, text, store_->Present()), std::vector<std::string>{"1"});
}

}  // namespace
}  // namespace kb::query
