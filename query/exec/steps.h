// Steps: what leads from a node to its neighbours under the conditions of one relationship pattern.
// The searches (variable length, reach, shortest path) walk by it and know nothing of types,
// properties and predicates.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "query/exec/operator.h"

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
      : runtime_(runtime), pattern_(pattern) {}

  /// Resolves names, and computes the property values that steps are compared with.
  Result<void> StartBatch(const Batch& input);
  /// Conditions may depend on the row around the pattern.
  void StartRow(const Batch& input, std::uint32_t row) { input_ = &input, row_ = row; }

  /// Only types decide: no property, label or predicate is to be tested.
  bool is_plain() const;
  const std::vector<schema::TypeId>& types() const { return types_; }

  /// Replaces `steps` by the ways on from `node`. `reversed`: walking against the pattern, from its
  /// right end to its left.
  Result<void> From(NodeId node, bool reversed, std::vector<Step>* steps);

 private:
  bool TestsRows() const;
  void Collect(NodeId node, schema::Direction direction, std::vector<Step>* steps) const;
  Result<void> KeepWithProperties(std::vector<Step>* steps) const;
  Result<void> KeepByPredicates(NodeId node, bool reversed, std::vector<Step>* steps);
  void FillStepBatch(NodeId node, bool reversed, const std::vector<Step>& steps);
  void SetInner(Slot slot, bool is_node, bool is_left, NodeId node, bool reversed,
                const std::vector<Step>& steps);

  Runtime& runtime_;
  const bind::PatternRelationship& pattern_;
  std::vector<schema::TypeId> types_;
  /// Properties that each relationship must have, as columns over the input batch.
  std::vector<std::pair<std::string, Vector>> wanted_;
  Vector wanted_map_;
  const Batch* input_ = nullptr;
  std::uint32_t row_ = 0;
  Batch step_batch_;
};

/// Whether a relationship type's name satisfies a test.
bool Matches(const bind::LabelTest& test, std::string_view type);
/// Whether a node's labels do.
bool Matches(const bind::LabelTest& test, const storage::View& view, NodeId node);

/// Whether every end of such a relationship, seen from its other end in `direction`, carries the
/// label. The counters of the view say so, where they are exact; false is no statement.
bool EndsAlwaysHave(const storage::View& view, const std::vector<schema::TypeId>& types,
                    schema::Direction direction, schema::LabelId label);

}  // namespace kb::query::exec
