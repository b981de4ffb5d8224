// Changes: what a commit leaves behind of each thing that it changed, as bytes, and how these are
// gathered while a transaction goes along.
//
// A record lists what has to be undone to get from the state that a commit made to the one before
// it. Values of a node or relationship that the same commit made are not listed: undoing its making
// undoes them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/graph.h"
#include "storage/statement.h"

namespace kb::storage {

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
  /// Where in the record that begins which was so before: the labels, the value or the
  /// relationship.
  std::uint32_t former_at = 0;
};
void PutChange(std::string* out, const Change& change);
/// The changes of a record, in order. Errors: kCorruption.
Result<std::vector<Change>> DecodeChanges(std::string_view record);
/// Calls `visit` for each of them, with an object that it may not keep. Errors: kCorruption.
Result<void> ForEachChangeOf(std::string_view record,
                             const std::function<void(const Change&)>& visit);
/// What begins at `former_at` of a change in a record that has been read whole.
Value FormerValue(std::string_view record, std::uint32_t at);
RelationshipRef FormerEdge(std::string_view record, std::uint32_t at);

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
  /// Calls `visit` for each change so far, as ForEachChangeOf does.
  Result<void> ForEach(const std::function<void(const Change&)>& visit) const {
    return ForEachChangeOf(bytes_, visit);
  }
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

}  // namespace kb::storage
