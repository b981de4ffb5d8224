// Reach: ExpandVariable where only the distinct ends matter and levels tell which they are. A
// search by levels, each node once.
//
// The start is the subtle case. With a lower bound of 0 it is an end. With 1 it is an end only if a
// closed trail leads back to it within the upper bound. Directed, the search finds that out by
// itself, since the shortest closed walk repeats nothing. Undirected, going out and back over one
// relationship is no trail, so the question is whether the start lies on a cycle:
// EndsWhereItStarts.
//
// With a greater lower bound the level at which a node is met first says little: TrailEnds.
#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <limits>

#include "query/exec/look_back.h"
#include "query/exec/node_set.h"
#include "query/exec/operators.h"
#include "query/exec/steps.h"
#include "query/exec/trail_ends.h"

namespace kb::query::exec {
namespace {

using schema::Direction;

class Reach final : public FanOut {
 public:
  Reach(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : FanOut(runtime, op, Inputs(std::move(from))),
        node_(NodeOf<plan::ExpandVariable>()),
        steps_(runtime, node_.pattern),
        trail_ends_(runtime, steps_, node_.reversed) {
    max_ = node_.pattern.max.value_or(std::numeric_limits<std::uint64_t>::max());
  }

  void Rewind() override {
    FanOut::Rewind();
    row_started_ = false;
    ends_.clear();
  }

 private:
  Result<void> StartBatch(const Batch& input) override {
    row_started_ = false;
    KB_TRY(steps_.StartBatch(input));
    look_back_.Start(steps_, node_.reversed, runtime_.view());
    return {};
  }

  Result<bool> FillRow(const Batch& input, std::uint32_t row) override {
    if (!row_started_) {
      found_.clear();
      at_ = 0;
      steps_.StartRow(input, row);
      KB_ASSIGN(const NodeId from, NodeAt(input.column(node_.from), row));
      if (from != schema::kNoNode && runtime_.view().Exists(from)) KB_TRY(Search(from));
      row_started_ = true;
    }
    const std::size_t count = std::min<std::size_t>(Room(), found_.size() - at_);
    const auto begin = found_.begin() + static_cast<std::ptrdiff_t>(at_);
    ends_.insert(ends_.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
    Emit(row, static_cast<std::uint32_t>(count));
    at_ += count;
    if (at_ != found_.size()) return false;
    row_started_ = false;
    return true;
  }

  void FinishBatch(Batch* out) override {
    SetNodes(&out->column(node_.to), ends_);
    ends_.clear();
  }

  /// Fills found_ with the ends.
  Result<void> Search(NodeId from) {
    if (look_back_.node_limit() == 0) {
      seen_.Reserve(runtime_.view());
    } else {
      seen_.Reserve(std::max<std::size_t>(look_back_.node_limit(), schema::Raw(from) + 1));
    }
    if (node_.pattern.min > 1) {
      KB_TRY(trail_ends_.Find(from, node_.pattern.min, max_, &look_back_, &seen_, &found_));
      seen_.Clear(found_);
      return {};
    }
    const bool undirected_trail =
        node_.pattern.direction == Direction::kBoth && node_.mode != ast::PathMode::kWalk;
    bool start_is_end = node_.pattern.min == 0;
    if (!start_is_end && undirected_trail && max_ > 0) {
      KB_ASSIGN(start_is_end, EndsWhereItStarts(from));
    }
    const bool start_is_known = start_is_end || undirected_trail;
    if (start_is_known) seen_.Add(from);
    if (start_is_end) found_.push_back(from);
    frontier_.assign(1, from);
    for (std::uint64_t level = 1; level <= max_ && !frontier_.empty(); ++level) {
      next_.clear();
      if (level > 1 && look_back_.Pays(frontier_.size(), found_.size())) {
        KB_TRY(LookBackFromUnseen());
      } else {
        for (const NodeId node : frontier_) {
          KB_TRY(Visit(node));
          if ((++visits_ & 0x3FF) == 0) KB_TRY(runtime_.CheckCancelled());
        }
      }
      found_.insert(found_.end(), next_.begin(), next_.end());
      std::swap(frontier_, next_);
    }
    found_.push_back(from);  // which may have been added without being an end
    seen_.Clear(found_);
    found_.pop_back();
    return {};
  }

  /// Adds what is new among the neighbours of a node to next_.
  Result<void> Visit(NodeId node) {
    if (!steps_.is_plain()) {
      KB_TRY(steps_.From(node, node_.reversed, &ways_));
      for (const Step& step : ways_) {
        if (seen_.Add(step.end)) next_.push_back(step.end);
      }
      return {};
    }
    steps_.ForEachSlice(node, node_.reversed,
                        [this](schema::TypeId, Direction, const storage::Slice& slice) {
                          seen_.AddAll({slice.nodes, slice.size}, &next_);
                        });
    return {};
  }

  /// The same for all nodes of a level behind the first: what leads to anything seen leads to the
  /// level, for otherwise it would have been seen before.
  Result<void> LookBackFromUnseen() {
    seen_.UseBits();
    KB_TRY(look_back_.ForEach(seen_, runtime_, [this](NodeId node, std::span<const NodeId> from) {
      if (!seen_.HasAnyOf(from)) return false;
      next_.push_back(node);
      return true;
    }));
    for (const NodeId node : next_) seen_.Add(node);
    return {};
  }

  /// Undirected: is there a closed trail from `start` of at most max_ relationships? The search
  /// notes for each node by which relationship its way left the start; a relationship that joins
  /// two ways, or leads back to the start by another one, closes a cycle. A cycle of n is seen from
  /// the first of its nodes on the far side, at distance (n - 1) / 2.
  Result<bool> EndsWhereItStarts(NodeId start) {
    ways_out_.clear();
    ways_out_.emplace(schema::Raw(start), Way{0, 0});
    queue_.assign(1, start);
    for (std::size_t at = 0; at < queue_.size(); ++at) {
      const NodeId node = queue_[at];
      const Way way = ways_out_.find(schema::Raw(node))->second;
      if (way.distance > (max_ - 1) / 2) return false;
      if ((at & 0x3FF) == 0x3FF) KB_TRY(runtime_.CheckCancelled());
      KB_TRY(steps_.From(node, node_.reversed, &ways_));
      for (const Step& step : ways_) {
        const std::uint64_t id = step.relationship.id();
        if (step.end == start) {
          const bool another = node == start || id != way.first;
          if (another && way.distance + 1 <= max_) return true;
          continue;
        }
        const std::uint64_t first = node == start ? id : way.first;
        const auto [known, added] =
            ways_out_.try_emplace(schema::Raw(step.end), Way{way.distance + 1, first});
        if (added) {
          queue_.push_back(step.end);
        } else if (known->second.first != first &&
                   way.distance + known->second.distance + 1 <= max_) {
          return true;
        }
      }
    }
    return false;
  }

  /// How a node was reached from the start: how far it is, and by which relationship the way began.
  struct Way {
    std::uint64_t distance;
    std::uint64_t first;
  };

  const plan::ExpandVariable& node_;
  Steps steps_;
  TrailEnds trail_ends_;
  LookBack look_back_;
  std::uint64_t max_;
  NodeSet seen_;
  std::vector<NodeId> frontier_, next_;
  std::vector<Step> ways_;
  boost::unordered_flat_map<std::uint32_t, Way> ways_out_;
  std::vector<NodeId> queue_;
  std::uint32_t visits_ = 0;

  bool row_started_ = false;
  std::vector<NodeId> found_;  ///< The ends of the current row …
  std::size_t at_ = 0;         ///< … and how many of them have gone on.
  std::vector<NodeId> ends_;
};

}  // namespace

OperatorPtr MakeReach(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Reach>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
