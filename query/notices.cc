#include "query/notices.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "query/bind/suggest.h"
#include "schema/base/text.h"

namespace kb::query {
namespace {

using Sort = bind::UnknownName::Sort;

constexpr std::size_t kNamesShownMax = 8;

bool MayBeLabel(Sort sort) { return sort == Sort::kLabel || sort == Sort::kLabelOrType; }
bool MayBeType(Sort sort) { return sort == Sort::kType || sort == Sort::kLabelOrType; }

bool IsKnown(const bind::UnknownName& name, const schema::Catalog& catalog) {
  return (MayBeLabel(name.sort) && catalog.FindLabel(name.name)) ||
         (MayBeType(name.sort) && catalog.FindType(name.name)) ||
         (name.sort == Sort::kKey && catalog.FindKey(name.name));
}

/// The names of that sort that something in the view has, in alphabetical order.
std::vector<std::string_view> NamesInUse(Sort sort, const storage::View& view) {
  const schema::Catalog& catalog = view.catalog();
  std::vector<std::string_view> names;
  const auto add = [&](std::span<const std::string> all, const auto& is_used) {
    for (std::uint32_t id = 0; id < all.size(); ++id) {
      if (is_used(id)) names.push_back(all[id]);
    }
  };
  if (MayBeLabel(sort)) {
    add(catalog.label_names(),
        [&](std::uint32_t id) { return view.NodeCount(static_cast<schema::LabelId>(id)) != 0; });
  }
  if (MayBeType(sort)) {
    add(catalog.type_names(), [&](std::uint32_t id) {
      return view.RelationshipCount(static_cast<schema::TypeId>(id)) != 0;
    });
  }
  if (sort == Sort::kKey) add(catalog.key_names(), [](std::uint32_t) { return true; });
  std::sort(names.begin(), names.end());
  return names;
}

std::string HintFor(const bind::UnknownName& name, const storage::View& view) {
  const schema::Catalog& catalog = view.catalog();
  if (name.sort == Sort::kLabel && catalog.FindType(name.name)) {
    return fmt::format("{} is a type of relationships: -[:{}]->", text::QuoteName(name.name),
                       text::QuoteName(name.name));
  }
  if (name.sort == Sort::kType && catalog.FindLabel(name.name)) {
    return fmt::format("{} is a label of nodes: (:{})", text::QuoteName(name.name),
                       text::QuoteName(name.name));
  }
  const std::vector<std::string_view> names = NamesInUse(name.sort, view);
  const std::string_view near = bind::NearName(name.name, names);
  if (!near.empty()) return fmt::format("did you mean {}?", text::QuoteName(near));
  if (names.empty()) return {};
  if (names.size() > kNamesShownMax) {
    return name.sort == Sort::kKey    ? "CALL db.propertyKeys() lists the properties"
           : name.sort == Sort::kType ? "CALL db.relationshipTypes() lists the types"
                                      : "CALL db.labels() lists the labels";
  }
  std::string list;
  for (const std::string_view known : names) {
    list += (list.empty() ? "" : ", ") + text::QuoteName(known);
  }
  return (name.sort == Sort::kKey    ? "properties here: "
          : name.sort == Sort::kType ? "types here: "
                                     : "labels here: ") +
         list;
}

Notice MakeNotice(const bind::UnknownName& name, const storage::View& view) {
  Notice notice{Notice::Kind::kUnknownKey, {}, HintFor(name, view), name.span};
  std::string quoted = text::QuoteName(name.name);
  if (!quoted.starts_with('`')) quoted = "`" + quoted + "`";
  switch (name.sort) {
    case Sort::kLabel:
      notice.kind = Notice::Kind::kUnknownLabel;
      notice.message = fmt::format("no node has the label {}", quoted);
      break;
    case Sort::kType:
      notice.kind = Notice::Kind::kUnknownType;
      notice.message = fmt::format("no relationship has the type {}", quoted);
      break;
    case Sort::kLabelOrType:
      notice.kind = Notice::Kind::kUnknownLabel;
      notice.message = fmt::format("no node has the label and no relationship the type {}", quoted);
      break;
    case Sort::kKey:
      notice.message = fmt::format("nothing has a property {}", quoted);
      break;
  }
  return notice;
}

}  // namespace

std::vector<Notice> FindNotices(const bind::Statement& statement, const storage::View& view) {
  std::vector<Notice> notices;
  if (statement.unknown_names.empty() || view.NodeCount() == 0) return notices;
  for (const auto& name : statement.unknown_names) {
    if (!IsKnown(name, view.catalog())) notices.push_back(MakeNotice(name, view));
  }
  return notices;
}

}  // namespace kb::query
