// MATCH, UNWIND, CALL { }, WHEN … THEN … ELSE and LOAD CSV.
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
  if (call.transactions) {
    KB_ASSIGN(bound.transactions, BindInTransactions(*call.transactions, span));
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
  bound.returns = !bound.query->columns.empty();
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
  if (call.transactions && call.transactions->status) {
    KB_ASSIGN(bound.transactions->status,
              Declare(*call.transactions->status, kMapKind, functions::kAnyKind));
  }
  return bound;
}

Result<InTransactions> QueryBinder::BindInTransactions(const ast::InTransactions& in, Span span) {
  if (frame_.role != QueryRole::kStatement) {
    return BindError("InvalidClauseComposition", span,
                     "IN TRANSACTIONS stands only at the top of a statement")
        .Hint("take it out of the CALL { } around it");
  }
  if (write_count_ != 0) {
    return BindError("InvalidClauseComposition", span,
                     "a clause that writes cannot stand before CALL {{ }} IN TRANSACTIONS")
        .Hint(
            "what it wrote would be committed with the first rows: make it a statement of its "
            "own");
  }
  in_transactions_ = true;
  // A statement that commits on the way holds the writer's turn, whatever it does.
  ++write_count_;
  InTransactions bound;
  bound.on_error = in.on_error;
  KB_ASSIGN(bound.rows, BindRowCount(in.rows, "OF … ROWS"));
  KB_ASSIGN(bound.concurrency, BindRowCount(in.concurrency, "IN … CONCURRENT TRANSACTIONS"));
  return bound;
}

/// `WHEN c1 THEN q1 WHEN c2 THEN q2 ELSE q3` is a union of the queries, each behind a test that its
/// condition is the first to hold.
Result<void> QueryBinder::BindConditional(const ast::Conditional& conditional, Span span,
                                          std::vector<Clause>* out) {
  Case first_true;
  std::vector<const ast::Query*> queries;
  for (const auto& [condition, query] : conditional.branches) {
    KB_ASSIGN(ExpressionPtr bound, BindCondition(*condition, "WHEN"));
    const auto number = static_cast<std::int64_t>(queries.size());
    first_true.branches.emplace_back(std::move(bound), MakeConstant(Value::Integer(number), span));
    queries.push_back(query.get());
  }
  const auto rest = static_cast<std::int64_t>(queries.size());
  first_true.otherwise = MakeConstant(Value::Integer(rest), span);
  if (conditional.otherwise) queries.push_back(conditional.otherwise.get());
  const ExpressionPtr number = MakeExpression(std::move(first_true), span, kIntegerKind);
  auto all = std::make_shared<Query>();
  const std::size_t writes_before = write_count_;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    KB_ASSIGN(SingleQuery part, BindBranch(*queries[i], number, static_cast<std::int64_t>(i)));
    all->parts.push_back(std::move(part));
  }
  all->union_all.assign(queries.size() - 1, true);
  std::vector<Span> spans;
  for (const ast::Query* query : queries) spans.push_back(query->span);
  KB_TRY(MatchColumns(spans, "the queries behind THEN and ELSE", all.get()));
  all->writes = write_count_ != writes_before;
  CallSubquery call;
  call.returns = !all->columns.empty();
  Projection result;
  result.is_return = true;
  for (const auto& column : all->columns) {
    ExpressionPtr value = MakeExpression(SlotRef{column.slot, column.name}, span);
    result.items.push_back({column.slot, column.name, std::move(value)});
  }
  call.query = std::move(all);
  out->push_back(Clause{std::move(call), span});
  if (!result.items.empty()) out->push_back(Clause{std::move(result), span});
  return {};
}

Result<SingleQuery> QueryBinder::BindBranch(const ast::Query& query, const ExpressionPtr& number,
                                            std::int64_t wanted) {
  Frame frame;
  frame.role = QueryRole::kCall;
  frame.outer = scope_;
  Projection guard;
  guard.where = MakeExpression(Comparison{ast::ComparisonOperator::kEqual, number,
                                          MakeConstant(Value::Integer(wanted), query.span)},
                               query.span, kBooleanKind);
  CallSubquery call;
  {
    const Swap<Place> place_guard(place_, Place{});
    KB_ASSIGN(call.query, BindQuery(query, frame));
  }
  call.returns = !call.query->columns.empty();
  SingleQuery part;
  part.columns = call.query->columns;
  part.clauses.push_back(Clause{std::move(guard), query.span});
  part.clauses.push_back(Clause{std::move(call), query.span});
  return part;
}

Result<LoadCsv> QueryBinder::BindLoadCsv(const ast::LoadCsv& load) {
  LoadCsv bound;
  bound.with_headers = load.with_headers;
  KB_ASSIGN(bound.source, BindPlain(*load.source, "LOAD CSV"));
  if (IsNever(bound.source->kinds, kStringKind)) {
    return BindError("InvalidArgumentType", bound.source->span,
                     "LOAD CSV reads from a file's name, but this is {}",
                     DescribeWithArticle(bound.source->kinds));
  }
  if (load.field_terminator) {
    KB_ASSIGN(bound.terminator, BindPlain(*load.field_terminator, "FIELDTERMINATOR"));
    if (IsNever(bound.terminator->kinds, kStringKind)) {
      return BindError("InvalidArgumentType", bound.terminator->span,
                       "FIELDTERMINATOR is one character, but this is {}",
                       DescribeWithArticle(bound.terminator->kinds));
    }
  }
  KB_ASSIGN(bound.slot,
            Declare(load.variable, load.with_headers ? kMapKind : kListKind, functions::kAnyKind));
  return bound;
}

}  // namespace kb::query::bind
