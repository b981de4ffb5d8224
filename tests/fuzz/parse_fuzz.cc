// Fuzzing what happens before a statement runs: whatever the text, no crash and no hang; what is
// wrong is said with a place inside the text; what is right can be printed, and then says the same
// again, and can be bound and planned.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "query/algo/procedure.h"
#include "query/ast/print.h"
#include "query/bind/binder.h"
#include "query/optimize/passes.h"
#include "query/parse/parser.h"
#include "query/plan/planner.h"
#include "storage/store.h"

namespace {

using kb::Error;
namespace query = kb::query;

void Require(bool condition) {
  if (!condition) std::abort();
}

void Judge(const Error& error, std::string_view text) {
  Require(!error.message().empty());
  Require(error.code() != kb::ErrorCode::kInternal);
  Require(error.span().begin <= error.span().end && error.span().end <= text.size() + 1);
  Require(!error.Format(text).empty());
}

/// Printing may add brackets, and so run into a limit that the text itself kept.
void JudgePrinted(const query::ast::Statement& statement) {
  const std::string printed = query::ast::Print(statement);
  const auto again = query::parse::Parse(printed);
  if (!again.ok()) return Require(again.error().code() == kb::ErrorCode::kLimit);
  Require(query::ast::Print(**again) == printed);
}

void TryStatement(std::string_view text) {
  static const std::unique_ptr<kb::storage::Store> store = kb::storage::Store::InMemory();
  const kb::storage::View view = store->Present();
  const auto parsed = query::parse::Parse(text);
  if (!parsed.ok()) return Judge(parsed.error(), text);
  JudgePrinted(**parsed);
  if (std::holds_alternative<query::ast::TransactionCommand>((*parsed)->node)) return;
  const query::bind::Environment environment{&view.catalog(), query::algo::FindProcedure};
  auto bound = query::bind::Bind(**parsed, environment);
  if (!bound.ok()) return Judge(bound.error(), text);
  if (!std::holds_alternative<query::bind::QueryPtr>((*bound)->node)) return;
  auto plan = query::plan::MakePlan(std::move(bound).value());
  if (!plan.ok()) return Judge(plan.error(), text);
  query::plan::Print(*plan);
  const auto optimized = query::optimize::Run(*plan, view);
  if (!optimized.ok()) return Judge(optimized.error(), text);
  query::plan::Print(*plan);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  TryStatement(rest);
  for (std::size_t end; (end = query::parse::FindStatementEnd(rest)) != std::string_view::npos;) {
    Require(end > 0 && end <= rest.size());
    rest.remove_prefix(end);
  }
  return 0;
}
