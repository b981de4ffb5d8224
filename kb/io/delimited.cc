// csv, tsv, list: values between separators.
#include "kb/io/format.h"

namespace kb::io {
namespace {

/// How one dialect writes a field.
using WriteField = void (*)(const Value& value, std::string* out);

std::string TextOf(const Value& value) {
  return value.is_string() ? std::string(value.string()) : value.ToText();
}

/// RFC 4180: quoted where it holds a separator, a quote or a line end. Null is nothing at all; an
/// empty text is "" so that the two can be told apart.
void WriteCsvField(const Value& value, std::string* out) {
  if (value.is_null()) return;
  const std::string text = TextOf(value);
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) {
    *out += text;
    return;
  }
  *out += '"';
  for (const char c : text) {
    if (c == '"') *out += '"';
    *out += c;
  }
  *out += '"';
}

void WriteTsvField(const Value& value, std::string* out) {
  if (value.is_null()) return;
  for (const char c : TextOf(value)) {
    if (c == '\t') {
      *out += "\\t";
    } else if (c == '\n') {
      *out += "\\n";
    } else if (c == '\r') {
      *out += "\\r";
    } else if (c == '\\') {
      *out += "\\\\";
    } else {
      *out += c;
    }
  }
}

void WriteListField(const Value& value, std::string* out) {
  if (!value.is_null()) *out += CellText(value);
}

class Delimited : public ResultWriter {
 public:
  Delimited(const Look& look, char separator, WriteField write, std::string* out)
      : headers_(look.headers), separator_(separator), write_(write), out_(*out) {}

  void Begin(const std::vector<std::string>& columns) override {
    if (!headers_ || columns.empty()) return;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i != 0) out_ += separator_;
      write_(Value::String(columns[i]), &out_);
    }
    out_ += '\n';
  }

  void Row(std::span<const Value> row) override {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i != 0) out_ += separator_;
      write_(row[i], &out_);
    }
    out_ += '\n';
  }

  Result<void> End() override { return {}; }

 private:
  const bool headers_;
  const char separator_;
  const WriteField write_;
  std::string& out_;
};

}  // namespace

std::unique_ptr<ResultWriter> MakeCsv(const Look& look, std::string* out) {
  return std::make_unique<Delimited>(look, ',', WriteCsvField, out);
}

std::unique_ptr<ResultWriter> MakeTsv(const Look& look, std::string* out) {
  return std::make_unique<Delimited>(look, '\t', WriteTsvField, out);
}

std::unique_ptr<ResultWriter> MakeList(const Look& look, std::string* out) {
  return std::make_unique<Delimited>(look, '|', WriteListField, out);
}

}  // namespace kb::io
