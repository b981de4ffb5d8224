#include "query/parse/parser.h"

#include "query/parse/reader.h"
#include "schema/base/limits.h"
#include "schema/base/text.h"

namespace kb::query::parse {

Result<std::shared_ptr<const ast::Statement>> Parse(std::string_view text) {
  if (text.size() > limits::kStatementBytesMax) {
    return LimitError("the statement has {} bytes, at most {}", text.size(),
                      limits::kStatementBytesMax)
        .During(Phase::kCompile)
        .Hint("pass data as parameters, or import it");
  }
  if (const std::size_t bad = text::FindInvalidUtf8(text); bad != std::string_view::npos) {
    const auto at = static_cast<std::uint32_t>(bad);
    return SyntaxError("the text is not valid UTF-8 at byte {}", bad)
        .Detail("InvalidUnicodeCharacter")
        .During(Phase::kCompile)
        .At({at, at + 1});
  }
  try {
    try {
      return Reader(text, false).Statement();
    } catch (const Mismatch&) {
      return Reader(text, true).Statement();
    }
  } catch (Stop& stop) {
    return std::move(stop.error);
  }
}

namespace {

/// The offset behind the quoted piece or comment that begins at `at`; npos if it does not end; `at`
/// if none begins there.
std::size_t SkipOpaque(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '\'' || c == '"') {
    for (std::size_t i = at + 1; i < text.size(); ++i) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == c) {
        return i + 1;
      }
    }
    return std::string_view::npos;
  }
  const auto behind = [&](std::string_view end) {
    const std::size_t found = text.find(end, at + (c == '`' ? 1 : 2));
    return found == std::string_view::npos ? found : found + end.size();
  };
  if (c == '`') return behind("`");
  if (text.substr(at).starts_with("/*")) return behind("*/");
  if (text.substr(at).starts_with("//")) return behind("\n");
  return at;
}

}  // namespace

std::size_t FindStatementEnd(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == ';') return at + 1;
    const std::size_t behind = SkipOpaque(text, at);
    if (behind == std::string_view::npos) return behind;
    at = behind == at ? at + 1 : behind;
  }
  return std::string_view::npos;
}

}  // namespace kb::query::parse
