// Identity: which nodes are one, by the judgements that stand.
//
// What is written are records; nothing of a record is changed by a judgement. The graph that
// queries see is derived from the records: each cluster appears as its oldest member, with the
// labels and values that it lacks taken from the others in the order of their age, and with the
// relationships of all (one between two members is a loop). So a judgement that is withdrawn leaves
// no trace in the records, whatever was written meanwhile, and a view of the past or without a
// source follows from the records and judgements that it has. RAW shows the records themselves.
//
// A DISTINCT judgement keeps its two nodes apart: judgements of sameness are taken in the order in
// which they were made, and one that would bring such a pair together, be it by a chain, is left
// out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "storage/image/root.h"
#include "storage/statement.h"

namespace kb::storage {

/// The clusters of a state. Immutable.
class Clusters {
 public:
  /// By the judgements that stand in `records`. Never null.
  static std::shared_ptr<const Clusters> Of(const Root& records);

  bool empty() const { return lists_.empty(); }
  const std::vector<std::vector<NodeId>>& lists() const { return lists_; }
  /// The members that exist, the oldest first; none for a node that is alone.
  std::span<const NodeId> Members(NodeId node) const;
  /// How a node appears: as the oldest of its cluster, or as itself.
  NodeId Representative(NodeId node) const;
  /// Whether a judgement of sameness holds its nodes together.
  bool InForce(std::uint64_t judgement) const { return in_force_.contains(judgement); }
  /// The judgement that keeps the clusters of two nodes apart.
  std::optional<std::uint64_t> KeptApartBy(NodeId a, NodeId b) const;

 private:
  class Maker;

  std::unordered_map<std::uint32_t, std::uint32_t> list_of_;
  std::vector<std::vector<NodeId>> lists_;
  /// Also of nodes that do not exist any more: what holds through them goes on holding.
  std::unordered_map<std::uint32_t, std::uint32_t> group_of_;
  std::set<std::uint64_t> in_force_;
  std::vector<Judgement> distinct_;
};

/// The graph as queries see it: the records themselves if no nodes are one, else a root of its own
/// that holds on to the records. `clusters` may be null: those of the records.
std::shared_ptr<const Root> Identify(std::shared_ptr<const Root> records,
                                     std::shared_ptr<const Clusters> clusters = nullptr);
/// The records behind a root.
inline std::shared_ptr<const Root> RecordsOf(std::shared_ptr<const Root> root) {
  return root->records ? root->records : root;
}

/// Identify, remembering the last answer. Thread-safe.
class Identifier {
 public:
  std::shared_ptr<const Root> operator()(const std::shared_ptr<const Root>& records) const;

 private:
  mutable std::mutex mutex_;  ///< Guards the two.
  mutable std::shared_ptr<const Root> records_;
  mutable std::shared_ptr<const Root> identified_;
};

}  // namespace kb::storage
