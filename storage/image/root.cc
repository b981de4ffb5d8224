#include "storage/image/root.h"

#include <algorithm>

namespace kb::storage {

namespace {

auto ColumnAt(const std::vector<std::pair<KeyId, Cow<Column>>>& columns, KeyId key) {
  return std::lower_bound(columns.begin(), columns.end(), key,
                          [](const auto& column, KeyId k) { return column.first < k; });
}

}  // namespace

Root::Root()
    : catalog(std::make_shared<const schema::Catalog>()),
      label_sets(std::make_shared<LabelSets>()),
      health(std::make_shared<Health>()) {}

void Root::IndexSources() {
  const auto label = catalog->FindLabel("Source");
  const auto key = catalog->FindKey("id");
  if (sources || !label || !key) return;
  schema::Subject subject;
  subject.label = *label;
  subject.keys = {*key};
  sources.Reset(std::make_shared<Index>(std::move(subject)));
}

const Column* TypeImage::FindColumn(KeyId key) const {
  const auto at = ColumnAt(columns, key);
  return at != columns.end() && at->first == key ? at->second.get() : nullptr;
}

Column& TypeImage::EditColumn(KeyId key) {
  const auto found = ColumnAt(columns, key);
  auto at = columns.begin() + (found - columns.cbegin());
  if (at == columns.end() || at->first != key) at = columns.insert(at, {key, Cow<Column>()});
  return at->second.Edit();
}

}  // namespace kb::storage
