// The side of a transaction that judges identity, and the way from what queries see to records.
#include <algorithm>
#include <limits>
#include <utility>

#include "storage/history.h"
#include "storage/identity.h"
#include "storage/write.h"

namespace kb::storage {

View TransactionImpl::view() const {
  std::shared_ptr<const Root> records = editor_.Share();
  if (!records->evidence || records->evidence->judgements().empty()) return View(records);
  if (seen_.records == records) return View(seen_.seen);
  const std::shared_ptr<const Clusters> clusters = CurrentClusters();
  seen_ = seen_.clusters == nullptr
              ? Join(std::move(records), clusters)
              : Rejoin(seen_, std::move(records), edits_.From(seen_at_), clusters, moved_);
  seen_at_ = edits_.place();
  moved_.clear();
  return View(seen_.seen);
}

const std::shared_ptr<const Clusters>& TransactionImpl::CurrentClusters() const {
  const Root& root = editor_.root();
  if (clusters_ == nullptr && notes_all_) {
    seen_ = ends_.identify(root.base);
    seen_at_ = {};
    clusters_ = seen_.clusters;
    clustered_ = 0;
    moved_.clear();
  }
  if (clusters_ == nullptr) {
    clusters_ = Clusters::Of(root);
  } else {
    Clusters::Step step =
        Clusters::After(clusters_, root, std::span(edits_.nodes).subspan(clustered_));
    clusters_ = std::move(step.clusters);
    moved_.insert(moved_.end(), step.changed.begin(), step.changed.end());
  }
  clustered_ = edits_.nodes.size();
  return clusters_;
}

/// What was shown is not what the transaction comes from any more.
void TransactionImpl::StartAgain() {
  clusters_ = nullptr;
  seen_ = {};
}

std::vector<NodeId> TransactionImpl::RecordsOf(NodeId node) const {
  const auto& evidence = editor_.root().evidence;
  if (evidence && !evidence->judgements().empty()) {
    const auto members = CurrentClusters()->Members(node);
    if (!members.empty() && members.front() == node) return {members.begin(), members.end()};
  }
  return {node};
}

RelationshipRef TransactionImpl::RecordOf(const RelationshipRef& ref) const {
  const auto& evidence = editor_.root().evidence;
  if (!evidence || evidence->judgements().empty() || HasEdge(editor_.root(), ref)) return ref;
  for (const NodeId source : RecordsOf(ref.source)) {
    for (const NodeId target : RecordsOf(ref.target)) {
      const RelationshipRef record{ref.type, ref.edge, source, target};
      if (HasEdge(editor_.root(), record)) return record;
    }
  }
  return ref;
}

Entity TransactionImpl::RecordOf(const Entity& entity) const {
  return entity.is_relationship ? Entity::Of(RecordOf(entity.relationship)) : entity;
}

RelationshipRef TransactionImpl::AsSeen(const RelationshipRef& ref) const {
  const auto& evidence = editor_.root().evidence;
  if (!evidence || evidence->judgements().empty()) return ref;
  const Clusters& clusters = *CurrentClusters();
  return {ref.type, ref.edge, clusters.Representative(ref.source),
          clusters.Representative(ref.target)};
}

Result<std::int64_t> TransactionImpl::MadeAt(NodeId node) {
  const Root& base = *editor_.root().base;
  // Made by this transaction: later than everything before.
  if (!base.Exists(node)) return std::max(NowMicros(), base.recorded + 1);
  if (!makings_) {
    KB_TRY(ends_.drain());  // What was committed before must be where the history is read from.
    std::vector<Making> makings;
    KB_TRY(base.past->ForEachChange(
        -1, base.recorded, [&](std::int64_t time, const Change& change) -> Result<void> {
          const std::uint32_t first = schema::Raw(change.node);
          if (change.kind == Change::Kind::kNodeMade) makings.push_back({first, 1, time});
          if (change.kind == Change::Kind::kNodesLoaded) {
            makings.push_back({first, static_cast<std::uint32_t>(change.count), time});
          }
          return {};
        }));
    std::sort(makings.begin(), makings.end(),
              [](const Making& a, const Making& b) { return a.first < b.first; });
    makings_ = std::move(makings);
  }
  const std::uint32_t raw = schema::Raw(node);
  const auto after =
      std::upper_bound(makings_->begin(), makings_->end(), raw,
                       [](std::uint32_t id, const Making& making) { return id < making.first; });
  if (after == makings_->begin()) return 0;
  const Making& making = *std::prev(after);
  return raw - making.first < making.count ? making.time : 0;
}

Result<void> TransactionImpl::Judge(bool same, NodeId a, NodeId b, std::string_view because,
                                    std::string_view by) {
  KB_TRY(CheckNode(a));
  KB_TRY(CheckNode(b));
  if (a == b) {
    return ArgumentError("identity is judged of two nodes, but both are node {}", schema::Raw(a))
        .Hint("members of one cluster are found with cluster(n) or in a RAW view");
  }
  if (testimony_ && !editor_.root().Exists(testimony_->source)) {
    return NotFoundError("the source of a judgement does not exist (any more)")
        .Detail("DeletedEntityAccess");
  }
  if (same) {
    if (const auto apart = CurrentClusters()->KeptApartBy(a, b)) {
      const Statement* statement = editor_.root().evidence->Find(*apart);
      const Judgement judgement = JudgementOf(*statement);
      return ConstraintError("judgement {} keeps nodes {} and {} apart{}{}", *apart,
                             schema::Raw(judgement.a), schema::Raw(judgement.b),
                             judgement.because.empty() ? "" : ": ", judgement.because)
          .Detail("DistinctByJudgement")
          .Hint("if it is wrong, WITHDRAW JUDGEMENT first");
    }
  }
  Judgement judgement;
  judgement.same = same;
  judgement.a = a;
  judgement.b = b;
  judgement.because = because;
  judgement.by = by.empty() && testimony_ ? testimony_->by : std::string(by);
  KB_ASSIGN(judgement.made_a, MadeAt(a));
  KB_ASSIGN(judgement.made_b, MadeAt(b));
  auto statement = std::make_shared<Statement>();
  SetJudgement(statement.get(), judgement);
  statement->plain = !testimony_;
  if (testimony_) statement->testimony = *testimony_;
  editor_.Watch(&edits_);
  PutNewStatement(std::move(statement));
  return {};
}

Result<void> TransactionImpl::WithdrawJudgement(std::uint64_t id, std::string_view because) {
  KB_TRY(CheckOpen());
  const auto& evidence = editor_.root().evidence;
  const Statement* found = evidence ? evidence->Find(id) : nullptr;
  if (found == nullptr || !IsJudgement(*found)) {
    return NotFoundError("there is no judgement {}", id)
        .Hint("CALL kb.judgements() lists them, with their numbers");
  }
  if (found->withdrawn != 0) return {};
  EndStatement(*found, because);
  return {};
}

}  // namespace kb::storage
