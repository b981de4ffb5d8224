#include "storage/stored_tables.h"

#include "storage/key.h"

namespace kb::storage {

namespace {

/// That of the table a key belongs to; empty if it belongs to none.
std::string TablePrefix(const KeyParts& key) {
  if (key.kind == KeyKind::kLeaf) return LeafPrefix(KeyKind::kLeaf, key.type, key.direction);
  if (key.kind == KeyKind::kNodeColumn) return NodeColumnPrefix(key.key);
  if (key.kind == KeyKind::kEdgeColumn) return EdgeColumnPrefix(key.type, key.key);
  return {};  // The other keys of a leaf are replaced together with its first.
}

}  // namespace

void StoredTables::AddKeeper(std::string prefix, Keeper keeper) {
  std::vector<Keeper>& keepers = tables_[std::move(prefix)];
  std::erase_if(keepers, [](const Keeper& known) { return !known(nullptr); });
  keepers.push_back(std::move(keeper));
}

void StoredTables::Keep(std::string_view key) {
  const auto parts = ParseKey(key);
  if (!parts) return;
  const auto table = tables_.find(TablePrefix(*parts));
  if (table == tables_.end()) return;
  for (const Keeper& keeper : table->second) keeper(&parts->number);
}

}  // namespace kb::storage
