// THE table of built-in procedures: name, aliases, inputs, outputs, one line of help, function.
#include <algorithm>
#include <initializer_list>

#include "query/algo/algorithms.h"
#include "query/algo/ask.h"
#include "query/algo/evidence.h"
#include "query/algo/lists.h"
#include "query/algo/procedure.h"
#include "query/algo/testimony.h"

namespace kb::query::algo {
namespace {

using bind::Field;
using bind::Procedure;

struct Entry {
  std::string_view name;
  std::string_view doc;
  std::string_view example;
  std::vector<Field> inputs;
  std::vector<Field> outputs;
  Result<void> (*run)(const Call& call);
  std::vector<std::string_view> aliases;
  std::size_t inputs_min = 0;  ///< Configurations may be left out.
  bool writes = false;
};

const std::vector<Field>& Configuration() {
  static const std::vector<Field> kFields = {{"configuration", "MAP?"}};
  return kFields;
}

/// What the case has.
std::vector<Entry> CaseTable() {
  return {
      {"db.constraints",
       "Lists the constraints.",
       "CALL db.constraints() YIELD name, type",
       {},
       {{"name", "STRING"},
        {"type", "STRING"},
        {"entityType", "STRING"},
        {"labelsOrTypes", "LIST<STRING>"},
        {"properties", "LIST<STRING>"},
        {"ownedIndex", "STRING?"},
        {"propertyType", "STRING?"},
        {"createStatement", "STRING"}},
       Constraints,
       {}},
      {"db.indexes",
       "Lists the indexes.",
       "CALL db.indexes() YIELD name, type, properties",
       {},
       {{"name", "STRING"},
        {"state", "STRING"},
        {"type", "STRING"},
        {"entityType", "STRING"},
        {"labelsOrTypes", "LIST<STRING>?"},
        {"properties", "LIST<STRING>?"},
        {"owningConstraint", "STRING?"},
        {"distinctValues", "INTEGER"},
        {"createStatement", "STRING"}},
       Indexes,
       {}},
      {"db.labels",
       "Lists the labels that nodes carry.",
       "CALL db.labels() YIELD label",
       {},
       {{"label", "STRING"}},
       Labels,
       {}},
      {"db.propertyKeys",
       "Lists the names of properties.",
       "CALL db.propertyKeys() YIELD propertyKey",
       {},
       {{"propertyKey", "STRING"}},
       PropertyKeys,
       {}},
      {"db.relationshipTypes",
       "Lists the types of relationships.",
       "CALL db.relationshipTypes() YIELD relationshipType",
       {},
       {{"relationshipType", "STRING"}},
       RelationshipTypes,
       {}},
      {"db.schema.visualization",
       "Lists which labels are linked by which types, as maps; looks at all relationships.",
       "CALL db.schema.visualization() YIELD relationships",
       {},
       {{"nodes", "LIST<MAP>"}, {"relationships", "LIST<MAP>"}},
       Visualization,
       {}},
  };
}

/// What the data look like, and what the program has.
std::vector<Entry> ProgramTable() {
  return {
      {"db.schema.nodeTypeProperties",
       "Lists the properties of nodes by their labels; looks at all nodes.",
       "CALL db.schema.nodeTypeProperties() YIELD nodeType, propertyName, propertyTypes",
       {},
       {{"nodeType", "STRING"},
        {"nodeLabels", "LIST<STRING>"},
        {"propertyName", "STRING?"},
        {"propertyTypes", "LIST<STRING>?"},
        {"mandatory", "BOOLEAN"}},
       NodeTypeProperties,
       {}},
      {"db.schema.relTypeProperties",
       "Lists the properties of relationships by their types; looks at all relationships.",
       "CALL db.schema.relTypeProperties() YIELD relType, propertyName, propertyTypes",
       {},
       {{"relType", "STRING"},
        {"propertyName", "STRING?"},
        {"propertyTypes", "LIST<STRING>?"},
        {"mandatory", "BOOLEAN"}},
       RelationshipTypeProperties,
       {}},
      {"dbms.components",
       "Says which program this is.",
       "CALL dbms.components() YIELD name, versions",
       {},
       {{"name", "STRING"}, {"versions", "LIST<STRING>"}, {"edition", "STRING"}},
       Parts,
       {}},
      {"dbms.functions",
       "Lists the functions.",
       "CALL dbms.functions() YIELD name, category",
       {},
       {{"name", "STRING"},
        {"signature", "STRING"},
        {"description", "STRING"},
        {"aggregating", "BOOLEAN"},
        {"category", "STRING"},
        {"example", "STRING?"},
        {"result", "STRING?"}},
       Functions,
       {}},
      {"dbms.procedures",
       "Lists the procedures.",
       "CALL dbms.procedures() YIELD name, signature",
       {},
       {{"name", "STRING"}, {"signature", "STRING"}, {"description", "STRING"}},
       Procedures,
       {}},
      {"dbms.transactions",
       "Lists the open transactions and running statements.",
       "CALL dbms.transactions() YIELD currentQuery, elapsedTime",
       {},
       {{"transactionId", "STRING"},
        {"currentQuery", "STRING"},
        {"status", "STRING"},
        {"elapsedTime", "DURATION"},
        {"startTime", "ZONED DATETIME"},
        {"readOnly", "BOOLEAN"},
        {"explicit", "BOOLEAN"}},
       Transactions,
       {}},
  };
}

std::vector<Entry> AlgorithmTable() {
  const auto& config = Configuration();
  return {
      {"kb.algo.betweenness",
       "How often each node lies on shortest paths between others, along the relationships.",
       "CALL kb.algo.betweenness() YIELD node, score RETURN node, score ORDER BY score DESC LIMIT "
       "3",
       config,
       {{"node", "NODE"}, {"score", "FLOAT"}},
       Betweenness,
       {"gds.betweenness.stream"}},
      {"kb.algo.components",
       "Which nodes hang together, relationships read either way: equal numbers, same component.",
       "CALL kb.algo.components() YIELD component RETURN component, count(*) AS nodes",
       config,
       {{"node", "NODE"}, {"component", "INTEGER"}},
       Components,
       {"gds.wcc", "gds.wcc.stream"}},
      {"kb.algo.pageRank",
       "The chance of meeting each node on a long random walk.",
       "CALL kb.algo.pageRank() YIELD node, score RETURN node, score ORDER BY score DESC LIMIT 3",
       config,
       {{"node", "NODE"}, {"score", "FLOAT"}},
       PageRank,
       {"gds.pageRank.stream"}},
      {"kb.algo.strongComponents",
       "Which nodes reach each other along the relationships: equal numbers, same component.",
       "CALL kb.algo.strongComponents() YIELD component RETURN component, count(*) AS nodes",
       config,
       {{"node", "NODE"}, {"component", "INTEGER"}},
       StrongComponents,
       {"gds.scc", "gds.scc.stream"}},
  };
}

std::vector<Entry> EvidenceTable() {
  return {
      {"kb.diff",
       "What changed in the case between two system times.",
       "CALL kb.diff(datetime('2020-01-01T00:00Z'), datetime())",
       {{"from", "ANY"}, {"to", "ANY"}},
       {{"change", "STRING"},
        {"kind", "STRING"},
        {"id", "INTEGER"},
        {"name", "STRING"},
        {"before", "ANY"},
        {"after", "ANY"}},
       DifferencesBetween,
       {},
       2},
      {"kb.erasures",
       "What was erased, when and why; never what it was.",
       "CALL kb.erasures()",
       {},
       {{"id", "INTEGER"},
        {"kind", "STRING"},
        {"element", "INTEGER"},
        {"key", "STRING?"},
        {"statement", "INTEGER?"},
        {"erased", "ZONED DATETIME"},
        {"because", "STRING?"}},
       Erasures,
       {}},
      {"kb.singleSource",
       "Facts of which all statements come from one source.",
       "CALL kb.singleSource()",
       {},
       {{"element", "ANY"}, {"key", "STRING"}, {"source", "ANY"}},
       SingleSourced,
       {"kb.singlesource"}},
  };
}

/// What runs a query: in another view, or one that has words of its own in this language.
std::vector<Entry> AskTable() {
  return {
      {"kb.chains",
       "Paths whose times are in order, as CHRONOLOGICAL finds them; from null, or to null: any "
       "node. The configuration has by, types, direction, minLength, maxLength, possibly, "
       "descending and within.",
       "MATCH (e:Event {id: 'e01'}) CALL kb.chains(e, null, 'date', {types: ['IN_RESPONSE_TO'], "
       "direction: 'incoming'}) YIELD path RETURN length(path) AS length, count(*) AS n",
       {{"from", "NODE?"}, {"to", "NODE?"}, {"key", "STRING"}, {"configuration", "MAP?"}},
       {{"path", "PATH"}},
       Chains,
       {},
       3},
      {"kb.shortestByGrade",
       "The k paths between two nodes whose weakest grade is best, and among those the shortest. "
       "The configuration has types, direction, minLength and maxLength.",
       "MATCH (a:Country {id: 'us'}), (b:Country {id: 'ru'}) CALL kb.shortestByGrade(a, b, 3, "
       "{direction: 'both', maxLength: 4}) YIELD path, grade RETURN length(path) AS length, grade",
       {{"from", "NODE"}, {"to", "NODE"}, {"k", "INTEGER"}, {"configuration", "MAP?"}},
       {{"path", "PATH"}, {"grade", "STRING?"}},
       ShortestByGrade,
       {},
       3},
      {"kb.view",
       "Runs a query that reads in another view, a row a map of its columns. The view has "
       "systemTime, validTime or validFrom and validTo, possibly, excludingSources or "
       "onlySources, and raw; nodes and relationships of the rows are read by the view outside.",
       "CALL kb.view({excludingSources: ['article']}, 'MATCH (e:Event) WHERE e.id > $id RETURN "
       "count(e) AS n', {id: 'e05'}) YIELD row RETURN row.n AS n",
       {{"view", "MAP?"}, {"query", "STRING"}, {"parameters", "MAP?"}},
       {{"row", "MAP"}},
       AskView,
       {},
       2},
  };
}

/// What is written with its source, and how contradictions are decided.
std::vector<Entry> TestimonyTable() {
  return {
      {"kb.assert",
       "States values, labels (as `:Label`) or, with an empty map, the existence of an element.",
       "MATCH (n:Event) CALL kb.assert(n, {count: 60}, {source: 'article', grade: 'B2'})",
       {{"element", "ANY"}, {"values", "MAP"}, {"evidence", "MAP"}},
       {},
       State,
       {},
       3,
       true},
      {"kb.createNode",
       "Creates a node whose existence, labels and values a source states.",
       "CALL kb.createNode(['Event'], {count: 60}, {source: 'article', grade: 'B2'}) YIELD node",
       {{"labels", "LIST<STRING>"}, {"properties", "MAP"}, {"evidence", "MAP"}},
       {{"node", "NODE"}},
       MakeNode,
       {},
       3,
       true},
      {"kb.createRelationship",
       "Creates a relationship whose existence and values a source states.",
       "MATCH (a:Event), (b:Event) CALL kb.createRelationship(a, 'IN_RESPONSE_TO', b, {}, "
       "{source: 'article'}) YIELD relationship RETURN count(*) AS n",
       {{"from", "NODE"},
        {"type", "STRING"},
        {"to", "NODE"},
        {"properties", "MAP"},
        {"evidence", "MAP"}},
       {{"relationship", "RELATIONSHIP"}},
       MakeRelationship,
       {},
       5,
       true},
      {"kb.rule",
       "Lists by what the case chooses among values that contradict each other, in order.",
       "CALL kb.rule() YIELD criterion, meaning",
       {},
       {{"position", "INTEGER"}, {"criterion", "STRING"}, {"meaning", "STRING"}},
       ShowRule,
       {}},
      {"kb.setRule",
       "Changes that order and decides all contradictions anew; there are asserted, grade, "
       "sources, "
       "latest and earliest.",
       "CALL kb.setRule(['asserted', 'grade', 'latest']) YIELD facts",
       {{"criteria", "LIST<STRING>"}},
       {{"facts", "INTEGER"}},
       ChangeRule,
       {},
       1,
       true},
      {"kb.withdraw",
       "Withdraws a statement by its number; what rests on it is decided anew.",
       "CALL kb.createNode(['Event'], {count: 60}, {source: 'article'}) YIELD node CALL "
       "kb.withdraw(statements(node, 'count')[0].id, 'retracted')",
       {{"statement", "INTEGER"}, {"because", "STRING?"}},
       {},
       WithdrawStatement,
       {},
       1,
       true},
  };
}

/// What judges identity, and what erases.
std::vector<Entry> IdentityTable() {
  return {
      {"kb.assertDistinct",
       "Judges that two nodes are not one, whatever else is said.",
       "MATCH (a:Country {id: 'us'}), (b:Country {id: 'ru'}) CALL kb.assertDistinct(a, b, "
       "{because: "
       "'two countries', by: 'eva'})",
       {{"a", "NODE"}, {"b", "NODE"}, {"reasons", "MAP?"}},
       {},
       AssertDistinct,
       {},
       2,
       true},
      {"kb.assertSame",
       "Judges that two nodes are one; reasons are because, by, and a source with its grade.",
       "CREATE (a:Person), (b:Person) WITH a, b CALL kb.assertSame(a, b, {because: 'passport "
       "1234', "
       "by: 'eva'})",
       {{"a", "NODE"}, {"b", "NODE"}, {"reasons", "MAP?"}},
       {},
       AssertSame,
       {},
       2,
       true},
      {"kb.erase",
       "Erases an element, or one of its keys, from the present, the past and the files.",
       "CREATE (n:Person {name: 'Ada'}) WITH n CALL kb.erase(n, 'name', 'asked for')",
       {{"element", "ANY"}, {"key", "STRING?"}, {"because", "STRING?"}},
       {},
       EraseElement,
       {},
       2,
       true},
      {"kb.eraseStatement",
       "Erases a statement by its number, and what of its fact rested on it.",
       "CREATE (n:Person {name: 'Ada'}) WITH n CALL kb.assert(n, {born: 1815}, {source: 'letter'}) "
       "CALL kb.eraseStatement(statements(n, 'born')[0].id, 'asked for')",
       {{"statement", "INTEGER"}, {"because", "STRING?"}},
       {},
       EraseStatement,
       {},
       1,
       true},
  };
}

std::vector<Entry> JudgementTable() {
  return {
      {"kb.judgements",
       "The judgements of identity, those withdrawn included; inForce: it holds its nodes "
       "together, "
       "or apart.",
       "CALL kb.judgements()",
       {},
       {{"id", "INTEGER"},
        {"verdict", "STRING"},
        {"a", "NODE"},
        {"b", "NODE"},
        {"because", "STRING?"},
        {"by", "STRING?"},
        {"source", "ANY"},
        {"inForce", "BOOLEAN"},
        {"recorded", "ZONED DATETIME"},
        {"withdrawn", "ZONED DATETIME?"},
        {"withdrawnBecause", "STRING?"}},
       Judgements,
       {}},
      {"kb.withdrawJudgement",
       "Withdraws a judgement of identity by its number.",
       "CALL kb.judgements() YIELD id CALL kb.withdrawJudgement(id, 'wrong')",
       {{"judgement", "INTEGER"}, {"because", "STRING?"}},
       {},
       WithdrawJudgement,
       {},
       1,
       true},
      {"kb.whySame",
       "The chain of judgements that makes two nodes one.",
       "MATCH (n) UNWIND cluster(n) AS m CALL kb.whySame(n, m) YIELD judgement, because RETURN "
       "judgement, because",
       {{"a", "NODE"}, {"b", "NODE"}},
       {{"judgement", "INTEGER"},
        {"a", "NODE"},
        {"b", "NODE"},
        {"because", "STRING?"},
        {"by", "STRING?"},
        {"source", "ANY"},
        {"recorded", "ZONED DATETIME"}},
       WhySame,
       {},
       2},
  };
}

std::string Folded(std::string_view name) {
  std::string folded(name);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

/// The procedures, and what they are found by. Built once, on first use.
struct Registry {
  std::vector<std::shared_ptr<const Procedure>> all;
  std::vector<std::pair<std::string, std::shared_ptr<const Procedure>>> by_name;

  Registry() {
    for (const auto table : {CaseTable, ProgramTable, AlgorithmTable, EvidenceTable, AskTable,
                             TestimonyTable, IdentityTable, JudgementTable}) {
      for (Entry& entry : table()) Add(entry);
    }
  }

  void Add(Entry& entry) {
    auto procedure = std::make_shared<Procedure>();
    procedure->name = entry.name;
    procedure->doc = entry.doc;
    procedure->example = entry.example;
    procedure->inputs = std::move(entry.inputs);
    procedure->inputs_min = entry.inputs_min;
    procedure->outputs = std::move(entry.outputs);
    procedure->run = entry.run;
    procedure->writes = entry.writes;
    all.push_back(procedure);
    by_name.emplace_back(Folded(entry.name), procedure);
    constexpr std::string_view kOwn = "kb.algo.";
    if (entry.name.starts_with(kOwn)) {
      by_name.emplace_back(Folded("gds." + std::string(entry.name.substr(kOwn.size()))), procedure);
    }
    for (const auto alias : entry.aliases) by_name.emplace_back(Folded(alias), procedure);
  }
};

const Registry& TheRegistry() {
  static const Registry kRegistry;
  return kRegistry;
}

}  // namespace

std::shared_ptr<const Procedure> FindProcedure(std::string_view name) {
  const std::string folded = Folded(name);
  for (const auto& [known, procedure] : TheRegistry().by_name) {
    if (known == folded) return procedure;
  }
  return nullptr;
}

std::vector<std::shared_ptr<const Procedure>> AllProcedures() { return TheRegistry().all; }

}  // namespace kb::query::algo
