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
  const auto found = ids_.find(name);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

std::uint32_t NameTable::Add(std::string_view name) {
  const std::uint32_t id = size();
  const auto [place, added] = ids_.emplace(std::string(name), id);
  if (added) names_.emplace_back(name);
  return place->second;
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
    return index.label == label && index.key == key;
  });
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

Result<IndexId> Catalog::AddIndex(std::string name, LabelId label, KeyId key) {
  KB_ASSERT(Raw(label) < labels_.size() && Raw(key) < keys_.size());
  if (FindIndex(name) != nullptr) {
    return ConstraintError("there is an index named {} already", text::QuoteName(name))
        .Hint("CREATE INDEX … IF NOT EXISTS leaves it as it is");
  }
  if (const IndexDefinition* same = FindIndex(label, key)) {
    return ConstraintError("the index {} is on :{}({}) already", text::QuoteName(same->name),
                           text::QuoteName(Name(label)), text::QuoteName(Name(key)))
        .Hint("CREATE INDEX … IF NOT EXISTS leaves it as it is");
  }
  IndexDefinition index;
  index.id = static_cast<IndexId>(next_index_++);
  index.name = std::move(name);
  index.label = label;
  index.key = key;
  indexes_.push_back(std::move(index));
  ++version_;
  return indexes_.back().id;
}

Result<void> Catalog::DropIndex(std::string_view name) {
  const IndexDefinition* index = FindIndex(name);
  if (index == nullptr) {
    Error error = NotFoundError("there is no index named {}", text::QuoteName(name));
    std::vector<std::string_view> names;
    for (const IndexDefinition& other : indexes_) names.push_back(other.name);
    const std::string_view near = text::Nearest(name, names);
    if (!near.empty()) error.Hint(fmt::format("did you mean {}?", text::QuoteName(near)));
    return error;
  }
  indexes_.erase(indexes_.begin() + (index - indexes_.data()));
  ++version_;
  return {};
}

}  // namespace kb::schema
