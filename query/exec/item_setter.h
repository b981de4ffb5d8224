// ItemSetter: SET and REMOVE items, for the clause itself and for MERGE's ON CREATE and ON MATCH.
//
// The language carries the items out row by row, in order, each seeing what was set before. Where
// that can make no difference (no item looks at the graph, or each row only at its own entity,
// which occurs once in the batch) an item is carried out for all rows at once.
#pragma once

#include <vector>

#include "query/exec/operator.h"
#include "query/exec/testimony.h"

namespace kb::query::exec {

/// One thread.
class ItemSetter {
 public:
  ItemSetter(Runtime& runtime, const std::vector<bind::SetItem>& items,
             bind::EvidencePtr evidence = nullptr);

  bool empty() const { return items_.empty(); }
  /// Null targets are passed over. The batch's borrowed text is made its own.
  Result<void> Apply(Batch* batch);

 private:
  Result<void> ApplyItem(const bind::SetItem& item, const Batch& batch);
  Result<void> ApplyOne(const bind::SetProperty& item, const Batch& batch);
  Result<void> ApplyOne(const bind::SetProperties& item, const Batch& batch);
  Result<void> ApplyOne(const bind::SetLabels& item, const Batch& batch);
  Result<void> ApplyOne(const bind::RemoveLabels& item, const Batch& batch);
  /// Calls `each` with row, node and name for all names that the expressions give.
  template <typename Each>
  Result<void> ForEachComputed(const std::vector<bind::ExpressionPtr>& computed, Slot slot,
                               const Batch& batch, const Each& each);
  bool RowsAreIndependent(const Batch& batch) const;

  Runtime& runtime_;
  Testimonies testimonies_;
  const std::vector<bind::SetItem>& items_;
  bool reads_graph_ = false;
  /// The one slot that all items set and look at, if there is one.
  Slot only_slot_ = bind::kNoSlot;
};

}  // namespace kb::query::exec
