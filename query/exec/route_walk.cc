#include "query/exec/route_walk.h"

#include <algorithm>
#include <iterator>

namespace kb::query::exec {

using bind::Route;

Result<void> RouteWalk::Start(const Task& task) {
  task_ = task;
  const bool may_start = graph_.StartAt(task.from, task.reversed, &start_);
  walk_.Start(task.from);
  hops_.clear();
  undo_.clear();
  open_.clear();
  depth_ = 0;
  is_cut_ = has_match_ = false;
  if (!may_start) return {};
  if (task.guide != nullptr) {
    const std::uint64_t rest = task.guide->From(start_);
    if (rest == RouteDistance::kFar || rest > task.length) {
      is_cut_ = rest != RouteDistance::kFar || !task.guide->is_complete();
      return {};
    }
  }
  return OpenFrame();
}

Result<void> RouteWalk::OpenFrame() {
  if (depth_ == frames_.size()) frames_.emplace_back();
  Frame& frame = frames_[depth_++];
  frame.at = 0;
  const RoutePosition& here = hops_.empty() ? start_ : hops_.back().to;
  return graph_.HopsFrom(here, task_.reversed, &frame.hops);
}

Result<bool> RouteWalk::Next() {
  if (has_match_) {
    // The last hop led to the far end, where no way leads on.
    has_match_ = false;
    Undo_();
  }
  while (depth_ > 0) {
    if ((++count_ & 0xFFF) == 0) KB_TRY(graph_.runtime().CheckCancelled());
    Frame& frame = frames_[depth_ - 1];
    if (frame.at == frame.hops.size()) {
      if (--depth_ > 0) Undo_();
      continue;
    }
    const RouteHop hop = frame.hops[frame.at++];
    if (!IsWithinLength(hop) || (hop.is_step && !MayStep(hop))) continue;
    KB_ASSIGN(const bool taken, Take(hop));
    if (!taken) continue;
    const std::size_t far_end = task_.reversed ? Route::kStart : Route::kEnd;
    if (hop.to.state != far_end) {
      KB_TRY(OpenFrame());
    } else if (IsMatch()) {
      has_match_ = true;
      return true;
    } else {
      Undo_();
    }
  }
  return false;
}

bool RouteWalk::IsMatch() const {
  if (!graph_.MayEnd(hops_.back().to)) return false;
  if (task_.to != schema::kNoNode && end() != task_.to) return false;
  return task_.length == kAnyLength || walk_.size() == task_.length;
}

/// With a guide: whether the far end can be reached from behind the hop in what is left.
bool RouteWalk::IsWithinLength(const RouteHop& hop) {
  if (task_.guide == nullptr) return true;
  const std::uint64_t rest = task_.guide->From(hop.to);
  if (rest == RouteDistance::kFar) {
    if (!task_.guide->is_complete()) is_cut_ = true;
    return false;
  }
  if (task_.length == kAnyLength) return true;
  const std::uint64_t length = walk_.size() + (hop.is_step ? 1 : 0) + rest;
  if (length <= task_.length) return true;
  is_cut_ = true;
  return false;
}

bool RouteWalk::MayStep(const RouteHop& hop) const {
  const Step step{hop.relationship, hop.to.node};
  if (!Allows(graph_.route().mode, walk_, step)) return false;
  if (task_.avoid != nullptr &&
      std::find(task_.avoid->begin(), task_.avoid->end(), hop.relationship) != task_.avoid->end()) {
    return false;
  }
  return std::all_of(open_.begin(), open_.end(),
                     [&](const Open& open) { return AllowsInScope(open, hop); });
}

/// Whether what was walked inside of brackets goes on in the order of times that they ask for.
bool RouteWalk::IsInOrder(const Open& open, const RouteHop& hop) const {
  Chronology* chronology = graph_.chronology(open.scope);
  if (chronology == nullptr) return true;
  Chronology::Mark last = Chronology::kNone;
  Chronology::Mark next = Chronology::kNone;
  if (chronology->over_nodes()) {
    last = chronology->TimeOf(end());
    next = chronology->TimeOf(hop.to.node);
  } else {
    const auto first = hops_.begin() + static_cast<std::ptrdiff_t>(open.first);
    const auto taken = std::find_if(hops_.rbegin(), std::make_reverse_iterator(first),
                                    [](const RouteHop& earlier) { return earlier.is_step; });
    next = chronology->TimeOf(hop.relationship);
    if (taken == std::make_reverse_iterator(first)) return next != Chronology::kNone;
    last = chronology->TimeOf(taken->relationship);
  }
  return task_.reversed ? chronology->MayFollow(next, last) : chronology->MayFollow(last, next);
}

/// A mode of brackets looks at what was walked since they were opened.
bool RouteWalk::AllowsInScope(const Open& open, const RouteHop& hop) const {
  if (!IsInOrder(open, hop)) return false;
  const auto& mode = graph_.route().scopes[open.scope].mode;
  if (!mode) return true;
  const NodeId first = hops_[open.first].to.node;
  if (*mode == ast::PathMode::kSimple) {
    const bool closed =
        end() == first &&
        std::any_of(hops_.begin() + static_cast<std::ptrdiff_t>(open.first), hops_.end(),
                    [](const RouteHop& taken) { return taken.is_step; });
    if (closed) return false;
    if (hop.to.node == first) return true;
  }
  return std::none_of(hops_.begin() + static_cast<std::ptrdiff_t>(open.first), hops_.end(),
                      [&](const RouteHop& taken) { return taken.to.node == hop.to.node; });
}

/// Takes the hop unless the condition of brackets that it closes fails.
Result<bool> RouteWalk::Take(const RouteHop& hop) {
  Undo undo;
  std::size_t opens = Route::kNone;
  if (!hop.is_step) {
    const Route::Move& move = graph_.route().moves[hop.index];
    const std::size_t closes = task_.reversed ? move.opens : move.closes;
    opens = task_.reversed ? move.closes : move.opens;
    if (closes != Route::kNone) {
      undo.closed = true;
      undo.was = open_.back();
      if (scope_test_ && graph_.route().scopes[closes].predicate) {
        KB_ASSIGN(const bool holds, scope_test_(closes, undo.was.first));
        if (!holds) return false;
      }
      open_.pop_back();
    }
  }
  if (opens != Route::kNone) {
    undo.opened = true;
    open_.push_back({opens, hops_.size()});
  }
  hops_.push_back(hop);
  undo_.push_back(undo);
  if (hop.is_step) walk_.Push({hop.relationship, hop.to.node});
  return true;
}

void RouteWalk::Undo_() {
  if (hops_.back().is_step) walk_.Pop();
  const Undo& undo = undo_.back();
  if (undo.opened) open_.pop_back();
  if (undo.closed) open_.push_back(undo.was);
  hops_.pop_back();
  undo_.pop_back();
}

}  // namespace kb::query::exec
