// Threads: readers beside a writer, writers in turn, interrupts, commits that share a sync. Run by
// .ci/check.sh under the thread sanitizer, too.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "kb/kb.h"
#include "kb/memory_guard.h"
#include "tests/kb/asking.h"
#include "tests/storage/scratch.h"

namespace kb {
namespace {

using Rows = std::vector<std::string>;

constexpr std::int64_t kAccounts = 64;
constexpr std::int64_t kEach = 100;

/// Threads that are joined at the end of a scope.
class Crew {
 public:
  Crew() = default;
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() { Join(); }

  void Start(std::function<void()> work) { threads_.emplace_back(std::move(work)); }
  void Join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::vector<std::thread> threads_;
};

class ThreadsTest : public testing::TestWithParam<bool> {
 protected:
  ThreadsTest() {
    Options options;
    options.sync = false;
    Open(options);
  }

  bool on_disk() const { return GetParam(); }
  std::string path() const { return scratch_ / "case"; }

  void Open(const Options& options) {
    database_.reset();
    auto opened = Database::Open(on_disk() ? path() : ":memory:", options);
    ASSERT_TRUE(opened.ok()) << opened.error().Format();
    database_ = std::make_unique<Database>(std::move(opened).value());
  }

  void OpenAccounts() {
    Session session = database_->NewSession();
    Ask(session, "UNWIND range(0, 63) AS n CREATE (:Account {n: n, balance: 100})");
    Ask(session, "CREATE (:Clock {tick: 0})");
  }

  void ExpectSound() {
    const auto check = database_->Check();
    ASSERT_TRUE(check.ok()) << check.error().Format();
    EXPECT_TRUE(check->findings.empty()) << check->findings.front();
  }

  storage::Scratch scratch_;
  std::unique_ptr<Database> database_;
};

/// Moves money about, a statement a transfer, and lets the clock tick in the same transaction.
void Transfer(Session& session, std::int64_t round) {
  const Parameters parameters = {{"from", Value::Integer(round % kAccounts)},
                                 {"to", Value::Integer((round * 7 + 1) % kAccounts)},
                                 {"sum", Value::Integer(round % 13)}};
  Ask(session, "BEGIN");
  Ask(session, "MATCH (a:Account {n: $from}) SET a.balance = a.balance - $sum", parameters);
  Ask(session, "MATCH (a:Account {n: $to}) SET a.balance = a.balance + $sum", parameters);
  Ask(session, "MATCH (c:Clock) SET c.tick = c.tick + 1");
  Ask(session, "COMMIT");
}

TEST_P(ThreadsTest, EveryReaderSeesWholeTransactions) {
  OpenAccounts();
  constexpr std::int64_t kRounds = 150;
  std::atomic<bool> done{false};
  Crew readers;
  for (int i = 0; i < 3; ++i) {
    readers.Start([&] {
      Session session = database_->NewSession();
      std::int64_t last_tick = 0;
      do {
        EXPECT_EQ(Ask(session, "MATCH (a:Account) RETURN count(*), sum(a.balance)"),
                  Rows{"64 | 6400"});
        const std::int64_t tick = AskNumber(session, "MATCH (c:Clock) RETURN c.tick");
        EXPECT_GE(tick, last_tick);
        last_tick = tick;
      } while (!done);
    });
  }
  {
    Session writer = database_->NewSession();
    for (std::int64_t round = 0; round < kRounds; ++round) Transfer(writer, round);
  }
  done = true;
  readers.Join();
  Session session = database_->NewSession();
  EXPECT_EQ(AskNumber(session, "MATCH (c:Clock) RETURN c.tick"), kRounds);
  ExpectSound();
}

TEST_P(ThreadsTest, AReadOnlyTransactionAnswersTheSameAsLongAsItLives) {
  OpenAccounts();
  std::atomic<bool> done{false};
  Crew readers;
  for (int i = 0; i < 2; ++i) {
    readers.Start([&] {
      Session session = database_->NewSession();
      do {
        ASSERT_TRUE(session.Begin(true).ok());
        const std::string_view query =
            "MATCH (c:Clock), (a:Account) WITH c, a ORDER BY a.n RETURN c.tick, collect(a.balance)";
        const Rows before = Ask(session, query);
        EXPECT_EQ(Ask(session, query), before);
        ASSERT_TRUE(session.Commit().ok());
      } while (!done);
    });
  }
  {
    Session writer = database_->NewSession();
    for (std::int64_t round = 0; round < 100; ++round) Transfer(writer, round);
  }
  done = true;
}

TEST_P(ThreadsTest, WritersTakeTurnsAndLoseNothing) {
  OpenAccounts();
  constexpr int kWriters = 4;
  constexpr int kRounds = 40;
  Crew writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.Start([&, i] {
      Session session = database_->NewSession();
      for (int round = 0; round < kRounds; ++round) {
        if (round % 3 == i % 3) {
          Transfer(session, round);
        } else {
          Ask(session, "MATCH (c:Clock) SET c.tick = c.tick + 1");
        }
      }
    });
  }
  writers.Join();
  Session session = database_->NewSession();
  EXPECT_EQ(AskNumber(session, "MATCH (c:Clock) RETURN c.tick"), kWriters * kRounds);
  EXPECT_EQ(AskNumber(session, "MATCH (a:Account) RETURN sum(a.balance)"), kAccounts * kEach);
  ExpectSound();
}

TEST_P(ThreadsTest, ATransactionThatIsRolledBackIsNeverSeen) {
  OpenAccounts();
  std::atomic<bool> done{false};
  Crew readers;
  readers.Start([&] {
    Session session = database_->NewSession();
    do {
      EXPECT_EQ(AskNumber(session, "MATCH (g:Ghost) RETURN count(g)"), 0);
      EXPECT_EQ(AskNumber(session, "MATCH (a:Account) RETURN count(a)"), kAccounts);
    } while (!done);
  });
  {
    Session writer = database_->NewSession();
    for (int round = 0; round < 60; ++round) {
      ASSERT_TRUE(writer.Begin().ok());
      Ask(writer, "UNWIND range(1, 20) AS n CREATE (:Ghost)-[:HAUNTS]->(:Ghost)");
      Ask(writer, "MATCH (a:Account) WHERE a.n < 32 DELETE a");
      ASSERT_TRUE(writer.Rollback().ok());
    }
  }
  done = true;
  readers.Join();
  ExpectSound();
}

TEST_P(ThreadsTest, AnInterruptStopsAStatementOfAnotherThread) {
  Session session = database_->NewSession();
  std::atomic<bool> done{false};
  Crew crew;
  crew.Start([&] {
    while (!done) {
      session.Interrupt();
      std::this_thread::yield();
    }
  });
  EXPECT_EQ(ErrorOf(session,
                    "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b "
                    "RETURN count(*)"),
            "CancelledError");
  EXPECT_EQ(ErrorOf(session,
                    "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b "
                    "WITH a, b WHERE a < 0 CREATE (:Never)"),
            "CancelledError");
  done = true;
  crew.Join();
  EXPECT_EQ(AskNumber(session, "MATCH (n:Never) RETURN count(n)"), 0);
}

TEST_P(ThreadsTest, AnInterruptEndsTheWaitForTheWritersTurn) {
  Session holder = database_->NewSession();
  ASSERT_TRUE(holder.Begin().ok());
  Session waiter = database_->NewSession();
  std::atomic<bool> done{false};
  Crew crew;
  crew.Start([&] {
    while (!done) {
      waiter.Interrupt();
      std::this_thread::yield();
    }
  });
  EXPECT_EQ(ErrorOf(waiter, "CREATE (:Never)"), "CancelledError");
  done = true;
  crew.Join();
  ASSERT_TRUE(holder.Commit().ok());
  EXPECT_EQ(AskNumber(waiter, "CREATE (n:Once) RETURN 1"), 1);
}

TEST_P(ThreadsTest, PlansStayRightWhileIndexesComeAndGo) {
  OpenAccounts();
  std::atomic<bool> done{false};
  Crew readers;
  for (int i = 0; i < 2; ++i) {
    readers.Start([&, i] {
      Session session = database_->NewSession();
      std::int64_t n = i;
      do {
        EXPECT_EQ(AskNumber(session, "MATCH (a:Account {n: $n}) RETURN a.balance",
                            {{"n", Value::Integer(n % kAccounts)}}),
                  kEach);
        ++n;
      } while (!done);
    });
  }
  {
    Session writer = database_->NewSession();
    for (int round = 0; round < 30; ++round) {
      Ask(writer, "CREATE INDEX account_n FOR (a:Account) ON (a.n)");
      Ask(writer, "MATCH (a:Account {n: 5}) SET a.seen = true");
      Ask(writer, "DROP INDEX account_n");
    }
  }
  done = true;
  readers.Join();
  ExpectSound();
}

TEST_P(ThreadsTest, FoldingAndCheckingDisturbNobody) {
  OpenAccounts();
  std::atomic<bool> done{false};
  Crew crew;
  crew.Start([&] {
    do {
      const auto folded = database_->Fold();
      EXPECT_TRUE(folded.ok());
    } while (!done);
  });
  crew.Start([&] {
    Session session = database_->NewSession();
    do {
      EXPECT_EQ(AskNumber(session, "MATCH (a:Account) RETURN sum(a.balance)"), kAccounts * kEach);
    } while (!done);
  });
  {
    Session writer = database_->NewSession();
    for (std::int64_t round = 0; round < 60; ++round) {
      Transfer(writer, round);
      Ask(writer, "CREATE (:Receipt {round: $round})-[:OF]->(:Copy)",
          {{"round", Value::Integer(round)}});
    }
  }
  done = true;
  crew.Join();
  ExpectSound();
  Session session = database_->NewSession();
  EXPECT_EQ(AskNumber(session, "MATCH (r:Receipt)-[:OF]->(:Copy) RETURN count(DISTINCT r.round)"),
            60);
}

TEST_P(ThreadsTest, WhatWasAcknowledgedIsThereAfterReopening) {
  if (!on_disk()) return;
  Options durable;
  Open(durable);
  constexpr int kWriters = 4;
  constexpr int kRounds = 10;
  Crew writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.Start([&, i] {
      Session session = database_->NewSession();
      for (int round = 0; round < kRounds; ++round) {
        Ask(session, "CREATE (:Receipt {writer: $writer, round: $round})",
            {{"writer", Value::Integer(i)}, {"round", Value::Integer(round)}});
        // A commit that was acknowledged is seen by its own thread at once.
        EXPECT_EQ(AskNumber(session, "MATCH (r:Receipt {writer: $writer}) RETURN count(r)",
                            {{"writer", Value::Integer(i)}}),
                  round + 1);
      }
    });
  }
  writers.Join();
  Open(durable);
  Session session = database_->NewSession();
  EXPECT_EQ(AskNumber(session, "MATCH (r:Receipt) RETURN count(DISTINCT r.writer * 100 + r.round)"),
            kWriters * kRounds);
  ExpectSound();
}

INSTANTIATE_TEST_SUITE_P(Cases, ThreadsTest, testing::Bool(), [](const auto& kind) {
  return std::string(kind.param ? "OnDisk" : "InMemory");
});

/// Waits until the statement behind `cancellation` is told to stop.
void AwaitStop(const Cancellation& cancellation) {
  while (cancellation.Check().ok()) std::this_thread::yield();
}

TEST(MemoryGuardTest, TheGuardStopsEveryStatementThatRunsBeyondTheBudget) {
  MemoryGuard guard(1);  // Any program has more.
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        Cancellation cancellation;
        MemoryGuard::Watch watch(&guard, &cancellation);
        AwaitStop(cancellation);
        const Result<void> verdict = watch.Close();
        EXPECT_EQ(verdict.ok() ? "" : verdict.error().detail(), "MemoryLimit");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  Cancellation free;
  MemoryGuard::Watch nothing(nullptr, &free);
  EXPECT_TRUE(nothing.Close().ok());
}

}  // namespace
}  // namespace kb
