// Commit, fold and the packing of leaves, each beside what it cannot be cheaper than. Not part of
// the gate.
//
// The limit of a durable commit is appending as many bytes to a file and syncing it; that of a fold
// is encoding the leaves it touches; that of encoding a leaf is copying its entries.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "storage/leaf.h"
#include "storage/store.h"

namespace kb::storage {
namespace {

std::string Scratch(const char* name) {
  const auto folder = std::filesystem::temp_directory_path() / "kb_write_bench";
  std::filesystem::create_directories(folder);
  const auto path = folder / name;
  std::filesystem::remove_all(path);
  return path.string();
}

/// A graph to write to: people, and what a transaction needs to join two of them.
struct Case {
  std::unique_ptr<Store> store;
  std::vector<NodeId> people;
  TypeId knows{};
  std::mt19937 random{7};

  explicit Case(std::unique_ptr<Store> opened) : store(std::move(opened)) {
    const auto txn = store->Begin().value();
    const std::vector<LabelId> labels{txn->Label("Person").value()};
    knows = txn->Type("KNOWS").value();
    for (int i = 0; i < 10'000; ++i) people.push_back(txn->CreateNode(labels, {}).value());
    if (!txn->Commit().ok()) std::abort();
  }
  void Join(int relationships) {
    const auto txn = store->Begin().value();
    for (int i = 0; i < relationships; ++i) {
      const NodeId a = people[random() % people.size()];
      const NodeId b = people[random() % people.size()];
      if (!txn->CreateRelationship(a, knows, b, {}).ok()) std::abort();
    }
    if (!txn->Commit().ok()) std::abort();
  }
};

void AppendAndSync(benchmark::State& state) {
  const std::string path = Scratch("log");
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  const std::string bytes(64, 'x');
  for (auto _ : state) {
    if (::write(file, bytes.data(), bytes.size()) < 0 || ::fdatasync(file) != 0) {
      state.SkipWithError("the disk does not take it");
    }
  }
  ::close(file);
}
BENCHMARK(AppendAndSync)->UseRealTime();

void CommitSynced(benchmark::State& state) {
  Case graph(Store::Open(Scratch("synced"), {}).value());
  for (auto _ : state) graph.Join(1);
}
BENCHMARK(CommitSynced)->UseRealTime();

void CommitInMemory(benchmark::State& state) {
  Case graph(Store::InMemory());
  for (auto _ : state) graph.Join(1);
}
BENCHMARK(CommitInMemory);

void CommitBatch(benchmark::State& state) {
  Case graph(Store::Open(Scratch("batch"), {}).value());
  for (auto _ : state) graph.Join(10'000);
  state.SetItemsProcessed(state.iterations() * 10'000);
}
BENCHMARK(CommitBatch)->UseRealTime();

void Fold(benchmark::State& state) {
  Case graph(Store::Open(Scratch("fold"), {}).value());
  for (auto _ : state) {
    state.PauseTiming();
    graph.Join(10'000);
    state.ResumeTiming();
    if (!graph.store->Fold().ok()) state.SkipWithError("does not fold");
  }
  state.SetItemsProcessed(state.iterations() * 10'000);
}
BENCHMARK(Fold)->UseRealTime();

/// A leaf of 256 nodes with `degree` random neighbours each.
struct Lists {
  LeafOffsets offsets{};
  std::vector<NodeId> nodes;
  std::vector<EdgeId> edges;

  explicit Lists(std::uint32_t degree) {
    std::mt19937 random(3);
    for (std::uint32_t i = 0; i < kLeafNodes * degree; ++i) {
      nodes.push_back(NodeId{static_cast<std::uint32_t>(random() % 1'000'000)});
      edges.push_back(EdgeId{static_cast<std::uint32_t>(random() % 1'000'000)});
    }
    for (std::uint32_t i = 0; i <= kLeafNodes; ++i) offsets[i] = i * degree;
  }
};

void CopyLeaf(benchmark::State& state) {
  const Lists lists(static_cast<std::uint32_t>(state.range(0)));
  std::vector<NodeId> nodes(lists.nodes.size());
  std::vector<EdgeId> edges(lists.edges.size());
  for (auto _ : state) {
    std::memcpy(nodes.data(), lists.nodes.data(), nodes.size() * sizeof(NodeId));
    std::memcpy(edges.data(), lists.edges.data(), edges.size() * sizeof(EdgeId));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(nodes.size()));
}
BENCHMARK(CopyLeaf)->Arg(8)->Arg(64);

void EncodeOneLeaf(benchmark::State& state) {
  const Lists lists(static_cast<std::uint32_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        EncodeLeaf(TypeId{0}, Direction::kOut, 0, lists.offsets, lists.nodes, lists.edges));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(lists.nodes.size()));
}
BENCHMARK(EncodeOneLeaf)->Arg(8)->Arg(64);

void DecodeOneLeaf(benchmark::State& state) {
  const Lists lists(static_cast<std::uint32_t>(state.range(0)));
  const auto parts =
      EncodeLeaf(TypeId{0}, Direction::kOut, 0, lists.offsets, lists.nodes, lists.edges);
  std::vector<NodeId> nodes(lists.nodes.size());
  std::vector<EdgeId> edges(lists.edges.size());
  const KeyReader none = [](const std::string&) { return std::optional<std::string>(); };
  for (auto _ : state) {
    const LeafOffsets offsets = DecodeLeafOffsets(parts[0].value).value();
    const bool read =
        DecodeLeafNodes(TypeId{0}, Direction::kOut, 0, parts[0].value, offsets, none, nodes.data())
            .ok() &&
        DecodeLeafEdges(TypeId{0}, Direction::kOut, 0, parts[1].value, offsets, none, edges.data())
            .ok();
    if (!read) state.SkipWithError("does not decode");
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(nodes.size()));
}
BENCHMARK(DecodeOneLeaf)->Arg(8)->Arg(64);

}  // namespace
}  // namespace kb::storage

BENCHMARK_MAIN();
