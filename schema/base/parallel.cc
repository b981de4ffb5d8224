#include "schema/base/parallel.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace kb {
namespace {

/// One thread besides the caller's.
struct Helper {
  pthread_t thread;
  const std::function<void(unsigned)>* work;
  unsigned number;
  const cpu_set_t* allowed;
};

void* Run(void* argument) {
  const Helper& helper = *static_cast<const Helper*>(argument);
  if (helper.allowed != nullptr) sched_setaffinity(0, sizeof(cpu_set_t), helper.allowed);
  (*helper.work)(helper.number);
  return nullptr;
}

/// The core that comes `distance` places after `from` in a set that is not empty.
int CoreAfter(const cpu_set_t& set, int from, unsigned distance) {
  int core = from;
  for (unsigned left = distance % static_cast<unsigned>(CPU_COUNT(&set)); left > 0;) {
    core = (core + 1) % CPU_SETSIZE;
    if (CPU_ISSET(static_cast<std::size_t>(core), &set)) --left;
  }
  return core;
}

bool Start(Helper* helper, const cpu_set_t* allowed, int from) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  if (allowed != nullptr) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(CoreAfter(*allowed, from, helper->number)), &one);
    pthread_attr_setaffinity_np(&attributes, sizeof one, &one);
  }
  const bool started = pthread_create(&helper->thread, &attributes, Run, helper) == 0;
  pthread_attr_destroy(&attributes);
  return started;
}

}  // namespace

unsigned ThreadCount(std::size_t asked) {
  constexpr std::size_t kThreadsMax = 64;
  const std::size_t wanted = asked != 0 ? asked : std::thread::hardware_concurrency();
  return static_cast<unsigned>(std::clamp<std::size_t>(wanted, 1, kThreadsMax));
}

void RunThreads(unsigned threads, const std::function<void(unsigned)>& work) {
  // A machine with more cores than the set has room for places its threads by itself.
  cpu_set_t set;
  const int here = sched_getcpu();
  const bool placed = sched_getaffinity(0, sizeof set, &set) == 0 && here >= 0 &&
                      CPU_ISSET(static_cast<std::size_t>(here), &set);
  const cpu_set_t* const allowed = placed && CPU_COUNT(&set) > 1 ? &set : nullptr;
  std::vector<Helper> helpers;  // stay where they are, and nothing fails once the first has begun
  helpers.reserve(threads);
  for (unsigned number = 1; number < threads; ++number) {
    helpers.push_back({pthread_t(), &work, number, allowed});
    if (Start(&helpers.back(), allowed, here)) continue;
    helpers.pop_back();
    break;  // There are no more threads to be had.
  }
  work(0);
  for (const Helper& helper : helpers) pthread_join(helper.thread, nullptr);
}

}  // namespace kb
