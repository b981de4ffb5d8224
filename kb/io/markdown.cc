// markdown: a table for documents. The first row decides which columns stand to the right.
#include "kb/io/format.h"

namespace kb::io {
namespace {

std::string Escape(const std::string& text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      escaped += "<br>";
    } else if (text[i] == '\r' || text[i] == '\t') {
      escaped += ' ';
    } else {
      if (text[i] == '|' || text[i] == '\\' || text[i] == '`' || text[i] == '<') escaped += '\\';
      escaped += text[i];
    }
  }
  return escaped;
}

class Markdown : public ResultWriter {
 public:
  explicit Markdown(std::string* out) : out_(*out) {}

  void Begin(const std::vector<std::string>& columns) override { columns_ = columns; }

  void Row(std::span<const Value> row) override {
    if (!begun_) WriteHeader(row);
    for (const Value& value : row) {
      out_ += "| ";
      if (!value.is_null()) {
        out_ += Escape(value.is_string() ? std::string(value.string()) : value.ToText());
      }
      out_ += ' ';
    }
    out_ += "|\n";
  }

  Result<void> End() override {
    if (!begun_ && !columns_.empty()) WriteHeader({});
    return {};
  }

 private:
  void WriteHeader(std::span<const Value> row) {
    begun_ = true;
    for (const std::string& name : columns_) out_ += "| " + Escape(name) + ' ';
    out_ += "|\n";
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      out_ += i < row.size() && row[i].is_number() ? "| ---: " : "| --- ";
    }
    out_ += "|\n";
  }

  std::string& out_;
  std::vector<std::string> columns_;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<ResultWriter> MakeMarkdown(const Look& /*look*/, std::string* out) {
  return std::make_unique<Markdown>(out);
}

}  // namespace kb::io
