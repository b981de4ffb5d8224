#include "query/exec/search.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <limits>

namespace kb::query::exec {
namespace {

/// A search by levels from one end.
struct Side {
  NodeId root;
  bool reversed;
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> distance;
  std::vector<NodeId> frontier;
  std::uint32_t level = 0;

  Side(NodeId start, bool backwards) : root(start), reversed(backwards), frontier{start} {
    distance.emplace(schema::Raw(start), 0);
  }
};

class Bidirectional {
 public:
  Bidirectional(Runtime& runtime, Steps& steps, std::vector<std::vector<Step>>* found)
      : runtime_(runtime), steps_(steps), found_(found) {}

  Result<void> Find(NodeId from, NodeId to, std::uint64_t max, bool all) {
    Side near(from, false), far(to, true);
    std::vector<NodeId> meeting;
    while (meeting.empty()) {
      if (near.frontier.empty() || far.frontier.empty()) return {};
      if (std::uint64_t{near.level} + far.level >= max) return {};
      const bool grow_near = near.frontier.size() <= far.frontier.size();
      KB_TRY(Grow(grow_near ? near : far, grow_near ? far : near, &meeting));
    }
    if (!all) meeting.resize(1);
    for (const NodeId node : meeting) KB_TRY(Join(near, far, node, all));
    return {};
  }

 private:
  /// One level more; `meeting` receives the new nodes that the other side knows.
  Result<void> Grow(Side& side, const Side& other, std::vector<NodeId>* meeting) {
    std::vector<NodeId> next;
    ++side.level;
    for (const NodeId node : side.frontier) {
      if ((++visits_ & 0x3FF) == 0) KB_TRY(runtime_.CheckCancelled());
      const auto visit = [&](NodeId end) {
        if (!side.distance.try_emplace(schema::Raw(end), side.level).second) return;
        next.push_back(end);
        if (other.distance.contains(schema::Raw(end))) meeting->push_back(end);
      };
      if (steps_.is_plain()) {
        steps_.ForEachEnd(node, side.reversed, visit);
      } else {
        KB_TRY(steps_.From(node, side.reversed, &ways_));
        for (const Step& step : ways_) visit(step.end);
      }
    }
    side.frontier = std::move(next);
    return {};
  }

  /// The walks through one meeting node: every way back to the start with every way on to the end.
  Result<void> Join(const Side& near, const Side& far, NodeId node, bool all) {
    std::vector<std::vector<Step>> heads, tails;
    KB_TRY(Descend(near, node, all, &heads));
    KB_TRY(Descend(far, node, all, &tails));
    for (const auto& head : heads) {
      const std::vector<Step> start = TurnRound(head, node);
      for (const auto& tail : tails) {
        found_->push_back(start);
        found_->back().insert(found_->back().end(), tail.begin(), tail.end());
      }
    }
    return {};
  }

  /// Steps that lead from `node` to the start, as steps from the start to `node`.
  static std::vector<Step> TurnRound(const std::vector<Step>& steps, NodeId node) {
    std::vector<Step> turned;
    turned.reserve(steps.size());
    for (std::size_t i = steps.size(); i-- > 0;) {
      turned.push_back({steps[i].relationship, i == 0 ? node : steps[i - 1].end});
    }
    return turned;
  }

  /// All ways (or one) from `node` down to the side's root, each step one nearer. The stack is our
  /// own, because ways may be long.
  Result<void> Descend(const Side& side, NodeId node, bool all,
                       std::vector<std::vector<Step>>* ways) {
    if (node == side.root) {
      ways->emplace_back();
      return {};
    }
    struct Frame {
      std::vector<Step> steps;
      std::size_t at = 0;
    };
    std::vector<Frame> frames(1);
    std::vector<Step> way;
    KB_TRY(StepsDown(side, node, &frames[0].steps));
    while (!frames.empty()) {
      Frame& frame = frames.back();
      if (frame.at == frame.steps.size()) {
        frames.pop_back();
        if (!way.empty()) way.pop_back();
        continue;
      }
      way.push_back(frame.steps[frame.at++]);
      if (way.back().end != side.root) {
        frames.emplace_back();
        KB_TRY(StepsDown(side, way.back().end, &frames.back().steps));
        continue;
      }
      ways->push_back(way);
      if (!all) return {};
      way.pop_back();
    }
    return {};
  }

  Result<void> StepsDown(const Side& side, NodeId node, std::vector<Step>* steps) {
    if ((++visits_ & 0xFF) == 0) KB_TRY(runtime_.CheckCancelled());
    const std::uint32_t distance = side.distance.at(schema::Raw(node));
    KB_TRY(steps_.From(node, !side.reversed, steps));
    std::erase_if(*steps, [&](const Step& step) {
      const auto known = side.distance.find(schema::Raw(step.end));
      return known == side.distance.end() || known->second + 1 != distance;
    });
    return {};
  }

  Runtime& runtime_;
  Steps& steps_;
  std::vector<std::vector<Step>>* found_;
  std::vector<Step> ways_;
  std::uint32_t visits_ = 0;
};

/// The same search for the length and the number of the shortest walks: how many lead to a node is
/// the sum over the steps to it from the level before.
class Measuring {
 public:
  static constexpr std::uint64_t kTooMany = std::numeric_limits<std::uint64_t>::max();

  Measuring(Runtime& runtime, Steps& steps, bool all)
      : runtime_(runtime), steps_(steps), all_(all) {}

  Result<ShortestWalks> Find(NodeId from, NodeId to, std::uint64_t max) {
    Side near(from, false), far(to, true);
    while (!has_met_) {
      if (near.IsDone() || far.IsDone()) return ShortestWalks{};
      if (near.level + far.level >= max) return ShortestWalks{};
      const bool grow_near = near.Width() <= far.Width();
      KB_TRY(Grow(grow_near ? &near : &far, grow_near ? far : near));
    }
    if (all_ && number_ == kTooMany) {
      return ArithmeticError("there are more matches than a 64-bit integer can count");
    }
    return ShortestWalks{near.level + far.level, all_ ? number_ : 1};
  }

 private:
  /// The nodes that a side has met, level by level; those from `begin` on are the last level.
  struct Side {
    bool reversed;
    boost::unordered_flat_map<std::uint32_t, std::uint32_t> places;  ///< In nodes, by node.
    std::vector<NodeId> nodes;
    std::vector<std::uint64_t> numbers;  ///< Of shortest walks to each.
    std::size_t begin = 0;
    std::uint64_t level = 0;

    Side(NodeId start, bool backwards) : reversed(backwards), nodes{start}, numbers{1} {
      places.reserve(256);
      places.emplace(schema::Raw(start), 0);
    }
    std::size_t Width() const { return nodes.size() - begin; }
    bool IsDone() const { return Width() == 0; }
  };

  /// One level more. Steps to a node that the other side knows are the middle of shortest walks:
  /// before this level no walk was as short, so the node is on the other side's last level.
  Result<void> Grow(Side* side, const Side& other) {
    ++side->level;
    const std::size_t begin = side->begin;
    const std::size_t end = side->nodes.size();
    side->begin = end;
    for (std::size_t at = begin; at < end; ++at) {
      if (((at - begin) & 0x3FF) == 0x3FF) KB_TRY(runtime_.CheckCancelled());
      const std::uint64_t number = side->numbers[at];
      const auto visit = [&](NodeId to) { Visit(number, to, side, other); };
      const NodeId node = side->nodes[at];
      if (steps_.is_plain()) {
        steps_.ForEachEnd(node, side->reversed, visit);
      } else {
        KB_TRY(steps_.From(node, side->reversed, &ways_));
        for (const Step& step : ways_) visit(step.end);
      }
      if (!all_ && has_met_) return {};
    }
    return {};
  }

  static std::uint64_t Sum(std::uint64_t a, std::uint64_t b) {
    std::uint64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? kTooMany : sum;
  }

  /// A step to a node from one that `number` walks lead to.
  void Visit(std::uint64_t number, NodeId to, Side* side, const Side& other) {
    const auto met = other.places.find(schema::Raw(to));
    if (met != other.places.end()) {
      const std::uint64_t rest = other.numbers[met->second];
      std::uint64_t through = 0;
      const bool too_many =
          number == kTooMany || rest == kTooMany || __builtin_mul_overflow(number, rest, &through);
      number_ = too_many ? kTooMany : Sum(number_, through);
      has_met_ = true;
      return;
    }
    if (has_met_) return;  // what is further away is of no use any more
    const auto place = static_cast<std::uint32_t>(side->nodes.size());
    const auto [known, is_new] = side->places.try_emplace(schema::Raw(to), place);
    if (is_new) {
      side->nodes.push_back(to);
      side->numbers.push_back(number);
    } else if (known->second >= side->begin) {
      std::uint64_t& sum = side->numbers[known->second];
      sum = Sum(sum, number);
    }
  }

  Runtime& runtime_;
  Steps& steps_;
  const bool all_;
  bool has_met_ = false;
  std::uint64_t number_ = 0;  ///< Of the walks that have met.
  std::vector<Step> ways_;
};

/// Trails of one length after the other.
class TrailSearch {
 public:
  using Visit = std::function<Result<bool>(const std::vector<Step>&)>;

  TrailSearch(Runtime& runtime, Steps& steps, NodeId to, const Visit& visit)
      : runtime_(runtime), steps_(steps), to_(to), visit_(visit) {}

  Result<void> Run(NodeId from, std::uint64_t min, std::uint64_t max) {
    KB_TRY(Measure(max));
    const auto nearest = distance_.find(schema::Raw(from));
    if (nearest == distance_.end()) return {};
    for (length_ = std::max<std::uint64_t>(min, nearest->second); length_ <= max; ++length_) {
      is_cut_ = false;
      walk_.Start(from);
      KB_TRY(Deepen(0));
      if (stopped_ || !is_cut_) return {};
    }
    return {};
  }

 private:
  /// The distance of every node to the end, as a lower bound for any trail.
  Result<void> Measure(std::uint64_t max) {
    std::vector<NodeId> frontier = {to_}, next;
    distance_.emplace(schema::Raw(to_), 0);
    std::vector<Step> ways;
    for (std::uint64_t level = 1; level <= max && !frontier.empty(); ++level) {
      next.clear();
      for (const NodeId node : frontier) {
        KB_TRY(runtime_.CheckCancelled());
        KB_TRY(steps_.From(node, true, &ways));
        for (const Step& step : ways) {
          if (distance_.try_emplace(schema::Raw(step.end), level).second) {
            next.push_back(step.end);
          }
        }
      }
      std::swap(frontier, next);
    }
    return {};
  }

  /// Depth first with a stack of its own: trails may be long.
  Result<void> Deepen(std::size_t depth) {
    KB_TRY(Arrive(&depth));
    std::uint32_t count = 0;
    while (depth > 0 && !stopped_) {
      if ((++count & 0xFFF) == 0) KB_TRY(runtime_.CheckCancelled());
      Frame& frame = frames_[depth - 1];
      if (frame.at == frame.ways.size()) {
        if (--depth > 0) walk_.Pop();
        continue;
      }
      const Step step = frame.ways[frame.at++];
      const auto rest = distance_.find(schema::Raw(step.end));
      if (rest == distance_.end() || walk_.Has(step.relationship)) continue;
      if (walk_.size() + 1 + rest->second > length_) {
        is_cut_ = true;
        continue;
      }
      walk_.Push(step);
      const std::size_t before = depth;
      KB_TRY(Arrive(&depth));
      if (depth == before) walk_.Pop();
    }
    return {};
  }

  /// The walk has its length: is it one? Otherwise the ways on are looked up in a new frame.
  Result<void> Arrive(std::size_t* depth) {
    if (walk_.size() == length_) {
      if (walk_.end() == to_) {
        KB_ASSIGN(const bool more, visit_(walk_.steps()));
        stopped_ = !more;
      }
      is_cut_ = true;  // there may be longer ones
      return {};
    }
    if (*depth == frames_.size()) frames_.emplace_back();
    Frame& frame = frames_[(*depth)++];
    frame.at = 0;
    return steps_.From(walk_.end(), false, &frame.ways);
  }

  struct Frame {
    std::vector<Step> ways;
    std::size_t at = 0;
  };

  Runtime& runtime_;
  Steps& steps_;
  const NodeId to_;
  const Visit& visit_;
  boost::unordered_flat_map<std::uint32_t, std::uint64_t> distance_;
  std::uint64_t length_ = 0;
  bool is_cut_ = false;
  bool stopped_ = false;
  Walk walk_;
  std::vector<Frame> frames_;
};

}  // namespace

Result<void> FindShortest(Runtime& runtime, Steps& steps, NodeId from, NodeId to, std::uint64_t max,
                          bool all, std::vector<std::vector<Step>>* found) {
  return Bidirectional(runtime, steps, found).Find(from, to, max, all);
}

Result<ShortestWalks> MeasureShortest(Runtime& runtime, Steps& steps, NodeId from, NodeId to,
                                      std::uint64_t max, bool all) {
  return Measuring(runtime, steps, all).Find(from, to, max);
}

Result<void> ForEachTrail(Runtime& runtime, Steps& steps, NodeId from, NodeId to, std::uint64_t min,
                          std::uint64_t max,
                          const std::function<Result<bool>(const std::vector<Step>&)>& visit) {
  return TrailSearch(runtime, steps, to, visit).Run(from, min, max);
}

}  // namespace kb::query::exec
