#include "query/exec/walk.h"

#include <algorithm>

namespace kb::query::exec {

void Walk::Start(NodeId from) {
  from_ = from;
  steps_.clear();
  far_relationships_.clear();
  far_nodes_.clear();
}

void Walk::Push(const Step& step) {
  if (steps_.size() >= kSearched) {
    far_relationships_.insert(step.relationship.id());
    far_nodes_.insert(schema::Raw(step.end));
  }
  steps_.push_back(step);
}

void Walk::Pop() {
  const Step& last = steps_.back();
  if (steps_.size() > kSearched) {
    // A walk that repeats a relationship may lose it here too early; only trails ask.
    far_relationships_.erase(last.relationship.id());
    far_nodes_.erase(far_nodes_.find(schema::Raw(last.end)));
  }
  steps_.pop_back();
}

bool Walk::Has(const RelationshipRef& ref) const {
  const auto near_end =
      steps_.begin() + static_cast<std::ptrdiff_t>(std::min(steps_.size(), kSearched));
  return std::any_of(steps_.begin(), near_end,
                     [&](const Step& step) { return step.relationship == ref; }) ||
         (steps_.size() > kSearched && far_relationships_.contains(ref.id()));
}

bool Walk::Has(NodeId node) const {
  if (node == from_) return true;
  const auto near_end =
      steps_.begin() + static_cast<std::ptrdiff_t>(std::min(steps_.size(), kSearched));
  return std::any_of(steps_.begin(), near_end,
                     [&](const Step& step) { return step.end == node; }) ||
         (steps_.size() > kSearched && far_nodes_.contains(schema::Raw(node)));
}

bool Allows(ast::PathMode mode, const Walk& walk, const Step& step) {
  switch (mode) {
    case ast::PathMode::kWalk:
      return true;
    case ast::PathMode::kTrail:
      return !walk.Has(step.relationship);
    case ast::PathMode::kAcyclic:
      return !walk.Has(step.end);
    case ast::PathMode::kSimple:
      // Only the start may come again, and then the walk is over.
      if (walk.size() > 0 && walk.end() == walk.from()) return false;
      return (step.end == walk.from() && !walk.Has(step.relationship)) || !walk.Has(step.end);
  }
  return false;
}

void WalkColumns::Add(NodeId from, const std::vector<Step>& steps, bool reversed) {
  const std::size_t count = steps.size();
  const auto in_order = [&](std::size_t i) { return reversed ? count - 1 - i : i; };
  const auto list_of = [&](const auto& element) {
    std::vector<Value> items;
    items.reserve(count);
    for (std::size_t i = 0; i < count; ++i) items.push_back(element(in_order(i)));
    return Value::List(std::move(items));
  };
  const auto near = [&](std::size_t i) { return i == 0 ? from : steps[i - 1].end; };
  const auto relationship = [&](std::size_t i) {
    return Value::Relationship(steps[i].relationship);
  };
  if (keeps_list_) lists_.push_back(list_of(relationship));
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (!keeps_group_[g]) continue;
    const auto& group = pattern_.groups[g];
    if (!group.is_node) {
      groups_[g].push_back(list_of(relationship));
    } else if (group.is_left != reversed) {
      groups_[g].push_back(list_of([&](std::size_t i) { return Value::Node(near(i)); }));
    } else {
      groups_[g].push_back(list_of([&](std::size_t i) { return Value::Node(steps[i].end); }));
    }
  }
}

void WalkColumns::Finish(Batch* out) {
  if (keeps_list_) SetValues(&out->column(pattern_.slot), std::move(lists_));
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (keeps_group_[g]) {
      SetValues(&out->column(pattern_.groups[g].list), std::move(groups_[g]));
    }
  }
  Clear();
}

void WalkColumns::Clear() {
  lists_.clear();
  for (auto& group : groups_) group.clear();
}

}  // namespace kb::query::exec
