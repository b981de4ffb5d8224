#include "storage/check_evidence.h"

#include <fmt/format.h>

#include <map>
#include <tuple>

#include "storage/codec.h"
#include "storage/history.h"
#include "storage/image/editor.h"

namespace kb::storage {

namespace {

constexpr std::size_t kFindingsMax = 100;

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

}  // namespace

Result<void> CheckEvidence(const Root& root, std::vector<std::string>* findings) {
  if (root.evidence) {
    using Key = std::tuple<std::uint64_t, FactKind, std::uint32_t>;
    std::map<Key, std::vector<const Statement*>> facts;
    root.evidence->ForEach([&](const Statement& statement) {
      if (statement.withdrawn != 0) return;
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
  if (root.past == nullptr) return {};
  std::int64_t last = 0;
  bool rising = true;
  const auto look = [&](std::int64_t time, const Change&) -> Result<void> {
    rising = rising && time >= last;
    last = time;
    return {};
  };
  const Result<void> read = root.past->ForEachChange(-1, root.recorded, look);
  if (!read.ok() && read.error().code() != ErrorCode::kCorruption) return read.error();
  if (!read.ok()) findings->push_back("the history: " + read.error().message());
  if (!rising) findings->push_back("the times of the history do not rise");
  return {};
}

}  // namespace kb::storage
