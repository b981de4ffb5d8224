#include "storage/bulk_pack.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <utility>

#include "storage/codec.h"
#include "storage/column.h"

namespace kb::storage {

namespace {

using Type = BulkColumn::Type;

bool Has(const BulkColumn& column, std::size_t row) {
  return column.present.empty() || column.present[row] != 0;
}

Value ValueOf(const BulkColumn& column, std::size_t row) {
  if (!Has(column, row)) return Value::Null();
  switch (column.type) {
    case Type::kInteger:
      return Value::Integer(column.integers[row]);
    case Type::kBoolean:
      return Value::Boolean(column.integers[row] != 0);
    case Type::kFloat:
      return Value::Float(column.floats[row]);
    case Type::kString:
      return Value::String(
          std::string_view(column.text)
              .substr(static_cast<std::size_t>(column.offsets[row]),
                      static_cast<std::size_t>(column.offsets[row + 1] - column.offsets[row])));
    case Type::kValue:
      return column.values[row];
  }
  return Value::Null();
}

/// Rows [begin, end) of the column as rows [at, …) of a chunk whose other rows have no value.
ColumnData Cut(const BulkColumn& column, std::size_t begin, std::size_t end, std::uint32_t at) {
  ColumnData data;
  data.rows = at + static_cast<std::uint32_t>(end - begin);
  data.present.resize((data.rows + 63) / 64);
  for (std::size_t row = begin; row < end; ++row) {
    const std::size_t to = at + row - begin;
    if (Has(column, row)) data.present[to / 64] |= std::uint64_t{1} << (to % 64);
  }
  const auto from = static_cast<std::ptrdiff_t>(begin);
  const auto to = static_cast<std::ptrdiff_t>(end);
  if (column.type == Type::kFloat) {
    data.type = ColumnChunk::Type::kFloat;
    data.floats.resize(at);
    data.floats.insert(data.floats.end(), column.floats.begin() + from, column.floats.begin() + to);
  } else if (column.type == Type::kString) {
    data.type = ColumnChunk::Type::kString;
    const std::uint64_t base = column.offsets[begin];
    data.text_bytes = static_cast<std::size_t>(column.offsets[end] - base);
    data.text = std::make_unique_for_overwrite<char[]>(std::max<std::size_t>(1, data.text_bytes));
    std::memcpy(data.text.get(), column.text.data() + base, data.text_bytes);
    data.strings.resize(data.rows);
    for (std::size_t row = begin; row < end; ++row) {
      if (!Has(column, row)) continue;
      data.strings[at + row - begin] = {
          data.text.get() + (column.offsets[row] - base),
          static_cast<std::size_t>(column.offsets[row + 1] - column.offsets[row])};
    }
  } else {
    data.type =
        column.type == Type::kBoolean ? ColumnChunk::Type::kBoolean : ColumnChunk::Type::kInteger;
    data.integers.resize(at);
    data.integers.insert(data.integers.end(), column.integers.begin() + from,
                         column.integers.begin() + to);
  }
  return data;
}

struct Keyed {
  std::uint64_t key;    ///< The end whose list it goes to, then the other end.
  std::uint32_t index;  ///< Which relationship.
};

/// Sorts by key, keeping the order of equals: least significant byte first, skipping bytes that are
/// the same everywhere (ids are small).
void RadixSort(std::vector<Keyed>* items) {
  std::vector<Keyed> other(items->size());
  for (unsigned shift = 0; shift < 64; shift += 8) {
    std::array<std::size_t, 257> starts{};
    for (const Keyed& item : *items) ++starts[((item.key >> shift) & 0xFF) + 1];
    if (std::find(starts.begin(), starts.end(), items->size()) != starts.end()) continue;
    for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
    for (const Keyed& item : *items) other[starts[(item.key >> shift) & 0xFF]++] = item;
    items->swap(other);
  }
}

/// A leaf that has the lists of `former` (which may be null) and entries [begin, end) of `sorted`.
std::shared_ptr<Leaf> MakeLeaf(const Leaf* former, std::span<const Keyed> sorted,
                               const std::vector<EdgeId>& edge_of) {
  std::array<std::uint32_t, kLeafNodes + 1> offsets{};
  for (std::uint32_t row = 0; row < kLeafNodes; ++row) {
    offsets[row + 1] = former == nullptr ? 0 : (*former)[row].size;
  }
  for (const Keyed& item : sorted) ++offsets[(item.key >> 32) % kLeafNodes + 1];
  for (std::size_t i = 1; i < offsets.size(); ++i) offsets[i] += offsets[i - 1];
  auto block = std::make_shared<ListBlock>(offsets[kLeafNodes]);
  block->used = block->capacity();
  std::array<std::uint32_t, kLeafNodes> next;
  std::copy(offsets.begin(), offsets.end() - 1, next.begin());
  for (std::uint32_t row = 0; former != nullptr && row < kLeafNodes; ++row) {
    const Slice& list = (*former)[row];
    std::copy(list.nodes, list.nodes + list.size, block->nodes() + next[row]);
    std::copy(list.edges, list.edges + list.size, block->edges() + next[row]);
    next[row] += list.size;
  }
  for (const Keyed& item : sorted) {
    const std::uint32_t to = next[(item.key >> 32) % kLeafNodes]++;
    block->nodes()[to] = static_cast<NodeId>(item.key & 0xFFFF'FFFFu);
    block->edges()[to] = edge_of[item.index];
  }
  for (std::uint32_t row = 0; former != nullptr && row < kLeafNodes; ++row) {
    const std::uint32_t begin = offsets[row];
    const std::uint32_t end = offsets[row + 1];
    if ((*former)[row].size == 0 || (*former)[row].size == end - begin) continue;
    std::vector<std::pair<NodeId, EdgeId>> list;
    for (std::uint32_t i = begin; i < end; ++i) {
      list.emplace_back(block->nodes()[i], block->edges()[i]);
    }
    std::sort(list.begin(), list.end());
    for (std::uint32_t i = begin; i < end; ++i) {
      block->nodes()[i] = list[i - begin].first;
      block->edges()[i] = list[i - begin].second;
    }
  }
  return std::make_shared<Leaf>(std::move(block), offsets.data());
}

/// A former leaf as it must be for MakeLeaf to keep it: a tail that is not sorted is sorted by it
/// only where the list grows, so lists that stay are sorted here.
bool HasTail(const Leaf& leaf) {
  for (std::uint32_t row = 0; row < kLeafNodes; ++row) {
    if (leaf[row].sorted != leaf[row].size) return true;
  }
  return false;
}

}  // namespace

Result<void> CheckColumn(const BulkColumn& column, std::size_t rows) {
  std::size_t size = 0;
  switch (column.type) {
    case Type::kInteger:
    case Type::kBoolean:
      size = column.integers.size();
      break;
    case Type::kFloat:
      size = column.floats.size();
      break;
    case Type::kString:
      size = column.offsets.empty() ? 0 : column.offsets.size() - 1;
      break;
    case Type::kValue:
      size = column.values.size();
      break;
  }
  if (size != rows || (!column.present.empty() && column.present.size() != rows)) {
    return ArgumentError("column {} has {} rows, but its batch has {}", column.key, size, rows);
  }
  if (column.type == Type::kString && !column.offsets.empty() &&
      (!std::is_sorted(column.offsets.begin(), column.offsets.end()) ||
       column.offsets.back() > column.text.size())) {
    return ArgumentError("column {} has offsets that do not fit its text", column.key);
  }
  for (const Value& value : column.values) KB_TRY(CheckStorable(value));
  return {};
}

void FillNodes(const BulkColumn& column, NodeId first, std::uint32_t rows, KeyId key, Root* root,
               Touched* touched) {
  const std::uint32_t raw = schema::Raw(key);
  if (raw >= root->node_columns.size()) root->node_columns.resize(raw + 1);
  CowTable<Chunk>& chunks = root->node_columns[raw].Edit().Edit();
  for (std::uint32_t row = 0; row < rows;) {
    const std::uint32_t id = schema::Raw(first) + row;
    const std::uint32_t at = id % kBlockSize;
    const std::uint32_t end = std::min(rows, row + kBlockSize - at);
    Cow<Chunk>& slot = chunks.Slot(id / kBlockSize);
    if (!slot && column.type != Type::kValue) {
      auto chunk = std::make_shared<Chunk>(Cut(column, row, end, at));
      if (chunk->count() != 0) slot.Reset(std::move(chunk));
    } else {
      Chunk& chunk = slot.Edit();
      for (std::uint32_t i = row; i < end; ++i) chunk.Set(at + i - row, ValueOf(column, i));
      if (chunk.count() == 0) slot.Reset();
    }
    if (slot) touched->node_chunks.insert({key, id / kBlockSize});
    row = end;
  }
}

namespace {

/// Which row of which batch a relationship came from.
struct Origin {
  std::uint32_t batch;
  std::uint32_t row;
};

void FillEdgeColumns(const BulkEdges& edges, TypeId type, EdgeId first,
                     const std::vector<Keyed>& sorted, const std::vector<Origin>& origins,
                     TypeImage* image, Touched* touched) {
  std::map<KeyId, std::vector<const BulkColumn*>> keys;
  for (std::size_t b = 0; b < edges.batches.size(); ++b) {
    for (const auto& [key, column] : edges.batches[b].columns) {
      auto& columns = keys[key];
      columns.resize(edges.batches.size());
      columns[b] = &column;
    }
  }
  for (const auto& [key, columns] : keys) {
    CowTable<Chunk>& chunks = image->EditColumn(key).Edit();
    for (std::size_t i = 0; i < sorted.size();) {
      const std::uint32_t block = (schema::Raw(first) + static_cast<std::uint32_t>(i)) / kBlockSize;
      Cow<Chunk>& slot = chunks.Slot(block);
      Chunk& chunk = slot.Edit();
      for (; i < sorted.size(); ++i) {
        const std::uint32_t id = schema::Raw(first) + static_cast<std::uint32_t>(i);
        if (id / kBlockSize != block) break;
        const Origin origin = origins[sorted[i].index];
        const BulkColumn* column = columns[origin.batch];
        if (column == nullptr || !Has(*column, origin.row)) continue;
        chunk.Set(id % kBlockSize, ValueOf(*column, origin.row));
      }
      if (chunk.count() == 0) slot.Reset();
      if (slot) touched->edge_chunks.insert({type, key, block});
    }
  }
}

void FillLeaves(const std::vector<Keyed>& sorted, const std::vector<EdgeId>& edge_of, TypeId type,
                Direction direction, Root* root, TypeImage* image, Touched* touched) {
  CowTable<Leaf>& leaves = image->adjacency[Side(direction)].Edit().Edit();
  std::vector<std::uint64_t>& counts = image->label_counts[Side(direction)];
  for (std::size_t begin = 0; begin < sorted.size();) {
    const auto number = static_cast<std::uint32_t>(sorted[begin].key >> 32) / kLeafNodes;
    std::size_t end = begin;
    while (end < sorted.size() &&
           static_cast<std::uint32_t>(sorted[end].key >> 32) / kLeafNodes == number) {
      const auto node = static_cast<std::uint32_t>(sorted[end].key >> 32);
      std::size_t next = end;
      while (next < sorted.size() && sorted[next].key >> 32 == node) ++next;
      for (const LabelId label : root->LabelsOf(NodeId{node})->labels()) {
        Bump(&counts, schema::Raw(label), static_cast<std::int64_t>(next - end));
      }
      end = next;
    }
    Cow<Leaf>& slot = leaves.Slot(number);
    const std::span<const Keyed> entries(sorted.data() + begin, end - begin);
    if (slot && HasTail(*slot)) {
      Leaf& leaf = slot.Edit();
      for (const Keyed& entry : entries) {
        leaf.Append(static_cast<std::uint32_t>(entry.key >> 32) % kLeafNodes,
                    static_cast<NodeId>(entry.key & 0xFFFF'FFFFu), edge_of[entry.index]);
      }
    } else {
      slot.Reset(MakeLeaf(slot.get(), entries, edge_of));
    }
    touched->leaves.insert({type, direction, number});
    begin = end;
  }
}

}  // namespace

Result<void> FillEdges(const BulkEdges& edges, TypeId type, EdgeId first,
                       const Cancellation* cancellation, Root* root, Touched* touched) {
  const auto pause = [&] {
    return cancellation == nullptr ? Result<void>() : cancellation->Check();
  };
  std::vector<Keyed> sorted;
  std::vector<Origin> origins;
  sorted.reserve(edges.count);
  origins.reserve(edges.count);
  for (std::size_t b = 0; b < edges.batches.size(); ++b) {
    const BulkEdges::Batch& batch = edges.batches[b];
    for (std::size_t row = 0; row < batch.sources.size(); ++row) {
      const std::uint64_t key =
          (std::uint64_t{schema::Raw(batch.sources[row])} << 32) | schema::Raw(batch.targets[row]);
      sorted.push_back({key, static_cast<std::uint32_t>(origins.size())});
      origins.push_back({static_cast<std::uint32_t>(b), static_cast<std::uint32_t>(row)});
    }
  }
  RadixSort(&sorted);
  KB_TRY(pause());

  const std::uint32_t raw = schema::Raw(type);
  if (raw >= root->types.size()) root->types.resize(raw + 1);
  TypeImage& image = root->types[raw].Edit();
  std::vector<EdgeId> edge_of(sorted.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    edge_of[sorted[i].index] = EdgeId{schema::Raw(first) + static_cast<std::uint32_t>(i)};
  }
  FillEdgeColumns(edges, type, first, sorted, origins, &image, touched);
  KB_TRY(pause());
  FillLeaves(sorted, edge_of, type, Direction::kOut, root, &image, touched);
  KB_TRY(pause());
  // Equal pairs keep the order of their ids, so the incoming lists ascend by (source, id) as well.
  for (Keyed& item : sorted) item.key = (item.key << 32) | (item.key >> 32);
  RadixSort(&sorted);
  FillLeaves(sorted, edge_of, type, Direction::kIn, root, &image, touched);
  image.count += sorted.size();
  image.edge_limit =
      std::max(image.edge_limit, schema::Raw(first) + static_cast<std::uint32_t>(sorted.size()));
  return pause();
}

}  // namespace kb::storage
