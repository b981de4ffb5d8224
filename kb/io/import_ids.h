// Id spaces of an import: from the ids in files to nodes.
//
// Most ids are whole numbers in decimal, whatever their column's type says, so those are kept as
// numbers in an open table of their own; only other texts are stored as text. A text is kept as a
// number only if it is exactly how that number is written, so "7" and "007" stay apart in a space
// of strings.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/ids.h"

namespace kb::io {

/// An id as files write it; `text` is borrowed.
struct ImportId {
  bool is_number = false;
  std::int64_t number = 0;
  std::string_view text;
};

/// Reads an id. With `integer` every text that is a number is one (`007` is 7).
ImportId ReadImportId(std::string_view text, bool integer);

/// One thread at a time while it is filled; thread-safe to ask afterwards.
class IdSpace {
 public:
  static constexpr std::uint32_t kAbsent = 0xFFFF'FFFF;

  /// Makes room for `count` more of each sort; slots stay in place until then.
  void Reserve(std::size_t numbers, std::size_t texts);
  /// Adds the id and returns where its node is kept, or nullptr if it is there already. Room must
  /// have been reserved; the pointer holds until the next Reserve.
  std::uint32_t* Add(const ImportId& id);
  std::optional<schema::NodeId> Find(const ImportId& id) const;
  std::size_t size() const { return number_count_ + text_count_; }

  bool integer = false;  ///< Ids are numbers by their column's type.

 private:
  struct NumberSlot {
    std::int64_t number = 0;
    std::uint32_t node = kAbsent;
    bool used = false;
  };
  struct TextSlot {
    std::uint64_t hash = 0;
    std::uint64_t begin = 0;
    std::uint32_t size = 0;
    std::uint32_t node = kAbsent;
    bool used = false;
  };
  std::size_t NumberAt(std::int64_t number) const;
  std::size_t TextAt(std::string_view text, std::uint64_t hash) const;

  std::vector<NumberSlot> numbers_;  ///< A power of two slots, at most two thirds used.
  std::size_t number_count_ = 0;
  std::vector<TextSlot> texts_;
  std::size_t text_count_ = 0;
  std::string characters_;
};

/// Spaces by name. References stay valid.
using IdSpaces = std::map<std::string, IdSpace, std::less<>>;

}  // namespace kb::io
