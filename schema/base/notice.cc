#include "schema/base/notice.h"

#include "schema/base/excerpt.h"
#include "schema/base/text.h"

namespace kb {

std::string Notice::Format(std::string_view text) const {
  std::string out = "note: " + text::VisibleLines(message) + Excerpt(text, span);
  if (!hint.empty()) out += "\n  help: " + text::VisibleLines(hint);
  return out;
}

}  // namespace kb
