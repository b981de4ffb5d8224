// Random numbers for rand() and randomUUID(): a stream of each thread's own, not for secrets.
#pragma once

#include <cstdint>
#include <random>

namespace kb::query::functions {

/// 64 random bits: a step of splitmix64. A thread's stream begins with bits of the system's source,
/// which is slow to ask (tens of microseconds on a virtual machine), so it is asked once.
inline std::uint64_t NextRandom() {
  thread_local std::uint64_t state = [] {
    std::random_device source;
    return (std::uint64_t{source()} << 32) | source();
  }();
  std::uint64_t bits = state += 0x9E37'79B9'7F4A'7C15;
  bits = (bits ^ (bits >> 30)) * 0xBF58'476D'1CE4'E5B9;
  bits = (bits ^ (bits >> 27)) * 0x94D0'49BB'1331'11EB;
  return bits ^ (bits >> 31);
}

}  // namespace kb::query::functions
