// Clusters: who is one with whom, by the judgements that stand.
//
// Judgements of sameness are taken in the order in which they were made. A DISTINCT judgement keeps
// its two nodes apart: one of sameness that would bring such a pair together, be it by a chain, is
// left out. Clusters are found again for each state from those of a state before, as far as
// something has changed: a further judgement touches the two groups that it joins.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "storage/image/cow.h"
#include "storage/image/root.h"
#include "storage/statement.h"

namespace kb::storage {

/// The clusters of a state. Immutable.
class Clusters {
 public:
  /// By the judgements that stand in `records`. Never null.
  static std::shared_ptr<const Clusters> Of(const Root& records);

  /// Those of a later state, and the nodes whose cluster has other members than before, old ones
  /// and new ones. `touched`: nodes of which some may have been deleted since.
  struct Step;
  static Step After(const std::shared_ptr<const Clusters>& before, const Root& records,
                    std::span<const NodeId> touched);

  bool empty() const { return count_ == 0; }
  /// How many there are, of two nodes or more.
  std::size_t size() const { return count_; }
  /// Their members, the clusters by their oldest.
  std::vector<std::vector<NodeId>> lists() const;
  /// The members that exist, the oldest first; none for a node that is alone.
  std::span<const NodeId> Members(NodeId node) const;
  /// How a node appears: as the oldest of its cluster, or as itself.
  NodeId Representative(NodeId node) const;
  /// Whether a standing judgement of sameness holds its nodes together.
  bool InForce(std::uint64_t judgement) const { return !overridden_.contains(judgement); }
  /// The judgement that keeps the clusters of two nodes apart.
  std::optional<std::uint64_t> KeptApartBy(NodeId a, NodeId b) const;

 private:
  class Maker;
  using Aged = std::pair<std::int64_t, NodeId>;  ///< When a node was made.
  /// Nodes that judgements link, also those that do not exist any more: what holds through them
  /// goes on holding.
  struct Group {
    std::vector<Aged> all;  ///< Ascending.
    std::vector<NodeId> members;
  };
  using GroupPtr = std::shared_ptr<const Group>;
  struct Bucket {
    std::vector<std::pair<NodeId, GroupPtr>> groups;
  };
  static constexpr std::uint32_t kBuckets = 4096;

  const Group* Find(NodeId node) const;
  static GroupPtr MakeGroup(std::vector<Aged> all, const Root& records);
  /// Every node of the group belongs to it from now on. `was` are the groups it takes the place of.
  void Put(const GroupPtr& group, std::span<const Group* const> was, std::vector<NodeId>* changed);
  void Add(const Judgement& judgement, const Root& records, std::vector<NodeId>* changed);
  void Note(const Root& records);

  CowTable<Bucket> buckets_;
  std::size_t count_ = 0;
  std::set<std::uint64_t> overridden_;
  std::vector<Judgement> distinct_;
  // Which judgements these are the clusters of.
  std::size_t judged_ = 0;
  std::shared_ptr<const int> altered_;
};

struct Clusters::Step {
  std::shared_ptr<const Clusters> clusters;
  std::vector<NodeId> changed;
};

}  // namespace kb::storage
