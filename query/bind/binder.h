// Bind: names to slots and functions, scopes, and every rule that can be checked before running.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "query/algo/procedure.h"
#include "query/ast/statement.h"
#include "query/bind/bound.h"
#include "schema/base/result.h"
#include "schema/catalog.h"

namespace kb::query::bind {

struct Environment {
  const schema::Catalog* catalog = nullptr;
  /// Finds a procedure by name: the session's own first, then the built-in ones.
  std::function<std::shared_ptr<const Procedure>(std::string_view)> find_procedure;
};

/// Errors: kSyntax, kSemantic, kType, kProcedure … with span, Phase::kCompile, the TCK's detail
/// and, where one is known, a hint. Thread-safe.
Result<std::shared_ptr<const Statement>> Bind(const ast::Statement& statement,
                                              const Environment& environment);

}  // namespace kb::query::bind
