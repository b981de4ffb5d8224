// Aggregate: groups by the values of its keys, and folds each group (groups.h).
//
// Where the plan below is long, each of several threads groups a share of its rows (workers.h), and
// the groups are put together in the end.
//
// Where memory is limited and short, no new group is begun: rows of groups that are not there are
// put aside by the hash of their key (spill.h), and the parts are grouped one after the other when
// the groups at hand have been given. Aggregates that keep many values of the groups at hand put
// those aside as well (fold.h).
#include <algorithm>

#include "query/exec/groups.h"
#include "query/exec/operators.h"
#include "query/exec/spill.h"
#include "query/exec/workers.h"
#include "schema/base/memory.h"

namespace kb::query::exec {
namespace {

class Aggregate final : public Operator {
 public:
  Aggregate(Runtime& runtime, const plan::Operator& op, OperatorPtr from,
            const ArgumentRows* argument)
      : Operator(runtime, op, Inputs(std::move(from))),
        node_(NodeOf<plan::Aggregate>()),
        argument_(argument),
        groups_(node_) {}

  void Rewind() override {
    Operator::Rewind();
    StartGroups();
    aside_.reset();
    parts_.clear();
    read_ = false;
  }

 private:
  /// Fewer groups than these are not worth putting rows aside.
  static constexpr std::uint32_t kGroupsMin = 8 * kBatchRows;

  void StartGroups() {
    groups_.Clear();
    given_ = 0;
  }

  Result<bool> Produce(Batch* out) override {
    if (!read_) {
      level_ = 0;
      KB_TRY(Read());
      read_ = true;
    }
    while (given_ == groups_.size()) {
      if (parts_.empty()) return false;
      KB_TRY(ReadPart());
    }
    KB_TRY(runtime_.CheckCancelled());
    const std::uint32_t end = groups_.EndOf(given_);
    out->Clear();
    EnsureSlots(out, runtime_.slot_count());
    KB_TRY(groups_.Give(given_, end, out));
    given_ = end;
    return true;
  }

  Result<void> Read() {
    if (Workers::BeginWithScan(*plan().inputs[0]) && Groups::CanMerge(node_)) {
      if (const auto workers = Workers::For(runtime_, *plan().inputs[0], argument_)) {
        return ReadOnThreads(*workers);
      }
    }
    return ReadFrom([this] { return input().Next(&batch_); });
  }

  Result<void> ReadOnThreads(Workers& workers) {
    struct alignas(kCacheLine) Share {
      explicit Share(const plan::Aggregate& plan) : groups(plan) {}
      Groups groups;
      std::vector<std::uint32_t> came_with;  ///< By group: the share of the scan.
    };
    std::vector<Share> shares;
    for (std::size_t i = 0; i < workers.count(); ++i) shares.emplace_back(node_);
    KB_TRY(workers.Run([&](std::size_t number, Workers::Worker& worker) -> Result<void> {
      Share& share = shares[number];
      Batch batch;
      while (true) {
        KB_ASSIGN(const bool more, worker.chain->Next(&batch));
        if (!more) return {};
        KB_TRY(share.groups.Add(batch, worker.runtime.eval()));
        share.came_with.resize(share.groups.size(), worker.share.number());
      }
    }));
    std::vector<Groups::Part> parts;
    for (Share& share : shares) parts.push_back({&share.groups, &share.came_with});
    return groups_.Merge(parts);
  }

  /// Groups all rows that next() puts into batch_.
  template <typename Next>
  Result<void> ReadFrom(Next next) {
    while (true) {
      KB_ASSIGN(const bool more, next());
      if (!more) break;
      if (aside_) {
        KB_TRY(groups_.AddKnown(batch_, runtime_.eval(), &unknown_));
        for (const std::uint32_t row : unknown_) aside_->Add(batch_, groups_.keys(), row);
      } else {
        KB_TRY(groups_.Add(batch_, runtime_.eval()));
      }
      PutAsideIfShort();
    }
    KB_TRY(groups_.Complete(runtime_.eval().cancellation));
    if (!aside_) return {};
    for (auto& part : aside_->Close()) {
      if (part->rows() != 0) parts_.push_back({level_ + 1, std::move(part)});
    }
    aside_.reset();
    return {};
  }

  void PutAsideIfShort() {
    const bool has_many = !aside_ && groups_.size() >= kGroupsMin && !node_.keys.empty();
    const bool holds_much = groups_.HoldsMuch();
    if (!has_many && !holds_much) return;
    const auto memory = SpillIfShort(runtime_);
    if (memory == nullptr) return;
    const bool is_closed = holds_much && groups_.PutAside(memory);
    if (!aside_ && (has_many || is_closed)) {
      aside_ = std::make_unique<SpilledParts>(memory, runtime_.slot_count(), level_);
    }
    if (is_closed) ReturnFreedMemory();
  }

  /// Groups the rows of one part, in place of the groups that have been given.
  Result<void> ReadPart() {
    Part part = std::move(parts_.back());
    parts_.pop_back();
    StartGroups();
    ReturnFreedMemory();
    level_ = part.level;
    return ReadFrom([&]() -> Result<bool> {
      KB_TRY(runtime_.CheckCancelled());
      return part.rows->Next(&batch_);
    });
  }

  const plan::Aggregate& node_;
  const ArgumentRows* argument_;
  Groups groups_;
  std::uint32_t given_ = 0;
  bool read_ = false;

  /// Rows that wait for their turn; their level says how often they have been put aside.
  struct Part {
    unsigned level = 0;
    std::unique_ptr<SpilledRows> rows;
  };
  std::unique_ptr<SpilledParts> aside_;  ///< Set while no new group is begun.
  std::vector<Part> parts_;
  unsigned level_ = 0;

  Batch batch_;
  std::vector<std::uint32_t> unknown_;  ///< Rows of the batch.
};

}  // namespace

OperatorPtr MakeAggregate(Runtime& runtime, const plan::Operator& op, OperatorPtr input,
                          const ArgumentRows* argument) {
  return std::make_unique<Aggregate>(runtime, op, std::move(input), argument);
}

}  // namespace kb::query::exec
