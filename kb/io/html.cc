// html: a table, without styles of its own.
#include "kb/io/format.h"
#include "kb/io/markup.h"

namespace kb::io {
namespace {

class Html : public ResultWriter {
 public:
  Html(const Look& look, std::string* out) : headers_(look.headers), out_(*out) {}

  void Begin(const std::vector<std::string>& columns) override {
    if (columns.empty()) return;
    open_ = true;
    out_ += "<table>\n";
    if (!headers_) return;
    out_ += "<tr>";
    for (const std::string& name : columns) out_ += "<th>" + EscapeMarkup(name) + "</th>";
    out_ += "</tr>\n";
  }

  void Row(std::span<const Value> row) override {
    out_ += "<tr>";
    for (const Value& value : row) {
      out_ += value.is_number() ? "<td align=\"right\">" : "<td>";
      if (value.is_string()) {
        out_ += EscapeMarkup(value.string());
      } else if (!value.is_null()) {
        out_ += EscapeMarkup(value.ToText());
      }
      out_ += "</td>";
    }
    out_ += "</tr>\n";
  }

  Result<void> End() override {
    if (open_) out_ += "</table>\n";
    return {};
  }

 private:
  const bool headers_;
  std::string& out_;
  bool open_ = false;
};

}  // namespace

std::unique_ptr<ResultWriter> MakeHtml(const Look& look, std::string* out) {
  return std::make_unique<Html>(look, out);
}

}  // namespace kb::io
