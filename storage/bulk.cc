#include "storage/bulk.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "schema/base/parallel.h"
#include "storage/bulk_pack.h"
#include "storage/constraint.h"
#include "storage/history.h"
#include "storage/store_impl.h"

namespace kb::storage {

namespace {

class Loader final : public BulkLoader {
 public:
  /// The caller has the turn and hands it over.
  Loader(StoreImpl* store, const std::shared_ptr<const Root>& base, unsigned threads)
      : store_(store),
        threads_(threads),
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
  /// One column or one type: independent of all others.
  struct Task {
    std::uint64_t weight;  ///< About how long it takes.
    std::function<Result<void>(Parts*)> run;
  };
  void FillBlocks(const NodeBatch& batch);
  std::vector<Task> NodeTasks();
  Result<std::vector<Task>> EdgeTasks(const Cancellation* cancellation);
  Result<Parts> RunTasks(std::vector<Task> tasks, const Cancellation* cancellation);
  Result<Parts> Fill(const Cancellation* cancellation);

  StoreImpl* store_;
  const unsigned threads_;
  std::shared_ptr<const Root> base_;
  std::shared_ptr<Root> root_;
  std::mutex mutex_;  ///< Guards all below, and open_, against batches of other threads.
  schema::Catalog catalog_;
  Allocator allocator_;
  std::vector<NodeBatch> nodes_;
  std::map<TypeId, BulkEdges> edges_;
  std::set<std::uint32_t> blocks_;  ///< Blocks of nodes that the load touches.
  ChangeLog changes_;
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
    blocks_.insert(block);
    row += size;
  }
  root_->node_count += batch.count;
  for (const LabelId label : batch.labels) {
    Bump(&root_->label_counts, schema::Raw(label), batch.count);
  }
}

std::vector<Loader::Task> Loader::NodeTasks() {
  std::map<KeyId, std::vector<NodePiece>> pieces;
  for (NodeBatch& batch : nodes_) {
    for (auto& [key, column] : batch.columns) {
      pieces[key].push_back({batch.first, batch.count, std::move(column)});
    }
  }
  nodes_.clear();
  std::vector<Task> tasks;
  for (auto& entry : pieces) {
    const KeyId key = entry.first;
    const std::uint32_t raw = schema::Raw(key);
    if (raw >= root_->node_columns.size()) root_->node_columns.resize(raw + 1);
    std::uint64_t weight = 0;
    for (const NodePiece& piece : entry.second) weight += piece.rows + piece.column.text.size() / 8;
    std::sort(entry.second.begin(), entry.second.end(),
              [](const NodePiece& x, const NodePiece& y) { return x.first < y.first; });
    auto held = std::make_shared<std::vector<NodePiece>>(std::move(entry.second));
    tasks.push_back({weight, [this, key, held](Parts* parts) -> Result<void> {
                       FillNodes(std::move(*held), key, {root_.get(), parts});
                       return {};
                     }});
  }
  return tasks;
}

Result<std::vector<Loader::Task>> Loader::EdgeTasks(const Cancellation* cancellation) {
  std::vector<Task> tasks;
  for (auto& entry : edges_) {
    const TypeId type = entry.first;
    KB_ASSIGN(const EdgeId first, allocator_.NextEdges(type, entry.second.count));
    changes_.EdgesLoaded(type, first, entry.second.count);
    if (schema::Raw(type) >= root_->types.size()) {
      root_->types.resize(std::size_t{schema::Raw(type)} + 1);
    }
    root_->types[schema::Raw(type)].Edit();
    const std::uint64_t weight = entry.second.count * 4;
    auto held = std::make_shared<BulkEdges>(std::move(entry.second));
    tasks.push_back(
        {weight, [this, type, first, held, cancellation](Parts* parts) {
           return FillEdges(std::move(*held), type, first, cancellation, {root_.get(), parts});
         }});
  }
  edges_.clear();
  return tasks;
}

Result<Parts> Loader::RunTasks(std::vector<Task> tasks, const Cancellation* cancellation) {
  // The long ones first, so that no thread is left alone with one at the end.
  std::stable_sort(tasks.begin(), tasks.end(),
                   [](const Task& a, const Task& b) { return a.weight > b.weight; });
  // Constraints are verified on the image: then all that is loaded stays in it until the end.
  const bool packed = store_->on_disk() && catalog_.constraints().empty();
  std::atomic<bool> failed{false};
  std::vector<std::optional<Error>> errors(tasks.size());
  std::vector<Parts> parts(tasks.size());
  ForEachMorsel(tasks.size(), ThreadCount(threads_), [&](std::size_t i, unsigned) {
    if (failed) return;
    Result<void> done = cancellation == nullptr ? Result<void>() : cancellation->Check();
    if (done.ok()) done = tasks[i].run(packed ? &parts[i] : nullptr);
    tasks[i].run = nullptr;
    if (done.ok()) return;
    errors[i] = std::move(done).error();
    failed = true;
  });
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  Parts all;
  for (Parts& some : parts) {
    std::move(some.begin(), some.end(), std::back_inserter(all));
    Parts().swap(some);
  }
  return all;
}

Result<Parts> Loader::Fill(const Cancellation* cancellation) {
  root_->catalog = std::make_shared<const schema::Catalog>(catalog_);
  for (const NodeBatch& batch : nodes_) {
    FillBlocks(batch);
    changes_.NodesLoaded(batch.first, batch.count);
  }
  std::vector<Task> tasks = NodeTasks();
  KB_ASSIGN(std::vector<Task> edge_tasks, EdgeTasks(cancellation));
  std::move(edge_tasks.begin(), edge_tasks.end(), std::back_inserter(tasks));
  KB_ASSIGN(Parts parts, RunTasks(std::move(tasks), cancellation));
  const bool constrained = !catalog_.constraints().empty();
  for (const std::uint32_t block : blocks_) {
    if (store_->on_disk() && !constrained) {
      parts.emplace_back(LabelsKey(block), EncodeLabelPart(*root_, block));
    }
  }
  root_->ForEachIndex(
      [](Cow<Index>& index) { index.Reset(std::make_shared<Index>(index->subject())); });
  for (const schema::ConstraintDefinition& constraint : root_->catalog->constraints()) {
    if (cancellation != nullptr) KB_TRY(cancellation->Check());
    KB_TRY(VerifyConstraint(*root_, constraint));
  }
  if (store_->on_disk() && constrained) parts = EncodeParts(*root_, AllParts(*root_));
  return parts;
}

Result<void> Loader::Finish(const Cancellation* cancellation) {
  const std::lock_guard lock(mutex_);
  KB_TRY(CheckOpen());
  const auto finish = [&]() -> Result<void> {
    KB_TRY(store_->committer().Drain());
    KB_TRY(store_->FoldInTurn(base_));
    KB_ASSIGN(Parts parts, Fill(cancellation));
    if (cancellation != nullptr) KB_TRY(cancellation->Check());
    store_->allocator() = allocator_;
    root_->recorded = std::max(NowMicros(), base_->recorded + 1);
    return store_->PublishLoad(std::move(root_), std::move(parts), changes_.Take());
  };
  const Result<void> outcome = finish();
  open_ = false;
  store_->committer().GiveTurn();
  if (!outcome.ok()) return outcome.error();
  return {};
}

}  // namespace

Result<std::unique_ptr<BulkLoader>> BulkLoader::Start(Store& store, unsigned threads) {
  auto* impl = dynamic_cast<StoreImpl*>(&store);
  if (impl == nullptr) return InternalError("a bulk load needs a store of this engine");
  KB_ASSIGN(const std::shared_ptr<const Root> root, impl->TakeTurn(nullptr));
  return std::unique_ptr<BulkLoader>(std::make_unique<Loader>(impl, root, threads));
}

}  // namespace kb::storage
