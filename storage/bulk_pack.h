// The inner work of a bulk load: columns of rows into chunks, relationships into leaves.
//
// What is finished goes to a target: packed, for the disk, past the image; or into the tables of a
// private root, for a case in memory. Former parts that a load adds to are read through the root
// either way. Columns and types are independent of each other, so each is a task of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "schema/base/cancel.h"
#include "storage/bulk.h"
#include "storage/disk.h"
#include "storage/image/root.h"

namespace kb::storage {

/// Whether arrays, offsets and values of a column fit `rows` rows and can be stored. kArgument,
/// kType.
Result<void> CheckColumn(const BulkColumn& column, std::size_t rows);

/// Whether a row of a column has a value, and which.
bool HasRow(const BulkColumn& column, std::size_t row);
Value RowValue(const BulkColumn& column, std::size_t row);

/// Where one task puts what it has finished.
struct BulkTarget {
  Root* root = nullptr;    ///< Private to the load. Tasks edit tables of their own in it.
  Parts* parts = nullptr;  ///< Null: the parts stay in the root.
};

/// Builds the chunks of one property one behind the other.
class ChunkWriter {
 public:
  /// `key_of` names the part of a block.
  ChunkWriter(Column* column, Parts* parts, std::function<std::string(std::uint32_t)> key_of)
      : column_(column), parts_(parts), key_of_(std::move(key_of)) {}

  /// The slot of a block; blocks come in ascending order. A former chunk is in it.
  Cow<Chunk>& Block(std::uint32_t block);
  void Finish();

 private:
  Column* column_;
  Parts* parts_;
  std::function<std::string(std::uint32_t)> key_of_;
  Cow<Chunk>* slot_ = nullptr;
  std::uint32_t block_ = 0;
};

/// Rows [begin, end) of a column that is not kValue, as rows [at, …) of a chunk whose other rows
/// have no value.
Chunk CutChunk(const BulkColumn& column, std::size_t begin, std::size_t end, std::uint32_t at);

/// The values that one batch brings for one property: of nodes from `first` on.
struct NodePiece {
  NodeId first{};
  std::uint32_t rows = 0;
  BulkColumn column;
};

/// Sets one property of nodes; takes the pieces, which are in ascending order, and frees them as it
/// goes.
void FillNodes(std::vector<NodePiece> pieces, KeyId key, const BulkTarget& target);

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
/// directions, sets their properties and counts them. Takes the batches and frees them as it goes.
/// Errors: kArgument (an end does not exist), kCancelled.
Result<void> FillEdges(BulkEdges edges, TypeId type, EdgeId first, const Cancellation* cancellation,
                       const BulkTarget& target);

}  // namespace kb::storage
