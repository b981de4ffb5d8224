// The binder's own parts: one class, one statement. Its methods stand in bind_*.cc, by theme.
//
// It walks the statement once, clause by clause. `scope_` is what the clause at hand can see;
// `place_` says what an expression at hand may contain. Both are put back by the guards below, so
// that an early return leaves nothing behind.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/bind/binder.h"
#include "query/bind/bound.h"
#include "query/bind/name_log.h"
#include "query/bind/scope.h"
#include "query/bind/types.h"

namespace kb::query::bind {

/// A SyntaxError of the compile phase with the TCK's detail.
template <typename... Args>
Error BindError(std::string_view detail, Span span, fmt::format_string<Args...> format,
                Args&&... args) {
  return Error(ErrorCode::kSyntax, fmt::format(format, std::forward<Args>(args)...))
      .Detail(detail)
      .At(span)
      .During(Phase::kCompile);
}

/// A name in backquotes, as messages show it.
std::string Quoted(std::string_view name);

/// What stands around a query.
enum class QueryRole { kStatement, kCall, kExists, kCount, kCollect };

/// Sets a variable for the length of a block.
template <typename T>
class Swap {
 public:
  Swap(T& target, T value) : target_(target), old_(std::move(target)) {
    target_ = std::move(value);
  }
  ~Swap() { target_ = std::move(old_); }
  Swap(const Swap&) = delete;
  Swap& operator=(const Swap&) = delete;

 private:
  T& target_;
  T old_;
};

/// What the expression at hand may contain.
struct Place {
  enum class Aggregates { kForbidden, kAllowed, kInside };
  Aggregates aggregates = Aggregates::kForbidden;
  std::string_view name = "this clause";  ///< For messages.
};

/// One mention of a variable.
struct Use {
  Slot slot;
  std::string name;
  Span span;
};

/// Notes the mentions of variables for the length of a block, for this block and those around it.
class UseLog {
 public:
  explicit UseLog(std::vector<Use>*& current) : current_(current), outer_(current) {
    current_ = &uses_;
  }
  ~UseLog() {
    current_ = outer_;
    if (outer_ != nullptr) outer_->insert(outer_->end(), uses_.begin(), uses_.end());
  }
  UseLog(const UseLog&) = delete;
  UseLog& operator=(const UseLog&) = delete;

  const std::vector<Use>& uses() const { return uses_; }

 private:
  std::vector<Use>*& current_;
  std::vector<Use>* outer_;
  std::vector<Use> uses_;
};

/// One thread at a time; one statement each.
class QueryBinder {
 public:
  explicit QueryBinder(const Environment& environment)
      : environment_(environment), names_(environment.catalog) {}

  /// A whole statement's query.
  Result<QueryPtr> BindRoot(const ast::Query& query);
  /// SHOW is a query over the procedure that lists such things.
  Result<QueryPtr> BindShow(const ast::Show& show, Span span);
  /// Fills in what the statement says of its slots and parameters.
  void Finish(Statement* statement);

  // --- What all parts use ---------------------------------------------------------------------
  Slot NewSlot(std::string name, KindSet elements = functions::kAnyKind);
  /// The variable of this name, or UndefinedVariable.
  Result<const Variable*> Resolve(std::string_view name, Span span);
  /// Kinds of what is in the list that the expression gives.
  KindSet ElementKinds(const Expression& expression) const;
  const Scope& scope() const { return *scope_; }
  Scope& mutable_scope() { return *scope_; }
  Scope*& scope_pointer() { return scope_; }
  Place& place() { return place_; }
  /// For UseLog.
  std::vector<Use>*& uses() { return uses_; }
  NameLog& names() { return names_; }
  void AddParameter(const std::string& name, Span span);

  // --- Expressions (bind_expression.cc, bind_call.cc, bind_nested.cc) ---------------------------
  Result<ExpressionPtr> BindExpression(const ast::Expression& expression);
  /// A truth value: a pattern may stand here; what is certainly no truth value is an error.
  Result<ExpressionPtr> BindCondition(const ast::Expression& expression, std::string_view where);
  /// BindCondition in a clause's WHERE: no aggregates. Null gives null.
  Result<ExpressionPtr> BindWhere(const ast::ExpressionPtr& expression);
  /// BindExpression where no aggregate may stand; `name` is the clause.
  Result<ExpressionPtr> BindPlain(const ast::Expression& expression, std::string_view name);
  /// Whether `subject` has the labels (or the type), some of which an expression may give.
  Result<ExpressionPtr> BindLabelTest(const ExpressionPtr& subject,
                                      const ast::LabelExpressionPtr& labels);
  /// What gives names of labels (or a type) to write.
  Result<ExpressionPtr> BindComputed(const ast::LabelComputed& labels);

 private:
  /// A column that YIELD names is one of those that SHOW has.
  Result<void> CheckShown(const ast::Name& field, std::string_view word,
                          const Procedure& procedure) const;

  friend struct ExpressionVisitor;
  friend struct ClauseVisitor;

  /// What a query may do and what its RETURN must not call its columns.
  struct Frame {
    QueryRole role = QueryRole::kStatement;
    const Scope* outer = nullptr;    ///< What its clauses see all along.
    const Scope* imports = nullptr;  ///< What a leading WITH of CALL { } may import.
    const Scope* around = nullptr;   ///< Names that columns of CALL { } must not have.
  };

  // --- Queries (binder.cc) ----------------------------------------------------------------------
  Result<QueryPtr> BindQuery(const ast::Query& query, const Frame& frame);
  Result<SingleQuery> BindSingle(const ast::SingleQuery& single, const Frame& frame,
                                 bool standalone);
  Result<void> CheckComposition(const ast::SingleQuery& single) const;
  Result<void> CheckReadOnly(const ast::Clause& clause) const;
  /// Makes the parts' columns those of the first; `spans`: of the parts, `what`: for messages.
  Result<void> MatchColumns(std::span<const Span> spans, std::string_view what, Query* query);
  Result<void> BindClause(const ast::Clause& clause, std::vector<Clause>* out);

  // --- Reading (bind_read.cc, bind_procedure.cc) ------------------------------------------------
  Result<Match> BindMatch(const ast::Match& match);
  Result<Unwind> BindUnwind(const ast::Unwind& unwind);
  Result<CallSubquery> BindCallSubquery(const ast::CallSubquery& call, Span span);
  Result<InTransactions> BindInTransactions(const ast::InTransactions& in, Span span);
  Result<void> BindConditional(const ast::Conditional& conditional, Span span,
                               std::vector<Clause>* out);
  /// The query of one branch, behind the test that `number` is `wanted`.
  Result<SingleQuery> BindBranch(const ast::Query& query, const ExpressionPtr& number,
                                 std::int64_t wanted);
  Result<LoadCsv> BindLoadCsv(const ast::LoadCsv& load);
  /// The leading WITH of `CALL { WITH x … }`: true if it only imports.
  Result<bool> BindImport(const ast::With& with, const Scope& imports);
  Result<CallProcedure> BindCallProcedure(const ast::CallProcedure& call);
  Result<void> BindArguments(const ast::CallProcedure& call, CallProcedure* bound);
  Result<void> BindYields(const ast::CallProcedure& call, CallProcedure* bound);
  Result<void> Yield(CallProcedure* bound, std::size_t output, const ast::Name& name);
  /// Adds a variable that must be new here.
  Result<Slot> Declare(const ast::Name& name, KindSet kinds, KindSet elements);

  // --- WITH and RETURN (bind_projection.cc) -----------------------------------------------------
  Result<Projection> BindProjection(const ast::Projection& projection,
                                    const ast::ExpressionPtr& where, bool is_return);
  Result<void> BindItems(const ast::Projection& projection, Projection* out,
                         std::vector<Variable>* next);
  Result<void> BindItem(const ast::ProjectionItem& item, Projection* out,
                        std::vector<Variable>* next);
  Result<void> AddAllItems(const ast::Projection& projection, Projection* out,
                           std::vector<Variable>* next);
  Result<void> CheckGrouping(const Projection& projection, const std::vector<Use>& uses) const;
  Result<void> CheckGrouping(const Projection& projection, const std::vector<Use>& uses,
                             const ExpressionPtr& expression) const;
  Result<void> CheckNames(const ast::Projection& projection, const Projection& out) const;
  Result<void> BindOrder(const ast::Projection& projection, const std::vector<Variable>& next,
                         Projection* out);
  /// An expression that stands behind the columns, in ORDER BY or WHERE; `condition_of`: the clause
  /// whose condition it is, or "".
  Result<ExpressionPtr> BindAfterColumns(const ast::Expression& expression, Scope& columns_scope,
                                         const Projection& projection,
                                         std::string_view condition_of);
  Result<ExpressionPtr> BindRowCount(const ast::ExpressionPtr& expression, std::string_view word);

  // --- Writing (bind_write.cc) ------------------------------------------------------------------
  Result<Create> BindCreate(const ast::Create& create);
  Result<Merge> BindMerge(const ast::Merge& merge);
  Result<Set> BindSet(const ast::Set& set);
  Result<Set> BindRemove(const ast::Remove& remove);
  Result<std::vector<SetItem>> BindSetItems(const std::vector<ast::SetItem>& items);
  Result<std::vector<ExpressionPtr>> BindComputedLabels(
      const std::vector<ast::LabelComputed>& labels, std::string_view word);
  Result<SetProperty> BindPropertyTarget(const ast::Expression& target, std::string_view word);
  Result<ExpressionPtr> BindEntity(const ast::Name& name, KindSet allowed, std::string_view word);
  Result<Delete> BindDelete(const ast::Delete& clause);

  // --- Evidence and views (bind_evidence.cc) ----------------------------------------------------
  Result<EvidencePtr> BindEvidence(const ast::EvidencePtr& evidence, const char* clause);
  Result<Amend> BindAmend(const ast::Amend& clause);
  /// The view of a query: at the head of a statement, or of a CALL inside of `scope`.
  Result<ViewClausePtr> BindView(const ast::ViewClausePtr& view, QueryRole role);
  Result<Foreach> BindForeach(const ast::Foreach& foreach);

  // --- Expressions ------------------------------------------------------------------------------
  Result<ExpressionPtr> BindVariable(std::string_view name, Span span);
  Result<ExpressionPtr> BindInteger(std::string_view digits, bool negative, Span span);
  Result<ExpressionPtr> BindFloat(std::string_view digits, bool negative, Span span);
  Result<ExpressionPtr> BindList(const ast::ListLiteral& list, Span span);
  Result<ExpressionPtr> BindMap(const ast::MapLiteral& map, Span span);
  Result<ExpressionPtr> BindUnary(const ast::Unary& unary, Span span);
  Result<ExpressionPtr> BindBinary(const ast::Binary& binary, Span span);
  Result<ExpressionPtr> BindComparison(const ast::Comparison& comparison, Span span);
  Result<ExpressionPtr> BindIsTyped(const ast::IsTyped& test, Span span);
  Result<ExpressionPtr> BindHasLabels(const ast::HasLabels& test, Span span);
  Result<ExpressionPtr> BindProperty(const ast::Property& property, Span span);
  /// A key that is read of what is certainly a node or relationship.
  void NoteKey(KindSet subject, const ast::Name& key);
  Result<ExpressionPtr> BindSubscript(const ast::Subscript& subscript, Span span);
  Result<ExpressionPtr> BindSlice(const ast::Slice& slice, Span span);
  Result<ExpressionPtr> BindCase(const ast::Case& node, Span span);
  Result<ExpressionPtr> BindMapProjection(const ast::MapProjection& projection, Span span);
  Result<ExpressionPtr> BindOptional(const ast::ExpressionPtr& expression);

  Result<ExpressionPtr> BindCall(const ast::FunctionCall& call, Span span);
  Result<ExpressionPtr> BindExists(const ast::FunctionCall& call, Span span);
  Result<ExpressionPtr> BindAggregate(const ast::FunctionCall& call,
                                      const functions::Function* function, Span span);
  Result<std::vector<ExpressionPtr>> BindCallArguments(const ast::FunctionCall& call,
                                                       const functions::Function& function);

  Result<ExpressionPtr> BindListComprehension(const ast::ListComprehension& node, Span span);
  Result<ExpressionPtr> BindQuantifier(const ast::Quantifier& node, Span span);
  Result<ExpressionPtr> BindReduce(const ast::Reduce& node, Span span);
  Result<ExpressionPtr> BindIteratedList(const ast::Expression& list, std::string_view form);
  Result<ExpressionPtr> BindSubquery(const ast::SubqueryExpression& node, Span span);
  Result<ExpressionPtr> BindPatternPredicate(const ast::PatternPart& pattern, Span span);
  Result<ExpressionPtr> BindPatternComprehension(const ast::PatternComprehension& node, Span span);
  Result<ExpressionPtr> BindShortestPath(const ast::ShortestPathExpression& node, Span span);
  /// The place inside a comprehension: no aggregate but inside one that is around it.
  Place NestedPlace(std::string_view name) const;

  const Environment& environment_;
  Scope* scope_ = nullptr;
  Place place_;
  Frame frame_;
  bool standalone_ = false;           ///< The statement is one CALL.
  bool reading_only_ = false;         ///< Inside EXISTS, COUNT or COLLECT.
  std::vector<Use>* uses_ = nullptr;  ///< Where mentions are noted, if anyone asks.
  std::size_t write_count_ = 0;
  bool in_transactions_ = false;
  NameLog names_;

  std::vector<std::string> slot_names_;
  std::vector<KindSet> slot_elements_;
  std::vector<std::string> parameters_;
  std::vector<Span> parameter_spans_;
};

/// One expression node.
ExpressionPtr MakeExpression(decltype(Expression::node) node, Span span,
                             KindSet kinds = functions::kAnyKind);
ExpressionPtr MakeConstant(Value value, Span span);
/// Both must hold; either may be null.
ExpressionPtr Conjoin(ExpressionPtr left, ExpressionPtr right);
/// All must hold; null for none. The tree stays low however many there are.
ExpressionPtr ConjoinAll(std::span<const ExpressionPtr> conditions);
/// The test without syntax; null gives null. Nothing in it is computed.
LabelTestPtr MakeLabelTest(const ast::LabelExpressionPtr& labels);

/// What must hold of labels, all of it: by name alone (null for nothing), and with expressions.
struct LabelParts {
  ast::LabelExpressionPtr named;
  std::vector<ast::LabelExpressionPtr> computed;
};
LabelParts SplitLabels(const ast::LabelExpressionPtr& labels);
/// An error if part of it is computed: `where` that cannot be.
Result<void> NeedNames(
    const ast::LabelExpressionPtr& labels, std::string_view where,
    std::string_view hint = "hasLabels(element, names) in a WHERE tests what an expression gives");

}  // namespace kb::query::bind
