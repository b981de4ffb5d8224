// RouteGraph: the product of the graph and a route, in which the searches walk: from where one
// stands to the hops that the pattern allows there, in either direction.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "query/bind/route.h"
#include "query/exec/chronology.h"
#include "query/exec/grade_filter.h"
#include "query/exec/steps.h"

namespace kb::query::exec {

/// Where a search stands: a node, a state of the route, and in which round of a quantified part;
/// of a walk whose relationships are in order, the time of the last one too: how far the walk can
/// still go depends on it, so a node may have to be visited again at a better time.
struct RoutePosition {
  NodeId node = schema::kNoNode;
  std::uint32_t state = 0;
  std::uint32_t count = 0;
  Chronology::Mark time = Chronology::kNone;
  bool is_weakest = false;  ///< By grade: something on the way is as weak as may be.
};

/// One way on: over a relationship, or a move at the same node.
struct RouteHop {
  RoutePosition to;
  std::uint32_t index = 0;  ///< Of the step or the move.
  bool is_step = false;
  RelationshipRef relationship{};
};

/// One thread. Borrows the route and the runtime.
class RouteGraph {
 public:
  RouteGraph(Runtime& runtime, const bind::Route& route);

  Result<void> StartBatch(const Batch& input);
  void StartRow(const Batch& input, std::uint32_t row);
  /// What must hold of the node at the end or, if `at_start`, at the start of the route; may be
  /// null.
  void SetEndTest(bool at_start, const bind::LabelTestPtr& labels,
                  const bind::ExpressionPtr& predicate, Slot slot);

  const bind::Route& route() const { return route_; }
  Runtime& runtime() { return runtime_; }
  /// Whether the ways on depend on the row around the pattern.
  bool depends_on_row() const { return depends_on_row_; }

  /// Where a walk from this end of the route stands at first; false: it cannot start there.
  bool StartAt(NodeId node, bool at_end, RoutePosition* start);

  /// Replaces `hops` by the ways on. `reversed`: from the end of the route to its start.
  Result<void> HopsFrom(const RoutePosition& from, bool reversed, std::vector<RouteHop>* hops);

  /// Whether a walk that came to `here` can be joined with one from the other side that came to
  /// `there`, the same node and state. `from_end`: it is the other one that came from the end.
  bool CanMeet(const RoutePosition& here, const RoutePosition& there, bool from_end) const;
  /// Whether whoever stands at `known` can go on wherever one at `position` can; both have the same
  /// node and state and came from the same end.
  bool Covers(const RoutePosition& known, const RoutePosition& position, bool from_end) const;
  /// Whether a walk that came to the far end is one of those looked for.
  bool MayEnd(const RoutePosition& position) const {
    return grades_ == nullptr || position.is_weakest;
  }

  /// Null where times do not count; of a scope, for what is inside its brackets.
  Chronology* chronology(std::size_t scope) { return scope_chronologies_[scope].get(); }
  /// Set for a route by grade.
  GradeFilter* grades() { return grades_.get(); }

 private:
  struct Arc {
    std::uint32_t index;
    std::uint32_t to;
    bool is_step;
  };
  /// The bounds of the quantified part that a state is in.
  struct Rounds {
    bool is_counted = false;
    std::uint64_t min = 0;
    std::optional<std::uint64_t> max;
  };

  void FindRounds();
  bool CanMeetInRounds(std::uint32_t state, std::uint32_t count, std::uint32_t other) const;
  bool KeepsOrder(const RoutePosition& from, bool reversed, const Step& way, RoutePosition* to);
  bool Move(const bind::Route::Move& move, bool reversed, RoutePosition* position) const;
  Result<bool> Admits(std::uint32_t state, NodeId node);
  Result<bool> Test(std::uint32_t state, NodeId node);

  Runtime& runtime_;
  const bind::Route& route_;
  std::vector<Steps> steps_;
  std::vector<std::vector<Arc>> arcs_[2];  ///< Forward and reversed, by state.
  std::vector<Rounds> rounds_;
  std::unique_ptr<Chronology> chronology_;
  std::vector<std::unique_ptr<Chronology>> scope_chronologies_;
  std::unique_ptr<GradeFilter> grades_;
  /// What is tested of nodes by state; the ends' tests are set from outside.
  struct NodeTest {
    bind::LabelTestPtr labels;
    bind::ExpressionPtr predicate;
    Slot slot = bind::kNoSlot;
  };
  std::vector<NodeTest> tests_;
  std::unordered_map<std::uint64_t, bool> known_;  ///< Outcome of predicates by state and node.
  bool depends_on_row_ = false;
  const Batch* input_ = nullptr;
  std::uint32_t row_ = 0;
  Batch trial_;
  bool trial_is_set_ = false;
  std::vector<Step> ways_;
};

}  // namespace kb::query::exec
