// Cells into typed columns: a builder for each property column of a batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kb/io/csv.h"
#include "kb/io/import.h"
#include "kb/io/import_header.h"
#include "schema/base/result.h"
#include "schema/value.h"
#include "storage/bulk.h"

namespace kb::io {

/// Parses text as a value of the column's type (of its items, for an array column). The message of
/// the error (kArgument) says what was expected; place and column are the caller's to add.
Result<schema::Value> ParseCell(const ImportColumn& column, std::string_view text);

/// Gathers one property of a batch of rows. One thread at a time.
class ColumnBuilder {
 public:
  /// Borrows both.
  ColumnBuilder(const ImportColumn* column, const ImportOptions* options);

  /// Adds a cell. An empty one is absent, unless it is quoted text. After an error nothing is
  /// added.
  Result<void> Append(const CsvField& field);
  void AppendAbsent();
  /// Forgets the rows behind the first `rows`.
  void Truncate(std::size_t rows);

  std::size_t rows() const { return rows_; }
  std::size_t present_count() const { return rows_ - absent_count_; }
  /// Hands the column over and starts anew. Only when the builder has a value.
  storage::BulkColumn Take();

 private:
  using Type = storage::BulkColumn::Type;

  bool IsAbsent(const CsvField& field) const;
  Result<void> AppendText(std::string_view text);
  Result<void> AppendNumber(std::string_view text);
  Result<void> AppendArray(std::string_view text);
  void Reset();

  const ImportColumn* column_;
  const ImportOptions* options_;
  storage::BulkColumn out_;
  std::size_t rows_ = 0;
  std::size_t absent_count_ = 0;
};

/// Keeps the rows i of a column for which keep[i] is not 0.
void KeepRows(storage::BulkColumn* column, const std::vector<std::uint8_t>& keep);

}  // namespace kb::io
