// From a graph of nodes to be counted to the tree in which they are counted (plan::CountGroup).
//
// The tree says for each node under which it is worked out. What a node's number depends on are the
// nodes at the other ends of its links, those it must differ from, and the ends of relationships
// that its own must not be; all of those stand above it in the tree. Nodes whose number depends on
// one other alone come last, because that number can be worked out once for each such other; the
// rest, which hang together in cycles, are walked through in the order of least branching.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/optimize/cost.h"
#include "query/plan/plan.h"

namespace kb::query::optimize {

/// What is to be counted. Nodes that are `known` have a value in every row.
struct CountGraph {
  struct Node {
    plan::Slot slot;
    bind::LabelTestPtr labels;
    plan::ExpressionPtr predicate;
    double share = 1;  ///< Of its label's nodes that the predicate keeps.
    bool known = false;
  };
  struct Link {
    std::size_t left, right;
    schema::Direction direction;  ///< From left to right.
    plan::NameList types;
    plan::CountLink::Use use = plan::CountLink::Use::kTimes;
    std::uint32_t clause = 0;
    bool known = false;  ///< Enumerated with the rows; only others must differ from it.
  };
  /// A group that hangs on nodes of the graph.
  struct Hanging {
    plan::CountGroup group;
    std::vector<std::size_t> on;
  };
  std::vector<Node> nodes;
  std::vector<Link> links;
  std::vector<std::pair<std::size_t, std::size_t>> different;
  /// Nodes that differ because no node has the labels of both.
  std::vector<std::pair<std::size_t, std::size_t>> apart;
  std::vector<Hanging> hanging;
};

struct CountTree {
  std::vector<plan::CountGroup> groups;
  double cost = 0;  ///< Steps to take, for `rows` rows.
};

/// Every node that is not known must be linked (kTimes) to a known one, by way of others perhaps;
/// else there is no tree.
std::optional<CountTree> MakeCountTree(const CountGraph& graph, const Cost& cost, double rows);

}  // namespace kb::query::optimize
