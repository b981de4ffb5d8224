// Spill: rows that leave the heap while a statement sorts more of them than its memory allows.
//
// A run is written once, in order, and read once, in order. Its bytes lie in the paged memory of
// the case (storage/image/paged.h), whose pages the system takes when memory is short; so there are
// no files to name, to find or to clean up.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "schema/base/result.h"
#include "schema/value.h"
#include "storage/image/paged.h"

namespace kb::query::exec {

using schema::Value;

/// One thread at a time.
class SpilledRun {
 public:
  explicit SpilledRun(std::shared_ptr<storage::PagedMemory> memory) : memory_(std::move(memory)) {}

  void Add(const std::vector<Value>& row);
  /// No more rows come; from here on they are read.
  void Close();
  /// The next row, of as many values as Add was given; false at the end. kInternal if the bytes are
  /// not what was written.
  Result<bool> Next(std::vector<Value>* row);
  std::uint64_t rows() const { return rows_; }

 private:
  static constexpr std::size_t kBlockBytes = 1 << 18;
  void Flush();

  std::shared_ptr<storage::PagedMemory> memory_;
  std::string open_;  ///< The block that is being written.
  std::vector<storage::PagedVector<char>> blocks_;
  std::vector<Value> kept_;  ///< What has no written form: it stays as it is.
  std::size_t block_ = 0;
  std::size_t at_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t given_ = 0;
};

}  // namespace kb::query::exec
