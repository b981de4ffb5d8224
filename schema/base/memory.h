// How much memory the program has, as the system counts it; for budgets.
#pragma once

#include <cstdint>

#include "schema/base/result.h"

namespace kb {

/// Bytes that are in memory: all, and those that belong to this program alone (heap and stacks, not
/// mapped files, which the system can take back).
struct ResidentMemory {
  std::uint64_t all = 0;
  std::uint64_t own = 0;
};
/// Zeros where the system does not say. Costs a few microseconds. Thread-safe.
ResidentMemory MeasureMemory();

/// Bytes of heap that are in use, of all threads; 0 where the library does not say. Costs a few
/// microseconds. Thread-safe.
std::uint64_t HeapInUse();

/// Gives freed heap back to the system, as far as that can be done. Takes milliseconds.
void ReturnFreedMemory();

/// A LimitError of detail MemoryLimit if heap and stacks take more than `budget` bytes, even after
/// what has been freed was given back. Thread-safe.
Result<void> CheckMemory(std::uint64_t budget);

}  // namespace kb
