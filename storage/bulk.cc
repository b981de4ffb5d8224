#include "storage/bulk.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "storage/bulk_pack.h"
#include "storage/store_impl.h"

namespace kb::storage {

namespace {

class Loader final : public BulkLoader {
 public:
  /// The caller has the turn and hands it over.
  Loader(StoreImpl* store, const std::shared_ptr<const Root>& base)
      : store_(store),
        base_(base),
        root_(std::make_shared<Root>(*base)),
        catalog_(*base->catalog),
        allocator_(store->allocator()) {}
  ~Loader() override {
    if (open_) store_->committer().GiveTurn();
  }
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  Result<NodeId> AddNodes(std::span<const std::string> labels, std::uint32_t count,
                          std::vector<BulkColumn> columns) override;
  Result<void> AddRelationships(std::string_view type, std::vector<NodeId> sources,
                                std::vector<NodeId> targets,
                                std::vector<BulkColumn> columns) override;
  Result<void> Finish(const Cancellation* cancellation) override;

 private:
  struct NodeBatch {
    NodeId first;
    std::uint32_t count;
    std::vector<LabelId> labels;
    std::vector<std::pair<KeyId, BulkColumn>> columns;
  };
  Result<void> CheckOpen() const {
    if (open_) return {};
    return ConflictError("the load is over").Hint("start a new one");
  }
  Result<std::vector<std::pair<KeyId, BulkColumn>>> Keys(std::vector<BulkColumn> columns);
  void FillBlocks(const NodeBatch& batch);
  Result<void> CheckEnds(const BulkEdges& edges, std::string_view type) const;
  Result<void> Fill(const Cancellation* cancellation);

  StoreImpl* store_;
  std::shared_ptr<const Root> base_;
  std::shared_ptr<Root> root_;
  std::mutex mutex_;  ///< Guards all below, and open_, against batches of other threads.
  schema::Catalog catalog_;
  Allocator allocator_;
  std::vector<NodeBatch> nodes_;
  std::map<TypeId, BulkEdges> edges_;
  Touched touched_;
  bool open_ = true;
};

Result<std::vector<std::pair<KeyId, BulkColumn>>> Loader::Keys(std::vector<BulkColumn> columns) {
  std::vector<std::pair<KeyId, BulkColumn>> keyed;
  for (BulkColumn& column : columns) {
    KB_ASSIGN(const KeyId key, catalog_.AddKey(column.key));
    const bool twice = std::any_of(keyed.begin(), keyed.end(),
                                   [key](const auto& other) { return other.first == key; });
    if (twice) return ArgumentError("a batch has two columns {}", column.key);
    keyed.emplace_back(key, std::move(column));
  }
  return keyed;
}

Result<NodeId> Loader::AddNodes(std::span<const std::string> labels, std::uint32_t count,
                                std::vector<BulkColumn> columns) {
  for (const BulkColumn& column : columns) KB_TRY(CheckColumn(column, count));
  const std::lock_guard lock(mutex_);
  KB_TRY(CheckOpen());
  NodeBatch batch;
  batch.count = count;
  for (const std::string& label : labels) {
    KB_ASSIGN(const LabelId id, catalog_.AddLabel(label));
    batch.labels.push_back(id);
  }
  std::sort(batch.labels.begin(), batch.labels.end());
  batch.labels.erase(std::unique(batch.labels.begin(), batch.labels.end()), batch.labels.end());
  KB_ASSIGN(batch.columns, Keys(std::move(columns)));
  KB_ASSIGN(batch.first, allocator_.NextNodes(batch.labels, count));
  const NodeId first = batch.first;
  if (count != 0) nodes_.push_back(std::move(batch));
  return first;
}

Result<void> Loader::AddRelationships(std::string_view type, std::vector<NodeId> sources,
                                      std::vector<NodeId> targets,
                                      std::vector<BulkColumn> columns) {
  if (sources.size() != targets.size()) {
    return ArgumentError("a batch of relationships has {} sources and {} targets", sources.size(),
                         targets.size());
  }
  for (const BulkColumn& column : columns) KB_TRY(CheckColumn(column, sources.size()));
  const std::lock_guard lock(mutex_);
  KB_TRY(CheckOpen());
  KB_ASSIGN(const TypeId id, catalog_.AddType(type));
  KB_ASSIGN(auto keyed, Keys(std::move(columns)));
  if (sources.empty()) return {};
  BulkEdges& edges = edges_[id];
  edges.count += sources.size();
  edges.batches.push_back({std::move(sources), std::move(targets), std::move(keyed)});
  return {};
}

void Loader::FillBlocks(const NodeBatch& batch) {
  const LabelSetId set = root_->label_sets.Edit().Add(batch.labels);
  for (std::uint32_t row = 0; row < batch.count;) {
    const std::uint32_t id = schema::Raw(batch.first) + row;
    const std::uint32_t at = id % kBlockSize;
    const std::uint32_t size = std::min(batch.count - row, kBlockSize - at);
    const std::uint32_t block = id / kBlockSize;
    root_->nodes.Slot(block).Edit().Fill(at, at + size, set);
    root_->block_count = std::max(root_->block_count, block + 1);
    touched_.label_blocks.insert(block);
    row += size;
  }
  root_->node_count += batch.count;
  for (const LabelId label : batch.labels) {
    Bump(&root_->label_counts, schema::Raw(label), batch.count);
  }
}

Result<void> Loader::CheckEnds(const BulkEdges& edges, std::string_view type) const {
  for (const BulkEdges::Batch& batch : edges.batches) {
    for (const auto* ends : {&batch.sources, &batch.targets}) {
      const auto missing = std::find_if(ends->begin(), ends->end(),
                                        [&](NodeId node) { return !root_->Exists(node); });
      if (missing == ends->end()) continue;
      return ArgumentError("a relationship of type {} has the end {}, which does not exist", type,
                           schema::Raw(*missing));
    }
  }
  return {};
}

Result<void> Loader::Fill(const Cancellation* cancellation) {
  root_->catalog = std::make_shared<const schema::Catalog>(catalog_);
  for (NodeBatch& batch : nodes_) {
    if (cancellation != nullptr) KB_TRY(cancellation->Check());
    FillBlocks(batch);
    for (const auto& [key, column] : batch.columns) {
      FillNodes(column, batch.first, batch.count, key, root_.get(), &touched_);
    }
    batch.columns.clear();
  }
  for (auto& [type, edges] : edges_) {
    KB_TRY(CheckEnds(edges, catalog_.Name(type)));
    KB_ASSIGN(const EdgeId first, allocator_.NextEdges(type, edges.count));
    KB_TRY(FillEdges(edges, type, first, cancellation, root_.get(), &touched_));
    edges.batches.clear();
  }
  for (Cow<Index>& index : root_->indexes) {
    if (index) index.Reset(std::make_shared<Index>(index->label(), index->key()));
  }
  return {};
}

Result<void> Loader::Finish(const Cancellation* cancellation) {
  const std::lock_guard lock(mutex_);
  KB_TRY(CheckOpen());
  const auto finish = [&]() -> Result<void> {
    KB_TRY(store_->committer().Drain());
    KB_TRY(store_->FoldInTurn(base_));
    KB_TRY(Fill(cancellation));
    Parts parts;
    if (store_->on_disk()) parts = EncodeParts(*root_, touched_);
    if (cancellation != nullptr) KB_TRY(cancellation->Check());
    store_->allocator() = allocator_;
    return store_->PublishLoad(std::move(root_), std::move(parts));
  };
  const Result<void> outcome = finish();
  open_ = false;
  store_->committer().GiveTurn();
  if (!outcome.ok()) return outcome.error();
  return {};
}

}  // namespace

Result<std::unique_ptr<BulkLoader>> BulkLoader::Start(Store& store) {
  auto* impl = dynamic_cast<StoreImpl*>(&store);
  if (impl == nullptr) return InternalError("a bulk load needs a store of this engine");
  KB_ASSIGN(const std::shared_ptr<const Root> root, impl->TakeTurn(nullptr));
  return std::unique_ptr<BulkLoader>(std::make_unique<Loader>(impl, root));
}

}  // namespace kb::storage
