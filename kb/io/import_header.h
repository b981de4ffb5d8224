// The header of an import file: what each column is.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kb/io/csv.h"
#include "schema/base/result.h"

namespace kb::io {

/// The type of a cell, or of the items of an array.
enum class CellType : std::uint8_t {
  kInteger,
  kFloat,
  kBoolean,
  kString,
  kChar,
  kPoint,
  kDate,
  kLocalTime,
  kTime,
  kLocalDateTime,
  kDateTime,
  kDuration,
  kEdtf,
};

struct ImportColumn {
  enum class Role : std::uint8_t { kProperty, kIgnore, kId, kLabel, kStart, kEnd, kType };

  Role role = Role::kProperty;
  std::string name;  ///< The property's name; empty for an id that is not kept.
  CellType type = CellType::kString;
  bool array = false;
  std::string space;  ///< Of ids: the id space; "" is the one without a name.
  std::string zone;   ///< Of times: the zone where a cell has none.
  std::string crs;    ///< Of points: the coordinate system where a cell has none.
};

/// The columns of a file of nodes or relationships. A property's name occurs once; nodes have at
/// most one id, relationships have both ends.
struct ImportHeader {
  std::vector<ImportColumn> columns;

  /// The index of the first column with this role, or columns.size().
  std::size_t Find(ImportColumn::Role role) const;
};

/// Errors: kArgument, kUnsupported, naming `where` and the column.
Result<ImportHeader> ParseImportHeader(std::span<const CsvField> fields, bool of_nodes,
                                       const std::string& where);

}  // namespace kb::io
