// Expand: the relationships of a node that is there, for each row.
//
// A node's neighbours are read as lanes: one slice for each type and direction. Without further
// tests a lane is copied as it stands. Under kBoth a loop is in both of its lanes and is taken from
// the outgoing one. With both ends known the shorter of the two lists is searched.
#include <algorithm>

#include "query/exec/operators.h"
#include "query/exec/steps.h"

namespace kb::query::exec {
namespace {

using schema::Direction;
using schema::EdgeId;
using schema::TypeId;

class Expand final : public FanOut {
 public:
  Expand(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : FanOut(runtime, op, Inputs(std::move(from))), node_(NodeOf<plan::Expand>()) {
    keeps_relationship_ =
        !node_.drop_relationship && !node_.relationship_bound && IsLive(node_.relationship);
  }

  void Rewind() override {
    FanOut::Rewind();
    row_started_ = false;
    ClearFound();
  }

 private:
  Result<void> StartBatch(const Batch& /*input*/) override {
    types_ = runtime_.TypesOf(node_.types);
    row_started_ = false;
    label_.reset();
    impossible_ = false;
    if (!node_.to_label.empty()) {
      label_ = runtime_.catalog().FindLabel(node_.to_label);
      impossible_ = !label_;
    }
    return {};
  }

  Result<bool> FillRow(const Batch& input, std::uint32_t row) override {
    if (impossible_) return true;
    if (!row_started_) {
      KB_TRY(StartRow(input, row));
      row_started_ = true;
    }
    const bool done = one_by_one_ ? DrainList(row) : DrainLanes(row);
    if (done) row_started_ = false;
    return done;
  }

  void FinishBatch(Batch* out) override {
    if (!node_.into) SetNodes(&out->column(node_.to), ends_);
    if (keeps_relationship_) SetRelationships(&out->column(node_.relationship), refs_);
    ClearFound();
  }

  void ClearFound() {
    ends_.clear();
    refs_.clear();
  }

  Result<void> StartRow(const Batch& input, std::uint32_t row) {
    list_.clear();
    at_ = 0;
    lane_ = 0;
    slice_ = {};
    KB_ASSIGN(from_, NodeAt(input.column(node_.from), row));
    one_by_one_ = node_.into || node_.relationship_bound;
    lane_count_ = from_ == schema::kNoNode ? 0 : LaneCount();
    avoid_.clear();
    KB_TRY(CollectRelationships(input, row, node_.different_from, &avoid_));
    if (from_ == schema::kNoNode || !one_by_one_) return {};
    NodeId to = schema::kNoNode;
    if (node_.into) {
      KB_ASSIGN(to, NodeAt(input.column(node_.to), row));
      if (to == schema::kNoNode) return {};
    }
    if (node_.relationship_bound) return TakeBound(input, row, to);
    FindBetween(to);
    return {};
  }

  std::size_t LaneCount() const {
    return types_.size() * (node_.direction == Direction::kBoth ? 2 : 1);
  }

  /// The relationship is known: is it one of this node's, of these types, in this direction?
  Result<void> TakeBound(const Batch& input, std::uint32_t row, NodeId to) {
    RelationshipRef ref;
    KB_ASSIGN(const bool there, RelationshipAt(input.column(node_.relationship), row, &ref));
    if (!there || !runtime_.view().Exists(ref)) return {};
    if (std::find(types_.begin(), types_.end(), ref.type) == types_.end()) return {};
    const auto consider = [&](NodeId source, NodeId target) {
      if (source != from_ || (node_.into && target != to)) return false;
      list_.push_back(ref);
      return true;
    };
    const bool out = node_.direction != Direction::kIn && consider(ref.source, ref.target);
    if (!out && node_.direction != Direction::kOut) consider(ref.target, ref.source);
    return {};
  }

  void FindBetween(NodeId to) {
    for (const TypeId type : types_) {
      if (node_.direction != Direction::kIn) FindDirected(type, from_, to);
      if (node_.direction == Direction::kOut) continue;
      if (node_.direction == Direction::kBoth && from_ == to) continue;  // loops once
      FindDirected(type, to, from_);
    }
  }

  /// All relationships of a type from `source` to `target`.
  void FindDirected(TypeId type, NodeId source, NodeId target) {
    const storage::Slice out = runtime_.view().Neighbours(type, Direction::kOut, source);
    if (out.size == 0) return;
    const storage::Slice in = runtime_.view().Neighbours(type, Direction::kIn, target);
    const bool by_out = out.size <= in.size;
    const storage::Slice& slice = by_out ? out : in;
    const NodeId wanted = by_out ? target : source;
    const auto add = [&](std::uint32_t at) {
      list_.push_back({type, slice.edges[at], source, target});
    };
    const NodeId* sorted_end = slice.nodes + slice.sorted;
    const NodeId* found = std::lower_bound(slice.nodes, sorted_end, wanted);
    for (; found != sorted_end && *found == wanted; ++found) {
      add(static_cast<std::uint32_t>(found - slice.nodes));
    }
    for (std::uint32_t at = slice.sorted; at < slice.size; ++at) {
      if (slice.nodes[at] == wanted) add(at);
    }
  }

  bool IsAvoided(const RelationshipRef& ref) const {
    return std::find(avoid_.begin(), avoid_.end(), ref) != avoid_.end();
  }

  bool DrainList(std::uint32_t row) {
    while (at_ < list_.size()) {
      if (Room() == 0) return false;
      const RelationshipRef& ref = list_[at_++];
      const NodeId end = ref.source == from_ ? ref.target : ref.source;
      if (IsAvoided(ref) || (label_ && !runtime_.view().HasLabel(end, *label_))) continue;
      Take(row, ref, end);
    }
    return true;
  }

  void Take(std::uint32_t row, const RelationshipRef& ref, NodeId end) {
    Emit(row);
    ends_.push_back(end);
    if (keeps_relationship_) refs_.push_back(ref);
  }

  bool DrainLanes(std::uint32_t row) {
    while (true) {
      if (at_ == slice_.size) {
        if (lane_ == lane_count_) return true;
        OpenLane(lane_++);
        continue;
      }
      if (Room() == 0) return false;
      if (avoid_.empty() && !label_ && !skips_loops_) {
        CopyLane(row);
      } else {
        TestLane(row);
      }
    }
  }

  void OpenLane(std::size_t lane) {
    const bool both = node_.direction == Direction::kBoth;
    type_ = types_[both ? lane / 2 : lane];
    is_out_ = both ? lane % 2 == 0 : node_.direction == Direction::kOut;
    skips_loops_ = both && !is_out_;
    slice_ = runtime_.view().Neighbours(type_, is_out_ ? Direction::kOut : Direction::kIn, from_);
    at_ = 0;
  }

  RelationshipRef RefAt(std::uint32_t at) const {
    const NodeId end = slice_.nodes[at];
    return {type_, slice_.edges[at], is_out_ ? from_ : end, is_out_ ? end : from_};
  }

  void CopyLane(std::uint32_t row) {
    const std::uint32_t count = std::min(Room(), slice_.size - static_cast<std::uint32_t>(at_));
    const auto at = static_cast<std::uint32_t>(at_);
    ends_.insert(ends_.end(), slice_.nodes + at, slice_.nodes + at + count);
    if (keeps_relationship_) {
      for (std::uint32_t i = at; i < at + count; ++i) refs_.push_back(RefAt(i));
    }
    Emit(row, count);
    at_ += count;
  }

  void TestLane(std::uint32_t row) {
    for (; at_ < slice_.size && Room() != 0; ++at_) {
      const auto at = static_cast<std::uint32_t>(at_);
      const NodeId end = slice_.nodes[at];
      if (skips_loops_ && end == from_) continue;
      if (label_ && !runtime_.view().HasLabel(end, *label_)) continue;
      const RelationshipRef ref =
          avoid_.empty() && !keeps_relationship_ ? RelationshipRef{} : RefAt(at);
      if (!avoid_.empty() && IsAvoided(ref)) continue;
      Take(row, ref, end);
    }
  }

  const plan::Expand& node_;
  bool keeps_relationship_ = false;
  std::vector<TypeId> types_;
  std::optional<schema::LabelId> label_;
  bool impossible_ = false;

  // The current row.
  bool row_started_ = false;
  bool one_by_one_ = false;
  NodeId from_ = schema::kNoNode;
  std::vector<RelationshipRef> avoid_;
  std::vector<RelationshipRef> list_;  ///< With both ends or the relationship known: all there are.
  std::size_t at_ = 0;                 ///< In list_ or slice_.
  std::size_t lane_ = 0, lane_count_ = 0;
  storage::Slice slice_;
  TypeId type_{};
  bool is_out_ = true;
  bool skips_loops_ = false;

  // The batch.
  std::vector<NodeId> ends_;
  std::vector<RelationshipRef> refs_;
};

}  // namespace

OperatorPtr MakeExpand(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Expand>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
