#include "query/exec/route_graph.h"

#include <algorithm>
#include <limits>

#include "query/plan/walk.h"

namespace kb::query::exec {
namespace {

using bind::Route;
using Count = Route::Count;

/// Whether a condition reads a slot that the route itself does not fill.
bool ReadsRow(const bind::Expression& condition, const std::vector<Slot>& inner) {
  for (const Slot slot : plan::SlotsOf(condition)) {
    if (std::find(inner.begin(), inner.end(), slot) == inner.end()) return true;
  }
  return false;
}

/// Rounds are counted no further than it matters: to the upper bound, or else to the lower.
std::uint32_t Highest(std::uint64_t min, const std::optional<std::uint64_t>& max) {
  const std::uint64_t highest = max ? *max : std::max<std::uint64_t>(min, 1);
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(highest, std::numeric_limits<std::uint32_t>::max() - 1));
}

}  // namespace

RouteGraph::RouteGraph(Runtime& runtime, const Route& route) : runtime_(runtime), route_(route) {
  for (auto& arcs : arcs_) arcs.resize(route.states.size());
  const auto index = [](std::size_t i) { return static_cast<std::uint32_t>(i); };
  for (std::size_t i = 0; i < route.steps.size(); ++i) {
    const Route::Step& step = route.steps[i];
    steps_.emplace_back(runtime, step.relationship);
    arcs_[0][step.from].push_back({index(i), index(step.to), true});
    arcs_[1][step.to].push_back({index(i), index(step.from), true});
  }
  for (std::size_t i = 0; i < route.moves.size(); ++i) {
    const Route::Move& move = route.moves[i];
    arcs_[0][move.from].push_back({index(i), index(move.to), false});
    arcs_[1][move.to].push_back({index(i), index(move.from), false});
  }
  for (const Route::State& state : route.states) {
    tests_.push_back({state.labels, state.predicate, state.inner});
  }
  FindRounds();
  std::vector<Slot> inner;
  bind::ForEachInnerSlot(route, [&](Slot slot) { inner.push_back(slot); });
  for (const Route::Step& step : route.steps) {
    depends_on_row_ = depends_on_row_ || !step.relationship.properties.empty();
  }
  bind::ForEachRouteCondition(route, [&](const bind::ExpressionPtr& condition) {
    depends_on_row_ = depends_on_row_ || ReadsRow(*condition, inner);
  });
}

void RouteGraph::FindRounds() {
  rounds_.resize(route_.states.size());
  std::vector<std::size_t> waiting;
  for (const Route::Move& enter : route_.moves) {
    if (enter.count != Count::kEnter) continue;
    waiting.assign(1, enter.to);
    while (!waiting.empty()) {
      const std::size_t state = waiting.back();
      waiting.pop_back();
      if (rounds_[state].is_counted) continue;
      rounds_[state] = {true, enter.min, enter.max};
      for (const Arc& arc : arcs_[0][state]) {
        if (arc.is_step || route_.moves[arc.index].count == Count::kKeep) waiting.push_back(arc.to);
      }
    }
  }
}

Result<void> RouteGraph::StartBatch(const Batch& input) {
  known_.clear();
  for (Steps& steps : steps_) KB_TRY(steps.StartBatch(input));
  return {};
}

void RouteGraph::StartRow(const Batch& input, std::uint32_t row) {
  input_ = &input;
  row_ = row;
  trial_is_set_ = false;
  if (depends_on_row_) known_.clear();
  for (Steps& steps : steps_) steps.StartRow(input, row);
}

void RouteGraph::SetEndTest(bool at_start, const bind::LabelTestPtr& labels,
                            const bind::ExpressionPtr& predicate, Slot slot) {
  tests_[at_start ? Route::kStart : Route::kEnd] = {labels, predicate, slot};
  if (predicate && ReadsRow(*predicate, {slot})) depends_on_row_ = true;
}

bool RouteGraph::Move(const Route::Move& move, bool reversed, RoutePosition* position) const {
  const Count count = !reversed                     ? move.count
                      : move.count == Count::kEnter ? Count::kLeave
                      : move.count == Count::kLeave ? Count::kEnter
                                                    : move.count;
  switch (count) {
    case Count::kKeep:
      return true;
    case Count::kEnter:
      position->count = 1;
      return !move.max || *move.max >= std::max<std::uint64_t>(move.min, 1);
    case Count::kAgain:
      if (move.max && position->count >= *move.max) return false;
      position->count = std::min(position->count + 1, Highest(move.min, move.max));
      return true;
    case Count::kLeave:
      if (position->count < move.min) return false;
      position->count = 0;
      return true;
  }
  return false;
}

bool RouteGraph::CanMeet(std::uint32_t state, std::uint32_t count, std::uint32_t other) const {
  const Rounds& rounds = rounds_[state];
  if (!rounds.is_counted) return true;
  const std::uint64_t all = std::uint64_t{count} + other - 1;
  return all >= rounds.min && (!rounds.max || all <= *rounds.max);
}

bool RouteGraph::Covers(std::uint32_t state, std::uint32_t known, std::uint32_t count) const {
  return known == count || (known < count && known >= rounds_[state].min);
}

Result<void> RouteGraph::HopsFrom(const RoutePosition& from, bool reversed,
                                  std::vector<RouteHop>* hops) {
  hops->clear();
  for (const Arc& arc : arcs_[reversed ? 1 : 0][from.state]) {
    RouteHop hop;
    hop.to = {from.node, arc.to, from.count};
    hop.index = arc.index;
    hop.is_step = arc.is_step;
    if (!arc.is_step) {
      if (!Move(route_.moves[arc.index], reversed, &hop.to)) continue;
      KB_ASSIGN(const bool admits, Admits(arc.to, from.node));
      if (admits) hops->push_back(hop);
      continue;
    }
    KB_TRY(steps_[arc.index].From(from.node, reversed, &ways_));
    for (const Step& way : ways_) {
      KB_ASSIGN(const bool admits, Admits(arc.to, way.end));
      if (!admits) continue;
      hop.to.node = way.end;
      hop.relationship = way.relationship;
      hops->push_back(hop);
    }
  }
  return {};
}

Result<bool> RouteGraph::Admits(std::uint32_t state, NodeId node) {
  const NodeTest& test = tests_[state];
  if (test.labels && !Matches(*test.labels, runtime_.view(), node)) return false;
  if (!test.predicate) return true;
  const std::uint64_t key = std::uint64_t{state} << 32 | schema::Raw(node);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  KB_ASSIGN(const bool holds, Test(state, node));
  known_.emplace(key, holds);
  return holds;
}

Result<bool> RouteGraph::Test(std::uint32_t state, NodeId node) {
  if (!trial_is_set_) {
    const std::uint32_t rows[] = {row_};
    trial_.GatherFrom(*input_, rows, nullptr);
    EnsureSlots(&trial_, runtime_.slot_count());
    trial_.origin.clear();
    trial_is_set_ = true;
  }
  if (tests_[state].slot != bind::kNoSlot) SetNodes(&trial_.column(tests_[state].slot), {node});
  std::vector<std::uint32_t> selected;
  KB_TRY(eval::SelectRows(*tests_[state].predicate, trial_, runtime_.eval(), &selected));
  return !selected.empty();
}

}  // namespace kb::query::exec
