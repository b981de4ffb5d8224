// The history is told again from its beginning: what exists, as far as it is spoken of.
#include <fmt/format.h>

#include <map>

#include "storage/check_evidence.h"
#include "storage/history.h"
#include "storage/image/editor.h"

namespace kb::storage {

namespace {

class Story {
 public:
  Story(const Root& root, std::vector<std::string>* findings) : root_(root), findings_(*findings) {}

  void Look(std::int64_t time, const Change& change) {
    time_ = time;
    switch (change.kind) {
      case Change::Kind::kNodeMade:
        return Make(Entity::Of(change.node));
      case Change::Kind::kNodeDeleted:
        Labels(change.labels);
        return Delete(Entity::Of(change.node));
      case Change::Kind::kLabels:
        Labels(change.labels);
        return Alter(Entity::Of(change.node));
      case Change::Kind::kNodeProperty:
        Key(change.key);
        return Alter(Entity::Of(change.node));
      case Change::Kind::kEdgeMade:
        Type(change.ref.type);
        return Make(Entity::Of(change.ref));
      case Change::Kind::kEdgeDeleted:
        Type(change.ref.type);
        return Delete(Entity::Of(change.ref));
      case Change::Kind::kEdgeProperty:
        Type(change.ref.type);
        Key(change.key);
        return Alter(Entity::Of(change.ref));
      case Change::Kind::kEdgesLoaded:
        return Type(change.ref.type);
      case Change::Kind::kNodesLoaded:
      case Change::Kind::kRule:
        return;
    }
  }

  /// What the history ends with is what there is.
  void End() {
    for (const auto& [id, state] : states_) {
      const Entity& entity = state.entity;
      const bool is_there =
          entity.is_relationship ? HasEdge(root_, entity.relationship) : root_.Exists(entity.node);
      if (is_there == state.exists) continue;
      Find(fmt::format("the history leaves {} {}, but it is {}", NameOf(entity),
                       state.exists ? "there" : "deleted", is_there ? "there" : "not there"));
    }
  }

 private:
  struct State {
    Entity entity;
    bool exists = false;
  };

  static std::string NameOf(const Entity& entity) {
    return entity.is_relationship ? fmt::format("relationship {}", entity.relationship.id())
                                  : fmt::format("node {}", schema::Raw(entity.node));
  }

  void Make(const Entity& entity) {
    if (!states_.try_emplace(entity.id(), State{entity, true}).second) {
      Find(fmt::format("the history makes {} again at {}", NameOf(entity), time_));
    }
  }
  void Delete(const Entity& entity) {
    Alter(entity);
    states_.at(entity.id()).exists = false;
  }
  /// What was there before all history is first spoken of when it changes.
  void Alter(const Entity& entity) {
    const auto [known, is_new] = states_.try_emplace(entity.id(), State{entity, true});
    if (is_new || known->second.exists) return;
    Find(fmt::format("the history changes {} at {}, after it was deleted", NameOf(entity), time_));
  }

  void Labels(const std::vector<LabelId>& labels) {
    for (const LabelId label : labels)
      Known("label", schema::Raw(label), root_.catalog->label_count());
  }
  void Key(KeyId key) { Known("property", schema::Raw(key), root_.catalog->key_count()); }
  void Type(TypeId type) { Known("type", schema::Raw(type), root_.catalog->type_count()); }
  void Known(std::string_view what, std::uint64_t raw, std::uint64_t count) {
    if (raw < count) return;
    Find(fmt::format("the history names {} {} at {}, which has no name", what, raw, time_));
  }

  void Find(std::string finding) {
    if (findings_.size() < kFindingsMax) findings_.push_back(std::move(finding));
  }

  const Root& root_;
  std::vector<std::string>& findings_;
  std::int64_t time_ = 0;
  std::map<std::uint64_t, State> states_;
};

}  // namespace

Result<void> CheckHistory(const Root& root, std::vector<std::string>* findings) {
  if (root.past == nullptr) return {};
  Story story(root, findings);
  std::int64_t last = 0;
  bool rising = true;
  const auto look = [&](std::int64_t time, const Change& change) -> Result<void> {
    rising = rising && time >= last;
    last = time;
    story.Look(time, change);
    return {};
  };
  const Result<void> read = root.past->ForEachChange(-1, root.recorded, look);
  if (!read.ok() && read.error().code() != ErrorCode::kCorruption) return read.error();
  if (!read.ok()) {
    findings->push_back("the history: " + read.error().message());
    return {};
  }
  if (!rising) findings->push_back("the times of the history do not rise");
  story.End();
  return {};
}

}  // namespace kb::storage
