// The crash test: a writer, a killer and a checker.
//
//   kb_crash [rounds [seed]]
//
// Each round starts this program again as a writer on the same case. The writer commits numbered
// transactions from several threads and acknowledges each on a pipe after Commit has returned; at a
// random moment it is killed with SIGKILL. Then the case is opened here: every acknowledged
// transaction must be there in full, every other in full or not at all, at present and in states of
// the past, with its statements, judgements and valid times (deeds.h), and Check must find nothing.
// Folds run all the time, so they are killed in the middle as well; so are, now and then, erasures
// and changes of the rule.
//
// In every third round the system lets the writer's files grow only so far, as a full disk would:
// a commit must then fail with an error of code kIo, the case must go on answering and refuse to
// write, and closing it must lose nothing. Power cuts, which lose what was not synced, are
// simulated in tests/storage/fault_test.cc.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "storage/store.h"
#include "tests/crash/deeds.h"

extern char** environ;

namespace kb::storage::crash {
namespace {

constexpr int kThreads = 3;
StoreOptions Options() {
  StoreOptions options;
  options.fold_keys = 500;
  return options;
}

/// The writer ended because its disk was full, and as it should.
constexpr int kDiskFull = 3;

/// After a failed write: nothing is written any more, and reading goes on.
bool RefusesWritesAndReads(Store& store) {
  const auto next = store.Begin();
  if (next.ok() || next.error().code() != ErrorCode::kIo) return false;
  const View view = store.Present();
  std::vector<NodeId> nodes(kBlockSize);
  std::uint64_t count = 0;
  for (std::uint32_t block = 0; block < view.block_count(); ++block) {
    count += view.ScanBlock(block, std::nullopt, nodes.data());
  }
  return count == view.NodeCount() && view.Status().ok();
}

/// `file_bytes`: how far files may grow; 0: as far as they like.
int Writer(const std::string& path, std::int64_t first, int acknowledge, std::uint64_t file_bytes) {
  auto store = Must(Store::Open(path, Options()), "open");
  if (file_bytes != 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{file_bytes, file_bytes};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
  }
  std::atomic<std::int64_t> number{first};
  std::atomic<bool> full{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      Doer doer(*store);
      while (!full) {
        const Result<Deed> written = doer.Do(number++);
        if (!written.ok() && written.error().code() == ErrorCode::kIo && file_bytes != 0) {
          full = true;
          return;
        }
        if (!written.ok()) Fail("commit: " + written.error().Format());
        const Deed& deed = *written;
        if (::write(acknowledge, &deed, sizeof deed) != sizeof deed) std::_Exit(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (!RefusesWritesAndReads(*store)) return 1;
  store.reset();
  return kDiskFull;
}

pid_t Start(const char* program, const std::string& path, std::int64_t first, int acknowledge,
            std::uint64_t file_bytes) {
  const std::string number = std::to_string(first);
  const std::string pipe_end = std::to_string(acknowledge);
  std::vector<std::string> words{program, "writer", path,
                                 number,  pipe_end, std::to_string(file_bytes)};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (::posix_spawn(&child, program, nullptr, nullptr, arguments.data(), environ) != 0) {
    Fail("cannot start the writer");
  }
  return child;
}

/// Reads acknowledgements until the pipe ends.
void Drain(int pipe_end, std::vector<Deed>* acknowledged) {
  Deed deed;
  while (::read(pipe_end, &deed, sizeof deed) == sizeof deed) acknowledged->push_back(deed);
}

void Verify(const std::string& path, const std::vector<Deed>& acknowledged) {
  auto store = Must(Store::Open(path, Options()), "open after the crash");
  const State present = JudgeAll(*store, acknowledged);
  for (const Deed& deed : acknowledged) {
    if (!present.Has(deed.number)) {
      Fail("transaction " + std::to_string(deed.number) + " is lost");
    }
  }
  const CheckReport report = Must(store->Check(), "check");
  for (const std::string& finding : report.findings) std::fprintf(stderr, "%s\n", finding.c_str());
  if (!report.findings.empty()) Fail("the check found something");
}

int Rounds(const char* program, int rounds, std::uint64_t seed) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("kb_crash_" + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  std::vector<Deed> acknowledged;
  std::int64_t first = 0;
  std::size_t total = 0;
  int full_rounds = 0;
  for (int round = 0; round < rounds; ++round) {
    if (round % 10 == 0) {
      // A new case now and then: its creation is killed as well, and checks stay quick.
      std::filesystem::remove_all(folder);
      std::filesystem::create_directories(folder);
      total += acknowledged.size();
      acknowledged.clear();
    }
    const std::string path = (folder / "case").string();
    int ends[2];
    if (::pipe(ends) != 0) Fail("cannot make a pipe");
    ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    const std::uint64_t file_bytes = round % 3 == 2 ? 4096 + random() % 40'000 : 0;
    const pid_t child = Start(program, path, first, ends[1], file_bytes);
    ::close(ends[1]);
    const auto delay = std::chrono::microseconds(random() % 500'000);
    std::thread reader([&] { Drain(ends[0], &acknowledged); });
    std::this_thread::sleep_for(delay);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    reader.join();
    ::close(ends[0]);
    const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    const bool full = WIFEXITED(status) && WEXITSTATUS(status) == kDiskFull;
    if (!killed && !(full && file_bytes != 0)) {
      Fail("the writer ended by itself in round " + std::to_string(round));
    }
    full_rounds += full ? 1 : 0;
    Verify(path, acknowledged);
    first += 1'000'000;
  }
  total += acknowledged.size();
  std::filesystem::remove_all(folder);
  std::printf("%d rounds, %zu acknowledged transactions, none lost; %d times the disk was full\n",
              rounds, total, full_rounds);
  return 0;
}

}  // namespace
}  // namespace kb::storage::crash

int main(int argc, char** argv) {
  using namespace kb::storage::crash;
  if (argc == 6 && std::strcmp(argv[1], "writer") == 0) {
    return Writer(argv[2], std::atoll(argv[3]), std::atoi(argv[4]),
                  std::strtoull(argv[5], nullptr, 10));
  }
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 100;
  const std::uint64_t seed =
      argc > 2 ? std::strtoull(argv[2], nullptr, 10) : std::random_device()();
  return Rounds(argv[0], rounds, seed);
}
