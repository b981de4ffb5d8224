// Edits: which elements have been edited, as an editor notes them down.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include "schema/ids.h"

namespace kb::storage {

struct Edits {
  std::vector<schema::NodeId> nodes;           ///< Their existence, labels, values.
  std::vector<schema::RelationshipRef> edges;  ///< Their existence.
  std::vector<std::pair<schema::TypeId, schema::EdgeId>> values;  ///< Those of relationships.

  /// How many there were at some time.
  struct Place {
    std::size_t nodes = 0, edges = 0, values = 0;
  };
  Place place() const { return {nodes.size(), edges.size(), values.size()}; }
  Edits From(const Place& place) const {
    const auto rest = [](const auto& all, std::size_t begin) {
      return std::decay_t<decltype(all)>(all.begin() + static_cast<std::ptrdiff_t>(begin),
                                         all.end());
    };
    return {rest(nodes, place.nodes), rest(edges, place.edges), rest(values, place.values)};
  }

  std::size_t size() const { return nodes.size() + edges.size() + values.size(); }
  void Append(const Edits& more) {
    nodes.insert(nodes.end(), more.nodes.begin(), more.nodes.end());
    edges.insert(edges.end(), more.edges.begin(), more.edges.end());
    values.insert(values.end(), more.values.begin(), more.values.end());
  }
};

}  // namespace kb::storage
