// ForEachMorsel: pieces of one piece of work on several threads, each taking the next when it has
// done one. Threads are made for the call: it is for work that takes far longer than that.
#pragma once

#include <atomic>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace kb::query::exec {

/// What threads write to all the time should not share a line of the cache: alignas(kCacheLine).
inline constexpr std::size_t kCacheLine = 64;

/// Calls work(morsel, worker) once for each morsel in [0, morsels), from up to `threads` threads,
/// the caller's among them; each thread is a worker with a number below `threads`. Returns when all
/// is done. `work` must not throw.
template <typename Work>
void ForEachMorsel(std::size_t morsels, unsigned threads, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&](unsigned worker) {
    for (std::size_t at = next++; at < morsels; at = next++) work(at, worker);
  };
  std::vector<std::thread> others;
  for (unsigned worker = 1; worker < threads && worker < morsels; ++worker) {
    try {
      others.emplace_back(run, worker);
    } catch (const std::system_error&) {
      break;  // there are no more threads to be had: those that are there do it
    }
  }
  run(0);
  for (std::thread& other : others) other.join();
}

}  // namespace kb::query::exec
