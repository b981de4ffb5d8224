// The committer: order, grouping, and what happens after a failed write.
#include "storage/commit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace kb::storage {
namespace {

std::shared_ptr<const Root> RootWith(std::uint64_t nodes) {
  auto root = std::make_shared<Root>();
  root->node_count = nodes;
  return root;
}

TEST(CommitTest, AFailedWriteKeepsThePublishedRootAndStopsAllWriting) {
  bool fail = false;
  Committer committer(RootWith(0), [&](std::span<const Log* const>) -> Result<void> {
    if (fail) return IoError("no space left on the disk");
    return {};
  });
  ASSERT_TRUE(committer.TakeTurn(nullptr).ok());
  ASSERT_TRUE(committer.Commit(RootWith(1), Log()).ok());
  fail = true;
  ASSERT_TRUE(committer.TakeTurn(nullptr).ok());
  const auto failed = committer.Commit(RootWith(2), Log());
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code(), ErrorCode::kIo);
  EXPECT_EQ(committer.Present()->node_count, 1u);
  fail = false;
  EXPECT_EQ(committer.TakeTurn(nullptr).error().code(), ErrorCode::kIo);
  EXPECT_TRUE(committer.failure().has_value());
}

TEST(CommitTest, CommitsThatWaitAreWrittenTogetherAndInOrder) {
  std::promise<void> started;
  std::promise<void> go;
  std::vector<std::size_t> groups;
  std::vector<std::string> keys;
  Committer committer(RootWith(0), [&](std::span<const Log* const> logs) -> Result<void> {
    if (groups.empty()) {
      started.set_value();
      go.get_future().wait();
    }
    groups.push_back(logs.size());
    for (const Log* log : logs) keys.push_back(log->entries[0].first);
    return {};
  });
  const auto commit = [&](std::uint64_t number) {
    Log log;
    log.entries.emplace_back(std::to_string(number), "");
    EXPECT_TRUE(committer.Commit(RootWith(number), log).ok());
  };
  ASSERT_TRUE(committer.TakeTurn(nullptr).ok());
  std::thread first([&] { commit(1); });
  started.get_future().wait();
  // The turn is free while the disk is busy, and the next writer builds on what is being written.
  auto base = committer.TakeTurn(nullptr);
  ASSERT_TRUE(base.ok());
  EXPECT_EQ((*base)->node_count, 1u);
  EXPECT_EQ(committer.Present()->node_count, 0u) << "not durable, not visible";
  std::thread second([&] { commit(2); });
  // TakeTurn returns only when the second has queued its commit.
  base = committer.TakeTurn(nullptr);
  EXPECT_EQ((*base)->node_count, 2u);
  std::thread third([&] { commit(3); });
  EXPECT_EQ((*committer.TakeTurn(nullptr))->node_count, 3u);
  go.set_value();
  EXPECT_TRUE(committer.Drain().ok());
  committer.GiveTurn();
  first.join();
  second.join();
  third.join();
  EXPECT_EQ(keys, (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(groups, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(committer.Present()->node_count, 3u);
}

TEST(CommitTest, CommitsThatRestOnAFailedOneFailToo) {
  std::promise<void> started;
  std::promise<void> go;
  Committer committer(RootWith(0), [&](std::span<const Log* const>) -> Result<void> {
    started.set_value();
    go.get_future().wait();
    return IoError("the disk is gone");
  });
  ASSERT_TRUE(committer.TakeTurn(nullptr).ok());
  std::thread first([&] { EXPECT_FALSE(committer.Commit(RootWith(1), Log()).ok()); });
  started.get_future().wait();
  ASSERT_TRUE(committer.TakeTurn(nullptr).ok());
  std::thread second([&] { EXPECT_FALSE(committer.Commit(RootWith(2), Log()).ok()); });
  const auto third = committer.TakeTurn(nullptr);
  go.set_value();
  first.join();
  second.join();
  if (third.ok()) {
    EXPECT_FALSE(committer.Commit(RootWith(3), Log()).ok());
  }
  EXPECT_EQ(committer.Present()->node_count, 0u);
}

}  // namespace
}  // namespace kb::storage
