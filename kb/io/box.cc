// box and table: a frame around aligned columns, for people.
//
// Widths are display columns, not bytes. A table that is wider than the terminal first narrows its
// widest columns, then leaves out columns at the right; rows beyond the limit are counted. Whatever
// is not shown is said below the frame.
#include <algorithm>
#include <utility>

#include "kb/io/format.h"
#include "schema/base/text.h"

namespace kb::io {
namespace {

constexpr std::size_t kNarrowest = 6;  // Columns of text that a narrowed column keeps.

/// The strokes of a frame: left end, crossing, right end and the stroke itself, for each rule.
struct Strokes {
  struct Rule {
    std::string_view left, cross, right;
  };
  Rule top, middle, bottom;
  std::string_view horizontal, vertical;
};

constexpr Strokes kLines = {{"┌", "┬", "┐"}, {"├", "┼", "┤"}, {"└", "┴", "┘"}, "─", "│"};
constexpr Strokes kAscii = {{"+", "+", "+"}, {"+", "+", "+"}, {"+", "+", "+"}, "-", "|"};

struct Cell {
  std::string text;
  std::size_t width = 0;
  bool is_null = false;
  bool is_number = false;
};

struct Column {
  std::size_t width = 0;
  bool only_numbers = true;  ///< Every value that is there is a number.
};

/// Cuts `text` to `width` columns, the last of them an ellipsis.
std::string Cut(std::string_view text, std::size_t width) {
  std::size_t used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t next = at + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
    const std::size_t step = text::DisplayWidth(text.substr(at, next - at));
    if (used + step + 1 > width) break;
    used += step;
    at = next;
  }
  return std::string(text.substr(0, at)) + "…";
}

class Box : public ResultWriter {
 public:
  Box(const Look& look, const Strokes& strokes, std::string* out)
      : look_(look), strokes_(strokes), out_(*out) {}

  void Begin(const std::vector<std::string>& columns) override {
    for (const std::string& name : columns) {
      Cell cell;
      cell.text = CellText(Value::String(name));
      cell.width = text::DisplayWidth(cell.text);
      Column column;
      column.width = cell.width;
      names_.push_back(std::move(cell));
      columns_.push_back(column);
    }
  }

  void Row(std::span<const Value> row) override {
    ++row_count_;
    if (look_.max_rows != 0 && row_count_ > look_.max_rows) return;
    for (std::size_t i = 0; i < row.size(); ++i) {
      Cell cell;
      cell.text = CellText(row[i]);
      cell.width = text::DisplayWidth(cell.text);
      cell.is_null = row[i].is_null();
      cell.is_number = row[i].is_number();
      columns_[i].width = std::max(columns_[i].width, cell.width);
      columns_[i].only_numbers = columns_[i].only_numbers && (cell.is_number || cell.is_null);
      cells_.push_back(std::move(cell));
    }
  }

  Result<void> End() override {
    if (columns_.empty()) return {};
    const std::size_t shown = FitWidth();
    DrawRule(strokes_.top, shown);
    if (look_.headers) {
      DrawCells(names_, 0, shown, true);
      DrawRule(strokes_.middle, shown);
    }
    for (std::size_t at = 0; at < cells_.size(); at += columns_.size()) {
      DrawCells(cells_, at, shown, false);
    }
    DrawRule(strokes_.bottom, shown);
    const std::size_t row_shown = cells_.size() / columns_.size();
    if (row_shown < row_count_) out_ += Rest(row_count_ - row_shown, "row");
    if (shown < columns_.size()) out_ += Rest(columns_.size() - shown, "column");
    return {};
  }

 private:
  static std::string Rest(std::size_t count, std::string_view what) {
    return fmt::format("… {} {}{} more\n", count, what, count == 1 ? "" : "s");
  }

  std::size_t TotalWidth(std::size_t shown) const {
    std::size_t total = 1;
    for (std::size_t i = 0; i < shown; ++i) total += columns_[i].width + 3;
    return total;
  }

  /// Narrows columns until the frame fits; returns how many columns are drawn.
  std::size_t FitWidth() {
    std::size_t shown = columns_.size();
    if (look_.max_width == 0) return shown;
    while (shown > 1 && LeastWidth(shown) > look_.max_width) --shown;
    for (std::size_t total = TotalWidth(shown); total > look_.max_width;) {
      std::size_t widest = 0;
      std::size_t second = kNarrowest;
      for (std::size_t i = 1; i < shown; ++i) {
        if (columns_[i].width > columns_[widest].width) widest = i;
      }
      for (std::size_t i = 0; i < shown; ++i) {
        if (columns_[i].width < columns_[widest].width)
          second = std::max(second, columns_[i].width);
      }
      if (columns_[widest].width <= kNarrowest) break;
      const std::size_t least = std::max(kNarrowest, std::min(second, columns_[widest].width - 1));
      const std::size_t cut = std::min(columns_[widest].width - least, total - look_.max_width);
      columns_[widest].width -= cut;
      total -= cut;
    }
    return shown;
  }

  std::size_t LeastWidth(std::size_t shown) const {
    std::size_t total = 1;
    for (std::size_t i = 0; i < shown; ++i) total += std::min(columns_[i].width, kNarrowest) + 3;
    return total;
  }

  void DrawRule(const Strokes::Rule& rule, std::size_t shown) {
    out_ += rule.left;
    for (std::size_t i = 0; i < shown; ++i) {
      if (i != 0) out_ += rule.cross;
      for (std::size_t n = 0; n < columns_[i].width + 2; ++n) out_ += strokes_.horizontal;
    }
    out_ += rule.right;
    out_ += '\n';
  }

  void DrawCells(const std::vector<Cell>& cells, std::size_t at, std::size_t shown, bool header) {
    for (std::size_t i = 0; i < shown; ++i) {
      const Cell& cell = cells[at + i];
      const std::size_t room = columns_[i].width;
      const bool cut = cell.width > room;
      const std::string text = cut ? Cut(cell.text, room) : cell.text;
      const std::size_t width = cut ? text::DisplayWidth(text) : cell.width;
      const std::size_t pad = room > width ? room - width : 0;
      const bool right = header ? columns_[i].only_numbers && !cells_.empty() : cell.is_number;
      const std::string_view paint = !look_.color   ? ""
                                     : header       ? "\x1b[1m"
                                     : cell.is_null ? "\x1b[2m"
                                                    : "";
      out_ += strokes_.vertical;
      out_ += ' ';
      if (right) out_.append(pad, ' ');
      out_ += paint;
      out_ += text;
      if (!paint.empty()) out_ += "\x1b[0m";
      if (!right) out_.append(pad, ' ');
      out_ += ' ';
    }
    out_ += strokes_.vertical;
    out_ += '\n';
  }

  const Look look_;
  const Strokes& strokes_;
  std::string& out_;
  std::vector<Cell> names_;
  std::vector<Column> columns_;
  std::vector<Cell> cells_;  // Row by row, only the rows that are shown.
  std::size_t row_count_ = 0;
};

}  // namespace

std::unique_ptr<ResultWriter> MakeBox(const Look& look, std::string* out) {
  return std::make_unique<Box>(look, kLines, out);
}

std::unique_ptr<ResultWriter> MakeTable(const Look& look, std::string* out) {
  return std::make_unique<Box>(look, kAscii, out);
}

}  // namespace kb::io
