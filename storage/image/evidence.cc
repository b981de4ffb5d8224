#include "storage/image/evidence.h"

#include <algorithm>

namespace kb::storage {

std::uint32_t Evidence::BucketOf(const Entity& entity) {
  std::uint64_t bits = entity.id() * 0x9E37'79B9'7F4A'7C15u;
  bits ^= bits >> 32;
  return static_cast<std::uint32_t>(bits % kBuckets);
}

const std::vector<std::uint64_t>* Evidence::ListOf(const Entity& entity) const {
  const Bucket* bucket = by_entity_.Find(BucketOf(entity));
  if (bucket == nullptr) return nullptr;
  for (const auto& [id, list] : bucket->lists) {
    if (id == entity.id()) return &list;
  }
  return nullptr;
}

const Statement* Evidence::Find(std::uint64_t id) const {
  const Chunk* chunk = statements_.Find(static_cast<std::uint32_t>(id / kChunk));
  return chunk == nullptr ? nullptr : chunk->items[id % kChunk].get();
}

void Evidence::Put(std::shared_ptr<const Statement> statement) {
  const std::uint64_t id = statement->id;
  const bool is_new = Find(id) == nullptr;
  if (is_new) {
    auto& lists = by_entity_.Slot(BucketOf(statement->entity)).Edit().lists;
    const std::uint64_t entity = statement->entity.id();
    const auto found = std::find_if(lists.begin(), lists.end(),
                                    [&](const auto& list) { return list.first == entity; });
    auto& ids = found != lists.end() ? found->second : lists.emplace_back(entity, 0).second;
    ids.insert(std::upper_bound(ids.begin(), ids.end(), id), id);
    next_id_ = std::max(next_id_, id + 1);
  }
  statements_.Slot(static_cast<std::uint32_t>(id / kChunk)).Edit().items[id % kChunk] =
      std::move(statement);
}

void Evidence::ForEachOf(const Entity& entity,
                         const std::function<void(const Statement&)>& visit) const {
  const auto* ids = ListOf(entity);
  if (ids == nullptr) return;
  for (const std::uint64_t id : *ids) {
    if (const Statement* statement = Find(id)) visit(*statement);
  }
}

Evidence Evidence::Filtered(const std::function<bool(const Statement&)>& keeps) const {
  Evidence kept;
  statements_.ForEach([&](std::uint32_t, const Chunk& chunk) {
    for (const auto& statement : chunk.items) {
      if (statement && keeps(*statement)) kept.Put(statement);
    }
  });
  return kept;
}

bool Evidence::HasAny(const Entity& entity) const { return ListOf(entity) != nullptr; }

void Evidence::ForEach(const std::function<void(const Statement&)>& visit) const {
  statements_.ForEach([&](std::uint32_t, const Chunk& chunk) {
    for (const auto& statement : chunk.items) {
      if (statement) visit(*statement);
    }
  });
}

}  // namespace kb::storage
