// Bit-packed arrays of unsigned integers, the ground of leaves and columns.
//
// `count` numbers of `width` bits lie one behind the other, lowest bit first, followed by seven
// bytes of padding so that every number can be read with one unaligned 64-bit load. Widths above 57
// would straddle nine bytes and are stored as 64. Requires a little-endian machine (asserted at
// compile time), like the format as a whole.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace kb::storage {

static_assert(std::endian::native == std::endian::little, "the format is little endian");

/// Bits that numbers up to `max` need, as stored: 0 … 57, or 64.
constexpr unsigned PackedWidth(std::uint64_t max) {
  const auto width = static_cast<unsigned>(std::bit_width(max));
  return width > 57 ? 64 : width;
}
constexpr bool IsPackedWidth(unsigned width) { return width <= 57 || width == 64; }

/// Bytes of a packed array, padding included; width 0 takes none.
constexpr std::size_t PackedBytes(std::size_t count, unsigned width) {
  return width == 0 || count == 0 ? 0 : (count * width + 7) / 8 + 7;
}

/// Appends `count` numbers `get(i)`, each below 2^width.
template <typename Get>
void PackBits(std::string* out, std::size_t count, unsigned width, Get get) {
  if (width == 0 || count == 0) return;
  const std::size_t start = out->size();
  out->resize(start + PackedBytes(count, width));
  // Whole words are written, each once: reading back what has just been written would wait for it.
  char* at = out->data() + start;
  std::uint64_t word = 0;
  unsigned filled = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t number = get(i);
    word |= number << filled;
    filled += width;
    if (filled < 64) continue;
    std::memcpy(at, &word, sizeof word);
    at += sizeof word;
    filled -= 64;
    word = filled == 0 ? 0 : number >> (width - filled);
  }
  std::memcpy(at, &word, (filled + 7) / 8);
}

/// Calls put(i, number) for numbers [begin, end) of a packed array at `base`.
template <typename Put>
void UnpackBits(const char* base, std::size_t begin, std::size_t end, unsigned width, Put put) {
  if (width == 0) {
    for (std::size_t i = begin; i < end; ++i) put(i, std::uint64_t{0});
    return;
  }
  const std::uint64_t mask = width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
  std::size_t bit = begin * width;
  for (std::size_t i = begin; i < end; ++i, bit += width) {
    std::uint64_t word;
    std::memcpy(&word, base + bit / 8, sizeof word);
    put(i, (word >> (bit % 8)) & mask);
  }
}

}  // namespace kb::storage
