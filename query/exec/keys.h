// KeyTable: numbers for distinct keys, in the order in which they first come. What grouping,
// DISTINCT and joins have in common.
//
// Keys are rows of columns. One column of nodes or integers is looked up as plain numbers, one of
// texts by their bytes, several columns or one with nulls as words (word_keys.h); everything else
// as Values under schema::Equivalent. The table starts with what comes first and moves on when a
// batch brings something else (1 and 1.0 are the same key).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "query/exec/batch.h"
#include "query/exec/flat_index.h"
#include "query/exec/text_keys.h"
#include "query/exec/word_keys.h"
#include "schema/order.h"

namespace kb::query::exec {

/// One thread.
class KeyTable {
 public:
  KeyTable();
  KeyTable(KeyTable&& other) noexcept;
  KeyTable& operator=(KeyTable&& other) noexcept;
  ~KeyTable();

  /// Appends one number a row of the columns, which have `rows` entries each.
  void Number(std::span<const Vector* const> columns, std::uint32_t rows,
              std::vector<std::uint32_t>* numbers);
  /// The same for the keys [begin, end) of another table, whose texts become this one's, too; a
  /// table that is empty takes all that the other has.
  void NumberFrom(KeyTable* other, std::uint32_t begin, std::uint32_t end,
                  std::vector<std::uint32_t>* numbers);
  /// The number of a row's key, if it is known; else kUnknown.
  static constexpr std::uint32_t kUnknown = 0xFFFF'FFFFu;
  void Find(std::span<const Vector* const> columns, std::uint32_t rows,
            std::vector<std::uint32_t>* numbers) const;

  std::uint32_t size() const { return size_; }
  /// The values of one column of the keys [begin, end).
  void ColumnOf(std::size_t column, std::uint32_t begin, std::uint32_t end, Vector* out) const;
  void Clear();

 private:
  struct KeyHash {
    std::size_t operator()(const std::vector<Value>& key) const;
  };
  struct KeyEqual {
    bool operator()(const std::vector<Value>& a, const std::vector<Value>& b) const;
  };
  enum class Mode : std::uint8_t { kFresh, kNodes, kIntegers, kTexts, kWords, kValues };

  static Mode ModeFor(std::span<const Vector* const> columns);
  void NumberPlain(const Vector& column, std::uint32_t rows, std::vector<std::uint32_t>* numbers);
  void NumberValues(std::span<const Vector* const> columns, std::uint32_t rows,
                    std::vector<std::uint32_t>* numbers);
  std::uint32_t NumberOfPlain(std::uint64_t key);
  std::uint32_t FindOne(const std::vector<Value>& key) const;
  void MoveToWords();
  void MoveToValues();
  void ForgetPlain();
  std::vector<Value> KeyOf(std::uint32_t number) const;
  /// Of a key.
  std::size_t ColumnCount() const;

  Mode mode_ = Mode::kFresh;
  std::uint32_t size_ = 0;
  FlatIndex index_;                     ///< For kNodes and kIntegers.
  std::vector<std::uint64_t> numbers_;  ///< In order, for kNodes and kIntegers.
  TextKeys texts_;                      ///< For kTexts.
  std::unique_ptr<WordKeys> words_;     ///< For kWords.
  std::unordered_map<std::vector<Value>, std::uint32_t, KeyHash, KeyEqual> by_values_;
  std::vector<const std::vector<Value>*> values_;  ///< In order; nodes of by_values_ stay put.
};

}  // namespace kb::query::exec
