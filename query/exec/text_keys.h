// TextKeys: numbers for distinct texts, in the order in which they first come.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "query/exec/batch.h"
#include "query/exec/flat_index.h"

namespace kb::query::exec {

/// One thread. Keeps copies of its texts, which stay where they are.
class TextKeys {
 public:
  static constexpr std::uint32_t kUnknown = FlatIndex::kNone;

  std::uint32_t NumberOf(std::string_view text);
  /// The same for many. Texts that are the same bytes in memory, as those of a column with few
  /// values are, are told by their address.
  void NumberAll(std::span<const std::string_view> texts, std::uint32_t* numbers);
  /// The numbers here of the texts [begin, end) of another table, which is not used any more.
  void NumberFrom(TextKeys* other, std::uint32_t begin, std::uint32_t end, std::uint32_t* numbers);
  /// kUnknown: it is not there.
  std::uint32_t Find(std::string_view text) const;

  std::uint32_t size() const { return index_.size(); }
  std::string_view operator[](std::uint32_t number) const { return texts_[number]; }
  /// Has a column keep the memory of the texts.
  void KeepIn(Vector* column) const;

 private:
  using Pieces = std::vector<std::shared_ptr<char[]>>;
  void Keep(std::string_view text);

  FlatIndex index_;
  std::vector<std::string_view> texts_;  ///< By number; into pieces_.
  std::shared_ptr<Pieces> pieces_;
  char* free_ = nullptr;  ///< Room in the last piece.
  std::size_t room_ = 0;
};

}  // namespace kb::query::exec
