// The executor's kernels, as statements that are little else, each beside the hand-written loop
// over plain arrays that is its limit: scan, aggregate, expand, two hops, intersect, a list that
// grows. The graph is made by arithmetic, so that both sides have the same; a pair whose answers
// differ ends the run.
// Parsing stands in query_bench.cc, committing and folding in write_bench.cc and storage_bench.cc.
//
//   kb_kernel_bench [--benchmark_filter=…]       (KB_THREADS as for the program)
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "kb/kb.h"

namespace kb {
namespace {

constexpr std::int64_t kNodes = 100'000;
constexpr std::int64_t kRelationships = 1'000'000;
constexpr std::int64_t kCities = 16;

std::int64_t AgeOf(std::int64_t node) { return node * 7919 % 100; }
std::int64_t CityOf(std::int64_t node) { return node * 31 % kCities; }
std::int64_t SourceOf(std::int64_t i) { return i * 7'368'787 % kNodes; }
std::int64_t TargetOf(std::int64_t i) { return (i * 2'654'435 + i / 11 * 97) % kNodes; }

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

/// The graph as arrays: what a program would have that was written for one question.
struct Arrays {
  std::vector<std::int64_t> ages;
  std::vector<std::uint8_t> cities;
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint32_t> targets;  ///< Ascending within a source's part.

  Arrays() : ages(kNodes), cities(kNodes), offsets(kNodes + 1), targets(kRelationships) {
    for (std::size_t node = 0; node < ages.size(); ++node) {
      ages[node] = AgeOf(static_cast<std::int64_t>(node));
      cities[node] = static_cast<std::uint8_t>(CityOf(static_cast<std::int64_t>(node)));
    }
    const auto source = [](std::int64_t i) { return static_cast<std::size_t>(SourceOf(i)); };
    for (std::int64_t i = 0; i < kRelationships; ++i) ++offsets[source(i) + 1];
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    std::vector<std::uint32_t> next(offsets.begin(), offsets.end() - 1);
    for (std::int64_t i = 0; i < kRelationships; ++i) {
      targets[next[source(i)]++] = static_cast<std::uint32_t>(TargetOf(i));
    }
    for (std::size_t node = 0; node < ages.size(); ++node) {
      std::sort(targets.begin() + offsets[node], targets.begin() + offsets[node + 1]);
    }
  }
};

const Arrays& Graph() {
  static const Arrays arrays;
  return arrays;
}

std::int64_t Ask(Session& session, const std::string& statement) {
  auto cursor = session.Run(statement);
  if (!cursor.ok()) Fail(cursor.error().Format(statement));
  std::int64_t answer = 0;
  while (cursor->Next()) {
    if (!cursor->row().empty()) answer = cursor->row().back().integer();
  }
  if (!cursor->status().ok()) Fail(cursor->status().error().Format(statement));
  return answer;
}

Session& Case() {
  static Database database = [] {
    Options options;
    if (const char* threads = std::getenv("KB_THREADS")) {
      options.threads = static_cast<unsigned>(std::atoi(threads));
    }
    return std::move(Database::InMemory(options)).value();
  }();
  static Session session = [] {
    Session made = database.NewSession();
    Ask(made,
        "UNWIND range(0, 99999) AS i CREATE (:Person {age: i * 7919 % 100, "
        "city: 'city ' + (i * 31 % 16)})");
    Ask(made,
        "UNWIND range(0, 999999) AS i MATCH (a) WHERE id(a) = i * 7368787 % 100000 "
        "MATCH (b) WHERE id(b) = (i * 2654435 + i / 11 * 97) % 100000 "
        "CREATE (a)-[:KNOWS]->(b)");
    return made;
  }();
  return session;
}

// --- By hand
// --------------------------------------------------------------------------------------

std::int64_t Scan(const Arrays& graph) {
  return std::count_if(graph.ages.begin(), graph.ages.end(), [](auto age) { return age > 50; });
}

std::int64_t Aggregate(const Arrays& graph) {
  std::array<std::int64_t, kCities> sums{};
  for (std::size_t i = 0; i < graph.ages.size(); ++i) sums[graph.cities[i]] += graph.ages[i];
  return *std::max_element(sums.begin(), sums.end());
}

std::int64_t Expand(const Arrays& graph) {
  std::int64_t sum = 0;
  for (const std::uint32_t target : graph.targets) sum += graph.ages[target];
  return sum;
}

std::int64_t TwoHops(const Arrays& graph) {
  std::int64_t count = 0;
  for (const std::uint32_t target : graph.targets) {
    count += graph.offsets[target + 1] - graph.offsets[target];
  }
  return count;
}

std::int64_t Intersect(const Arrays& graph) {
  std::int64_t count = 0;
  const auto part = [&](std::size_t node) { return graph.targets.begin() + graph.offsets[node]; };
  for (std::size_t a = 0; a < graph.ages.size(); ++a) {
    for (auto b = part(a); b != part(a + 1); ++b) {
      auto left = part(a);
      auto right = part(*b);
      while (left != part(a + 1) && right != part(*b + 1)) {
        if (*left < *right) {
          ++left;
        } else if (*right < *left) {
          ++right;
        } else {
          const auto same = *left;
          std::int64_t lefts = 0;
          std::int64_t rights = 0;
          for (; left != part(a + 1) && *left == same; ++left) ++lefts;
          for (; right != part(*b + 1) && *right == same; ++right) ++rights;
          count += lefts * rights;
        }
      }
    }
  }
  return count;
}

std::int64_t Append(const Arrays& graph) {
  std::vector<std::int64_t> all;
  for (const std::int64_t age : graph.ages) all.push_back(age);
  benchmark::DoNotOptimize(all.data());
  return static_cast<std::int64_t>(all.size());
}

struct Kernel {
  const char* name;
  const char* statement;
  std::int64_t (*by_hand)(const Arrays&);
};

constexpr Kernel kKernels[] = {
    {"scan", "MATCH (p:Person) WHERE p.age > 50 RETURN count(*)", Scan},
    {"aggregate", "MATCH (p:Person) WITH p.city AS city, sum(p.age) AS sum RETURN max(sum)",
     Aggregate},
    {"expand", "MATCH (:Person)-[:KNOWS]->(b) RETURN sum(b.age)", Expand},
    {"two_hops", "MATCH (a:Person)-[:KNOWS]->(b) MATCH (b)-[:KNOWS]->(c) RETURN count(*)", TwoHops},
    {"intersect",
     "MATCH (a:Person)-[:KNOWS]->(b) MATCH (b)-[:KNOWS]->(c) MATCH (a)-[:KNOWS]->(c) "
     "RETURN count(*)",
     Intersect},
    {"append",
     "MATCH (p:Person) WITH collect(p.age) AS ages "
     "RETURN size(reduce(all = [], age IN ages | all + age))",
     Append},
};

void Register(const Kernel& kernel) {
  const std::string name = kernel.name;
  benchmark::RegisterBenchmark((name + "/by_hand").c_str(), [&kernel](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(kernel.by_hand(Graph()));
  })->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark((name + "/kb").c_str(), [&kernel](benchmark::State& state) {
    Case();
    const std::int64_t expected = kernel.by_hand(Graph());
    for (auto _ : state) {
      if (Ask(Case(), kernel.statement) != expected) Fail(std::string("WRONG: ") + kernel.name);
    }
  })->Unit(benchmark::kMicrosecond);
}

}  // namespace
}  // namespace kb

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (const auto& kernel : kb::kKernels) kb::Register(kernel);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
