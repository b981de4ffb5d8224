// Opening: the catalog, the state and the label blocks at once; leaves and columns when first read,
// unless the delta has edits for them. Then the delta is replayed: absolute states, so an entry
// that a part has already changes nothing.
#include <filesystem>
#include <utility>

#include "storage/catalog_store.h"
#include "storage/codec.h"
#include "storage/column.h"
#include "storage/disk.h"
#include "storage/dump.h"
#include "storage/history.h"
#include "storage/image/editor.h"
#include "storage/key.h"
#include "storage/leaf.h"

namespace kb::storage {

namespace {

/// Runs `read` on the database if it is still open; reports what goes wrong and says whether it
/// did.
template <typename Read>
bool ReadThrough(Gate* gate, Health* health, Read read) {
  const std::shared_lock lock(gate->mutex);
  if (gate->rocks == nullptr) {
    health->Report(ConflictError("the case was closed while a result was being read"));
    return false;
  }
  Result<void> result = read(*gate->rocks);
  if (!result.ok()) health->Report(std::move(result).error());
  return result.ok();
}

/// A table that is read through the gate: `all` fills a table, `one` a pointer to one element. Its
/// keys begin with `prefix`.
template <typename T, typename All, typename One>
Cow<LazyTable<T>> MakeLazy(std::shared_ptr<Gate> gate, std::shared_ptr<Health> health,
                           StoredTables* tables, std::string prefix, All all, One one) {
  typename StoredPages<T>::Source source;
  source.all = [gate, health, all](CowTable<T>& table) {
    const auto read = [&](const Rocks& rocks) { return all(rocks, &table); };
    if (!ReadThrough(gate.get(), health.get(), read)) table = CowTable<T>();
  };
  source.one = [gate, health, one](std::uint32_t index) {
    std::shared_ptr<T> element;
    const auto read = [&](const Rocks& rocks) { return one(rocks, index, &element); };
    if (!ReadThrough(gate.get(), health.get(), read)) element = nullptr;
    return element;
  };
  auto pages = std::make_shared<const StoredPages<T>>(std::move(source));
  tables->Add<T>(std::move(prefix), pages);
  return Cow<LazyTable<T>>(std::make_shared<LazyTable<T>>(std::move(pages)));
}

Error BadKey(std::string_view family) {
  return CorruptionError("the {} of the case have a key that no version writes", family);
}

}  // namespace

namespace {

/// Where decoded parts go: null for the heap.
using Memory = std::shared_ptr<PagedMemory>;

Result<std::shared_ptr<Leaf>> MakeLeaf(const Rocks& rocks, const Memory& memory, TypeId type,
                                       Direction direction, std::uint32_t number,
                                       std::string_view nodes, std::string_view edges) {
  const KeyReader read = [&](const std::string& key) { return rocks.Get(Family::kAdjacency, key); };
  KB_ASSIGN(const LeafOffsets offsets, DecodeLeafOffsets(nodes));
  auto block = std::make_shared<ListBlock>(offsets[kLeafNodes], memory);
  block->used = block->capacity();
  KB_TRY(DecodeLeafNodes(type, direction, number, nodes, offsets, read, block->nodes()));
  KB_TRY(DecodeLeafEdges(type, direction, number, edges, offsets, read, block->edges()));
  return std::allocate_shared<Leaf>(PagedAllocator<Leaf>(memory), std::move(block), offsets.data());
}

Result<void> ReadLeaf(const Rocks& rocks, const Memory& memory, TypeId type, Direction direction,
                      std::uint32_t number, std::shared_ptr<Leaf>* leaf) {
  KB_ASSIGN(const auto nodes, rocks.Get(Family::kAdjacency, LeafKey(type, direction, number)));
  KB_ASSIGN(const auto edges, rocks.Get(Family::kAdjacency, LeafEdgesKey(type, direction, number)));
  if (!nodes && !edges) return {};
  if (!nodes || !edges) return BadKey("relationships");
  KB_ASSIGN(*leaf, MakeLeaf(rocks, memory, type, direction, number, *nodes, *edges));
  return {};
}

Result<std::shared_ptr<Chunk>> MakeChunk(const Memory& memory, std::string_view bytes) {
  KB_ASSIGN(ColumnData data, DecodeColumn(bytes, memory));
  if (data.rows > kBlockSize) return BadKey("properties");
  return std::make_shared<Chunk>(std::move(data));
}

Result<void> ReadChunk(const Rocks& rocks, const Memory& memory, const std::string& key,
                       std::shared_ptr<Chunk>* chunk) {
  KB_ASSIGN(const auto bytes, rocks.Get(Family::kColumn, key));
  if (!bytes) return {};
  KB_ASSIGN(*chunk, MakeChunk(memory, *bytes));
  return {};
}

/// All leaves of one type and direction.
Result<void> ReadLeaves(const Rocks& rocks, const Memory& memory, TypeId type, Direction direction,
                        CowTable<Leaf>* leaves) {
  Rocks::Scan nodes =
      rocks.ScanPrefix(Family::kAdjacency, LeafPrefix(KeyKind::kLeaf, type, direction));
  Rocks::Scan edges =
      rocks.ScanPrefix(Family::kAdjacency, LeafPrefix(KeyKind::kLeafEdges, type, direction));
  for (; nodes.Valid(); nodes.Next(), edges.Next()) {
    const auto key = ParseKey(nodes.key());
    const auto edge_key = edges.Valid() ? ParseKey(edges.key()) : std::nullopt;
    if (!key || !edge_key || key->number != edge_key->number) return BadKey("relationships");
    KB_ASSIGN(std::shared_ptr<Leaf> leaf,
              MakeLeaf(rocks, memory, type, direction, key->number, nodes.value(), edges.value()));
    leaves->Slot(key->number).Reset(std::move(leaf));
  }
  KB_TRY(nodes.status());
  return edges.status();
}

/// All chunks of one property.
Result<void> ReadChunks(const Rocks& rocks, const Memory& memory, const std::string& prefix,
                        CowTable<Chunk>* chunks) {
  Rocks::Scan scan = rocks.ScanPrefix(Family::kColumn, prefix);
  for (; scan.Valid(); scan.Next()) {
    const auto key = ParseKey(scan.key());
    if (!key) return BadKey("properties");
    KB_ASSIGN(std::shared_ptr<Chunk> chunk, MakeChunk(memory, scan.value()));
    chunks->Slot(key->number).Reset(std::move(chunk));
  }
  return scan.status();
}

}  // namespace

Result<std::unique_ptr<Disk>> Disk::Open(const std::string& path, const StoreOptions& options,
                                         std::shared_ptr<rocksdb::FileSystem> files) {
  std::unique_ptr<Disk> disk(new Disk());  // NOLINT: the constructor is private
  KB_ASSIGN(disk->rocks_, Rocks::Open(path, {options.read_only, options.create_if_missing,
                                             options.memory_bytes, std::move(files)}));
  if (options.memory_bytes != 0) {
    const std::string folder =
        options.read_only ? std::filesystem::temp_directory_path().string() : path;
    KB_ASSIGN(disk->memory_, PagedMemory::Make(folder, options.memory_bytes));
  }
  disk->sync_ = options.sync;
  disk->gate_ = std::make_shared<Gate>();
  disk->gate_->rocks = disk->rocks_.get();
  return disk;
}

Disk::~Disk() {
  if (!gate_) return;
  const std::unique_lock lock(gate_->mutex);
  gate_->rocks = nullptr;
}

Result<void> Disk::LoadState(Root* root) {
  KB_ASSIGN(const auto catalog, rocks_->Get(Family::kMeta, MetaKey("catalog")));
  if (catalog) {
    KB_ASSIGN(schema::Catalog decoded, DecodeCatalog(*catalog));
    root->catalog = std::make_shared<const schema::Catalog>(std::move(decoded));
  }
  for (const schema::IndexDefinition& index : root->catalog->indexes()) {
    const std::uint32_t raw = schema::Raw(index.id);
    if (raw >= root->indexes.size()) root->indexes.resize(raw + 1);
    root->indexes[raw].Reset(std::make_shared<Index>(index.subject));
  }
  root->IndexSources();
  KB_ASSIGN(const auto state, rocks_->Get(Family::kMeta, MetaKey("state")));
  if (!state) return {};
  PartMaker make;
  make.adjacency = [this, root](TypeId type, Direction direction) {
    return MakeLazy<Leaf>(
        gate_, root->health, &tables_, LeafPrefix(KeyKind::kLeaf, type, direction),
        [memory = memory_, type, direction](const Rocks& rocks, CowTable<Leaf>* leaves) {
          return ReadLeaves(rocks, memory, type, direction, leaves);
        },
        [memory = memory_, type, direction](const Rocks& rocks, std::uint32_t number,
                                            std::shared_ptr<Leaf>* leaf) {
          return ReadLeaf(rocks, memory, type, direction, number, leaf);
        });
  };
  make.node_column = [this, root](KeyId key) {
    return MakeLazy<Chunk>(
        gate_, root->health, &tables_, NodeColumnPrefix(key),
        [memory = memory_, key](const Rocks& rocks, CowTable<Chunk>* chunks) {
          return ReadChunks(rocks, memory, NodeColumnPrefix(key), chunks);
        },
        [memory = memory_, key](const Rocks& rocks, std::uint32_t block,
                                std::shared_ptr<Chunk>* chunk) {
          return ReadChunk(rocks, memory, NodeColumnKey(key, block), chunk);
        });
  };
  make.edge_column = [this, root](TypeId type, KeyId key) {
    return MakeLazy<Chunk>(
        gate_, root->health, &tables_, EdgeColumnPrefix(type, key),
        [memory = memory_, type, key](const Rocks& rocks, CowTable<Chunk>* chunks) {
          return ReadChunks(rocks, memory, EdgeColumnPrefix(type, key), chunks);
        },
        [memory = memory_, type, key](const Rocks& rocks, std::uint32_t block,
                                      std::shared_ptr<Chunk>* chunk) {
          return ReadChunk(rocks, memory, EdgeColumnKey(type, key, block), chunk);
        });
  };
  return DecodeState(*state, make, root);
}

Result<void> Disk::LoadLabels(Root* root) {
  Rocks::Scan scan = rocks_->ScanPrefix(Family::kColumn, KindPrefix(KeyKind::kLabels));
  LabelSets& sets = root->label_sets.Edit();
  for (; scan.Valid(); scan.Next()) {
    const auto key = ParseKey(scan.key());
    if (!key) return BadKey("nodes");
    KB_ASSIGN(const LabelBlock block, DecodeLabelBlock(scan.value()));
    NodeBlock& nodes = root->nodes.Slot(key->number).Edit();
    nodes.MarkUsed(block.rows);
    std::vector<LabelSetId> ids;
    for (const auto& labels : block.sets) {
      for (const LabelId label : labels) {
        if (schema::Raw(label) >= root->catalog->label_count()) return BadKey("nodes");
      }
      ids.push_back(sets.Add(labels));
    }
    // Runs of rows that are alike go in at once.
    const auto exists = [&](std::uint32_t row) {
      return ((block.exists[row / 64] >> (row % 64)) & 1) != 0;
    };
    for (std::uint32_t row = 0; row < block.rows;) {
      std::uint32_t end = row + 1;
      if (exists(row)) {
        while (end < block.rows && exists(end) && block.set_of_row[end] == block.set_of_row[row]) {
          ++end;
        }
        nodes.Fill(row, end, ids[block.set_of_row[row]]);
      }
      row = end;
    }
  }
  return scan.status();
}

namespace {

/// What a key says, or an error that names the key.
template <typename T>
Result<T> Named(std::string_view key, Result<T> decoded) {
  if (decoded.ok() || decoded.error().code() != ErrorCode::kCorruption) return decoded;
  return CorruptionError("{}: {}", DumpKey(key), decoded.error().message())
      .Hint("go back to a backup of the case: what the key said is lost");
}

/// The same where the value repeats the number that is in the key.
template <typename T>
Result<T> Numbered(std::string_view key, Result<T> decoded) {
  KB_ASSIGN(T value, Named(key, std::move(decoded)));
  const auto parts = ParseKey(key);
  if (parts && static_cast<std::uint64_t>(parts->time) == value.id) return value;
  return Named<T>(key, CorruptionError("the value belongs to number {}", value.id));
}

}  // namespace

/// Statements, the rule that decides among them, and when the last change was recorded.
Result<void> Disk::LoadEvidence(Root* root) {
  root->past = std::make_shared<Past>(gate_);
  KB_ASSIGN(const auto last, rocks_->LastKey(Family::kMeta, KindPrefix(KeyKind::kHistory)));
  if (last) {
    const auto key = ParseKey(*last);
    if (!key) return BadKey("history");
    root->recorded = key->time;
  }
  KB_ASSIGN(const auto rule, rocks_->Get(Family::kMeta, MetaKey("rule")));
  if (rule) {
    KB_ASSIGN(root->rule, Named(MetaKey("rule"), DecodeRule(*rule)));
  }
  Rocks::Scan scan = rocks_->ScanPrefix(Family::kMeta, KindPrefix(KeyKind::kStatement));
  for (; scan.Valid(); scan.Next()) {
    if (scan.value().empty()) {  // Erased.
      const auto key = ParseKey(scan.key());
      if (!key) return BadKey("statements");
      root->evidence.Edit().MarkUsed(static_cast<std::uint64_t>(key->time));
      continue;
    }
    KB_ASSIGN(Statement statement, Numbered(scan.key(), DecodeStatement(scan.value())));
    root->evidence.Edit().Put(std::make_shared<const Statement>(std::move(statement)));
  }
  KB_TRY(scan.status());
  return LoadErasures(root);
}

Result<void> Disk::LoadErasures(Root* root) {
  Rocks::Scan scan = rocks_->ScanPrefix(Family::kMeta, KindPrefix(KeyKind::kErasure));
  for (; scan.Valid(); scan.Next()) {
    KB_ASSIGN(Erasure erasure, Numbered(scan.key(), DecodeErasure(scan.value())));
    root->evidence.Edit().AddErasure(std::move(erasure));
  }
  KB_TRY(scan.status());
  if (root->evidence) root->past->Forget(root->evidence->erasures().size());
  KB_ASSIGN(const auto due, rocks_->Get(Family::kMeta, MetaKey("purge")));
  if (due) purges_due_ = std::max<std::uint64_t>(purges_due_, 1);
  return {};
}

Result<std::shared_ptr<const Root>> Disk::Load() {
  auto root = std::make_shared<Root>();
  root->memory = memory_;
  KB_TRY(LoadState(root.get()));
  KB_TRY(LoadLabels(root.get()));
  KB_TRY(LoadEvidence(root.get()));
  KB_TRY(Replay(&root));
  KB_TRY(root->health->Get());
  return std::shared_ptr<const Root>(std::move(root));
}

namespace {

/// Applies one kind of delta entries.
class Replayer {
 public:
  explicit Replayer(std::shared_ptr<Root> root) : editor_(std::move(root)) {}

  Result<void> Apply(const KeyParts& key, std::string_view value) {
    const schema::Catalog& catalog = *editor_.root().catalog;
    const bool typed = key.kind == KeyKind::kEdgeDelta || key.kind == KeyKind::kEdgePropertyDelta;
    const bool keyed =
        key.kind == KeyKind::kNodePropertyDelta || key.kind == KeyKind::kEdgePropertyDelta;
    if ((typed && schema::Raw(key.type) >= catalog.type_count()) ||
        (keyed && schema::Raw(key.key) >= catalog.key_count())) {
      return CorruptionError("the delta names a type or property that the catalog does not have");
    }
    if (key.kind == KeyKind::kNodeDelta) return Node(key, value);
    if (key.kind == KeyKind::kEdgeDelta) return Edge(key, value);
    KB_ASSIGN(const Value decoded, DecodeValue(value));
    if (key.kind == KeyKind::kNodePropertyDelta) {
      editor_.SetProperty(key.node, key.key, decoded);
    } else {
      editor_.SetProperty(key.type, key.edge, key.key, decoded);
    }
    return {};
  }

  /// Nodes go last, when nothing is attached to them any more.
  std::shared_ptr<const Root> Finish() {
    for (const NodeId node : deleted_) editor_.RemoveNode(node);
    return editor_.Share();
  }

 private:
  Result<void> Node(const KeyParts& key, std::string_view value) {
    KB_ASSIGN(const NodeState state, DecodeNodeState(value));
    editor_.MarkUsed(key.node);
    if (!state.exists) {
      deleted_.push_back(key.node);
      return {};
    }
    for (const LabelId label : state.labels) {
      if (schema::Raw(label) < editor_.root().catalog->label_count()) continue;
      return CorruptionError("the delta names a label that the catalog does not have");
    }
    if (!editor_.InsertNode(key.node, state.labels)) editor_.SetLabels(key.node, state.labels);
    return {};
  }

  Result<void> Edge(const KeyParts& key, std::string_view value) {
    KB_ASSIGN(const bool exists, DecodeEdgeState(value));
    const RelationshipRef ref{key.type, key.edge, key.node, key.target};
    if (!exists) {
      editor_.MarkUsed(key.type, key.edge);
      editor_.RemoveEdge(ref);
      return {};
    }
    if (!editor_.root().Exists(ref.source) || !editor_.root().Exists(ref.target)) {
      return CorruptionError("relationship {} has an end that does not exist", ref.id());
    }
    editor_.InsertEdge(ref);
    return {};
  }

  Editor editor_;
  std::vector<NodeId> deleted_;
};

}  // namespace

Result<void> Disk::Replay(std::shared_ptr<Root>* root) {
  Replayer replayer(std::move(*root));
  std::uint64_t count = 0;
  // Nodes before relationships before properties.
  for (const KeyKind kind : {KeyKind::kNodeDelta, KeyKind::kEdgeDelta, KeyKind::kNodePropertyDelta,
                             KeyKind::kEdgePropertyDelta}) {
    Rocks::Scan scan = rocks_->ScanPrefix(Family::kDelta, KindPrefix(kind));
    for (; scan.Valid(); scan.Next(), ++count) {
      const auto key = ParseKey(scan.key());
      if (!key) return BadKey("latest changes");
      KB_TRY(replayer.Apply(*key, scan.value()));
    }
    KB_TRY(scan.status());
  }
  delta_keys_ = count;
  *root = std::make_shared<Root>(*replayer.Finish());
  return {};
}

}  // namespace kb::storage
