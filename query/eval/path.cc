// Paths from the slots of their parts: node, relationship, node … The nodes inside a
// variable-length part are not in any slot; they follow from its relationships and the node before.

#include "query/eval/kernel.h"

namespace kb::query::eval {
namespace {

/// Builds the path of one row; a null part makes the path null.
class PathBuilder {
 public:
  Result<bool> Add(const bind::PathOf::Part& part, const Value& value) {
    if (value.is_null()) return false;
    if (part.is_node) {
      AddNode(value);
      return true;
    }
    if (!part.is_list) {
      elements_.push_back(value);
      ends_with_node_ = false;
      return true;
    }
    if (!value.is_list()) {
      return InternalError("a part of a path is {}", schema::KindName(value.kind()));
    }
    for (const Value& relationship : value.list()) {
      if (!relationship.is_relationship() || elements_.empty() || !elements_.back().is_node()) {
        return InternalError("a path is not a walk of nodes and relationships");
      }
      const RelationshipRef ref = relationship.relationship();
      const NodeId from = elements_.back().node();
      elements_.push_back(relationship);
      elements_.push_back(Value::Node(ref.source == from ? ref.target : ref.source));
    }
    ends_with_node_ = true;
    return true;
  }

  Value Finish() { return Value::Path(std::move(elements_)); }

 private:
  /// After a list the node is there already: the last one that the list led to.
  void AddNode(const Value& node) {
    if (!ends_with_node_) elements_.push_back(node);
    ends_with_node_ = true;
  }

  std::vector<Value> elements_;
  bool ends_with_node_ = false;
};

}  // namespace

Result<void> EvaluatePathOf(const bind::PathOf& node, const Batch& batch, EvalContext& /*context*/,
                            Vector* out) {
  out->Reset(Repr::kValue, batch.rows);
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    PathBuilder path;
    bool complete = true;
    for (const bind::PathOf::Part& part : node.parts) {
      KB_ASSIGN(complete, path.Add(part, batch.column(part.slot).Get(row)));
      if (!complete) break;
    }
    if (complete) out->values()[row] = path.Finish();
  }
  return {};
}

}  // namespace kb::query::eval
