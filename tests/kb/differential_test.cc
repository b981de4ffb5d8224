// One question, many ways: whatever the optimiser leaves out, wherever the graph lies and whether
// an index helps, the rows are the same.
//
// Questions are made at random over a small multigraph with loops, parallel relationships, several
// labels and missing values. KB_ROUNDS and KB_SEED in the environment ask for more or for others.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "query/optimize/passes.h"
#include "tests/kb/asking.h"
#include "tests/storage/scratch.h"

namespace kb {
namespace {

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  int Below(int bound) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(bound)); }
  bool OneIn(int bound) { return Below(bound) == 0; }
  std::string Pick(const std::vector<std::string>& of) {
    return of[static_cast<std::size_t>(Below(static_cast<int>(of.size())))];
  }

 private:
  std::mt19937_64 engine_;
};

/// Statements that make a graph of 24 nodes and 50 relationships.
std::vector<std::string> Graph(Random& random) {
  std::vector<std::string> statements;
  for (int i = 0; i < 24; ++i) {
    std::string labels;
    for (const char* label : {":A", ":B", ":C"}) {
      if (random.OneIn(2)) labels += label;
    }
    std::string values = fmt::format("i: {}", i);
    if (!random.OneIn(4)) values += fmt::format(", x: {}", random.Below(5));
    if (!random.OneIn(4)) values += fmt::format(", s: '{}'", random.Pick({"p", "q", "pq", ""}));
    statements.push_back(fmt::format("CREATE ({} {{{}}})", labels, values));
  }
  for (int i = 0; i < 50; ++i) {
    const int from = random.Below(24);
    const int to = random.OneIn(8) ? from : random.Below(24);
    const std::string weight = random.OneIn(4) ? "" : fmt::format(", w: {}", random.Below(5));
    statements.push_back(
        fmt::format("MATCH (a {{i: {}}}), (b {{i: {}}}) CREATE (a)-[:{} {{i: {}{}}}]->(b)", from,
                    to, random.Pick({"R", "R", "S"}), i, weight));
  }
  return statements;
}

/// Makes one question after another.
class Questions {
 public:
  explicit Questions(Random& random) : random_(random) {}

  std::string Next() {
    nodes_.clear();
    relationships_.clear();
    std::string text;
    Match(text, "MATCH ", 1 + random_.Below(3));
    if (random_.OneIn(3)) Match(text, " MATCH ", 1 + random_.Below(2));
    if (random_.OneIn(4)) Detached(text);
    if (random_.OneIn(4)) OptionalDetached(text);
    if (random_.OneIn(4)) Match(text, " OPTIONAL MATCH ", 1);
    if (random_.OneIn(4)) text += With();
    return text + Return();
  }

 private:
  void Match(std::string& text, const char* words, int hops) {
    text += words + Pattern(hops);
    text += Where();  // of what the pattern has named
  }

  /// A part that only an equality ties to the rest.
  void Detached(std::string& text) {
    const std::string other = Value();
    const std::string name = fmt::format("n{}", nodes_.size());
    nodes_.push_back(name);
    text += fmt::format(" MATCH ({}{})", name, random_.Pick({"", ":A", ":B"}));
    if (random_.OneIn(2)) text += Relationship() + Node();
    text += fmt::format(" WHERE {} = {}.x", other, random_.OneIn(2) ? nodes_.back() : name);
    if (random_.OneIn(3)) text += fmt::format(" AND {} <> {}.x", Value(), name);
  }

  /// The same, or nulls.
  void OptionalDetached(std::string& text) {
    const std::string other = Value();
    const std::string test = Test();  // of what is known before
    const std::string name = fmt::format("n{}", nodes_.size());
    nodes_.push_back(name);
    text += fmt::format(" OPTIONAL MATCH ({}{})", name, random_.Pick({"", ":A", ":B:C"}));
    if (random_.OneIn(3)) text += Relationship() + Node();
    text += fmt::format(" WHERE {} = {}.x", other, random_.OneIn(2) ? nodes_.back() : name);
    if (random_.OneIn(3)) text += " AND " + test;
    if (random_.OneIn(4)) text += fmt::format(" AND {}.i > {}", name, random_.Below(24));
  }

  std::string Node() {
    std::string text = "(";
    if (!nodes_.empty() && random_.OneIn(4)) {
      text += random_.Pick(nodes_);
    } else {
      const std::string name = fmt::format("n{}", nodes_.size());
      nodes_.push_back(name);
      text += name;
      if (random_.OneIn(2)) text += random_.Pick({":A", ":B", ":C", ":A|B", ":A&B", ":!C"});
      if (random_.OneIn(6)) text += fmt::format(" {{x: {}}}", random_.Below(5));
    }
    return text + ")";
  }

  std::string Relationship() {
    std::string body;
    const bool several = random_.OneIn(6);
    if (!several && random_.OneIn(3)) {
      body = fmt::format("r{}", relationships_.size());
      relationships_.push_back(body);
    }
    body += random_.Pick({"", ":R", ":S", ":R|S", ":R"});
    if (several) body += random_.Pick({"*1..2", "*0..2", "*2", "*..3"});
    const std::string inside = body.empty() ? "" : "[" + body + "]";
    switch (random_.Below(3)) {
      case 0:
        return "-" + inside + "->";
      case 1:
        return "<-" + inside + "-";
      default:
        return "-" + inside + "-";
    }
  }

  std::string Pattern(int hops) {
    std::string text;
    const bool joined = !nodes_.empty();
    text += joined ? "(" + random_.Pick(nodes_) + ")" : Node();
    for (int i = 0; i < hops; ++i) text += Relationship() + Node();
    if (random_.OneIn(6)) text += ", (" + random_.Pick(nodes_) + ")" + Relationship() + Node();
    return text;
  }

  std::string Value() {
    if (!relationships_.empty() && random_.OneIn(4)) return random_.Pick(relationships_) + ".w";
    return random_.Pick(nodes_) + ".x";
  }

  std::string Test() {
    switch (random_.Below(8)) {
      case 0:
        return Value() + random_.Pick({" > ", " <= ", " = ", " <> "}) + Value();
      case 1:
        return fmt::format("{} <> {}", random_.Pick(nodes_), random_.Pick(nodes_));
      case 2:
        return fmt::format("({})-[:R]->({})", random_.Pick(nodes_), random_.Pick(nodes_));
      case 3:
        return fmt::format("NOT ({})-[:S]-(:A)", random_.Pick(nodes_));
      case 4:
        return fmt::format("{}.s {} 'p'", random_.Pick(nodes_),
                           random_.Pick({"STARTS WITH", "CONTAINS", "=", "ENDS WITH"}));
      case 5:
        return fmt::format("EXISTS {{ ({})-->(m) WHERE m.x = {} }}", random_.Pick(nodes_),
                           random_.Below(5));
      case 6:
        return Value() + " IN [0, 2, null]";
      default:
        return Value() + random_.Pick({" IS NULL", " > 1", " < 3", " = 2", " >= 0"});
    }
  }

  std::string Where() {
    if (random_.OneIn(2)) return "";
    std::string text = " WHERE " + Test();
    if (random_.OneIn(3)) text += random_.Pick({" AND ", " OR ", " XOR "}) + Test();
    return text;
  }

  std::string With() {
    const std::string kept = random_.Pick(nodes_);
    nodes_ = {kept};
    relationships_.clear();
    if (random_.OneIn(2)) return " WITH DISTINCT " + kept;
    return fmt::format(" WITH {}, count(*) AS total WHERE total > 1", kept);
  }

  std::string Return() {
    const std::string a = random_.Pick(nodes_);
    const std::string b = random_.Pick(nodes_);
    switch (random_.Below(6)) {
      case 0:
        return " RETURN count(*) AS c";
      case 1:
        return fmt::format(" RETURN {}.x AS k, count(*) AS c, sum({}.x) AS t, min({}.i) AS l", a, b,
                           b);
      case 2:
        return fmt::format(" RETURN {}.i AS k, count({}.x) AS c, count(DISTINCT {}) AS d", a, b, b);
      case 3:
        return fmt::format(" RETURN DISTINCT {}.i AS k", a);
      case 4:
        return fmt::format(" RETURN {}.i AS k, {}.i AS l ORDER BY k DESC, l LIMIT {}", a, b,
                           1 + random_.Below(9));
      default:
        return fmt::format(" RETURN {}.i AS k, {}.s AS s", a, b);
    }
  }

  Random& random_;
  std::vector<std::string> nodes_;
  std::vector<std::string> relationships_;
};

/// A way to ask: a case of its own, with the same graph.
struct Way {
  std::string name;
  Database database;
};

Database Filled(Database database, const std::vector<std::string>& statements) {
  Session session = database.NewSession();
  for (const std::string& statement : statements) Ask(session, statement);
  return database;
}

class DifferentialTest : public testing::Test {
 protected:
  void Add(const std::string& name, Result<Database> database,
           const std::vector<std::string>& statements) {
    ASSERT_TRUE(database.ok()) << name;
    ways_.push_back({name, Filled(std::move(database).value(), statements)});
  }

  static Options Without(std::vector<std::string> passes) {
    Options options;
    options.disabled_passes = std::move(passes);
    return options;
  }

  storage::Scratch folder_;
  std::vector<Way> ways_;
};

TEST_F(DifferentialTest, NoPassNorPlaceNorIndexChangesAnAnswer) {
  const std::uint64_t seed = FromEnvironment("KB_SEED", 2025);
  const std::uint64_t rounds = FromEnvironment("KB_ROUNDS", 100);
  Random random(seed);
  for (int graph = 0; graph < 2; ++graph) {
    ways_.clear();
    std::vector<std::string> statements = Graph(random);
    Add("as it is", Database::InMemory(), statements);
    std::vector<std::string> all;
    for (const auto& pass : query::optimize::Passes()) {
      all.emplace_back(pass.name);
      Add("without " + all.back(), Database::InMemory(Without({all.back()})), statements);
    }
    Add("without any pass", Database::InMemory(Without(all)), statements);
    Options options;
    options.sync = false;
    Add("on disk", Database::Open(folder_ / fmt::format("case{}", graph), options), statements);
    ASSERT_TRUE(ways_.back().database.Fold().ok());
    for (const char* index :
         {"CREATE INDEX FOR (n:A) ON (n.x)", "CREATE INDEX FOR (n:B) ON (n.s)"}) {
      statements.insert(statements.begin(), index);
    }
    Add("indexed", Database::InMemory(), statements);
    Questions questions(random);
    for (std::uint64_t round = 0; round < rounds; ++round) {
      const std::string question = questions.Next();
      std::vector<std::string> expected;
      for (Way& way : ways_) {
        Session session = way.database.NewSession();
        std::vector<std::string> rows = Ask(session, question);
        if (question.find("ORDER BY") == std::string::npos) std::sort(rows.begin(), rows.end());
        if (&way == ways_.data()) expected = rows;
        ASSERT_EQ(rows, expected) << way.name << ", seed " << seed << ":\n" << question;
      }
    }
  }
}

}  // namespace
}  // namespace kb
