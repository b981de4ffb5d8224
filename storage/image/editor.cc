#include "storage/image/editor.h"

#include <algorithm>
#include <utility>

#include "schema/base/assert.h"
#include "storage/moment.h"

namespace kb::storage {

namespace {

std::uint32_t RowOf(NodeId node) { return schema::Raw(node) % kBlockSize; }

Value ValueAt(const Column* column, std::uint32_t id) {
  const Chunk* chunk = column == nullptr ? nullptr : column->Find(id / kBlockSize);
  return chunk == nullptr ? Value::Null() : chunk->Get(id % kBlockSize);
}

bool HasValue(const Column* column, std::uint32_t id) {
  const Chunk* chunk = column == nullptr ? nullptr : column->Find(id / kBlockSize);
  return chunk != nullptr && chunk->Has(id % kBlockSize);
}

void SetValue(Column& column, std::uint32_t id, const Value& value, bool isolated) {
  Cow<Chunk>& slot = column.Slot(id / kBlockSize);
  Chunk& chunk = slot.Edit();
  if (isolated) chunk.Isolate();
  chunk.Set(id % kBlockSize, value);
  if (chunk.count() == 0) slot.Reset();
}

}  // namespace

// Of a state of the past, one value is found in the history without making the chunk it is in.

Value PropertyOf(const Root& root, NodeId node, KeyId key) {
  const Column* column = root.FindNodeColumn(key);
  if (root.moment != nullptr && column != nullptr && !column->IsAtHand(BlockOf(node))) {
    return root.moment->ValueOf(node, key);
  }
  return ValueAt(column, schema::Raw(node));
}

Value PropertyOf(const Root& root, TypeId type, EdgeId edge, KeyId key) {
  const TypeImage* image = root.FindType(type);
  if (image == nullptr) return Value::Null();
  const Column* column = image->FindColumn(key);
  if (root.moment != nullptr && column != nullptr &&
      !column->IsAtHand(schema::Raw(edge) / kBlockSize)) {
    return root.moment->ValueOf(type, edge, key);
  }
  return ValueAt(column, schema::Raw(edge));
}

std::vector<RelationshipRef> AttachedTo(const View& view, NodeId node) {
  std::vector<RelationshipRef> attached;
  for (std::uint32_t raw = 0; raw < view.catalog().type_count(); ++raw) {
    const TypeId type{static_cast<std::uint16_t>(raw)};
    const Slice out = view.Neighbours(type, Direction::kOut, node);
    for (std::uint32_t i = 0; i < out.size; ++i) {
      attached.push_back({type, out.edges[i], node, out.nodes[i]});
    }
    const Slice in = view.Neighbours(type, Direction::kIn, node);
    for (std::uint32_t i = 0; i < in.size; ++i) {
      if (in.nodes[i] != node) attached.push_back({type, in.edges[i], in.nodes[i], node});
    }
  }
  return attached;
}

bool HasEdge(const Root& root, const RelationshipRef& ref) {
  const TypeImage* image = root.FindType(ref.type);
  if (image == nullptr || !image->adjacency[0]) return false;
  const Slice out = FindSlice(*image->adjacency[0], ref.source);
  if (out.size == 0) return false;
  // The shorter list of the two ends answers for both.
  if (out.size > 16) {
    const Slice in = FindSlice(*image->adjacency[1], ref.target);
    if (in.size < out.size) return FindInSlice(in, ref.source, ref.edge) != kNotFound;
  }
  return FindInSlice(out, ref.target, ref.edge) != kNotFound;
}

TypeImage& Editor::EditType(TypeId type) {
  Root& root = Edit();
  const std::uint32_t raw = schema::Raw(type);
  if (raw >= root.types.size()) root.types.resize(raw + 1);
  return root.types[raw].Edit();
}

LabelSetId Editor::Intern(std::span<const LabelId> labels) {
  const LabelSetId found = root_->label_sets->Find(labels);
  return found != LabelSets::kNoSet ? found : Edit().label_sets.Edit().Add(labels);
}

void Editor::AddIndex(const schema::IndexDefinition& definition) {
  Root& root = Edit();
  const std::uint32_t raw = schema::Raw(definition.id);
  if (raw >= root.indexes.size()) root.indexes.resize(raw + 1);
  root.indexes[raw].Reset(std::make_shared<Index>(definition.subject));
}

void Editor::DropIndex(IndexId id) {
  Root& root = Edit();
  if (schema::Raw(id) < root.indexes.size()) root.indexes[schema::Raw(id)].Reset();
}

namespace {

/// The entries of an index before and after the change of one of its keys.
template <typename ValueOf>
std::pair<Value, Value> EntriesOf(const Index& index, KeyId key, const Value& after,
                                  ValueOf&& value_of) {
  std::vector<Value> old;
  for (const KeyId each : index.subject().keys) old.push_back(value_of(each));
  std::vector<Value> now = old;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (index.subject().keys[i] == key) now[i] = after;
  }
  return {EntryOf(std::move(old)), EntryOf(std::move(now))};
}

}  // namespace

void Editor::Replace(Cow<Index>* index, std::uint32_t id, const Value& before, const Value& after) {
  if (!(*index)->built()) {
    if (!after.is_null() && (*index)->has_candidates()) {
      index->Edit().Note(NodeId{id});
    } else if (!index->unique() && !(*index)->has_candidates()) {
      index->Reset(std::make_shared<Index>((*index)->subject()));
    }
    return;
  }
  IndexTree& tree = index->Edit().Edit();
  if (!before.is_null()) tree.Erase(before, NodeId{id});
  if (!after.is_null()) tree.Insert(after, NodeId{id});
}

void Editor::Reindex(NodeId node, const LabelSet& labels, KeyId key, const Value& after) {
  // The writer has its root to itself here: callers have edited it already.
  root_->ForEachIndex([&](Cow<Index>& index) {
    if (index->subject().on_relationships || !index->Concerns(key) ||
        !labels.Has(index->subject().label)) {
      return;
    }
    const auto [before, now] =
        EntriesOf(*index, key, after, [&](KeyId each) { return PropertyOf(*root_, node, each); });
    Replace(&index, schema::Raw(node), before, now);
  });
}

void Editor::Reindex(TypeId type, EdgeId edge, KeyId key, const Value& after) {
  root_->ForEachIndex([&](Cow<Index>& index) {
    if (!index->subject().on_relationships || index->subject().type != type ||
        !index->Concerns(key)) {
      return;
    }
    const auto [before, now] = EntriesOf(
        *index, key, after, [&](KeyId each) { return PropertyOf(*root_, type, edge, each); });
    Replace(&index, schema::Raw(edge), before, now);
  });
}

void Editor::CountLabel(NodeId node, LabelId label, std::int64_t by) {
  Root& root = Edit();
  Bump(&root.label_counts, schema::Raw(label), by);
  for (std::size_t t = 0; t < root.types.size(); ++t) {
    for (const Direction direction : {Direction::kOut, Direction::kIn}) {
      const std::size_t side = Side(direction);
      if (!root.types[t] || !root.types[t]->adjacency[side]) continue;
      const std::uint32_t degree = FindSlice(*root.types[t]->adjacency[side], node).size;
      if (degree == 0) continue;
      Bump(&root.types[t].Edit().label_counts[side], schema::Raw(label), by * std::int64_t{degree});
    }
  }
  root.ForEachIndex([&](Cow<Index>& index) {
    if (!index->Concerns(label)) return;
    std::vector<Value> values;
    for (const KeyId key : index->subject().keys) values.push_back(PropertyOf(root, node, key));
    const Value entry = EntryOf(std::move(values));
    if (entry.is_null()) return;
    Replace(&index, schema::Raw(node), by < 0 ? entry : Value(), by < 0 ? Value() : entry);
  });
}

bool Editor::InsertNode(NodeId node, std::span<const LabelId> labels) {
  if (root_->Exists(node)) return false;
  if (watch_ != nullptr) watch_->nodes.push_back(node);
  const LabelSetId set = Intern(labels);
  Root& root = Edit();
  const std::uint32_t block = BlockOf(node);
  root.nodes.Slot(block).Edit().Insert(RowOf(node), set);
  root.block_count = std::max(root.block_count, block + 1);
  ++root.node_count;
  for (const LabelId label : labels) Bump(&root.label_counts, schema::Raw(label), 1);
  return true;
}

void Editor::MarkUsed(NodeId node) {
  Root& root = Edit();
  const std::uint32_t block = BlockOf(node);
  root.nodes.Slot(block).Edit().MarkUsed(RowOf(node) + 1);
  root.block_count = std::max(root.block_count, block + 1);
}

void Editor::MarkUsed(TypeId type, EdgeId edge) {
  TypeImage& image = EditType(type);
  image.edge_limit = std::max(image.edge_limit, schema::Raw(edge) + 1);
}

bool Editor::RemoveNode(NodeId node) {
  const LabelSet* labels = root_->LabelsOf(node);
  if (labels == nullptr) return false;
  if (watch_ != nullptr) watch_->nodes.push_back(node);
  Root& root = Edit();
  for (const LabelId label : labels->labels()) Bump(&root.label_counts, schema::Raw(label), -1);
  root.nodes.Slot(BlockOf(node)).Edit().Remove(RowOf(node));
  --root.node_count;
  return true;
}

bool Editor::SetLabels(NodeId node, std::span<const LabelId> labels) {
  const LabelSet* former = root_->LabelsOf(node);
  if (former == nullptr) return false;
  const std::vector<LabelId> old(former->labels().begin(), former->labels().end());
  if (std::equal(old.begin(), old.end(), labels.begin(), labels.end())) return false;
  if (watch_ != nullptr) watch_->nodes.push_back(node);
  const LabelSetId set = Intern(labels);
  Edit().nodes.Slot(BlockOf(node)).Edit().Change(RowOf(node), set);
  for (const LabelId label : old) {
    if (!std::binary_search(labels.begin(), labels.end(), label)) CountLabel(node, label, -1);
  }
  for (const LabelId label : labels) {
    if (!std::binary_search(old.begin(), old.end(), label)) CountLabel(node, label, 1);
  }
  return true;
}

void Editor::CountEdge(TypeImage* image, const RelationshipRef& ref, std::int64_t by) {
  image->count += static_cast<std::uint64_t>(by);
  const std::array<NodeId, 2> ends{ref.source, ref.target};
  for (std::size_t side = 0; side < 2; ++side) {
    const LabelSet* labels = root_->LabelsOf(ends[side]);
    KB_ASSERT(labels != nullptr);
    for (const LabelId label : labels->labels()) {
      Bump(&image->label_counts[side], schema::Raw(label), by);
    }
  }
}

bool Editor::InsertEdge(const RelationshipRef& ref) {
  TypeImage& image = EditType(ref.type);
  // An id that was never used cannot be there: only replay brings others.
  if (schema::Raw(ref.edge) < image.edge_limit && HasEdge(*root_, ref)) return false;
  if (watch_ != nullptr) watch_->edges.push_back(ref);
  image.edge_limit = std::max(image.edge_limit, schema::Raw(ref.edge) + 1);
  const auto append = [&](std::size_t side, NodeId node, NodeId other) {
    Leaf& leaf = image.adjacency[side].Edit().Slot(LeafOf(node)).Edit();
    if (isolated_) leaf.Isolate(LeafRow(node));
    leaf.Append(LeafRow(node), other, ref.edge);
  };
  append(0, ref.source, ref.target);
  append(1, ref.target, ref.source);
  CountEdge(&image, ref, 1);
  return true;
}

bool Editor::RemoveEdge(const RelationshipRef& ref) {
  if (!HasEdge(*root_, ref)) return false;
  if (watch_ != nullptr) watch_->edges.push_back(ref);
  TypeImage& image = EditType(ref.type);
  const std::array<std::pair<NodeId, NodeId>, 2> ends{std::pair{ref.source, ref.target},
                                                      std::pair{ref.target, ref.source}};
  for (std::size_t side = 0; side < 2; ++side) {
    const auto [node, other] = ends[side];
    Leaf& leaf = image.adjacency[side].Edit().Slot(LeafOf(node)).Edit();
    leaf.Remove(LeafRow(node), FindInSlice(leaf[LeafRow(node)], other, ref.edge));
  }
  CountEdge(&image, ref, -1);
  return true;
}

bool Editor::SetProperty(NodeId node, KeyId key, const Value& value) {
  const Column* column = root_->FindNodeColumn(key);
  const std::uint32_t id = schema::Raw(node);
  if (value.is_null() && !HasValue(column, id)) return false;
  if (watch_ != nullptr) watch_->nodes.push_back(node);
  Root& root = Edit();
  const std::uint32_t raw = schema::Raw(key);
  if (root.HasIndexes()) {
    if (const LabelSet* labels = root.LabelsOf(node)) {
      Reindex(node, *labels, key, value);
    }
  }
  if (raw >= root.node_columns.size()) root.node_columns.resize(raw + 1);
  SetValue(root.node_columns[raw].Edit(), id, value, isolated_);
  return true;
}

bool Editor::SetProperty(TypeId type, EdgeId edge, KeyId key, const Value& value) {
  const TypeImage* image = root_->FindType(type);
  const Column* column = image == nullptr ? nullptr : image->FindColumn(key);
  if (value.is_null() && !HasValue(column, schema::Raw(edge))) return false;
  if (watch_ != nullptr) watch_->values.emplace_back(type, edge);
  Edit();
  if (root_->HasIndexes()) Reindex(type, edge, key, value);
  SetValue(EditType(type).EditColumn(key), schema::Raw(edge), value, isolated_);
  return true;
}

}  // namespace kb::storage
