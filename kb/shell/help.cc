// `:help`: every command in one table, one command, one function, or one clause.
#include <cstdio>

#include "kb/shell/commands.h"
#include "kb/shell/shell.h"
#include "query/algo/lists.h"
#include "query/functions/function.h"
#include "schema/base/text.h"

namespace kb::shell {
namespace {

struct Clause {
  std::string_view name, help, example;
};
constexpr Clause kClauses[] = {
    {"call", "run a procedure", "CALL db.labels() YIELD label RETURN label"},
    {"case", "choose a value", "RETURN CASE WHEN n.age > 17 THEN 'adult' ELSE 'minor' END"},
    {"constraint", "demand keys, values and types",
     "CREATE CONSTRAINT FOR (p:Person) REQUIRE p.id IS UNIQUE"},
    {"create", "make nodes and relationships",
     "CREATE (a:Person {name: 'Ada'})-[:KNOWS]->(b:Person)"},
    {"delete", "delete; DETACH DELETE takes a node's relationships along",
     "MATCH (n:Draft) DETACH DELETE n"},
    {"explain", "show the plan of a statement without running it", "EXPLAIN MATCH (n) RETURN n"},
    {"filter", "keep the rows for which a condition is true",
     "MATCH (n) FILTER n.age > 17 RETURN n"},
    {"finish", "end a query that gives no rows", "MATCH (n) SET n.seen = true FINISH"},
    {"for", "make a row of each item of a list", "FOR x IN [1, 2, 3] RETURN x * x"},
    {"foreach", "write for each item of a list", "FOREACH (x IN [1, 2] | CREATE (:N {x: x}))"},
    {"index", "make equality and range look-ups fast", "CREATE INDEX FOR (p:Person) ON (p.name)"},
    {"let", "give names to values", "MATCH (n) LET age = n.age + 1 RETURN age"},
    {"limit", "keep the first rows", "MATCH (n) RETURN n ORDER BY n.name SKIP 10 LIMIT 10"},
    {"load", "a row for each record of a CSV file below --import-dir",
     "LOAD CSV WITH HEADERS FROM 'file:///people.csv' AS row CREATE (:Person {name: row.name})"},
    {"match", "find patterns; * walks several steps",
     "MATCH p = (a:Person)-[:KNOWS*1..3]->(b) WHERE a.name = 'Ada' RETURN p"},
    {"merge", "find a pattern, or make it",
     "MERGE (p:Person {name: 'Ada'}) ON CREATE SET p.made = date()"},
    {"next", "go on with the columns of the query before",
     "MATCH (n) RETURN n.age AS age NEXT RETURN max(age)"},
    {"optional", "like MATCH, with null where nothing is found",
     "MATCH (p:Person) OPTIONAL MATCH (p)-[:OWNS]->(x) RETURN p, x"},
    {"order", "sort rows", "MATCH (n:Event) RETURN n.name ORDER BY n.date DESC, n.name"},
    {"profile", "run a statement and show its plan with figures", "PROFILE MATCH (n) RETURN n"},
    {"remove", "take away properties and labels", "MATCH (n:Person) REMOVE n.age, n:Draft"},
    {"return", "say what the result is; aggregates group by the rest",
     "MATCH (p)-[:LIVES_IN]->(c) RETURN c.name AS city, count(*) AS people"},
    {"set", "change properties and labels", "MATCH (n {id: 7}) SET n.age = 36, n:Checked"},
    {"show", "list indexes, constraints, functions, procedures or transactions",
     "SHOW FUNCTIONS YIELD name, category WHERE category = 'List' RETURN name"},
    {"shortestpath", "one of the shortest paths; allShortestPaths gives all of them",
     "MATCH p = shortestPath((a {id: 1})-[*..6]-(b {id: 2})) RETURN p"},
    {"union", "put results together; UNION ALL keeps duplicates",
     "MATCH (a:A) RETURN a.x AS x UNION MATCH (b:B) RETURN b.x AS x"},
    {"unwind", "make a row of each item of a list", "UNWIND [1, 2, 3] AS x RETURN x * x"},
    {"when", "one query or another",
     "WHEN $all THEN MATCH (n) RETURN n ELSE MATCH (n:Person) RETURN n"},
    {"where", "keep the rows for which a condition is true",
     "MATCH (n) WHERE n.name STARTS WITH 'A' AND n.age IS NOT NULL RETURN n"},
    {"with", "pass rows on, as RETURN does, to what follows",
     "MATCH (p)-->(f) WITH p, count(f) AS n WHERE n > 5 RETURN p"}};

void Print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

std::string CommandLine(const Command& command) {
  return fmt::format("  :{:<28} {}\n",
                     std::string(command.name()) + (command.arguments.empty() ? "" : " ") +
                         std::string(command.arguments),
                     command.help);
}

std::string Overview() {
  std::string text = "Statements end with ; and may span lines. Commands stand on one line.\n\n";
  const std::pair<std::string_view, std::span<const Command>> groups[] = {
      {"The case", CaseCommands()},
      {"Results", OutputCommands()},
      {"The session", SessionCommands()}};
  for (const auto& group : groups) {
    text += std::string(group.first) + "\n";
    for (const Command& command : group.second) text += CommandLine(command);
    text += "\n";
  }
  text +=
      "Keys: Tab completes, Ctrl+R searches the history, Ctrl+C stops a statement, Ctrl+D leaves.\n"
      ":help NAME explains a command, a clause (such as MATCH) or a function (such as count).\n";
  return text;
}

std::string FunctionText(const query::functions::Function& function) {
  std::string text = fmt::format("{}\n  {}\n", function.signature, function.doc);
  if (!function.example.empty()) {
    text += fmt::format("  {}", function.example);
    if (!function.result.empty()) text += fmt::format("  gives  {}", function.result);
    text += "\n";
  }
  return text;
}

std::string ProcedureText(const query::bind::Procedure& procedure) {
  return fmt::format("{}\n  {}\n  {}\n", query::algo::Signature(procedure), procedure.doc,
                     procedure.example);
}

}  // namespace

CommandResult RunHelp(Shell& shell, std::string_view topic) {
  if (topic.empty()) {
    Print(Overview());
    return true;
  }
  const bool marked = topic.starts_with(':') || topic.starts_with('.');
  const std::string name = text::ToLower(marked ? topic.substr(1) : topic);
  bool found = false;
  for (const Clause& clause : kClauses) {
    if (marked || clause.name != name.substr(0, name.find(' '))) continue;
    Print(fmt::format("{}: {}\n  {}\n", text::ToUpper(clause.name), clause.help, clause.example));
    found = true;
  }
  if (const auto* function = marked ? nullptr : query::functions::Find(name)) {
    Print(FunctionText(*function));
    found = true;
  }
  if (const auto procedure = marked ? nullptr : query::algo::FindProcedure(name)) {
    Print(ProcedureText(*procedure));
    found = true;
  }
  if (const Command* command = FindCommand(name); command != nullptr && (marked || !found)) {
    Print(CommandLine(*command));
    if (command->names != command->name()) {
      Print(fmt::format("  also: {}\n", command->names.substr(command->name().size() + 1)));
    }
    found = true;
  }
  if (!found) {
    shell.PrintError(ArgumentError("nothing is called `{}`", topic)
                         .Hint(":help lists the commands, SHOW FUNCTIONS the functions, SHOW "
                               "PROCEDURES the procedures"));
  }
  return found;
}

}  // namespace kb::shell
