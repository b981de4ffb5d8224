// Folding: the delta becomes packed parts again.
//
// The parts that the delta touches are encoded from a root, while readers and the writer go on, and
// written in one batch that also drops the delta, puts back what was committed meanwhile and says
// what the parts now add up to. A crash before that batch leaves the old parts and the whole delta;
// after it, the new parts and the rest of the delta. There is nothing in between.
#include <algorithm>
#include <numeric>

#include "storage/catalog_store.h"
#include "storage/codec.h"
#include "storage/column.h"
#include "storage/disk.h"
#include "storage/key.h"
#include "storage/leaf.h"

namespace kb::storage {

namespace {

/// Copies a list in ascending order to the ends of the arrays.
void AddSorted(const Slice& list, std::vector<NodeId>* nodes, std::vector<EdgeId>* edges) {
  const std::size_t start = nodes->size();
  nodes->insert(nodes->end(), list.nodes, list.nodes + list.size);
  edges->insert(edges->end(), list.edges, list.edges + list.size);
  if (list.sorted == list.size) return;
  std::vector<std::pair<NodeId, EdgeId>> entries(list.size);
  for (std::uint32_t i = 0; i < list.size; ++i) entries[i] = {list.nodes[i], list.edges[i]};
  std::sort(entries.begin(), entries.end());
  for (std::uint32_t i = 0; i < list.size; ++i) {
    (*nodes)[start + i] = entries[i].first;
    (*edges)[start + i] = entries[i].second;
  }
}

}  // namespace

void EncodeLeafPart(const Root& root, TypeId type, Direction direction, std::uint32_t leaf,
                    Parts* parts) {
  const TypeImage* image = root.FindType(type);
  const Adjacency* adjacency = image == nullptr ? nullptr : image->adjacency[Side(direction)].get();
  const Leaf* lists = adjacency == nullptr ? nullptr : adjacency->Find(leaf);
  LeafOffsets offsets{};
  std::vector<NodeId> nodes;
  std::vector<EdgeId> edges;
  for (std::uint32_t row = 0; row < kLeafNodes; ++row) {
    if (lists != nullptr && (*lists)[row].size != 0) AddSorted((*lists)[row], &nodes, &edges);
    offsets[row + 1] = static_cast<std::uint32_t>(nodes.size());
  }
  std::vector<KeyValue> encoded = EncodeLeaf(type, direction, leaf, offsets, nodes, edges);
  if (encoded.empty()) {
    parts->emplace_back(LeafKey(type, direction, leaf), std::string());
    parts->emplace_back(LeafEdgesKey(type, direction, leaf), std::string());
  }
  for (KeyValue& entry : encoded) {
    parts->emplace_back(std::move(entry.key), std::move(entry.value));
  }
}

std::string EncodeLabelPart(const Root& root, std::uint32_t block) {
  LabelBlock out;
  const NodeBlock* nodes = root.nodes.Find(block);
  if (nodes == nullptr) return EncodeLabelBlock(out);
  out.rows = nodes->used();
  out.exists.assign(nodes->exists(), nodes->exists() + (out.rows + 63) / 64);
  out.set_of_row.resize(out.rows);
  std::vector<LabelSetId> ids;
  for (const auto& entry : nodes->sets()) ids.push_back(entry.first);
  // In an order that does not depend on what happened to the block: equal blocks have equal bytes.
  std::sort(ids.begin(), ids.end(), [&](LabelSetId a, LabelSetId b) {
    const auto x = (*root.label_sets)[a].labels();
    const auto y = (*root.label_sets)[b].labels();
    return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end());
  });
  for (const LabelSetId id : ids) {
    const auto labels = (*root.label_sets)[id].labels();
    out.sets.emplace_back(labels.begin(), labels.end());
  }
  if (ids.empty()) out.sets.emplace_back();  // A block whose nodes are all gone keeps its ids.
  if (ids.size() > 1) {
    for (std::uint32_t row = 0; row < out.rows; ++row) {
      if (!nodes->Exists(row)) continue;
      const auto at = std::find(ids.begin(), ids.end(), nodes->SetOf(row));
      out.set_of_row[row] = static_cast<std::uint16_t>(at - ids.begin());
    }
  }
  return EncodeLabelBlock(out);
}

Parts EncodeParts(const Root& root, const Touched& touched) {
  Parts parts;
  for (const auto& [type, direction, leaf] : touched.leaves) {
    EncodeLeafPart(root, type, direction, leaf, &parts);
  }
  const auto chunk_of = [](const Column* column, std::uint32_t block) {
    const Chunk* chunk = column == nullptr ? nullptr : column->Find(block);
    return chunk == nullptr ? std::string() : EncodeColumn(*chunk);
  };
  for (const auto& [key, block] : touched.node_chunks) {
    parts.emplace_back(NodeColumnKey(key, block), chunk_of(root.FindNodeColumn(key), block));
  }
  for (const auto& [type, key, block] : touched.edge_chunks) {
    const TypeImage* image = root.FindType(type);
    const Column* column = image == nullptr ? nullptr : image->FindColumn(key);
    parts.emplace_back(EdgeColumnKey(type, key, block), chunk_of(column, block));
  }
  for (const std::uint32_t block : touched.label_blocks) {
    parts.emplace_back(LabelsKey(block), EncodeLabelPart(root, block));
  }
  return parts;
}

Result<Touched> Disk::ScanDelta() {
  Touched touched;
  Rocks::Scan scan = rocks_->ScanPrefix(Family::kDelta, {});
  for (; scan.Valid(); scan.Next()) {
    const auto key = ParseKey(scan.key());
    if (!key) return CorruptionError("the latest changes have a key that no version writes");
    const std::uint32_t edge_block = schema::Raw(key->edge) / kBlockSize;
    if (key->kind == KeyKind::kNodeDelta) {
      touched.label_blocks.insert(BlockOf(key->node));
    } else if (key->kind == KeyKind::kEdgeDelta) {
      touched.leaves.insert({key->type, Direction::kOut, LeafOf(key->node)});
      touched.leaves.insert({key->type, Direction::kIn, LeafOf(key->target)});
    } else if (key->kind == KeyKind::kNodePropertyDelta) {
      touched.node_chunks.insert({key->key, BlockOf(key->node)});
    } else if (key->kind == KeyKind::kEdgePropertyDelta) {
      touched.edge_chunks.insert({key->type, key->key, edge_block});
    }
  }
  KB_TRY(scan.status());
  return touched;
}

void Disk::StartFold() {
  newer_.entries.clear();
  folding_ = true;
}

void Disk::AbandonFold() {
  newer_.entries.clear();
  folding_ = false;
}

Result<Parts> Disk::Pack(const Root& root) {
  KB_ASSIGN(const Touched touched, ScanDelta());
  Parts parts = EncodeParts(root, touched);
  // A part that could not be read must not be written back as empty.
  KB_TRY(root.health->Get());
  return parts;
}

Result<void> Disk::FinishFold(const Root& root, const Parts& parts) {
  rocksdb::WriteBatch batch;
  for (const auto& [key, value] : parts) {
    const auto parsed = ParseKey(key);
    if (!parsed || parsed->kind != KeyKind::kLeaf) continue;
    // Hubs that were: their segments go, those that still are hubs get new ones below.
    KB_ASSIGN(const auto former, rocks_->Get(Family::kAdjacency, key));
    if (!former) continue;
    KB_ASSIGN(const LeafOffsets offsets, DecodeLeafOffsets(*former));
    for (std::uint32_t row = 0; row < kLeafNodes; ++row) {
      if (offsets[row + 1] - offsets[row] <= kHubEntries) continue;
      const NodeId hub{parsed->number * kLeafNodes + row};
      for (const KeyKind kind : {KeyKind::kSegment, KeyKind::kSegmentEdges}) {
        rocks_->DeletePrefix(&batch, SegmentPrefix(kind, parsed->type, parsed->direction, hub));
      }
    }
  }
  for (const KeyKind kind : {KeyKind::kNodeDelta, KeyKind::kEdgeDelta, KeyKind::kNodePropertyDelta,
                             KeyKind::kEdgePropertyDelta}) {
    rocks_->DeletePrefix(&batch, KindPrefix(kind));
  }
  for (const auto& [key, value] : parts) {
    if (value.empty()) {
      rocks_->Delete(&batch, key);
    } else {
      rocks_->Put(&batch, key, value);
    }
  }
  rocks_->Put(&batch, MetaKey("state"), EncodeState(root));
  for (const auto& [key, value] : newer_.entries) rocks_->Put(&batch, key, value);
  for (const auto& part : parts) tables_.Keep(part.first);
  {
    const std::unique_lock lock(gate_->mutex);
    KB_TRY(rocks_->Write(&batch, sync_));
  }
  delta_keys_ = newer_.entries.size();
  AbandonFold();
  return {};
}

Result<void> Disk::Write(std::span<const Log* const> logs) {
  rocksdb::WriteBatch batch;
  for (const Log* log : logs) {
    for (const auto& [key, value] : log->entries) rocks_->Put(&batch, key, value);
    if (folding_) {
      newer_.entries.insert(newer_.entries.end(), log->entries.begin(), log->entries.end());
    }
    delta_keys_ += log->entries.size();
  }
  // Logs may be empty. Their turn has come all the same: what they rest on is on the disk.
  if (batch.Count() == 0) return {};
  KB_TRY(rocks_->Write(&batch, sync_));
  for (const Log* log : logs) purges_due_ += log->erasures == 0 ? 0 : 1;
  return {};
}

Result<void> Disk::EndPurge() {
  rocksdb::WriteBatch batch;
  rocks_->Delete(&batch, MetaKey("purge"));
  KB_TRY(rocks_->Write(&batch, true));
  purges_due_ = 0;
  return {};
}

Result<void> Disk::Ingest(const Root& root, Parts parts) {
  for (const auto& part : parts) tables_.Keep(part.first);
  parts.emplace_back(MetaKey("catalog"), EncodeCatalog(*root.catalog));
  parts.emplace_back(MetaKey("state"), EncodeState(root));
  return rocks_->Ingest(std::move(parts), &gate_->mutex);
}

}  // namespace kb::storage
