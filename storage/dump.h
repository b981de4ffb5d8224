// Dump: any key and value of a case in readable form, for tests, `kb check` and bug reports.
#pragma once

#include <string>
#include <string_view>

namespace kb::storage {

/// Such as `leaf type=3 out leaf=17`. Bytes that are no key come as hexadecimal.
std::string DumpKey(std::string_view key);
/// The value of a key: decoded if it can be, else the complaint and hexadecimal.
std::string DumpValue(std::string_view key, std::string_view value);

}  // namespace kb::storage
