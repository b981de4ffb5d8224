// The rows of one group of files: header, records, property columns.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kb/io/csv.h"
#include "kb/io/import_cells.h"
#include "kb/io/import_header.h"
#include "kb/io/import_run.h"
#include "schema/base/result.h"

namespace kb::io {

/// Walks over the records of a group's files. One thread.
class GroupRows {
 public:
  GroupRows(ImportRun* run, const ImportGroup& group, bool of_nodes)
      : run_(run), group_(group), of_nodes_(of_nodes) {}

  /// Opens the first file and reads the header.
  Result<void> Open();
  /// The next record, in whatever file; false at the end.
  Result<bool> Next();

  const ImportHeader& header() const { return header_; }
  /// The field of a column; empty and unquoted where the record is shorter.
  CsvField Field(std::size_t column) const {
    const auto fields = reader_->fields();
    return column < fields.size() ? fields[column] : CsvField{};
  }
  /// Error kArgument if the record has more fields than the header.
  Result<void> CheckWidth() const;
  std::uint32_t file() const { return static_cast<std::uint32_t>(file_); }
  std::uint64_t line() const { return reader_->line(); }
  const std::string& file_name() const { return reader_->name(); }
  std::string NameOfFile(std::uint32_t file) const { return group_.files[file]; }
  /// `error` with place and column before it.
  Error At(std::size_t column, Error error) const;

 private:
  Result<void> OpenFile();

  ImportRun* run_;
  const ImportGroup& group_;
  bool of_nodes_;
  ImportHeader header_;
  std::unique_ptr<CsvReader> reader_;
  std::size_t file_ = 0;
  std::uint64_t records_ = 0;
};

/// The property columns of a batch.
class PropertyBuilders {
 public:
  PropertyBuilders(const ImportHeader& header, const ImportOptions& options);

  /// Adds the properties of the current record; after an error none of them.
  Result<void> Append(const GroupRows& rows);
  void Truncate(std::size_t rows);
  /// Columns that have a value somewhere; starts anew.
  std::vector<storage::BulkColumn> Take();

 private:
  struct Builder {
    std::size_t column;
    ColumnBuilder cells;
  };
  std::vector<Builder> builders_;
  std::size_t rows_ = 0;
};

/// The number of values in the columns of a batch.
std::uint64_t CountValues(const std::vector<storage::BulkColumn>& columns, std::size_t rows);

inline constexpr std::size_t kBatchRows = 65'536;

}  // namespace kb::io
