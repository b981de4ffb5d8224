// SpilledValues: what one aggregate was given of many groups, put aside in parts while memory is
// short (spill.h). A part comes back in the order in which it was put aside.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "query/exec/spill.h"

namespace kb::query::exec {

/// One thread.
class SpilledValues {
 public:
  SpilledValues(const std::shared_ptr<storage::PagedMemory>& memory, std::size_t parts);

  /// `extra`: the second argument of the aggregate, or null.
  void Add(std::size_t part, std::uint32_t group, const Value& value, const Value& extra,
           std::uint64_t times);
  /// No more values come; from here on they are read.
  void Close();
  std::size_t parts() const { return runs_.size(); }
  std::uint64_t size(std::size_t part) const { return runs_[part].rows(); }
  const std::shared_ptr<storage::PagedMemory>& memory() const { return memory_; }

  /// Values of a part, as many as a batch has rows, and what they were put aside with.
  struct Piece {
    std::vector<std::uint32_t> groups;
    Vector values, extras;
    std::vector<std::uint64_t> times;
  };
  /// The next piece of a part; false at its end.
  Result<bool> Next(std::size_t part, Piece* piece);

 private:
  /// There are many parts, of several aggregates.
  static constexpr std::size_t kBlockBytes = 1 << 15;

  std::shared_ptr<storage::PagedMemory> memory_;
  std::vector<SpilledRun> runs_;
  std::vector<Value> row_;
};

}  // namespace kb::query::exec
