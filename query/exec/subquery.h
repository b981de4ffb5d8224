// Subqueries inside expressions: EXISTS { }, COUNT { }, COLLECT { }, pattern predicates.
//
// Where every operator of the subplan treats its rows one by one (IsRowWise), the subquery runs
// once over all rows of a batch, each result row being marked with the row it belongs to.
// Otherwise, and where the first row found is all that matters but finding all would be dear
// (EXISTS over a variable-length pattern), it runs row by row.
#pragma once

#include <memory>
#include <unordered_map>

#include "query/eval/evaluate.h"
#include "query/exec/operator.h"

namespace kb::query::exec {

/// Whether a subplan may run over many Argument rows at once: no operator gathers rows, and rows
/// come out in the order of the Argument rows that they belong to.
bool IsRowWise(const plan::Operator& op);
/// Whether anything in the tree changes the graph.
bool WritesGraph(const plan::Operator& op);

class Runtime::Subqueries final : public eval::SubqueryRunner {
 public:
  explicit Subqueries(Runtime& runtime) : runtime_(runtime) {}

  Result<void> Run(const bind::Subquery& subquery, const Batch& batch, Vector* out) override;

 private:
  /// A built subplan.
  struct Built {
    ArgumentRows argument;
    OperatorPtr root;
    bool row_wise = false;
    bool stops_early = false;  ///< EXISTS should stop at the first row.
    Batch rows;
  };

  Result<Built*> Find(const bind::Subquery& subquery);
  Result<void> RunBatched(const bind::Subquery& subquery, Built& built, Vector* out);
  Result<void> RunByRow(const bind::Subquery& subquery, Built& built, Vector* out);

  Runtime& runtime_;
  std::unordered_map<const bind::Query*, std::unique_ptr<Built>> built_;
};

}  // namespace kb::query::exec
