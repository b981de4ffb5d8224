#include "query/exec/view_request.h"

#include "query/algo/view_map.h"

namespace kb::query::exec {
namespace {

using schema::Value;

Result<Value> ValueAt(const bind::ExpressionPtr& expression, const Batch& batch, std::uint32_t row,
                      eval::EvalContext& context) {
  Vector out;
  KB_TRY(eval::Evaluate(*expression, batch, context, &out));
  return out.Get(row);
}

template <typename T>
Result<T> At(Result<T> outcome, Span span) {
  if (!outcome.ok()) outcome.error().At(span);
  return outcome;
}

}  // namespace

Result<storage::View> DeriveView(const bind::ViewClause& clause, const Batch& batch,
                                 std::uint32_t row, eval::EvalContext& context) {
  storage::ViewRequest request;
  request.possibly = clause.possibly;
  request.only_sources = clause.only;
  request.raw = clause.raw;
  if (clause.system_time) {
    KB_ASSIGN(const Value time, ValueAt(clause.system_time, batch, row, context));
    KB_ASSIGN(request.system_time,
              At(algo::SystemTimeOf(time, "a system time"), clause.system_time->span));
  }
  if (clause.valid_from) {
    KB_ASSIGN(Value from, ValueAt(clause.valid_from, batch, row, context));
    KB_ASSIGN(request.valid_from,
              At(algo::ValidTimeOf(std::move(from), "a valid time"), clause.valid_from->span));
  }
  if (clause.valid_to) {
    KB_ASSIGN(Value to, ValueAt(clause.valid_to, batch, row, context));
    KB_ASSIGN(request.valid_to,
              At(algo::ValidTimeOf(std::move(to), "a valid time"), clause.valid_to->span));
  }
  if (clause.sources) {
    KB_ASSIGN(const Value list, ValueAt(clause.sources, batch, row, context));
    KB_ASSIGN(request.sources, At(algo::SourcesOf(list, context.view), clause.sources->span));
  }
  return storage::DeriveView(context.view, request, context.cancellation);
}

}  // namespace kb::query::exec
