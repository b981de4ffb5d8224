// Escapes in string literals.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/base/result.h"

namespace kb::query::parse {

/// The text between a literal's quotes with \n \t \b \r \f \\ \' \" \` \uXXXX \UXXXXXXXX resolved;
/// `offset` is where it stands in the statement, for errors.
Result<std::string> ResolveEscapes(std::string_view raw, std::uint32_t offset);

}  // namespace kb::query::parse
