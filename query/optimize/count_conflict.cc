#include "query/optimize/count_conflict.h"

#include <algorithm>
#include <array>
#include <set>

namespace kb::query::optimize {
namespace {

using plan::CountLink;
using schema::Direction;
using Link = CountGraph::Link;

bool MayShareTypes(const plan::NameList& a, const plan::NameList& b) {
  if (a.empty() || b.empty()) return true;
  return std::any_of(a.begin(), a.end(), [&](const std::string& type) {
    return std::find(b.begin(), b.end(), type) != b.end();
  });
}

/// Whether nodes that are said to differ would have to be the same, if each pair were one node.
bool IsRefuted(const CountGraph& graph,
               const std::array<std::pair<std::size_t, std::size_t>, 2>& same) {
  std::vector<std::size_t> of(graph.nodes.size());
  for (std::size_t i = 0; i < of.size(); ++i) of[i] = i;
  for (const auto& [a, b] : same) {
    const std::size_t from = of[b];
    const std::size_t to = of[a];
    std::replace(of.begin(), of.end(), from, to);
  }
  const auto are_one = [&](const auto& pair) { return of[pair.first] == of[pair.second]; };
  return std::any_of(graph.different.begin(), graph.different.end(), are_one) ||
         std::any_of(graph.apart.begin(), graph.apart.end(), are_one);
}

}  // namespace

bool SameTypes(const plan::NameList& a, const plan::NameList& b) {
  return std::set<std::string>(a.begin(), a.end()) == std::set<std::string>(b.begin(), b.end());
}

bool MayBeSame(const Link& a, const Link& b) {
  using Use = CountLink::Use;
  return a.clause == b.clause && a.use == Use::kTimes && b.use == Use::kTimes &&
         MayShareTypes(a.types, b.types);
}

Conflict ConflictOf(const CountGraph& graph, const Link& a, const Link& b) {
  if (!MayBeSame(a, b)) return Conflict::kNone;
  const bool directed = a.direction != Direction::kBoth && b.direction != Direction::kBoth;
  const auto ends = [](const Link& link) {
    return link.direction == Direction::kIn ? std::pair{link.right, link.left}
                                            : std::pair{link.left, link.right};
  };
  const auto [a1, a2] = ends(a);
  const auto [b1, b2] = ends(b);
  const bool along = !IsRefuted(graph, {{{a1, b1}, {a2, b2}}});
  const bool across = !directed && !IsRefuted(graph, {{{a1, b2}, {a2, b1}}});
  if (!along && !across) return Conflict::kNone;
  const bool alike = directed || a.direction == b.direction;
  return alike && SameTypes(a.types, b.types) ? Conflict::kCheck : Conflict::kUnclear;
}

}  // namespace kb::query::optimize
