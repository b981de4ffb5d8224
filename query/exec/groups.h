// Groups: rows told apart by the values of keys, and what aggregates make of each group. Without
// keys there is one group, even of no rows at all.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "query/exec/fold.h"
#include "query/exec/keys.h"
#include "query/plan/plan.h"

namespace kb::query::exec {

/// One thread.
class Groups {
 public:
  explicit Groups(const plan::Aggregate& plan);
  Groups(Groups&&) noexcept;
  ~Groups();

  void Clear();
  std::uint32_t size() const { return size_; }

  /// Puts each row of the batch into its group.
  Result<void> Add(const Batch& batch, eval::EvalContext& context);
  /// Puts rows of groups that are there into them; leaves those of others in `unknown`.
  Result<void> AddKnown(const Batch& batch, eval::EvalContext& context,
                        std::vector<std::uint32_t>* unknown);
  /// The keys of the batch that was added last.
  const std::vector<const Vector*>& keys() const { return columns_; }

  /// Whether aggregates keep so many values that PutAside can help.
  bool HoldsMuch() const;
  /// Lets aggregates that keep many values put them aside. True: only known groups may get rows.
  bool PutAside(const std::shared_ptr<storage::PagedMemory>& memory);
  /// For after the last row, before groups are given.
  Result<void> Complete(const Cancellation* cancellation);
  /// Where the groups end that can be given together with `begin`: at most a batch of them.
  std::uint32_t EndOf(std::uint32_t begin) const;
  /// The groups [begin, end) as rows. Each group once, in order.
  Result<void> Give(std::uint32_t begin, std::uint32_t end, Batch* out);

  /// Groups of a share of the rows; `shares` has, for each group, the number of the share that its
  /// first row came from.
  struct Part {
    Groups* groups;
    const std::vector<std::uint32_t>* shares;
  };
  /// Takes in parts, in the order in which the groups came first.
  Result<void> Merge(const std::vector<Part>& parts);
  /// Whether parts of these aggregates can be put together, and their results do not depend on the
  /// order of rows.
  static bool CanMerge(const plan::Aggregate& plan);

 private:
  Result<void> EvaluateKeys(const Batch& batch, eval::EvalContext& context);
  Result<void> FoldRows(const Batch& batch, eval::EvalContext& context);

  const plan::Aggregate& plan_;
  KeyTable table_;
  std::vector<Fold> folds_;
  std::uint32_t size_ = 0;

  // The batch at hand.
  std::vector<Vector> values_;
  std::vector<const Vector*> columns_;
  std::vector<std::uint32_t> numbers_;
};

}  // namespace kb::query::exec
