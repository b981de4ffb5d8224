// Text inside HTML: the html table, and the HTML-like labels of a picture.
#pragma once

#include <string>
#include <string_view>

namespace kb::io {

/// `text` with `&`, `<`, `>` and `"` as entities, and a line's end as `<br/>`.
std::string EscapeMarkup(std::string_view text);

}  // namespace kb::io
