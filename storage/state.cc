// The state record: what the packed parts add up to. Exact counters, one past the last ids, and the
// directory of types and columns that exist, so that opening a case reads no part it does not need.
#include <algorithm>

#include "schema/base/limits.h"
#include "storage/codec.h"
#include "storage/disk.h"

namespace kb::storage {

namespace {

void PutCounts(std::string* out, const std::vector<std::uint64_t>& counts) {
  PutVarint(out, counts.size());
  for (const std::uint64_t count : counts) PutVarint(out, count);
}

std::vector<std::uint64_t> ReadCounts(ByteReader* reader) {
  std::vector<std::uint64_t> counts(
      static_cast<std::size_t>(reader->VarintUpTo(limits::kLabelCountMax)));
  for (std::uint64_t& count : counts) count = reader->Varint();
  return counts;
}

}  // namespace

std::string EncodeState(const Root& root) {
  std::string out;
  PutVarint(&out, root.node_count);
  PutVarint(&out, root.block_count);
  PutCounts(&out, root.label_counts);
  std::vector<std::uint64_t> keys;
  for (std::size_t key = 0; key < root.node_columns.size(); ++key) {
    if (root.node_columns[key]) keys.push_back(key);
  }
  PutCounts(&out, keys);
  const auto types = std::count_if(root.types.begin(), root.types.end(),
                                   [](const auto& type) { return static_cast<bool>(type); });
  PutVarint(&out, static_cast<std::uint64_t>(types));
  for (std::size_t raw = 0; raw < root.types.size(); ++raw) {
    if (!root.types[raw]) continue;
    const TypeImage& type = *root.types[raw];
    PutVarint(&out, raw);
    PutVarint(&out, type.count);
    PutVarint(&out, type.edge_limit);
    PutCounts(&out, type.label_counts[0]);
    PutCounts(&out, type.label_counts[1]);
    PutVarint(&out, type.columns.size());
    for (const auto& column : type.columns) PutVarint(&out, schema::Raw(column.first));
  }
  return out;
}

Result<void> DecodeState(std::string_view bytes, const PartMaker& make, Root* root) {
  ByteReader reader(bytes);
  root->node_count = reader.Varint();
  root->block_count =
      static_cast<std::uint32_t>(reader.VarintUpTo(limits::kNodeCountMax / kBlockSize + 1));
  root->label_counts = ReadCounts(&reader);
  const std::uint32_t key_count = root->catalog->key_count();
  const std::uint64_t node_keys = reader.VarintUpTo(key_count);
  for (std::uint64_t i = 0; i < node_keys; ++i) {
    const auto raw = static_cast<std::uint32_t>(reader.VarintUpTo(key_count));
    if (reader.failed() || raw >= key_count) break;
    if (raw >= root->node_columns.size()) root->node_columns.resize(raw + 1);
    root->node_columns[raw] = make.node_column(KeyId{raw});
  }
  const std::uint64_t types = reader.VarintUpTo(root->catalog->type_count());
  for (std::uint64_t i = 0; i < types && !reader.failed(); ++i) {
    const auto raw = static_cast<std::uint16_t>(reader.VarintUpTo(root->catalog->type_count()));
    if (raw >= root->types.size()) root->types.resize(raw + std::size_t{1});
    const TypeId id{raw};
    TypeImage& type = root->types[raw].Edit();
    type.count = reader.Varint();
    type.edge_limit = static_cast<std::uint32_t>(reader.VarintUpTo(limits::kEdgeCountMax));
    for (auto& counts : type.label_counts) counts = ReadCounts(&reader);
    for (const Direction direction : {Direction::kOut, Direction::kIn}) {
      type.adjacency[Side(direction)] = make.adjacency(id, direction);
    }
    const std::uint64_t columns = reader.VarintUpTo(key_count);
    for (std::uint64_t c = 0; c < columns && !reader.failed(); ++c) {
      const KeyId key{static_cast<std::uint32_t>(reader.VarintUpTo(key_count))};
      if (!type.columns.empty() && type.columns.back().first >= key) {
        reader.Fail();
        break;
      }
      type.columns.emplace_back(key, make.edge_column(id, key));
    }
  }
  return reader.Finish("the state of the case");
}

}  // namespace kb::storage
