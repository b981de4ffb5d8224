// Erasure: the mark that something was erased. It never says what the value was.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/base/result.h"
#include "schema/ids.h"
#include "storage/statement.h"

namespace kb::storage {

/// The mark of an erasure.
struct Erasure {
  enum class Kind : std::uint8_t { kNode = 1, kRelationship, kProperty, kStatement };
  std::uint64_t id = 0;  ///< From 1 upwards.
  Kind kind{};
  Entity entity;
  schema::KeyId key{};          ///< Of a property.
  std::uint64_t statement = 0;  ///< The number of an erased statement.
  std::int64_t recorded = 0;    ///< Microseconds since 1970.
  std::string because;
};
std::string_view NameOf(Erasure::Kind kind);
std::string EncodeErasure(const Erasure& erasure);
Result<Erasure> DecodeErasure(std::string_view bytes);

}  // namespace kb::storage
