// How a result becomes text: one writer a format, chosen from one table (formats.cc).
//
// A writer is told the columns, then every row, then that the rows are through; it appends to a
// string that the caller empties into a file whenever it likes, so that a result of any size
// streams through formats that do not need to see all of it (box measures its columns and keeps the
// rows it will show; dot collects a graph; the others hold nothing).
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/base/result.h"
#include "schema/value.h"

namespace kb::io {

using schema::Value;

/// What the person who reads the result wishes. Formats for machines ignore all but `headers`.
struct Look {
  std::size_t max_rows = 0;   ///< Rows that box and table show; 0 = all.
  std::size_t max_width = 0;  ///< Columns of the terminal that box and table may fill; 0 = any.
  bool color = false;         ///< Escape sequences for the names of columns and for null.
  bool headers = true;        ///< Name the columns, where a format can do without.
};

/// Writes one result. One thread at a time.
class ResultWriter {
 public:
  virtual ~ResultWriter() = default;
  virtual void Begin(const std::vector<std::string>& columns) = 0;
  /// As many values as columns; borrowed for the call.
  virtual void Row(std::span<const Value> row) = 0;
  /// After the last row; not called when the statement failed on the way. Errors: kUnsupported
  /// where a format cannot say this result.
  virtual Result<void> End() = 0;
};

/// An entry of the table.
struct Format {
  std::string_view name;
  std::string_view extensions;  ///< Of files, each with its dot, separated by spaces.
  std::string_view help;        ///< One line.
  std::unique_ptr<ResultWriter> (*make)(const Look& look, std::string* out);
};

/// Every format, in alphabetical order of names.
std::span<const Format> Formats();
/// The format of this name (ASCII case does not matter), or nullptr.
const Format* FindFormat(std::string_view name);
/// The format that a file of this name should get, by its extension, or nullptr.
const Format* FormatOfFile(std::string_view path);
/// "box, csv, …" for messages.
std::string FormatNames();

/// A value as a cell: text stands without quotes and null is "null"; inside lists and maps the
/// language's notation holds. Control characters are escaped, so that a cell is one line and cannot
/// steer a terminal.
std::string CellText(const Value& value);

// The writers, one file each.
std::unique_ptr<ResultWriter> MakeBox(const Look& look, std::string* out);
std::unique_ptr<ResultWriter> MakeTable(const Look& look, std::string* out);
std::unique_ptr<ResultWriter> MakeCsv(const Look& look, std::string* out);
std::unique_ptr<ResultWriter> MakeTsv(const Look& look, std::string* out);
std::unique_ptr<ResultWriter> MakeList(const Look& look, std::string* out);
std::unique_ptr<ResultWriter> MakeDot(const Look& look, std::string* out);
std::unique_ptr<ResultWriter> MakeSvg(const Look& look, std::string* out);
std::unique_ptr<ResultWriter> MakeHtml(const Look& look, std::string* out);
std::unique_ptr<ResultWriter> MakeJson(const Look& look, std::string* out);
std::unique_ptr<ResultWriter> MakeJsonLines(const Look& look, std::string* out);
std::unique_ptr<ResultWriter> MakeLine(const Look& look, std::string* out);
std::unique_ptr<ResultWriter> MakeMarkdown(const Look& look, std::string* out);
std::unique_ptr<ResultWriter> MakeTrash(const Look& look, std::string* out);

}  // namespace kb::io
