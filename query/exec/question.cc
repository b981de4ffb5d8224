#include "query/exec/question.h"

#include <utility>

#include "schema/base/text.h"

namespace kb::query::exec {
namespace {

/// A text may ask itself again: each level has a frame of every operator on the stack.
constexpr unsigned kDepthMax = 8;

/// Nodes and relationships by themselves, as operators hand them on.
Value Bare(const Value& value) {
  if (value.is_node()) return Value::Node(value.node());
  if (value.is_relationship()) return Value::Relationship(value.relationship());
  if (value.is_list() || value.is_path()) {
    const auto items = value.is_list() ? value.list() : value.path();
    std::vector<Value> bare;
    bare.reserve(items.size());
    for (const Value& item : items) bare.push_back(Bare(item));
    return value.is_list() ? Value::List(std::move(bare)) : Value::Path(std::move(bare));
  }
  if (value.is_map()) {
    schema::MapEntries entries;
    entries.reserve(value.map().size());
    for (const auto& [key, entry] : value.map()) entries.emplace_back(key, Bare(entry));
    return Value::Map(std::move(entries));
  }
  return value;
}

/// An error of the inner text: its place is said in words, since the carets are the outer text's.
Error Inside(const Error& error, const Question& question) {
  std::string message = error.message();
  const bool has_place =
      question.is_users && !error.span().empty() && error.code() != ErrorCode::kLimit;
  if (has_place) {
    const text::Place place = text::Locate(question.text, error.span().begin);
    message = fmt::format("in the inner query, line {}, column {}: {}", place.line, place.column,
                          message);
  }
  const bool is_missing = error.code() == ErrorCode::kParameter;
  return Error(error.code(), std::move(message))
      .Detail(error.detail())
      .Hint(is_missing ? "the inner query has the parameters that the procedure is given"
                       : error.hint());
}

}  // namespace

Result<void> Runtime::Questions::Ask(const Question& question, const Visit& visit) const {
  if (engine_ == nullptr) return UnsupportedError("nobody runs queries for procedures here");
  if (depth_ >= kDepthMax) {
    return LimitError("inner queries are nested {} deep, at most {}", depth_ + 1, kDepthMax);
  }
  return Run(question, visit);
}

Result<void> Runtime::Questions::Run(const Question& question, const Visit& visit) const {
  const auto prepared = engine_->Prepare(question.text, question.view);
  if (!prepared.ok()) return Inside(prepared.error(), question);
  if ((*prepared)->kind != StatementKind::kRead ||
      (*prepared)->explain != ast::ExplainMode::kNone) {
    const bool writes = (*prepared)->kind == StatementKind::kWrite;
    return Error(ErrorCode::kReadOnly, fmt::format("the inner query {}, but may only read",
                                                   writes ? "writes" : "is a command"))
        .Hint("RETURN what is wanted, and write with it outside");
  }
  RunContext context{question.view, nullptr, &question.parameters, cancellation_, host_};
  context.depth = depth_ + 1;
  auto stream = engine_->Start(*prepared, std::move(context));
  if (!stream.ok()) return Inside(stream.error(), question);
  std::vector<std::vector<Value>> rows;
  while (true) {
    const auto more = (*stream)->Next(&rows);
    if (!more.ok()) return Inside(more.error(), question);
    if (!*more) return {};
    for (auto& row : rows) {
      for (Value& value : row) value = Bare(value);
      KB_TRY(visit((*prepared)->columns, std::move(row)));
    }
  }
}

}  // namespace kb::query::exec
