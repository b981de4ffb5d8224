// The built-in case, compiled in from kb/sample/expulsions.cypher.
#pragma once

#include <string_view>

namespace kb {

/// Statements, each ended by ';'. What they hold: schema/README.md.
std::string_view SampleScript();

}  // namespace kb
