// MATCH, UNWIND and CALL { }.
#include <algorithm>

#include "query/bind/bind_pattern.h"
#include "query/bind/query_binder.h"

namespace kb::query::bind {

Result<Match> QueryBinder::BindMatch(const ast::Match& match) {
  PatternBinder pattern(*this, PatternUse::kMatch);
  KB_TRY(pattern.Bind(match.pattern, match.mode));
  Match bound{match.optional, pattern.Take(), nullptr};
  KB_ASSIGN(ExpressionPtr where, BindWhere(match.where));
  bound.where = Conjoin(pattern.TakePredicate(), std::move(where));
  return bound;
}

Result<Slot> QueryBinder::Declare(const ast::Name& name, KindSet kinds, KindSet elements) {
  if (scope_->Find(name.text) != nullptr) {
    return BindError("VariableAlreadyBound", name.span, "variable {} is already defined",
                     Quoted(name.text))
        .Hint("give the new one another name");
  }
  const Slot slot = NewSlot(name.text, elements);
  scope_->Add({name.text, slot, kinds});
  return slot;
}

Result<Unwind> QueryBinder::BindUnwind(const ast::Unwind& unwind) {
  KB_ASSIGN(ExpressionPtr list, BindPlain(*unwind.list, "UNWIND"));
  const KindSet elements = list->kinds == kListKind ? ElementKinds(*list) : functions::kAnyKind;
  KB_ASSIGN(const Slot slot, Declare(unwind.variable, elements, functions::kAnyKind));
  return Unwind{std::move(list), slot, unwind.variable.text};
}

Result<bool> QueryBinder::BindImport(const ast::With& with, const Scope& imports) {
  const ast::Projection& projection = with.projection;
  bool only_imports = !projection.distinct && projection.order_by.empty() && !projection.skip &&
                      !projection.limit && !with.where;
  if (projection.all) {
    for (const auto& variable : imports.Visible()) scope_->Add(variable);
    return only_imports && projection.items.empty();
  }
  for (const auto& item : projection.items) {
    const auto* variable = std::get_if<ast::Variable>(&item.expression->node);
    const bool plain = variable != nullptr && (!item.alias || item.alias->text == variable->name);
    only_imports = only_imports && plain;
  }
  if (!only_imports) {
    // An ordinary WITH: it computes from what is around, and only its own names go on.
    for (const auto& variable : imports.Visible()) scope_->Add(variable);
    return false;
  }
  std::vector<Variable> imported;
  {
    Scope around(&imports);
    const Swap<Scope*> guard(scope_, &around);
    for (const auto& item : projection.items) {
      const auto& name = std::get_if<ast::Variable>(&item.expression->node)->name;
      KB_ASSIGN(const Variable* variable, Resolve(name, item.expression->span));
      imported.push_back(*variable);
    }
  }
  for (auto& variable : imported) scope_->Add(std::move(variable));
  return true;
}

Result<CallSubquery> QueryBinder::BindCallSubquery(const ast::CallSubquery& call, Span span) {
  CallSubquery bound;
  bound.optional = call.optional;
  bound.in_transactions = call.in_transactions;
  if (call.in_transactions && frame_.role != QueryRole::kStatement) {
    return BindError("InvalidClauseComposition", span,
                     "IN TRANSACTIONS stands only at the top of a statement");
  }
  if (call.batch_size) {
    KB_ASSIGN(bound.batch_size, BindRowCount(call.batch_size, "OF … ROWS"));
  }
  Scope imports;
  Frame frame;
  frame.role = QueryRole::kCall;
  frame.around = scope_;
  if (call.imports_all) {
    frame.outer = scope_;
  } else if (call.imports) {
    for (const auto& name : *call.imports) {
      KB_ASSIGN(const Variable* variable, Resolve(name.text, name.span));
      imports.Add(*variable);
    }
    frame.outer = &imports;
  } else {
    frame.imports = scope_;
  }
  {
    const Swap<Place> place_guard(place_, Place{});
    KB_ASSIGN(bound.query, BindQuery(*call.query, frame));
  }
  const auto& last = call.query->parts[0].clauses.back();
  bound.returns = std::holds_alternative<ast::Return>(last.node);
  const auto& part = bound.query->parts[0];
  for (std::size_t i = 0; i < bound.query->columns.size(); ++i) {
    const Column& column = bound.query->columns[i];
    // The kinds are those of the first part's item; a UNION may bring others.
    KindSet kinds = functions::kAnyKind;
    const auto* projection = std::get_if<Projection>(&part.clauses.back().node);
    if (projection != nullptr && bound.query->parts.size() == 1) {
      kinds = projection->items[i].expression->kinds;
    }
    scope_->Add({column.name, column.slot, kinds});
  }
  return bound;
}

}  // namespace kb::query::bind
