#include "storage/moment.h"

#include <algorithm>

#include "storage/image/editor.h"

namespace kb::storage {

// --- Present ---

Present::Present(const Root& root, std::shared_ptr<const ChangeIndex> changes)
    : changes_(std::move(changes)) {
  auto own = std::make_shared<Root>(root);
  own->past = nullptr;
  own->base = nullptr;
  for (const std::vector<LabelId>& labels : changes_->LabelSetsOf()) {
    const LabelSetId known = own->label_sets->Find(labels);
    former_sets_.push_back(known != LabelSets::kNoSet ? known : own->label_sets.Edit().Add(labels));
  }
  root_ = std::move(own);
}

const IndexTree& Present::TreeOf(const schema::Subject& subject) const {
  for (const Cow<Index>& index : root_->indexes) {
    if (index && index->subject() == subject) return index->Tree(*root_);
  }
  if (root_->sources && root_->sources->subject() == subject) return root_->sources->Tree(*root_);
  // The index was defined later.
  const std::lock_guard lock(mutex_);
  for (const auto& index : more_) {
    if (index->subject() == subject) return index->Tree(*root_);
  }
  more_.push_back(std::make_unique<Index>(subject));
  return more_.back()->Tree(*root_);
}

// --- Parts ---

Cow<NodeBlock> Moment::Block(std::uint32_t number) const {
  const NodeBlock* now = present_->root().nodes.Find(number);
  const LaterIds later = changes().LaterNodes(number, span_);
  const std::vector<Place> former = changes().NodesIn(number, span_);
  const std::uint32_t first = number * kBlockSize;
  const std::uint32_t used = now == nullptr ? 0 : now->used();
  if (former.empty() && later.NoneBelow(std::uint64_t{first} + used)) {
    return present_->root().nodes.At(number);
  }
  auto block = now == nullptr ? std::make_shared<NodeBlock>() : std::make_shared<NodeBlock>(*now);
  for (std::uint32_t row = 0; row < used; ++row) {
    if (block->Exists(row) && later.Has(first + row)) block->Remove(row);
  }
  for (const Place& place : former) {
    if (later.Has(first + place.row)) continue;
    const LabelSetId set = present_->FormerSet(place.at);
    if (block->Exists(place.row)) {
      block->Change(place.row, set);
    } else {
      block->Insert(place.row, set);
    }
  }
  return Cow<NodeBlock>(std::move(block));
}

namespace {

/// A chunk with other values in some rows, and none in those that did not exist yet. `first` is the
/// id of row 0.
Cow<Chunk> PutBack(const Column* column, std::uint32_t number, const ChangeIndex::Values& former,
                   const LaterIds& later) {
  const std::uint32_t first = number * kBlockSize;
  const Chunk* now = column == nullptr ? nullptr : column->Find(number);
  const std::uint32_t rows = now == nullptr ? 0 : now->rows();
  if (former.empty() && (rows == 0 || later.NoneBelow(std::uint64_t{first} + rows))) {
    return now == nullptr ? Cow<Chunk>() : column->At(number);
  }
  auto chunk = now == nullptr ? std::make_shared<Chunk>() : std::make_shared<Chunk>(*now);
  chunk->Isolate();
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (chunk->Has(row) && later.Has(first + row)) chunk->Set(row, Value::Null());
  }
  for (const auto& [row, value] : former) {
    if (!later.Has(first + row)) chunk->Set(row, value);
  }
  return chunk->count() == 0 ? Cow<Chunk>() : Cow<Chunk>(std::move(chunk));
}

struct Entry {
  std::uint32_t row;
  NodeId node;
  EdgeId edge;
  friend bool operator<(const Entry& a, const Entry& b) {
    if (a.row != b.row) return a.row < b.row;
    return a.node != b.node ? a.node < b.node : a.edge < b.edge;
  }
};

/// Makes a leaf in which relationships have come back and later ones are not.
class LeafMaker {
 public:
  LeafMaker(const Leaf* now, std::vector<Entry> back, const LaterIds& later)
      : now_(now), back_(std::move(back)), later_(later) {
    std::sort(back_.begin(), back_.end());
    for (std::uint32_t row = 0; row < kLeafNodes; ++row) FindChange(row);
  }

  bool differs() const { return !rows_.empty(); }

  std::shared_ptr<Leaf> Make() {
    auto leaf = now_ == nullptr ? std::make_shared<Leaf>() : std::make_shared<Leaf>(*now_);
    auto block = std::make_shared<ListBlock>(static_cast<std::uint32_t>(entries_));
    for (const Row& row : rows_) leaf->Replace(row.number, Fill(row, block.get()), block);
    return leaf;
  }

 private:
  struct Row {
    std::uint32_t number;
    std::size_t begin, end;  ///< In back_.
  };

  Slice ListOf(std::uint32_t row) const { return now_ == nullptr ? Slice{} : (*now_)[row]; }

  void FindChange(std::uint32_t row) {
    const Slice list = ListOf(row);
    Row change{row, at_, at_};
    while (change.end < back_.size() && back_[change.end].row == row) ++change.end;
    at_ = change.end;
    bool differs = change.begin != change.end;
    for (std::uint32_t i = 0; i < list.size && !differs; ++i) {
      differs = later_.Has(schema::Raw(list.edges[i]));
    }
    if (!differs) return;
    rows_.push_back(change);
    entries_ += list.size + (change.end - change.begin);
  }

  /// The list of a row, in order, behind what the block has.
  Slice Fill(const Row& row, ListBlock* block) {
    const Slice list = ListOf(row.number);
    rest_.assign(back_.begin() + static_cast<std::ptrdiff_t>(row.begin),
                 back_.begin() + static_cast<std::ptrdiff_t>(row.end));
    for (std::uint32_t i = list.sorted; i < list.size; ++i) {
      if (!later_.Has(schema::Raw(list.edges[i]))) {
        rest_.push_back({row.number, list.nodes[i], list.edges[i]});
      }
    }
    if (list.sorted != list.size) std::sort(rest_.begin(), rest_.end());
    const std::uint32_t begin = block->used;
    const auto put = [&](NodeId node, EdgeId edge) {
      block->nodes()[block->used] = node;
      block->edges()[block->used++] = edge;
    };
    std::size_t next = 0;
    for (std::uint32_t i = 0; i < list.sorted; ++i) {
      const Entry entry{row.number, list.nodes[i], list.edges[i]};
      if (later_.Has(schema::Raw(entry.edge))) continue;
      for (; next < rest_.size() && rest_[next] < entry; ++next) {
        put(rest_[next].node, rest_[next].edge);
      }
      put(entry.node, entry.edge);
    }
    for (; next < rest_.size(); ++next) put(rest_[next].node, rest_[next].edge);
    const std::uint32_t size = block->used - begin;
    if (size == 0) return {};
    return {block->nodes() + begin, block->edges() + begin, size, size};
  }

  const Leaf* now_;
  std::vector<Entry> back_;
  const LaterIds& later_;
  std::vector<Row> rows_;
  std::vector<Entry> rest_;  ///< Of the row that is being filled: what its list has not in order.
  std::size_t entries_ = 0;
  std::size_t at_ = 0;
};

const Column* ColumnOf(const Root& root, TypeId type, KeyId key) {
  const TypeImage* image = root.FindType(type);
  return image == nullptr ? nullptr : image->FindColumn(key);
}

}  // namespace

Cow<Chunk> Moment::NodeChunk(KeyId key, std::uint32_t number) const {
  return PutBack(present_->root().FindNodeColumn(key), number,
                 changes().ValuesIn(key, number, span_), changes().LaterNodes(number, span_));
}

Cow<Chunk> Moment::EdgeChunk(TypeId type, KeyId key, std::uint32_t number) const {
  return PutBack(ColumnOf(present_->root(), type, key), number,
                 changes().ValuesIn(type, key, number, span_), changes().LaterEdges(type, span_));
}

Cow<Leaf> Moment::LeafAt(TypeId type, Direction direction, std::uint32_t number) const {
  const TypeImage* image = present_->root().FindType(type);
  const Adjacency* table = image == nullptr ? nullptr : image->adjacency[Side(direction)].get();
  const Leaf* now = table == nullptr ? nullptr : table->Find(number);
  std::vector<Entry> back;
  for (const RelationshipRef& ref : changes().EdgesIn(type, direction, number, span_)) {
    const bool out = direction == Direction::kOut;
    const NodeId node = out ? ref.source : ref.target;
    back.push_back({LeafRow(node), out ? ref.target : ref.source, ref.edge});
  }
  const LaterIds later = changes().LaterEdges(type, span_);
  LeafMaker maker(now, std::move(back), later);
  if (!maker.differs()) return now == nullptr ? Cow<Leaf>() : table->At(number);
  return Cow<Leaf>(maker.Make());
}

// --- The root ---

std::shared_ptr<Index> Moment::MakeIndex(const schema::Subject& subject) const {
  class Both final : public Candidates {
   public:
    Both(std::shared_ptr<const Present> present, RecordSpan span, schema::Subject subject)
        : present_(std::move(present)), span_(span), subject_(std::move(subject)) {}
    std::vector<NodeId> Ask(const IndexQuestion& question) const override {
      std::vector<NodeId> nodes = question(present_->TreeOf(subject_));
      const std::vector<NodeId> former =
          present_->changes()->AskFormer(subject_, span_, present_->root(), question);
      nodes.insert(nodes.end(), former.begin(), former.end());
      return nodes;
    }

   private:
    const std::shared_ptr<const Present> present_;
    const RecordSpan span_;
    const schema::Subject subject_;
  };
  if (subject.on_relationships || subject.keys.size() != 1) return std::make_shared<Index>(subject);
  return std::make_shared<Index>(subject, std::make_shared<Both>(present_, span_, subject));
}

namespace {

template <typename T, typename Make>
LazyTable<T> MadeTable(std::uint32_t limit, Make make) {
  return LazyTable<T>(std::make_shared<const MadePages<T>>(limit, std::move(make)));
}

}  // namespace

void Moment::ChangeNodes(Root* root) const {
  const auto self = shared_from_this();
  const std::uint32_t blocks = root->block_count;
  if (changes().ChangesNodes(span_)) {
    root->nodes =
        MadeTable<NodeBlock>(blocks, [self](std::uint32_t number) { return self->Block(number); });
  }
  const auto keys =
      std::max(static_cast<std::uint32_t>(root->node_columns.size()), changes().key_limit());
  root->node_columns.resize(keys);
  for (std::uint32_t raw = 0; raw < keys; ++raw) {
    const KeyId key{raw};
    if (!changes().ChangesColumn(key, span_)) continue;
    root->node_columns[raw].Reset(std::make_shared<Column>(MadeTable<Chunk>(
        blocks, [self, key](std::uint32_t number) { return self->NodeChunk(key, number); })));
  }
}

void Moment::ChangeType(Root* root, TypeId type) const {
  const std::uint32_t raw = schema::Raw(type);
  const auto self = shared_from_this();
  std::vector<KeyId> keys = changes().KeysOf(type);
  if (root->types[raw]) {
    for (const auto& column : root->types[raw]->columns) keys.push_back(column.first);
  }
  if (changes().ChangesEdges(type, span_)) {
    TypeImage& image = root->types[raw].Edit();
    for (const Direction direction : {Direction::kOut, Direction::kIn}) {
      image.adjacency[Side(direction)].Reset(std::make_shared<Adjacency>(MadeTable<Leaf>(
          root->block_count * (kBlockSize / kLeafNodes),
          [self, type, direction](std::uint32_t n) { return self->LeafAt(type, direction, n); })));
    }
  }
  for (const KeyId key : keys) {
    if (!changes().ChangesColumn(type, key, span_)) continue;
    TypeImage& image = root->types[raw].Edit();
    image.EditColumn(key) = MadeTable<Chunk>(
        image.edge_limit / kBlockSize + 1,
        [self, type, key](std::uint32_t n) { return self->EdgeChunk(type, key, n); });
  }
}

std::shared_ptr<const Root> Moment::MakeRoot(std::int64_t time) const {
  auto root = std::make_shared<Root>(present_->root());
  root->recorded = time;
  root->moment = shared_from_this();
  if (auto rule = changes().RuleBefore(span_)) root->rule = *std::move(rule);
  ChangeNodes(root.get());
  const std::size_t types = std::max<std::size_t>(root->types.size(), changes().type_limit());
  root->types.resize(types);
  for (std::size_t raw = 0; raw < types; ++raw) {
    ChangeType(root.get(), TypeId{static_cast<std::uint16_t>(raw)});
  }
  root->ForEachIndex([&](Cow<Index>& index) { index.Reset(MakeIndex(index->subject())); });
  root->counting = std::make_shared<Counting>(std::make_shared<Root>(*root));
  return root;
}

Value Moment::ValueOf(NodeId node, KeyId key) const {
  if (!changes().Existed(node, span_)) return Value::Null();
  const std::optional<Value> former = changes().ValueBefore(node, key, span_);
  return former ? *former : PropertyOf(present_->root(), node, key);
}

Value Moment::ValueOf(TypeId type, EdgeId edge, KeyId key) const {
  if (!changes().Existed(type, edge, span_)) return Value::Null();
  const std::optional<Value> former = changes().ValueBefore(type, edge, key, span_);
  return former ? *former : PropertyOf(present_->root(), type, edge, key);
}

// --- Counting ---

void Counting::CountNodes() const {
  root_->nodes.ForEach([&](std::uint32_t, const NodeBlock& block) {
    counts_.nodes += block.live();
    for (const auto& [set, count] : block.sets()) {
      for (const LabelId label : (*root_->label_sets)[set].labels()) {
        Bump(&counts_.labels, schema::Raw(label), count);
      }
    }
  });
}

void Counting::CountEdges(std::size_t raw) const {
  const TypeImage& image = *root_->types[raw];
  OfType& counts = counts_.types[raw];
  for (std::size_t side = 0; side < 2; ++side) {
    if (!image.adjacency[side]) continue;
    image.adjacency[side]->ForEach([&](std::uint32_t number, const Leaf& leaf) {
      for (std::uint32_t row = 0; row < kLeafNodes; ++row) {
        const std::uint32_t degree = leaf.SizeOf(row);
        if (degree == 0) continue;
        if (side == 0) counts.count += degree;
        const LabelSet* labels = root_->LabelsOf(NodeId{number * kLeafNodes + row});
        if (labels == nullptr) continue;
        for (const LabelId label : labels->labels()) {
          Bump(&counts.labels[side], schema::Raw(label), degree);
        }
      }
    });
  }
}

const Counting::Counts& Counting::Get() const {
  const auto subtract = [](const std::vector<std::uint64_t>& all,
                           std::vector<std::uint64_t>* from) {
    if (from->size() < all.size()) from->resize(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) (*from)[i] -= all[i];
  };
  std::call_once(once_, [&] {
    CountNodes();
    counts_.types.resize(root_->types.size());
    counts_.nodes -= root_->node_count;
    subtract(root_->label_counts, &counts_.labels);
    for (std::size_t raw = 0; raw < root_->types.size(); ++raw) {
      if (!root_->types[raw]) continue;
      CountEdges(raw);
      const TypeImage& image = *root_->types[raw];
      counts_.types[raw].count -= image.count;
      for (std::size_t side = 0; side < 2; ++side) {
        subtract(image.label_counts[side], &counts_.types[raw].labels[side]);
      }
    }
    root_ = nullptr;
  });
  return counts_;
}

std::uint64_t Counting::edges(TypeId type) const {
  const Counts& counts = Get();
  const std::uint32_t raw = schema::Raw(type);
  return raw < counts.types.size() ? counts.types[raw].count : 0;
}

std::uint64_t Counting::edges(TypeId type, Direction direction, LabelId label) const {
  const Counts& counts = Get();
  const std::uint32_t raw = schema::Raw(type);
  if (raw >= counts.types.size()) return 0;
  return CountAt(counts.types[raw].labels[Side(direction)], schema::Raw(label));
}

}  // namespace kb::storage
