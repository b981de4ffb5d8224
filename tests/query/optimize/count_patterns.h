// Random patterns over random multigraphs with loops, parallel relationships and several labels,
// the number of their matches, and a search that knows nothing of plans.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/query/optimize/each_pass.h"

namespace kb::query {
namespace {

constexpr int kNull = -1;
constexpr int kOpen = -2;

struct Graph {
  struct Node {
    std::set<char> labels;
    std::optional<int> v;
  };
  struct Edge {
    int source, target;
    char type;
  };
  std::vector<Node> nodes;
  std::vector<Edge> edges;
};

struct Link {
  int left, right;
  char direction;     // '>', '<' or '-'
  std::string types;  // "", "A", "AB"
};
struct Condition {
  enum class Form { kLabel, kDifferent, kGreater, kLinked, kHasLink } form;
  bool negated = false;
  int a = 0, b = 0;  // nodes; kGreater: b is the bound
  Link link{};
  char label = 0;
};
struct Clause {
  bool optional = false;
  std::vector<Link> links;
  std::vector<Condition> tests;
};
struct Question {
  std::vector<Clause> clauses;
  int node_count = 0;
  int form = 0;  // 0 count(*), 1 grouped, 2 sum, 3 distinct ends, 4 count of a node
  int subject = 0;
};

using Row = std::vector<int>;

class Search {
 public:
  Search(const Graph& graph, const Clause& clause) : graph_(graph), clause_(clause) {}

  std::vector<Row> From(const Row& row) {
    found_.clear();
    row_ = row;
    used_.clear();
    for (const Link& link : clause_.links) {
      if (row[At(link.left)] == kNull || row[At(link.right)] == kNull) return {};
    }
    Extend(0);
    return found_;
  }

  static bool Fits(const Graph::Edge& edge, const Link& link, int left, int right) {
    if (!link.types.empty() && link.types.find(edge.type) == std::string::npos) return false;
    const bool along = edge.source == left && edge.target == right;
    const bool back = edge.target == left && edge.source == right;
    return link.direction == '>' ? along : link.direction == '<' ? back : along || back;
  }

 private:
  static std::size_t At(int node) { return static_cast<std::size_t>(node); }

  void Extend(std::size_t at) {
    if (at == clause_.links.size()) {
      if (Holds()) found_.push_back(row_);
      return;
    }
    const Link& link = clause_.links[at];
    for (std::size_t e = 0; e < graph_.edges.size(); ++e) {
      if (std::find(used_.begin(), used_.end(), e) != used_.end()) continue;
      const Graph::Edge& edge = graph_.edges[e];
      std::set<std::pair<int, int>> ends = {{edge.source, edge.target}, {edge.target, edge.source}};
      for (const auto& [left, right] : ends) {
        if (!Fits(edge, link, left, right)) continue;
        const Row before = row_;
        if (Bind(link.left, left) && Bind(link.right, right)) {
          used_.push_back(e);
          Extend(at + 1);
          used_.pop_back();
        }
        row_ = before;
      }
    }
  }

  bool Bind(int node, int value) {
    int& place = row_[At(node)];
    if (place == kOpen) place = value;
    return place == value;
  }

  bool HasLink(const Link& link, int left, std::optional<int> right, char label) const {
    return std::any_of(graph_.edges.begin(), graph_.edges.end(), [&](const Graph::Edge& edge) {
      for (int other = 0; other < static_cast<int>(graph_.nodes.size()); ++other) {
        if (right && other != *right) continue;
        if (label != 0 && !graph_.nodes[At(other)].labels.contains(label)) continue;
        if (Fits(edge, link, left, other)) return true;
      }
      return false;
    });
  }

  bool Holds() const {
    return std::all_of(clause_.tests.begin(), clause_.tests.end(), [&](const Condition& test) {
      const int a = row_[At(test.a)];
      switch (test.form) {
        case Condition::Form::kLabel:
          return graph_.nodes[At(a)].labels.contains(test.label);
        case Condition::Form::kDifferent:
          return a != row_[At(test.b)];
        case Condition::Form::kGreater:
          return graph_.nodes[At(a)].v.has_value() && *graph_.nodes[At(a)].v > test.b;
        case Condition::Form::kLinked:
          return HasLink(test.link, a, row_[At(test.b)], 0) != test.negated;
        case Condition::Form::kHasLink:
          return HasLink(test.link, a, std::nullopt, test.label) != test.negated;
      }
      return false;
    });
  }

  const Graph& graph_;
  const Clause& clause_;
  Row row_;
  std::vector<std::size_t> used_;
  std::vector<Row> found_;
};

std::string Name(int node) { return "n" + std::to_string(node); }

std::string Arrow(const Link& link) {
  std::string types;
  for (const char type : link.types) types += (types.empty() ? ":" : "|") + std::string(1, type);
  const std::string body = "-[" + types + "]-";
  return (link.direction == '<' ? "<" : "") + body + (link.direction == '>' ? ">" : "");
}

std::string TextOf(const Condition& test) {
  const std::string not_text = test.negated ? "NOT " : "";
  switch (test.form) {
    case Condition::Form::kLabel:
      return Name(test.a) + ":" + test.label;
    case Condition::Form::kDifferent:
      return Name(test.a) + " <> " + Name(test.b);
    case Condition::Form::kGreater:
      return Name(test.a) + ".v > " + std::to_string(test.b);
    case Condition::Form::kLinked:
      return not_text + "(" + Name(test.a) + ")" + Arrow(test.link) + "(" + Name(test.b) + ")";
    case Condition::Form::kHasLink: {
      const std::string label = test.label == 0 ? "" : ":" + std::string(1, test.label);
      return not_text + "EXISTS { (" + Name(test.a) + ")" + Arrow(test.link) + "(" + label + ") }";
    }
  }
  return {};
}

std::string TextOf(const Question& question) {
  std::string text;
  for (const Clause& clause : question.clauses) {
    text += clause.optional ? "OPTIONAL MATCH " : "MATCH ";
    for (std::size_t i = 0; i < clause.links.size(); ++i) {
      const Link& link = clause.links[i];
      text += (i == 0 ? "" : ", ");
      text += "(" + Name(link.left) + ")" + Arrow(link) + "(" + Name(link.right) + ")";
    }
    for (std::size_t i = 0; i < clause.tests.size(); ++i) {
      text += (i == 0 ? " WHERE " : " AND ") + TextOf(clause.tests[i]);
    }
    text += "\n";
  }
  const std::string name = Name(question.subject);
  switch (question.form) {
    case 0:
      return text + "RETURN count(*)";
    case 1:
      return text + "RETURN " + name + ".v AS v, count(*) AS c ORDER BY v, c";
    case 2:
      return text + "RETURN sum(" + name + ".v), min(" + name + ".v), max(" + name + ".v)";
    case 3:
      return text + "RETURN count(DISTINCT " + name + "), count(*)";
    default:
      return text + "RETURN count(" + name + ")";
  }
}

std::vector<Row> RowsOf(const Graph& graph, const Question& question) {
  std::vector<Row> rows = {Row(static_cast<std::size_t>(question.node_count), kOpen)};
  for (const Clause& clause : question.clauses) {
    Search search(graph, clause);
    std::vector<Row> next;
    for (const Row& row : rows) {
      std::vector<Row> found = search.From(row);
      if (found.empty() && clause.optional) {
        Row kept = row;
        for (const Link& link : clause.links) {
          for (const int node : {link.left, link.right}) {
            int& place = kept[static_cast<std::size_t>(node)];
            if (place == kOpen) place = kNull;
          }
        }
        found = {kept};
      }
      next.insert(next.end(), found.begin(), found.end());
    }
    rows = std::move(next);
  }
  return rows;
}

std::string Shown(std::optional<std::int64_t> value) {
  return value ? std::to_string(*value) : "null";
}

/// The answer as the engine writes it.
std::vector<std::string> Answer(const Graph& graph, const Question& question) {
  const std::vector<Row> rows = RowsOf(graph, question);
  const auto at = static_cast<std::size_t>(question.subject);
  const auto value = [&](const Row& row) -> std::optional<std::int64_t> {
    if (row[at] == kNull) return std::nullopt;
    return graph.nodes[static_cast<std::size_t>(row[at])].v;
  };
  if (question.form == 0) return {std::to_string(rows.size())};
  if (question.form == 1) {
    std::map<std::int64_t, std::int64_t> groups;  // null comes last
    constexpr std::int64_t kLast = 1'000'000;
    for (const Row& row : rows) ++groups[value(row).value_or(kLast)];
    std::vector<std::string> lines;
    for (const auto& [v, count] : groups) {
      lines.push_back((v == kLast ? "null" : std::to_string(v)) + " | " + std::to_string(count));
    }
    return lines;
  }
  std::int64_t sum = 0;
  std::int64_t there = 0;
  std::optional<std::int64_t> least;
  std::optional<std::int64_t> most;
  std::set<int> ends;
  for (const Row& row : rows) {
    if (row[at] != kNull) ends.insert(row[at]), ++there;
    const auto v = value(row);
    if (!v) continue;
    sum += *v;
    least = std::min(least.value_or(*v), *v);
    most = std::max(most.value_or(*v), *v);
  }
  if (question.form == 2) return {std::to_string(sum) + " | " + Shown(least) + " | " + Shown(most)};
  if (question.form == 3)
    return {std::to_string(ends.size()) + " | " + std::to_string(rows.size())};
  return {std::to_string(there)};
}

class CountAsking : public EachPass {
 protected:
  Graph RandomGraph() {
    Graph graph;
    const int node_count = 3 + Pick(5);
    for (int i = 0; i < node_count; ++i) {
      Graph::Node node;
      if (Chance(70)) node.labels.insert('P');
      if (Chance(40)) node.labels.insert('Q');
      if (Chance(80)) node.v = Pick(5);
      graph.nodes.push_back(node);
    }
    const int edge_count = 2 + Pick(12);
    for (int i = 0; i < edge_count; ++i) graph.edges.push_back(RandomEdge(graph));
    return graph;
  }

  Graph::Edge RandomEdge(const Graph& graph) {
    const int count = static_cast<int>(graph.nodes.size());
    return {Pick(count), Pick(count), Chance(70) ? 'A' : 'B'};
  }

  Link RandomLink(int left, int right) {
    static const std::string kDirections = "><-";
    static const std::vector<std::string> kTypes = {"A", "A", "A", "B", "", "AB"};
    return {left, right, kDirections[static_cast<std::size_t>(Pick(3))],
            kTypes[static_cast<std::size_t>(Pick(6))]};
  }

  Clause RandomClause(int* node_count, bool optional) {
    Clause clause;
    clause.optional = optional;
    const int link_count = 1 + Pick(*node_count == 0 ? 4 : 2);
    std::vector<int> own;
    if (*node_count > 0) own.push_back(Pick(*node_count));
    if (own.empty()) own.push_back((*node_count)++);
    for (int i = 0; i < link_count; ++i) {
      const int from = own[static_cast<std::size_t>(Pick(static_cast<int>(own.size())))];
      const int old = own[static_cast<std::size_t>(Pick(static_cast<int>(own.size())))];
      const int to = Chance(75) ? (*node_count)++ : old;
      own.push_back(to);
      clause.links.push_back(Chance(50) ? RandomLink(from, to) : RandomLink(to, from));
    }
    const auto any = [&] {
      return own[static_cast<std::size_t>(Pick(static_cast<int>(own.size())))];
    };
    const int test_count = Pick(3);
    for (int i = 0; i < test_count; ++i) {
      Condition test{static_cast<Condition::Form>(Pick(5)), Chance(60), any(), any(), {}, 0};
      if (test.form == Condition::Form::kLabel) test.label = Chance(50) ? 'P' : 'Q';
      if (test.form == Condition::Form::kGreater) test.b = Pick(4);
      if (test.form == Condition::Form::kHasLink && Chance(50)) test.label = 'P';
      test.link = RandomLink(test.a, test.b);
      if (test.form == Condition::Form::kDifferent && test.a == test.b) continue;
      clause.tests.push_back(test);
    }
    return clause;
  }

  Question RandomQuestion() {
    Question question;
    question.clauses.push_back(RandomClause(&question.node_count, false));
    while (question.clauses.size() < 3 && Chance(45)) {
      question.clauses.push_back(RandomClause(&question.node_count, Chance(60)));
    }
    question.form = Chance(40) ? 0 : Pick(5);
    question.subject = Pick(question.node_count);
    return question;
  }
};

}  // namespace
}  // namespace kb::query
