// Expand: the relationships of a node that is there, for each row.
//
// A node's neighbours are read as lanes: one slice for each type and direction. Without further
// tests a lane is copied as it stands. Under kBoth a loop is in both of its lanes and is taken from
// the outgoing one. With both ends known the shorter of the two lists is searched.
//
// Rows that need nothing else, whose lists fit into the batch, are treated in a loop (FillRows); a
// row that may have to wait for the next batch goes the long way (FillRow).
#include <algorithm>
#include <array>
#include <span>

#include "query/exec/block_label.h"
#include "query/exec/operators.h"
#include "query/exec/steps.h"
#include "storage/lists.h"

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
    one_by_one_ = node_.into || node_.relationship_bound;
  }

  void Rewind() override {
    FanOut::Rewind();
    row_started_ = false;
  }

 private:
  struct Lane {
    TypeId type;
    bool is_out;
    bool skips_loops;
    storage::Lists lists;
    storage::Slice slice = {};  ///< Of the current row.
  };
  static constexpr std::uint32_t kLook = 256;  ///< Lists looked for at a time.
  struct Looked {
    std::array<std::span<const NodeId>, kLook> nodes;
    std::array<storage::Slice, kLook> slices;
  };

  Result<void> StartBatch(const Batch& /*input*/) override {
    types_ = runtime_.TypesOf(node_.types);
    row_started_ = false;
    label_.reset();
    impossible_ = false;
    if (!node_.to_label.empty()) {
      const auto label = runtime_.catalog().FindLabel(node_.to_label);
      if (label) label_.emplace(*label);
      impossible_ = !label;
    }
    return {};
  }

  void BeginFill() override {
    if (label_) label_->Start();
    lists_.clear();
    for (const TypeId type : types_) lists_.emplace_back(runtime_.view(), type);
    lanes_.clear();
    for (const storage::TypeLists& lists : lists_) {
      const bool both = node_.direction == Direction::kBoth;
      if (node_.direction != Direction::kIn) lanes_.push_back({lists.type, true, false, lists.out});
      if (node_.direction != Direction::kOut) lanes_.push_back({lists.type, false, both, lists.in});
    }
  }

  std::uint32_t FillRows(const Batch& input, std::uint32_t row) override {
    const Vector& from = input.column(node_.from);
    if (row_started_ || from.repr() != Repr::kNode) return row;
    if (impossible_) return input.rows;
    for (const Slot slot : node_.different_from) {
      if (input.column(slot).repr() != Repr::kRelationship) return row;
    }
    if (!one_by_one_) {
      // For few rows, laying out room for a whole batch takes longer than the rows.
      constexpr std::uint32_t kFewRows = 64;
      const bool is_one_list = from.size() - row > kFewRows && lanes_.size() == 1 &&
                               !lanes_[0].skips_loops && !label_ && from.nulls() == nullptr &&
                               SetTaken(input);
      return is_one_list ? CopyLists(from, row) : CopyRows(input, from, row);
    }
    if (!node_.into || node_.relationship_bound) return row;
    const Vector& to = input.column(node_.to);
    return to.repr() == Repr::kNode ? FindRows(input, from, to, row) : row;
  }

  /// From columns of relationships.
  void SetAvoided(const Batch& input, std::uint32_t row) {
    avoid_.clear();
    for (const Slot slot : node_.different_from) {
      const Vector& column = input.column(slot);
      if (column.nulls() != nullptr && column.nulls()[row] != 0) continue;
      avoid_.push_back(column.relationships()[row]);
    }
  }

  /// The columns of relationships that must not be taken again; false where some are null.
  bool SetTaken(const Batch& input) {
    taken_.clear();
    for (const Slot slot : node_.different_from) {
      if (input.column(slot).nulls() != nullptr) return false;
      taken_.push_back(input.column(slot).relationships());
    }
    return true;
  }

  bool IsTaken(std::uint32_t row, TypeId type, EdgeId edge) const {
    bool is = false;
    for (const RelationshipRef* column : taken_) {
      is = is || (column[row].edge == edge && column[row].type == type);
    }
    return is;
  }

  /// The rows of which one list each goes on, whole or but for relationships that were taken. The
  /// lists are looked for some at a time, so that what is not near is waited for together.
  std::uint32_t CopyLists(const Vector& from, std::uint32_t row) {
    const Lane& lane = lanes_[0];
    const std::uint32_t room = Room();
    MakeRoom(room + 1);
    const bool with_edges = keeps_relationship_ || !taken_.empty();
    if (looked_ == nullptr) looked_ = std::make_unique<Looked>();
    if (with_edges && edges_.size() <= kBatchRows) edges_.resize(kBatchRows + 1);
    storage::ListCopy to{ends_.data() + emitted(), with_edges ? edges_.data() : nullptr,
                         WriteRows()};
    while (row < from.size() && !to.is_full) {
      const std::span nodes(from.nodes() + row, std::min(kLook, from.size() - row));
      const std::uint32_t before = to.count;
      std::uint32_t done = lane.lists.CopyStretch(nodes, row, room, &to);
      if (done == 0) {
        done = with_edges ? CopyWays(lane.lists, nodes, row, room, &to)
                          : CopyEnds(lane.lists, nodes, row, room, &to);
      }
      row += done;
      if (!taken_.empty()) DropTaken(lane.type, before, &to);
    }
    EmitWritten(to.count);
    if (keeps_relationship_) SetCopied(lane, from, to);
    return row;
  }

  /// Appends the whole lists of `nodes`, which are those of the rows from `row` on; how many of
  /// them had room. Most lists have one entry or none: those take no branch.
  [[gnu::noinline]] std::uint32_t CopyEnds(const storage::Lists& lists,
                                           std::span<const NodeId> nodes, std::uint32_t row,
                                           std::uint32_t room, storage::ListCopy* to) const {
    constexpr NodeId kNobody = schema::kNoNode;
    std::uint32_t count = to->count;
    std::span<const NodeId>* const found = looked_->nodes.data();
    lists.NodesOfAll(nodes, found);
    for (std::uint32_t at = 0; at < nodes.size(); ++at) __builtin_prefetch(found[at].data());
    std::uint32_t at = 0;
    for (; at < nodes.size(); ++at) {
      const NodeId* const ends = found[at].data();
      const auto size = static_cast<std::uint32_t>(found[at].size());
      if (size > room - count) break;
      to->ends[count] = *(size == 0 ? &kNobody : ends);
      to->rows[count] = row + at;
      for (std::uint32_t i = 1; i < size; ++i) {
        to->ends[count + i] = ends[i];
        to->rows[count + i] = row + at;
      }
      count += size;
    }
    to->count = count;
    to->is_full = at < nodes.size();
    return at;
  }

  /// The same with edges.
  [[gnu::noinline]] std::uint32_t CopyWays(const storage::Lists& lists,
                                           std::span<const NodeId> nodes, std::uint32_t row,
                                           std::uint32_t room, storage::ListCopy* to) const {
    static constexpr NodeId kNobody = schema::kNoNode;
    static constexpr EdgeId kNothing{};
    storage::Slice* const found = looked_->slices.data();
    lists.SlicesOfAll(nodes, found);
    std::uint32_t count = to->count;
    std::uint32_t at = 0;
    for (; at < nodes.size(); ++at) {
      const storage::Slice& slice = found[at];
      if (slice.size > room - count) break;
      to->ends[count] = *(slice.size == 0 ? &kNobody : slice.nodes);
      to->edges[count] = *(slice.size == 0 ? &kNothing : slice.edges);
      to->rows[count] = row + at;
      for (std::uint32_t i = 1; i < slice.size; ++i) {
        to->ends[count + i] = slice.nodes[i];
        to->edges[count + i] = slice.edges[i];
        to->rows[count + i] = row + at;
      }
      count += slice.size;
    }
    to->count = count;
    to->is_full = at < nodes.size();
    return at;
  }

  /// Of what was copied from `before` on, what was taken goes.
  void DropTaken(TypeId type, std::uint32_t before, storage::ListCopy* to) const {
    std::uint32_t count = before;
    for (std::uint32_t at = before; at < to->count; ++at) {
      to->ends[count] = to->ends[at];
      to->edges[count] = to->edges[at];
      to->rows[count] = to->rows[at];
      count += IsTaken(to->rows[at], type, to->edges[at]) ? 0U : 1U;
    }
    to->count = count;
  }

  /// The relationships of what was copied.
  void SetCopied(const Lane& lane, const Vector& from, const storage::ListCopy& to) {
    RelationshipRef* const refs = refs_.data() + (emitted() - to.count);
    const NodeId* const nodes = from.nodes();
    for (std::uint32_t i = 0; i < to.count; ++i) {
      const NodeId node = nodes[to.rows[i]];
      refs[i] = {lane.type, to.edges[i], lane.is_out ? node : to.ends[i],
                 lane.is_out ? to.ends[i] : node};
    }
  }

  /// The rows whose lists go on, whole or but for what is ruled out.
  std::uint32_t CopyRows(const Batch& input, const Vector& from, std::uint32_t row) {
    for (; row < from.size(); ++row) {
      if (from.nulls() != nullptr && from.nulls()[row] != 0) continue;
      from_ = from.nodes()[row];
      std::size_t size = 0;
      for (Lane& lane : lanes_) {
        lane.slice = lane.lists[from_];
        size += lane.slice.size;
      }
      if (size > Room()) break;
      SetAvoided(input, row);
      for (const Lane& lane : lanes_) {
        at_ = 0;
        TakeFrom(lane, row);
      }
    }
    return row;
  }

  /// The rows between whose ends relationships are looked for. Rows that come from one node often
  /// have the same ends as the one before.
  std::uint32_t FindRows(const Batch& input, const Vector& from, const Vector& to,
                         std::uint32_t row) {
    list_.clear();
    from_ = schema::kNoNode;
    NodeId found_to = schema::kNoNode;
    for (; row < from.size(); ++row) {
      const bool missing = (from.nulls() != nullptr && from.nulls()[row] != 0) ||
                           (to.nulls() != nullptr && to.nulls()[row] != 0);
      if (missing) continue;
      if (from.nodes()[row] != from_ || to.nodes()[row] != found_to) {
        from_ = from.nodes()[row];
        found_to = to.nodes()[row];
        list_.clear();
        FindBetween(found_to);
      }
      if (list_.empty()) continue;
      if (list_.size() > Room()) break;
      SetAvoided(input, row);
      at_ = 0;
      DrainList(row);
    }
    return row;
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
    if (!node_.into) {
      Vector& to = out->column(node_.to);
      to.Reset(Repr::kNode, out->rows);
      std::copy_n(ends_.data(), out->rows, to.nodes());
    }
    if (!keeps_relationship_) return;
    Vector& relationships = out->column(node_.relationship);
    relationships.Reset(Repr::kRelationship, out->rows);
    std::copy_n(refs_.data(), out->rows, relationships.relationships());
  }

  Result<void> StartRow(const Batch& input, std::uint32_t row) {
    list_.clear();
    at_ = 0;
    lane_ = 0;
    KB_ASSIGN(from_, NodeAt(input.column(node_.from), row));
    avoid_.clear();
    KB_TRY(CollectRelationships(input, row, node_.different_from, &avoid_));
    if (from_ == schema::kNoNode) lane_ = lanes_.size();
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
    for (const storage::TypeLists& lists : lists_) {
      if (node_.direction != Direction::kIn) FindDirected(lists, from_, to);
      if (node_.direction == Direction::kOut) continue;
      if (node_.direction == Direction::kBoth && from_ == to) continue;  // loops once
      FindDirected(lists, to, from_);
    }
  }

  /// All relationships of a type from `source` to `target`.
  void FindDirected(const storage::TypeLists& lists, NodeId source, NodeId target) {
    constexpr std::uint32_t kShort = 8;  // no longer than it takes to look for the other list
    const storage::Slice out = lists.out[source];
    if (out.size == 0) return;
    const storage::Slice in = out.size <= kShort ? out : lists.in[target];
    const bool by_out = out.size <= in.size;
    const storage::Slice& slice = by_out ? out : in;
    const NodeId wanted = by_out ? target : source;
    const auto add = [&](std::uint32_t at) {
      list_.push_back({lists.type, slice.edges[at], source, target});
    };
    std::uint32_t at = FirstFrom(slice, wanted);
    for (; at < slice.sorted && slice.nodes[at] == wanted; ++at) add(at);
    for (at = slice.sorted; at < slice.size; ++at) {
      if (slice.nodes[at] == wanted) add(at);
    }
  }

  /// The place of the first entry of the sorted part that is not below `node`. It cannot be guessed
  /// which way a comparison goes, so none of them is a branch.
  static std::uint32_t FirstFrom(const storage::Slice& slice, NodeId node) {
    const NodeId* first = slice.nodes;
    for (std::uint32_t size = slice.sorted; size != 0;) {
      const std::uint32_t half = (size + 1) / 2;
      first += half & (0U - std::uint32_t{first[half - 1] < node});
      size -= half;
    }
    return static_cast<std::uint32_t>(first - slice.nodes);
  }

  bool IsAvoided(const RelationshipRef& ref) const {
    return std::find(avoid_.begin(), avoid_.end(), ref) != avoid_.end();
  }

  bool DrainList(std::uint32_t row) {
    while (at_ < list_.size()) {
      if (Room() == 0) return false;
      const RelationshipRef& ref = list_[at_++];
      const NodeId end = ref.source == from_ ? ref.target : ref.source;
      if (IsAvoided(ref) || (label_ && !label_->Has(runtime_.view(), end))) continue;
      Take(row, ref, end);
    }
    return true;
  }

  void Take(std::uint32_t row, const RelationshipRef& ref, NodeId end) {
    MakeRoom(1);
    ends_[emitted()] = end;
    if (keeps_relationship_) refs_[emitted()] = ref;
    Emit(row);
  }

  /// For more ends and relationships, which stand in step with the rows that are emitted.
  void MakeRoom(std::uint32_t count) {
    const std::size_t size = std::size_t{emitted()} + count;
    if (ends_.size() < size) ends_.resize(size);
    if (keeps_relationship_ && refs_.size() < size) refs_.resize(size);
  }

  bool DrainLanes(std::uint32_t row) {
    for (; lane_ < lanes_.size(); ++lane_) {
      Lane& lane = lanes_[lane_];
      lane.slice = lane.lists[from_];
      TakeFrom(lane, row);
      if (at_ < lane.slice.size) return false;
      at_ = 0;
    }
    return true;
  }

  /// Appends what a lane has from at_ on, as far as there is room.
  void TakeFrom(const Lane& lane, std::uint32_t row) {
    if (avoid_.empty() && !label_ && !lane.skips_loops) {
      CopyLane(lane, row);
    } else {
      TestLane(lane, row);
    }
  }

  RelationshipRef RefAt(const Lane& lane, std::uint32_t at) const {
    const NodeId end = lane.slice.nodes[at];
    return {lane.type, lane.slice.edges[at], lane.is_out ? from_ : end, lane.is_out ? end : from_};
  }

  void CopyLane(const Lane& lane, std::uint32_t row) {
    const auto at = static_cast<std::uint32_t>(at_);
    const std::uint32_t count = std::min(Room(), lane.slice.size - at);
    MakeRoom(count);
    std::copy_n(lane.slice.nodes + at, count, ends_.data() + emitted());
    for (std::uint32_t i = 0; keeps_relationship_ && i < count; ++i) {
      refs_[emitted() + i] = RefAt(lane, at + i);
    }
    Emit(row, count);
    at_ += count;
  }

  void TestLane(const Lane& lane, std::uint32_t row) {
    for (; at_ < lane.slice.size && Room() != 0; ++at_) {
      const auto at = static_cast<std::uint32_t>(at_);
      const NodeId end = lane.slice.nodes[at];
      if (lane.skips_loops && end == from_) continue;
      if (label_ && !label_->Has(runtime_.view(), end)) continue;
      const RelationshipRef ref =
          avoid_.empty() && !keeps_relationship_ ? RelationshipRef{} : RefAt(lane, at);
      if (!avoid_.empty() && IsAvoided(ref)) continue;
      Take(row, ref, end);
    }
  }

  const plan::Expand& node_;
  bool keeps_relationship_ = false;
  bool one_by_one_ = false;  ///< Both ends or the relationship are known.
  std::vector<TypeId> types_;
  std::optional<BlockLabel> label_;
  bool impossible_ = false;
  std::vector<storage::TypeLists> lists_;
  std::vector<Lane> lanes_;

  // The current row.
  bool row_started_ = false;
  NodeId from_ = schema::kNoNode;
  std::vector<RelationshipRef> avoid_;
  std::vector<const RelationshipRef*> taken_;  ///< The same by row, of a batch.
  std::vector<RelationshipRef> list_;          ///< If one_by_one_: all there are.
  std::size_t lane_ = 0;
  std::size_t at_ = 0;  ///< In list_, or in the lane.

  // The batch, in their first emitted() entries.
  std::vector<NodeId> ends_;
  std::vector<RelationshipRef> refs_;
  // Room for CopyLists.
  std::unique_ptr<Looked> looked_;
  std::vector<EdgeId> edges_;
};

}  // namespace

OperatorPtr MakeExpand(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Expand>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
