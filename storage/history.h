// History: what every commit changed, written when it changes and read when the past is asked.
//
// A commit with changes leaves one record (more if it is large) under its time: what has to be
// undone to get from the state it made to the one before it. Values of a node or relationship that
// the same commit made are not listed: undoing its making undoes them. A state of the past is a
// private copy-on-write root on which the records since are undone, newest first. Such roots are
// kept for a while, and a further one starts from the nearest that is later.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "storage/graph.h"
#include "storage/image/root.h"

namespace kb::storage {

struct Gate;  // storage/disk.h
class Editor;

/// What one transaction changes, as it goes along. One thread.
class ChangeLog {
 public:
  void NodeMade(NodeId node);
  void NodeDeleted(NodeId node, std::span<const LabelId> labels);
  void LabelsChanged(NodeId node, std::span<const LabelId> former);
  void PropertyChanged(NodeId node, KeyId key, const Value& former);
  void EdgeMade(const RelationshipRef& ref);
  void EdgeDeleted(const RelationshipRef& ref);
  void PropertyChanged(const RelationshipRef& ref, KeyId key, const Value& former);
  void RuleChanged(const Rule& former);
  /// A load: `count` nodes from `first`, or relationships of a type.
  void NodesLoaded(NodeId first, std::uint32_t count);
  void EdgesLoaded(TypeId type, EdgeId first, std::uint64_t count);

  /// A place to go back to.
  std::size_t mark() const { return bytes_.size(); }
  void Truncate(std::size_t mark);
  bool empty() const { return bytes_.empty(); }
  /// The records, in order, each of some 64 KB at most.
  std::vector<std::string> Take();

 private:
  /// Ids that were made here, as ranges [first, end) by first. What was rolled back stays among
  /// them: its id is not used again.
  using Ranges = std::map<std::uint32_t, std::uint32_t>;
  static void AddTo(Ranges* ranges, std::uint32_t id);
  static bool IsIn(const Ranges& ranges, std::uint32_t id);
  bool Made(const RelationshipRef& ref) const;
  void Cut();

  std::string bytes_;
  std::vector<std::size_t> cuts_;  ///< Where records begin but the first.
  Ranges nodes_;
  std::map<TypeId, Ranges> edges_;
};

/// One change, as a record has it.
struct Change {
  enum class Kind : std::uint8_t {
    kNodeMade = 1,
    kNodeDeleted,
    kLabels,
    kNodeProperty,
    kEdgeMade,
    kEdgeDeleted,
    kEdgeProperty,
    kNodesLoaded,
    kEdgesLoaded,
    kRule,
  };
  Kind kind{};
  NodeId node{};
  RelationshipRef ref{};
  KeyId key{};
  std::vector<LabelId> labels;
  Value former;
  Rule rule;
  std::uint64_t count = 0;
};
void PutChange(std::string* out, const Change& change);
/// The changes of a record, in order. Errors: kCorruption.
Result<std::vector<Change>> DecodeChanges(std::string_view record);

/// A kept root as one that views read: with the history, names and indexes of `present`.
std::shared_ptr<const Root> Revive(const Root& kept, const Root& present);

/// The records of a case, and roots of the past. Thread-safe.
class Past {
 public:
  /// Of a case in memory: the records are kept here.
  Past() = default;
  /// Of a case on disk: they are read from it.
  explicit Past(std::shared_ptr<Gate> gate) : gate_(std::move(gate)) {}

  /// For a case in memory: the records of a commit, before its root is published.
  void Keep(std::int64_t time, std::vector<std::string> records);

  /// The state of `root` as it was at a time. Errors: kIo, kCorruption, kConflict (closed).
  Result<std::shared_ptr<const Root>> At(const std::shared_ptr<const Root>& root,
                                         std::int64_t time);
  /// Visits what was recorded after one time and until another, in order. Errors as At, and the
  /// visitor's.
  using Visit = std::function<Result<void>(std::int64_t time, const Change& change)>;
  Result<void> ForEachChange(std::int64_t after, std::int64_t until, const Visit& visit) const;

  /// All records in order, with their parts, up to a time. Errors as At.
  Result<std::vector<std::pair<std::int64_t, std::string>>> Everything(std::int64_t until) const {
    return RecordsBetween(-1, until);
  }
  /// For a case in memory: puts other records in the place of those there are.
  void Replace(std::vector<std::pair<std::int64_t, std::string>> records);
  /// Something was erased: what was derived before is not handed out any more.
  void Forget(std::size_t erasures);

  /// A root that was derived otherwise: found by a text that says how. May be null.
  std::shared_ptr<const Root> FindDerived(const std::string& how, const Root& present) const;
  void KeepDerived(const std::string& how, const Root& derived);

 private:
  using Record = std::pair<std::int64_t, std::string>;
  Result<std::vector<Record>> RecordsBetween(std::int64_t after, std::int64_t until) const;
  std::shared_ptr<const Root> Nearest(std::int64_t time, std::int64_t limit) const;

  std::shared_ptr<Gate> gate_;  ///< Null in memory.
  mutable std::mutex mutex_;    ///< Guards all below.
  std::size_t erasures_ = 0;    ///< That the roots below take account of.
  std::vector<Record> records_;
  /// By the time of the last commit that each contains.
  std::map<std::int64_t, std::shared_ptr<const Root>> roots_;
  std::vector<std::pair<std::string, std::shared_ptr<const Root>>> derived_;
};

/// Microseconds since 1970 by the system's clock.
std::int64_t NowMicros();

}  // namespace kb::storage
