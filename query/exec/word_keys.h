// WordKeys: numbers for distinct keys of several columns whose types are known, or of one that has
// nulls, in the order in which they first come. A key is a few words side by side: which columns
// are null, and then a number, a node or the number of a text for each column. Nothing is boxed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "query/exec/batch.h"
#include "query/exec/flat_index.h"
#include "query/exec/text_keys.h"

namespace kb::query::exec {

/// The integer that a number is equal to, if there is one.
std::optional<std::int64_t> WholeNumber(const Value& value);

/// One thread.
class WordKeys {
 public:
  static constexpr std::uint32_t kUnknown = FlatIndex::kNone;

  /// Sets numbers[row] for `rows` rows of the columns. False if a column has what words do not
  /// hold, or is of another type than before: then no key has been added.
  bool Number(std::span<const Vector* const> columns, std::uint32_t rows, std::uint32_t* numbers);
  /// The number of a key; kUnknown: it is not there.
  std::uint32_t Find(std::span<const Value> key) const;

  std::uint32_t size() const { return index_.size(); }
  std::size_t columns() const { return kinds_.size(); }
  std::vector<Value> KeyOf(std::uint32_t number) const;
  /// The values of one column of the keys [begin, end).
  void ColumnOf(std::size_t column, std::uint32_t begin, std::uint32_t end, Vector* out) const;

 private:
  /// What a column holds; kNothing: only nulls so far.
  enum class Kind : std::uint8_t {
    kNothing,
    kNode,
    kRelationship,
    kInteger,
    kFloat,
    kBoolean,
    kText,
    kDate
  };

  static bool FindKind(const Vector& column, Kind* kind);
  static Kind KindOf(const Value& value);
  bool SetKinds(std::span<const Vector* const> columns);
  bool Fill(const Vector& column, std::size_t index, std::uint32_t rows);
  bool SetWord(const Value& value, std::size_t index, std::uint64_t* word);
  bool FillBoxed(const Vector& column, std::size_t index, std::uint32_t rows);
  template <typename WordOf>
  void FillTyped(const Vector& column, std::size_t index, std::uint32_t rows,
                 const WordOf& word_of);
  std::uint64_t HashOf(const std::uint64_t* key) const;
  bool IsSame(std::uint32_t number, const std::uint64_t* key) const;
  const std::uint64_t* At(std::uint32_t number) const {
    return words_.data() + std::size_t{number} * width_;
  }
  bool IsNull(std::uint32_t number, std::size_t column) const {
    return ((*At(number) >> column) & 1) != 0;
  }
  RelationshipRef RelationshipAt(std::uint32_t number, std::size_t column) const;
  Value ValueAt(std::uint32_t number, std::size_t column) const;

  std::vector<Kind> kinds_;         ///< By column.
  std::vector<std::size_t> place_;  ///< By column: where its words stand in a key.
  std::size_t width_ = 1;           ///< Words in a key, the first of which says what is null.
  std::vector<TextKeys> texts_;     ///< By column.
  FlatIndex index_;
  std::vector<std::uint64_t> words_;  ///< By number.
  std::vector<std::uint64_t> rows_;   ///< The rows at hand.
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> text_numbers_;
};

}  // namespace kb::query::exec
