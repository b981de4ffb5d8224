// Steps: what leads from a node to its neighbours under the conditions of one relationship pattern.
// The searches (variable length, reach, shortest path) walk by it and know nothing of types,
// properties and predicates.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "query/exec/operator.h"
#include "storage/lists.h"

namespace kb::query::exec {

/// Appends the relationships that stand in `slots` of a row, singly or in lists.
Result<void> CollectRelationships(const Batch& input, std::uint32_t row,
                                  const std::vector<Slot>& slots,
                                  std::vector<RelationshipRef>* refs);

/// One way on.
struct Step {
  RelationshipRef relationship;
  NodeId end;
};

/// The ways on from nodes, for one relationship pattern. One thread.
class Steps {
 public:
  Steps(Runtime& runtime, const bind::PatternRelationship& pattern)
      : runtime_(runtime), pattern_(pattern), is_plain_(AsksOnlyForTypes(pattern)) {}

  /// Resolves names, and computes the property values that steps are compared with.
  Result<void> StartBatch(const Batch& input);
  /// Conditions may depend on the row around the pattern.
  void StartRow(const Batch& input, std::uint32_t row) { input_ = &input, row_ = row; }

  /// Only types decide: no property, label or predicate is to be tested.
  bool is_plain() const { return is_plain_; }
  const std::vector<schema::TypeId>& types() const { return types_; }
  /// The lists of the types; none where the statement writes.
  const std::vector<storage::TypeLists>& lists() const { return lists_; }
  schema::Direction direction() const { return pattern_.direction; }

  /// Replaces `steps` by the ways on from `node`. `reversed`: walking against the pattern, from its
  /// right end to its left.
  Result<void> From(NodeId node, bool reversed, std::vector<Step>* steps);

  /// Where the steps are plain: has[i] says whether any leads on from from[i], as far as that is
  /// told at once; else all may.
  void FindWhichLeadOn(std::span<const NodeId> from, bool reversed,
                       std::vector<std::uint8_t>* has) const;
  /// Where the steps are plain: calls visit(type, side, slice) for each list of a node. Of a
  /// pattern without direction a loop stands in both.
  template <typename Visit>
  void ForEachSlice(NodeId node, bool reversed, const Visit& visit) const;
  /// Where the steps are plain: calls visit(step) for each of them.
  template <typename Visit>
  void ForEach(NodeId node, bool reversed, const Visit& visit) const;
  /// The same for visit(end), a loop perhaps twice.
  template <typename Visit>
  void ForEachEnd(NodeId node, bool reversed, const Visit& visit) const;
  /// The same for visit(end, relationship), where relationship() reads which it is.
  template <typename Visit>
  void ForEachWay(NodeId node, bool reversed, const Visit& visit) const;

 private:
  static bool AsksOnlyForTypes(const bind::PatternRelationship& pattern);
  static bool TestsRows(const bind::PatternRelationship& pattern);
  Result<void> KeepWithProperties(std::vector<Step>* steps) const;
  Result<void> KeepByPredicates(NodeId node, bool reversed, std::vector<Step>* steps);
  void FillStepBatch(NodeId node, bool reversed, const std::vector<Step>& steps);
  void SetInner(Slot slot, bool is_node, bool is_left, NodeId node, bool reversed,
                const std::vector<Step>& steps);

  Runtime& runtime_;
  const bind::PatternRelationship& pattern_;
  const bool is_plain_;
  std::vector<schema::TypeId> types_;
  /// Of the types, where the view is the same as long as the statement runs; empty where it writes.
  std::vector<storage::TypeLists> lists_;
  /// Properties that each relationship must have, as columns over the input batch.
  std::vector<std::pair<std::string, Vector>> wanted_;
  Vector wanted_map_;
  const Batch* input_ = nullptr;
  std::uint32_t row_ = 0;
  Batch step_batch_;
};

template <typename Visit>
void Steps::ForEachSlice(NodeId node, bool reversed, const Visit& visit) const {
  using schema::Direction;
  const Direction direction = reversed ? schema::Reverse(pattern_.direction) : pattern_.direction;
  for (std::size_t i = 0; i < types_.size(); ++i) {
    for (const Direction side : {Direction::kOut, Direction::kIn}) {
      if (direction != side && direction != Direction::kBoth) continue;
      if (lists_.empty()) {
        visit(types_[i], side, runtime_.view().Neighbours(types_[i], side, node));
      } else {
        visit(types_[i], side, (side == Direction::kOut ? lists_[i].out : lists_[i].in)[node]);
      }
    }
  }
}

template <typename Visit>
void Steps::ForEach(NodeId node, bool reversed, const Visit& visit) const {
  using schema::Direction;
  const bool both = pattern_.direction == Direction::kBoth;
  ForEachSlice(node, reversed,
               [&](schema::TypeId type, Direction side, const storage::Slice& slice) {
                 for (std::uint32_t i = 0; i < slice.size; ++i) {
                   const NodeId end = slice.nodes[i];
                   if (side == Direction::kOut) {
                     visit(Step{{type, slice.edges[i], node, end}, end});
                   } else if (!both || end != node) {  // loops once
                     visit(Step{{type, slice.edges[i], end, node}, end});
                   }
                 }
               });
}

template <typename Visit>
void Steps::ForEachEnd(NodeId node, bool reversed, const Visit& visit) const {
  ForEachSlice(node, reversed, [&](schema::TypeId, schema::Direction, const storage::Slice& slice) {
    for (std::uint32_t i = 0; i < slice.size; ++i) visit(slice.nodes[i]);
  });
}

template <typename Visit>
void Steps::ForEachWay(NodeId node, bool reversed, const Visit& visit) const {
  using schema::Direction;
  ForEachSlice(
      node, reversed, [&](schema::TypeId type, Direction side, const storage::Slice& slice) {
        for (std::uint32_t i = 0; i < slice.size; ++i) {
          const NodeId end = slice.nodes[i];
          visit(end, [&] {
            return side == Direction::kOut ? RelationshipRef{type, slice.edges[i], node, end}
                                           : RelationshipRef{type, slice.edges[i], end, node};
          });
        }
      });
}

/// Whether a relationship type's name satisfies a test.
bool Matches(const bind::LabelTest& test, std::string_view type);
/// Whether a node's labels do.
bool Matches(const bind::LabelTest& test, const storage::View& view, NodeId node);

/// Whether every end of such a relationship, seen from its other end in `direction`, carries the
/// label. The counters of the view say so, where they are exact; false is no statement.
bool EndsAlwaysHave(const storage::View& view, const std::vector<schema::TypeId>& types,
                    schema::Direction direction, schema::LabelId label);

}  // namespace kb::query::exec
