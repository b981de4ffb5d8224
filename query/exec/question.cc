#include "query/exec/question.h"

#include <utility>

#include "query/exec/elements.h"
#include "schema/base/text.h"

namespace kb::query::exec {
namespace {

/// A text may ask itself again: each level has a frame of every operator on the stack.
constexpr unsigned kDepthMax = 8;

/// Nodes and relationships by themselves, as operators hand them on.
Value Bare(const Value& value) {
  return ReplaceElements(value, [](const Value& element) {
    return element.is_node() ? Value::Node(element.node())
                             : Value::Relationship(element.relationship());
  });
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
