// CountWalks: ExpandVariable where only the number of walks matters. Rows are multiplied by it.
//
// The search goes depth first over the adjacency lists as they lie. Of walks of the greatest length
// the last step is not taken: its choices are the node's relationships but for those that the walk
// has been through.
#include <limits>

#include "query/exec/operators.h"
#include "query/exec/walk.h"
#include "storage/lists.h"

namespace kb::query::exec {
namespace {

using schema::Direction;

class CountWalks final : public Operator {
 public:
  CountWalks(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))), node_(NodeOf<plan::ExpandVariable>()) {
    max_ = node_.pattern.max.value_or(std::numeric_limits<std::uint64_t>::max());
    const Direction written = node_.pattern.direction;
    direction_ = node_.reversed ? Reverse(written) : written;
    is_trail_ = node_.mode == ast::PathMode::kTrail;
  }

 private:
  struct Lane {
    schema::TypeId type;
    bool is_out;
    storage::Lists lists;
  };
  struct Frame {
    NodeId node;
    std::size_t lane;  ///< The next.
    storage::Slice slice;
    std::uint32_t at;
  };

  Result<bool> Produce(Batch* out) override {
    while (true) {
      KB_ASSIGN(const bool more, input().Next(&batch_));
      if (!more) return false;
      FindLanes();
      rows_.clear();
      numbers_.clear();
      for (std::uint32_t row = 0; row < batch_.rows; ++row) {
        KB_ASSIGN(const NodeId from, NodeAt(batch_.column(node_.from), row));
        if (from == schema::kNoNode) continue;
        KB_ASSIGN(const std::uint64_t walks, Count(from));
        if (walks == 0) continue;
        std::uint64_t number = 0;
        if (__builtin_mul_overflow(walks, batch_.multiplicity_of(row), &number)) return TooMany();
        rows_.push_back(row);
        numbers_.push_back(number);
      }
      if (rows_.empty()) continue;
      out->GatherFrom(batch_, rows_, live());
      out->multiplicity = numbers_;
      return true;
    }
  }

  static Error TooMany() {
    return ArithmeticError("there are more matches than a 64-bit integer can count");
  }

  void FindLanes() {
    lanes_.clear();
    for (const auto type : runtime_.TypesOf(node_.pattern.types)) {
      const auto add = [&](Direction direction) {
        lanes_.push_back({type, direction == Direction::kOut, {runtime_.view(), type, direction}});
      };
      if (direction_ != Direction::kIn) add(Direction::kOut);
      if (direction_ != Direction::kOut) add(Direction::kIn);
    }
  }

  bool SkipsLoops(const Lane& lane) const { return direction_ == Direction::kBoth && !lane.is_out; }

  /// Relationships that lead on from a node, whatever the walk has been through.
  std::uint64_t Degree(NodeId node) const {
    std::uint64_t degree = 0;
    for (const Lane& lane : lanes_) {
      const storage::Slice slice = lane.lists[node];
      degree += slice.size;
      if (SkipsLoops(lane)) degree -= storage::CountIn(slice, node);
    }
    return degree;
  }

  /// How many of them the walk has been through.
  std::uint64_t Used(NodeId node) const {
    if (!is_trail_) return 0;
    std::uint64_t used = 0;
    for (const Step& step : walk_.steps()) {
      const RelationshipRef& ref = step.relationship;
      const bool out = direction_ != Direction::kIn && ref.source == node;
      const bool in = direction_ != Direction::kOut && ref.target == node;
      used += out || in ? 1 : 0;
    }
    return used;
  }

  Result<std::uint64_t> Count(NodeId from) {
    std::uint64_t total = node_.pattern.min == 0 ? 1 : 0;
    if (max_ == 0) return total;
    walk_.Start(from);
    frames_.clear();
    Enter(from, &total);
    std::uint32_t steps = 0;
    while (!frames_.empty()) {
      if ((++steps & 0xFFF) == 0) KB_TRY(runtime_.CheckCancelled());
      Frame& frame = frames_.back();
      if (frame.at == frame.slice.size) {
        if (frame.lane == lanes_.size()) {
          frames_.pop_back();
          if (!frames_.empty()) walk_.Pop();
          continue;
        }
        frame.slice = lanes_[frame.lane++].lists[frame.node];
        frame.at = 0;
        continue;
      }
      const Lane& lane = lanes_[frame.lane - 1];
      const NodeId end = frame.slice.nodes[frame.at];
      const schema::EdgeId edge = frame.slice.edges[frame.at++];
      if (SkipsLoops(lane) && end == frame.node) continue;
      const NodeId node = frame.node;
      const RelationshipRef ref{lane.type, edge, lane.is_out ? node : end,
                                lane.is_out ? end : node};
      if (is_trail_ && walk_.Has(ref)) continue;
      walk_.Push({ref, end});
      if (walk_.size() >= node_.pattern.min && __builtin_add_overflow(total, 1, &total)) {
        return TooMany();
      }
      if (!Enter(end, &total)) walk_.Pop();
    }
    return total;
  }

  /// Goes on from the walk's end, or, with one step left, counts the steps. False if there is
  /// nothing to go on to.
  bool Enter(NodeId node, std::uint64_t* total) {
    if (walk_.size() + 1 < max_) {
      frames_.push_back({node, 0, {}, 0});
      return true;
    }
    if (walk_.size() + 1 == max_ && max_ >= node_.pattern.min) *total += Degree(node) - Used(node);
    return false;
  }

  const plan::ExpandVariable& node_;
  std::uint64_t max_;
  Direction direction_;
  bool is_trail_;
  std::vector<Lane> lanes_;
  Walk walk_;
  std::vector<Frame> frames_;

  Batch batch_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint64_t> numbers_;
};

}  // namespace

OperatorPtr MakeCountWalks(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<CountWalks>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
