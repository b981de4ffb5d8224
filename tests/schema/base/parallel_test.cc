// Threads for one piece of work.
#include "schema/base/parallel.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <vector>

namespace kb {
namespace {

TEST(ParallelTest, EachMorselIsDoneOnceByAWorkerThatIsThere) {
  for (const unsigned threads : {0u, 1u, 2u, 7u}) {
    for (const std::size_t morsels : {0u, 1u, 2u, 5u, 1000u}) {
      std::vector<std::atomic<int>> done(morsels);
      std::atomic<bool> out_of_range = false;
      ForEachMorsel(morsels, threads, [&](std::size_t morsel, unsigned worker) {
        ++done[morsel];
        if (worker >= std::max(threads, 1u)) out_of_range = true;
      });
      EXPECT_TRUE(std::all_of(done.begin(), done.end(), [](const auto& n) { return n == 1; }));
      EXPECT_FALSE(out_of_range);
    }
  }
}

TEST(ParallelTest, TheCallerIsWorkerZeroAndTheOthersRunBesideIt) {
  // Each waits for all, which ends only if none waits for another's end.
  constexpr unsigned kThreads = 5;
  const pthread_t caller = pthread_self();
  std::vector<pthread_t> threads(kThreads);
  std::atomic<unsigned> begun = 0;
  RunThreads(kThreads, [&](unsigned number) {
    threads[number] = pthread_self();
    ++begun;
    while (begun < kThreads) sched_yield();
  });
  EXPECT_TRUE(pthread_equal(threads[0], caller));
  for (unsigned number = 1; number < kThreads; ++number) {
    EXPECT_FALSE(pthread_equal(threads[number], caller));
  }
}

TEST(ParallelTest, AThreadMayRunWhereItsMakerMay) {
  cpu_set_t here;
  ASSERT_EQ(sched_getaffinity(0, sizeof here, &here), 0);
  std::vector<int> same(3, 0);
  RunThreads(3, [&](unsigned number) {
    cpu_set_t there;
    same[number] = sched_getaffinity(0, sizeof there, &there) == 0 && CPU_EQUAL(&here, &there);
  });
  EXPECT_EQ(same, (std::vector<int>{1, 1, 1}));
}

TEST(ParallelTest, AMakerThatIsBoundToOneCoreBindsItsThreads) {
  cpu_set_t all;
  ASSERT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(sched_getcpu()), &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  std::vector<int> bound(2, 0);
  RunThreads(2, [&](unsigned number) {
    cpu_set_t there;
    bound[number] = sched_getaffinity(0, sizeof there, &there) == 0 && CPU_EQUAL(&one, &there);
  });
  ASSERT_EQ(sched_setaffinity(0, sizeof all, &all), 0);
  EXPECT_EQ(bound, (std::vector<int>{1, 1}));
}

TEST(ParallelTest, AThreadCountIsAtLeastOneAndHasALimit) {
  EXPECT_EQ(ThreadCount(1), 1u);
  EXPECT_EQ(ThreadCount(1'000'000), 64u);
  EXPECT_GE(ThreadCount(0), 1u);
}

}  // namespace
}  // namespace kb
