// The bound tree: what a statement means, once names are slots and ids and all compile-time rules
// hold. Other types than the AST's, so that nothing unbound can be planned.
//
// Slots: every variable of a statement (named or not, and every projected column) gets one slot
// number that is unique in the whole statement, subqueries included. A row of the executor is a
// column a slot; a subquery sees the slots of the queries around it. `WITH a` keeps a's slot, `WITH
// a AS b` or an expression makes a new one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "query/ast/expression.h"
#include "query/ast/pattern.h"
#include "query/ast/statement.h"
#include "query/functions/function.h"
#include "schema/ids.h"
#include "schema/value.h"

namespace kb::query::bind {

using functions::KindSet;
using schema::Direction;
using schema::Value;

using Slot = std::int32_t;
inline constexpr Slot kNoSlot = -1;

struct Expression;
/// Bound expressions are immutable and shared between passes.
using ExpressionPtr = std::shared_ptr<const Expression>;
struct Query;
using QueryPtr = std::shared_ptr<const Query>;

// --- Names that may not exist yet ---------------------------------------------------------------
/// Labels, types and keys are kept by name: a plan is built against a catalog version, and the
/// operators resolve names when they open (an unknown label matches nothing, a write makes it).
using NameList = std::vector<std::string>;

/// A label (or type) expression without syntax: names in and/or/not form.
struct LabelTest;
using LabelTestPtr = std::shared_ptr<const LabelTest>;
struct LabelTest {
  enum class Op : std::uint8_t { kName, kAny, kNot, kAnd, kOr };  // kAny: at least one label (%)
  Op op = Op::kName;
  std::string name;
  std::vector<LabelTestPtr> operands;
};

// --- Expressions --------------------------------------------------------------------------------
struct Constant {
  Value value;
};
struct Parameter {
  std::string name;
};
struct SlotRef {
  Slot slot;
  std::string name;
};
struct Property {
  ExpressionPtr subject;
  std::string key;
};
struct Subscript {
  ExpressionPtr subject;
  ExpressionPtr index;
};
struct Slice {
  ExpressionPtr subject;
  ExpressionPtr from;
  ExpressionPtr to;
};  // from, to may be null
struct ListOf {
  std::vector<ExpressionPtr> items;
};
struct MapOf {
  std::vector<std::pair<std::string, ExpressionPtr>> entries;
};
/// Map projection: the entries of `subject` (all, if `all_properties`), overridden by `entries`.
struct MapProjection {
  ExpressionPtr subject;
  bool all_properties = false;
  std::vector<std::pair<std::string, ExpressionPtr>> entries;
};
struct Unary {
  ast::UnaryOperator op;
  ExpressionPtr operand;
};
struct Binary {
  ast::BinaryOperator op;
  ExpressionPtr left;
  ExpressionPtr right;
};
/// One comparison; chains have been split with AND.
struct Comparison {
  ast::ComparisonOperator op;
  ExpressionPtr left;
  ExpressionPtr right;
};
struct IsNull {
  ExpressionPtr operand;
  bool negated;
};
/// On a node: labels; on a relationship: its type.
struct HasLabels {
  ExpressionPtr operand;
  LabelTestPtr test;
};
struct Call {
  const functions::Function* function;
  std::vector<ExpressionPtr> arguments;
};
struct Case {
  ExpressionPtr subject;  ///< May be null.
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> branches;
  ExpressionPtr otherwise;  ///< May be null.
};
struct ListComprehension {
  Slot variable;
  ExpressionPtr list;
  ExpressionPtr predicate;   ///< May be null.
  ExpressionPtr projection;  ///< May be null.
};
struct Quantifier {
  ast::QuantifierKind kind;
  Slot variable;
  ExpressionPtr list;
  ExpressionPtr predicate;
};
struct Reduce {
  Slot accumulator;
  ExpressionPtr initial;
  Slot variable;
  ExpressionPtr list;
  ExpressionPtr step;
  ExpressionPtr predicate;  ///< allReduce only, else null.
};
/// A path from the slots of its parts. A part is a node, a relationship, or a list of relationships
/// (variable length: the inner nodes follow from them).
struct PathOf {
  struct Part {
    Slot slot;
    bool is_node;
    bool is_list = false;
  };
  std::vector<Part> parts;
};
/// EXISTS { }, COUNT { }, COLLECT { }, pattern predicates and pattern comprehensions: a query run
/// for each row. `result` is the slot of the one column that kCollect gathers.
struct Subquery {
  ast::SubqueryKind kind;
  QueryPtr query;
  Slot result = kNoSlot;
};
/// An aggregate in a projection. Only the planner meets it: it becomes a slot.
struct Aggregate {
  const functions::Function* function;  ///< Null for count(*).
  std::vector<ExpressionPtr> arguments;
  bool distinct = false;
};

struct Expression {
  std::variant<Constant, Parameter, SlotRef, Property, Subscript, Slice, ListOf, MapOf,
               MapProjection, Unary, Binary, Comparison, IsNull, HasLabels, Call, Case,
               ListComprehension, Quantifier, Reduce, PathOf, Subquery, Aggregate>
      node;
  Span span;
  KindSet kinds = functions::kAnyKind;  ///< Kinds the value can have (null aside).
};

// --- Patterns -----------------------------------------------------------------------------------
struct PatternNode {
  Slot slot;
  std::string name;     ///< For plans; "" if anonymous.
  bool bound = false;   ///< Known from before this clause.
  LabelTestPtr labels;  ///< May be null.
  std::vector<std::pair<std::string, ExpressionPtr>> properties;
  ExpressionPtr properties_map;  ///< `(n $map)`; may be null.
  /// To create: texts, or lists of them, that give further labels.
  std::vector<ExpressionPtr> computed{};
};
struct Route;
struct PatternRelationship {
  Slot slot;  ///< The relationship, or the list of a variable-length one.
  std::string name;
  bool bound = false;
  std::size_t left = 0, right = 0;  ///< Indices into Pattern::nodes.
  Direction direction = Direction::kBoth;
  NameList types;          ///< Empty: any.
  LabelTestPtr type_test;  ///< Set instead of `types` for forms beyond A|B; may be null.
  std::vector<std::pair<std::string, ExpressionPtr>> properties;
  ExpressionPtr properties_map;
  std::vector<ExpressionPtr> computed{};  ///< To create: gives the type, instead of `types`.
  bool variable_length = false;
  std::uint64_t min = 1;
  std::optional<std::uint64_t> max;
  /// Quantified form `((a)-[r]->(b) WHERE …){m,n}`: for each end of a step that has a name or is
  /// asked for, its slot while one step is tested and the slot its list gets. The relationship is
  /// not among them: its list is `slot`, one step's is `step_relationship`. Empty for the older
  /// form.
  struct Group {
    Slot inner;
    Slot list;
    bool is_node;
    bool is_left;
  };
  std::vector<Group> groups;
  ExpressionPtr step_predicate;        ///< Over the inner slots; may be null.
  LabelTestPtr step_left, step_right;  ///< Labels of a step's ends; may be null.
  Slot step_relationship = kNoSlot;    ///< Inner slot of the relationship where predicates need it.
  /// A part of any other shape (route.h): then `slot` gets all relationships of the walk in order,
  /// and only `types` is set beside it. Null for a single relationship.
  std::shared_ptr<const Route> route;
};
struct PatternPath {
  Slot slot = kNoSlot;  ///< Of the path variable, if any.
  std::string name;
  PathOf path;
  ast::ShortestForm shortest = ast::ShortestForm::kNone;
  std::optional<ast::SelectorKind> selector;
  ExpressionPtr selector_count;
  /// Of `SHORTEST 2 (p = … WHERE …)`: which paths the selector may choose from. May be null.
  ExpressionPtr predicate;
  std::optional<ast::PathMode> mode;
  std::vector<std::size_t> relationships;  ///< Those of this part, in order.
  std::vector<std::size_t> nodes;
  /// Path variables of brackets within the part.
  struct Named {
    Slot slot;
    PathOf path;
  };
  std::vector<Named> named;
};
/// A graph of nodes and relationships to find (or make), with what must hold of them.
struct Pattern {
  std::vector<PatternNode> nodes;  ///< One entry a slot, however often it is mentioned.
  std::vector<PatternRelationship> relationships;
  std::vector<PatternPath> paths;  ///< One a comma-separated part, in order.
  bool different_relationships = true;
};

// --- Clauses ------------------------------------------------------------------------------------
/// Who says what a clause writes; all but the source may be null.
struct Evidence {
  ExpressionPtr source, grade, at, by, valid;
};
using EvidencePtr = std::shared_ptr<const Evidence>;

/// The view that a query reads, see ast::ViewClause. At the head of a statement its expressions
/// know no variables; in CALL they may use those of the rows outside.
struct ViewClause {
  ExpressionPtr system_time, valid_from, valid_to, sources;
  bool possibly = false;
  bool only = false;
  bool raw = false;
};
using ViewClausePtr = std::shared_ptr<const ViewClause>;

struct Match {
  bool optional;
  Pattern pattern;
  ExpressionPtr where;
};
struct Unwind {
  ExpressionPtr list;
  Slot slot;
  std::string name;
};
struct ProjectionItem {
  Slot slot;
  std::string name;
  ExpressionPtr expression;
};
struct SortItem {
  ExpressionPtr expression;
  bool descending = false;
};
/// WITH or RETURN. Sort expressions and `where` may use both the new slots and, unless DISTINCT or
/// aggregating, the old ones. With `aggregates`, items without an aggregate are the grouping keys.
struct Projection {
  std::vector<ProjectionItem> items;
  bool distinct = false;
  bool aggregates = false;
  std::vector<SortItem> order_by;
  ExpressionPtr skip, limit;  ///< May be null.
  ExpressionPtr where;        ///< May be null.
  bool is_return = false;
};
/// Only nodes and relationships that are not bound are made: first the nodes in their order, then
/// the relationships in theirs. A property may read what has been made before it.
struct Create {
  Pattern pattern;
  EvidencePtr evidence{};
};

struct SetProperty {
  ExpressionPtr target;
  std::string key;
  ExpressionPtr dynamic_key;
  ExpressionPtr value;
};
struct SetProperties {
  ExpressionPtr target;
  ExpressionPtr value;
  bool merge;
};
struct SetLabels {
  Slot slot;
  NameList labels;
  std::vector<ExpressionPtr> computed{};
};
struct RemoveLabels {
  Slot slot;
  NameList labels;
  std::vector<ExpressionPtr> computed{};
};
/// REMOVE n.x is SET n.x = null.
using SetItem = std::variant<SetProperty, SetProperties, SetLabels, RemoveLabels>;
struct Set {
  std::vector<SetItem> items;
  EvidencePtr evidence{};
};
struct Delete {
  bool detach;
  std::vector<ExpressionPtr> expressions;
};
struct Merge {
  Pattern pattern;
  std::vector<SetItem> on_create, on_match;
  EvidencePtr evidence{};
};
/// See ast::Amend. For a property `subject` is its element, and `key` or `dynamic_key` its name.
struct Amend {
  ast::AmendKind kind{};
  ExpressionPtr subject, other;
  ExpressionPtr because, by;  ///< May be null.
  std::string key{};
  ExpressionPtr dynamic_key{};
  EvidencePtr evidence{};
};
struct Clause;
struct Foreach {
  Slot variable;
  ExpressionPtr list;
  std::vector<Clause> body;
};

struct Procedure;  // query/algo/procedure.h
struct CallProcedure {
  bool optional = false;
  std::shared_ptr<const Procedure> procedure;
  std::vector<ExpressionPtr> arguments;
  /// Index of an output of the procedure, and its slot.
  std::vector<std::pair<std::size_t, Slot>> yields;
  ExpressionPtr where;
  bool standalone = false;
};
/// So many rows at a time, each batch committed by itself.
struct InTransactions {
  ExpressionPtr rows;  ///< Null: the usual number.
  ExpressionPtr
      concurrency;  ///< Checked, and otherwise up to us: a case has one writer. May be null.
  ast::OnError on_error = ast::OnError::kFail;
  Slot status = kNoSlot;  ///< Of the map that REPORT STATUS gives.
};
struct CallSubquery {
  bool optional = false;
  QueryPtr query;
  /// Unit subqueries (no RETURN) keep each row once.
  bool returns = true;
  std::optional<InTransactions> transactions;
};
struct LoadCsv {
  bool with_headers = false;
  ExpressionPtr source;
  ExpressionPtr terminator;  ///< May be null: a comma.
  Slot slot = kNoSlot;
};
struct Clause {
  std::variant<Match, Unwind, Projection, Create, Set, Delete, Merge, Foreach, CallProcedure,
               CallSubquery, LoadCsv, Amend>
      node;
  Span span;
};

struct Column {
  Slot slot;
  std::string name;
};
struct SingleQuery {
  std::vector<Clause> clauses;
  std::vector<Column> columns;  ///< Of its RETURN; empty without one.
};
struct Query {
  std::vector<SingleQuery> parts;
  std::vector<bool> union_all;
  /// The result: with UNION, slots of their own to which each part's columns are mapped by
  /// position.
  std::vector<Column> columns;
  bool writes = false;
  ViewClausePtr view{};  ///< May be null: the present.
};

/// An index over properties of the nodes with a label, or of the relationships of a type.
struct CreateIndex {
  ast::IndexKind kind = ast::IndexKind::kRange;
  std::string name;
  bool if_not_exists = false;
  bool on_relationships = false;
  std::string label;
  NameList keys;
  Span span;
};
struct DropIndex {
  std::string name;
  bool if_exists;
  Span span;
};
struct CreateConstraint {
  ast::ConstraintKind kind = ast::ConstraintKind::kUnique;
  std::string name;
  bool if_not_exists = false;
  bool on_relationships = false;
  std::string label;
  NameList keys;
  std::optional<schema::Type> type;
  Span span;
};
struct DropConstraint {
  std::string name;
  bool if_exists;
  Span span;
};

/// A name that a statement reads and the catalog does not know: nothing can match it.
struct UnknownName {
  enum class Sort : std::uint8_t { kLabel, kType, kLabelOrType, kKey } sort;
  std::string name;
  Span span;
};

struct Statement {
  ast::ExplainMode explain = ast::ExplainMode::kNone;
  std::variant<std::shared_ptr<const Query>, CreateIndex, DropIndex, CreateConstraint,
               DropConstraint>
      node;
  Slot slot_count = 0;  ///< Slots run from 0 to here; the planner adds its own behind.
  std::vector<std::string> slot_names;  ///< By slot, for plans; "" for anonymous ones.
  bool writes = false;
  bool in_transactions = false;         ///< Commits on the way: CALL { } IN TRANSACTIONS.
  std::vector<std::string> parameters;  ///< Named in the statement, each once.
  std::vector<Span> parameter_spans{};  ///< Where each is named first.
  /// Each once, in the order of the text; without those that the statement itself makes.
  std::vector<UnknownName> unknown_names{};
};

}  // namespace kb::query::bind
