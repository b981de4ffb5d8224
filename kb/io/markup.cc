#include "kb/io/markup.h"

namespace kb::io {

std::string EscapeMarkup(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\n':
        escaped += "<br/>";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

}  // namespace kb::io
