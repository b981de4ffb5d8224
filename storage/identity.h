// Identity: the graph in which nodes that are one are one node.
//
// What is written are records; nothing of a record is changed by a judgement. The graph that
// queries see is derived from the records: each cluster appears as its oldest member, with the
// labels and values that it lacks taken from the others in the order of their age, and with the
// relationships of all (one between two members is a loop). So a judgement that is withdrawn leaves
// no trace in the records, whatever was written meanwhile, and a view of the past or without a
// source follows from the records and judgements that it has. RAW shows the records themselves.
//
// Joining all clusters costs what the clusters are; a state that comes after another that has been
// joined already costs what was edited between them.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "storage/clusters.h"
#include "storage/image/edits.h"
#include "storage/image/root.h"

namespace kb::storage {

/// A state as queries see it.
struct Identified {
  std::shared_ptr<const Root> records;
  /// The records themselves if no nodes are one, else a root of its own that holds on to them.
  std::shared_ptr<const Root> seen;
  std::shared_ptr<const Clusters> clusters;  ///< Null while nothing has been judged.
  std::size_t edits = 0;                     ///< Made on `seen` since all clusters were joined.
};

/// Joins all clusters. `clusters` may be null: those of the records.
Identified Join(std::shared_ptr<const Root> records,
                std::shared_ptr<const Clusters> clusters = nullptr);
/// The same, by putting right what differs from another state. `edits` are all between the two, and
/// perhaps more; `clusters` are those of the records, and `changed` the nodes whose cluster has
/// other members than in the former state.
Identified Rejoin(const Identified& from, std::shared_ptr<const Root> records, const Edits& edits,
                  std::shared_ptr<const Clusters> clusters, std::span<const NodeId> changed);

/// The graph as queries see it.
inline std::shared_ptr<const Root> Identify(std::shared_ptr<const Root> records) {
  return Join(std::move(records)).seen;
}
/// The records behind a root.
inline std::shared_ptr<const Root> RecordsOf(std::shared_ptr<const Root> root) {
  return root->records ? root->records : root;
}

/// The committed states of a case as queries see them, each from one before it. Thread-safe.
class Identifier {
 public:
  Identified At(const std::shared_ptr<const Root>& records) const;
  std::shared_ptr<const Root> operator()(const std::shared_ptr<const Root>& records) const {
    return At(records).seen;
  }
  /// Says what a commit has edited, before its root is asked for: `base` is the root before it.
  /// Null edits: anything.
  void Note(const Root& base, const Root& root, std::shared_ptr<const Edits> edits);

 private:
  /// What was edited after one time until another.
  struct Noted {
    std::int64_t after, until;
    std::shared_ptr<const Edits> edits;
  };
  const Identified* Nearest(const Root& records) const;
  bool Collect(std::int64_t after, std::int64_t until, Edits* edits) const;
  void Trim() const;

  mutable std::mutex mutex_;  ///< Guards all below.
  mutable std::vector<Identified> recent_;
  mutable std::deque<Noted> noted_;
};

}  // namespace kb::storage
