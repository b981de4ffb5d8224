// The logical plan: one tree of plain structs, printed by EXPLAIN, rewritten by query/optimize,
// built into operators by query/exec.
//
// Rows flow from the leaves to the root; a row is a set of slots (query/bind/bound.h) that have
// values. An operator adds slots to the rows of its input, or drops rows; Project, Aggregate and
// Distinct also say which slots go on. Example, for
//   MATCH (p:Person)-[:KNOWS]->(q) WHERE p.age > 30 RETURN q.name
//
//   Result q.name
//   └─ Project q.name
//      └─ Expand (p)-[:KNOWS]->(q)
//         └─ Filter p.age > 30
//            └─ NodeScan p:Person
//
// Subplans (the right side of Apply, the query of a subquery expression) begin with Argument: the
// rows of the plan around them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "query/bind/bound.h"
#include "query/bind/route.h"

namespace kb::query::plan {

using bind::ExpressionPtr;
using bind::kNoSlot;
using bind::LabelTestPtr;
using bind::NameList;
using bind::Slot;
using schema::Direction;

struct Operator;
using OperatorPtr = std::unique_ptr<Operator>;

// --- Leaves -------------------------------------------------------------------------------------
/// The rows around a subplan; at the bottom of a statement one row without slots.
struct Argument {};
/// No row at all.
struct Empty {};

// The sources of nodes have an input (Argument where they stand first): for each of its rows they
// give one row a node.
struct NodeScan {
  Slot node;
  std::string label;  ///< "" for all nodes. Further labels are tested by a Filter above.
};
/// Nodes with `label` whose `key` equals `value` (or, with `is_list`, any element of it).
struct IndexSeek {
  Slot node;
  std::string label, key;
  ExpressionPtr value;
  bool is_list = false;
};
struct IndexRange {
  Slot node;
  std::string label, key;
  ExpressionPtr lower, upper;  ///< May be null.
  bool lower_inclusive = true, upper_inclusive = true;
  ExpressionPtr prefix;  ///< STARTS WITH; excludes the others.
};
/// The node whose id() equals `value` (or any element of a list).
struct IdSeek {
  Slot node;
  ExpressionPtr value;
  bool is_list = false;
};

// --- Patterns -----------------------------------------------------------------------------------
/// A pattern not yet ordered: what the planner makes of MATCH. The pass order_joins replaces it by
/// scans, seeks, expansions and filters. `predicates` are conjuncts, each to be tested as early as
/// its slots are there. `bound` slots come from the input. `seeks`: ways to find a node by an index
/// or its id, found by the pass use_index.
struct Seek {
  std::size_t node = 0;  ///< Index into pattern.nodes.
  std::variant<IndexSeek, IndexRange, IdSeek> leaf;
  std::vector<std::size_t> predicates;  ///< Those that the seek answers in full.
  double rows = 1;                      ///< Expected for one input row.
};
struct MatchPattern {
  bind::Pattern pattern;
  std::vector<ExpressionPtr> predicates;
  std::vector<Seek> seeks;
};
/// For each row, the relationships of `from`: binds `relationship` and `to`; with `into`, `to` is
/// bound already and must be the other end. `different_from`: relationship slots (or lists of them)
/// of the same MATCH that must not be the same relationship. A bound `relationship` is checked.
struct Expand {
  Slot from, relationship, to;
  Direction direction;
  NameList types;
  bool into = false;
  bool relationship_bound = false;
  std::vector<Slot> different_from;
  /// Set by optimize: the slot is not used above, so it need not be materialised.
  bool drop_relationship = false;
  /// Set by optimize: only the number of matches matters; rows get a multiplicity instead of slots.
  bool count_only = false;
  std::string to_label;  ///< Tested on the fly; "" = none.
};
/// Variable length: `relationships` becomes the list in pattern order. Trails unless `mode` says
/// otherwise. `pattern` holds bounds, types, properties, groups and step predicates.
struct ExpandVariable {
  Slot from, to;
  bind::PatternRelationship pattern;
  bool reversed = false;  ///< Walked from the pattern's right end: the list is turned round.
  bool into = false;
  std::vector<Slot> different_from;
  ast::PathMode mode = ast::PathMode::kTrail;
  /// Set by optimize: only which ends are reached matters (each end once a row). Beware of the
  /// start itself: with min 1 it is an end only if a closed trail leads back to it within max, and
  /// going out and back over one relationship (undirected) is no trail.
  bool distinct_ends = false;
  // Only where `pattern` has a route (bind/route.h), a part of any shape:
  /// Chooses among the walks of each pair of ends; without one, all of them.
  std::optional<ast::SelectorKind> selector;
  ExpressionPtr count;          ///< k, or null.
  LabelTestPtr end_labels;      ///< Of `to`, tested on the way; may be null.
  ExpressionPtr end_predicate;  ///< Over `to`; may be null.
};
/// Shortest walks between bound ends (or from a bound end to all). Binds the relationships' list.
struct ShortestPath {
  Slot from, to;
  bind::PatternRelationship pattern;
  ast::SelectorKind selector = ast::SelectorKind::kAnyShortest;
  ExpressionPtr count;                    ///< k, or null.
  std::vector<ExpressionPtr> predicates;  ///< Must hold of the path while searching (legacy WHERE).
  Slot path = kNoSlot;                    ///< Bound for the predicates, if they need it.
  bind::PathOf path_parts;
};

// --- Rows ---------------------------------------------------------------------------------------
struct Filter {
  ExpressionPtr predicate;
};
/// Computes slots beside those that are there; `keep` (set by optimize) names those still needed.
struct Project {
  std::vector<std::pair<Slot, ExpressionPtr>> items;
};
struct Unwind {
  ExpressionPtr list;
  Slot slot;
};
struct Aggregate {
  struct Item {
    Slot slot;
    bind::Aggregate call;
  };
  std::vector<std::pair<Slot, ExpressionPtr>> keys;  ///< None: one row, even of no input.
  std::vector<Item> aggregates;
};
struct Distinct {
  std::vector<Slot> slots;
};
struct Sort {
  struct Key {
    ExpressionPtr expression;
    bool descending;
  };
  std::vector<Key> keys;
  ExpressionPtr limit;  ///< Set by optimize: only the first so many rows are needed. May be null.
};
struct Skip {
  ExpressionPtr count;
};
struct Limit {
  ExpressionPtr count;
};
/// Left and right give the same columns in slots of their own; both are mapped to `slots`.
struct Union {
  std::vector<Slot> slots, left, right;
};

// --- Combination --------------------------------------------------------------------------------
enum class ApplyKind : std::uint8_t {
  kInner,     ///< Each left row with each row the right gives for it.
  kOptional,  ///< A left row without a right one goes on once, `nulls` set to null.
  kUnit,      ///< The right runs for its effects; left rows go on once each.
};
struct Apply {
  ApplyKind kind;
  std::vector<Slot> nulls;
};
/// Pairs of rows of two independent inputs with equal keys.
struct HashJoin {
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> keys;
};

// --- Writing ------------------------------------------------------------------------------------
/// All rows of the input before the first goes on: between reading and writing that could meet.
struct Eager {
  std::string reason;
};
struct Create {
  bind::Pattern pattern;
  std::vector<bind::PatternPath> paths;
};
/// Right side: the match, over Argument. Rows for which it finds nothing are created.
struct Merge {
  bind::Merge merge;
};
struct SetItems {
  std::vector<bind::SetItem> items;
};
struct Delete {
  bind::Delete clause;
};
/// Right side: the body, over Argument with `variable` bound to each element.
struct Foreach {
  Slot variable;
  ExpressionPtr list;
};
struct CallProcedure {
  bind::CallProcedure call;
};

/// The root: the columns of the answer, in order (none: the statement only writes).
struct Result {
  std::vector<bind::Column> columns;
};

struct Operator {
  std::variant<Argument, Empty, NodeScan, IndexSeek, IndexRange, IdSeek, MatchPattern, Expand,
               ExpandVariable, ShortestPath, Filter, Project, Unwind, Aggregate, Distinct, Sort,
               Skip, Limit, Union, Apply, HashJoin, Eager, Create, Merge, SetItems, Delete, Foreach,
               CallProcedure, Result>
      node;
  /// Inputs: none for leaves; [input]; [left, right] for Union, Apply, HashJoin, Merge, Foreach.
  std::vector<OperatorPtr> inputs;
  /// Slots that operators above still read, known after prune_columns; empty optional: all.
  std::optional<std::vector<Slot>> live;
  double estimated_rows = 0;
};

/// Subqueries inside expressions are planned ahead; the executor finds them by their bound query.
struct SubqueryPlan {
  const bind::Query* query = nullptr;
  OperatorPtr root;  ///< Ends with Result.
  /// Only operators that treat each outer row by itself without gathering several of them: then the
  /// executor runs it over a whole batch at once.
  bool batchable = false;
};

/// A fact of the data: each relationship of these types ends, that way, at a node with the label.
struct EndLabel {
  NameList types;
  schema::Direction direction = schema::Direction::kOut;
  std::string label;
};

struct Plan {
  OperatorPtr root;
  std::vector<SubqueryPlan> subqueries;
  std::shared_ptr<const bind::Statement> statement;  ///< Keeps bound queries alive.
  Slot slot_count = 0;
  std::vector<std::string> slot_names;
  bool writes = false;
  /// What the plan takes for granted of the data it was made for. It serves another view only where
  /// all of it holds, too (optimize::Holds).
  std::vector<EndLabel> assumptions;
};

}  // namespace kb::query::plan
