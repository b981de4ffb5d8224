// View: reading a root. Every function here is a few table look-ups.
#include <algorithm>
#include <bit>
#include <utility>

#include "storage/graph.h"
#include "storage/image/editor.h"
#include "storage/image/root.h"
#include "storage/moment.h"
#include "storage/spill.h"

namespace kb::storage {

std::shared_ptr<PagedMemory> SpillMemory(const View& view) {
  return view.valid() ? view.root().memory : nullptr;
}

View::View(std::shared_ptr<const Root> root) : root_(std::move(root)) {
  quality_.exact_counts = root_ == nullptr || root_->counting == nullptr;
}

const schema::Catalog& View::catalog() const { return *root_->catalog; }
schema::CatalogRef View::catalog_ref() const { return root_->catalog; }
Result<void> View::Status() const { return root_->health->Get(); }

bool View::ReadsSingly() const { return root_->moment != nullptr; }

bool View::Exists(NodeId id) const { return root_->Exists(id); }

bool View::HasLabel(NodeId id, LabelId label) const {
  const LabelSet* labels = root_->LabelsOf(id);
  return labels != nullptr && labels->Has(label);
}

std::span<const LabelId> View::Labels(NodeId id) const {
  const LabelSet* labels = root_->LabelsOf(id);
  return labels == nullptr ? std::span<const LabelId>() : labels->labels();
}

std::uint32_t View::block_count() const { return root_->block_count; }

bool View::MayMeet(LabelId a, LabelId b) const {
  const LabelSets& sets = *root_->label_sets;
  for (LabelSetId id = 0; id < sets.size(); ++id) {
    if (sets[id].Has(a) && sets[id].Has(b)) return true;
  }
  return false;
}

View::Share View::ShareOf(std::uint32_t block, LabelId label) const {
  const NodeBlock* nodes = root_->nodes.Find(block);
  if (nodes == nullptr || nodes->live() == 0) return Share::kNone;
  bool any = false;
  bool all = true;
  for (const auto& [set, count] : nodes->sets()) {
    const bool has = (*root_->label_sets)[set].Has(label);
    any = any || has;
    all = all && has;
  }
  return all ? Share::kAll : any ? Share::kSome : Share::kNone;
}

std::uint32_t View::ScanBlock(std::uint32_t block, std::optional<LabelId> label,
                              NodeId* out) const {
  const NodeBlock* nodes = root_->nodes.Find(block);
  if (nodes == nullptr || nodes->live() == 0) return 0;
  const LabelSets& sets = *root_->label_sets;
  const Share share = label ? ShareOf(block, *label) : Share::kAll;
  if (share == Share::kNone) return 0;
  const bool all = share == Share::kAll;
  const std::uint32_t first = block * kBlockSize;
  std::uint32_t count = 0;
  for (std::uint32_t word = 0; word < (nodes->used() + 63) / 64; ++word) {
    std::uint64_t bits = nodes->exists()[word];
    if (all && bits == ~std::uint64_t{0}) {
      for (std::uint32_t i = 0; i < 64; ++i) out[count + i] = NodeId{first + word * 64 + i};
      count += 64;
      continue;
    }
    for (; bits != 0; bits &= bits - 1) {
      const std::uint32_t row = word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits));
      if (all || sets[nodes->SetOf(row)].Has(*label)) out[count++] = NodeId{first + row};
    }
  }
  return count;
}

Slice View::Neighbours(TypeId type, Direction direction, NodeId node) const {
  const TypeImage* image = root_->FindType(type);
  if (image == nullptr) return {};
  const Adjacency* adjacency = image->adjacency[Side(direction)].get();
  return adjacency == nullptr ? Slice{} : FindSlice(*adjacency, node);
}

std::uint32_t View::Degree(TypeId type, Direction direction, NodeId node) const {
  if (direction != Direction::kBoth) return Neighbours(type, direction, node).size;
  const Slice out = Neighbours(type, Direction::kOut, node);
  return out.size + Neighbours(type, Direction::kIn, node).size - CountInSlice(out, node);
}

bool View::Exists(const RelationshipRef& ref) const { return HasEdge(*root_, ref); }

std::optional<RelationshipRef> View::FindRelationship(std::uint64_t id) const {
  if ((id >> 32) >= root_->types.size()) return std::nullopt;
  const TypeId type{static_cast<std::uint16_t>(id >> 32)};
  const EdgeId edge{static_cast<std::uint32_t>(id)};
  const TypeImage* image = root_->FindType(type);
  if (image == nullptr || !image->adjacency[0] || schema::Raw(edge) >= image->edge_limit) {
    return std::nullopt;
  }
  std::optional<RelationshipRef> found;
  image->adjacency[0]->ForEach([&](std::uint32_t number, const Leaf& leaf) {
    for (std::uint32_t row = 0; row < kLeafNodes && !found; ++row) {
      const Slice& list = leaf[row];
      for (std::uint32_t i = 0; i < list.size; ++i) {
        if (list.edges[i] != edge) continue;
        found = RelationshipRef{type, edge, NodeId{number * kLeafNodes + row}, list.nodes[i]};
      }
    }
  });
  return found;
}

Value View::Property(NodeId node, KeyId key) const { return PropertyOf(*root_, node, key); }

Value View::Property(const RelationshipRef& ref, KeyId key) const {
  return PropertyOf(*root_, ref.type, ref.edge, key);
}

namespace {

void SortByName(const schema::Catalog& catalog, std::vector<std::pair<KeyId, Value>>* properties) {
  std::sort(properties->begin(), properties->end(), [&](const auto& a, const auto& b) {
    return catalog.Name(a.first) < catalog.Name(b.first);
  });
}

}  // namespace

std::vector<std::pair<KeyId, Value>> View::Properties(NodeId node) const {
  std::vector<std::pair<KeyId, Value>> properties;
  for (std::size_t raw = 0; raw < root_->node_columns.size(); ++raw) {
    const KeyId key{static_cast<std::uint32_t>(raw)};
    Value value = PropertyOf(*root_, node, key);
    if (!value.is_null()) properties.emplace_back(key, std::move(value));
  }
  SortByName(*root_->catalog, &properties);
  return properties;
}

std::vector<std::pair<KeyId, Value>> View::Properties(const RelationshipRef& ref) const {
  std::vector<std::pair<KeyId, Value>> properties;
  const TypeImage* image = root_->FindType(ref.type);
  if (image == nullptr) return properties;
  for (const auto& column : image->columns) {
    Value value = PropertyOf(*root_, ref.type, ref.edge, column.first);
    if (!value.is_null()) properties.emplace_back(column.first, std::move(value));
  }
  SortByName(*root_->catalog, &properties);
  return properties;
}

const ColumnChunk* View::NodeColumn(KeyId key, std::uint32_t block) const {
  const Column* column = root_->FindNodeColumn(key);
  return column == nullptr ? nullptr : column->Find(block);
}

const ColumnChunk* View::EdgeColumn(TypeId type, KeyId key, std::uint32_t block) const {
  const TypeImage* image = root_->FindType(type);
  const Column* column = image == nullptr ? nullptr : image->FindColumn(key);
  return column == nullptr ? nullptr : column->Find(block);
}

// The counters of a state of the past are the present's, and have to be put right.

std::uint64_t View::NodeCount() const {
  return root_->node_count + (root_->counting ? root_->counting->nodes() : 0);
}
std::uint64_t View::NodeCount(LabelId label) const {
  return CountAt(root_->label_counts, schema::Raw(label)) +
         (root_->counting ? root_->counting->nodes(label) : 0);
}

std::uint64_t View::RelationshipCount() const {
  std::uint64_t count = 0;
  for (std::size_t raw = 0; raw < root_->types.size(); ++raw) {
    count += RelationshipCount(TypeId{static_cast<std::uint16_t>(raw)});
  }
  return count;
}

std::uint64_t View::RelationshipCount(TypeId type) const {
  const TypeImage* image = root_->FindType(type);
  if (image == nullptr) return 0;
  return image->count + (root_->counting ? root_->counting->edges(type) : 0);
}

bool View::MayHave(TypeId type) const {
  const TypeImage* image = root_->FindType(type);
  return image != nullptr && (root_->counting ? bool{image->adjacency[0]} : image->count != 0);
}

std::uint64_t View::RelationshipCount(TypeId type, Direction direction, LabelId label) const {
  const TypeImage* image = root_->FindType(type);
  if (image == nullptr) return 0;
  return CountAt(image->label_counts[Side(direction)], schema::Raw(label)) +
         (root_->counting ? root_->counting->edges(type, direction, label) : 0);
}

std::vector<NodeId> View::IndexSeek(IndexId index, const Value& value) const {
  const Index* found = root_->FindIndex(index);
  if (found == nullptr) return {};
  if (!found->has_candidates()) return SeekIndex(found->Tree(*root_), value);
  return found->Ask(*root_, [&](const IndexTree& tree) { return SeekIndex(tree, value); });
}

std::vector<NodeId> View::IndexRange(IndexId index, const std::optional<Bound>& lower,
                                     const std::optional<Bound>& upper) const {
  const Index* found = root_->FindIndex(index);
  if (found == nullptr) return {};
  return found->Ask(*root_,
                    [&](const IndexTree& tree) { return RangeOfIndex(tree, lower, upper); });
}

std::vector<NodeId> View::IndexPrefix(IndexId index, std::string_view prefix) const {
  const Index* found = root_->FindIndex(index);
  if (found == nullptr) return {};
  return found->Ask(*root_, [&](const IndexTree& tree) { return PrefixOfIndex(tree, prefix); });
}

std::uint64_t View::IndexDistinct(IndexId index) const {
  const Index* found = root_->FindIndex(index);
  if (found == nullptr) return 1;
  // An index that nobody has asked yet is taken to be a key of its label.
  const schema::Subject& subject = found->subject();
  const std::uint64_t distinct = found->built()             ? found->Tree(*root_).distinct()
                                 : subject.on_relationships ? RelationshipCount(subject.type)
                                                            : NodeCount(subject.label);
  return std::max<std::uint64_t>(1, distinct);
}

}  // namespace kb::storage
