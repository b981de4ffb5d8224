// WITH and RETURN: columns, grouping, and what ORDER BY, SKIP, LIMIT and WHERE may see.
//
// Without aggregation and DISTINCT, what follows the columns sees the new names and behind them the
// old ones. Otherwise only the new names are left; ORDER BY may then still repeat the expression of
// a column, which is replaced by that column's slot.
#include <algorithm>
#include <unordered_set>

#include "query/bind/query_binder.h"
#include "query/bind/suggest.h"
#include "query/bind/tree.h"

namespace kb::query::bind {
namespace {

bool Contains(Span outer, Span inner) {
  return outer.begin <= inner.begin && inner.end <= outer.end;
}

ExpressionPtr ItemSlot(const ProjectionItem& item, Span span) {
  return MakeExpression(SlotRef{item.slot, item.name}, span, item.expression->kinds);
}

Error Ambiguous(Span span) {
  return BindError("AmbiguousAggregationExpression", span,
                   "beside an aggregate only grouping columns that are a variable or a property "
                   "can be used")
      .Hint("compute this in a WITH before, give it a name and use that");
}

/// Replaces what equals a column by that column, from the outside in.
class ColumnReplacer {
 public:
  ColumnReplacer(const std::vector<ProjectionItem>& items, bool aggregates)
      : items_(items), aggregates_(aggregates) {}

  /// Spans of what was replaced.
  const std::vector<Span>& replaced() const { return replaced_; }
  /// Where a whole computed column stood beside an aggregate; empty if nowhere.
  Span ambiguous() const { return ambiguous_; }

  ExpressionPtr Replace(const ExpressionPtr& expression) {
    if (std::holds_alternative<Constant>(expression->node) ||
        std::holds_alternative<Parameter>(expression->node)) {
      return expression;
    }
    for (const auto& item : items_) {
      if (!AreSame(*item.expression, *expression)) continue;
      replaced_.push_back(expression->span);
      if (aggregates_ && !IsSlotOrProperty(*expression) && !ContainsAggregate(*expression)) {
        ambiguous_ = expression->span;
      }
      return ItemSlot(item, expression->span);
    }
    auto copy = std::make_shared<Expression>(*expression);
    ForEachChild(copy->node, [this](ExpressionPtr& child) {
      if (child) child = Replace(child);
    });
    return copy;
  }

 private:
  const std::vector<ProjectionItem>& items_;
  bool aggregates_;
  std::vector<Span> replaced_;
  Span ambiguous_;
};

}  // namespace

Result<Projection> QueryBinder::BindProjection(const ast::Projection& projection,
                                               const ast::ExpressionPtr& where, bool is_return) {
  Projection out;
  out.is_return = is_return;
  out.distinct = projection.distinct;
  std::vector<Variable> next;
  {
    const UseLog log(uses_);
    KB_TRY(BindItems(projection, &out, &next));
    KB_TRY(CheckGrouping(out, log.uses()));
  }
  KB_TRY(BindOrder(projection, next, &out));
  KB_ASSIGN(out.skip, BindRowCount(projection.skip, "SKIP"));
  KB_ASSIGN(out.limit, BindRowCount(projection.limit, "LIMIT"));
  KB_TRY(CheckNames(projection, out));
  if (where) {
    Scope where_scope(scope_);
    for (const auto& variable : next) where_scope.Add(variable);
    const Swap<Place> guard(place_, Place{Place::Aggregates::kForbidden, "WHERE"});
    KB_ASSIGN(out.where, BindAfterColumns(*where, where_scope, out, "WHERE"));
  }
  scope_->Replace(std::move(next));
  return out;
}

Result<void> QueryBinder::BindItems(const ast::Projection& projection, Projection* out,
                                    std::vector<Variable>* next) {
  const Swap<Place> guard(place_,
                          Place{Place::Aggregates::kAllowed, out->is_return ? "RETURN" : "WITH"});
  if (projection.all) KB_TRY(AddAllItems(projection, out, next));
  for (const auto& item : projection.items) KB_TRY(BindItem(item, out, next));
  return {};
}

Result<void> QueryBinder::AddAllItems(const ast::Projection& projection, Projection* out,
                                      std::vector<Variable>* next) {
  std::vector<Variable> all = scope_->variables();
  std::sort(all.begin(), all.end(),
            [](const Variable& a, const Variable& b) { return a.name < b.name; });
  const bool counted_only = frame_.role == QueryRole::kExists || frame_.role == QueryRole::kCount;
  if (all.empty() && out->is_return && !counted_only && projection.items.empty()) {
    return BindError("NoVariablesInScope", projection.span,
                     "RETURN * has nothing to return: no variable is defined");
  }
  for (auto& variable : all) {
    ExpressionPtr value =
        MakeExpression(SlotRef{variable.slot, variable.name}, projection.span, variable.kinds);
    out->items.push_back({variable.slot, variable.name, std::move(value)});
    next->push_back(std::move(variable));
  }
  return {};
}

Result<void> QueryBinder::BindItem(const ast::ProjectionItem& item, Projection* out,
                                   std::vector<Variable>* next) {
  KB_ASSIGN(ExpressionPtr value, BindExpression(*item.expression));
  out->aggregates = out->aggregates || ContainsAggregate(*value);
  const auto* variable = std::get_if<ast::Variable>(&item.expression->node);
  std::string name = item.alias ? item.alias->text : variable ? variable->name : item.text;
  const auto* slot_ref = std::get_if<SlotRef>(&value->node);
  const bool keeps = slot_ref != nullptr && variable != nullptr && variable->name == name;
  const Slot slot = keeps ? slot_ref->slot : NewSlot(name, ElementKinds(*value));
  next->push_back({name, slot, value->kinds});
  out->items.push_back({slot, std::move(name), std::move(value)});
  return {};
}

Result<void> QueryBinder::CheckNames(const ast::Projection& projection,
                                     const Projection& out) const {
  const std::size_t starred = out.items.size() - projection.items.size();
  std::unordered_set<std::string_view> names;
  for (std::size_t i = 0; i < out.items.size(); ++i) {
    const ast::ProjectionItem* item = i < starred ? nullptr : &projection.items[i - starred];
    const Span span = item == nullptr ? projection.span
                      : item->alias   ? item->alias->span
                                      : item->expression->span;
    const std::string& name = out.items[i].name;
    if (!names.insert(name).second) {
      return BindError("ColumnNameConflict", span, "two columns are called {}", Quoted(name))
          .Hint("give one of them another name with AS");
    }
    if (out.is_return && frame_.around != nullptr && frame_.around->Find(name) != nullptr) {
      return BindError("VariableAlreadyBound", span, "variable {} is already defined outside",
                       Quoted(name))
          .Hint("a subquery returns its columns beside the variables around it: use another name");
    }
    const bool named = item == nullptr || item->alias ||
                       std::holds_alternative<ast::Variable>(item->expression->node);
    if (!named && !out.is_return) {
      return BindError("NoExpressionAlias", span, "an expression in WITH needs a name")
          .Hint("write: expression AS name");
    }
  }
  return {};
}

Result<void> QueryBinder::CheckGrouping(const Projection& projection,
                                        const std::vector<Use>& uses) const {
  if (!projection.aggregates) return {};
  for (const auto& item : projection.items) {
    if (ContainsAggregate(*item.expression)) {
      KB_TRY(CheckGrouping(projection, uses, item.expression));
    }
  }
  return {};
}

/// Outside aggregates an aggregating column may use grouping columns and what is the same in all
/// rows.
Result<void> QueryBinder::CheckGrouping(const Projection& projection, const std::vector<Use>& uses,
                                        const ExpressionPtr& expression) const {
  if (std::holds_alternative<Aggregate>(expression->node)) return {};
  if (IsSlotOrProperty(*expression)) {
    for (const auto& item : projection.items) {
      if (AreSame(*item.expression, *expression)) return {};
    }
  }
  const auto& here = scope_->variables();
  const auto is_here = [&](Slot slot) {
    return std::any_of(here.begin(), here.end(),
                       [&](const Variable& variable) { return variable.slot == slot; });
  };
  const auto is_key = [&](Slot slot) {
    return std::any_of(projection.items.begin(), projection.items.end(), [&](const auto& item) {
      const auto* ref = std::get_if<SlotRef>(&item.expression->node);
      return ref != nullptr && ref->slot == slot;
    });
  };
  if (const auto* ref = std::get_if<SlotRef>(&expression->node); ref && is_here(ref->slot)) {
    return Ambiguous(expression->span);
  }
  if (std::holds_alternative<Subquery>(expression->node)) {
    for (const auto& use : uses) {
      const bool inside = Contains(expression->span, use.span);
      if (inside && is_here(use.slot) && !is_key(use.slot)) return Ambiguous(use.span);
    }
  }
  Result<void> result;
  ForEachChild(expression->node, [&](const ExpressionPtr& child) {
    if (child && result.ok()) result = CheckGrouping(projection, uses, child);
  });
  return result;
}

Result<void> QueryBinder::BindOrder(const ast::Projection& projection,
                                    const std::vector<Variable>& next, Projection* out) {
  if (projection.order_by.empty()) return {};
  const auto aggregates =
      out->aggregates ? Place::Aggregates::kAllowed : Place::Aggregates::kForbidden;
  const Swap<Place> place_guard(place_, Place{aggregates, "ORDER BY"});
  Scope sort_scope(scope_);
  for (const auto& variable : next) sort_scope.Add(variable);
  for (const auto& item : projection.order_by) {
    KB_ASSIGN(ExpressionPtr key, BindAfterColumns(*item.expression, sort_scope, *out, {}));
    out->order_by.push_back({std::move(key), item.descending});
  }
  return {};
}

Result<ExpressionPtr> QueryBinder::BindAfterColumns(const ast::Expression& expression,
                                                    Scope& columns_scope,
                                                    const Projection& projection,
                                                    std::string_view condition_of) {
  const UseLog log(uses_);
  ExpressionPtr key;
  {
    const Swap<Scope*> scope_guard(scope_, &columns_scope);
    KB_ASSIGN(key, condition_of.empty() ? BindExpression(expression)
                                        : BindCondition(expression, condition_of));
  }
  if (!projection.aggregates && !projection.distinct) return key;
  ColumnReplacer replacer(projection.items, ContainsAggregate(*key));
  key = replacer.Replace(key);
  for (const auto& use : log.uses()) {
    const bool old =
        std::any_of(scope_->variables().begin(), scope_->variables().end(),
                    [&](const Variable& variable) { return variable.slot == use.slot; });
    const bool kept = std::any_of(projection.items.begin(), projection.items.end(),
                                  [&](const auto& item) { return item.slot == use.slot; });
    const bool replaced = std::any_of(replacer.replaced().begin(), replacer.replaced().end(),
                                      [&](Span span) { return Contains(span, use.span); });
    if (!old || kept || replaced) continue;
    Scope columns;
    for (const auto& item : projection.items) columns.Add({item.name, item.slot});
    return BindError("UndefinedVariable", use.span, "variable {} is not known any more after {}",
                     Quoted(use.name), projection.aggregates ? "aggregation" : "DISTINCT")
        .Hint(SuggestVariable(use.name, columns));
  }
  if (!replacer.ambiguous().empty()) return Ambiguous(replacer.ambiguous());
  return key;
}

Result<ExpressionPtr> QueryBinder::BindRowCount(const ast::ExpressionPtr& expression,
                                                std::string_view word) {
  if (!expression) return ExpressionPtr();
  const UseLog log(uses_);
  KB_ASSIGN(ExpressionPtr count, BindPlain(*expression, word));
  for (const auto& use : log.uses()) {
    const Variable* variable = scope_->Find(use.name);
    if (variable != nullptr && variable->slot == use.slot) {
      return BindError("NonConstantExpression", use.span,
                       "{} must be the same for all rows: it cannot use {}", word, Quoted(use.name))
          .Hint("use a number or a parameter");
    }
  }
  if (count->kinds == kNullKind || IsNever(count->kinds, kIntegerKind)) {
    return BindError("InvalidArgumentType", count->span, "{} needs an Integer, but this is {}",
                     word, DescribeWithArticle(count->kinds));
  }
  const auto* constant = std::get_if<Constant>(&count->node);
  if (constant != nullptr && constant->value.is_integer() && constant->value.integer() < 0) {
    return BindError("NegativeIntegerArgument", count->span, "{} cannot be negative", word);
  }
  return count;
}

}  // namespace kb::query::bind
