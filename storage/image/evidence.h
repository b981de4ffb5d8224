// Evidence: the statements of a case under copy-on-write, by number and by what they are about.
//
// All of them, withdrawn ones included, are in memory: they are read when a case is opened, and a
// case without statements has none to read. Lists by entity lie in buckets, so that an edit copies
// one bucket and two short tables.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "storage/image/cow.h"
#include "storage/statement.h"

namespace kb::storage {

/// Reading is thread-safe; editing is for the only owner.
class Evidence {
 public:
  /// Nullptr if there is none of this number.
  const Statement* Find(std::uint64_t id) const;
  /// Adds a statement, or puts it in the place of the one with its number.
  void Put(std::shared_ptr<const Statement> statement);

  /// Visits the statements about an entity in the order of their numbers.
  void ForEachOf(const Entity& entity, const std::function<void(const Statement&)>& visit) const;
  /// Those for which `keeps` is true, with their numbers.
  Evidence Filtered(const std::function<bool(const Statement&)>& keeps) const;
  bool HasAny(const Entity& entity) const;
  void ForEach(const std::function<void(const Statement&)>& visit) const;

  std::uint64_t next_id() const { return next_id_; }

 private:
  static constexpr std::uint32_t kBuckets = 16'384;
  static constexpr std::uint32_t kChunk = 64;
  struct Chunk {
    std::array<std::shared_ptr<const Statement>, kChunk> items;
  };
  struct Bucket {
    std::vector<std::pair<std::uint64_t, std::vector<std::uint64_t>>> lists;  ///< By entity.
  };
  static std::uint32_t BucketOf(const Entity& entity);
  const std::vector<std::uint64_t>* ListOf(const Entity& entity) const;

  CowTable<Chunk> statements_;
  CowTable<Bucket> by_entity_;
  std::uint64_t next_id_ = 1;
};

}  // namespace kb::storage
