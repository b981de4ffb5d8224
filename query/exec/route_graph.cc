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
  if (route.chronology) chronology_ = std::make_unique<Chronology>(runtime, *route.chronology);
  for (const Route::Scope& scope : route.scopes) {
    scope_chronologies_.push_back(
        scope.chronology ? std::make_unique<Chronology>(runtime, *scope.chronology) : nullptr);
  }
  if (route.by_grade) grades_ = std::make_unique<GradeFilter>(runtime);
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
  if (chronology_) KB_TRY(chronology_->Start());
  for (const auto& chronology : scope_chronologies_) {
    if (chronology) KB_TRY(chronology->Start());
  }
  if (grades_) grades_->Restart();
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

bool RouteGraph::CanMeet(const RoutePosition& here, const RoutePosition& there,
                         bool from_end) const {
  if (!CanMeetInRounds(here.state, here.count, there.count)) return false;
  if (grades_ && !here.is_weakest && !there.is_weakest) return false;
  if (here.time == Chronology::kNone || there.time == Chronology::kNone) return true;
  return from_end ? chronology_->MayFollow(here.time, there.time)
                  : chronology_->MayFollow(there.time, here.time);
}

bool RouteGraph::CanMeetInRounds(std::uint32_t state, std::uint32_t count,
                                 std::uint32_t other) const {
  const Rounds& rounds = rounds_[state];
  if (!rounds.is_counted) return true;
  const std::uint64_t all = std::uint64_t{count} + other - 1;
  return all >= rounds.min && (!rounds.max || all <= *rounds.max);
}

bool RouteGraph::Covers(const RoutePosition& known, const RoutePosition& position,
                        bool from_end) const {
  const bool in_rounds = known.count == position.count ||
                         (known.count < position.count && known.count >= rounds_[known.state].min);
  if (!in_rounds || (position.is_weakest && !known.is_weakest)) return false;
  return known.time == position.time || chronology_->Covers(known.time, position.time, from_end);
}

bool RouteGraph::StartAt(NodeId node, bool at_end, RoutePosition* start) {
  const std::size_t state = at_end ? Route::kEnd : Route::kStart;
  *start = {node, static_cast<std::uint32_t>(state), 0, Chronology::kNone, false};
  if (chronology_ && chronology_->over_nodes() && chronology_->TimeOf(node) == Chronology::kNone) {
    return false;
  }
  return !grades_ || grades_->Admits(storage::Entity::Of(node), &start->is_weakest);
}

/// Whether a step keeps to the order of times and to the grades that are asked for; notes in `to`
/// what the rest of the walk depends on.
bool RouteGraph::KeepsOrder(const RoutePosition& from, bool reversed, const Step& way,
                            RoutePosition* to) {
  if (chronology_) {
    const bool over_nodes = chronology_->over_nodes();
    const Chronology::Mark last = over_nodes ? chronology_->TimeOf(from.node) : from.time;
    const Chronology::Mark next =
        over_nodes ? chronology_->TimeOf(way.end) : chronology_->TimeOf(way.relationship);
    if (next == Chronology::kNone) return false;
    const bool is_first = !over_nodes && last == Chronology::kNone;
    if (!is_first &&
        !(reversed ? chronology_->MayFollow(next, last) : chronology_->MayFollow(last, next))) {
      return false;
    }
    if (!over_nodes) to->time = next;
  }
  to->is_weakest = from.is_weakest;
  return !grades_ || (grades_->Admits(storage::Entity::Of(way.relationship), &to->is_weakest) &&
                      grades_->Admits(storage::Entity::Of(way.end), &to->is_weakest));
}

Result<void> RouteGraph::HopsFrom(const RoutePosition& from, bool reversed,
                                  std::vector<RouteHop>* hops) {
  hops->clear();
  for (const Arc& arc : arcs_[reversed ? 1 : 0][from.state]) {
    RouteHop hop;
    hop.to = from;
    hop.to.state = arc.to;
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
      if (!KeepsOrder(from, reversed, way, &hop.to)) continue;
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
