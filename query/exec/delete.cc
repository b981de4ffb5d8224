// Delete: nodes, relationships, and what is on paths. Relationships go before nodes. A node that
// still has some waits until the end of the statement, by when another row or clause may have
// deleted them.
#include <unordered_set>

#include "query/exec/operators.h"

namespace kb::query::exec {
namespace {

class Delete final : public Operator {
 public:
  Delete(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))) {}

 private:
  Result<bool> Produce(Batch* out) override {
    KB_ASSIGN(const bool more, input().Next(out));
    if (!more) return false;
    OwnText(out);
    nodes_.clear();
    relationships_.clear();
    known_nodes_.clear();
    const bind::Delete& clause = NodeOf<plan::Delete>().clause;
    for (const auto& expression : clause.expressions) {
      Vector values;
      KB_TRY(eval::Evaluate(*expression, *out, runtime_.eval(), &values));
      for (std::uint32_t row = 0; row < out->rows; ++row) {
        KB_TRY(Collect(values.Get(row), expression->span));
      }
    }
    if (clause.detach) CollectRelationshipsOfNodes();
    if (live() == nullptr || !live()->empty()) {
      for (const NodeId node : nodes_) runtime_.Remember(node);
      for (const RelationshipRef& ref : relationships_) runtime_.Remember(ref);
    }
    KB_TRY(Carry());
    return true;
  }

  Result<void> Collect(const Value& value, Span span) {
    if (value.is_null()) return {};
    if (value.is_node()) {
      if (known_nodes_.insert(schema::Raw(value.node())).second) nodes_.push_back(value.node());
      return {};
    }
    if (value.is_relationship()) {
      relationships_.push_back(value.relationship());
      return {};
    }
    if (value.is_path()) {
      for (const Value& part : value.path()) KB_TRY(Collect(part, span));
      return {};
    }
    return TypeError("only nodes, relationships and paths can be deleted, but this is {}",
                     schema::KindName(value.kind()))
        .Detail("InvalidArgumentType")
        .At(span);
  }

  void CollectRelationshipsOfNodes() {
    for (const NodeId node : nodes_) {
      for (const auto type : runtime_.TypesOf({})) {
        const auto out = runtime_.view().Neighbours(type, schema::Direction::kOut, node);
        for (std::uint32_t i = 0; i < out.size; ++i) {
          relationships_.push_back({type, out.edges[i], node, out.nodes[i]});
        }
        const auto in = runtime_.view().Neighbours(type, schema::Direction::kIn, node);
        for (std::uint32_t i = 0; i < in.size; ++i) {
          if (in.nodes[i] != node) relationships_.push_back({type, in.edges[i], in.nodes[i], node});
        }
      }
    }
  }

  Result<void> Carry() {
    const WriteScope writing(runtime_);
    storage::Transaction& transaction = *runtime_.transaction();
    for (const RelationshipRef& ref : relationships_) KB_TRY(transaction.DeleteRelationship(ref));
    for (const NodeId node : nodes_) {
      const auto outcome = transaction.DeleteNode(node);
      if (outcome.ok()) continue;
      if (outcome.error().code() != ErrorCode::kConstraint) return outcome.error();
      runtime_.DeleteLater(node);
    }
    return runtime_.DeleteDoomed();
  }

  std::vector<NodeId> nodes_;
  std::vector<RelationshipRef> relationships_;
  std::unordered_set<std::uint32_t> known_nodes_;
};

}  // namespace

OperatorPtr MakeDelete(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Delete>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
