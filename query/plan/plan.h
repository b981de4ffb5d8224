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
/// Nodes with `label` whose `key` equals `value` (or, with `is_list`, any element of it). With
/// `more_keys`, all these properties equal the elements of the list `value`, in order.
struct IndexSeek {
  Slot node;
  std::string label, key;
  ExpressionPtr value;
  bool is_list = false;
  NameList more_keys;
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
  /// Only relationships of one MATCH must differ: which it was, by relationship, where several are
  /// one pattern; empty: all of one.
  std::vector<std::uint32_t> clauses;

  std::uint32_t ClauseOf(std::size_t relationship) const {
    return clauses.empty() ? 0 : clauses[relationship];
  }
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
  /// Set by optimize: only which ends are reached matters (each end once a row).
  bool distinct_ends = false;
  // Only where `pattern` has a route (bind/route.h), a part of any shape:
  /// Chooses among the walks of each pair of ends; without one, all of them.
  std::optional<ast::SelectorKind> selector;
  ExpressionPtr count;          ///< k, or null.
  LabelTestPtr end_labels;      ///< Of `to`, tested on the way; may be null.
  ExpressionPtr end_predicate;  ///< Over `to`; may be null.
  /// Set by optimize: what must hold of each step (or of each but the first, and the one before it)
  /// is tested while walks grow. Slots in pattern order; those that it does not read are kNoSlot.
  struct StepTest {
    ExpressionPtr predicate;
    Slot earlier = kNoSlot, relationship = kNoSlot;
    Slot left = kNoSlot, right = kNoSlot;
  };
  std::vector<StepTest> tests;
  /// Set by optimize: the number of relationships of a walk, if something reads it.
  Slot length = kNoSlot;
  /// Set by optimize: neither the end nor the walk is read, only how many there are.
  bool count_only = false;
  /// Set by optimize: of each walk only its end and length are read, and how many there are with
  /// the same.
  bool merges_walks = false;
};
/// Trails that must be longer than 1 are searched by levels up to here: a few of them are kept for
/// each node, and how few grows with the length.
inline constexpr std::uint64_t kTrailsByLevelMax = 6;
/// Whether distinct ends are found by levels rather than among all walks: where nothing is asked of
/// the walk but its length, and that it is a trail (as the shortest walks are anyway). Beware of
/// the start itself: with min 1 it is an end only if a closed trail leads back to it within max,
/// and going out and back over one relationship (undirected) is no trail.
inline bool IsReach(const ExpandVariable& expand) {
  const bind::PatternRelationship& r = expand.pattern;
  const bool trail = expand.mode == ast::PathMode::kTrail;
  const bool near = r.min <= 1 && (trail || expand.mode == ast::PathMode::kWalk);
  const bool far = trail && r.max && *r.max <= kTrailsByLevelMax;
  return expand.distinct_ends && (near || far) && expand.different_from.empty() &&
         !r.step_predicate && !r.step_left && !r.step_right;
}
/// Shortest walks between bound ends (or from a bound end to all). Binds the relationships' list.
struct ShortestPath {
  Slot from, to;
  bind::PatternRelationship pattern;
  ast::SelectorKind selector = ast::SelectorKind::kAnyShortest;
  ExpressionPtr count;                    ///< k, or null.
  std::vector<ExpressionPtr> predicates;  ///< Must hold of the path while searching (legacy WHERE).
  Slot path = kNoSlot;                    ///< Bound for the predicates, if they need it.
  bind::PathOf path_parts;
  /// Set by optimize: the number of relationships of a walk, if something reads it.
  Slot length = kNoSlot;
  /// Set by optimize: of each walk only its length is read, and how many there are with the same.
  bool merges_walks = false;
};

// --- Counting -----------------------------------------------------------------------------------
/// One relationship of a part that is only counted, seen from an end that is known already.
struct CountLink {
  Slot from, to;
  Direction direction;  ///< As seen from `from`.
  NameList types;
  /// kTimes: each such relationship counts. kExists, kNone: there must be one, or none.
  enum class Use : std::uint8_t { kTimes, kExists, kNone } use = Use::kTimes;
  /// The neighbours of `from` are noted in a table while many candidates for `to` are asked.
  bool marks = false;
  /// More candidates are expected than there are such relationships: a table of all soon pays.
  bool pairs = false;
};
/// Another relationship of the same MATCH, found before, which this one must not be. The two can
/// be the same only if they have the same ends: `left` and `right` are those of the other.
struct CountConflict {
  std::size_t link = 0;  ///< 0: the link that leads to the node; i + 1: closing[i].
  Slot left, right;
  Direction direction;  ///< From left to right; kBoth: either way (and so is the link).
};
struct CountGroup;
/// A node that is not enumerated as a row: what is asked is only in how many ways it, and what
/// hangs on it, can be found once the nodes it is linked to are known.
struct CountNode {
  Slot node;
  bind::LabelTestPtr labels;       ///< May be null.
  ExpressionPtr predicate;         ///< Over this node alone; may be null.
  CountLink link;                  ///< Leads to it.
  std::vector<CountLink> closing;  ///< Further links from known nodes.
  std::vector<Slot> different;     ///< Known nodes that it must not be.
  std::vector<CountConflict> conflicts;
  std::vector<CountGroup> groups;  ///< What hangs on it.
  /// What hangs on each node of its labels is worked out once, before any row.
  bool ahead = false;
};
/// A product of numbers, and what is made of it.
struct CountGroup {
  enum class Use : std::uint8_t {
    kTimes,     ///< The number.
    kOptional,  ///< At least 1: OPTIONAL MATCH.
    kExists,    ///< 1 if there is any, else 0.
    kNone,      ///< 1 if there is none, else 0.
  } use = Use::kTimes;
  std::vector<CountNode> nodes;
};
/// Each row counts as often as the groups together can be found for it (Batch::multiplicity); rows
/// with none go. Gives no slots. Example: q.name and count(*) of (q)<-[:KNOWS]-()<-[:LIKES]-() is
/// a scan of q under CountMatches, and no row is made for the rest.
struct CountMatches {
  std::vector<CountGroup> groups;
};

// --- Rows ---------------------------------------------------------------------------------------
struct Filter {
  ExpressionPtr predicate;
};
/// Computes slots beside those that are there; `keep` (set by optimize) names those still needed.
struct Project {
  std::vector<std::pair<Slot, ExpressionPtr>> items;
};
/// One row for each element of a list, or, with `csv`, for each record of a file.
struct Unwind {
  ExpressionPtr list;  ///< Null with `csv`.
  Slot slot;
  std::optional<bind::LoadCsv> csv = {};
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
  ApplyKind kind = ApplyKind::kInner;
  std::vector<Slot> nulls;
  /// The right side runs for some rows at a time, and what it did is committed.
  std::optional<bind::InTransactions> transactions{};
  bind::ViewClausePtr view{};  ///< Of the right side; null: the view of the statement.
};
/// Pairs of rows of two independent inputs with equal keys.
struct HashJoin {
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> keys;
  /// A left row without a right one goes on once, `nulls` set to null.
  bool is_optional = false;
  std::vector<Slot> nulls = {};
};

// --- Writing ------------------------------------------------------------------------------------
/// All rows of the input before the first goes on: between reading and writing that could meet.
struct Eager {
  std::string reason;
};
struct Create {
  bind::Pattern pattern;
  std::vector<bind::PatternPath> paths;
  bind::EvidencePtr evidence{};
};
/// Right side: the match, over Argument. Rows for which it finds nothing are created.
struct Merge {
  bind::Merge merge;
};
struct SetItems {
  std::vector<bind::SetItem> items;
  bind::EvidencePtr evidence{};
};
struct Amend {
  bind::Amend clause;
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
               ExpandVariable, ShortestPath, CountMatches, Filter, Project, Unwind, Aggregate,
               Distinct, Sort, Skip, Limit, Union, Apply, HashJoin, Eager, Create, Merge, SetItems,
               Delete, Foreach, CallProcedure, Amend, Result>
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

/// Another: no node carries both labels.
struct LabelsApart {
  std::string first, second;
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
  std::vector<LabelsApart> labels_apart;  ///< Likewise.
  /// Some part of it runs on another view than the rest: nothing may rest on this view's counters.
  bool has_views = false;
};

}  // namespace kb::query::plan
