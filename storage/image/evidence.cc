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
    if (!statement->plain) AddToSource(*statement);
    MarkUsed(id);
    if (IsJudgement(*statement)) {
      auto more = std::make_shared<std::vector<std::uint64_t>>(judgements());
      more->insert(std::upper_bound(more->begin(), more->end(), id), id);
      judgements_ = std::move(more);
    }
  } else if (IsJudgement(*statement)) {
    altered_ = std::make_shared<const int>();
  }
  statements_.Slot(static_cast<std::uint32_t>(id / kChunk)).Edit().items[id % kChunk] =
      std::move(statement);
}

void Evidence::Remove(std::uint64_t id) {
  const Statement* statement = Find(id);
  if (statement == nullptr) return;
  auto& lists = by_entity_.Slot(BucketOf(statement->entity)).Edit().lists;
  const std::uint64_t entity = statement->entity.id();
  for (auto& list : lists) {
    if (list.first == entity) std::erase(list.second, id);
  }
  std::erase_if(lists, [](const auto& list) { return list.second.empty(); });
  if (IsJudgement(*statement)) {
    auto fewer = std::make_shared<std::vector<std::uint64_t>>(judgements());
    std::erase(*fewer, id);
    judgements_ = std::move(fewer);
    altered_ = std::make_shared<const int>();
  }
  statements_.Slot(static_cast<std::uint32_t>(id / kChunk)).Edit().items[id % kChunk] = nullptr;
}

const std::vector<Erasure>& Evidence::erasures() const {
  static const std::vector<Erasure> kNone;
  return erasures_ == nullptr ? kNone : *erasures_;
}

void Evidence::AddErasure(Erasure erasure) {
  auto more = std::make_shared<std::vector<Erasure>>(erasures());
  more->push_back(std::move(erasure));
  erasures_ = std::move(more);
}

void Evidence::StampErasures(std::size_t from, std::int64_t time) {
  auto stamped = std::make_shared<std::vector<Erasure>>(erasures());
  for (std::size_t i = from; i < stamped->size(); ++i) (*stamped)[i].recorded = time;
  erasures_ = std::move(stamped);
}

const std::vector<std::uint64_t>& Evidence::judgements() const {
  static const std::vector<std::uint64_t> kNone;
  return judgements_ == nullptr ? kNone : *judgements_;
}

void Evidence::ForEachOf(const Entity& entity,
                         const std::function<void(const Statement&)>& visit) const {
  const auto* ids = ListOf(entity);
  if (ids == nullptr) return;
  for (const std::uint64_t id : *ids) {
    if (const Statement* statement = Find(id)) visit(*statement);
  }
}

void Evidence::AddToSource(const Statement& statement) {
  const schema::NodeId source = statement.testimony.source;
  auto& lists = by_source_.Slot(BucketOf(source)).Edit().lists;
  const auto found = std::find_if(lists.begin(), lists.end(),
                                  [&](const auto& list) { return list.first == source; });
  auto& pieces = found != lists.end()
                     ? found->second
                     : lists.emplace_back(source, std::vector<Cow<Piece>>()).second;
  if (pieces.empty() || pieces.back()->ids.size() == kPiece) pieces.emplace_back();
  pieces.back().Edit().ids.push_back(statement.id);
}

void Evidence::ForEachOfSource(schema::NodeId source,
                               const std::function<void(const Statement&)>& visit) const {
  const SourceBucket* bucket = by_source_.Find(BucketOf(source));
  if (bucket == nullptr) return;
  for (const auto& [node, pieces] : bucket->lists) {
    if (node != source) continue;
    for (const Cow<Piece>& piece : pieces) {
      for (const std::uint64_t id : piece->ids) {
        if (const Statement* statement = Find(id)) visit(*statement);
      }
    }
  }
}

void Evidence::ForEachSource(const std::function<void(schema::NodeId)>& visit) const {
  by_source_.ForEach([&](std::uint32_t, const SourceBucket& bucket) {
    for (const auto& list : bucket.lists) visit(list.first);
  });
}

void Evidence::Remove(const std::vector<std::uint64_t>& ids) {
  for (const std::uint64_t id : ids) Remove(id);
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
