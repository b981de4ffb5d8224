// ExpandVariable: every walk from a node that a variable-length pattern allows, depth first.
//
// The search is a stack of frames that is left standing when a batch is full. A frame holds the
// ways on from its node that satisfy the pattern; whether one may be taken depends on the walk so
// far (a trail repeats no relationship).
#include <algorithm>
#include <limits>

#include "query/exec/node_set.h"
#include "query/exec/operators.h"
#include "query/exec/walk.h"

namespace kb::query::exec {
namespace {

class ExpandVariable final : public FanOut {
 public:
  ExpandVariable(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : FanOut(runtime, op, Inputs(std::move(from))),
        node_(NodeOf<plan::ExpandVariable>()),
        steps_(runtime, node_.pattern),
        columns_(node_.pattern, [this](Slot slot) { return IsLive(slot); }) {
    max_ = node_.pattern.max.value_or(std::numeric_limits<std::uint64_t>::max());
  }

  void Rewind() override {
    FanOut::Rewind();
    depth_ = 0;
    row_started_ = false;
    ends_.clear();
    columns_.Clear();
  }

 private:
  struct Frame {
    std::vector<Step> steps;
    std::size_t at = 0;
  };

  Result<void> StartBatch(const Batch& input) override {
    row_started_ = false;
    seen_.Reserve(runtime_.view());
    return steps_.StartBatch(input);
  }

  Result<bool> FillRow(const Batch& input, std::uint32_t row) override {
    if (!row_started_) {
      KB_TRY(StartRow(input, row));
      row_started_ = true;
    }
    std::uint32_t count = 0;
    while (depth_ > 0) {
      if (Room() == 0) return false;
      if ((++count & 0xFFF) == 0) KB_TRY(runtime_.CheckCancelled());
      Frame& frame = frames_[depth_ - 1];
      if (frame.at == frame.steps.size()) {
        if (--depth_ > 0) walk_.Pop();
        continue;
      }
      const Step step = frame.steps[frame.at++];
      if (!MayTake(step)) continue;
      walk_.Push(step);
      if (walk_.size() >= node_.pattern.min) Accept(row);
      if (walk_.size() < max_) {
        KB_TRY(OpenFrame(step.end));
      } else {
        walk_.Pop();
      }
    }
    row_started_ = false;
    return true;
  }

  Result<void> StartRow(const Batch& input, std::uint32_t row) {
    depth_ = 0;
    seen_.Clear(met_);
    met_.clear();
    KB_ASSIGN(const NodeId from, NodeAt(input.column(node_.from), row));
    if (from == schema::kNoNode) return {};
    if (node_.into) {
      KB_ASSIGN(to_, NodeAt(input.column(node_.to), row));
      if (to_ == schema::kNoNode) return {};
    }
    avoid_.clear();
    KB_TRY(CollectRelationships(input, row, node_.different_from, &avoid_));
    steps_.StartRow(input, row);
    walk_.Start(from);
    if (node_.pattern.min == 0) Accept(row);
    return max_ == 0 ? Result<void>() : OpenFrame(from);
  }

  Result<void> OpenFrame(NodeId node) {
    if (depth_ == frames_.size()) frames_.emplace_back();
    Frame& frame = frames_[depth_++];
    frame.at = 0;
    return steps_.From(node, node_.reversed, &frame.steps);
  }

  bool MayTake(const Step& step) const {
    return Allows(node_.mode, walk_, step) &&
           std::find(avoid_.begin(), avoid_.end(), step.relationship) == avoid_.end();
  }

  void Accept(std::uint32_t row) {
    if (node_.into && walk_.end() != to_) return;
    if (node_.distinct_ends) {
      if (!seen_.Add(walk_.end())) return;
      met_.push_back(walk_.end());
    }
    Emit(row);
    ends_.push_back(walk_.end());
    columns_.Add(walk_.from(), walk_.steps(), node_.reversed);
  }

  void FinishBatch(Batch* out) override {
    if (!node_.into) SetNodes(&out->column(node_.to), ends_);
    ends_.clear();
    columns_.Finish(out);
  }

  const plan::ExpandVariable& node_;
  Steps steps_;
  std::uint64_t max_;

  bool row_started_ = false;
  NodeId to_ = schema::kNoNode;
  std::vector<RelationshipRef> avoid_;
  Walk walk_;
  std::vector<Frame> frames_;  ///< Kept beyond depth_, for their capacity.
  std::size_t depth_ = 0;

  NodeSet seen_;             ///< With distinct_ends: the ends of the row …
  std::vector<NodeId> met_;  ///< … listed.

  std::vector<NodeId> ends_;
  WalkColumns columns_;
};

}  // namespace

OperatorPtr MakeExpandVariable(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  const auto* node = std::get_if<plan::ExpandVariable>(&op.node);
  if (node->pattern.route) return MakePathSearch(runtime, op, std::move(input));
  return std::make_unique<ExpandVariable>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
