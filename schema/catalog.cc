#include "schema/catalog.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "schema/base/assert.h"
#include "schema/base/limits.h"
#include "schema/base/text.h"

namespace kb::schema {
namespace {

Result<std::uint32_t> AddName(NameTable& table, std::string_view name, std::string_view sort,
                              std::size_t count_max) {
  if (const auto id = table.Find(name)) return *id;
  if (name.empty()) return ArgumentError("the name of a {} cannot be empty", sort);
  if (name.size() > limits::kNameBytesMax) {
    return LimitError("the name of a {} has {} bytes, at most {}", sort, name.size(),
                      limits::kNameBytesMax);
  }
  if (table.size() >= count_max) {
    return LimitError("the case has {} names of the sort {}, at most {}", table.size(), sort,
                      count_max)
        .Hint("keep what varies without bound in properties");
  }
  return table.Add(name);
}

}  // namespace

std::optional<std::uint32_t> NameTable::Find(std::string_view name) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t id = slots_[SlotOf(name)];
  return id == kNoName ? std::nullopt : std::optional(id);
}

std::size_t NameTable::SlotOf(std::string_view name) const {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a, with the high bits brought down
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = static_cast<std::size_t>(hash ^ (hash >> 32)) & mask;
  while (slots_[at] != kNoName && names_[slots_[at]] != name) at = (at + 1) & mask;
  return at;
}

void NameTable::Grow() {
  constexpr std::size_t kSlotsMin = 16;
  slots_.assign(std::max(kSlotsMin, slots_.size() * 2), kNoName);
  for (std::uint32_t id = 0; id < size(); ++id) slots_[SlotOf(names_[id])] = id;
}

std::uint32_t NameTable::Add(std::string_view name) {
  if (names_.size() * 2 >= slots_.size()) Grow();
  std::uint32_t& slot = slots_[SlotOf(name)];
  if (slot == kNoName) {
    slot = size();
    names_.emplace_back(name);
  }
  return slot;
}

std::optional<LabelId> Catalog::FindLabel(std::string_view name) const {
  const auto id = labels_.Find(name);
  return id ? std::optional(static_cast<LabelId>(*id)) : std::nullopt;
}

std::optional<TypeId> Catalog::FindType(std::string_view name) const {
  const auto id = types_.Find(name);
  return id ? std::optional(static_cast<TypeId>(*id)) : std::nullopt;
}

std::optional<KeyId> Catalog::FindKey(std::string_view name) const {
  const auto id = keys_.Find(name);
  return id ? std::optional(static_cast<KeyId>(*id)) : std::nullopt;
}

const IndexDefinition* Catalog::FindIndex(LabelId label, KeyId key) const {
  const auto found = std::find_if(indexes_.begin(), indexes_.end(), [&](const auto& index) {
    const Subject& subject = index.subject;
    return !subject.on_relationships && subject.label == label && subject.keys.size() == 1 &&
           subject.keys[0] == key;
  });
  return found == indexes_.end() ? nullptr : &*found;
}

const IndexDefinition* Catalog::FindIndex(const Subject& subject) const {
  const auto found = std::find_if(indexes_.begin(), indexes_.end(),
                                  [&](const auto& index) { return index.subject == subject; });
  return found == indexes_.end() ? nullptr : &*found;
}

const IndexDefinition* Catalog::FindIndex(std::string_view name) const {
  const auto found = std::find_if(indexes_.begin(), indexes_.end(),
                                  [&](const auto& index) { return index.name == name; });
  return found == indexes_.end() ? nullptr : &*found;
}

Result<LabelId> Catalog::AddLabel(std::string_view name) {
  const std::uint32_t count = labels_.size();
  KB_ASSIGN(const std::uint32_t id, AddName(labels_, name, "label", limits::kLabelCountMax));
  if (labels_.size() != count) ++version_;
  return static_cast<LabelId>(id);
}

Result<TypeId> Catalog::AddType(std::string_view name) {
  const std::uint32_t count = types_.size();
  KB_ASSIGN(const std::uint32_t id,
            AddName(types_, name, "relationship type", limits::kTypeCountMax));
  if (types_.size() != count) ++version_;
  return static_cast<TypeId>(id);
}

Result<KeyId> Catalog::AddKey(std::string_view name) {
  const std::uint32_t count = keys_.size();
  KB_ASSIGN(const std::uint32_t id,
            AddName(keys_, name, "property key", std::numeric_limits<std::uint32_t>::max()));
  if (keys_.size() != count) ++version_;
  return static_cast<KeyId>(id);
}

const ConstraintDefinition* Catalog::FindConstraint(std::string_view name) const {
  const auto found = std::find_if(constraints_.begin(), constraints_.end(),
                                  [&](const auto& constraint) { return constraint.name == name; });
  return found == constraints_.end() ? nullptr : &*found;
}

const ConstraintDefinition* Catalog::FindConstraint(const ConstraintDefinition& like) const {
  const auto found =
      std::find_if(constraints_.begin(), constraints_.end(), [&](const auto& constraint) {
        return constraint.kind == like.kind && constraint.subject == like.subject;
      });
  return found == constraints_.end() ? nullptr : &*found;
}

std::string Catalog::Describe(const Subject& subject) const {
  std::string text = subject.on_relationships ? "[:" + text::QuoteName(Name(subject.type)) + "]("
                                              : ":" + text::QuoteName(Name(subject.label)) + "(";
  for (std::size_t i = 0; i < subject.keys.size(); ++i) {
    text += (i == 0 ? "" : ", ") + text::QuoteName(Name(subject.keys[i]));
  }
  return text + ")";
}

Result<void> Catalog::CheckName(std::string_view name) const {
  if (FindIndex(name) != nullptr) {
    return ConstraintError("there is an index named {} already", text::QuoteName(name))
        .Hint("IF NOT EXISTS leaves it as it is");
  }
  if (FindConstraint(name) != nullptr) {
    return ConstraintError("there is a constraint named {} already", text::QuoteName(name))
        .Hint("IF NOT EXISTS leaves it as it is");
  }
  return {};
}

Result<IndexId> Catalog::AddIndex(std::string name, LabelId label, KeyId key) {
  IndexDefinition definition;
  definition.name = std::move(name);
  definition.subject.label = label;
  definition.subject.keys = {key};
  return AddIndex(std::move(definition));
}

Result<IndexId> Catalog::AddIndex(IndexDefinition definition) {
  KB_ASSERT(!definition.subject.keys.empty());
  KB_TRY(CheckName(definition.name));
  for (const IndexDefinition& other : indexes_) {
    if (other.subject != definition.subject || other.kind != definition.kind) continue;
    return ConstraintError("the index {} is on {} already", text::QuoteName(other.name),
                           Describe(other.subject))
        .Hint("IF NOT EXISTS leaves it as it is");
  }
  definition.id = static_cast<IndexId>(next_index_++);
  indexes_.push_back(std::move(definition));
  ++version_;
  return indexes_.back().id;
}

namespace {

/// Nothing is called `name`; perhaps something similar is.
template <typename Definitions>
Error Missing(std::string_view sort, std::string_view name, const Definitions& definitions) {
  Error error = NotFoundError("there is no {} named {}", sort, text::QuoteName(name));
  std::vector<std::string_view> names;
  for (const auto& other : definitions) names.push_back(other.name);
  if (names.empty()) error.Hint(fmt::format("there is no {} at all", sort));
  const std::string_view near = text::Nearest(name, names);
  if (!near.empty()) error.Hint(fmt::format("did you mean {}?", text::QuoteName(near)));
  return error;
}

}  // namespace

Result<void> Catalog::DropIndex(std::string_view name) {
  const IndexDefinition* index = FindIndex(name);
  if (index == nullptr) return Missing("index", name, indexes_);
  if (!index->constraint.empty()) {
    return ConstraintError("the index {} belongs to a constraint", text::QuoteName(name))
        .Hint("DROP CONSTRAINT " + text::QuoteName(index->constraint) + " takes it along");
  }
  indexes_.erase(indexes_.begin() + (index - indexes_.data()));
  ++version_;
  return {};
}

Result<void> Catalog::AddConstraint(ConstraintDefinition definition) {
  KB_TRY(CheckName(definition.name));
  if (const ConstraintDefinition* same = FindConstraint(definition)) {
    return ConstraintError("the constraint {} demands the same of {} already",
                           text::QuoteName(same->name), Describe(same->subject))
        .Hint("IF NOT EXISTS leaves it as it is");
  }
  if (definition.IsUnique()) {
    // Otherwise UNIQUE and KEY would look values up in one index, and either could drop it.
    if (const IndexDefinition* index = FindIndex(definition.subject)) {
      return ConstraintError("the index {} is on {} already, and the constraint needs its own",
                             text::QuoteName(index->name), Describe(index->subject))
          .Hint(index->constraint.empty()
                    ? "DROP INDEX " + text::QuoteName(index->name) + " first"
                    : "DROP CONSTRAINT " + text::QuoteName(index->constraint) + " first");
    }
    IndexDefinition index;
    index.id = static_cast<IndexId>(next_index_++);
    index.name = definition.name;
    index.subject = definition.subject;
    index.constraint = definition.name;
    indexes_.push_back(std::move(index));
  }
  constraints_.push_back(std::move(definition));
  ++version_;
  return {};
}

Result<void> Catalog::DropConstraint(std::string_view name) {
  const ConstraintDefinition* constraint = FindConstraint(name);
  if (constraint == nullptr) {
    Error error = Missing("constraint", name, constraints_);
    if (FindIndex(name) != nullptr) {
      error.Hint(fmt::format("that is an index: DROP INDEX {}", text::QuoteName(name)));
    }
    return error;
  }
  std::erase_if(indexes_, [&](const auto& index) { return index.constraint == name; });
  constraints_.erase(constraints_.begin() + (constraint - constraints_.data()));
  ++version_;
  return {};
}

}  // namespace kb::schema
