#include "kb/io/import_header.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "schema/base/text.h"

namespace kb::io {

namespace {

using Role = ImportColumn::Role;

struct TypeEntry {
  std::string_view name;
  CellType type;
};

constexpr TypeEntry kTypes[] = {
    {"int", CellType::kInteger},       {"integer", CellType::kInteger},
    {"long", CellType::kInteger},      {"short", CellType::kInteger},
    {"byte", CellType::kInteger},      {"float", CellType::kFloat},
    {"double", CellType::kFloat},      {"vector", CellType::kFloat},
    {"boolean", CellType::kBoolean},   {"string", CellType::kString},
    {"char", CellType::kChar},         {"point", CellType::kPoint},
    {"date", CellType::kDate},         {"localtime", CellType::kLocalTime},
    {"time", CellType::kTime},         {"localdatetime", CellType::kLocalDateTime},
    {"datetime", CellType::kDateTime}, {"duration", CellType::kDuration},
    {"edtf", CellType::kEdtf},
};

struct RoleEntry {
  std::string_view name;
  Role role;
};

constexpr RoleEntry kRoles[] = {
    {"ID", Role::kId},      {"LABEL", Role::kLabel}, {"START_ID", Role::kStart},
    {"END_ID", Role::kEnd}, {"TYPE", Role::kType},   {"IGNORE", Role::kIgnore},
};

bool SameWord(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// The parts of `name:TYPE(space){options}[]`.
struct Parts {
  std::string_view name;
  std::string_view type;
  std::string_view space;
  std::string_view options;
  bool array = false;
  bool well_formed = true;
};

/// Takes what `open` … `close` enclose off the end of `text`.
std::string_view TakeEnclosed(std::string_view* text, char open, char close, bool* well_formed) {
  const std::size_t at = text->find(open);
  if (at == std::string_view::npos) return {};
  const std::size_t end = text->find(close, at);
  if (end == std::string_view::npos) {
    *well_formed = false;
    return {};
  }
  const std::string_view inside = text->substr(at + 1, end - at - 1);
  if (end + 1 != text->size()) *well_formed = false;
  *text = text->substr(0, at);
  return inside;
}

Parts Split(std::string_view field) {
  Parts parts;
  std::string_view rest = Trim(field);
  // Options hold colons themselves, so they go first; the name ends at the last colon before them.
  if (rest.size() >= 2 && rest.substr(rest.size() - 2) == "[]") {
    parts.array = true;
    rest.remove_suffix(2);
  }
  parts.options = TakeEnclosed(&rest, '{', '}', &parts.well_formed);
  if (rest.size() >= 2 && rest.substr(rest.size() - 2) == "[]") {
    parts.array = true;
    rest.remove_suffix(2);
  }
  const std::size_t colon = rest.rfind(':', rest.find('('));
  if (colon == std::string_view::npos) {
    parts.name = rest;
    return parts;
  }
  parts.name = Trim(rest.substr(0, colon));
  parts.type = rest.substr(colon + 1);
  parts.space = TakeEnclosed(&parts.type, '(', ')', &parts.well_formed);
  parts.type = Trim(parts.type);
  return parts;
}

/// The value of `key` among `key:value,key:value`.
std::optional<std::string_view> Option(std::string_view options, std::string_view key) {
  while (!options.empty()) {
    const std::size_t end = std::min(options.find(','), options.size());
    const std::string_view option = options.substr(0, end);
    options.remove_prefix(std::min(end + 1, options.size()));
    const std::size_t colon = option.find(':');
    if (colon == std::string_view::npos || !SameWord(Trim(option.substr(0, colon)), key)) continue;
    std::string_view value = Trim(option.substr(colon + 1));
    if (value.size() >= 2 && value.front() == '\'' && value.back() == '\'') {
      value = value.substr(1, value.size() - 2);
    }
    return value;
  }
  return std::nullopt;
}

std::optional<CellType> TypeNamed(std::string_view name) {
  if (name.empty()) return CellType::kString;
  for (const TypeEntry& entry : kTypes) {
    if (SameWord(entry.name, name)) return entry.type;
  }
  return std::nullopt;
}

std::string Suggestion(std::string_view name) {
  std::vector<std::string_view> names;
  for (const TypeEntry& entry : kTypes) names.push_back(entry.name);
  const std::string_view nearest = text::Nearest(name, names);
  if (!nearest.empty()) return fmt::format("did you mean {}?", nearest);
  return "types are int long float double boolean string char point date localtime time "
         "localdatetime datetime duration, and arrays such as string[]";
}

Result<ImportColumn> ParseColumn(std::string_view field, const std::string& where) {
  const Parts parts = Split(field);
  if (!parts.well_formed) {
    return ArgumentError("{}: the column `{}` is not written as name:TYPE(space){{options}}", where,
                         field);
  }
  ImportColumn column;
  column.name = parts.name;
  column.space = parts.space;
  column.array = parts.array;
  for (const RoleEntry& entry : kRoles) {
    if (!SameWord(entry.name, parts.type)) continue;
    column.role = entry.role;
    column.array = false;
    const std::string_view type = Option(parts.options, "id-type").value_or("string");
    const std::optional<CellType> id_type = TypeNamed(SameWord(type, "actual") ? "long" : type);
    if (!id_type || (*id_type != CellType::kString && *id_type != CellType::kInteger)) {
      return ArgumentError("{}: the column `{}` has the id type {}", where, field, type)
          .Hint("ids are of type string or long");
    }
    column.type = *id_type;
    return column;
  }
  if (parts.name.empty() && parts.type.empty()) {
    column.role = Role::kIgnore;
    return column;
  }
  const std::optional<CellType> type = TypeNamed(parts.type);
  if (parts.name.empty() || (!type && parts.type.find_first_of("+-") != std::string_view::npos) ||
      SameWord(parts.type, "ACTION")) {
    return UnsupportedError("{}: the column `{}` is not known to an import", where, field)
        .Hint("columns without a name are :ID :LABEL :START_ID :END_ID :TYPE :IGNORE");
  }
  if (!type) {
    return ArgumentError("{}: the column `{}` has the unknown type {}", where, field, parts.type)
        .Hint(Suggestion(parts.type));
  }
  column.type = *type;
  column.array = column.array || SameWord(parts.type, "vector");
  column.zone = Option(parts.options, "timezone").value_or("");
  column.crs = Option(parts.options, "crs").value_or("");
  return column;
}

Result<void> CheckRoles(const ImportHeader& header, bool of_nodes, const std::string& where) {
  const auto count = [&](Role role) {
    return std::count_if(header.columns.begin(), header.columns.end(),
                         [role](const ImportColumn& column) { return column.role == role; });
  };
  const auto starts = count(Role::kStart);
  const auto ends = count(Role::kEnd);
  if (of_nodes) {
    if (starts + ends + count(Role::kType) > 0) {
      return ArgumentError("{}: a file of nodes has a :START_ID, :END_ID or :TYPE column", where)
          .Hint("files of relationships are given with --relationships");
    }
    if (count(Role::kId) > 1) {
      return UnsupportedError("{}: ids of several columns cannot be imported", where);
    }
    return {};
  }
  if (count(Role::kId) + count(Role::kLabel) > 0) {
    return ArgumentError("{}: a file of relationships has an :ID or :LABEL column", where)
        .Hint("files of nodes are given with --nodes");
  }
  if (starts != 1 || ends != 1 || count(Role::kType) > 1) {
    return ArgumentError("{}: a file of relationships needs one :START_ID and one :END_ID column",
                         where);
  }
  return {};
}

}  // namespace

std::size_t ImportHeader::Find(ImportColumn::Role role) const {
  const auto at = std::find_if(columns.begin(), columns.end(),
                               [role](const ImportColumn& column) { return column.role == role; });
  return static_cast<std::size_t>(at - columns.begin());
}

Result<ImportHeader> ParseImportHeader(std::span<const CsvField> fields, bool of_nodes,
                                       const std::string& where) {
  ImportHeader header;
  std::vector<std::string_view> names;
  for (const CsvField& field : fields) {
    KB_ASSIGN(ImportColumn column, ParseColumn(field.text, where));
    if (text::FindInvalidUtf8(field.text) != std::string_view::npos) {
      return ArgumentError("{}: the header is not UTF-8", where);
    }
    header.columns.push_back(std::move(column));
  }
  KB_TRY(CheckRoles(header, of_nodes, where));
  for (const ImportColumn& column : header.columns) {
    if (column.role != Role::kProperty && column.role != Role::kId) continue;
    if (column.name.empty()) continue;
    if (std::find(names.begin(), names.end(), column.name) != names.end()) {
      return ArgumentError("{}: the property `{}` has two columns", where, column.name);
    }
    names.push_back(column.name);
  }
  return header;
}

}  // namespace kb::io
