#include "schema/base/excerpt.h"

#include <fmt/format.h>

#include <algorithm>

#include "schema/base/text.h"

namespace kb {
namespace {

/// Columns of a statement's line that an error shows at most; a longer line is clipped around the
/// fault, with this much context before it.
constexpr std::size_t kLineColumnsMax = 96;
constexpr std::size_t kContextColumns = 40;
constexpr std::string_view kEllipsis = "…";

std::size_t NextByte(std::string_view text, std::size_t at) {
  do {
    ++at;
  } while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  return at;
}

/// The line and where its fault is, in bytes of the line.
struct Clipping {
  std::string line;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Cuts a long line to the part around its fault and marks the cuts.
void Clip(Clipping& excerpt) {
  const std::string line = excerpt.line;
  if (text::DisplayWidth(line) <= kLineColumnsMax) return;
  std::size_t from = 0;
  std::size_t skip = text::DisplayWidth(line.substr(0, excerpt.begin));
  skip = skip > kContextColumns ? skip - kContextColumns : 0;
  for (std::size_t width = 0; width < skip && from < excerpt.begin;) {
    const std::size_t next = NextByte(line, from);
    width += text::DisplayWidth(std::string_view(line).substr(from, next - from));
    from = next;
  }
  std::size_t to = from;
  for (std::size_t width = 0; to < line.size();) {
    const std::size_t next = NextByte(line, to);
    width += text::DisplayWidth(std::string_view(line).substr(to, next - to));
    if (width > kLineColumnsMax) break;
    to = next;
  }
  const std::size_t shift = from > 0 ? kEllipsis.size() : 0;
  excerpt.line.clear();
  if (from > 0) excerpt.line += kEllipsis;
  excerpt.line += line.substr(from, to - from);
  excerpt.begin = excerpt.begin - from + shift;
  excerpt.end = std::min(excerpt.end, to) - from + shift;
  if (to < line.size()) excerpt.line += kEllipsis;
}

}  // namespace

std::string Excerpt(std::string_view text, Span span) {
  if (text.empty() || span.empty()) return {};
  const std::size_t begin = std::min<std::size_t>(span.begin, text.size());
  const text::Place place = text::Locate(text, begin);
  const auto line_begin = static_cast<std::size_t>(place.line_text.data() - text.data());
  Clipping excerpt;
  excerpt.line = text::VisibleInPlace(place.line_text);
  excerpt.begin = std::min(begin - line_begin, excerpt.line.size());
  excerpt.end = std::clamp(std::max<std::size_t>(span.end, begin) - line_begin, excerpt.begin,
                           excerpt.line.size());
  Clip(excerpt);
  const std::string_view line = excerpt.line;
  const std::size_t indent = text::DisplayWidth(line.substr(0, excerpt.begin));
  const std::size_t width =
      text::DisplayWidth(line.substr(excerpt.begin, excerpt.end - excerpt.begin));
  const std::string number = fmt::format("{}", place.line);
  return fmt::format("\n  line {}, column {}\n  {} | {}\n  {:{}} | {:{}}{:^>{}}", place.line,
                     place.column, number, line, "", number.size(), "", indent, "",
                     std::max<std::size_t>(width, 1));
}

}  // namespace kb
