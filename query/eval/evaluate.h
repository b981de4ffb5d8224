// Evaluate: a bound expression over a batch, giving one Vector. Vectorised for the frequent shapes
// (property reads, comparisons, boolean logic on typed columns), boxed row by row for the rest;
// comprehensions, quantifiers and CASE run their parts over gathered sub-batches, so that errors
// and subqueries happen only for rows that need them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/bind/bound.h"
#include "query/exec/batch.h"
#include "schema/base/cancel.h"
#include "schema/base/result.h"
#include "storage/graph.h"

namespace kb::query::eval {

using exec::Batch;
using exec::Vector;
using schema::Value;

/// Runs subquery expressions; the executor provides it.
class SubqueryRunner {
 public:
  virtual ~SubqueryRunner() = default;
  /// One value a row of `batch`: a boolean (kExists), an integer (kCount) or a list (kCollect).
  virtual Result<void> Run(const bind::Subquery& subquery, const Batch& batch, Vector* out) = 0;
};

/// What is compiled once a statement and kept between batches (kernel.h).
struct Memo;

/// What an expression may look at beside its batch. One a running statement, one thread.
struct EvalContext {
  storage::View view;  ///< Replaced by the executor when the transaction has written.
  const std::vector<std::pair<std::string, Value>>* parameters = nullptr;
  SubqueryRunner* subqueries = nullptr;
  const Cancellation* cancellation = nullptr;
  functions::Context functions;  ///< Its `view` is set by Evaluate.
  std::size_t slot_count = 0;
  /// Whether slots can hold nodes or relationships that the view no longer has (the statement
  /// deletes): then reading one that is gone is EntityNotFound, which costs a look a missing value.
  bool may_meet_deleted = true;
  std::shared_ptr<Memo> memo;  ///< Made by Evaluate when it is first needed.
};

/// Errors carry the span of the part that failed, Phase::kRuntime.
Result<void> Evaluate(const bind::Expression& expression, const Batch& batch, EvalContext& context,
                      Vector* out);
/// For a predicate: the rows where it is true (false and null drop out), in ascending order.
/// A value that is neither boolean nor null is a TypeError.
Result<void> SelectRows(const bind::Expression& predicate, const Batch& batch, EvalContext& context,
                        std::vector<std::uint32_t>* rows);
/// An expression without slots (SKIP, LIMIT, index keys …).
Result<Value> EvaluateConstant(const bind::Expression& expression, EvalContext& context);

}  // namespace kb::query::eval
