// The line of a statement that something is said about, with carets under the place.
#pragma once

#include <string>
#include <string_view>

#include "schema/base/error.h"

namespace kb {

/// Three lines, each begun with '\n': line and column, the line's text, carets under `span`. Carets
/// count display columns; a long line is clipped around them. Empty for an empty text or span.
std::string Excerpt(std::string_view text, Span span);

}  // namespace kb
