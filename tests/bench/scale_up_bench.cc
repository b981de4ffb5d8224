// The same questions of a graph and of one ten times as large: how much longer do they take? A
// seeded graph of persons who know each other, write, reply and tag, with the skew of such data:
// few persons and tags have most. Prints one line a question and the geometric mean; not part of
// the gate.
//
//   kb_scale_up_bench [persons of the small one]
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "kb/kb.h"

namespace kb {
namespace {

using Clock = std::chrono::steady_clock;

struct Question {
  const char* name;
  const char* text;
};

constexpr Question kQuestions[] = {
    {"authors by tag (tree of five)",
     "MATCH (p:Person)<-[:WROTE_BY]-(c:Comment)-[:REPLY_OF]->(m:Post)-[:HAS_TAG]->(t:Tag) "
     "RETURN count(*) AS n"},
    {"replies to friends (cycle of four)",
     "MATCH (a:Person)-[:KNOWS]-(b:Person)<-[:WROTE_BY]-(m:Post)<-[:REPLY_OF]-(c:Comment)"
     "-[:WROTE_BY]->(a) RETURN count(*) AS n"},
    {"triangles of friends",
     "MATCH (a:Person)-[:KNOWS]-(b)-[:KNOWS]-(c)-[:KNOWS]-(a) RETURN count(*) AS n"},
    {"two friends, tags of the second, not friends themselves",
     "MATCH (a:Person)-[:KNOWS]-(b:Person)-[:KNOWS]-(c:Person)-[:LIKES]->(t:Tag) "
     "WHERE a <> c AND NOT (a)-[:KNOWS]-(c) RETURN count(*) AS n"},
    {"tags of a post and of its replies that differ",
     "MATCH (t:Tag)<-[:HAS_TAG]-(m:Post)<-[:REPLY_OF]-(c:Comment)-[:HAS_TAG]->(u:Tag) "
     "WHERE t <> u RETURN count(*) AS n"},
    {"posts with and without replies",
     "MATCH (p:Person)<-[:WROTE_BY]-(m:Post) OPTIONAL MATCH (m)<-[:REPLY_OF]-(c) "
     "RETURN count(*) AS n"},
    {"scan with a range and a sum",
     "MATCH (c:Comment) WHERE c.length > 50 AND c.day < 700 RETURN count(*) AS n, "
     "sum(c.length) AS s"},
    {"messages by day", "MATCH (m:Post) RETURN m.day AS day, count(*) AS n, avg(m.length) AS a"},
    {"the ten longest", "MATCH (c:Comment) RETURN c.id AS id ORDER BY c.length DESC, id LIMIT 10"},
    {"replies within two days",
     "MATCH (m:Post)<-[:REPLY_OF]-(c:Comment) WHERE c.day - m.day < 2 RETURN count(*) AS n"},
    {"authors with most replies",
     "MATCH (p:Person)<-[:WROTE_BY]-(m:Post)<-[:REPLY_OF]-(c:Comment) "
     "RETURN p.id AS id, count(*) AS n ORDER BY n DESC, id LIMIT 10"},
    {"friends of a friend of one person",
     "MATCH (a:Person {id: 17})-[:KNOWS*1..2]-(b:Person) RETURN count(DISTINCT b) AS n"},
    {"the shortest path between two persons",
     "MATCH p = shortestPath((a:Person {id: 17})-[:KNOWS*]-(b:Person {id: 901})) "
     "RETURN length(p) AS n"},
    {"one person by key", "MATCH (a:Person {id: 42}) RETURN a.name AS name"},
};

class Graph {
 public:
  explicit Graph(std::int64_t persons)
      : database_(std::move(Database::InMemory()).value()), session_(database_.NewSession()) {
    const auto number = [](std::int64_t n) { return std::to_string(n); };
    const std::string people = number(persons);
    const std::string posts = number(persons * 20);
    const std::string comments = number(persons * 30);
    const std::string tags = number(persons / 10);
    Ask("CREATE INDEX FOR (p:Person) ON (p.id)");
    Ask("CREATE INDEX FOR (p:Post) ON (p.id)");
    Ask("CREATE INDEX FOR (c:Comment) ON (c.id)");
    Ask("CREATE INDEX FOR (t:Tag) ON (t.id)");
    Ask("UNWIND range(0, " + people + " - 1) AS i CREATE (:Person {id: i, name: 'p' + i})");
    Ask("UNWIND range(0, " + tags + " - 1) AS i CREATE (:Tag {id: i})");
    // A square of a random number prefers the first: some have hundreds, most a few.
    const auto draw = [](const std::string& k, const std::string& of, int seed) {
      const std::string random =
          "((" + k + " * 7919 + " + std::to_string(seed * 104729) + ") % 99991)";
      return "toInteger(" + of + " * (" + random + " / 99991.0) ^ 2)";
    };
    const auto link = [&](const std::string& count, const std::string& from, const std::string& a,
                          const std::string& type, const std::string& to, const std::string& b) {
      Ask("UNWIND range(0, " + count + " - 1) AS k MATCH (a:" + from + " {id: " + a +
          "}), (b:" + to + " {id: " + b + "}) CREATE (a)-[:" + type + "]->(b)");
    };
    Ask("UNWIND range(0, " + posts +
        " - 1) AS k CREATE (:Post {id: k, day: k * 31 % 1000, "
        "length: k * 37 % 120})");
    Ask("UNWIND range(0, " + comments +
        " - 1) AS k CREATE (:Comment {id: k, day: k * 53 % 1000, "
        "length: k * 41 % 110})");
    link(number(persons * 10), "Person", draw("k", people, 1), "KNOWS", "Person",
         draw("k / 3", people, 2));
    link(number(persons * 3), "Person", "k % " + people, "LIKES", "Tag", draw("k", tags, 3));
    link(posts, "Post", "k", "WROTE_BY", "Person", draw("k", people, 4));
    link(posts, "Post", "k", "HAS_TAG", "Tag", draw("k", tags, 5));
    link(comments, "Comment", "k", "WROTE_BY", "Person", draw("k", people, 6));
    link(comments, "Comment", "k", "REPLY_OF", "Post", draw("k", posts, 7));
    link(comments, "Comment", "k", "HAS_TAG", "Tag", draw("k", tags, 8));
  }

  void Ask(const std::string& text) {
    auto cursor = session_.Run(text);
    bool fine = cursor.ok();
    while (fine && cursor->Next()) {
    }
    fine = fine && cursor->status().ok();
    if (fine) return;
    const Error& error = cursor.ok() ? cursor->status().error() : cursor.error();
    std::fprintf(stderr, "%s\n", error.Format(text).c_str());
    std::exit(1);
  }
  /// Milliseconds, the least of some runs.
  double Time(const std::string& text) {
    double best = 1e18;
    for (int i = 0; i < 7; ++i) {
      const auto start = Clock::now();
      Ask(text);
      best =
          std::min(best, std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    return best;
  }

 private:
  Database database_;
  Session session_;
};

int Run(std::int64_t persons) {
  Graph small(persons);
  Graph large(persons * 10);
  double logarithms = 0;
  for (const Question& question : kQuestions) {
    const double one = small.Time(question.text);
    const double ten = large.Time(question.text);
    logarithms += std::log(ten / one);
    std::printf("%-56s %10.3f ms %10.3f ms %7.1f x\n", question.name, one, ten, ten / one);
  }
  std::printf("%-56s %34.1f x\n", "geometric mean",
              std::exp(logarithms / static_cast<double>(std::size(kQuestions))));
  return 0;
}

}  // namespace
}  // namespace kb

int main(int argc, char** argv) { return kb::Run(argc > 1 ? std::atoll(argv[1]) : 2000); }
