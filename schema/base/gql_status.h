// The five characters by which GQL (ISO/IEC 39075) sorts outcomes: two of a class, three of a
// subclass. For clients that read them; people read the message.
#pragma once

#include <string_view>

#include "schema/base/error.h"
#include "schema/base/notice.h"

namespace kb {

/// The standard's code that says most of the error; where it has none, its class alone ("22000").
std::string_view GqlStatus(const Error& error);
/// Of the class of warnings, 01.
std::string_view GqlStatus(const Notice& notice);

}  // namespace kb
