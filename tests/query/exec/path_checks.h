// Rows of path patterns against what brute force finds, under every selector.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/query/exec/ask.h"
#include "tests/query/exec/path_patterns.h"

namespace kb::query {

/// A selector, and how it chooses.
struct Prefix {
  const char* selector;
  enum class Kind { kAll, kNumber, kGroups } kind;
  std::size_t count;
};

inline constexpr Prefix kPrefixes[] = {
    {"", Prefix::Kind::kAll, 0},
    {"ALL ", Prefix::Kind::kAll, 0},
    {"ANY ", Prefix::Kind::kNumber, 1},
    {"ANY 2 ", Prefix::Kind::kNumber, 2},
    {"ANY SHORTEST ", Prefix::Kind::kNumber, 1},
    {"SHORTEST 3 ", Prefix::Kind::kNumber, 3},
    {"ALL SHORTEST ", Prefix::Kind::kGroups, 1},
    {"SHORTEST 2 GROUPS ", Prefix::Kind::kGroups, 2},
};

/// Before the word GROUPS, where there is one.
inline std::string WithRestrictor(std::string selector, const std::string& restrictor) {
  const std::size_t groups = selector.find("GROUPS");
  return selector.insert(groups == std::string::npos ? selector.size() : groups, restrictor);
}

/// Of the modes that must be said.
inline std::string Spelling(Mode mode) {
  return mode == Mode::kAcyclic ? "ACYCLIC " : mode == Mode::kSimple ? "SIMPLE " : "";
}

class PathChecks : public Asking {
 protected:
  /// The rows that a selector must give, up to its free choice among equals: of each pair of ends
  /// the lengths (kNumber), or all rows of the first lengths (kGroups).
  static Lines Lengths(const std::vector<Match>& matches, const Prefix& prefix) {
    std::map<std::pair<int, int>, std::vector<std::size_t>> by_ends;
    for (const Match& match : matches) {
      by_ends[{match.nodes.front(), match.nodes.back()}].push_back(match.edges.size());
    }
    Lines lines;
    for (auto& [ends, lengths] : by_ends) {
      std::sort(lengths.begin(), lengths.end());
      std::set<std::size_t> groups;
      std::size_t taken = 0;
      for (const std::size_t length : lengths) {
        groups.insert(length);
        const bool enough = prefix.kind == Prefix::Kind::kGroups   ? groups.size() > prefix.count
                            : prefix.kind == Prefix::Kind::kNumber ? taken == prefix.count
                                                                   : false;
        if (enough) break;
        ++taken;
        lines.push_back(std::to_string(ends.first) + " | " + std::to_string(ends.second) + " | " +
                        std::to_string(length));
      }
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  /// The first three columns.
  static Lines Heads(const Lines& rows) {
    Lines heads;
    for (const auto& row : rows) {
      std::size_t at = 0;
      for (int i = 0; i < 3; ++i) at = row.find(" | ", at) + (i < 2 ? 3 : 0);
      heads.push_back(row.substr(0, at));
    }
    std::sort(heads.begin(), heads.end());
    return heads;
  }

  static Lines AllRows(const std::vector<Piece>& pieces, std::vector<Match>* matches) {
    Lines rows;
    std::set<std::string> seen;
    std::vector<Match> kept;
    for (Match& match : *matches) {
      std::string row = PatternMaker::Row(pieces, match);
      if (HasDistinctUnion(pieces) && !seen.insert(row + match.choices).second) continue;
      rows.push_back(std::move(row));
      kept.push_back(std::move(match));
    }
    *matches = std::move(kept);
    std::sort(rows.begin(), rows.end());
    return rows;
  }

  void Check(const Graph& graph, const std::vector<Piece>& pieces, Mode mode,
             const std::string& head, const Prefix& prefix, const std::string& before,
             const std::function<bool(const Match&)>& fits) {
    std::vector<Match> matches = BruteForce(graph, pieces, mode).Run();
    std::erase_if(matches, [&](const Match& match) { return !fits(match); });
    const Lines all = AllRows(pieces, &matches);
    const std::string text = before + "MATCH " + head + PatternMaker::Text(pieces) + " RETURN " +
                             PatternMaker::Columns(pieces);
    const Lines rows = Sorted(text);
    if (prefix.kind == Prefix::Kind::kAll) {
      EXPECT_EQ(rows, all) << text << "\n" << CreateText(graph);
      return;
    }
    EXPECT_EQ(Heads(rows), Lengths(matches, prefix)) << text << "\n" << CreateText(graph);
    EXPECT_TRUE(std::includes(all.begin(), all.end(), rows.begin(), rows.end()))
        << text << "\n"
        << CreateText(graph);
  }
};

}  // namespace kb::query
