// The catalog as bytes: all names and definitions in one value, written whole when one changes.
#pragma once

#include <string>
#include <string_view>

#include "schema/base/result.h"
#include "schema/catalog.h"

namespace kb::storage {

std::string EncodeCatalog(const schema::Catalog& catalog);
/// Error: kCorruption.
Result<schema::Catalog> DecodeCatalog(std::string_view bytes);

}  // namespace kb::storage
