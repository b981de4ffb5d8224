// Path patterns for tests: made at random, written as text, and matched by plain enumeration.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace kb::query {

struct Edge {
  int from, to;
  char type;
};

struct Graph {
  std::vector<char> labels;  ///< By node; its number is its property i.
  std::vector<Edge> edges;   ///< Its number is its property k.
};

struct NodeShape {
  std::string name;
  char label = 0;
};
struct RelationshipShape {
  std::string name;
  char type = 0;
  char direction = '-';  ///< '>', '<' or '-'.
};
/// One piece of a path: a node, or relationship and node in turn, some number of times.
struct Piece {
  enum class Kind { kNode, kPlain, kQuantified, kLegacy, kGroup, kQuestion, kUnion };
  Kind kind = Kind::kNode;
  std::vector<NodeShape> nodes;
  std::vector<RelationshipShape> relationships;
  int min = 1, max = 1;  ///< A max below 0: none.
  bool ascends = false;  ///< WHERE first.i < last.i
  bool distinct_union = false;
  std::vector<Piece> alternatives;
};

/// A walk with what its variables are.
struct Match {
  std::vector<int> nodes, edges;
  std::map<std::string, std::string> singles;
  std::map<std::string, std::vector<std::string>> lists;
  std::string choices;  ///< Of alternatives with |+|.
};

enum class Mode { kTrail, kAcyclic, kSimple, kWalk };

/// Enumerates all walks of a pattern.
class BruteForce {
 public:
  BruteForce(const Graph& graph, const std::vector<Piece>& pieces, Mode mode)
      : graph_(graph), pieces_(pieces), mode_(mode) {}

  std::vector<Match> Run() {
    for (int node = 0; node < static_cast<int>(graph_.labels.size()); ++node) {
      match_ = Match();
      match_.nodes = {node};
      Go(0);
    }
    return std::move(found_);
  }

 private:
  using Then = std::function<void()>;

  void Go(std::size_t piece) {
    if (piece == pieces_.size()) {
      found_.push_back(match_);
      return;
    }
    Take(pieces_[piece], [&] { Go(piece + 1); });
  }

  void Take(const Piece& piece, const Then& then) {
    switch (piece.kind) {
      case Piece::Kind::kNode:
        return AtNode(piece.nodes[0], false, then);
      case Piece::Kind::kPlain:
        return Over(piece.relationships[0], false, then);
      case Piece::Kind::kQuantified:
      case Piece::Kind::kLegacy:
      case Piece::Kind::kGroup:
        return Rounds(piece, 0, then);
      case Piece::Kind::kQuestion:
        Once(piece, 0, match_.nodes.back(), false, then);
        return then();
      case Piece::Kind::kUnion:
        for (std::size_t i = 0; i < piece.alternatives.size(); ++i) {
          const std::string before = match_.choices;
          if (!piece.distinct_union) match_.choices += i == 0 ? "a" : "b";
          Once(piece.alternatives[i], 0, match_.nodes.back(), false, then);
          match_.choices = before;
        }
    }
  }

  void Rounds(const Piece& piece, int done, const Then& then) {
    if (done >= piece.min) then();
    if (piece.max >= 0 && done >= piece.max) return;
    Once(piece, 0, match_.nodes.back(), true, [&] { Rounds(piece, done + 1, then); });
  }

  /// The node, relationship, node … of a piece from `at` on.
  void Once(const Piece& piece, std::size_t at, int first, bool as_list, const Then& then) {
    const Then on = [&] {
      if (at == piece.relationships.size()) {
        if (piece.ascends && first >= match_.nodes.back()) return;
        return then();
      }
      Over(piece.relationships[at], as_list, [&] { Once(piece, at + 1, first, as_list, then); });
    };
    if (piece.nodes.empty()) return on();
    AtNode(piece.nodes[at], as_list, on);
  }

  void AtNode(const NodeShape& shape, bool as_list, const Then& then) {
    const int node = match_.nodes.back();
    if (shape.label != 0 && graph_.labels[static_cast<std::size_t>(node)] != shape.label) return;
    Bind(shape.name, node, as_list, then);
  }

  void Bind(const std::string& name, int value, bool as_list, const Then& then) {
    if (name.empty()) return then();
    if (as_list) {
      match_.lists[name].push_back(std::to_string(value));
      then();
      match_.lists[name].pop_back();
    } else {
      match_.singles[name] = std::to_string(value);
      then();
      match_.singles.erase(name);
    }
  }

  void Over(const RelationshipShape& shape, bool as_list, const Then& then) {
    const int from = match_.nodes.back();
    for (int e = 0; e < static_cast<int>(graph_.edges.size()); ++e) {
      const Edge& edge = graph_.edges[static_cast<std::size_t>(e)];
      if (shape.type != 0 && edge.type != shape.type) continue;
      for (const bool forward : {true, false}) {
        if (forward ? shape.direction == '<' : shape.direction == '>') continue;
        if (!forward && shape.direction == '-' && edge.from == edge.to) continue;
        if ((forward ? edge.from : edge.to) != from) continue;
        const int to = forward ? edge.to : edge.from;
        if (!Allows(e, to)) continue;
        match_.nodes.push_back(to);
        match_.edges.push_back(e);
        Bind(shape.name, e, as_list, then);
        match_.nodes.pop_back();
        match_.edges.pop_back();
      }
    }
  }

  bool Allows(int edge, int to) const {
    const auto& nodes = match_.nodes;
    const auto& edges = match_.edges;
    const bool new_edge = std::find(edges.begin(), edges.end(), edge) == edges.end();
    const bool new_node = std::find(nodes.begin(), nodes.end(), to) == nodes.end();
    const bool is_closed = nodes.size() > 1 && nodes.front() == nodes.back();
    switch (mode_) {
      case Mode::kWalk:
        return true;
      case Mode::kTrail:
        return new_edge;
      case Mode::kAcyclic:
        return new_node;
      case Mode::kSimple:
        return !is_closed && new_edge && (new_node || to == nodes.front());
    }
    return false;
  }

  const Graph& graph_;
  const std::vector<Piece>& pieces_;
  Mode mode_;
  Match match_;
  std::vector<Match> found_;
};

/// Makes patterns, their text and the columns that show a match.
class PatternMaker {
 public:
  explicit PatternMaker(std::mt19937& random) : random_(random) {}

  std::vector<Piece> Make(bool bounded) {
    bounded_ = bounded;
    std::vector<Piece> pieces = {Node("a", Pick(4) == 0)};
    const int count = 1 + Pick(3);
    for (int i = 0; i < count; ++i) {
      pieces.push_back(Between());
      if (i + 1 < count) pieces.push_back(Node(Fresh("m"), Pick(3) == 0));
    }
    pieces.push_back(Node("b", Pick(4) == 0));
    return pieces;
  }

  static std::string Text(const std::vector<Piece>& pieces) {
    std::string text;
    for (const Piece& piece : pieces) text += Text(piece);
    return text;
  }

  /// Singles, then lists, by the name of the variable.
  static std::string Columns(const std::vector<Piece>& pieces) {
    std::vector<std::string> columns = {"a.i", "b.i", "length(p)", "[e IN relationships(p) | e.k]",
                                        "[n IN nodes(p) | n.i]"};
    for (const auto& [name, is_list] : Variables(pieces)) {
      const std::string key = name[0] == 'r' ? ".k" : ".i";
      columns.push_back(is_list ? "[e IN " + name + " | e" + key + "]" : name + key);
    }
    std::string text;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      text += (i ? ", " : "") + columns[i] + " AS c" + std::to_string(i);
    }
    return text;
  }

  static std::string Row(const std::vector<Piece>& pieces, const Match& match) {
    const auto list = [](const auto& items, const auto& text) {
      std::string all;
      for (const auto& item : items) all += (all.empty() ? "" : ", ") + text(item);
      return "[" + all + "]";
    };
    const auto number = [](int value) { return std::to_string(value); };
    const auto same = [](const std::string& value) { return value; };
    std::string row = number(match.nodes.front()) + " | " + number(match.nodes.back()) + " | " +
                      std::to_string(match.edges.size()) + " | " + list(match.edges, number) +
                      " | " + list(match.nodes, number);
    for (const auto& [name, is_list] : Variables(pieces)) {
      const auto single = match.singles.find(name);
      const auto many = match.lists.find(name);
      row += " | ";
      if (!is_list) {
        row += single == match.singles.end() ? "null" : single->second;
      } else {
        row += many == match.lists.end() ? "[]" : list(many->second, same);
      }
    }
    return row;
  }

 private:
  int Pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  std::string Fresh(const char* prefix) { return prefix + std::to_string(names_++); }
  char Label() { return Pick(2) == 0 ? 'A' : 'B'; }

  Piece Node(const std::string& name, bool labelled) {
    Piece piece;
    piece.nodes.push_back({name, labelled ? Label() : char{0}});
    return piece;
  }
  RelationshipShape Relationship(bool named) {
    return {named ? Fresh("r") : "", Pick(2) == 0 ? (Pick(2) == 0 ? 'R' : 'S') : char{0},
            Pick(3) == 0   ? '>'
            : Pick(2) == 0 ? '<'
                           : '-'};
  }
  void Bounds(Piece* piece) {
    piece->min = Pick(3);
    const bool open = !bounded_ && Pick(2) == 0;
    piece->max = open ? -1 : std::max(1, piece->min) + Pick(2);
  }
  void Inside(Piece* piece, int length) {
    piece->nodes.push_back({Fresh("x"), Pick(4) == 0 ? Label() : char{0}});
    for (int i = 0; i < length; ++i) {
      piece->relationships.push_back(Relationship(Pick(2) == 0));
      piece->nodes.push_back({Fresh("x"), Pick(4) == 0 ? Label() : char{0}});
    }
    piece->ascends = Pick(3) == 0;
  }

  Piece Between() {
    Piece piece;
    const int kind = Pick(8);
    if (kind <= 1) {
      piece.kind = Piece::Kind::kPlain;
      piece.relationships.push_back(Relationship(true));
    } else if (kind <= 3) {
      piece.kind = kind == 2 ? Piece::Kind::kQuantified : Piece::Kind::kLegacy;
      piece.relationships.push_back(Relationship(Pick(2) == 0));
      Bounds(&piece);
    } else if (kind <= 5) {
      piece.kind = Piece::Kind::kGroup;
      Inside(&piece, 1 + Pick(2));
      Bounds(&piece);
    } else if (kind == 6) {
      piece.kind = Piece::Kind::kQuestion;
      Inside(&piece, 1 + Pick(2));
    } else {
      piece.kind = Piece::Kind::kUnion;
      piece.distinct_union = Pick(2) == 0;
      for (int i = 0; i < 2; ++i) {
        Piece alternative;
        alternative.kind = Piece::Kind::kGroup;
        Inside(&alternative, 1);
        alternative.ascends = false;
        // The same names in both: then | has something to leave out.
        if (i == 1) {
          for (std::size_t n = 0; n < 2; ++n) {
            alternative.nodes[n].name = piece.alternatives[0].nodes[n].name;
          }
          alternative.relationships[0].name = piece.alternatives[0].relationships[0].name;
        }
        piece.alternatives.push_back(std::move(alternative));
      }
    }
    return piece;
  }

  static std::string Text(const NodeShape& node) {
    return "(" + node.name + (node.label ? std::string(":") + node.label : "") + ")";
  }
  static std::string Text(const RelationshipShape& r, const std::string& length = "") {
    const std::string inside = r.name + (r.type ? std::string(":") + r.type : "") + length;
    return (r.direction == '<' ? "<-[" : "-[") + inside + (r.direction == '>' ? "]->" : "]-");
  }
  static std::string Range(const Piece& piece, const char* between) {
    return std::to_string(piece.min) + between +
           (piece.max < 0 ? std::string() : std::to_string(piece.max));
  }
  static std::string Chain(const Piece& piece) {
    std::string text = Text(piece.nodes[0]);
    for (std::size_t i = 0; i < piece.relationships.size(); ++i) {
      text += Text(piece.relationships[i]) + Text(piece.nodes[i + 1]);
    }
    return text;
  }
  static std::string Condition(const Piece& piece) {
    if (!piece.ascends) return "";
    return " WHERE " + piece.nodes.front().name + ".i < " + piece.nodes.back().name + ".i";
  }
  static std::string Text(const Piece& piece) {
    switch (piece.kind) {
      case Piece::Kind::kNode:
        return Text(piece.nodes[0]);
      case Piece::Kind::kPlain:
        return Text(piece.relationships[0]);
      case Piece::Kind::kQuantified:
        return Text(piece.relationships[0]) + "{" + Range(piece, ",") + "}";
      case Piece::Kind::kLegacy:
        return Text(piece.relationships[0], "*" + Range(piece, ".."));
      case Piece::Kind::kGroup:
        return " (" + Chain(piece) + Condition(piece) + "){" + Range(piece, ",") + "} ";
      case Piece::Kind::kQuestion:
        return " (" + Chain(piece) + Condition(piece) + ")? ";
      case Piece::Kind::kUnion:
        return " (" + Chain(piece.alternatives[0]) + (piece.distinct_union ? " | " : " |+| ") +
               Chain(piece.alternatives[1]) + ") ";
    }
    return "";
  }

  static std::map<std::string, bool> Variables(const std::vector<Piece>& pieces) {
    std::map<std::string, bool> names;
    for (const Piece& piece : pieces) {
      const bool is_list = piece.kind == Piece::Kind::kGroup ||
                           piece.kind == Piece::Kind::kLegacy ||
                           piece.kind == Piece::Kind::kQuantified;
      for (const auto& node : piece.nodes) names[node.name] = is_list;
      for (const auto& r : piece.relationships) names[r.name] = is_list;
      for (const Piece& alternative : piece.alternatives) {
        for (const auto& node : alternative.nodes) names[node.name] = false;
        for (const auto& r : alternative.relationships) names[r.name] = false;
      }
    }
    names.erase("");
    return names;
  }

  std::mt19937& random_;
  bool bounded_ = false;
  int names_ = 0;
};

inline bool HasDistinctUnion(const std::vector<Piece>& pieces) {
  return std::any_of(pieces.begin(), pieces.end(),
                     [](const Piece& piece) { return piece.distinct_union; });
}

inline Graph RandomGraph(std::mt19937& random) {
  Graph graph;
  const unsigned nodes = 3 + static_cast<unsigned>(random() % 3);
  const unsigned edges = 4 + static_cast<unsigned>(random() % 3);
  for (unsigned i = 0; i < nodes; ++i) graph.labels.push_back(random() % 2 == 0 ? 'A' : 'B');
  for (unsigned i = 0; i < edges; ++i) {
    graph.edges.push_back({static_cast<int>(random() % nodes), static_cast<int>(random() % nodes),
                           random() % 2 == 0 ? 'R' : 'S'});
  }
  return graph;
}

inline std::string CreateText(const Graph& graph) {
  std::string text = "CREATE ";
  for (std::size_t i = 0; i < graph.labels.size(); ++i) {
    const std::string number = std::to_string(i);
    text += (i ? ", (n" : "(n") + number + ":" + graph.labels[i] + " {i: " + number + "})";
  }
  for (std::size_t k = 0; k < graph.edges.size(); ++k) {
    const Edge& edge = graph.edges[k];
    text += ", (n" + std::to_string(edge.from) + ")-[:" + edge.type + " {k: " + std::to_string(k) +
            "}]->(n" + std::to_string(edge.to) + ")";
  }
  return text;
}

}  // namespace kb::query
