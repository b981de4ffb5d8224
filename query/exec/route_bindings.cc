#include "query/exec/route_bindings.h"

#include <fmt/format.h>

#include <iterator>

namespace kb::query::exec {
namespace {

using bind::Route;

void AddKey(const Value& value, std::string* key) {
  const auto out = std::back_inserter(*key);
  if (value.is_node()) {
    fmt::format_to(out, "n{}", schema::Raw(value.node()));
  } else if (value.is_relationship()) {
    fmt::format_to(out, "r{}", value.relationship().id());
  } else if (value.is_path()) {
    *key += '(';
    for (const Value& element : value.path()) AddKey(element, key);
    *key += ')';
  } else {
    *key += '-';
  }
}

}  // namespace

RouteBindings::RouteBindings(const Route& route) : route_(route) {
  singles_.resize(route.variables.size());
  lists_.resize(route.variables.size());
}

void RouteBindings::Clear(bool as_lists) {
  as_lists_ = as_lists;
  for (Value& value : singles_) value = Value();
  for (auto& list : lists_) list.clear();
  paths_.clear();
  whole_.clear();
  relationships_.clear();
  choices_.clear();
}

void RouteBindings::Set(std::size_t variable, Value value) {
  if (as_lists_ && route_.variables[variable].is_list) {
    lists_[variable].push_back(std::move(value));
  } else {
    singles_[variable] = std::move(value);
  }
}

void RouteBindings::Visit(const RoutePosition& position) {
  const Value node = Value::Node(position.node);
  const std::size_t variable = route_.states[position.state].variable;
  if (variable != Route::kNone) Set(variable, node);
  // Moves stay at a node, so only every second element is one.
  if (whole_.size() % 2 == 0) whole_.push_back(node);
  for (OpenPath& path : paths_) {
    if (path.elements.size() % 2 == 0) path.elements.push_back(node);
  }
}

void RouteBindings::ClosePath() {
  Set(paths_.back().variable, Value::Path(std::move(paths_.back().elements)));
  paths_.pop_back();
}

void RouteBindings::Pass(const RouteHop& hop) {
  if (hop.is_step) {
    const Value relationship = Value::Relationship(hop.relationship);
    const std::size_t variable = route_.steps[hop.index].variable;
    if (variable != Route::kNone) Set(variable, relationship);
    relationships_.push_back(relationship);
    whole_.push_back(relationship);
    for (OpenPath& path : paths_) path.elements.push_back(relationship);
    return;
  }
  const Route::Move& move = route_.moves[hop.index];
  if (move.closes != Route::kNone && route_.scopes[move.closes].path != Route::kNone) ClosePath();
  if (move.opens != Route::kNone && route_.scopes[move.opens].is_counted) {
    choices_.push_back(move.opens);
  }
  if (move.opens != Route::kNone && route_.scopes[move.opens].path != Route::kNone) {
    paths_.push_back({route_.scopes[move.opens].path, {}});
  }
}

/// From the position behind hop `first` to the last, in pattern order.
void RouteBindings::ReadBetween(const RouteWalk& walk, std::size_t first) {
  const auto& hops = walk.hops();
  if (!walk.reversed()) {
    Visit(hops[first].to);
    for (std::size_t i = first + 1; i < hops.size(); ++i) {
      Pass(hops[i]);
      Visit(hops[i].to);
    }
    return;
  }
  for (std::size_t i = hops.size() - 1; i > first; --i) {
    Visit(hops[i].to);
    Pass(hops[i]);
  }
  Visit(hops[first].to);
}

void RouteBindings::ReadWhole(const RouteWalk& walk) {
  Clear(true);
  if (!walk.reversed()) {
    Visit(walk.start());
    Pass(walk.hops()[0]);
    ReadBetween(walk, 0);
  } else {
    ReadBetween(walk, 0);
    Pass(walk.hops()[0]);
    Visit(walk.start());
  }
}

void RouteBindings::ReadScope(const RouteWalk& walk, std::size_t scope, std::size_t first) {
  Clear(false);
  const bool has_path = route_.scopes[scope].path != Route::kNone;
  if (has_path) paths_.push_back({route_.scopes[scope].path, {}});
  ReadBetween(walk, first);
  if (has_path) ClosePath();
}

Value RouteBindings::Take(std::size_t variable) {
  if (as_lists_ && route_.variables[variable].is_list) {
    return Value::List(std::move(lists_[variable]));
  }
  return std::move(singles_[variable]);
}

Value RouteBindings::TakeRelationships() { return Value::List(std::move(relationships_)); }

std::string RouteBindings::Key() const {
  std::string key;
  for (const std::size_t choice : choices_) key += fmt::format("{},", choice);
  for (const Value& element : whole_) AddKey(element, &key);
  for (std::size_t i = 0; i < route_.variables.size(); ++i) {
    key += '|';
    if (!route_.variables[i].is_list) AddKey(singles_[i], &key);
    for (const Value& item : lists_[i]) AddKey(item, &key);
  }
  return key;
}

void RouteColumns::Add(RouteBindings* bindings) {
  for (std::size_t i = 0; i < keeps_.size(); ++i) {
    if (keeps_[i]) values_[i].push_back(bindings->Take(i));
  }
  if (keeps_list_) lists_.push_back(bindings->TakeRelationships());
}

void RouteColumns::Finish(Batch* out) {
  if (keeps_list_) SetValues(&out->column(pattern_.slot), std::move(lists_));
  for (std::size_t i = 0; i < keeps_.size(); ++i) {
    if (keeps_[i]) {
      SetValues(&out->column(pattern_.route->variables[i].slot), std::move(values_[i]));
    }
  }
  Clear();
}

void RouteColumns::Clear() {
  lists_.clear();
  for (auto& values : values_) values.clear();
}

}  // namespace kb::query::exec
