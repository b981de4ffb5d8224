// PathSearch: ExpandVariable for paths of any shape, by the automaton of their pattern.
//
// Without a selector, all walks depth first. With one, distances are measured from one end of the
// path, level by level; then the walks between it and each other end are taken from there in the
// order of their length, guided by the distances, until the selector has enough. Nothing is
// enumerated that is longer than what is chosen. By grade the same is done for the walks of the
// best grade first, and then for those that hold something of the next.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "query/exec/operators.h"
#include "query/exec/route_bindings.h"

namespace kb::query::exec {
namespace {

using ast::SelectorKind;
using bind::Route;

class PathSearch final : public FanOut {
 public:
  PathSearch(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : FanOut(runtime, op, Inputs(std::move(from))),
        node_(NodeOf<plan::ExpandVariable>()),
        route_(*node_.pattern.route),
        graph_(runtime, route_),
        distance_(graph_),
        walk_(graph_),
        bindings_(route_),
        columns_(node_.pattern, [this](Slot slot) { return IsLive(slot); }) {
    is_unbounded_ = std::any_of(route_.moves.begin(), route_.moves.end(), [](const auto& move) {
      return move.count == Route::Count::kAgain && !move.max;
    });
    graph_.SetEndTest(node_.reversed, node_.end_labels, node_.end_predicate, node_.to);
    walk_.SetScopeTest(
        [this](std::size_t scope, std::size_t first) { return HoldsInScope(scope, first); });
  }

  void Rewind() override {
    FanOut::Rewind();
    row_started_ = false;
    ends_.clear();
    columns_.Clear();
  }

 private:
  Result<void> StartBatch(const Batch& input) override {
    row_started_ = false;
    is_measured_ = false;
    count_ = 1;
    if (node_.count) {
      KB_ASSIGN(count_, runtime_.EvaluateCount(*node_.count, "a path selector"));
    }
    KB_TRY(ChooseAnchor(input));
    return graph_.StartBatch(input);
  }

  /// Distances are measured from the end that changes less often from row to row.
  Result<void> ChooseAnchor(const Batch& input) {
    anchors_far_ = false;
    if (!node_.into || !node_.selector) return {};
    std::uint32_t near_changes = 0, far_changes = 0;
    for (std::uint32_t row = 1; row < input.rows; ++row) {
      for (const bool far : {false, true}) {
        const Vector& column = input.column(far ? node_.to : node_.from);
        KB_ASSIGN(const NodeId before, NodeAt(column, row - 1));
        KB_ASSIGN(const NodeId now, NodeAt(column, row));
        if (before != now) ++(far ? far_changes : near_changes);
      }
    }
    anchors_far_ = far_changes < near_changes;
    return {};
  }

  Result<bool> FillRow(const Batch& input, std::uint32_t row) override {
    if (!row_started_) {
      KB_TRY(StartRow(input, row));
      row_started_ = true;
    }
    while (!is_done_) {
      if (Room() == 0) return false;
      KB_ASSIGN(const bool found, walk_.Next());
      if (!found) {
        KB_TRY(GoOn());
        continue;
      }
      KB_ASSIGN(const bool counts, Counts());
      if (!counts) continue;
      Emit(row);
      ends_.push_back(walk_.reversed() == node_.reversed ? walk_.end() : walk_.start().node);
      columns_.Add(&bindings_);
      ++taken_;
      if (node_.selector && !ByGroups() && HasEnough()) KB_TRY(NextPair());
    }
    row_started_ = false;
    return true;
  }

  Result<void> StartRow(const Batch& input, std::uint32_t row) {
    input_ = &input;
    row_ = row;
    trial_is_set_ = false;
    seen_.clear();
    is_done_ = true;
    KB_ASSIGN(from_, NodeAt(input.column(node_.from), row));
    if (from_ == schema::kNoNode) return {};
    to_ = schema::kNoNode;
    if (node_.into) {
      KB_ASSIGN(to_, NodeAt(input.column(node_.to), row));
      if (to_ == schema::kNoNode) return {};
    }
    graph_.StartRow(input, row);
    if (!node_.selector) {
      is_done_ = false;
      avoid_.clear();
      KB_TRY(CollectRelationships(input, row, node_.different_from, &avoid_));
      KB_ASSIGN(const RouteDistance* guide, GuideToEnd());
      return walk_.Start({from_, node_.reversed, to_, &avoid_, guide, RouteWalk::kAnyLength});
    }
    if (count_ == 0) return {};
    is_done_ = false;
    if (route_.by_grade) {
      graph_.grades()->SetCeiling(0);
      is_measured_ = false;
      progress_.clear();
      other_ = schema::kNoNode;
    }
    KB_TRY(Measure());
    next_end_ = 0;
    return NextPair();
  }

  /// Between two known ends, walks of any length are kept from going where the end is not reached.
  Result<const RouteDistance*> GuideToEnd() {
    if (!node_.into || !is_unbounded_) return nullptr;
    anchors_far_ = true;
    KB_TRY(Measure());
    while (!distance_.is_complete()) KB_TRY(distance_.Extend());
    return &distance_;
  }

  /// The distances serve all rows with the same anchor, unless conditions look at the row.
  Result<void> Measure() {
    const NodeId anchor = anchors_far_ ? to_ : from_;
    if (is_measured_ && anchor == anchor_ && !graph_.depends_on_row()) return {};
    anchor_ = anchor;
    is_measured_ = true;
    return distance_.Start(anchor, anchors_far_ != node_.reversed);
  }

  bool WantsAllShortest() const { return node_.selector == SelectorKind::kAllShortest; }
  bool ByGroups() const {
    return WantsAllShortest() || node_.selector == SelectorKind::kShortestGroups;
  }

  bool HasEnough() const {
    return ByGroups() ? groups_ == (WantsAllShortest() ? 1 : count_) : taken_ == count_;
  }

  /// Goes on to the next pair of ends, nearest first; by grade, to all of them again for the next
  /// grade, where those that lack walks go on with what they have.
  Result<void> NextPair() {
    if (route_.by_grade && other_ != schema::kNoNode) progress_[other_] = {taken_, groups_};
    while (true) {
      KB_ASSIGN(const bool found, NextEnd());
      if (found) {
        const auto known = progress_.find(other_);
        taken_ = known == progress_.end() ? 0 : known->second.taken;
        groups_ = known == progress_.end() ? 0 : known->second.groups;
        if (!HasEnough()) break;
        if (!node_.into) continue;
      }
      const bool is_last = found || !route_.by_grade;
      KB_ASSIGN(const bool goes_on, is_last ? Result<bool>(false) : NextGrade());
      if (!goes_on) {
        is_done_ = true;
        return {};
      }
    }
    length_ = 0;
    return WalkLength();
  }

  Result<bool> NextEnd() {
    if (node_.into) {
      if (next_end_++ > 0) return false;
      other_ = anchors_far_ ? from_ : to_;
      return true;
    }
    while (next_end_ == distance_.ends().size()) {
      if (distance_.is_complete()) return false;
      KB_TRY(distance_.Extend());
    }
    other_ = distance_.ends()[next_end_++];
    return true;
  }

  /// Which grade is next shows when everything is measured that can be reached without it.
  Result<bool> NextGrade() {
    while (!distance_.is_complete()) KB_TRY(distance_.Extend());
    const auto next = graph_.grades()->next();
    if (!next) return false;
    graph_.grades()->SetCeiling(*next);
    is_measured_ = false;
    next_end_ = 0;
    KB_TRY(Measure());
    return true;
  }

  /// Starts on the walks of the present length between the ends, or of the least that there is.
  Result<void> WalkLength() {
    const bool walks_back = anchors_far_ == node_.reversed;
    if (length_ == 0) {
      RoutePosition start;
      graph_.StartAt(other_, walks_back, &start);
      while (distance_.From(start) == RouteDistance::kFar && !distance_.is_complete()) {
        KB_TRY(distance_.Extend());
      }
      length_ = std::min<std::uint64_t>(distance_.From(start), distance_.level());
    }
    KB_TRY(distance_.ExtendTo(length_));
    last_taken_ = taken_;
    return walk_.Start({other_, walks_back, anchor_, nullptr, &distance_, length_});
  }

  /// All walks of one length have been seen.
  Result<void> GoOn() {
    if (!node_.selector) {
      is_done_ = true;
      return {};
    }
    if (taken_ != last_taken_) ++groups_;
    const bool enough = ByGroups() && HasEnough();
    if (enough || !walk_.is_cut()) return NextPair();
    KB_TRY(runtime_.CheckCancelled());
    ++length_;
    return WalkLength();
  }

  /// Whether the walk found satisfies the condition of the whole and is new. Reads its bindings.
  Result<bool> Counts() {
    if (!columns_.keeps_any() && !route_.predicate && !route_.is_distinct) return true;
    bindings_.ReadWhole(walk_);
    if (route_.predicate) {
      KB_ASSIGN(const bool holds, HoldsAsWhole());
      if (!holds) return false;
      bindings_.ReadWhole(walk_);
    }
    return !route_.is_distinct || seen_.insert(bindings_.Key()).second;
  }

  void SetTrial(Slot slot, Value value) {
    if (slot == bind::kNoSlot) return;
    std::vector<Value> values;
    values.push_back(std::move(value));
    SetValues(&trial_.column(slot), std::move(values));
  }

  void StartTrial() {
    if (trial_is_set_) return;
    const std::uint32_t rows[] = {row_};
    trial_.GatherFrom(*input_, rows, nullptr);
    EnsureSlots(&trial_, runtime_.slot_count());
    trial_.origin.clear();
    trial_is_set_ = true;
  }

  Result<bool> Holds(const bind::Expression& predicate) {
    selected_.clear();
    KB_TRY(eval::SelectRows(predicate, trial_, runtime_.eval(), &selected_));
    return !selected_.empty();
  }

  Result<bool> HoldsAsWhole() {
    StartTrial();
    for (std::size_t i = 0; i < route_.variables.size(); ++i) {
      SetTrial(route_.variables[i].slot, bindings_.Take(i));
    }
    SetTrial(route_.path_slot, bindings_.Path());
    SetTrial(node_.pattern.slot, bindings_.TakeRelationships());
    const bool from_near = walk_.reversed() == node_.reversed;
    SetNodes(&trial_.column(node_.from), {from_near ? walk_.start().node : walk_.end()});
    SetNodes(&trial_.column(node_.to), {from_near ? walk_.end() : walk_.start().node});
    return Holds(*route_.predicate);
  }

  Result<bool> HoldsInScope(std::size_t scope, std::size_t first) {
    StartTrial();
    bindings_.ReadScope(walk_, scope, first);
    for (std::size_t i = 0; i < route_.variables.size(); ++i) {
      if (route_.variables[i].quantified != route_.scopes[scope].quantified) continue;
      SetTrial(route_.variables[i].inner, bindings_.Take(i));
    }
    return Holds(*route_.scopes[scope].predicate);
  }

  void FinishBatch(Batch* out) override {
    if (!node_.into) SetNodes(&out->column(node_.to), ends_);
    ends_.clear();
    columns_.Finish(out);
  }

  const plan::ExpandVariable& node_;
  const Route& route_;
  RouteGraph graph_;
  RouteDistance distance_;
  RouteWalk walk_;
  RouteBindings bindings_;
  RouteColumns columns_;
  std::vector<NodeId> ends_;

  // The row at hand.
  const Batch* input_ = nullptr;
  std::uint32_t row_ = 0;
  bool row_started_ = false;
  bool is_done_ = false;
  NodeId from_ = schema::kNoNode, to_ = schema::kNoNode;
  std::vector<RelationshipRef> avoid_;
  std::unordered_set<std::string> seen_;
  Batch trial_;
  bool trial_is_set_ = false;
  std::vector<std::uint32_t> selected_;

  // The search of a selector.
  std::uint64_t count_ = 1;
  bool anchors_far_ = false;  ///< Distances are measured from `to`.
  bool is_unbounded_ = false;
  bool is_measured_ = false;
  NodeId anchor_ = schema::kNoNode;
  NodeId other_ = schema::kNoNode;
  std::size_t next_end_ = 0;
  std::uint64_t length_ = 0;
  std::uint64_t taken_ = 0, last_taken_ = 0;  ///< Of the present pair.
  std::uint64_t groups_ = 0;
  struct Progress {
    std::uint64_t taken = 0, groups = 0;
  };
  std::unordered_map<NodeId, Progress> progress_;  ///< By grade: of the pairs seen.
};

}  // namespace

OperatorPtr MakePathSearch(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<PathSearch>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
