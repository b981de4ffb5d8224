// Bulk load: whole columns and edge lists straight into packed leaves and columns, past the delta.
//
// Used by kb/io for imports. Into an empty or new case only the caller's batches decide the order
// of ids; into a case with data, new ids follow the old ones. Nothing is visible or kept before
// Finish: until then a crash or a destroyed loader leaves the case as it was.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/base/cancel.h"
#include "schema/base/result.h"
#include "storage/store.h"

namespace kb::storage {

/// One property column of a batch: row i of the batch has values[i]; null = absent.
struct BulkColumn {
  enum class Type : std::uint8_t { kInteger, kFloat, kBoolean, kString, kValue };
  std::string key;
  Type type = Type::kValue;
  std::vector<std::uint8_t> present;   ///< One byte a row; empty means all present.
  std::vector<std::int64_t> integers;  ///< kInteger, kBoolean
  std::vector<double> floats;
  /// kString: row i is text[offsets[i] … offsets[i+1]).
  std::string text;
  std::vector<std::uint64_t> offsets;
  std::vector<Value> values;
};

class BulkLoader {
 public:
  /// `threads` pack at the end; 0 means one a core. The outcome does not depend on it.
  static Result<std::unique_ptr<BulkLoader>> Start(Store& store, unsigned threads = 0);
  virtual ~BulkLoader() = default;

  /// Adds `count` nodes that all carry `labels`; returns the id of the first, the others follow
  /// densely. Thread-safe.
  virtual Result<NodeId> AddNodes(std::span<const std::string> labels, std::uint32_t count,
                                  std::vector<BulkColumn> columns) = 0;
  /// Adds relationships of one type; arrays are parallel, columns have a row each. Thread-safe.
  virtual Result<void> AddRelationships(std::string_view type, std::vector<NodeId> sources,
                                        std::vector<NodeId> targets,
                                        std::vector<BulkColumn> columns) = 0;
  /// Sorts, packs, writes and publishes. All or nothing.
  virtual Result<void> Finish(const Cancellation* cancellation = nullptr) = 0;
};

}  // namespace kb::storage
