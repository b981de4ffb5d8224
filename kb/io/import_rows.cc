#include "kb/io/import_rows.h"

#include <algorithm>
#include <utility>

namespace kb::io {

using Role = ImportColumn::Role;

namespace {

/// How a column is called in errors.
std::string Called(const ImportColumn& column) {
  if (!column.name.empty()) return column.name;
  switch (column.role) {
    case Role::kId:
      return ":ID";
    case Role::kLabel:
      return ":LABEL";
    case Role::kStart:
      return ":START_ID";
    case Role::kEnd:
      return ":END_ID";
    case Role::kType:
      return ":TYPE";
    case Role::kProperty:
    case Role::kIgnore:
      break;
  }
  return ":IGNORE";
}

}  // namespace

Result<void> GroupRows::OpenFile() {
  const std::string& path = group_.files[file_];
  KB_ASSIGN(auto source, OpenSource(path, &run_->bytes_read));
  const CsvOptions options{run_->options.delimiter, run_->options.quote};
  reader_ = std::make_unique<CsvReader>(std::move(source), path == "-" ? "standard input" : path,
                                        options);
  return {};
}

Result<void> GroupRows::Open() {
  if (group_.files.empty()) return ArgumentError("a group of files has no file");
  KB_TRY(OpenFile());
  KB_ASSIGN(const bool any, reader_->Next());
  if (!any) return ArgumentError("{} is empty: it lacks a header", reader_->name());
  const std::string where = fmt::format("{}:{}", reader_->name(), reader_->line());
  KB_ASSIGN(header_, ParseImportHeader(reader_->fields(), of_nodes_, where));
  return {};
}

Result<bool> GroupRows::Next() {
  if ((records_++ & 0x3FF) == 0) KB_TRY(run_->Check());
  while (true) {
    KB_ASSIGN(const bool any, reader_->Next());
    if (any) return true;
    if (file_ + 1 == group_.files.size()) return false;
    ++file_;
    KB_TRY(OpenFile());
  }
}

Result<void> GroupRows::CheckWidth() const {
  const std::size_t count = reader_->fields().size();
  const std::size_t columns = header_.columns.size();
  if (count <= columns || run_->options.ignore_extra_columns) return {};
  return ArgumentError("{}: the record has {} fields, but the header has {} columns",
                       reader_->Where(columns), count, columns)
      .Hint("--ignore-extra-columns leaves them out; a text with the delimiter in it needs quotes");
}

Error GroupRows::At(std::size_t column, Error error) const {
  Error placed(error.code(), fmt::format("{}: column `{}`: {}", reader_->Where(column),
                                         Called(header_.columns[column]), error.message()));
  if (!error.hint().empty()) placed.Hint(error.hint());
  return placed;
}

PropertyBuilders::PropertyBuilders(const ImportHeader& header, const ImportOptions& options) {
  for (std::size_t i = 0; i < header.columns.size(); ++i) {
    const ImportColumn& column = header.columns[i];
    const bool kept = column.role == Role::kProperty || column.role == Role::kId;
    if (kept && !column.name.empty()) builders_.push_back({i, ColumnBuilder(&column, &options)});
  }
}

Result<void> PropertyBuilders::Append(const GroupRows& rows) {
  for (Builder& builder : builders_) {
    Result<void> added = builder.cells.Append(rows.Field(builder.column));
    if (added.ok()) continue;
    Truncate(rows_);
    return rows.At(builder.column, std::move(added).error());
  }
  ++rows_;
  return {};
}

void PropertyBuilders::Truncate(std::size_t rows) {
  for (Builder& builder : builders_) builder.cells.Truncate(rows);
  rows_ = std::min(rows_, rows);
}

std::vector<storage::BulkColumn> PropertyBuilders::Take() {
  std::vector<storage::BulkColumn> columns;
  for (Builder& builder : builders_) {
    const std::size_t present = builder.cells.present_count();
    storage::BulkColumn column = builder.cells.Take();
    if (present > 0) columns.push_back(std::move(column));
  }
  rows_ = 0;
  return columns;
}

std::uint64_t CountValues(const std::vector<storage::BulkColumn>& columns, std::size_t rows) {
  std::uint64_t count = 0;
  for (const storage::BulkColumn& column : columns) {
    const auto absent = std::count(column.present.begin(), column.present.end(), 0);
    count += rows - static_cast<std::size_t>(absent);
  }
  return count;
}

}  // namespace kb::io
