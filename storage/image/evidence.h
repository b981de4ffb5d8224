// Evidence: the statements of a case under copy-on-write, by number, by what they are about, and by
// who makes them.
//
// All of them, withdrawn ones included, are in memory: they are read when a case is opened, and a
// case without statements has none to read. Lists by entity and by source lie in buckets, so that
// an edit copies a bucket of each and a few short tables; the list of a source, which may be long,
// is in pieces of its own.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "storage/erasure.h"
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

  /// Nothing is known any more of the statement with this number; the number is not used again.
  void Remove(std::uint64_t id);
  /// Says that numbers up to this one have been used.
  void MarkUsed(std::uint64_t id) { next_id_ = std::max(next_id_, id + 1); }

  /// The marks of what was erased, in order.
  const std::vector<Erasure>& erasures() const;
  void AddErasure(Erasure erasure);
  /// Says when those from this one on were made.
  void StampErasures(std::size_t from, std::int64_t time);
  /// Judgements of identity, by their numbers, standing or withdrawn.
  const std::vector<std::uint64_t>& judgements() const;
  /// Another one as soon as a judgement that was there is withdrawn or removed: as long as it is
  /// the same, further judgements are all that can have come.
  const std::shared_ptr<const int>& altered() const { return altered_; }

  /// Visits the statements about an entity in the order of their numbers.
  void ForEachOf(const Entity& entity, const std::function<void(const Statement&)>& visit) const;
  /// The same of those that a source has made.
  void ForEachOfSource(schema::NodeId source,
                       const std::function<void(const Statement&)>& visit) const;
  /// Every node that is the source of a statement, in no order.
  void ForEachSource(const std::function<void(schema::NodeId)>& visit) const;
  /// Takes statements out; what nobody takes out is shared with what this was copied from.
  void Remove(const std::vector<std::uint64_t>& ids);
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
  static constexpr std::uint32_t kSourceBuckets = 256;
  static constexpr std::size_t kPiece = 512;
  struct Piece {
    std::vector<std::uint64_t> ids;
  };
  struct SourceBucket {
    std::vector<std::pair<schema::NodeId, std::vector<Cow<Piece>>>> lists;
  };
  static std::uint32_t BucketOf(const Entity& entity);
  static std::uint32_t BucketOf(schema::NodeId source) {
    return schema::Raw(source) % kSourceBuckets;
  }
  void AddToSource(const Statement& statement);
  const std::vector<std::uint64_t>* ListOf(const Entity& entity) const;

  CowTable<Chunk> statements_;
  CowTable<Bucket> by_entity_;
  CowTable<SourceBucket> by_source_;  ///< May list what has been removed.
  std::uint64_t next_id_ = 1;
  // Shared, since they change much less often than the rest is copied.
  std::shared_ptr<const std::vector<Erasure>> erasures_;
  std::shared_ptr<const std::vector<std::uint64_t>> judgements_;
  std::shared_ptr<const int> altered_;
};

}  // namespace kb::storage
