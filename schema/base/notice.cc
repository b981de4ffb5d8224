#include "schema/base/notice.h"

#include "schema/base/excerpt.h"

namespace kb {

std::string Notice::Format(std::string_view text) const {
  std::string out = "note: " + message + Excerpt(text, span);
  if (!hint.empty()) out += "\n  help: " + hint;
  return out;
}

}  // namespace kb
