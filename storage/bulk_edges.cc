// Relationships of a bulk load: from batches in any order to sorted lists of both directions.
//
// Outgoing lists come by counting sort over the sources and a small sort within each list, and
// relationships are numbered in that order; incoming lists come by a second counting sort, which
// keeps the order of the first, so they ascend by (source, id) by themselves. Memory is 8 bytes a
// relationship beside what the batches hold, and again 8 for the incoming lists.
#include <algorithm>
#include <map>
#include <memory>
#include <span>
#include <utility>

#include "storage/bulk_pack.h"
#include "storage/column.h"
#include "storage/leaf.h"

namespace kb::storage {

namespace {

/// The lists of one direction, of the nodes from `first` on, one behind the other.
struct Lists {
  std::uint32_t first = 0;             ///< The first node of a leaf.
  std::vector<std::uint32_t> offsets;  ///< Of node first + i: [offsets[i], offsets[i + 1]).
  std::vector<NodeId> nodes;
  std::vector<EdgeId> edges;

  std::uint32_t node_count() const { return static_cast<std::uint32_t>(offsets.size()) - 1; }
};

/// Which nodes a set of ends goes over, rounded to whole leaves.
struct Range {
  std::uint32_t least = 0xFFFF'FFFF;
  std::uint32_t greatest = 0;

  void Add(std::span<const NodeId> ends) {
    for (const NodeId end : ends) {
      least = std::min(least, schema::Raw(end));
      greatest = std::max(greatest, schema::Raw(end));
    }
  }
  std::uint32_t first() const { return least / kLeafNodes * kLeafNodes; }
  std::size_t size() const {
    return (std::size_t{greatest} / kLeafNodes + 1) * kLeafNodes - first();
  }
};

/// Counts of nodes at offsets[i + 1] become the offsets at which their lists begin.
void Accumulate(std::vector<std::uint32_t>* offsets) {
  for (std::size_t i = 1; i < offsets->size(); ++i) (*offsets)[i] += (*offsets)[i - 1];
}

/// Outgoing lists, and, if `order` is given, which relationship of the batches each entry was.
/// Frees the ends.
Lists MakeOut(std::vector<BulkEdges::Batch>* batches, std::uint64_t count, EdgeId first_edge,
              std::vector<std::uint32_t>* order) {
  Range range;
  for (const auto& batch : *batches) range.Add(batch.sources);
  Lists out;
  out.first = range.first();
  out.offsets.resize(range.size() + 1);
  for (const auto& batch : *batches) {
    for (const NodeId source : batch.sources) ++out.offsets[schema::Raw(source) - out.first + 1];
  }
  Accumulate(&out.offsets);
  // An entry is the target and which relationship it was: equal ends keep the order they came in.
  std::vector<std::uint64_t> entries(count);
  std::vector<std::uint32_t> next(out.offsets.begin(), out.offsets.end() - 1);
  std::uint32_t index = 0;
  for (auto& batch : *batches) {
    for (std::size_t row = 0; row < batch.sources.size(); ++row, ++index) {
      const std::uint32_t at = next[schema::Raw(batch.sources[row]) - out.first]++;
      entries[at] = (std::uint64_t{schema::Raw(batch.targets[row])} << 32) | index;
    }
    std::vector<NodeId>().swap(batch.sources);
    std::vector<NodeId>().swap(batch.targets);
  }
  for (std::uint32_t i = 0; i < out.node_count(); ++i) {
    const auto begin = entries.begin() + out.offsets[i];
    const auto end = entries.begin() + out.offsets[i + 1];
    if (!std::is_sorted(begin, end)) std::sort(begin, end);
  }
  out.nodes.resize(count);
  out.edges.resize(count);
  if (order != nullptr) order->resize(count);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    out.nodes[i] = NodeId{static_cast<std::uint32_t>(entries[i] >> 32)};
    out.edges[i] = EdgeId{schema::Raw(first_edge) + static_cast<std::uint32_t>(i)};
    if (order != nullptr) (*order)[i] = static_cast<std::uint32_t>(entries[i]);
  }
  return out;
}

Lists MakeIn(const Lists& out) {
  Range range;
  range.Add(out.nodes);
  Lists in;
  in.first = range.first();
  in.offsets.resize(range.size() + 1);
  for (const NodeId target : out.nodes) ++in.offsets[schema::Raw(target) - in.first + 1];
  Accumulate(&in.offsets);
  std::vector<std::uint32_t> next(in.offsets.begin(), in.offsets.end() - 1);
  in.nodes.resize(out.nodes.size());
  in.edges.resize(out.nodes.size());
  for (std::uint32_t i = 0; i < out.node_count(); ++i) {
    for (std::uint32_t at = out.offsets[i]; at < out.offsets[i + 1]; ++at) {
      const std::uint32_t to = next[schema::Raw(out.nodes[at]) - in.first]++;
      in.nodes[to] = NodeId{out.first + i};
      in.edges[to] = out.edges[at];
    }
  }
  return in;
}

Error MissingEnd(std::string_view type, std::uint32_t id) {
  return ArgumentError("a relationship of type {} has the end {}, which does not exist", type, id);
}

/// Counts the relationships by the labels at this end. Error kArgument if a node does not exist.
Result<void> CountEnds(const Lists& lists, std::string_view type, const Root& root,
                       std::vector<std::uint64_t>* counts) {
  std::vector<std::uint64_t> by_set;
  for (std::uint32_t i = 0; i < lists.node_count(); ++i) {
    const std::uint32_t degree = lists.offsets[i + 1] - lists.offsets[i];
    if (degree == 0) continue;
    const std::uint32_t id = lists.first + i;
    const NodeBlock* block = root.nodes.Find(id / kBlockSize);
    if (block == nullptr || !block->Exists(id % kBlockSize)) {
      return MissingEnd(type, id);
    }
    Bump(&by_set, block->SetOf(id % kBlockSize), degree);
  }
  for (std::size_t set = 0; set < by_set.size(); ++set) {
    if (by_set[set] == 0) continue;
    for (const LabelId label : (*root.label_sets)[static_cast<LabelSetId>(set)].labels()) {
      Bump(counts, schema::Raw(label), static_cast<std::int64_t>(by_set[set]));
    }
  }
  return {};
}

/// The entries of one leaf.
struct LeafLists {
  LeafOffsets offsets{};
  std::span<const NodeId> nodes;
  std::span<const EdgeId> edges;
  std::vector<NodeId> own_nodes;  ///< Of a leaf that had entries already.
  std::vector<EdgeId> own_edges;
};

void Merge(const Leaf& former, LeafLists* leaf) {
  std::vector<std::pair<NodeId, EdgeId>> list;
  LeafOffsets offsets{};
  for (std::uint32_t row = 0; row < kLeafNodes; ++row) {
    list.clear();
    const Slice& old = former[row];
    for (std::uint32_t i = 0; i < old.size; ++i) list.emplace_back(old.nodes[i], old.edges[i]);
    for (std::uint32_t i = leaf->offsets[row]; i < leaf->offsets[row + 1]; ++i) {
      list.emplace_back(leaf->nodes[i], leaf->edges[i]);
    }
    if (!std::is_sorted(list.begin(), list.end())) std::sort(list.begin(), list.end());
    for (const auto& [node, edge] : list) {
      leaf->own_nodes.push_back(node);
      leaf->own_edges.push_back(edge);
    }
    offsets[row + 1] = static_cast<std::uint32_t>(leaf->own_nodes.size());
  }
  leaf->offsets = offsets;
  leaf->nodes = leaf->own_nodes;
  leaf->edges = leaf->own_edges;
}

void WriteLeaves(const Lists& lists, TypeId type, Direction direction, TypeImage* image,
                 Parts* parts) {
  Adjacency& table = image->adjacency[Side(direction)].Edit();
  for (std::uint32_t begin = 0; begin < lists.node_count(); begin += kLeafNodes) {
    const std::uint32_t from = lists.offsets[begin];
    const std::uint32_t size = lists.offsets[begin + kLeafNodes] - from;
    if (size == 0) continue;
    LeafLists leaf;
    for (std::uint32_t i = 0; i <= kLeafNodes; ++i) {
      leaf.offsets[i] = lists.offsets[begin + i] - from;
    }
    leaf.nodes = std::span(lists.nodes).subspan(from, size);
    leaf.edges = std::span(lists.edges).subspan(from, size);
    const std::uint32_t number = (lists.first + begin) / kLeafNodes;
    Cow<Leaf>& slot = table.Slot(number);
    if (slot) Merge(*slot, &leaf);
    if (parts != nullptr) {
      for (KeyValue& entry :
           EncodeLeaf(type, direction, number, leaf.offsets, leaf.nodes, leaf.edges)) {
        parts->emplace_back(std::move(entry.key), std::move(entry.value));
      }
      slot.Reset();
      continue;
    }
    auto block = std::make_shared<ListBlock>(static_cast<std::uint32_t>(leaf.nodes.size()));
    block->used = block->capacity();
    std::copy(leaf.nodes.begin(), leaf.nodes.end(), block->nodes());
    std::copy(leaf.edges.begin(), leaf.edges.end(), block->edges());
    slot.Reset(std::make_shared<Leaf>(std::move(block), leaf.offsets.data()));
  }
}

/// Which row of which batch a relationship came from.
struct Origin {
  std::uint32_t batch;
  std::uint32_t row;
};

/// Where the values of relationships are before they have their order.
struct EdgeValues {
  std::vector<Origin> origins;                              ///< By the number in which they came.
  std::map<KeyId, std::vector<const BulkColumn*>> columns;  ///< By batch; null: it has none.
};

EdgeValues CollectValues(const std::vector<BulkEdges::Batch>& batches, std::uint64_t count) {
  EdgeValues values;
  for (std::size_t b = 0; b < batches.size(); ++b) {
    for (const auto& [key, column] : batches[b].columns) {
      auto& columns = values.columns[key];
      columns.resize(batches.size());
      columns[b] = &column;
    }
  }
  if (values.columns.empty()) return values;
  values.origins.reserve(count);
  for (std::size_t b = 0; b < batches.size(); ++b) {
    for (std::size_t row = 0; row < batches[b].sources.size(); ++row) {
      values.origins.push_back({static_cast<std::uint32_t>(b), static_cast<std::uint32_t>(row)});
    }
  }
  return values;
}

/// A chunk of whole numbers or floats, gathered without boxing; false if the values are not alike.
bool GatherNumbers(const std::vector<const BulkColumn*>& columns, std::span<const Origin> origins,
                   std::span<const std::uint32_t> order, std::uint32_t at, ColumnData* data) {
  using Type = BulkColumn::Type;
  const bool floats = columns[origins[order[0]].batch] != nullptr &&
                      columns[origins[order[0]].batch]->type == Type::kFloat;
  const Type wanted = floats ? Type::kFloat : Type::kInteger;
  data->type = floats ? ColumnChunk::Type::kFloat : ColumnChunk::Type::kInteger;
  data->rows = at + static_cast<std::uint32_t>(order.size());
  data->present.resize((data->rows + 63) / 64);
  (floats ? data->floats.resize(data->rows) : data->integers.resize(data->rows));
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Origin origin = origins[order[i]];
    const BulkColumn* column = columns[origin.batch];
    if (column == nullptr || !HasRow(*column, origin.row)) continue;
    if (column->type != wanted) return false;
    const std::size_t to = at + i;
    data->present[to / 64] |= std::uint64_t{1} << (to % 64);
    if (floats) {
      data->floats[to] = column->floats[origin.row];
    } else {
      data->integers[to] = column->integers[origin.row];
    }
  }
  return true;
}

void FillColumns(const EdgeValues& values, TypeId type, EdgeId first,
                 std::span<const std::uint32_t> order, TypeImage* image, Parts* parts) {
  for (const auto& entry : values.columns) {
    const KeyId key = entry.first;
    const std::vector<const BulkColumn*>& columns = entry.second;
    ChunkWriter writer(&image->EditColumn(key), parts, [type, key](std::uint32_t block) {
      return EdgeColumnKey(type, key, block);
    });
    for (std::size_t i = 0; i < order.size();) {
      const std::uint32_t id = schema::Raw(first) + static_cast<std::uint32_t>(i);
      const std::uint32_t at = id % kBlockSize;
      const std::size_t size = std::min<std::size_t>(order.size() - i, kBlockSize - at);
      const auto piece = order.subspan(i, size);
      i += size;
      Cow<Chunk>& slot = writer.Block(id / kBlockSize);
      ColumnData data;
      if (!slot && GatherNumbers(columns, values.origins, piece, at, &data)) {
        slot.Reset(std::make_shared<Chunk>(std::move(data)));
        continue;
      }
      Chunk& chunk = slot.Edit();
      for (std::size_t row = 0; row < piece.size(); ++row) {
        const Origin origin = values.origins[piece[row]];
        const BulkColumn* column = columns[origin.batch];
        if (column == nullptr || !HasRow(*column, origin.row)) continue;
        chunk.Set(at + static_cast<std::uint32_t>(row), RowValue(*column, origin.row));
      }
    }
    writer.Finish();
  }
}

}  // namespace

Result<void> FillEdges(BulkEdges edges, TypeId type, EdgeId first, const Cancellation* cancellation,
                       const BulkTarget& target) {
  const auto pause = [&] {
    return cancellation == nullptr ? Result<void>() : cancellation->Check();
  };
  Range ends;
  for (const auto& batch : edges.batches) {
    ends.Add(batch.sources);
    ends.Add(batch.targets);
  }
  if (ends.greatest / kBlockSize >= target.root->block_count) {
    return MissingEnd(target.root->catalog->Name(type), ends.greatest);
  }
  // The task has this type to itself, and the slot was made before the tasks began.
  TypeImage& image = target.root->types[schema::Raw(type)].Edit();
  const std::string_view name = target.root->catalog->Name(type);
  const EdgeValues values = CollectValues(edges.batches, edges.count);
  std::vector<std::uint32_t> order;
  const Lists out =
      MakeOut(&edges.batches, edges.count, first, values.columns.empty() ? nullptr : &order);
  KB_TRY(pause());
  KB_TRY(CountEnds(out, name, *target.root, &image.label_counts[0]));
  FillColumns(values, type, first, order, &image, target.parts);
  edges.batches.clear();
  KB_TRY(pause());
  WriteLeaves(out, type, Direction::kOut, &image, target.parts);
  KB_TRY(pause());
  const Lists in = MakeIn(out);
  KB_TRY(CountEnds(in, name, *target.root, &image.label_counts[1]));
  WriteLeaves(in, type, Direction::kIn, &image, target.parts);
  image.count += edges.count;
  image.edge_limit =
      std::max(image.edge_limit, schema::Raw(first) + static_cast<std::uint32_t>(edges.count));
  return pause();
}

}  // namespace kb::storage
