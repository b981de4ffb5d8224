// OrderedWalks: how many walks lead from a node to each other one, by their length, where every
// step must stand in order behind the one before it, as in
//
//   all(i IN range(1, size(r) - 1) WHERE r[i - 1].date < r[i].date)
//   … AND r[i].date - r[i - 1].date < $window
//
// No walk is made. Whether a step may follow depends on the last step alone, so walks of one length
// that end with the same value at the same node are one entry with their number, and what may go on
// by a step is a stretch of a node's entries sorted by value: the work is that of looking at each
// step once a length, however many walks go through it (dynamic programming over the steps). Few
// entries are not sorted, but looked through for each step.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "query/exec/node_places.h"
#include "query/exec/runtime.h"
#include "query/exec/steps.h"
#include "query/plan/plan.h"
#include "storage/blocks.h"

namespace kb::query::exec {

class OrderedWalks {
 public:
  using StepTest = plan::ExpandVariable::StepTest;

  /// For a pattern whose only test is such an order; nothing if it is another. The walks of a trail
  /// must rise (or fall) with each step, so that none can come twice.
  static std::optional<OrderedWalks> Of(const plan::ExpandVariable& expand);

  /// Before the rest, and again where another view is read. False if the windows are no integers:
  /// then walks have to be made and tested.
  Result<bool> Prepare(Runtime& runtime, const Steps& steps);

  /// Begins with the walks of one step from a node. False if a value that was met is no integer
  /// (or a very large one): then they have to be made and tested. Error: cancelled.
  Result<bool> Start(NodeId from);
  /// Goes on to the walks that are a step longer; false as above. Errors: cancelled, and more walks
  /// than can be counted.
  Result<bool> Lengthen();

  std::uint64_t length() const { return length_; }
  /// Where walks of this length end, each once, and how many do.
  const std::vector<NodeId>& ends() const { return ends_; }
  const std::vector<std::uint64_t>& numbers() const { return numbers_; }
  /// Whether no walk can be longer.
  bool is_done() const { return entries_.empty(); }

 private:
  /// A limit on how far the value before may be from the value behind it.
  struct Bound {
    ast::ComparisonOperator op;
    bind::ExpressionPtr distance;  ///< Null: 0.
    bool is_turned;                ///< It limits value behind - value before.
  };
  struct Entry {
    std::uint32_t end;  ///< Its place in ends_.
    std::int64_t value;
    std::uint64_t number;
  };
  /// A step on from a node.
  struct Way {
    NodeId end;
    const std::int64_t* value;  ///< Null: none.
  };
  explicit OrderedWalks(const plan::ExpandVariable& expand) : expand_(&expand) {}

  bool AddTerm(const bind::Expression& term, bind::Slot before, bind::Slot behind);
  bool SetKey(const std::string& key);
  bool Narrow(const Bound& bound, std::int64_t distance);
  void FindWays(NodeId from);
  void FindWays(const storage::Slice& slice, NodeId left_out, storage::Blocks* values);
  std::uint32_t AddEnd(NodeId end, std::uint64_t number);
  void Clear();
  void GatherByEnd();
  void SortStretch(std::size_t begin, std::size_t end);
  void LengthenFrom(NodeId from, std::size_t begin, std::size_t end);
  std::uint64_t NumberBetween(std::size_t begin, std::size_t end, std::int64_t least,
                              std::int64_t most) const;

  const plan::ExpandVariable* expand_;
  std::string key_name_;
  std::vector<Bound> bounds_;
  std::int64_t least_ = 0, most_ = 0;  ///< How far the value before may be from the one behind.

  Runtime* runtime_ = nullptr;
  const Steps* steps_ = nullptr;
  /// By type; nothing if nobody has the key.
  std::vector<std::pair<schema::TypeId, storage::Blocks>> values_;
  storage::Blocks no_values_;

  std::uint64_t length_ = 0;
  std::vector<Entry> entries_;
  std::vector<NodeId> froms_;                ///< The ends of the length before, and …
  std::vector<std::size_t> begins_;          ///< … where the entries of each begin in …
  std::vector<std::int64_t> before_values_;  ///< … these, one beside the other.
  std::vector<std::uint64_t> before_numbers_;
  std::vector<std::pair<std::int64_t, std::uint64_t>> stretch_;
  std::vector<Way> ways_;
  NodePlaces places_;  ///< In ends_.
  std::vector<NodeId> ends_;
  std::vector<std::uint64_t> numbers_;
  bool is_integer_ = true;
  bool overflowed_ = false;
};

}  // namespace kb::query::exec
