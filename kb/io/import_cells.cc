#include "kb/io/import_cells.h"

#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

#include "kb/io/import_point.h"
#include "schema/base/limits.h"
#include "schema/base/text.h"
#include "schema/edtf.h"
#include "schema/temporal.h"

namespace kb::io {

using schema::Value;

namespace {

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Text for an error: clipped, in backquotes.
std::string Shown(std::string_view text) {
  constexpr std::size_t kShownMax = 40;
  if (text.size() <= kShownMax) return fmt::format("`{}`", text);
  return fmt::format("`{}…`", text.substr(0, text::ByteOffset(text.substr(0, kShownMax), 36)));
}

bool ParseInteger(std::string_view text, std::int64_t* out) {
  text = Trim(text);
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return false;
  }
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *out);
  return error == std::errc() && stop == end && !text.empty();
}

bool ParseFloat(std::string_view text, double* out) {
  text = Trim(text);
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return false;
  }
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *out);
  return error == std::errc() && stop == end && !text.empty();
}

bool ParseBoolean(std::string_view text, bool* out) {
  text = Trim(text);
  const auto is = [text](std::string_view word) {
    if (text.size() != word.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if ((text[i] | 0x20) != word[i]) return false;
    }
    return true;
  };
  *out = is("true");
  return *out || is("false");
}

bool IsAscii(std::string_view text) {
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    if ((word & 0x8080'8080'8080'8080u) != 0) return false;
  }
  for (; left > 0; --left, ++at) {
    if ((static_cast<unsigned char>(*at) & 0x80) != 0) return false;
  }
  return true;
}

Result<void> CheckText(std::string_view text) {
  if (!IsAscii(text) && text::FindInvalidUtf8(text) != std::string_view::npos) {
    return ArgumentError("the text is not UTF-8");
  }
  if (text.size() > limits::kValueBytesMax) {
    return LimitError("the text has {} bytes, at most {}", text.size(), limits::kValueBytesMax);
  }
  return {};
}

template <typename T>
Result<Value> Lifted(Result<T> parsed) {
  if (!parsed.ok()) return std::move(parsed).error();
  return Value::Of(*std::move(parsed));
}

/// Whether a text that begins with a time names a zone or an offset behind it.
bool NamesZone(std::string_view text) {
  const std::size_t time = text.find('T');
  const std::string_view clock = time == std::string_view::npos ? text : text.substr(time + 1);
  return clock.find_first_of("Zz+-[") != std::string_view::npos;
}

Result<Value> ParseZonedDateTime(std::string_view text, const std::string& zone) {
  if (NamesZone(text) || zone.empty()) return Lifted(schema::ParseDateTime(text));
  KB_ASSIGN(const schema::LocalDateTime local, schema::ParseLocalDateTime(text));
  return Lifted(schema::Resolve(local, zone));
}

Result<Value> ParseZonedTime(std::string_view text, const std::string& zone) {
  if (NamesZone(text) || zone.empty()) return Lifted(schema::ParseTime(text));
  return Lifted(schema::ParseTime(std::string(text) + zone));
}

}  // namespace

Result<Value> ParseCell(const ImportColumn& column, std::string_view text) {
  switch (column.type) {
    case CellType::kInteger: {
      std::int64_t number = 0;
      if (ParseInteger(text, &number)) return Value::Integer(number);
      return ArgumentError("{} is not a whole number of 64 bits", Shown(text));
    }
    case CellType::kFloat: {
      double number = 0;
      if (ParseFloat(text, &number)) return Value::Float(number);
      return ArgumentError("{} is not a number", Shown(text));
    }
    case CellType::kBoolean: {
      bool truth = false;
      if (ParseBoolean(text, &truth)) return Value::Boolean(truth);
      return ArgumentError("{} is neither true nor false", Shown(text));
    }
    case CellType::kString:
      KB_TRY(CheckText(text));
      return Value::String(text);
    case CellType::kChar:
      KB_TRY(CheckText(text));
      if (text::CountCharacters(text) == 1) return Value::String(text);
      return ArgumentError("{} is not one character", Shown(text));
    case CellType::kPoint:
      return ParsePoint(text, column.crs);
    case CellType::kDate:
      return Lifted(schema::ParseDate(Trim(text)));
    case CellType::kLocalTime:
      return Lifted(schema::ParseLocalTime(Trim(text)));
    case CellType::kTime:
      return ParseZonedTime(Trim(text), column.zone);
    case CellType::kLocalDateTime:
      return Lifted(schema::ParseLocalDateTime(Trim(text)));
    case CellType::kDateTime:
      return ParseZonedDateTime(Trim(text), column.zone);
    case CellType::kDuration:
      return Lifted(schema::ParseDuration(Trim(text)));
    case CellType::kEdtf:
      return Lifted(schema::ParseEdtf(Trim(text)));
  }
  return InternalError("a column has no type");
}

ColumnBuilder::ColumnBuilder(const ImportColumn* column, const ImportOptions* options)
    : column_(column), options_(options) {
  Reset();
}

void ColumnBuilder::Reset() {
  out_ = {};
  out_.key = column_->name;
  rows_ = absent_count_ = 0;
  switch (column_->type) {
    case CellType::kInteger:
      out_.type = Type::kInteger;
      break;
    case CellType::kFloat:
      out_.type = Type::kFloat;
      break;
    case CellType::kBoolean:
      out_.type = Type::kBoolean;
      break;
    case CellType::kString:
    case CellType::kChar:
      out_.type = Type::kString;
      break;
    case CellType::kPoint:
    case CellType::kDate:
    case CellType::kLocalTime:
    case CellType::kTime:
    case CellType::kLocalDateTime:
    case CellType::kDateTime:
    case CellType::kDuration:
    case CellType::kEdtf:
      out_.type = Type::kValue;
      break;
  }
  if (column_->array) out_.type = Type::kValue;
  if (out_.type == Type::kString) out_.offsets.push_back(0);
}

bool ColumnBuilder::IsAbsent(const CsvField& field) const {
  if (!field.text.empty()) return false;
  return !field.quoted || out_.type != Type::kString || options_->ignore_empty_strings;
}

Result<void> ColumnBuilder::Append(const CsvField& field) {
  if (IsAbsent(field)) {
    AppendAbsent();
    return {};
  }
  switch (out_.type) {
    case Type::kString:
      KB_TRY(AppendText(field.text));
      break;
    case Type::kInteger:
    case Type::kFloat:
    case Type::kBoolean:
      KB_TRY(AppendNumber(field.text));
      break;
    case Type::kValue:
      if (column_->array) {
        KB_TRY(AppendArray(field.text));
      } else {
        KB_ASSIGN(Value value, ParseCell(*column_, field.text));
        out_.values.push_back(std::move(value));
      }
      break;
  }
  if (absent_count_ > 0) out_.present.push_back(1);
  ++rows_;
  return {};
}

Result<void> ColumnBuilder::AppendText(std::string_view text) {
  if (options_->trim_strings) text = Trim(text);
  KB_TRY(CheckText(text));
  if (column_->type == CellType::kChar && text::CountCharacters(text) != 1) {
    return ArgumentError("{} is not one character", Shown(text));
  }
  out_.text.append(text);
  out_.offsets.push_back(out_.text.size());
  return {};
}

Result<void> ColumnBuilder::AppendNumber(std::string_view text) {
  if (out_.type == Type::kInteger) {
    std::int64_t number = 0;
    if (ParseInteger(text, &number)) return out_.integers.push_back(number), Result<void>();
  } else if (out_.type == Type::kFloat) {
    double number = 0;
    if (ParseFloat(text, &number)) return out_.floats.push_back(number), Result<void>();
  } else {
    bool truth = false;
    if (ParseBoolean(text, &truth)) return out_.integers.push_back(truth), Result<void>();
  }
  const Result<Value> failed = ParseCell(*column_, text);
  return failed.ok() ? InternalError("a number was read in two ways") : failed.error();
}

Result<void> ColumnBuilder::AppendArray(std::string_view text) {
  std::vector<Value> items;
  while (true) {
    const std::size_t end = std::min(text.find(options_->array_delimiter), text.size());
    const std::string_view item = text.substr(0, end);
    KB_ASSIGN(Value value, ParseCell(*column_, options_->trim_strings ? Trim(item) : item));
    items.push_back(std::move(value));
    if (end == text.size()) break;
    text.remove_prefix(end + 1);
  }
  out_.values.push_back(Value::List(std::move(items)));
  return {};
}

void ColumnBuilder::AppendAbsent() {
  if (absent_count_++ == 0) out_.present.assign(rows_, 1);
  out_.present.push_back(0);
  ++rows_;
  switch (out_.type) {
    case Type::kInteger:
    case Type::kBoolean:
      out_.integers.push_back(0);
      break;
    case Type::kFloat:
      out_.floats.push_back(0);
      break;
    case Type::kString:
      out_.offsets.push_back(out_.text.size());
      break;
    case Type::kValue:
      out_.values.emplace_back();
      break;
  }
}

void ColumnBuilder::Truncate(std::size_t rows) {
  if (rows >= rows_) return;
  for (std::size_t row = rows; row < out_.present.size(); ++row) {
    if (out_.present[row] == 0) --absent_count_;
  }
  if (!out_.present.empty()) out_.present.resize(rows);
  if (absent_count_ == 0) out_.present.clear();
  rows_ = rows;
  switch (out_.type) {
    case Type::kInteger:
    case Type::kBoolean:
      out_.integers.resize(rows);
      break;
    case Type::kFloat:
      out_.floats.resize(rows);
      break;
    case Type::kString:
      out_.offsets.resize(rows + 1);
      out_.text.resize(static_cast<std::size_t>(out_.offsets.back()));
      break;
    case Type::kValue:
      out_.values.resize(rows);
      break;
  }
}

storage::BulkColumn ColumnBuilder::Take() {
  storage::BulkColumn taken = std::move(out_);
  Reset();
  return taken;
}

namespace {

template <typename T>
void Keep(std::vector<T>* items, const std::vector<std::uint8_t>& keep) {
  if (items->empty()) return;
  std::size_t to = 0;
  for (std::size_t i = 0; i < keep.size(); ++i) {
    if (keep[i] == 0) continue;
    if (to != i) (*items)[to] = std::move((*items)[i]);
    ++to;
  }
  items->resize(to);
}

}  // namespace

void KeepRows(storage::BulkColumn* column, const std::vector<std::uint8_t>& keep) {
  Keep(&column->present, keep);
  Keep(&column->integers, keep);
  Keep(&column->floats, keep);
  Keep(&column->values, keep);
  if (column->offsets.empty()) return;
  std::string text;
  std::vector<std::uint64_t> offsets = {0};
  for (std::size_t i = 0; i < keep.size(); ++i) {
    if (keep[i] == 0) continue;
    const auto begin = static_cast<std::size_t>(column->offsets[i]);
    text.append(column->text, begin, static_cast<std::size_t>(column->offsets[i + 1]) - begin);
    offsets.push_back(text.size());
  }
  column->text = std::move(text);
  column->offsets = std::move(offsets);
}

}  // namespace kb::io
