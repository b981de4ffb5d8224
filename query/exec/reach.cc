// Reach: ExpandVariable where only the distinct ends matter. A search by levels, each node once.
//
// The start is the subtle case. With a lower bound of 0 it is an end. With 1 it is an end only if a
// closed trail leads back to it within the upper bound. Directed, the search finds that out by
// itself, since the shortest closed walk repeats nothing. Undirected, going out and back over one
// relationship is no trail, so the question is whether the start lies on a cycle:
// EndsWhereItStarts.
#include <algorithm>
#include <limits>
#include <unordered_map>

#include "query/exec/operators.h"
#include "query/exec/steps.h"

namespace kb::query::exec {
namespace {

using schema::Direction;

/// One bit a node; remembers what to clear.
class NodeSet {
 public:
  void Reserve(std::size_t node_count) {
    words_.resize(std::max(words_.size(), node_count / 64 + 1));
  }
  /// False if it was there already.
  bool Add(NodeId node) {
    std::uint64_t& word = words_[schema::Raw(node) / 64];
    const std::uint64_t bit = std::uint64_t{1} << (schema::Raw(node) % 64);
    if ((word & bit) != 0) return false;
    word |= bit;
    return true;
  }
  void Remove(NodeId node) { words_[schema::Raw(node) / 64] = 0; }

 private:
  std::vector<std::uint64_t> words_;
};

class Reach final : public FanOut {
 public:
  Reach(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : FanOut(runtime, op, Inputs(std::move(from))),
        node_(NodeOf<plan::ExpandVariable>()),
        steps_(runtime, node_.pattern) {
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
    seen_.Reserve(std::size_t{runtime_.view().block_count()} * storage::kBlockSize);
    return steps_.StartBatch(input);
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
      for (const NodeId node : frontier_) {
        KB_TRY(Visit(node));
        if ((++visits_ & 0x3FF) == 0) KB_TRY(runtime_.CheckCancelled());
      }
      found_.insert(found_.end(), next_.begin(), next_.end());
      std::swap(frontier_, next_);
    }
    for (const NodeId node : found_) seen_.Remove(node);
    seen_.Remove(from);
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
    const Direction written = node_.pattern.direction;
    const Direction direction = node_.reversed ? Reverse(written) : written;
    for (const auto type : steps_.types()) {
      if (direction != Direction::kIn) VisitSlice(type, Direction::kOut, node);
      if (direction != Direction::kOut) VisitSlice(type, Direction::kIn, node);
    }
    return {};
  }

  void VisitSlice(schema::TypeId type, Direction direction, NodeId node) {
    const storage::Slice slice = runtime_.view().Neighbours(type, direction, node);
    for (std::uint32_t i = 0; i < slice.size; ++i) {
      if (seen_.Add(slice.nodes[i])) next_.push_back(slice.nodes[i]);
    }
  }

  /// Undirected: is there a closed trail from `start` of at most max_ relationships? The search
  /// notes for each node by which relationship its way left the start; a relationship that joins
  /// two ways, or leads back to the start by another one, closes a cycle.
  Result<bool> EndsWhereItStarts(NodeId start) {
    struct Way {
      std::uint64_t distance;
      std::uint64_t first;
    };
    std::unordered_map<std::uint32_t, Way> ways;
    std::vector<NodeId> queue = {start};
    ways[schema::Raw(start)] = {0, 0};
    std::vector<Step> steps;
    for (std::size_t at = 0; at < queue.size(); ++at) {
      const NodeId node = queue[at];
      const Way way = ways[schema::Raw(node)];
      if (way.distance > (max_ - 1) / 2 + 1) return false;
      if ((at & 0x3FF) == 0x3FF) KB_TRY(runtime_.CheckCancelled());
      KB_TRY(steps_.From(node, node_.reversed, &steps));
      for (const Step& step : steps) {
        const std::uint64_t id = step.relationship.id();
        if (step.end == start) {
          const bool another = node == start || id != way.first;
          if (another && way.distance + 1 <= max_) return true;
          continue;
        }
        const std::uint64_t first = node == start ? id : way.first;
        const auto [known, added] =
            ways.try_emplace(schema::Raw(step.end), Way{way.distance + 1, first});
        if (added) {
          queue.push_back(step.end);
        } else if (known->second.first != first &&
                   way.distance + known->second.distance + 1 <= max_) {
          return true;
        }
      }
    }
    return false;
  }

  const plan::ExpandVariable& node_;
  Steps steps_;
  std::uint64_t max_;
  NodeSet seen_;
  std::vector<NodeId> frontier_, next_;
  std::vector<Step> ways_;
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
