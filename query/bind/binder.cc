// Statements and queries: clauses in order, UNION, and what may follow what.
#include "query/bind/binder.h"

#include <algorithm>

#include "query/bind/bind_schema.h"
#include "query/bind/query_binder.h"

namespace kb::query::bind {
namespace {

template <typename T>
bool Is(const ast::Clause& clause) {
  return std::holds_alternative<T>(clause.node);
}

bool IsUpdating(const ast::Clause& clause) {
  return Is<ast::Create>(clause) || Is<ast::Set>(clause) || Is<ast::Remove>(clause) ||
         Is<ast::Delete>(clause) || Is<ast::Merge>(clause) || Is<ast::Foreach>(clause) ||
         Is<ast::Amend>(clause);
}

Error Composition(Span span, std::string message) {
  return Error(ErrorCode::kSyntax, std::move(message)).Detail("InvalidClauseComposition").At(span);
}

bool EndsWithReturn(const ast::SingleQuery& single) {
  return !single.clauses.empty() &&
         (Is<ast::Return>(single.clauses.back()) || Is<ast::Conditional>(single.clauses.back()));
}

}  // namespace

Slot QueryBinder::NewSlot(std::string name, KindSet elements) {
  slot_names_.push_back(std::move(name));
  slot_elements_.push_back(elements);
  return static_cast<Slot>(slot_names_.size() - 1);
}

void QueryBinder::AddParameter(const std::string& name, Span span) {
  if (std::find(parameters_.begin(), parameters_.end(), name) != parameters_.end()) return;
  parameters_.push_back(name);
  parameter_spans_.push_back(span);
}

void QueryBinder::Finish(Statement* statement) {
  statement->slot_count = static_cast<Slot>(slot_names_.size());
  statement->slot_names = std::move(slot_names_);
  statement->parameters = std::move(parameters_);
  statement->parameter_spans = std::move(parameter_spans_);
  statement->writes = write_count_ != 0;
  statement->in_transactions = in_transactions_;
  statement->unknown_names = names_.Take();
}

Result<QueryPtr> QueryBinder::BindRoot(const ast::Query& query) {
  return BindQuery(query, Frame{});
}

Result<QueryPtr> QueryBinder::BindQuery(const ast::Query& query, const Frame& frame) {
  auto bound = std::make_shared<Query>();
  const std::size_t writes_before = write_count_;
  const bool standalone = frame.role == QueryRole::kStatement && query.parts.size() == 1 &&
                          query.parts[0].clauses.size() == 1;
  bound->union_all = query.union_all;
  KB_ASSIGN(bound->view, BindView(query.view, frame.role));
  for (std::size_t i = 1; i < query.union_all.size(); ++i) {
    if (query.union_all[i] != query.union_all[0]) {
      return Composition(query.parts[i + 1].span, "UNION and UNION ALL cannot stand in one query")
          .Hint("put one of them into a subquery: CALL { … UNION … }");
    }
  }
  for (const auto& part : query.parts) {
    KB_ASSIGN(SingleQuery single, BindSingle(part, frame, standalone));
    bound->parts.push_back(std::move(single));
  }
  std::vector<Span> spans;
  for (const auto& part : query.parts) spans.push_back(part.span);
  KB_TRY(MatchColumns(spans, "the parts of a UNION", bound.get()));
  bound->writes = write_count_ != writes_before;
  if (bound->view && bound->writes) {
    return Composition(query.view->span, "only the present can be written, no other view")
        .Hint("leave the view out, or read it in CALL { } and write outside");
  }
  return QueryPtr(std::move(bound));
}

/// Every part must give the columns of the first, in any order; with UNION the result has slots of
/// its own.
Result<void> QueryBinder::MatchColumns(std::span<const Span> spans, std::string_view what,
                                       Query* query) {
  query->columns = query->parts[0].columns;
  if (query->parts.size() == 1) return {};
  for (std::size_t i = 1; i < query->parts.size(); ++i) {
    std::vector<Column> ordered;
    for (const auto& wanted : query->columns) {
      const auto& columns = query->parts[i].columns;
      const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& column) {
        return column.name == wanted.name;
      });
      if (found != columns.end()) ordered.push_back(*found);
    }
    if (ordered.size() != query->columns.size() ||
        ordered.size() != query->parts[i].columns.size()) {
      return BindError("DifferentColumnsInUnion", spans[i], "{} must give the same columns", what)
          .Hint("name the columns alike with AS");
    }
    query->parts[i].columns = std::move(ordered);
  }
  for (auto& column : query->columns) column.slot = NewSlot(column.name);
  return {};
}

Result<SingleQuery> QueryBinder::BindSingle(const ast::SingleQuery& single, const Frame& frame,
                                            bool standalone) {
  const Swap<Frame> frame_guard(frame_, frame);
  const Swap<bool> standalone_guard(standalone_, standalone);
  KB_TRY(CheckComposition(single));
  Scope scope(frame.outer);
  const Swap<Scope*> scope_guard(scope_, &scope);
  SingleQuery bound;
  for (std::size_t i = 0; i < single.clauses.size(); ++i) {
    const ast::Clause& clause = single.clauses[i];
    if (reading_only_) KB_TRY(CheckReadOnly(clause));
    const auto* with = std::get_if<ast::With>(&clause.node);
    if (i == 0 && with != nullptr && frame.imports != nullptr) {
      KB_ASSIGN(const bool only_imports, BindImport(*with, *frame.imports));
      if (only_imports) continue;
    }
    KB_TRY(BindClause(clause, &bound.clauses));
  }
  if (bound.clauses.empty()) return bound;
  const auto& last = bound.clauses.back().node;
  if (const auto* projection = std::get_if<Projection>(&last);
      projection && projection->is_return) {
    for (const auto& item : projection->items) bound.columns.push_back({item.slot, item.name});
  } else if (const auto* call = std::get_if<CallProcedure>(&last); call && call->standalone) {
    for (const auto& variable : scope.variables()) {
      bound.columns.push_back({variable.slot, variable.name});
    }
  }
  return bound;
}

Result<void> QueryBinder::CheckReadOnly(const ast::Clause& clause) const {
  if (IsUpdating(clause)) {
    return Composition(clause.span, "a subquery in an expression can only read");
  }
  return {};
}

Result<void> QueryBinder::CheckComposition(const ast::SingleQuery& single) const {
  const auto& clauses = single.clauses;
  for (std::size_t i = 0; i + 1 < clauses.size(); ++i) {
    if (Is<ast::Return>(clauses[i]) || Is<ast::Finish>(clauses[i])) {
      return Composition(clauses[i + 1].span, Is<ast::Return>(clauses[i])
                                                  ? "nothing can follow RETURN"
                                                  : "nothing can follow FINISH")
          .Hint("WITH hands results on to the next clause");
    }
  }
  const ast::Clause& last = clauses.back();
  switch (frame_.role) {
    case QueryRole::kExists:
    case QueryRole::kCount:
      return {};
    case QueryRole::kCollect:
      if (!EndsWithReturn(single)) {
        return Composition(last.span, "the query of COLLECT must end with RETURN");
      }
      return {};
    case QueryRole::kStatement:
    case QueryRole::kCall:
      break;
  }
  const bool ends = EndsWithReturn(single) || Is<ast::Finish>(last) || IsUpdating(last) ||
                    Is<ast::CallProcedure>(last) || Is<ast::CallSubquery>(last);
  if (!ends) {
    return Composition(last.span, "a query cannot end with this clause")
        .Hint("end it with RETURN, with a clause that writes, or with FINISH");
  }
  return {};
}

/// Sends each clause to the method that binds it.
struct ClauseVisitor {
  QueryBinder& binder;
  Span span;
  std::vector<Clause>* out;
  using Done = Result<void>;

  template <typename T>
  Done Push(Result<T> bound) const {
    if (!bound.ok()) return std::move(bound).error();
    out->push_back(Clause{std::move(bound).value(), span});
    return {};
  }
  template <typename T>
  Done Write(Result<T> bound) const {
    ++binder.write_count_;
    return Push(std::move(bound));
  }

  Done operator()(const ast::Match& c) const { return Push(binder.BindMatch(c)); }
  Done operator()(const ast::Unwind& c) const { return Push(binder.BindUnwind(c)); }
  Done operator()(const ast::With& c) const {
    return Push(binder.BindProjection(c.projection, c.where, false));
  }
  Done operator()(const ast::Return& c) const {
    return Push(binder.BindProjection(c.projection, nullptr, true));
  }
  Done operator()(const ast::Finish&) const { return {}; }
  Done operator()(const ast::Create& c) const { return Write(binder.BindCreate(c)); }
  Done operator()(const ast::Set& c) const { return Write(binder.BindSet(c)); }
  Done operator()(const ast::Remove& c) const { return Write(binder.BindRemove(c)); }
  Done operator()(const ast::Delete& c) const { return Write(binder.BindDelete(c)); }
  Done operator()(const ast::Merge& c) const { return Write(binder.BindMerge(c)); }
  Done operator()(const ast::Foreach& c) const { return Write(binder.BindForeach(c)); }
  Done operator()(const ast::Amend& c) const { return Write(binder.BindAmend(c)); }
  Done operator()(const ast::CallProcedure& c) const { return Push(binder.BindCallProcedure(c)); }
  Done operator()(const ast::CallSubquery& c) const {
    return Push(binder.BindCallSubquery(c, span));
  }
  Done operator()(const ast::Conditional& c) const { return binder.BindConditional(c, span, out); }
  Done operator()(const ast::LoadCsv& c) const { return Push(binder.BindLoadCsv(c)); }
};

Result<void> QueryBinder::BindClause(const ast::Clause& clause, std::vector<Clause>* out) {
  return std::visit(ClauseVisitor{*this, clause.span, out}, clause.node);
}

namespace {

Result<std::shared_ptr<const Statement>> BindNode(const ast::Statement& statement,
                                                  const Environment& environment) {
  auto bound = std::make_shared<Statement>();
  bound->explain = statement.explain;
  QueryBinder binder(environment);
  if (const auto* query = std::get_if<ast::Query>(&statement.node)) {
    KB_ASSIGN(bound->node, binder.BindRoot(*query));
    binder.Finish(bound.get());
  } else if (const auto* show = std::get_if<ast::Show>(&statement.node)) {
    KB_ASSIGN(bound->node, binder.BindShow(*show, statement.span));
    binder.Finish(bound.get());
  } else {
    KB_TRY(BindSchema(statement, bound.get()));
  }
  return std::shared_ptr<const Statement>(std::move(bound));
}

}  // namespace

Result<std::shared_ptr<const Statement>> Bind(const ast::Statement& statement,
                                              const Environment& environment) {
  auto bound = BindNode(statement, environment);
  if (!bound.ok()) bound.error().During(Phase::kCompile);
  return bound;
}

}  // namespace kb::query::bind
