// ChangeIndex: where in the history each fact changed, so that what held at a time is found without
// reading what else has changed.
//
// Facts are listed by the part of the image that they lie in (a block of nodes, a chunk of a
// column, a leaf), in a part by row and time: twelve bytes a change, beside the records of the
// history, which stay as they are and say what was so before. What a fact was at a time is what the
// first change behind that time took away; if there is none, what it is now.
//
// That something was made is not listed fact by fact: ids rise within a block of nodes and within a
// type of relationships, so what was made behind a time are the ids from some number on. What does
// not keep to this (an erasure can change when something began) is listed apart.
//
// The first question about the past reads all records, a further one those that came since.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "schema/definition.h"
#include "storage/change.h"
#include "storage/image/index.h"

namespace kb::storage {

class Root;

/// The records behind the time asked for, up to the last that the present has.
struct RecordSpan {
  std::uint32_t from = 0;
  std::uint32_t until = 0;
  bool empty() const { return from >= until; }
};

/// When ids of one kind were made. One thread at a time, as the rest up to ChangeIndex.
class Makings {
 public:
  void Add(std::uint32_t first, std::uint64_t count, std::uint32_t record);
  /// Ids from this on were made in the span, or behind it.
  std::uint64_t LimitAt(RecordSpan span) const;
  bool IsLater(std::uint32_t id, RecordSpan span) const {
    return id >= LimitAt(span) || (!late_.empty() && IsLate(id, span));
  }
  bool AnyIn(RecordSpan span) const { return last_ > span.from; }
  /// Ids below the limit that were made in the span.
  std::vector<std::pair<std::uint32_t, std::uint64_t>> LateIn(RecordSpan span) const;

 private:
  struct First {
    std::uint32_t record, id;
  };
  struct Late {
    std::uint32_t first;
    std::uint64_t end;
    std::uint32_t record;
  };
  bool IsLate(std::uint32_t id, RecordSpan span) const;

  std::vector<First> firsts_;  ///< The first id of each record; both ascend.
  std::vector<Late> late_;
  std::uint64_t end_ = 0;   ///< Behind all ids of firsts_.
  std::uint32_t last_ = 0;  ///< Behind the last record that made something.
};

/// The ids that did not exist yet at the time that a span begins with.
class LaterIds {
 public:
  LaterIds() = default;
  LaterIds(const Makings& makings, RecordSpan span)
      : limit_(makings.LimitAt(span)), late_(makings.LateIn(span)) {}
  bool Has(std::uint32_t id) const {
    if (id >= limit_) return true;
    for (const auto& [first, end] : late_) {
      if (id >= first && id < end) return true;
    }
    return false;
  }
  /// Whether there are none below `end`.
  bool NoneBelow(std::uint64_t end) const { return end <= limit_ && late_.empty(); }

 private:
  std::uint64_t limit_ = ~std::uint64_t{0};
  std::vector<std::pair<std::uint32_t, std::uint64_t>> late_;
};

/// One change of a fact: where what was so before is to be found.
struct Place {
  std::uint32_t row = 0;  ///< Of the part; in a leaf the relationship's id.
  std::uint32_t record = 0;
  std::uint32_t at = 0;  ///< Change::former_at; of a node the number of its former labels.
};

/// The changes of the facts of one part. Those of a row in one record stand in their order.
class PartChanges {
 public:
  void Add(const Place& place);
  /// The first change of a row in the span, or nullptr.
  const Place* First(std::uint32_t row, RecordSpan span) const;
  /// The same for each row that has one, ascending.
  std::vector<Place> Firsts(RecordSpan span) const;

 private:
  void Merge();
  std::vector<Place> sorted_;  ///< By row, then time.
  std::vector<Place> tail_;    ///< Later ones, by time.
};

/// The relationships that were deleted from a leaf, by time. Of each run of them the least id is
/// known, so that those that came and went behind a time are passed over run by run.
class LeafChanges {
 public:
  void Add(const Place& place);
  /// Those deleted in the span with an id below `limit`.
  std::vector<Place> Find(RecordSpan span, std::uint64_t limit) const;

 private:
  static constexpr std::size_t kRun = 64;
  std::vector<Place> places_;
  std::vector<std::uint32_t> least_;  ///< By run.
};

/// The changes of a table of parts.
template <typename Part>
class TableChanges {
 public:
  void Add(std::uint32_t part, const Place& place) {
    parts_[part].Add(place);
    last_ = place.record + 1;
  }
  const Part* Find(std::uint32_t part) const {
    const auto found = parts_.find(part);
    return found == parts_.end() ? nullptr : &found->second;
  }
  bool AnyIn(RecordSpan span) const { return last_ > span.from; }

 private:
  std::unordered_map<std::uint32_t, Part> parts_;
  std::uint32_t last_ = 0;  ///< Behind the last record that changed any.
};

/// Thread-safe.
class ChangeIndex {
 public:
  struct Record {
    std::int64_t time = 0;
    std::shared_ptr<const std::string> bytes;
  };

  /// Goes on by all records behind those there are, up to a time. Errors: kCorruption.
  Result<void> Add(std::vector<Record> records, std::int64_t until);
  /// Up to when all records are here; -1 at the beginning.
  std::int64_t until() const;
  /// The records behind a time and up to another.
  RecordSpan Between(std::int64_t after, std::int64_t until) const;

  /// Label sets that nodes had, by the number that changes of nodes give.
  std::vector<std::vector<LabelId>> LabelSetsOf() const;
  /// The rule before the first change of it in the span.
  std::optional<Rule> RuleBefore(RecordSpan span) const;

  // What a table may differ by. The types and keys are those that have changes.
  std::uint32_t key_limit() const;
  std::uint32_t type_limit() const;
  bool ChangesNodes(RecordSpan span) const;
  bool ChangesColumn(KeyId key, RecordSpan span) const;
  bool ChangesEdges(TypeId type, RecordSpan span) const;
  bool ChangesColumn(TypeId type, KeyId key, RecordSpan span) const;
  std::vector<KeyId> KeysOf(TypeId type) const;

  // What of a part changed in the span, first.
  LaterIds LaterNodes(std::uint32_t block, RecordSpan span) const;
  LaterIds LaterEdges(TypeId type, RecordSpan span) const;
  /// Rows with the numbers of the label sets that they had.
  std::vector<Place> NodesIn(std::uint32_t block, RecordSpan span) const;
  using Values = std::vector<std::pair<std::uint32_t, Value>>;  ///< By row.
  Values ValuesIn(KeyId key, std::uint32_t block, RecordSpan span) const;
  Values ValuesIn(TypeId type, KeyId key, std::uint32_t block, RecordSpan span) const;
  /// Relationships at the nodes of a leaf that were there and are not any more.
  std::vector<RelationshipRef> EdgesIn(TypeId type, Direction direction, std::uint32_t leaf,
                                       RecordSpan span) const;

  // One fact. False: it did not exist yet; true without a value: as it is now.
  bool Existed(NodeId node, RecordSpan span) const;
  bool Existed(TypeId type, EdgeId edge, RecordSpan span) const;
  std::optional<Value> ValueBefore(NodeId node, KeyId key, RecordSpan span) const;
  std::optional<Value> ValueBefore(TypeId type, EdgeId edge, KeyId key, RecordSpan span) const;

  /// What a question finds in a tree of the values that nodes with the label had, of an index over
  /// one key of nodes: every node that had a value at a time of the span and has it not any more,
  /// or not the label. Others may be among them. `present` is the state at the end of the span.
  std::vector<NodeId> AskFormer(const schema::Subject& subject, RecordSpan span,
                                const Root& present, const IndexQuestion& question) const;

 private:
  struct TypeChanges {
    Makings makings;
    std::array<TableChanges<LeafChanges>, 2> leaves;  ///< kOut, kIn.
    std::map<KeyId, TableChanges<PartChanges>> columns;
  };
  /// Values that nodes had, of one index; made when it is first asked.
  struct Former {
    schema::Subject subject;
    std::uint32_t until = 0;
    IndexTree tree;
  };
  void AddChange(const Change& change, std::uint32_t record);
  void AddNodes(std::uint32_t first, std::uint64_t count, std::uint32_t record);
  std::uint32_t NumberOf(const std::vector<LabelId>& labels);
  const TypeChanges* FindType(TypeId type) const;
  std::string_view BytesOf(const Place& place) const { return *records_[place.record].bytes; }
  Values Decode(const PartChanges* part, RecordSpan span) const;
  void Extend(Former* former, std::uint32_t until, const Root& present) const;

  mutable std::shared_mutex mutex_;  ///< Guards all but formers_.
  std::vector<Record> records_;
  std::int64_t until_ = -1;
  std::vector<Makings> node_makings_;  ///< By block.
  std::uint32_t last_made_ = 0;        ///< Behind the last record that made nodes.
  TableChanges<PartChanges> nodes_;
  std::vector<TableChanges<PartChanges>> columns_;  ///< By key.
  std::vector<std::unique_ptr<TypeChanges>> types_;
  std::vector<std::vector<LabelId>> label_sets_;
  std::map<std::vector<LabelId>, std::uint32_t> numbers_;
  std::vector<std::pair<std::uint32_t, Rule>> rules_;  ///< By record: the rule before it.

  mutable std::mutex former_mutex_;  ///< Guards formers_; taken before mutex_.
  mutable std::vector<std::unique_ptr<Former>> formers_;
};

}  // namespace kb::storage
