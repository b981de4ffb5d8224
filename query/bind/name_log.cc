#include "query/bind/name_log.h"

#include <algorithm>

namespace kb::query::bind {
namespace {

using Sort = UnknownName::Sort;

/// Calls `visit` with every name of a label expression.
template <typename Visit>
void ForEachName(const ast::LabelExpressionPtr& labels, const Visit& visit) {
  if (!labels) return;
  const auto each = [&](const std::vector<ast::LabelExpressionPtr>& operands) {
    for (const auto& operand : operands) ForEachName(operand, visit);
  };
  if (const auto* name = std::get_if<ast::LabelName>(&labels->node)) {
    visit(name->name);
  } else if (const auto* operand = std::get_if<ast::LabelNot>(&labels->node)) {
    ForEachName(operand->operand, visit);
  } else if (const auto* both = std::get_if<ast::LabelAnd>(&labels->node)) {
    each(both->operands);
  } else if (const auto* either = std::get_if<ast::LabelOr>(&labels->node)) {
    each(either->operands);
  }
}

}  // namespace

bool NameLog::IsKnown(Sort sort, std::string_view name) const {
  if (catalog_ == nullptr) return true;
  switch (sort) {
    case Sort::kLabel:
      return catalog_->FindLabel(name).has_value();
    case Sort::kType:
      return catalog_->FindType(name).has_value();
    case Sort::kLabelOrType:
      return catalog_->FindLabel(name).has_value() || catalog_->FindType(name).has_value();
    case Sort::kKey:
      return catalog_->FindKey(name).has_value();
  }
  return true;
}

void NameLog::Read(Sort sort, const ast::Name& name) {
  if (!IsKnown(sort, name.text)) unknown_.push_back({sort, name.text, name.span});
}

void NameLog::Read(Sort sort, const ast::LabelExpressionPtr& labels) {
  ForEachName(labels, [&](const ast::Name& name) { Read(sort, name); });
}

void NameLog::Written(Sort sort, std::string_view name) { written_.emplace(sort, name); }

void NameLog::Written(Sort sort, const ast::LabelExpressionPtr& labels) {
  ForEachName(labels, [&](const ast::Name& name) { Written(sort, name.text); });
}

void NameLog::WrittenByValue(Sort sort) { written_by_value_.insert(sort); }

bool NameLog::IsMade(const UnknownName& name) const {
  const auto made = [&](Sort sort) {
    return written_by_value_.contains(sort) || written_.contains({sort, name.name});
  };
  if (name.sort == Sort::kLabelOrType) return made(Sort::kLabel) || made(Sort::kType);
  return made(name.sort);
}

std::vector<UnknownName> NameLog::Take() {
  std::stable_sort(
      unknown_.begin(), unknown_.end(),
      [](const UnknownName& a, const UnknownName& b) { return a.span.begin < b.span.begin; });
  std::vector<UnknownName> names;
  for (auto& name : unknown_) {
    const bool again = std::any_of(names.begin(), names.end(), [&](const UnknownName& other) {
      return other.sort == name.sort && other.name == name.name;
    });
    if (!again && !IsMade(name)) names.push_back(std::move(name));
  }
  unknown_.clear();
  return names;
}

}  // namespace kb::query::bind
