// Storage, measured: load, open, hop, write, commit. Prints one line each; not part of the gate.
//
//   kb_storage_bench <folder> [nodes [edges]]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "storage/bulk.h"

namespace kb::storage {
namespace {

using Clock = std::chrono::steady_clock;

double Milliseconds(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

template <typename T>
T Must(Result<T> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "%s\n", result.error().Format().c_str());
    std::exit(1);
  }
  return std::move(result).value();
}
void Must(Result<void> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "%s\n", result.error().Format().c_str());
    std::exit(1);
  }
}

struct Load {
  std::vector<BulkColumn> columns;
  std::vector<NodeId> sources;
  std::vector<NodeId> targets;
};

void BulkLoad(Store& store, std::uint32_t nodes, std::uint32_t edges) {
  BulkColumn id;
  id.key = "id";
  id.type = BulkColumn::Type::kInteger;
  BulkColumn name;
  name.key = "name";
  name.type = BulkColumn::Type::kString;
  name.offsets.push_back(0);
  for (std::uint32_t i = 0; i < nodes; ++i) {
    id.integers.push_back(i * 7);
    name.text += "person number " + std::to_string(i);
    name.offsets.push_back(name.text.size());
  }
  std::mt19937 random(1);
  std::vector<NodeId> sources(edges);
  std::vector<NodeId> targets(edges);
  for (std::uint32_t i = 0; i < edges; ++i) {
    sources[i] = NodeId{static_cast<std::uint32_t>(random() % nodes)};
    targets[i] = NodeId{static_cast<std::uint32_t>(random() % nodes)};
  }
  const auto start = Clock::now();
  auto loader = Must(BulkLoader::Start(store));
  const std::vector<std::string> labels{"Person"};
  Must(loader->AddNodes(labels, nodes, {id, name}));
  Must(loader->AddRelationships("KNOWS", std::move(sources), std::move(targets), {}));
  Must(loader->Finish());
  std::printf("bulk load of %u nodes, %u edges     %8.1f ms\n", nodes, edges, Milliseconds(start));
}

void Hops(const View& view, std::uint32_t nodes) {
  const TypeId knows = *view.catalog().FindType("KNOWS");
  const LabelId person = *view.catalog().FindLabel("Person");
  auto start = Clock::now();
  view.Neighbours(knows, Direction::kOut, NodeId{0});
  std::printf("first hop after opening              %8.2f ms\n", Milliseconds(start));
  std::mt19937 random(2);
  constexpr int kHops = 2'000'000;
  std::vector<NodeId> starts(kHops);
  for (NodeId& node : starts) node = NodeId{static_cast<std::uint32_t>(random() % nodes)};
  start = Clock::now();
  std::uint64_t sum = 0;
  for (const NodeId node : starts) sum += view.Neighbours(knows, Direction::kOut, node).size;
  std::printf("Neighbours of a random node          %8.1f ns  (%llu)\n",
              Milliseconds(start) * 1e6 / kHops, static_cast<unsigned long long>(sum));
  start = Clock::now();
  sum = 0;
  for (const NodeId node : starts) sum += view.HasLabel(node, person) ? 1u : 0u;
  std::printf("HasLabel of a random node            %8.1f ns  (%llu)\n",
              Milliseconds(start) * 1e6 / kHops, static_cast<unsigned long long>(sum));
  start = Clock::now();
  sum = 0;
  for (std::uint32_t n = 0; n < nodes; ++n) {
    const Slice out = view.Neighbours(knows, Direction::kOut, NodeId{n});
    for (std::uint32_t i = 0; i < out.size; ++i) {
      sum += view.Neighbours(knows, Direction::kOut, out.nodes[i]).size;
    }
  }
  std::printf("two hops from everywhere             %8.1f ms  (%llu)\n", Milliseconds(start),
              static_cast<unsigned long long>(sum));
}

void Writes(Store& store, const char* where, int commits) {
  auto txn = Must(store.Begin());
  const std::vector<LabelId> labels{Must(txn->Label("Person"))};
  const TypeId knows = Must(txn->Type("KNOWS"));
  const std::vector<std::pair<KeyId, Value>> properties{
      {Must(txn->Key("id")), Value::Integer(1)},
      {Must(txn->Key("name")), Value::String("somebody or other")}};
  constexpr int kNodes = 100'000;
  std::vector<NodeId> nodes;
  auto start = Clock::now();
  for (int i = 0; i < kNodes; ++i) nodes.push_back(Must(txn->CreateNode(labels, properties)));
  std::printf("%-6s CreateNode, two properties     %8.0f ns\n", where,
              Milliseconds(start) * 1e6 / kNodes);
  std::mt19937 random(3);
  start = Clock::now();
  for (int i = 0; i < kNodes * 2; ++i) {
    Must(txn->CreateRelationship(nodes[random() % nodes.size()], knows,
                                 nodes[random() % nodes.size()], {}));
  }
  std::printf("%-6s CreateRelationship             %8.0f ns\n", where,
              Milliseconds(start) * 1e6 / (kNodes * 2));
  start = Clock::now();
  Must(txn->Commit());
  std::printf("%-6s commit of all that             %8.1f ms\n", where, Milliseconds(start));
  txn.reset();
  start = Clock::now();
  for (int i = 0; i < commits; ++i) {
    auto small = Must(store.Begin());
    Must(small->CreateRelationship(nodes[random() % nodes.size()], knows,
                                   nodes[random() % nodes.size()], {}));
    Must(small->Commit());
  }
  std::printf("%-6s commit of one relationship     %8.1f us\n", where,
              Milliseconds(start) * 1e3 / commits);
}

int Main(const std::string& folder, std::uint32_t nodes, std::uint32_t edges) {
  std::filesystem::remove_all(folder);
  {
    auto store = Must(Store::Open(folder, {}));
    BulkLoad(*store, nodes, edges);
  }
  auto start = Clock::now();
  auto store = Must(Store::Open(folder, {}));
  std::printf("open                                 %8.1f ms\n", Milliseconds(start));
  const View view = store->Present();
  start = Clock::now();
  view.Property(NodeId{5}, *view.catalog().FindKey("name"));
  std::printf("first property after opening         %8.2f ms\n", Milliseconds(start));
  Hops(view, nodes);
  Writes(*store, "disk", 1000);
  start = Clock::now();
  store.reset();
  std::printf("close, with fold                     %8.1f ms\n", Milliseconds(start));
  Writes(*Store::InMemory(), "memory", 20'000);
  start = Clock::now();
  store = Must(Store::Open(folder, {}));
  std::printf("open again                           %8.1f ms\n", Milliseconds(start));
  return 0;
}

}  // namespace
}  // namespace kb::storage

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: kb_storage_bench <folder> [nodes [edges]]\n");
    return 2;
  }
  const auto number = [&](int at, std::uint32_t otherwise) {
    return argc > at ? static_cast<std::uint32_t>(std::strtoul(argv[at], nullptr, 10)) : otherwise;
  };
  return kb::storage::Main(argv[1], number(2, 320'000), number(3, 1'200'000));
}
