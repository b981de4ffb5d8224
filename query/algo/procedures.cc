// THE table of built-in procedures: name, aliases, inputs, outputs, one line of help, function.
#include <algorithm>
#include <initializer_list>

#include "query/algo/algorithms.h"
#include "query/algo/lists.h"
#include "query/algo/procedure.h"

namespace kb::query::algo {
namespace {

using bind::Field;
using bind::Procedure;

struct Entry {
  std::string_view name;
  std::string_view doc;
  std::vector<Field> inputs;
  std::vector<Field> outputs;
  Result<void> (*run)(const Call& call);
  std::vector<std::string_view> aliases;
};

const std::vector<Field>& Configuration() {
  static const std::vector<Field> kFields = {{"configuration", "MAP?"}};
  return kFields;
}

std::vector<Entry> Table() {
  const auto& config = Configuration();
  return {
      {"db.indexes",
       "Lists the indexes.",
       {},
       {{"name", "STRING"}, {"label", "STRING"}, {"property", "STRING"}},
       Indexes,
       {}},
      {"db.labels", "Lists the labels that nodes carry.", {}, {{"label", "STRING"}}, Labels, {}},
      {"db.propertyKeys",
       "Lists the names of properties.",
       {},
       {{"propertyKey", "STRING"}},
       PropertyKeys,
       {}},
      {"db.relationshipTypes",
       "Lists the types of relationships.",
       {},
       {{"relationshipType", "STRING"}},
       RelationshipTypes,
       {}},
      {"dbms.components",
       "Says which program this is.",
       {},
       {{"name", "STRING"}, {"versions", "LIST<STRING>"}, {"edition", "STRING"}},
       Parts,
       {}},
      {"dbms.functions",
       "Lists the functions.",
       {},
       {{"name", "STRING"},
        {"signature", "STRING"},
        {"description", "STRING"},
        {"aggregating", "BOOLEAN"}},
       Functions,
       {}},
      {"dbms.procedures",
       "Lists the procedures.",
       {},
       {{"name", "STRING"}, {"signature", "STRING"}, {"description", "STRING"}},
       Procedures,
       {}},
      {"kb.algo.betweenness",
       "How often each node lies on shortest paths between others, along the relationships.",
       config,
       {{"node", "NODE"}, {"score", "FLOAT"}},
       Betweenness,
       {"gds.betweenness.stream"}},
      {"kb.algo.components",
       "Which nodes hang together, relationships read either way: equal numbers, same component.",
       config,
       {{"node", "NODE"}, {"component", "INTEGER"}},
       Components,
       {"gds.wcc", "gds.wcc.stream"}},
      {"kb.algo.pageRank",
       "The chance of meeting each node on a long random walk.",
       config,
       {{"node", "NODE"}, {"score", "FLOAT"}},
       PageRank,
       {"gds.pageRank.stream"}},
      {"kb.algo.strongComponents",
       "Which nodes reach each other along the relationships: equal numbers, same component.",
       config,
       {{"node", "NODE"}, {"component", "INTEGER"}},
       StrongComponents,
       {"gds.scc", "gds.scc.stream"}},
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
    for (Entry& entry : Table()) Add(entry);
  }

  void Add(Entry& entry) {
    auto procedure = std::make_shared<Procedure>();
    procedure->name = entry.name;
    procedure->doc = entry.doc;
    procedure->inputs = std::move(entry.inputs);
    procedure->inputs_min = 0;  // configurations may be left out
    procedure->outputs = std::move(entry.outputs);
    procedure->run = entry.run;
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
