// NodeScan: every node, or every node with a label, for each input row; block by block.
#include <algorithm>
#include <optional>

#include "query/exec/operators.h"
#include "query/exec/workers.h"

namespace kb::query::exec {
namespace {

class NodeScan final : public FanOut {
 public:
  NodeScan(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : FanOut(runtime, op, Inputs(std::move(from))) {
    const bool is_first = std::holds_alternative<plan::Argument>(op.inputs[0]->node);
    if (is_first) share_ = runtime.share();
  }

  void Rewind() override {
    FanOut::Rewind();
    found_.clear();
    StartRow();
  }

 private:
  static constexpr std::uint32_t kNoBlock = 0xFFFF'FFFFu;

  void StartRow() {
    next_ = 0;
    end_ = share_ == nullptr ? limit_ : 0;
    at_ = in_block_ = 0;
  }

  Result<void> StartBatch(const Batch& /*input*/) override {
    const std::string& name = NodeOf<plan::NodeScan>().label;
    label_ = name.empty() ? std::nullopt : runtime_.catalog().FindLabel(name);
    // A label that nobody knows is on no node.
    const std::uint32_t blocks = !name.empty() && !label_ ? 0 : runtime_.view().block_count();
    limit_ = std::uint64_t{blocks} * storage::kBlockSize;
    block_ = kNoBlock;
    StartRow();
    return {};
  }

  Result<bool> FillRow(const Batch& /*input*/, std::uint32_t row) override {
    while (true) {
      if (at_ < in_block_) {
        const std::uint32_t count = std::min(Room(), in_block_ - at_);
        if (count == 0) return false;
        found_.insert(found_.end(), block_nodes_ + at_, block_nodes_ + at_ + count);
        Emit(row, count);
        at_ += count;
        continue;
      }
      if (next_ < end_) {
        ReadBlock();
        continue;
      }
      if (share_ == nullptr) {
        StartRow();
        return true;
      }
      if (emitted() != 0) return false;  // rows of two shares do not meet in a batch
      share_->Take();
      if (share_->begin() >= limit_) return true;
      next_ = share_->begin();
      end_ = std::min(share_->end(), limit_);
    }
  }

  /// Finds the nodes from next_ to the end of its block, or of the share.
  void ReadBlock() {
    const auto block = static_cast<std::uint32_t>(next_ / storage::kBlockSize);
    if (block != block_) {
      block_ = block;
      found_in_block_ = runtime_.view().ScanBlock(block, label_, block_nodes_);
    }
    const std::uint64_t end = std::min(end_, (std::uint64_t{block} + 1) * storage::kBlockSize);
    const auto place = [&](std::uint64_t id) {
      const auto* const begin = block_nodes_;
      return static_cast<std::uint32_t>(
          std::partition_point(begin, begin + found_in_block_,
                               [id](NodeId node) { return schema::Raw(node) < id; }) -
          begin);
    };
    at_ = place(next_);
    in_block_ = place(end);
    next_ = end;
  }

  void FinishBatch(Batch* out) override {
    SetNodes(&out->column(NodeOf<plan::NodeScan>().node), found_);
    found_.clear();
  }

  ScanShare* share_ = nullptr;
  std::optional<schema::LabelId> label_;
  std::uint64_t limit_ = 0;           ///< One past the last id.
  std::uint64_t next_ = 0, end_ = 0;  ///< Ids that are still to be looked at.
  std::uint32_t block_ = kNoBlock;    ///< The one that was read last …
  std::uint32_t found_in_block_ = 0;  ///< … its nodes …
  std::uint32_t at_ = 0;              ///< … of which those from here …
  std::uint32_t in_block_ = 0;        ///< … to here have not gone on.
  NodeId block_nodes_[storage::kBlockSize];
  std::vector<NodeId> found_;
};

}  // namespace

OperatorPtr MakeNodeScan(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<NodeScan>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
