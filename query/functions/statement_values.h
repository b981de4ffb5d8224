// What statements look like as values, the same in functions and procedures.
#pragma once

#include <cstdint>
#include <string_view>

#include "schema/value.h"
#include "storage/evidence.h"
#include "storage/graph.h"

namespace kb::query::functions {

/// When something was recorded, as a date-time in UTC; null for 0, which stands for never.
schema::Value TimeOf(std::int64_t micros);
/// A text that may be missing: null where it is empty.
schema::Value TextOrNull(std::string_view text);
/// A source as users write it: its name, or its node; null of what the writer asserted.
schema::Value SourceOf(const storage::View& view, const storage::Statement& statement);

}  // namespace kb::query::functions
