#include "storage/image/index.h"

#include <algorithm>
#include <bit>
#include <compare>
#include <cstdint>
#include <string>
#include <utility>

#include "schema/base/assert.h"
#include "schema/edtf.h"
#include "schema/order.h"
#include "storage/image/editor.h"
#include "storage/image/root.h"

namespace kb::storage {

namespace {

bool Less(const IndexEntry& a, const Value& value, NodeId node) {
  const std::weak_ordering order = schema::Order(a.value, value);
  return order < 0 || (order == 0 && a.node < node);
}

/// Values of one group compare with each other; groups are contiguous in schema::Order.
int GroupOf(const Value& value) {
  return value.is_number() ? static_cast<int>(schema::Kind::kInteger)
                           : static_cast<int>(value.kind());
}

}  // namespace

template <typename Before>
IndexTree::Place IndexTree::Find(const Before& before) const {
  Place place;
  const auto group = std::partition_point(groups_.begin(), groups_.end(), [&](const auto& g) {
    return before(g->leaves.back()->entries.back());
  });
  place.group = static_cast<std::size_t>(group - groups_.begin());
  if (group == groups_.end()) return place;
  const auto& leaves = (*group)->leaves;
  const auto leaf = std::partition_point(leaves.begin(), leaves.end(),
                                         [&](const auto& l) { return before(l->entries.back()); });
  place.leaf = static_cast<std::size_t>(leaf - leaves.begin());
  const auto& entries = (*leaf)->entries;
  place.entry = static_cast<std::size_t>(
      std::partition_point(entries.begin(), entries.end(), before) - entries.begin());
  return place;
}

void IndexTree::Assign(std::vector<IndexEntry> entries) {
  // Leaves are left a quarter empty so that the first inserts do not split every one of them.
  constexpr std::size_t kFill = kLeafMax * 3 / 4;
  constexpr std::size_t kGroupFill = kGroupMax * 3 / 4;
  groups_.clear();
  size_ = entries.size();
  distinct_ = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i == 0 || schema::Order(entries[i - 1].value, entries[i].value) != 0) ++distinct_;
  }
  for (std::size_t begin = 0; begin < entries.size(); begin += kFill) {
    if (groups_.empty() || groups_.back()->leaves.size() == kGroupFill) groups_.emplace_back();
    auto leaf = std::make_shared<Leaf>();
    const std::size_t end = std::min(entries.size(), begin + kFill);
    leaf->entries.reserve(kLeafMax);
    for (std::size_t i = begin; i < end; ++i) leaf->entries.push_back(std::move(entries[i]));
    groups_.back().Edit().leaves.emplace_back(std::move(leaf));
  }
}

bool IndexTree::HasNeighbour(const Place& place, const Value& value) const {
  if (place.group < groups_.size()) {
    const auto& entries = groups_[place.group]->leaves[place.leaf]->entries;
    if (schema::Order(entries[place.entry].value, value) == 0) return true;
    if (place.entry > 0) return schema::Order(entries[place.entry - 1].value, value) == 0;
    if (place.leaf > 0) {
      const auto& former = groups_[place.group]->leaves[place.leaf - 1]->entries;
      return schema::Order(former.back().value, value) == 0;
    }
  }
  if (place.group == 0) return false;
  return schema::Order(groups_[place.group - 1]->leaves.back()->entries.back().value, value) == 0;
}

void IndexTree::Insert(const Value& value, NodeId node) {
  Place place = Find([&](const IndexEntry& entry) { return Less(entry, value, node); });
  if (!HasNeighbour(place, value)) ++distinct_;
  ++size_;
  if (place.group == groups_.size()) {
    if (groups_.empty()) {
      groups_.emplace_back();
      groups_.back().Edit().leaves.emplace_back();
      groups_.back().Edit().leaves.back().Edit();
    }
    place.group = groups_.size() - 1;
    place.leaf = groups_[place.group]->leaves.size() - 1;
    place.entry = groups_[place.group]->leaves[place.leaf]->entries.size();
  }
  Group& group = groups_[place.group].Edit();
  Leaf& leaf = group.leaves[place.leaf].Edit();
  leaf.entries.insert(leaf.entries.begin() + static_cast<std::ptrdiff_t>(place.entry),
                      IndexEntry{value, node});
  if (leaf.entries.size() <= kLeafMax) return;
  auto right = std::make_shared<Leaf>();
  // Appending in order is common: then the full leaf stays full.
  const std::size_t keep = place.entry + 1 == leaf.entries.size() ? kLeafMax : kLeafMax / 2;
  const auto cut = leaf.entries.begin() + static_cast<std::ptrdiff_t>(keep);
  right->entries.assign(std::make_move_iterator(cut), std::make_move_iterator(leaf.entries.end()));
  leaf.entries.erase(cut, leaf.entries.end());
  group.leaves.insert(group.leaves.begin() + static_cast<std::ptrdiff_t>(place.leaf + 1),
                      Cow<Leaf>(std::move(right)));
  if (group.leaves.size() <= kGroupMax) return;
  auto half = std::make_shared<Group>();
  const auto middle = group.leaves.begin() + kGroupMax / 2;
  half->leaves.assign(middle, group.leaves.end());
  group.leaves.erase(middle, group.leaves.end());
  groups_.insert(groups_.begin() + static_cast<std::ptrdiff_t>(place.group + 1),
                 Cow<Group>(std::move(half)));
}

void IndexTree::Erase(const Value& value, NodeId node) {
  const Place place = Find([&](const IndexEntry& entry) { return Less(entry, value, node); });
  if (place.group == groups_.size()) return;
  const IndexEntry& found = groups_[place.group]->leaves[place.leaf]->entries[place.entry];
  if (found.node != node || schema::Order(found.value, value) != 0) return;
  Group& group = groups_[place.group].Edit();
  Leaf& leaf = group.leaves[place.leaf].Edit();
  leaf.entries.erase(leaf.entries.begin() + static_cast<std::ptrdiff_t>(place.entry));
  --size_;
  if (leaf.entries.empty()) {
    group.leaves.erase(group.leaves.begin() + static_cast<std::ptrdiff_t>(place.leaf));
    if (group.leaves.empty()) {
      groups_.erase(groups_.begin() + static_cast<std::ptrdiff_t>(place.group));
    }
  }
  const Place after = Find([&](const IndexEntry& entry) { return Less(entry, value, node); });
  if (!HasNeighbour(after, value)) --distinct_;
}

template <typename Before, typename Visit>
void IndexTree::WalkDirectly(const Before& before, const Visit& visit) const {
  const Place start = Find(before);
  std::size_t leaf_at = start.leaf;
  std::size_t entry_at = start.entry;
  for (std::size_t g = start.group; g < groups_.size(); ++g, leaf_at = 0) {
    const auto& leaves = groups_[g]->leaves;
    for (std::size_t l = leaf_at; l < leaves.size(); ++l, entry_at = 0) {
      const auto& entries = leaves[l]->entries;
      for (std::size_t e = entry_at; e < entries.size(); ++e) {
        if (!visit(entries[e])) return;
      }
    }
  }
}

void IndexTree::Walk(const std::function<bool(const IndexEntry&)>& before,
                     const std::function<bool(const IndexEntry&)>& visit) const {
  WalkDirectly(before, visit);
}

bool Index::Concerns(KeyId key) const {
  return std::find(subject_.keys.begin(), subject_.keys.end(), key) != subject_.keys.end();
}

Value EntryOf(std::vector<Value> values) {
  if (values.size() == 1) return std::move(values[0]);
  const bool whole = std::none_of(values.begin(), values.end(),
                                  [](const Value& value) { return value.is_null(); });
  return whole ? Value::List(std::move(values)) : Value();
}

namespace {

/// Completes the entry that begins with the value of the first key, found in a chunk.
template <typename ValueOf>
void AddEntry(const schema::Subject& subject, Value first, std::uint32_t id, ValueOf&& value_of,
              std::vector<IndexEntry>* entries) {
  if (subject.keys.size() > 1) {
    std::vector<Value> values{std::move(first)};
    for (std::size_t i = 1; i < subject.keys.size(); ++i) {
      values.push_back(value_of(subject.keys[i]));
    }
    first = EntryOf(std::move(values));
    if (first.is_null()) return;
  }
  entries->push_back({std::move(first), NodeId{id}});
}

/// Calls `visit` with the rows of a chunk that have a value and are in `among` (nullptr: all).
template <typename Visit>
void ForEachRow(const Chunk& chunk, const std::uint64_t* among, Visit&& visit) {
  for (std::uint32_t word = 0; word < (chunk.rows() + 63) / 64; ++word) {
    const std::uint64_t wanted =
        chunk.present()[word] & (among == nullptr ? ~std::uint64_t{0} : among[word]);
    for (std::uint64_t bits = wanted; bits != 0; bits &= bits - 1) {
      visit(word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits)));
    }
  }
}

/// Whether some, and whether all, nodes of a block carry the label.
struct Carries {
  bool any = false;
  bool all = true;
};
Carries BlockCarries(const LabelSets& sets, const NodeBlock& nodes, LabelId label) {
  Carries carries;
  for (const auto& entry : nodes.sets()) {
    const bool has = sets[entry.first].Has(label);
    carries.any = carries.any || has;
    carries.all = carries.all && has;
  }
  return carries;
}

void CollectNodes(const Root& root, const schema::Subject& subject,
                  std::vector<IndexEntry>* entries) {
  const Column* column = root.FindNodeColumn(subject.keys[0]);
  if (column == nullptr) return;
  const LabelSets& sets = *root.label_sets;
  // Blocks without the label are passed over, so that their values need not be read at all.
  for (std::uint32_t block = 0; block < root.block_count; ++block) {
    const NodeBlock* nodes = root.nodes.Find(block);
    if (nodes == nullptr) continue;
    const Carries carries = BlockCarries(sets, *nodes, subject.label);
    const Chunk* chunk = carries.any ? column->Find(block) : nullptr;
    if (chunk == nullptr) continue;
    ForEachRow(*chunk, &nodes->exists()[0], [&](std::uint32_t row) {
      if (!carries.all && !sets[nodes->SetOf(row)].Has(subject.label)) return;
      const std::uint32_t id = block * kBlockSize + row;
      AddEntry(
          subject, chunk->Get(row), id,
          [&](KeyId key) { return PropertyOf(root, NodeId{id}, key); }, entries);
    });
  }
}

void CollectEdges(const Root& root, const schema::Subject& subject,
                  std::vector<IndexEntry>* entries) {
  const TypeImage* image = root.FindType(subject.type);
  const Column* column = image == nullptr ? nullptr : image->FindColumn(subject.keys[0]);
  if (column == nullptr) return;
  for (std::uint32_t block = 0; block * kBlockSize < image->edge_limit; ++block) {
    const Chunk* chunk = column->Find(block);
    if (chunk == nullptr) continue;
    ForEachRow(*chunk, nullptr, [&](std::uint32_t row) {
      const std::uint32_t id = block * kBlockSize + row;
      AddEntry(
          subject, chunk->Get(row), id,
          [&](KeyId key) { return PropertyOf(root, subject.type, EdgeId{id}, key); }, entries);
    });
  }
}

}  // namespace

std::vector<IndexEntry> CollectEntries(const Root& root, const schema::Subject& subject) {
  std::vector<IndexEntry> entries;
  if (subject.on_relationships) {
    CollectEdges(root, subject, &entries);
  } else {
    CollectNodes(root, subject, &entries);
  }
  return SortedEntries(std::move(entries));
}

std::vector<IndexEntry> SortedEntries(std::vector<IndexEntry> entries) {
  const auto all = [&](auto is) {
    return std::all_of(entries.begin(), entries.end(),
                       [&](const IndexEntry& entry) { return is(entry.value); });
  };
  // The two common sorts of keys compare without going through the order of all values.
  if (all([](const Value& value) { return value.is_integer(); })) {
    std::sort(entries.begin(), entries.end(), [](const IndexEntry& a, const IndexEntry& b) {
      const std::int64_t x = a.value.integer();
      const std::int64_t y = b.value.integer();
      return x != y ? x < y : a.node < b.node;
    });
  } else if (all([](const Value& value) { return value.is_string(); })) {
    std::sort(entries.begin(), entries.end(), [](const IndexEntry& a, const IndexEntry& b) {
      const int order = a.value.string().compare(b.value.string());
      return order != 0 ? order < 0 : a.node < b.node;
    });
  } else {
    std::sort(entries.begin(), entries.end(),
              [](const IndexEntry& a, const IndexEntry& b) { return Less(a, b.value, b.node); });
  }
  return entries;
}

const IndexTree& Index::Tree(const Root& root) const {
  if (!built_.load(std::memory_order_acquire)) {
    const std::lock_guard lock(building_);
    if (!built_.load(std::memory_order_relaxed)) {
      tree_.Assign(CollectEntries(root, subject_));
      built_.store(true, std::memory_order_release);
    }
  }
  return tree_;
}

std::vector<NodeId> Index::Ask(const Root& root, const IndexQuestion& question) const {
  if (candidates_ == nullptr || built()) return question(Tree(root));
  std::vector<NodeId> nodes = candidates_->Ask(question);
  nodes.insert(nodes.end(), edited_.begin(), edited_.end());
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  // The entries that these nodes have are the part of the tree that the question is about.
  std::vector<IndexEntry> entries;
  for (const NodeId node : nodes) {
    const LabelSet* labels = root.LabelsOf(node);
    if (labels == nullptr || !labels->Has(subject_.label)) continue;
    Value value = PropertyOf(root, node, subject_.keys[0]);
    if (!value.is_null()) entries.push_back({std::move(value), node});
  }
  IndexTree tree;
  tree.Assign(SortedEntries(std::move(entries)));
  return question(tree);
}

namespace {

/// Whether a value is known to lie between two bounds.
bool IsInside(const Value& value, const std::optional<Bound>& lower,
              const std::optional<Bound>& upper) {
  const auto in_order = [](const Value& a, const Value& b, bool inclusive) {
    return (inclusive ? schema::AtMost(a, b) : schema::Less(a, b)) == schema::Truth(true);
  };
  if (lower && !in_order(lower->value, value, lower->inclusive)) return false;
  return !upper || in_order(value, upper->value, upper->inclusive);
}

/// Entries of one kind of moment. Uncertain dates ascend by their earliest moment, so those before
/// the lower bound's and behind the upper bound's are never read.
template <typename Test>
void AddMoments(const IndexTree& tree, schema::Kind kind, const std::optional<Bound>& lower,
                const std::optional<Bound>& upper, const Test& test, std::vector<NodeId>* nodes) {
  const Value first = [&] {
    if (kind == schema::Kind::kDateTime) return Value::Of(schema::DateTime{INT64_MIN, 0, 0, {}});
    if (kind == schema::Kind::kLocalDateTime) return Value::Of(schema::LocalDateTime{INT64_MIN, 0});
    if (kind == schema::Kind::kDate) return Value::Of(schema::Date{INT64_MIN});
    schema::Edtf least;
    least.begin.earliest =
        lower ? schema::MomentsOf(lower->value).begin.earliest : schema::kEdtfPast;
    least.end.latest = schema::kEdtfPast;
    return Value::Of(std::move(least));
  }();
  const std::int64_t stop =
      upper ? schema::MomentsOf(upper->value).end.latest : schema::kEdtfFuture;
  tree.Walk([&](const IndexEntry& entry) { return schema::Order(entry.value, first) < 0; },
            [&](const IndexEntry& entry) {
              if (entry.value.kind() != kind) return false;
              if (schema::MomentsOf(entry.value).begin.earliest > stop) return false;
              if (test(entry.value)) nodes->push_back(entry.node);
              return true;
            });
}

/// Kinds of moments whose values a probe of this kind is compared with.
std::vector<schema::Kind> ComparedKinds(const Value& probe) {
  if (!probe.is_edtf()) return {schema::Kind::kEdtf};
  return {schema::Kind::kEdtf, schema::Kind::kDate, schema::Kind::kLocalDateTime,
          schema::Kind::kDateTime};
}

}  // namespace

std::vector<NodeId> SeekIndex(const IndexTree& tree, const Value& value) {
  std::vector<NodeId> nodes;
  if (value.is_null()) return nodes;
  if (schema::IsMoment(value)) {
    const Bound bound{value, true};
    for (const schema::Kind kind : ComparedKinds(value)) {
      const auto equals = [&](const Value& other) {
        return schema::Equal(other, value) == schema::Truth(true);
      };
      AddMoments(tree, kind, bound, bound, equals, &nodes);
    }
    std::sort(nodes.begin(), nodes.end());
    if (value.is_edtf()) return nodes;
  }
  tree.WalkDirectly([&](const IndexEntry& entry) { return schema::Order(entry.value, value) < 0; },
                    [&](const IndexEntry& entry) {
                      if (schema::Order(entry.value, value) != 0) return false;
                      if (schema::Equal(entry.value, value) == schema::Truth(true)) {
                        nodes.push_back(entry.node);
                      }
                      return true;
                    });
  return nodes;
}

std::vector<NodeId> RangeOfIndex(const IndexTree& tree, const std::optional<Bound>& lower,
                                 const std::optional<Bound>& upper) {
  std::vector<NodeId> nodes;
  if (!lower && !upper) return nodes;
  const int group = GroupOf(lower ? lower->value : upper->value);
  const Value& probe = lower ? lower->value : upper->value;
  if (schema::IsMoment(probe)) {
    if (lower && upper && !schema::IsMoment(upper->value)) return nodes;
    const bool by_upper = upper && upper->value.is_edtf();
    const bool uncertain = by_upper || probe.is_edtf();
    for (const schema::Kind kind : ComparedKinds(by_upper ? upper->value : probe)) {
      const auto inside = [&](const Value& value) { return IsInside(value, lower, upper); };
      AddMoments(tree, kind, lower, upper, inside, &nodes);
    }
    if (uncertain) return nodes;
  }
  if (lower && upper && GroupOf(upper->value) != group) return nodes;
  const auto before = [&](const IndexEntry& entry) {
    const bool less = schema::Order(entry.value, probe) < 0;
    return lower ? less : less && GroupOf(entry.value) != group;
  };
  const auto visit = [&](const IndexEntry& entry) {
    if (GroupOf(entry.value) != group) return false;
    if (upper && schema::Order(entry.value, upper->value) > 0) return false;
    // Order finds the place; whether a value is in the range is for comparison to say (NaN is not).
    const auto inside = [&](const Bound& bound, bool above) {
      const auto order = schema::Compare(entry.value, bound.value);
      if (!order) return false;
      if (*order == std::partial_ordering::equivalent) return bound.inclusive;
      return *order == (above ? std::partial_ordering::greater : std::partial_ordering::less);
    };
    if (lower && !inside(*lower, true)) return true;
    if (upper && !inside(*upper, false)) return true;
    nodes.push_back(entry.node);
    return true;
  };
  tree.Walk(before, visit);
  return nodes;
}

std::vector<NodeId> PrefixOfIndex(const IndexTree& tree, std::string_view prefix) {
  std::vector<NodeId> nodes;
  const Value probe = Value::String(prefix);
  tree.Walk([&](const IndexEntry& entry) { return schema::Order(entry.value, probe) < 0; },
            [&](const IndexEntry& entry) {
              if (!entry.value.is_string()) return false;
              if (entry.value.string().substr(0, prefix.size()) != prefix) return false;
              nodes.push_back(entry.node);
              return true;
            });
  return nodes;
}

}  // namespace kb::storage
