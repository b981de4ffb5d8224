// The graph of joined nodes beside the records that it was made from.
#include <fmt/format.h>

#include <algorithm>

#include "schema/order.h"
#include "storage/check_evidence.h"
#include "storage/identity.h"
#include "storage/image/editor.h"

namespace kb::storage {

namespace {

class JoinedChecker {
 public:
  JoinedChecker(const Root& joined, const Cancellation* cancellation,
                std::vector<std::string>* findings)
      : joined_(joined),
        records_(*joined.records),
        clusters_(*joined.clusters),
        cancellation_(cancellation),
        findings_(*findings) {}

  Result<void> Run() {
    Counts();
    const View records(joined_.records);
    std::vector<NodeId> nodes(kBlockSize);
    for (std::uint32_t block = 0; block < records.block_count(); ++block) {
      if (cancellation_ != nullptr) KB_TRY(cancellation_->Check());
      const std::uint32_t count = records.ScanBlock(block, std::nullopt, nodes.data());
      for (std::uint32_t i = 0; i < count; ++i) {
        Node(nodes[i]);
        Relationships(records, nodes[i]);
      }
    }
    return {};
  }

 private:
  template <typename... Args>
  void Find(fmt::format_string<Args...> format, Args&&... args) {
    if (findings_.size() >= kFindingsMax) return;
    findings_.push_back("joined: " + fmt::format(format, std::forward<Args>(args)...));
  }

  void Counts() {
    const auto fresh = Clusters::Of(records_);
    if (fresh->lists() != clusters_.lists()) {
      Find("the clusters are not those that the judgements come to");
    }
    std::uint64_t hidden = 0;
    for (const auto& members : clusters_.lists()) hidden += members.size() - 1;
    if (joined_.node_count + hidden != records_.node_count) {
      Find("{} nodes of {} records, of which {} do not appear by themselves", joined_.node_count,
           records_.node_count, hidden);
    }
    for (std::size_t raw = 0; raw < std::max(records_.types.size(), joined_.types.size()); ++raw) {
      const TypeId type{static_cast<std::uint16_t>(raw)};
      const TypeImage* has = joined_.FindType(type);
      const TypeImage* had = records_.FindType(type);
      const std::uint64_t has_count = has == nullptr ? 0 : has->count;
      const std::uint64_t had_count = had == nullptr ? 0 : had->count;
      if (has_count == had_count) continue;
      Find("{} relationships of type {}, but {} are recorded", has_count,
           records_.catalog->Name(type), had_count);
    }
  }

  /// Labels and values: a node's own, then those of the others that are one with it.
  void Node(NodeId node) {
    const std::span<const NodeId> members = clusters_.Members(node);
    if (!members.empty() && members.front() != node) {
      if (joined_.Exists(node))
        Find("node {} appears beside what it is one with", schema::Raw(node));
      return;
    }
    if (!joined_.Exists(node)) return Find("node {} does not appear", schema::Raw(node));
    const NodeId alone[] = {node};
    const std::span<const NodeId> all = members.empty() ? std::span<const NodeId>(alone) : members;
    std::vector<LabelId> labels;
    for (const NodeId member : all) {
      const auto more = records_.LabelsOf(member)->labels();
      labels.insert(labels.end(), more.begin(), more.end());
    }
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    const auto has = joined_.LabelsOf(node)->labels();
    if (!std::equal(labels.begin(), labels.end(), has.begin(), has.end())) {
      Find("node {} has other labels than its records", schema::Raw(node));
    }
    const std::size_t keys = std::max(records_.node_columns.size(), joined_.node_columns.size());
    for (std::size_t raw = 0; raw < keys; ++raw) {
      const KeyId key{static_cast<std::uint32_t>(raw)};
      Value recorded;
      for (std::size_t i = 0; i < all.size() && recorded.is_null(); ++i) {
        recorded = PropertyOf(records_, all[i], key);
      }
      const Value value = PropertyOf(joined_, node, key);
      if (schema::Equivalent(value, recorded)) continue;
      Find("node {} has {} as {}, but its records come to {}", schema::Raw(node), value.ToText(),
           records_.catalog->Name(key), recorded.ToText());
    }
  }

  void Relationships(const View& records, NodeId node) {
    for (const RelationshipRef& ref : AttachedTo(records, node)) {
      if (ref.source != node) continue;
      RelationshipRef seen = ref;
      seen.source = clusters_.Representative(seen.source);
      seen.target = clusters_.Representative(seen.target);
      if (!HasEdge(joined_, seen)) {
        Find("relationship {} does not lead from node {} to node {}", ref.id(),
             schema::Raw(seen.source), schema::Raw(seen.target));
      }
      const TypeImage* image = records_.FindType(ref.type);
      for (const auto& entry : image->columns) {
        const Value recorded = PropertyOf(records_, ref.type, ref.edge, entry.first);
        const Value value = PropertyOf(joined_, ref.type, ref.edge, entry.first);
        if (schema::Equivalent(value, recorded)) continue;
        Find("relationship {} has {} as {}, but {} is recorded", ref.id(), value.ToText(),
             records_.catalog->Name(entry.first), recorded.ToText());
      }
    }
  }

  const Root& joined_;
  const Root& records_;
  const Clusters& clusters_;
  const Cancellation* cancellation_;
  std::vector<std::string>& findings_;
};

}  // namespace

Result<void> CheckIdentity(const Root& joined, const Cancellation* cancellation,
                           std::vector<std::string>* findings) {
  if (!joined.records) return {};
  return JoinedChecker(joined, cancellation, findings).Run();
}

}  // namespace kb::storage
