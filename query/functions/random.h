// Random numbers for rand() and randomUUID(): the statement's own stream, not for secrets.
#pragma once

#include <cstdint>
#include <random>

#include "query/functions/function.h"

namespace kb::query::functions {

/// 64 random bits: a step of splitmix64 on the statement's state, or of the system's source where a
/// statement has none.
inline std::uint64_t NextRandom(const Context& context) {
  if (context.random_state == nullptr) {
    std::random_device source;
    return (std::uint64_t{source()} << 32) | source();
  }
  std::uint64_t bits = *context.random_state += 0x9E37'79B9'7F4A'7C15;
  bits = (bits ^ (bits >> 30)) * 0xBF58'476D'1CE4'E5B9;
  bits = (bits ^ (bits >> 27)) * 0x94D0'49BB'1331'11EB;
  return bits ^ (bits >> 31);
}

}  // namespace kb::query::functions
