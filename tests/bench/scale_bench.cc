// A graph of many relationships: loaded, opened and asked for two hops. Prints one line each with
// the memory that was needed; not part of the gate.
//
//   kb_scale_bench <folder> [nodes [relationships [memory in MB]]]
//
// The graph is a power law: both ends of a relationship are drawn by a recursive division of the
// square of ids (RMAT, 0.57 0.19 0.19 0.05), always from the same seed, and ids are then mixed so
// that busy nodes do not lie beside each other.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "schema/base/memory.h"
#include "storage/bulk.h"

namespace kb::storage {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void Fail(const Error& error) {
  std::fprintf(stderr, "%s\n", error.Format().c_str());
  std::exit(1);
}
template <typename T>
T Must(Result<T> result) {
  if (!result.ok()) Fail(result.error());
  return std::move(result).value();
}
void Must(Result<void> result) {
  if (!result.ok()) Fail(result.error());
}

void Tell(const char* what, Clock::time_point start) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%-44s %9.2f s   now %5.2f GB, peak %5.2f GB\n", what,
              std::chrono::duration<double>(Clock::now() - start).count(),
              static_cast<double>(MeasureMemory().all) / 1e9,
              static_cast<double>(usage.ru_maxrss) * 1024 / 1e9);
  std::fflush(stdout);
}

/// xorshift: quick, and the same everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  std::uint64_t state_;
};

class PowerLaw {
 public:
  explicit PowerLaw(std::uint32_t nodes) : nodes_(nodes) {
    while ((std::uint64_t{1} << levels_) < nodes) ++levels_;
  }
  std::pair<std::uint32_t, std::uint32_t> Next() {
    std::uint64_t source = 0;
    std::uint64_t target = 0;
    for (unsigned level = 0; level < levels_; level += 4) {
      std::uint64_t bits = random_.Next();
      for (unsigned i = 0; i < 4 && level + i < levels_; ++i, bits >>= 16) {
        const std::uint64_t draw = bits & 0xFFFF;
        source = source * 2 + (draw >= 49807 ? 1 : 0);  // 0.57 + 0.19
        target = target * 2 + ((draw >= 37355 && draw < 49807) || draw >= 62259 ? 1 : 0);
      }
    }
    return {Mixed(source), Mixed(target)};
  }

 private:
  std::uint32_t Mixed(std::uint64_t id) const {
    return static_cast<std::uint32_t>(id * 2'654'435'761u % nodes_);
  }
  std::uint32_t nodes_;
  unsigned levels_ = 0;
  Random random_{0x9E37'79B9'7F4A'7C15u};
};

void Load(const std::string& folder, std::uint32_t nodes, std::uint64_t edges) {
  auto store = Must(Store::Open(folder, {}));
  auto loader = Must(BulkLoader::Start(*store));
  auto start = Clock::now();
  BulkColumn id;
  id.key = "id";
  id.type = BulkColumn::Type::kInteger;
  for (std::uint32_t i = 0; i < nodes; ++i) id.integers.push_back(i);
  const std::vector<std::string> labels{"Person"};
  Must(loader->AddNodes(labels, nodes, {std::move(id)}));
  PowerLaw graph(nodes);
  constexpr std::uint64_t kBatch = 1 << 20;
  for (std::uint64_t done = 0; done < edges;) {
    std::vector<NodeId> sources;
    std::vector<NodeId> targets;
    const std::uint64_t end = std::min(edges, done + kBatch);
    sources.reserve(end - done);
    targets.reserve(end - done);
    for (; done < end; ++done) {
      const auto [source, target] = graph.Next();
      sources.push_back(NodeId{source});
      targets.push_back(NodeId{target});
    }
    Must(loader->AddRelationships("KNOWS", std::move(sources), std::move(targets), {}));
  }
  Tell("drawn and handed to the loader", start);
  start = Clock::now();
  Must(loader->Finish());
  Tell("sorted, packed, written", start);
}

void Ask(const std::string& folder, std::uint32_t nodes, std::uint64_t memory) {
  auto start = Clock::now();
  StoreOptions options;
  options.memory_bytes = memory;
  auto store = Must(Store::Open(folder, options));
  Tell("opened", start);
  const View view = store->Present();
  const TypeId knows = *view.catalog().FindType("KNOWS");
  const auto degree = [&](NodeId node) {
    return view.Neighbours(knows, Direction::kOut, node).size;
  };
  start = Clock::now();
  std::uint64_t first = 0;
  for (std::uint32_t i = 0; i < 10; ++i) first += degree(NodeId{i * 7919 % nodes});
  Tell("first hops of ten nodes", start);
  const auto two_hops = [&](std::uint32_t step) {
    std::uint64_t paths = 0;
    for (std::uint32_t i = 0; i < nodes; i += step) {
      const Slice out = view.Neighbours(knows, Direction::kOut, NodeId{i});
      for (std::uint32_t k = 0; k < out.size; ++k) paths += degree(out.nodes[k]);
    }
    return paths;
  };
  start = Clock::now();
  const std::uint64_t some = two_hops(1000);
  Tell("two hops from every thousandth node", start);
  start = Clock::now();
  const std::uint64_t all = two_hops(1);
  Tell("two hops from every node", start);
  start = Clock::now();
  const std::uint64_t again = two_hops(1);
  Tell("once more", start);
  Must(view.Status());
  std::printf("%llu first hops, %llu and %llu paths of two\n",
              static_cast<unsigned long long>(first), static_cast<unsigned long long>(some),
              static_cast<unsigned long long>(all));
  if (all != again) std::exit(1);
}

}  // namespace
}  // namespace kb::storage

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: kb_scale_bench <folder> [nodes [relationships [memory in MB]]]\n");
    return 2;
  }
  const auto number = [&](int at, std::uint64_t otherwise) {
    return argc > at ? std::strtoull(argv[at], nullptr, 10) : otherwise;
  };
  const auto nodes = static_cast<std::uint32_t>(number(2, 4'000'000));
  const std::uint64_t edges = number(3, 100'000'000);
  if (!std::filesystem::exists(argv[1])) kb::storage::Load(argv[1], nodes, edges);
  kb::storage::Ask(argv[1], nodes, number(4, 0) * 1'000'000);
  return 0;
}
