// Spill: rows that leave the heap while a statement sorts or groups more of them than its
// memory allows.
//
// A run is written once, in order, and read once, in order. Its bytes lie in the paged memory of
// the case (storage/image/paged.h), whose pages the system takes when memory is short; so there are
// no files to name, to find or to clean up.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "query/exec/batch.h"
#include "query/exec/runtime.h"
#include "schema/base/result.h"
#include "schema/value.h"
#include "storage/image/paged.h"

namespace kb::query::exec {

/// One thread at a time.
class SpilledRun {
 public:
  static constexpr std::size_t kBlockBytes = 1 << 18;
  /// So many bytes are gathered before they leave the heap.
  explicit SpilledRun(std::shared_ptr<storage::PagedMemory> memory,
                      std::size_t block_bytes = kBlockBytes)
      : memory_(std::move(memory)), block_bytes_(block_bytes) {}

  void Add(const std::vector<Value>& row);
  /// No more rows come; from here on they are read.
  void Close();
  /// The next row, of as many values as Add was given; false at the end. kInternal if the bytes are
  /// not what was written.
  Result<bool> Next(std::vector<Value>* row);
  std::uint64_t rows() const { return rows_; }

 private:
  void Flush();

  std::shared_ptr<storage::PagedMemory> memory_;
  std::size_t block_bytes_;
  std::string open_;  ///< The block that is being written.
  std::vector<storage::PagedVector<char>> blocks_;
  std::vector<Value> kept_;  ///< What has no written form: it stays as it is.
  std::size_t block_ = 0;
  std::size_t at_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t given_ = 0;
};

/// Rows of batches, with multiplicity and origin, that come back as batches. One thread at a time.
class SpilledRows {
 public:
  SpilledRows(std::shared_ptr<storage::PagedMemory> memory, std::size_t slot_count)
      : run_(std::move(memory)), used_(slot_count, 0) {}

  void Add(const Batch& batch, std::uint32_t row);
  void Close() { run_.Close(); }
  /// The next rows; false at the end.
  Result<bool> Next(Batch* out);
  std::uint64_t rows() const { return run_.rows(); }

 private:
  SpilledRun run_;
  std::vector<std::uint8_t> used_;  ///< By slot: whether some row has it.
  bool has_origin_ = false;
  std::vector<Value> row_;
};

/// Rows by the hash of a key: rows with equal keys lie in the same part, so parts can be dealt with
/// one after the other. One thread at a time.
class SpilledParts {
 public:
  static constexpr std::size_t kParts = 16;
  /// Parts of a part are told apart by their level.
  SpilledParts(const std::shared_ptr<storage::PagedMemory>& memory, std::size_t slot_count,
               unsigned level);

  /// `keys` are columns beside the batch.
  void Add(const Batch& batch, std::span<const Vector* const> keys, std::uint32_t row);
  /// No more rows come: all parts, also empty ones.
  std::vector<std::unique_ptr<SpilledRows>> Close();
  unsigned level() const { return level_; }

 private:
  unsigned level_;
  std::vector<std::unique_ptr<SpilledRows>> parts_;
};

/// Whether more than half of the memory that the case may use is taken. Costs a few microseconds.
bool IsShort(const storage::PagedMemory& memory);

/// Where the rows of a statement can go, if its memory is limited and more than half of it is
/// taken; else null. Costs a few microseconds where memory is limited.
std::shared_ptr<storage::PagedMemory> SpillIfShort(const Runtime& runtime);

}  // namespace kb::query::exec
