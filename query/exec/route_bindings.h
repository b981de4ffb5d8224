// RouteBindings: what the variables of a route are in a walk, and the columns that become of it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "query/exec/route_walk.h"

namespace kb::query::exec {

/// One thread. Borrows the route.
class RouteBindings {
 public:
  explicit RouteBindings(const bind::Route& route);

  /// Reads a whole walk: lists where variables are lists.
  void ReadWhole(const RouteWalk& walk);
  /// Reads what was walked inside a scope, which the hop `first` opened: single values.
  void ReadScope(const RouteWalk& walk, std::size_t scope, std::size_t first);

  /// Null for a variable that the walk left out.
  Value Take(std::size_t variable);
  /// The relationships of the whole walk, in pattern order.
  Value TakeRelationships();
  /// The path of the whole walk.
  Value Path() const { return Value::Path(whole_); }
  /// Text that is the same for equal matches.
  std::string Key() const;

 private:
  struct OpenPath {
    std::size_t variable;
    std::vector<Value> elements;
  };

  void Clear(bool as_lists);
  void Visit(const RoutePosition& position);
  void Pass(const RouteHop& hop);
  void ReadBetween(const RouteWalk& walk, std::size_t first);
  void Set(std::size_t variable, Value value);
  void ClosePath();

  const bind::Route& route_;
  bool as_lists_ = true;
  std::vector<Value> singles_;
  std::vector<std::vector<Value>> lists_;
  std::vector<OpenPath> paths_;
  std::vector<Value> whole_;
  std::vector<Value> relationships_;
  std::vector<std::size_t> choices_;  ///< Which alternatives of `|+|` were taken.
};

/// Columns of walks found; those that nobody reads are not made.
class RouteColumns {
 public:
  /// `keep` tells whether a slot is read.
  template <typename Keep>
  RouteColumns(const bind::PatternRelationship& pattern, const Keep& keep) : pattern_(pattern) {
    keeps_list_ = keep(pattern.slot);
    for (const auto& variable : pattern.route->variables) keeps_.push_back(keep(variable.slot));
    values_.resize(keeps_.size());
  }
  bool keeps_any() const {
    return keeps_list_ || std::find(keeps_.begin(), keeps_.end(), true) != keeps_.end();
  }
  void Add(RouteBindings* bindings);
  /// Moves what was added into its columns.
  void Finish(Batch* out);
  void Clear();

 private:
  const bind::PatternRelationship& pattern_;
  bool keeps_list_ = true;
  std::vector<bool> keeps_;
  std::vector<Value> lists_;
  std::vector<std::vector<Value>> values_;
};

}  // namespace kb::query::exec
