// NodeScan: every node, or every node with a label, for each input row; block by block.
#include <algorithm>
#include <cstring>
#include <optional>

#include "query/exec/operators.h"

namespace kb::query::exec {
namespace {

class NodeScan final : public FanOut {
 public:
  NodeScan(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : FanOut(runtime, op, Inputs(std::move(from))) {}

  void Rewind() override {
    FanOut::Rewind();
    found_.clear();
    StartRow();
  }

 private:
  void StartRow() { block_ = 0, at_ = 0, in_block_ = 0; }

  Result<void> StartBatch(const Batch& /*input*/) override {
    const std::string& name = NodeOf<plan::NodeScan>().label;
    label_ = name.empty() ? std::nullopt : runtime_.catalog().FindLabel(name);
    // A label that nobody knows is on no node.
    block_count_ = !name.empty() && !label_ ? 0 : runtime_.view().block_count();
    StartRow();
    return {};
  }

  Result<bool> FillRow(const Batch& /*input*/, std::uint32_t row) override {
    while (true) {
      if (at_ == in_block_) {
        if (block_ == block_count_) {
          StartRow();
          return true;
        }
        in_block_ = runtime_.view().ScanBlock(block_++, label_, block_nodes_);
        at_ = 0;
        continue;
      }
      const std::uint32_t count = std::min(Room(), in_block_ - at_);
      if (count == 0) return false;
      found_.insert(found_.end(), block_nodes_ + at_, block_nodes_ + at_ + count);
      Emit(row, count);
      at_ += count;
    }
  }

  void FinishBatch(Batch* out) override {
    SetNodes(&out->column(NodeOf<plan::NodeScan>().node), found_);
    found_.clear();
  }

  std::optional<schema::LabelId> label_;
  std::uint32_t block_count_ = 0;
  std::uint32_t block_ = 0;     ///< The next to be read.
  std::uint32_t in_block_ = 0;  ///< Nodes of the one that was read last …
  std::uint32_t at_ = 0;        ///< … and how many of them have gone on.
  NodeId block_nodes_[storage::kBlockSize];
  std::vector<NodeId> found_;
};

}  // namespace

OperatorPtr MakeNodeScan(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<NodeScan>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
