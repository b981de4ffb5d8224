// The table of formats: the index of all that a result can become.
#include <algorithm>
#include <array>

#include "kb/io/format.h"
#include "schema/base/text.h"

namespace kb::io {
namespace {

constexpr std::array<Format, 13> kFormats = {{
    {"box", "", "a frame drawn with lines; numbers to the right", MakeBox},
    {"csv", ".csv", "comma-separated values with a header (RFC 4180); null is empty, '' is \"\"",
     MakeCsv},
    {"dot", ".dot .gv", "a GraphViz picture of the nodes, relationships and paths", MakeDot},
    {"html", ".html .htm", "an HTML table", MakeHtml},
    {"json", ".json", "one array with an object a row", MakeJson},
    {"jsonlines", ".jsonl .ndjson", "one object a line", MakeJsonLines},
    {"line", "", "one `column = value` a line, rows apart by an empty line", MakeLine},
    {"list", "", "values separated by |", MakeList},
    {"markdown", ".md", "a Markdown table", MakeMarkdown},
    {"svg", ".svg", "the picture of `dot`, laid out by GraphViz", MakeSvg},
    {"table", ".txt", "a frame of plain ASCII", MakeTable},
    {"trash", "", "nothing: for timing", MakeTrash},
    {"tsv", ".tsv .tab", "tab-separated values with a header; tab and newline escaped", MakeTsv},
}};

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool SameWord(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

class Trash : public ResultWriter {
 public:
  void Begin(const std::vector<std::string>& /*columns*/) override {}
  void Row(std::span<const Value> /*row*/) override {}
  Result<void> End() override { return {}; }
};

}  // namespace

std::span<const Format> Formats() { return kFormats; }

const Format* FindFormat(std::string_view name) {
  for (const Format& format : kFormats) {
    if (SameWord(format.name, name)) return &format;
  }
  return nullptr;
}

const Format* FormatOfFile(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos)
    return nullptr;
  const std::string_view wanted = path.substr(dot);
  for (const Format& format : kFormats) {
    std::string_view rest = format.extensions;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (SameWord(rest.substr(0, end), wanted)) return &format;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return nullptr;
}

std::string FormatNames() {
  std::string names;
  for (const Format& format : kFormats) {
    if (!names.empty()) names += ", ";
    names += format.name;
  }
  return names;
}

std::string CellText(const Value& value) {
  return text::Visible(value.is_string() ? value.string() : value.ToText());
}

std::unique_ptr<ResultWriter> MakeTrash(const Look& /*look*/, std::string* /*out*/) {
  return std::make_unique<Trash>();
}

}  // namespace kb::io
