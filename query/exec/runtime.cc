#include "query/exec/runtime.h"

#include <algorithm>
#include <chrono>

#include "query/exec/elements.h"
#include "query/exec/question.h"
#include "query/exec/subquery.h"
#include "query/host.h"
#include "storage/evidence.h"

namespace kb::query::exec {
namespace {

bool Deletes(const plan::Operator& op) {
  if (std::holds_alternative<plan::Delete>(op.node)) return true;
  if (std::holds_alternative<plan::Amend>(op.node)) return true;  // ERASE, and WITHDRAW.
  return std::any_of(op.inputs.begin(), op.inputs.end(),
                     [](const auto& input) { return Deletes(*input); });
}

}  // namespace

Runtime::Runtime(const plan::Plan& plan, RunContext context, bool profiling)
    : plan_(plan),
      transaction_(context.transaction),
      cancellation_(context.cancellation),
      host_(context.host),
      engine_(context.engine),
      depth_(context.depth),
      profiling_(profiling),
      threads_(context.threads) {
  eval_.view = std::move(context.view);
  eval_.parameters = context.parameters;
  eval_.cancellation = context.cancellation;
  eval_.slot_count = static_cast<std::size_t>(plan.slot_count);
  eval_.may_meet_deleted = transaction_ != nullptr && Deletes(*plan.root);
  if (!plan.subqueries.empty()) {
    subqueries_ = std::make_unique<Subqueries>(*this);
    eval_.subqueries = subqueries_.get();
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  eval_.functions.now_seconds = seconds.count();
  eval_.functions.now_nanos = static_cast<std::int32_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now - seconds).count());
}

Runtime::Runtime(const Runtime& of, ScanShare* share)
    : plan_(of.plan_),
      transaction_(nullptr),
      cancellation_(of.cancellation_),
      host_(nullptr),
      profiling_(false),
      threads_(1),
      share_(share),
      eval_(of.eval_) {
  eval_.memo.reset();
  if (of.subqueries_) {
    subqueries_ = std::make_unique<Subqueries>(*this);
    eval_.subqueries = subqueries_.get();
  }
}

Runtime::~Runtime() = default;

const Asker& Runtime::asker() {
  if (!asker_) asker_ = std::make_unique<Questions>(engine_, cancellation_, host_, depth_);
  return *asker_;
}

Result<std::uint64_t> Runtime::EvaluateCount(const bind::Expression& expression,
                                             std::string_view clause) {
  KB_ASSIGN(const Value value, eval::EvaluateConstant(expression, eval_));
  if (!value.is_integer()) {
    return SyntaxError("{} needs an integer, but got {}", clause, schema::KindName(value.kind()))
        .Detail("InvalidArgumentType")
        .At(expression.span);
  }
  if (value.integer() < 0) {
    return SyntaxError("{} cannot be negative: {}", clause, value.integer())
        .Detail("NegativeIntegerArgument")
        .At(expression.span);
  }
  return static_cast<std::uint64_t>(value.integer());
}

std::vector<schema::TypeId> Runtime::TypesOf(const bind::NameList& names) const {
  std::vector<schema::TypeId> types;
  if (names.empty()) {
    for (std::uint32_t raw = 0; raw < catalog().type_count(); ++raw) {
      const schema::TypeId type{static_cast<std::uint16_t>(raw)};
      if (view().MayHave(type)) types.push_back(type);
    }
    return types;
  }
  for (const auto& name : names) {
    const auto type = catalog().FindType(name);
    if (!type) continue;
    bool known = false;
    for (const auto other : types) known = known || other == *type;
    if (!known) types.push_back(*type);
  }
  return types;
}

void Runtime::Remember(NodeId node) {
  if (view().Exists(node)) deleted_nodes_.try_emplace(schema::Raw(node), DescribeNode(node));
}

void Runtime::Remember(const RelationshipRef& ref) {
  if (view().Exists(ref)) deleted_relationships_.try_emplace(ref.id(), DescribeRelationship(ref));
}

Result<void> Runtime::DeleteDoomed() {
  std::vector<NodeId> kept;
  for (const NodeId node : doomed_) {
    const auto outcome = transaction_->DeleteNode(node);
    if (outcome.ok()) continue;
    if (outcome.error().code() != ErrorCode::kConstraint) return outcome.error();
    kept.push_back(node);
  }
  doomed_ = std::move(kept);
  return {};
}

Result<void> Runtime::Finish() {
  if (!doomed_.empty()) KB_TRY(DeleteDoomed());
  if (doomed_.empty()) {
    return transaction_ == nullptr ? Result<void>() : transaction_->CheckConstraints();
  }
  return ConstraintError("node {} still has relationships, so it cannot be deleted",
                         schema::Raw(doomed_[0]))
      .Detail("DeleteConnectedNode")
      .Hint("delete its relationships too, or use DETACH DELETE");
}

void Runtime::TakeBack(const storage::Savepoint& savepoint) {
  doomed_.clear();
  eval_.view = storage::View();
  transaction_->RollbackTo(savepoint);
  eval_.view = transaction_->view();
}

Result<void> Runtime::CommitAndGoOn() {
  if (host_ == nullptr) {
    return UnsupportedError("CALL {{ }} IN TRANSACTIONS has nobody to commit for it here");
  }
  eval_.view = storage::View();
  storage::Transaction* next = nullptr;
  Result<void> outcome = host_->CommitAndBegin(&next);
  transaction_ = next;
  if (next != nullptr) eval_.view = next->view();
  return outcome;
}

Value Runtime::DescribeNode(NodeId node) const {
  if (!view().Exists(node)) {
    const auto found = deleted_nodes_.find(schema::Raw(node));
    if (found != deleted_nodes_.end()) return found->second;
  }
  schema::NodeData data;
  data.id = node;
  const storage::View view_of_node = storage::ViewWith(view(), node);
  for (const auto label : view_of_node.Labels(node))
    data.labels.emplace_back(catalog().Name(label));
  std::sort(data.labels.begin(), data.labels.end());
  for (auto& [key, value] : view_of_node.Properties(node)) {
    data.properties.emplace_back(catalog().Name(key), std::move(value));
  }
  return Value::Node(std::move(data));
}

Value Runtime::DescribeRelationship(const RelationshipRef& ref) const {
  if (!view().Exists(ref)) {
    const auto found = deleted_relationships_.find(ref.id());
    if (found != deleted_relationships_.end()) return found->second;
  }
  schema::RelationshipData data;
  data.ref = ref;
  data.type = catalog().Name(ref.type);
  for (auto& [key, value] : view().Properties(ref)) {
    data.properties.emplace_back(catalog().Name(key), std::move(value));
  }
  return Value::Relationship(std::move(data));
}

Value Runtime::Describe(const Value& value) const {
  return ReplaceElements(value, [this](const Value& element) {
    return element.is_node() ? DescribeNode(element.node())
                             : DescribeRelationship(element.relationship());
  });
}

}  // namespace kb::query::exec
