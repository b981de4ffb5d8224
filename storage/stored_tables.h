// StoredTables: who may still read parts of a case from the disk.
//
// A root reads a part when somebody first asks for it, which may be long after newer roots have
// come and the part has been replaced on the disk. So whoever is about to replace one says so here
// before, and all tables that still have readers read the part as it is and keep it. Most of them
// have it already: an edit has brought it in, or all of the table has been read.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/image/pages.h"

namespace kb::storage {

/// One thread at a time.
class StoredTables {
 public:
  /// A table whose elements lie under `prefix` and their number. It is forgotten when nobody else
  /// holds it.
  template <typename T>
  void Add(std::string prefix, const std::shared_ptr<const Pages<T>>& pages) {
    AddKeeper(std::move(prefix), [weak = std::weak_ptr<const Pages<T>>(pages)](const auto* index) {
      const auto held = weak.lock();
      if (held != nullptr && index != nullptr) held->Keep(*index);
      return held != nullptr;
    });
  }

  /// For every key that is about to be replaced or deleted, with its part as it was still there.
  void Keep(std::string_view key);

 private:
  /// Keeps an element, if one is named; false if the table has no readers any more.
  using Keeper = std::function<bool(const std::uint32_t* index)>;
  void AddKeeper(std::string prefix, Keeper keeper);

  std::map<std::string, std::vector<Keeper>> tables_;  ///< By prefix.
};

}  // namespace kb::storage
