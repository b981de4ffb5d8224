#include "schema/base/memory.h"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace kb {

ResidentMemory MeasureMemory() {
  ResidentMemory memory;
  const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return memory;
  char text[128];
  const ssize_t size = ::read(file, text, sizeof text - 1);
  ::close(file);
  if (size <= 0) return memory;
  text[size] = '\0';
  char* at = text;
  std::strtoull(at, &at, 10);
  const std::uint64_t resident = std::strtoull(at, &at, 10);
  const std::uint64_t shared = std::strtoull(at, &at, 10);
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  memory.all = resident * page;
  memory.own = (resident - std::min(shared, resident)) * page;
  return memory;
}

std::uint64_t HeapInUse() {
#ifdef __GLIBC__
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
#else
  return 0;
#endif
}

void ReturnFreedMemory() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

Result<void> CheckMemory(std::uint64_t budget) {
  if (MeasureMemory().own <= budget) return {};
  ReturnFreedMemory();
  const std::uint64_t own = MeasureMemory().own;
  if (own <= budget) return {};
  return LimitError("the statement needs more memory than the limit of {} MB allows",
                    budget / 1'000'000)
      .Detail("MemoryLimit")
      .Hint("let it keep fewer rows, or give more memory with --memory or KB_MEMORY");
}

}  // namespace kb
