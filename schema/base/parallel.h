// One piece of work on several threads, for as long as it lasts.
//
// Each thread begins on a core of its own, because the system may not care: a scheduler that packs
// threads on few cores (as kernels of virtual machines do, to leave the host the others) lets a new
// one wait behind its maker for a millisecond and longer. Once it runs, it may be moved as any
// other.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace kb {

/// What threads write to all the time should not share a line of the cache: alignas(kCacheLine).
inline constexpr std::size_t kCacheLine = 64;

/// So many threads as were asked for; 0 asks for one a core. From 1 to 64. Asks the system: for
/// what begins, not for what goes on all the time.
unsigned ThreadCount(std::size_t asked);

/// Calls work(number) for each number below `threads`, work(0) here and each of the others on a
/// thread that is made for it, and returns when all are done. Where the system has no more threads,
/// the highest numbers are not called. `work` must not throw.
void RunThreads(unsigned threads, const std::function<void(unsigned)>& work);

/// Calls work(morsel, worker) once for each morsel in [0, morsels), from up to `threads` threads,
/// the caller's among them, each of which takes the next morsel when it has done one; `worker` is
/// the number of the thread. Returns when all is done. `work` must not throw.
template <typename Work>
void ForEachMorsel(std::size_t morsels, unsigned threads, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&](unsigned worker) {
    for (std::size_t at = next++; at < morsels; at = next++) work(at, worker);
  };
  const std::size_t useful = morsels < threads ? morsels : threads;
  if (useful < 2) return run(0);
  RunThreads(static_cast<unsigned>(useful), run);
}

}  // namespace kb
