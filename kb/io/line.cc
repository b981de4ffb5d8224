// line: one `column = value` a line, for rows that are wide or few.
#include <algorithm>

#include "kb/io/format.h"
#include "schema/base/text.h"

namespace kb::io {
namespace {

class Line : public ResultWriter {
 public:
  Line(const Look& look, std::string* out) : color_(look.color), out_(*out) {}

  void Begin(const std::vector<std::string>& columns) override {
    std::size_t widest = 0;
    for (const std::string& column : columns) {
      widest = std::max(widest, text::DisplayWidth(text::Visible(column)));
    }
    for (const std::string& column : columns) {
      const std::string name = text::Visible(column);
      const std::string pad(widest - text::DisplayWidth(name), ' ');
      prefixes_.push_back(pad + (color_ ? "\x1b[1m" + name + "\x1b[0m" : name) + " = ");
    }
  }

  void Row(std::span<const Value> row) override {
    if (begun_) out_ += '\n';
    begun_ = true;
    for (std::size_t i = 0; i < row.size(); ++i) out_ += prefixes_[i] + CellText(row[i]) + '\n';
  }

  Result<void> End() override { return {}; }

 private:
  const bool color_;
  std::string& out_;
  std::vector<std::string> prefixes_;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<ResultWriter> MakeLine(const Look& look, std::string* out) {
  return std::make_unique<Line>(look, out);
}

}  // namespace kb::io
