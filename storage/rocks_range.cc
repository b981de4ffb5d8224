// Ranges of keys, and the last of some: what the history asks for. Writing all keys anew.
#include <memory>
#include <utility>

#include "storage/key.h"
#include "storage/rocks.h"

namespace kb::storage {

Rocks::Scan Rocks::ScanRange(Family family_of_key, std::string_view begin, std::string end) const {
  auto state = std::make_unique<Scan::State>();
  state->end = std::move(end);
  state->end_slice = state->end;
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.iterate_upper_bound = &state->end_slice;
  state->iterator.reset(db().NewIterator(options, family(family_of_key)));
  state->iterator->Seek(ToSlice(begin));
  return Scan(std::move(state));
}

Result<std::optional<std::string>> Rocks::LastKey(Family family_of_key,
                                                  std::string_view prefix) const {
  const std::string end = PrefixEnd(prefix);
  const std::unique_ptr<rocksdb::Iterator> at(
      db().NewIterator(rocksdb::ReadOptions(), family(family_of_key)));
  at->SeekForPrev(end);
  std::optional<std::string> key;
  if (at->Valid() && at->key().starts_with(ToSlice(prefix))) key = at->key().ToString();
  KB_TRY(ToResult(at->status(), "cannot read from the case"));
  return key;
}

Result<void> Rocks::Rewrite() {
  KB_TRY(BecomeWriter());
  KB_TRY(Flush());
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  for (int i = 0; i < kFamilyCount; ++i) {
    const auto status =
        db().CompactRange(options, family(static_cast<Family>(i)), nullptr, nullptr);
    KB_TRY(ToResult(status, "cannot write the files of the case anew"));
  }
  return {};
}

}  // namespace kb::storage
