// The inner work of a bulk load: columns of rows into chunks, lists of relationships into leaves.
// Works on a private root; remembers which packed parts it touched.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "schema/base/cancel.h"
#include "storage/bulk.h"
#include "storage/disk.h"
#include "storage/image/root.h"

namespace kb::storage {

/// Whether arrays, offsets and values of a column fit `rows` rows and can be stored. kArgument,
/// kType.
Result<void> CheckColumn(const BulkColumn& column, std::size_t rows);

/// Sets nodes [first, first + column's rows) of one property.
void FillNodes(const BulkColumn& column, NodeId first, std::uint32_t rows, KeyId key, Root* root,
               Touched* touched);

/// The relationships of one type that a load brings, batch by batch.
struct BulkEdges {
  struct Batch {
    std::vector<NodeId> sources;
    std::vector<NodeId> targets;
    std::vector<std::pair<KeyId, BulkColumn>> columns;
  };
  std::vector<Batch> batches;
  std::uint64_t count = 0;
};

/// Numbers the relationships from `first` in the order of (source, target), adds them to both
/// directions, sets their properties and counts them. All ends exist. Error: kCancelled.
Result<void> FillEdges(const BulkEdges& edges, TypeId type, EdgeId first,
                       const Cancellation* cancellation, Root* root, Touched* touched);

}  // namespace kb::storage
