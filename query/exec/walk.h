// Walk: the steps from a node to where a search stands, and the columns that become of walks found.
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "query/exec/steps.h"

namespace kb::query::exec {

/// A sequence of steps that grows and shrinks at its end, and knows what is on it. The first few
/// elements are searched one by one, which is fastest for the short walks that are the rule; what
/// lies behind them is in a hash set.
class Walk {
 public:
  void Start(NodeId from);
  void Push(const Step& step);
  void Pop();

  NodeId from() const { return from_; }
  NodeId end() const { return steps_.empty() ? from_ : steps_.back().end; }
  std::size_t size() const { return steps_.size(); }
  const std::vector<Step>& steps() const { return steps_; }

  bool Has(const RelationshipRef& ref) const;
  /// Whether the walk goes through the node, its start included.
  bool Has(NodeId node) const;

 private:
  static constexpr std::size_t kSearched = 24;
  NodeId from_ = schema::kNoNode;
  std::vector<Step> steps_;
  std::unordered_set<std::uint64_t> far_relationships_;
  std::unordered_multiset<std::uint32_t> far_nodes_;
};

/// Whether `walk` may take `step` under a path mode.
bool Allows(ast::PathMode mode, const Walk& walk, const Step& step);

/// The list of relationships and the group lists of a variable-length pattern, for walks found.
/// Lists that nobody reads are not made.
class WalkColumns {
 public:
  /// `keep` tells whether a slot is read.
  template <typename Keep>
  WalkColumns(const bind::PatternRelationship& pattern, const Keep& keep) : pattern_(pattern) {
    keeps_list_ = keep(pattern.slot);
    for (const auto& group : pattern.groups) keeps_group_.push_back(keep(group.list));
    groups_.resize(pattern.groups.size());
  }

  /// `reversed`: the walk was found from the pattern's right end; lists are in pattern order.
  void Add(NodeId from, const std::vector<Step>& steps, bool reversed);
  /// Moves what was added into its columns.
  void Finish(Batch* out);
  void Clear();

 private:
  const bind::PatternRelationship& pattern_;
  bool keeps_list_ = true;
  std::vector<bool> keeps_group_;
  std::vector<Value> lists_;
  std::vector<std::vector<Value>> groups_;
};

}  // namespace kb::query::exec
