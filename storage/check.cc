// Check: everything that must hold, counted again from nothing.
//
// In the image: every relationship has both ends, once, in ascending order where it says so; labels
// and counters agree with a recount; no property belongs to what does not exist; every built index
// holds what a scan finds; nothing breaks a constraint. On disk: every part, read again, is what
// the image would write.
#include <algorithm>
#include <bit>
#include <map>
#include <tuple>
#include <utility>

#include "schema/order.h"
#include "storage/catalog_store.h"
#include "storage/check_evidence.h"
#include "storage/column.h"
#include "storage/constraint.h"
#include "storage/dump.h"
#include "storage/image/editor.h"
#include "storage/store_impl.h"

namespace kb::storage {

namespace {

class Checker {
 public:
  Checker(const Root& root, const Cancellation* cancellation, CheckReport* report)
      : root_(root), cancellation_(cancellation), report_(report) {}

  Result<void> Run() {
    KB_TRY(Nodes());
    for (std::size_t raw = 0; raw < root_.types.size(); ++raw) {
      if (!root_.types[raw]) continue;
      KB_TRY(Relationships(TypeId{static_cast<std::uint16_t>(raw)}, *root_.types[raw]));
    }
    KB_TRY(NodeProperties());
    KB_TRY(Indexes());
    // Constraints are kept by records, which need not differ where nodes are one.
    if (!root_.records) KB_TRY(Constraints());
    return root_.health->Get();
  }

 private:
  template <typename... Args>
  void Find(fmt::format_string<Args...> format, Args&&... args) {
    if (report_->findings.size() >= kFindingsMax) return;
    report_->findings.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
  Result<void> Pause() const {
    return cancellation_ == nullptr ? Result<void>() : cancellation_->Check();
  }
  void SameCounts(std::string_view what, const std::vector<std::uint64_t>& counted,
                  const std::vector<std::uint64_t>& kept) {
    for (std::uint32_t i = 0; i < std::max(counted.size(), kept.size()); ++i) {
      if (CountAt(counted, i) == CountAt(kept, i)) continue;
      Find("the counter of {} for label {} says {}, but there are {}", what, i, CountAt(kept, i),
           CountAt(counted, i));
    }
  }

  /// A node that appears as another keeps its values.
  bool HasRecord(NodeId node) const {
    return root_.records ? root_.records->Exists(node) : root_.Exists(node);
  }

  Result<void> Nodes();
  Result<void> Relationships(TypeId type, const TypeImage& image);
  void Ends(TypeId type, const TypeImage& image);
  void Loose(std::string_view what, const Column& chunks, const std::vector<bool>* exists);
  Result<void> NodeProperties();
  Result<void> Indexes();
  Result<void> Constraints();

  const Root& root_;
  const Cancellation* cancellation_;
  CheckReport* report_;
};

Result<void> Checker::Nodes() {
  std::vector<std::uint64_t> labels;
  root_.nodes.ForEach([&](std::uint32_t number, const NodeBlock& block) {
    if (number >= root_.block_count) Find("block {} lies behind the last block", number);
    std::map<LabelSetId, std::uint32_t> sets;
    for (std::uint32_t row = 0; row < kBlockSize; ++row) {
      if (!block.Exists(row)) continue;
      if (row >= block.used())
        Find("node {} has an id that was not handed out", number * kBlockSize + row);
      ++sets[block.SetOf(row)];
      ++report_->node_count;
      for (const LabelId label : (*root_.label_sets)[block.SetOf(row)].labels()) {
        Bump(&labels, schema::Raw(label), 1);
      }
    }
    std::map<LabelSetId, std::uint32_t> kept(block.sets().begin(), block.sets().end());
    if (sets != kept) Find("block {} miscounts its label sets", number);
  });
  if (labels.size() > root_.catalog->label_count()) Find("a node has a label without a name");
  if (report_->node_count != root_.node_count) {
    Find("the counter of nodes says {}, but there are {}", root_.node_count, report_->node_count);
  }
  SameCounts("nodes", labels, root_.label_counts);
  return Pause();
}

void Checker::Ends(TypeId type, const TypeImage& image) {
  // Every entry of one direction as (edge, source, target): both directions must give the same.
  using Entry = std::tuple<EdgeId, NodeId, NodeId>;
  std::array<std::vector<Entry>, 2> entries;
  std::array<std::vector<std::uint64_t>, 2> labels;
  for (const Direction direction : {Direction::kOut, Direction::kIn}) {
    const std::size_t side = Side(direction);
    if (!image.adjacency[side]) continue;
    image.adjacency[side]->ForEach([&](std::uint32_t number, const Leaf& leaf) {
      for (std::uint32_t row = 0; row < kLeafNodes; ++row) {
        const Slice& list = leaf[row];
        const NodeId node{number * kLeafNodes + row};
        if (list.size != 0 && !root_.Exists(node)) {
          Find("node {} does not exist but has relationships of type {}", schema::Raw(node),
               root_.catalog->Name(type));
          continue;
        }
        for (std::uint32_t i = 0; i < list.size; ++i) {
          const bool out = direction == Direction::kOut;
          entries[side].emplace_back(list.edges[i], out ? node : list.nodes[i],
                                     out ? list.nodes[i] : node);
          if (i != 0 && i < list.sorted &&
              std::pair(list.nodes[i - 1], list.edges[i - 1]) >=
                  std::pair(list.nodes[i], list.edges[i])) {
            Find("the neighbours of node {} are out of order", schema::Raw(node));
          }
        }
        if (list.size == 0) continue;
        for (const LabelId label : root_.LabelsOf(node)->labels()) {
          Bump(&labels[side], schema::Raw(label), list.size);
        }
      }
    });
    std::sort(entries[side].begin(), entries[side].end());
  }
  const std::string_view name = root_.catalog->Name(type);
  if (entries[0] != entries[1]) {
    std::vector<Entry> odd;
    std::set_symmetric_difference(entries[0].begin(), entries[0].end(), entries[1].begin(),
                                  entries[1].end(), std::back_inserter(odd));
    for (const auto& [edge, source, target] : odd) {
      Find("relationship {} of type {} from {} to {} is known at one end only", schema::Raw(edge),
           name, schema::Raw(source), schema::Raw(target));
    }
  }
  for (std::size_t i = 1; i < entries[0].size(); ++i) {
    if (std::get<0>(entries[0][i - 1]) != std::get<0>(entries[0][i])) continue;
    Find("two relationships of type {} have the id {}", name,
         schema::Raw(std::get<0>(entries[0][i])));
  }
  if (!entries[0].empty() && schema::Raw(std::get<0>(entries[0].back())) >= image.edge_limit) {
    Find("a relationship of type {} has an id that was not handed out", name);
  }
  if (entries[0].size() != image.count) {
    Find("the counter of relationships of type {} says {}, but there are {}", name, image.count,
         entries[0].size());
  }
  report_->relationship_count += entries[0].size();
  SameCounts("sources", labels[0], image.label_counts[0]);
  SameCounts("targets", labels[1], image.label_counts[1]);
  std::vector<bool> exists(image.edge_limit);
  for (const Entry& entry : entries[0]) {
    if (schema::Raw(std::get<0>(entry)) < exists.size())
      exists[schema::Raw(std::get<0>(entry))] = true;
  }
  for (const auto& [key, column] : image.columns) {
    Loose(root_.catalog->Name(key), *column, &exists);
  }
}

Result<void> Checker::Relationships(TypeId type, const TypeImage& image) {
  if (schema::Raw(type) >= root_.catalog->type_count()) {
    Find("type {} has no name", schema::Raw(type));
    return {};
  }
  Ends(type, image);
  return Pause();
}

void Checker::Loose(std::string_view what, const Column& chunks, const std::vector<bool>* exists) {
  chunks.ForEach([&](std::uint32_t block, const Chunk& chunk) {
    std::uint32_t count = 0;
    for (std::uint32_t row = 0; row < chunk.rows(); ++row) {
      if (!chunk.Has(row)) continue;
      ++count;
      const std::uint32_t id = block * kBlockSize + row;
      const bool there =
          exists == nullptr ? HasRecord(NodeId{id}) : id < exists->size() && (*exists)[id];
      if (!there) Find("property {} has a value for {}, which does not exist", what, id);
    }
    if (count != chunk.count()) Find("block {} of property {} miscounts its values", block, what);
  });
}

Result<void> Checker::NodeProperties() {
  for (std::size_t raw = 0; raw < root_.node_columns.size(); ++raw) {
    if (!root_.node_columns[raw]) continue;
    const KeyId key{static_cast<std::uint32_t>(raw)};
    Loose(root_.catalog->Name(key), *root_.node_columns[raw], nullptr);
    KB_TRY(Pause());
  }
  return {};
}

Result<void> Checker::Indexes() {
  for (const schema::IndexDefinition& definition : root_.catalog->indexes()) {
    const Index* index = root_.FindIndex(definition.id);
    if (index == nullptr || index->subject() != definition.subject) {
      Find("index {} is defined but not there", definition.name);
      continue;
    }
    if (!index->built()) continue;  // It will hold what a scan finds when it is first asked.
    std::vector<IndexEntry> wanted = CollectEntries(root_, definition.subject);
    std::size_t at = 0;
    bool same = true;
    index->Tree(root_).Walk([](const IndexEntry&) { return false; },
                            [&](const IndexEntry& entry) {
                              same = same && at < wanted.size() && entry.node == wanted[at].node &&
                                     schema::Equivalent(entry.value, wanted[at].value);
                              ++at;
                              return same;
                            });
    if (!same || at != wanted.size())
      Find("index {} does not hold what a scan finds", definition.name);
    KB_TRY(Pause());
  }
  return {};
}

Result<void> Checker::Constraints() {
  for (const schema::ConstraintDefinition& constraint : root_.catalog->constraints()) {
    const Result<void> kept = VerifyConstraint(root_, constraint);
    if (!kept.ok()) Find("{}", kept.error().message());
    KB_TRY(Pause());
  }
  return {};
}

}  // namespace

namespace {

/// Records, evidence, and the graph that is made of both.
Result<void> CheckImage(const std::shared_ptr<const Root>& root, const Root& seen,
                        const Cancellation* cancellation, CheckReport* report) {
  KB_TRY(Checker(*root, cancellation, report).Run());
  KB_TRY(CheckEvidence(*root, &report->findings));
  KB_TRY(CheckHistory(*root, &report->findings));
  if (&seen == root.get()) return {};
  CheckReport joined;
  KB_TRY(Checker(seen, cancellation, &joined).Run());
  for (const std::string& finding : joined.findings) {
    if (report->findings.size() < kFindingsMax) report->findings.push_back("joined: " + finding);
  }
  return CheckIdentity(seen, cancellation, &report->findings);
}

}  // namespace

Result<CheckReport> StoreImpl::Check(const Cancellation* cancellation) {
  CheckReport report;
  if (!disk_ || options_.read_only) {
    const auto root = committer_.Present();
    KB_TRY(CheckImage(root, *identify_(root), cancellation, &report));
    if (disk_) KB_TRY(disk_->CompareEvidence(*root, &report.findings));
    return report;
  }
  // With the turn, and the delta folded, image and disk stand still side by side.
  KB_ASSIGN(const std::shared_ptr<const Root> root, TakeTurn(cancellation));
  const auto compare = [&]() -> Result<void> {
    KB_TRY(FoldInTurn(root));
    KB_TRY(CheckImage(root, *identify_(root), cancellation, &report));
    KB_TRY(committer_.Drain());
    KB_TRY(disk_->CompareEvidence(*root, &report.findings));
    return disk_->Compare(*root, cancellation, &report.findings);
  };
  const Result<void> outcome = compare();
  committer_.GiveTurn();
  if (!outcome.ok()) return outcome.error();
  return report;
}

Touched AllParts(const Root& root) {
  Touched all;
  const auto chunks = [](const Column& column, auto add) {
    column.ForEach([&](std::uint32_t block, const Chunk&) { add(block); });
  };
  for (std::size_t raw = 0; raw < root.types.size(); ++raw) {
    if (!root.types[raw]) continue;
    const TypeId type{static_cast<std::uint16_t>(raw)};
    for (const Direction direction : {Direction::kOut, Direction::kIn}) {
      const Cow<Adjacency>& adjacency = root.types[raw]->adjacency[Side(direction)];
      if (!adjacency) continue;
      adjacency->ForEach([&](std::uint32_t leaf, const Leaf& lists) {
        if (!lists.empty()) all.leaves.insert({type, direction, leaf});
      });
    }
    for (const auto& entry : root.types[raw]->columns) {
      const KeyId key = entry.first;
      chunks(*entry.second, [&](std::uint32_t block) {
        all.edge_chunks.insert({type, key, block});
      });
    }
  }
  for (std::size_t raw = 0; raw < root.node_columns.size(); ++raw) {
    if (!root.node_columns[raw]) continue;
    const KeyId key{static_cast<std::uint32_t>(raw)};
    chunks(*root.node_columns[raw], [&](std::uint32_t block) {
      all.node_chunks.insert({key, block});
    });
  }
  root.nodes.ForEach(
      [&](std::uint32_t block, const NodeBlock&) { all.label_blocks.insert(block); });
  return all;
}

Result<void> Disk::Compare(const Root& root, const Cancellation* cancellation,
                           std::vector<std::string>* findings) {
  const Touched all = AllParts(root);
  KB_TRY(root.health->Get());
  Parts parts = EncodeParts(root, all);
  std::sort(parts.begin(), parts.end());
  const auto differs = [&](std::string_view key, std::string_view how) {
    if (findings->size() < kFindingsMax) {
      findings->push_back(fmt::format("{} {}", DumpKey(key), how));
    }
  };
  for (const Family family : {Family::kAdjacency, Family::kColumn}) {
    if (cancellation != nullptr) KB_TRY(cancellation->Check());
    Rocks::Scan scan = rocks_->ScanPrefix(family, {});
    for (; scan.Valid(); scan.Next()) {
      const auto at =
          std::lower_bound(parts.begin(), parts.end(), scan.key(),
                           [](const auto& part, std::string_view key) { return part.first < key; });
      if (at == parts.end() || at->first != scan.key()) {
        differs(scan.key(), "is on disk, but nothing in the image corresponds to it");
      } else if (at->second != scan.value()) {
        differs(scan.key(), "is not on disk what it is in the image");
      } else {
        at->second.clear();
      }
    }
    KB_TRY(scan.status());
  }
  for (const auto& part : parts) {
    if (!part.second.empty()) differs(part.first, "is not on disk as it is in the image");
  }
  KB_ASSIGN(const auto catalog, rocks_->Get(Family::kMeta, MetaKey("catalog")));
  if (catalog && *catalog != EncodeCatalog(*root.catalog)) {
    findings->push_back("the catalog on disk is not that of the image");
  }
  KB_ASSIGN(const auto state, rocks_->Get(Family::kMeta, MetaKey("state")));
  if (state && *state != EncodeState(root)) {
    findings->push_back("the counters on disk are not those of the image");
  }
  return {};
}

}  // namespace kb::storage
