// The crash test: a writer, a killer and a checker.
//
//   kb_crash [rounds [seed]]
//
// Each round starts this program again as a writer on the same case. The writer commits numbered
// transactions from several threads and acknowledges each on a pipe after Commit has returned; at a
// random moment it is killed with SIGKILL. Then the case is opened here: every acknowledged
// transaction must be there in full, every other in full or not at all, and Check must find
// nothing. Folds run all the time, so they are killed in the middle as well; so are, now and then,
// erasures and judgements of identity.
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
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "storage/evidence.h"
#include "storage/store.h"

extern char** environ;

namespace kb::storage {
namespace {

constexpr int kThreads = 3;
constexpr std::int64_t kParts = 4;  ///< Nodes of one transaction, in a ring.

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "kb_crash: %s\n", what.c_str());
  std::exit(1);
}
template <typename T>
T Must(Result<T> result, const char* doing) {
  if (!result.ok()) Fail(std::string(doing) + ": " + result.error().Format());
  return std::move(result).value();
}
void Must(Result<void> result, const char* doing) {
  if (!result.ok()) Fail(std::string(doing) + ": " + result.error().Format());
}

StoreOptions Options() {
  StoreOptions options;
  options.fold_keys = 500;
  return options;
}

/// One transaction: kParts nodes that carry its number, joined in a ring; now and then an older
/// ring is taken apart and marked so on its replacement.
Result<void> WriteOne(Store& store, std::int64_t number) {
  auto begun = store.Begin();
  if (!begun.ok()) return begun.error();
  const auto txn = std::move(begun).value();
  const std::vector<LabelId> labels{Must(txn->Label("Part"), "label")};
  const TypeId next = Must(txn->Type("NEXT"), "type");
  const KeyId key = Must(txn->Key("number"), "key");
  const KeyId text = Must(txn->Key("text"), "key");
  std::vector<NodeId> nodes;
  for (std::int64_t part = 0; part < kParts; ++part) {
    const std::vector<std::pair<KeyId, Value>> properties{
        {key, Value::Integer(number)},
        {text, Value::String("part " + std::to_string(part) + " of a transaction")}};
    nodes.push_back(Must(txn->CreateNode(labels, properties), "create"));
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::vector<std::pair<KeyId, Value>> properties{{key, Value::Integer(number)}};
    Must(txn->CreateRelationship(nodes[i], next, nodes[(i + 1) % nodes.size()], properties),
         "connect");
  }
  // A node too many, created and deleted (or erased) again, leaves nothing but a gap.
  const NodeId gone = Must(txn->CreateNode(labels, {}), "create");
  EvidenceWriter& evidence = EvidenceOf(*txn);
  if (number % 64 == 0) {
    Must(evidence.Erase(Entity::Of(gone), "it was too many"), "erase");
  } else {
    Must(txn->DeleteNode(gone), "delete");
  }
  if (number % 16 == 0) Must(evidence.Judge(true, nodes[0], nodes[1], "alike", ""), "judge");
  return txn->Commit();
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
      while (!full) {
        const std::int64_t mine = number++;
        const Result<void> written = WriteOne(*store, mine);
        if (!written.ok() && written.error().code() == ErrorCode::kIo && file_bytes != 0) {
          full = true;
          return;
        }
        if (!written.ok()) Fail("commit: " + written.error().Format());
        if (::write(acknowledge, &mine, sizeof mine) != sizeof mine) std::_Exit(1);
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

/// Counts the parts of each transaction, and checks that those that are there are whole.
std::map<std::int64_t, std::int64_t> Read(const View& view) {
  std::map<std::int64_t, std::int64_t> parts;
  const auto type = view.catalog().FindType("NEXT");
  const auto key = view.catalog().FindKey("number");
  if (!type || !key) return parts;
  std::vector<NodeId> nodes(kBlockSize);
  for (std::uint32_t block = 0; block < view.block_count(); ++block) {
    const std::uint32_t count = view.ScanBlock(block, std::nullopt, nodes.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      const Value number = view.Property(nodes[i], *key);
      if (!number.is_integer()) Fail("a node without its number");
      ++parts[number.integer()];
      const Slice out = view.Neighbours(*type, Direction::kOut, nodes[i]);
      if (out.size != 1 || view.Neighbours(*type, Direction::kIn, nodes[i]).size != 1) {
        Fail("transaction " + number.ToText() + " is not joined up");
      }
      const Value other = view.Property({*type, out.edges[0], nodes[i], out.nodes[0]}, *key);
      if (!other.is_integer() || other.integer() != number.integer()) {
        Fail("transaction " + number.ToText() + " is joined to another");
      }
    }
  }
  return parts;
}

/// Reads acknowledgements until the pipe ends.
void Drain(int pipe_end, std::vector<std::int64_t>* acknowledged) {
  std::int64_t number = 0;
  while (::read(pipe_end, &number, sizeof number) == sizeof number) {
    acknowledged->push_back(number);
  }
}

void Verify(const std::string& path, const std::vector<std::int64_t>& acknowledged) {
  auto store = Must(Store::Open(path, Options()), "open after the crash");
  const auto parts = Read(RecordsOf(store->Present()));
  for (const auto& [number, count] : parts) {
    if (count != kParts) Fail("transaction " + std::to_string(number) + " is half there");
  }
  for (const std::int64_t number : acknowledged) {
    if (parts.count(number) == 0) Fail("transaction " + std::to_string(number) + " is lost");
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
  std::vector<std::int64_t> acknowledged;
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
}  // namespace kb::storage

int main(int argc, char** argv) {
  using namespace kb::storage;
  if (argc == 6 && std::strcmp(argv[1], "writer") == 0) {
    return Writer(argv[2], std::atoll(argv[3]), std::atoi(argv[4]),
                  std::strtoull(argv[5], nullptr, 10));
  }
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 100;
  const std::uint64_t seed =
      argc > 2 ? std::strtoull(argv[2], nullptr, 10) : std::random_device()();
  return Rounds(argv[0], rounds, seed);
}
