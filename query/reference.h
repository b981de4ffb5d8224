// The reference of functions and procedures as Markdown: query/functions/README.md is this text,
// and a test holds the two together.
#pragma once

#include <string>

namespace kb::query {

std::string ReferenceText();

}  // namespace kb::query
