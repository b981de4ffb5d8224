#include "storage/check_evidence.h"

#include <fmt/format.h>

#include <map>
#include <tuple>

#include "storage/codec.h"
#include "storage/history.h"
#include "storage/image/editor.h"

namespace kb::storage {

namespace {

std::string NameOf(const Entity& entity) {
  return entity.is_relationship ? fmt::format("relationship {}", entity.relationship.id())
                                : fmt::format("node {}", schema::Raw(entity.node));
}

/// What is wrong with one fact, or nothing.
std::string Judge(const Root& root, const Entity& entity, const Fact& fact,
                  const std::vector<const Statement*>& statements) {
  const Value decided = Decide(statements, root.rule).value_or(Value::Null());
  const bool is_there =
      entity.is_relationship ? HasEdge(root, entity.relationship) : root.Exists(entity.node);
  if (fact.kind == FactKind::kExistence) {
    const bool said = decided.is_boolean() && decided.boolean();
    return said && !is_there ? "is stated to exist, but does not" : std::string();
  }
  if (!is_there) return {};
  if (fact.kind == FactKind::kLabel) {
    const bool said = decided.is_boolean() && decided.boolean();
    const bool has =
        root.LabelsOf(entity.node)->Has(LabelId{static_cast<std::uint16_t>(fact.name)});
    return said == has ? std::string() : "does not have the labels that its statements come to";
  }
  const Value held = entity.is_relationship ? PropertyOf(root, entity.relationship.type,
                                                         entity.relationship.edge, KeyId{fact.name})
                                            : PropertyOf(root, entity.node, KeyId{fact.name});
  if (EncodeValue(held) == EncodeValue(decided)) return {};
  return fmt::format("has {} as {}, but its statements come to {}", held.ToText(),
                     root.catalog->Name(KeyId{fact.name}), decided.ToText());
}

/// Nothing of what was erased may be known from before its erasure.
class ErasureChecker {
 public:
  ErasureChecker(const Root& root, std::vector<std::string>* findings)
      : root_(root), findings_(*findings) {
    if (!root.evidence) return;
    for (const Erasure& erasure : root.evidence->erasures()) {
      if (erasure.kind == Erasure::Kind::kStatement) continue;
      const KeyId key = erasure.kind == Erasure::Kind::kProperty ? erasure.key : kWhole;
      times_[{erasure.entity.id(), key}] = erasure.recorded;
    }
  }

  void Statements() const {
    if (!root_.evidence) return;
    for (const Erasure& erasure : root_.evidence->erasures()) {
      const bool of_statement = erasure.kind == Erasure::Kind::kStatement;
      if (of_statement && root_.evidence->Find(erasure.statement) != nullptr) {
        Find(fmt::format("statement {} was erased, but is there", erasure.statement));
      }
      const bool is_there = erasure.entity.is_relationship
                                ? HasEdge(root_, erasure.entity.relationship)
                                : root_.Exists(erasure.entity.node);
      const bool of_element = !of_statement && erasure.kind != Erasure::Kind::kProperty;
      if (of_element && is_there) Find(NameOf(erasure.entity) + " was erased, but is there");
    }
    root_.evidence->ForEach([&](const Statement& statement) {
      const KeyId key =
          statement.fact.kind == FactKind::kProperty ? KeyId{statement.fact.name} : kWhole;
      Test(statement.entity, key, statement.recorded, "statements");
    });
  }

  void Look(std::int64_t time, const Change& change) const {
    switch (change.kind) {
      case Change::Kind::kNodeMade:
      case Change::Kind::kNodeDeleted:
      case Change::Kind::kLabels:
        return Test(Entity::Of(change.node), kWhole, time, "the history");
      case Change::Kind::kNodeProperty:
        return Test(Entity::Of(change.node), change.key, time, "the history");
      case Change::Kind::kEdgeMade:
      case Change::Kind::kEdgeDeleted:
        return Test(Entity::Of(change.ref), kWhole, time, "the history");
      case Change::Kind::kEdgeProperty:
        return Test(Entity::Of(change.ref), change.key, time, "the history");
      case Change::Kind::kNodesLoaded:
      case Change::Kind::kEdgesLoaded:
      case Change::Kind::kRule:
        return;
    }
  }

 private:
  static constexpr KeyId kWhole{0xFFFF'FFFFu};

  void Test(const Entity& entity, KeyId key, std::int64_t time, std::string_view where) const {
    const auto erased = [&](const Entity& whole, KeyId part) {
      const auto found = times_.find({whole.id(), part});
      return found != times_.end() && time < found->second;
    };
    bool known = erased(entity, kWhole) || (key != kWhole && erased(entity, key));
    if (entity.is_relationship) {
      known = known || erased(Entity::Of(entity.relationship.source), kWhole) ||
              erased(Entity::Of(entity.relationship.target), kWhole);
    }
    if (known) Find(fmt::format("{} speaks of {}, which was erased", where, NameOf(entity)));
  }

  void Find(std::string finding) const {
    if (findings_.size() < kFindingsMax) findings_.push_back(std::move(finding));
  }

  const Root& root_;
  std::vector<std::string>& findings_;
  std::map<std::pair<std::uint64_t, KeyId>, std::int64_t> times_;
};

/// Statements are sensible by themselves, and found by number, element and source.
void CheckLists(const Root& root, std::vector<std::string>* findings) {
  const auto find = [findings](const Statement& statement, std::string_view how) {
    if (findings->size() >= kFindingsMax) return;
    findings->push_back(fmt::format("statement {} {}", statement.id, how));
  };
  root.evidence->ForEach([&](const Statement& statement) {
    bool by_entity = false;
    root.evidence->ForEachOf(statement.entity, [&](const Statement& other) {
      by_entity = by_entity || &other == &statement;
    });
    if (!by_entity) find(statement, "is not listed under what it is about");
    if (statement.withdrawn != 0 && statement.withdrawn < statement.recorded) {
      find(statement, "was withdrawn before it was made");
    }
    if (statement.recorded > root.recorded) find(statement, "was made after the last commit");
    const std::uint64_t limit = std::uint64_t{root.block_count} * kBlockSize;
    if (!statement.plain && schema::Raw(statement.testimony.source) >= limit) {
      find(statement, "has a source that never was");
    }
    const std::uint32_t name = statement.fact.name;
    if (IsJudgement(statement)) {
      const bool is_sound = statement.value.is_list() && statement.value.list().size() == 4 &&
                            !statement.entity.is_relationship && name < limit &&
                            schema::Raw(statement.entity.node) < limit &&
                            name != schema::Raw(statement.entity.node);
      if (!is_sound) find(statement, "is no judgement about two nodes");
    } else if ((statement.fact.kind == FactKind::kLabel && name >= root.catalog->label_count()) ||
               (statement.fact.kind == FactKind::kProperty && name >= root.catalog->key_count())) {
      find(statement, "is about a label or property that has no name");
    }
  });
}

}  // namespace

Result<void> CheckEvidence(const Root& root, std::vector<std::string>* findings) {
  if (root.evidence) {
    using Key = std::tuple<std::uint64_t, FactKind, std::uint32_t>;
    std::map<Key, std::vector<const Statement*>> facts;
    root.evidence->ForEach([&](const Statement& statement) {
      if (statement.withdrawn != 0 || IsJudgement(statement)) return;
      facts[{statement.entity.id(), statement.fact.kind, statement.fact.name}].push_back(
          &statement);
    });
    for (const auto& entry : facts) {
      const Statement& first = *entry.second.front();
      const std::string wrong = Judge(root, first.entity, first.fact, entry.second);
      if (wrong.empty() || findings->size() >= kFindingsMax) continue;
      findings->push_back(fmt::format("{} {}", NameOf(first.entity), wrong));
    }
  }
  if (root.evidence) CheckLists(root, findings);
  if (root.past == nullptr) return {};
  const ErasureChecker erasures(root, findings);
  erasures.Statements();
  const auto look = [&](std::int64_t time, const Change& change) -> Result<void> {
    erasures.Look(time, change);
    return {};
  };
  const Result<void> read = root.past->ForEachChange(-1, root.recorded, look);
  // What cannot be read is a finding of CheckHistory.
  if (!read.ok() && read.error().code() != ErrorCode::kCorruption) return read.error();
  return {};
}

}  // namespace kb::storage
