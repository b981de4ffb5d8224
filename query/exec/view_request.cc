#include "query/exec/view_request.h"

#include "schema/edtf.h"

namespace kb::query::exec {
namespace {

using schema::Value;

Result<Value> ValueAt(const bind::ExpressionPtr& expression, const Batch& batch, std::uint32_t row,
                      eval::EvalContext& context) {
  Vector out;
  KB_TRY(eval::Evaluate(*expression, batch, context, &out));
  return out.Get(row);
}

/// An instant in microseconds. A day, or anything else that lasts, means its end.
Result<std::int64_t> MicrosOf(const Value& value, Span span) {
  if (!schema::IsMoment(value)) {
    return TypeError("a system time is a date or date-time, but this is {}",
                     schema::KindName(value.kind()))
        .Detail("InvalidArgumentType")
        .At(span);
  }
  const std::int64_t last = schema::MomentsOf(value).end.latest;
  constexpr std::int64_t kSecondMax = std::int64_t{1} << 42;
  if (last > kSecondMax) return kSecondMax * 1'000'000;
  if (last < -kSecondMax) return -kSecondMax * 1'000'000;
  std::int64_t micros = 999'999;
  if (value.kind() == schema::Kind::kDateTime) micros = value.date_time().nanos / 1000;
  if (value.kind() == schema::Kind::kLocalDateTime) micros = value.local_date_time().nanos / 1000;
  return last * 1'000'000 + micros;
}

Result<Value> ValidTime(Value value, Span span) {
  if (schema::IsMoment(value)) return value;
  return TypeError("a valid time is a date, date-time or uncertain date, but this is {}",
                   schema::KindName(value.kind()))
      .Detail("InvalidArgumentType")
      .At(span);
}

Result<std::vector<storage::NodeId>> SourcesOf(const Value& list, const storage::View& view,
                                               Span span) {
  if (!list.is_list()) {
    return TypeError("sources are a list of names or nodes, but this is {}",
                     schema::KindName(list.kind()))
        .Detail("InvalidArgumentType")
        .At(span);
  }
  std::vector<storage::NodeId> sources;
  for (const Value& item : list.list()) {
    if (item.is_node()) {
      sources.push_back(item.node());
    } else if (item.is_string()) {
      // A source that nobody has used has said nothing.
      if (const auto node = storage::FindSource(view, item.string())) sources.push_back(*node);
    } else {
      return TypeError("a source is a name or a node, but this is {}",
                       schema::KindName(item.kind()))
          .Detail("InvalidArgumentType")
          .At(span);
    }
  }
  return sources;
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
    KB_ASSIGN(request.system_time, MicrosOf(time, clause.system_time->span));
  }
  if (clause.valid_from) {
    KB_ASSIGN(Value from, ValueAt(clause.valid_from, batch, row, context));
    KB_ASSIGN(request.valid_from, ValidTime(std::move(from), clause.valid_from->span));
  }
  if (clause.valid_to) {
    KB_ASSIGN(Value to, ValueAt(clause.valid_to, batch, row, context));
    KB_ASSIGN(request.valid_to, ValidTime(std::move(to), clause.valid_to->span));
  }
  if (clause.sources) {
    KB_ASSIGN(const Value list, ValueAt(clause.sources, batch, row, context));
    KB_ASSIGN(request.sources, SourcesOf(list, context.view, clause.sources->span));
  }
  return storage::DeriveView(context.view, request, context.cancellation);
}

}  // namespace kb::query::exec
