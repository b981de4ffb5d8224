// The transaction: every edit of a case goes through here, checked, with the former value at hand.
//
// An edit changes the private root (image/editor.h) and, when the case is on disk, adds its
// absolute outcome to the log. The same code runs for cases in memory, without a log.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "storage/allocator.h"
#include "storage/commit.h"
#include "storage/constraint.h"
#include "storage/evidence.h"
#include "storage/graph.h"
#include "storage/history.h"
#include "storage/identity.h"
#include "storage/image/editor.h"

namespace kb::storage {

class TransactionImpl final : public Transaction, public EvidenceWriter {
 public:
  /// What happens to the outcome; one of the two is called, once, on the transaction's thread.
  struct Ends {
    std::function<Result<void>(std::shared_ptr<const Root> root, const Log& log, bool changed)>
        commit;
    std::function<void()> rollback;
    /// Returns when everything committed before can be read.
    std::function<Result<void>()> drain;
    /// A committed root as queries see it.
    std::function<Identified(const std::shared_ptr<const Root>& root)> identify;
  };

  /// The caller has the turn; `allocator` outlives the transaction.
  TransactionImpl(const std::shared_ptr<const Root>& base, Allocator* allocator, bool logged,
                  Ends ends);
  ~TransactionImpl() override;
  TransactionImpl(const TransactionImpl&) = delete;
  TransactionImpl& operator=(const TransactionImpl&) = delete;

  View view() const override;

  Result<LabelId> Label(std::string_view name) override;
  Result<TypeId> Type(std::string_view name) override;
  Result<KeyId> Key(std::string_view name) override;

  Result<NodeId> CreateNode(std::span<const LabelId> labels,
                            std::span<const std::pair<KeyId, Value>> properties) override;
  Result<RelationshipRef> CreateRelationship(
      NodeId source, TypeId type, NodeId target,
      std::span<const std::pair<KeyId, Value>> properties) override;
  Result<void> SetProperty(NodeId node, KeyId key, const Value& value) override;
  Result<void> SetProperty(const RelationshipRef& ref, KeyId key, const Value& value) override;
  Result<void> AddLabel(NodeId node, LabelId label) override;
  Result<void> RemoveLabel(NodeId node, LabelId label) override;
  Result<void> DeleteRelationship(const RelationshipRef& ref) override;
  Result<void> DeleteNode(NodeId node) override;

  Result<void> CreateIndex(std::string name, LabelId label, KeyId key) override;
  Result<void> CreateIndex(schema::IndexDefinition definition) override;
  Result<void> DropIndex(std::string_view name) override;
  Result<void> CreateConstraint(schema::ConstraintDefinition definition) override;
  Result<void> DropConstraint(std::string_view name) override;
  Result<void> CheckConstraints() override;

  const Counters& counters() const override { return counters_; }
  Savepoint Save() const override {
    return {editor_.Share(), log_.entries.size(), changes_.mark(), statements_.size(), counters_};
  }
  void RollbackTo(const Savepoint& savepoint) override;
  Result<void> Commit() override;
  void Rollback() override;

  // write_evidence.cc
  void Testify(const Testimony* testimony) override;
  Result<NodeId> Source(std::string_view id) override;
  Result<void> StateExistence(const Entity& entity) override;
  Result<void> Withdraw(std::uint64_t statement, std::string_view because) override;
  Result<std::uint64_t> SetRule(Rule rule) override;
  // write_identity.cc
  Result<void> Judge(bool same, NodeId a, NodeId b, std::string_view because,
                     std::string_view by) override;
  Result<void> WithdrawJudgement(std::uint64_t judgement, std::string_view because) override;
  // write_erase.cc
  Result<void> Erase(const Entity& entity, std::string_view because) override;
  Result<void> Erase(const Entity& entity, KeyId key, std::string_view because) override;
  Result<void> EraseStatement(std::uint64_t statement, std::string_view because) override;

 private:
  Result<void> CheckOpen() const;
  Result<void> CheckNode(NodeId node) const;
  const schema::Catalog& catalog() const { return *editor_.root().catalog; }
  /// A copy of the catalog to change, and the way to put it in force.
  schema::Catalog CopyCatalog() const { return *editor_.root().catalog; }
  void Adopt(schema::Catalog changed);

  /// Notes that the element may break a constraint now.
  void Touch(NodeId node) {
    if (!catalog().constraints().empty()) touched_.nodes.push_back(node);
  }
  void Touch(const RelationshipRef& ref) {
    if (!catalog().constraints().empty()) touched_.relationships.push_back(ref);
  }

  // write_evidence.cc
  bool HasStatements(const Entity& entity) const;
  std::vector<const Statement*> StatementsOf(const Entity& entity, const Fact& fact) const;
  /// Whether (and with what value) a fact holds in the root.
  std::optional<Value> HoldsNow(const Entity& entity, const Fact& fact) const;
  void AddStatement(const Entity& entity, const Fact& fact, const Value& value,
                    const Testimony* testimony);
  /// Gives it a number and a time.
  void PutNewStatement(std::shared_ptr<Statement> statement);
  void EndStatement(const Statement& statement, std::string_view because);
  /// States a fact by the testimony; `is_new`: the fact comes into being with it.
  Result<void> State(const Entity& entity, const Fact& fact, const Value& value, bool is_new);
  /// Keeps what is asserted plainly, if the fact has statements: then true, and all of them decide.
  bool Assert(const Entity& entity, const Fact& fact, const Value& value);
  Result<void> Redecide(const Entity& entity, const Fact& fact);
  Result<void> RemoveEntity(const Entity& entity);
  void LogStatements(std::int64_t time);

  // write_erase.cc
  std::size_t FormerErasures() const;
  bool HasErased() const;
  void MarkErased(Erasure erasure, std::string_view because);
  Result<void> EraseRecord(const Entity& entity, std::string_view because);
  void EraseValue(const Entity& entity, KeyId key, std::string_view because);
  Result<bool> HadValue(NodeId record, KeyId key);
  /// Drops the statements about an entity, or about one fact of it.
  void DropStatements(const Entity& entity, const std::optional<Fact>& fact);
  /// Takes what was erased out of what was logged, stated and recorded, as of this commit.
  Result<void> FinishErasures(std::int64_t time);
  void LogErasures();

  // write_identity.cc: callers speak of what they see, where several records may be one.
  const std::shared_ptr<const Clusters>& CurrentClusters() const;
  void StartAgain();
  /// All records of the node that they appear as; otherwise the node itself.
  std::vector<NodeId> RecordsOf(NodeId node) const;
  RelationshipRef RecordOf(const RelationshipRef& ref) const;
  Entity RecordOf(const Entity& entity) const;
  RelationshipRef AsSeen(const RelationshipRef& ref) const;
  Result<std::int64_t> MadeAt(NodeId node);
  Result<void> DeleteRecord(NodeId node);
  bool IsConnected(NodeId node) const;

  void ChangeLabels(NodeId node, LabelId label, bool add);
  void LogNode(NodeId node);
  void LogEdge(const RelationshipRef& ref, bool exists);
  void PutProperty(NodeId node, KeyId key, const Value& value);
  void PutProperty(const RelationshipRef& ref, KeyId key, const Value& value);
  /// Of what is being made, which has no former values.
  void PutFirst(NodeId node, KeyId key, const Value& value);
  void PutFirst(const RelationshipRef& ref, KeyId key, const Value& value);

  Editor editor_;
  const schema::CatalogRef former_catalog_;
  Allocator* allocator_;
  const bool logged_;
  const Ends ends_;
  Log log_;
  Changed touched_;  ///< Since constraints were last checked.
  ChangeLog changes_;
  std::vector<std::shared_ptr<Statement>> statements_;  ///< Made or changed here.
  std::optional<Testimony> testimony_;
  /// Nodes [first, first + count) were made then.
  struct Making {
    std::uint32_t first = 0, count = 0;
    std::int64_t time = 0;
  };
  std::optional<std::vector<Making>> makings_;  ///< Before this transaction; when asked for.
  // Identity. Elements that are edited are noted once there are judgements.
  Edits edits_;
  bool notes_all_ = false;   ///< `edits_` has everything since the transaction began.
  mutable Identified seen_;  ///< What was shown last; null parts: nothing yet.
  mutable Edits::Place seen_at_;
  mutable std::shared_ptr<const Clusters> clusters_;  ///< Null: to be found out.
  mutable std::size_t clustered_ = 0;  ///< How many of the nodes edited they take account of.
  mutable std::vector<NodeId> moved_;  ///< Whose cluster has other members than in `seen_`.
  std::vector<Statement> erased_;      ///< Statements that were, one by one.
  /// By key, the nodes that lost such a value before this transaction; when asked for.
  std::map<KeyId, std::set<NodeId>> had_;
  Counters counters_;
  bool open_ = true;
  std::vector<LabelId> labels_;  ///< Scratch.
};

}  // namespace kb::storage
