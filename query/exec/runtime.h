// Runtime: what all operators of one running statement share: the view and the transaction, the
// evaluation context, the plans of subqueries, and what must be settled when the statement ends.
//
// A statement that writes gives its view up while it edits (so that the edits happen in place) and
// takes a new one afterwards:
//
//   WriteScope writing(runtime);      // runtime.view() must not be used from here …
//   runtime.transaction()->…
//   }                                 // … to here
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "query/engine.h"
#include "query/eval/evaluate.h"
#include "query/exec/batch.h"
#include "query/plan/plan.h"
#include "schema/base/result.h"
#include "storage/graph.h"

namespace kb::query::exec {

class Operator;
class ScanShare;  // workers.h

/// The rows that the Argument operators of one subplan give.
struct ArgumentRows {
  const Batch* batch = nullptr;
  std::uint32_t begin = 0, end = 0;
  /// Rows are marked with their number in `batch` (Batch::origin).
  bool batched = false;
  bool is_statement = false;  ///< The one row that a statement begins with.
};

/// One thread. Outlives the operators that borrow it; not movable once they do.
class Runtime {
 public:
  Runtime(const plan::Plan& plan, RunContext context, bool profiling);
  /// For one more thread that reads for the same statement; `share` is its part of the scan.
  Runtime(const Runtime& of, ScanShare* share);
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;
  ~Runtime();

  eval::EvalContext& eval() { return eval_; }
  const storage::View& view() const { return eval_.view; }
  const schema::Catalog& catalog() const { return eval_.view.catalog(); }
  storage::Transaction* transaction() { return transaction_; }
  /// May be null.
  Host* host() { return host_; }
  /// For what procedures ask. Lives as long as the runtime.
  const Asker& asker();
  const plan::Plan& plan() const { return plan_; }
  std::size_t slot_count() const { return eval_.slot_count; }
  bool profiling() const { return profiling_; }
  unsigned threads() const { return threads_; }
  /// Of the scan that begins the plan, where several threads carry it out; else null.
  ScanShare* share() const { return share_; }

  Result<void> CheckCancelled() const {
    return cancellation_ == nullptr ? Result<void>() : cancellation_->Check();
  }

  /// Evaluates SKIP's or LIMIT's number. Errors: not an integer, negative.
  Result<std::uint64_t> EvaluateCount(const bind::Expression& expression, std::string_view clause);

  // --- Names, as the present view knows them ---
  /// Types of these names; all there are when `names` is empty. Unknown names drop out.
  std::vector<schema::TypeId> TypesOf(const bind::NameList& names) const;

  // --- Deleted entities: described as they were, for results ---
  /// Notes what a node or relationship is like, before it is deleted.
  void Remember(NodeId node);
  void Remember(const RelationshipRef& ref);
  /// Nodes that were to be deleted while they had relationships: they go when those have gone.
  void DeleteLater(NodeId node) { doomed_.push_back(node); }
  /// Deletes those that have no relationship any more.
  Result<void> DeleteDoomed();
  /// The end of the statement: a doomed node that still has relationships is an error, and so is
  /// what breaks a constraint.
  Result<void> Finish();

  // --- Transactions on the way (CALL { } IN TRANSACTIONS) ---
  /// Goes back to a place in the transaction.
  void TakeBack(const storage::Savepoint& savepoint);
  /// Commits; from here on there is another transaction, or, after an error from which there is no
  /// way on, none.
  Result<void> CommitAndGoOn();

  /// Nodes and relationships with labels and properties, also inside lists, maps and paths.
  Value Describe(const Value& value) const;

 private:
  class Subqueries;
  class Questions;
  friend class WriteScope;

  Value DescribeNode(NodeId node) const;
  Value DescribeRelationship(const RelationshipRef& ref) const;

  const plan::Plan& plan_;
  storage::Transaction* transaction_;
  const Cancellation* cancellation_;
  Host* host_;
  Engine* engine_ = nullptr;
  unsigned depth_ = 0;  ///< Of queries in procedures of queries.
  bool profiling_;
  unsigned threads_;
  ScanShare* share_ = nullptr;
  eval::EvalContext eval_;
  std::unique_ptr<Subqueries> subqueries_;
  std::unique_ptr<Questions> asker_;  ///< Made when it is asked for.
  std::unordered_map<std::uint32_t, Value> deleted_nodes_;
  std::unordered_map<std::uint64_t, Value> deleted_relationships_;
  std::vector<NodeId> doomed_;
};

/// While it lives, the transaction may edit and the view is not there.
class WriteScope {
 public:
  explicit WriteScope(Runtime& runtime) : runtime_(runtime) {
    runtime_.eval_.view = storage::View();
  }
  WriteScope(const WriteScope&) = delete;
  WriteScope& operator=(const WriteScope&) = delete;
  ~WriteScope() { runtime_.eval_.view = runtime_.transaction_->view(); }

 private:
  Runtime& runtime_;
};

}  // namespace kb::query::exec
