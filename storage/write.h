// The transaction: every edit of a case goes through here, checked, with the former value at hand.
//
// An edit changes the private root (image/editor.h) and, when the case is on disk, adds its
// absolute outcome to the log. The same code runs for cases in memory, without a log.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/allocator.h"
#include "storage/commit.h"
#include "storage/graph.h"
#include "storage/image/editor.h"

namespace kb::storage {

class TransactionImpl final : public Transaction {
 public:
  /// What happens to the outcome; one of the two is called, once, on the transaction's thread.
  struct Ends {
    std::function<Result<void>(std::shared_ptr<const Root> root, const Log& log, bool changed)>
        commit;
    std::function<void()> rollback;
  };

  /// The caller has the turn; `allocator` outlives the transaction.
  TransactionImpl(const std::shared_ptr<const Root>& base, Allocator* allocator, bool logged,
                  Ends ends);
  ~TransactionImpl() override;
  TransactionImpl(const TransactionImpl&) = delete;
  TransactionImpl& operator=(const TransactionImpl&) = delete;

  View view() const override { return View(editor_.Share()); }

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
  Result<void> DropIndex(std::string_view name) override;

  const Counters& counters() const override { return counters_; }
  Savepoint Save() const override { return {editor_.Share(), log_.entries.size(), counters_}; }
  void RollbackTo(const Savepoint& savepoint) override;
  Result<void> Commit() override;
  void Rollback() override;

 private:
  Result<void> CheckOpen() const;
  Result<void> CheckNode(NodeId node) const;
  const schema::Catalog& catalog() const { return *editor_.root().catalog; }
  /// A copy of the catalog to change, and the way to put it in force.
  schema::Catalog CopyCatalog() const { return *editor_.root().catalog; }
  void Adopt(schema::Catalog changed);

  void LogNode(NodeId node);
  void LogEdge(const RelationshipRef& ref, bool exists);
  void PutProperty(NodeId node, KeyId key, const Value& value);
  void PutProperty(const RelationshipRef& ref, KeyId key, const Value& value);

  Editor editor_;
  const schema::CatalogRef former_catalog_;
  Allocator* allocator_;
  const bool logged_;
  const Ends ends_;
  Log log_;
  Counters counters_;
  bool open_ = true;
  std::vector<LabelId> labels_;  ///< Scratch.
};

}  // namespace kb::storage
